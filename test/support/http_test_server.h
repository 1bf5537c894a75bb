// SPDX-License-Identifier: MIT
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <list>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace isopod::test {

/// An HTTP server on a port of this machine that says exactly what a test tells it to, right or
/// wrong. Each connection has a thread; the destructor ends them all.
class HttpTestServer {
 public:
  struct Request {
    std::string head;  ///< request line and headers, as received
    std::string body;
    std::string method;
    std::string path;
    /// The value of a header written exactly so; empty when there is none.
    [[nodiscard]] std::string header(std::string_view name) const {
      const std::string start = "\r\n" + std::string(name) + ": ";
      const std::size_t found = head.find(start);
      if (found == std::string::npos) return {};
      const std::size_t begin = found + start.size();
      return head.substr(begin, head.find("\r\n", begin) - begin);
    }
  };
  class Connection {
   public:
    explicit Connection(int socket) : socket_(socket) {}
    /// False when the client is gone.
    bool send(std::string_view bytes) const {
      while (!bytes.empty()) {
        const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(sent));
      }
      return true;
    }
    /// Returns when the client has closed its end, or the server ends.
    void wait_for_end() const {
      char byte = 0;
      while (::recv(socket_, &byte, 1, 0) > 0) {
      }
    }
    int socket() const { return socket_; }

   private:
    int socket_;
  };
  enum class After { kKeep, kClose };
  using Handler = std::function<After(const Request&, const Connection&)>;

  explicit HttpTestServer(Handler handler) : handler_(std::move(handler)) {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (::bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
        ::listen(listener_, 512) != 0 ||
        ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
      std::abort();
    }
    port_ = ntohs(address.sin_port);
    acceptor_ = std::thread([this] { accept_all(); });
  }
  ~HttpTestServer() {
    ::shutdown(listener_, SHUT_RDWR);
    acceptor_.join();
    {
      const std::lock_guard lock(mutex_);
      for (const int socket : sockets_) ::shutdown(socket, SHUT_RDWR);
    }
    for (std::thread& thread : threads_) thread.join();
    ::close(listener_);
  }
  HttpTestServer(const HttpTestServer&) = delete;
  HttpTestServer& operator=(const HttpTestServer&) = delete;

  [[nodiscard]] std::string url(std::string_view path = "/") const {
    return "http://127.0.0.1:" + std::to_string(port_) + std::string(path);
  }
  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] int connections() const { return connections_; }

  /// A whole response with a body of known length.
  static std::string response(std::string_view status, std::string_view body,
                              std::string_view headers = {}) {
    return "HTTP/1.1 " + std::string(status) +
           "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" + std::string(headers) +
           "\r\n" + std::string(body);
  }

 private:
  void accept_all() {
    for (;;) {
      const int socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      if (socket < 0) return;
      ++connections_;
      const std::lock_guard lock(mutex_);
      sockets_.push_back(socket);
      threads_.emplace_back([this, socket] { serve(socket); });
    }
  }
  void serve(int socket) {
    std::string received;
    Request request;
    while (read(socket, received, request)) {
      if (handler_(request, Connection(socket)) == After::kClose) break;
    }
    const std::lock_guard lock(mutex_);
    sockets_.remove(socket);
    ::close(socket);
  }
  static bool read(int socket, std::string& received, Request& request) {
    const auto more = [&] {
      char bytes[16384];
      const ssize_t count = ::recv(socket, bytes, sizeof bytes, 0);
      if (count > 0) received.append(bytes, static_cast<std::size_t>(count));
      return count > 0;
    };
    std::size_t end = 0;
    while ((end = received.find("\r\n\r\n")) == std::string::npos) {
      if (!more()) return false;
    }
    request.head = received.substr(0, end + 2);
    received.erase(0, end + 4);
    const std::size_t length = std::strtoul(request.header("Content-Length").c_str(), nullptr, 10);
    while (received.size() < length) {
      if (!more()) return false;
    }
    request.body = received.substr(0, length);
    received.erase(0, length);
    const std::size_t space = request.head.find(' ');
    request.method = request.head.substr(0, space);
    request.path = request.head.substr(space + 1, request.head.find(' ', space + 1) - space - 1);
    return true;
  }

  const Handler handler_;
  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::atomic<int> connections_{0};
  std::thread acceptor_;
  std::mutex mutex_;  // guards the following while the acceptor runs
  std::list<int> sockets_;
  std::list<std::thread> threads_;
};

}  // namespace isopod::test
