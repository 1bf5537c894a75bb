// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "isopod/result.h"
#include "os/thread.h"

/// HTTP requests with streaming bodies. One thread carries out all requests of a client; it and
/// the library behind it are started by the first one. Redirects are followed here, as the Fetch
/// standard has it, so that every host is judged before anything is sent to it. The proxy variables
/// of the environment are honoured as libcurl does (`http_proxy` in lower case only; names and
/// domains, but no address ranges, in `no_proxy`), and so are SSL_CERT_FILE, SSL_CERT_DIR and
/// CURL_CA_BUNDLE.
namespace isopod::os {

/// In order, names as written. Values are bytes.
using HttpHeaders = std::vector<std::pair<std::string, std::string>>;

struct HttpRequest {
  enum class Redirect { kFollow, kManual, kError };
  enum class Content {
    kDecoded,  ///< what the library can decode is asked for and decoded
    kRaw,      ///< the bytes as they came
  };
  std::string method = "GET";
  std::string url;
  HttpHeaders headers = {};
  std::optional<std::string> body = {};
  Redirect redirect = Redirect::kFollow;
  Content content = Content::kDecoded;
  /// For everything up to the last byte of the response; the time in which the response is not
  /// taken counts.
  std::optional<std::chrono::milliseconds> time_limit = {};
};

struct HttpHead {
  int status = 0;
  std::string status_text = {};
  std::string url = {};  ///< of the last hop, without a fragment
  bool redirected = false;
  HttpHeaders headers = {};
};

struct HttpChunk {
  std::string data = {};
  bool end = false;  ///< nothing comes after this
};

/// Who may be talked to. Called on the client's thread; an Error ends the request with it.
struct HttpJudges {
  /// "HOST:PORT" of every hop, before anything is done for it.
  std::function<Result<>(const std::string& target)> target;
  /// The address that is about to be connected to, and once more before a connection is used.
  /// Through a proxy it is the proxy that looks for the address, and this is not asked.
  std::function<Result<>(const std::string& target, const std::string& address)> address;
};

/// Errors of a request are `invalid_argument` for what should not be sent (control characters in a
/// header, a header that frames the message), `timeout`, `cancelled`, `payload_too_large`, what a
/// judge said, `unsupported` without the library, `quota`, and `io` or `not_found` for the network;
/// the messages of the last two begin with a name as "ECONNREFUSED: ".
///
/// Thread rule: all functions from any thread but the callbacks' own, except `request`, `next` and
/// `cancel`, which may also be called in callbacks. Callbacks are called on the client's thread,
/// once each, and must not block.
class HttpClient {
 public:
  struct Options {
    std::chrono::milliseconds connect_time_limit{10'000};
    /// Without a byte from the server, while one is waited for.
    std::chrono::milliseconds idle_time_limit{300'000};
    std::size_t body_bytes_max = std::size_t{64} << 20;   ///< of a response, decoded
    std::size_t head_bytes_max = std::size_t{256} << 10;  ///< of a response
    /// Above this no more is read from the network until some of it is taken. One round of reads,
    /// and what it decodes to, may come on top.
    std::size_t buffer_bytes_max = std::size_t{1} << 20;
    std::size_t chunk_bytes_max = std::size_t{256} << 10;
    std::size_t requests_max = 1024;
    int redirects_max = 20;
    const char* library = "libcurl.so.4";
    /// A variable of the environment; empty when it is not set. Asked on the client's thread.
    std::function<std::string(const char* name)> environment = process_environment;
  };
  static std::string process_environment(const char* name);

  using Id = std::uint64_t;
  using OnHead = std::function<void(Result<HttpHead>)>;
  using OnChunk = std::function<void(Result<HttpChunk>)>;

  explicit HttpClient(Options options);
  /// Ends what is left as `cancelled`.
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  /// An id for one request.
  Id new_id() { return last_id_.fetch_add(1, std::memory_order_relaxed) + 1; }

  /// `on_head` gets the head of the last hop. After an Error the id is over.
  void request(Id id, HttpRequest request, HttpJudges judges, OnHead on_head);

  /// The next piece of a body, as soon as there is one. After an Error or `end` the id is over.
  /// Errors besides those of the request: `invalid_argument` for an id that is over, or whose piece
  /// is waited for already, which does not end it.
  void next(Id id, OnChunk on_chunk);

  /// Ends a request; what waits for it gets `cancelled`. An id that is over is nothing to cancel.
  void cancel(Id id);

  /// As `cancel`, and returns when all callbacks of these requests have returned.
  void cancel_and_wait(std::span<const Id> ids);

 private:
  class Engine;
  using Command = std::function<void(Engine&)>;

  Result<> post(Command command);

  const Options options_;
  std::atomic<Id> last_id_{0};  // a counter that orders nothing: relaxed
  std::mutex mutex_;            // guards thread_ and engine_
  std::unique_ptr<Engine> engine_;
  Thread thread_;
};

}  // namespace isopod::os
