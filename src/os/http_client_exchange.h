// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "os/curl_library.h"
#include "os/http_client.h"
#include "os/http_client_rules.h"

namespace isopod::os {

/// One request on its way: its hops, one transfer of the library after another, and what of the
/// response nobody has taken yet. Belongs to the client's thread.
class HttpExchange {
 public:
  /// What all exchanges of a client share. Outlives them.
  struct Shared {
    CurlLibrary curl;
    CURLM* multi = nullptr;
    HttpClient::Options options;
  };
  HttpExchange(const Shared& shared, HttpRequest request, HttpJudges judges,
               HttpClient::OnHead on_head);
  ~HttpExchange();
  HttpExchange(const HttpExchange&) = delete;
  HttpExchange& operator=(const HttpExchange&) = delete;

  /// Begins the first hop.
  void start();
  /// The transfer of the hop ended. Not to be called by a callback of the library.
  void transfer_ended(CURLcode code);
  /// Waits for a piece. Errors, told to `on_chunk`: `invalid_argument` when one is waited for.
  void next(HttpClient::OnChunk on_chunk);
  /// Ends it with an error; what has not been taken is dropped.
  void abandon(const Error& error);
  /// Hands out what is there, stops or goes on reading, and looks at the time.
  void attend(MonotonicTime now);

  /// When `attend` must be called even if nothing happens.
  [[nodiscard]] MonotonicTime deadline() const;
  /// Everything was handed out: it can go.
  [[nodiscard]] bool is_over() const { return is_over_; }

 private:
  struct FreeList {
    decltype(&::curl_slist_free_all) free_all;
    void operator()(curl_slist* list) const { free_all(list); }
  };
  enum class Phase { kHead, kRedirect, kBody, kEnded };

  static std::size_t on_header(char* bytes, std::size_t size, std::size_t count, void* self);
  static std::size_t on_body(char* bytes, std::size_t size, std::size_t count, void* self);
  static curl_socket_t on_socket(void* self, curlsocktype purpose, curl_sockaddr* address);
  static int on_connected(void* self, char* address, char* local, int port, int local_port);

  [[nodiscard]] Result<> begin_hop();
  [[nodiscard]] Result<> set_options();
  void set_method();
  [[nodiscard]] Result<> set_headers();
  void end_hop();
  template <class Value>
  void set(CURLoption option, Value value);
  [[nodiscard]] bool take_header_line(std::string_view line);
  [[nodiscard]] bool head_is_complete();
  [[nodiscard]] bool take_body(std::string_view bytes);
  [[nodiscard]] Result<> follow();
  [[nodiscard]] Result<HttpUrl> redirect_target() const;
  void fail_with(Error error);
  void hand_out();
  void regulate();
  [[nodiscard]] Error error_of(CURLcode code) const;

  const Shared& shared_;
  HttpRequest request_;
  const HttpJudges judges_;
  HttpClient::OnHead on_head_;    // until it was called
  HttpClient::OnChunk on_chunk_;  // while somebody waits

  HttpUrl url_;
  bool is_proxied_ = false;
  CURL* easy_ = nullptr;
  std::unique_ptr<curl_slist, FreeList> header_list_;
  std::string library_message_;  // CURL_ERROR_SIZE bytes that the library writes to

  Phase phase_ = Phase::kHead;
  HttpHead head_;
  std::size_t head_bytes_ = 0;
  int redirects_ = 0;
  std::size_t body_bytes_ = 0;
  std::string buffer_;
  bool is_paused_ = false;
  bool is_over_ = false;
  std::optional<Error> failure_;
  std::optional<Error> refused_address_;  // decides the error when no other address works
  std::optional<MonotonicTime> time_limit_;
  MonotonicTime last_byte_;
};

}  // namespace isopod::os
