// SPDX-License-Identifier: MIT
#include "os/http_client_exchange.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

namespace isopod::os {
namespace {

std::string address_text(const sockaddr& address) {
  std::array<char, INET6_ADDRSTRLEN> text = {};
  const void* bytes = nullptr;
  sockaddr_in v4 = {};
  sockaddr_in6 v6 = {};
  if (address.sa_family == AF_INET) {
    std::memcpy(&v4, &address, sizeof v4);
    bytes = &v4.sin_addr;
  } else if (address.sa_family == AF_INET6) {
    std::memcpy(&v6, &address, sizeof v6);
    bytes = &v6.sin6_addr;
  } else {
    return {};
  }
  return ::inet_ntop(address.sa_family, bytes, text.data(), text.size()) == nullptr ? ""
                                                                                    : text.data();
}

std::string_view name_of(int number) {
  switch (number) {
    case ECONNREFUSED: return "ECONNREFUSED";
    case EHOSTUNREACH: return "EHOSTUNREACH";
    case ENETUNREACH: return "ENETUNREACH";
    case ETIMEDOUT: return "ETIMEDOUT";
    case EACCES: return "EACCES";
    case EADDRNOTAVAIL: return "EADDRNOTAVAIL";
    default: return "ECONNREFUSED";
  }
}

}  // namespace

HttpExchange::HttpExchange(const Shared& shared, HttpRequest request, HttpJudges judges,
                           HttpClient::OnHead on_head)
    : shared_(shared),
      request_(std::move(request)),
      judges_(std::move(judges)),
      on_head_(std::move(on_head)),
      header_list_(nullptr, FreeList{shared.curl.slist_free_all}),
      last_byte_(std::chrono::steady_clock::now()) {}

HttpExchange::~HttpExchange() { end_hop(); }

void HttpExchange::start() {
  if (request_.time_limit) time_limit_ = last_byte_ + *request_.time_limit;
  Result<> ready = check_request(request_);
  if (ready) ready = begin_hop();
  if (!ready) fail_with(std::move(ready.error()));
  hand_out();
}

// ---- a hop ----

template <class Value>
void HttpExchange::set(CURLoption option, Value value) {
  // An option that an older library does not know is one it does without.
  static_cast<void>(shared_.curl.easy_setopt(easy_, option, value));
}

Result<> HttpExchange::begin_hop() {
  Result<HttpUrl> url = HttpUrl::parse(request_.url);
  if (!url) return fail(std::move(url.error()));
  url_ = *std::move(url);
  if (Result<> judged = judges_.target(url_.target()); !judged) return judged;
  easy_ = shared_.curl.easy_init();
  if (easy_ == nullptr) return fail(Code::kMemory, "there is no memory for a request");
  phase_ = Phase::kHead;
  head_bytes_ = 0;
  refused_address_.reset();
  head_ = {.url = url_.to_string(), .redirected = redirects_ > 0};
  if (Result<> set_up = set_options(); !set_up) return set_up;
  if (shared_.curl.multi_add_handle(shared_.multi, easy_) != CURLM_OK) {
    return fail(Code::kInternal, "the HTTP library takes no more requests");
  }
  return {};
}

Result<> HttpExchange::set_options() {
  const auto& environment = shared_.options.environment;
  const std::string proxy = proxy_for(url_, environment);
  is_proxied_ = !proxy.empty();
  library_message_.assign(CURL_ERROR_SIZE, '\0');
  set(CURLOPT_PRIVATE, static_cast<void*>(this));
  set(CURLOPT_ERRORBUFFER, library_message_.data());
  set(CURLOPT_URL, head_.url.c_str());
  set(CURLOPT_PATH_AS_IS, 1L);
  set(CURLOPT_PROTOCOLS_STR, "http,https");
  set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_QUICK_EXIT, 1L);        // ending a request does not wait for its name server
  set(CURLOPT_PROXY, proxy.c_str());  // an empty text keeps the library from looking for one
  set(CURLOPT_NOPROXY, "");
  set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(shared_.options.connect_time_limit.count()));
  set(CURLOPT_HEADERFUNCTION, &HttpExchange::on_header);
  set(CURLOPT_HEADERDATA, static_cast<void*>(this));
  set(CURLOPT_WRITEFUNCTION, &HttpExchange::on_body);
  set(CURLOPT_WRITEDATA, static_cast<void*>(this));
  set(CURLOPT_OPENSOCKETFUNCTION, &HttpExchange::on_socket);
  set(CURLOPT_OPENSOCKETDATA, static_cast<void*>(this));
  set(CURLOPT_PREREQFUNCTION, &HttpExchange::on_connected);
  set(CURLOPT_PREREQDATA, static_cast<void*>(this));
  if (request_.content == HttpRequest::Content::kDecoded) set(CURLOPT_ACCEPT_ENCODING, "");
  for (const char* name : {"SSL_CERT_FILE", "CURL_CA_BUNDLE"}) {
    if (const std::string file = environment(name); !file.empty()) {
      set(CURLOPT_CAINFO, file.c_str());
    }
  }
  if (const std::string directory = environment("SSL_CERT_DIR"); !directory.empty()) {
    set(CURLOPT_CAPATH, directory.c_str());
  }
  set_method();
  return set_headers();
}

void HttpExchange::set_method() {
  const std::string& method = request_.method;
  if (method == "HEAD") {
    set(CURLOPT_NOBODY, 1L);
    return;
  }
  if (request_.body || method == "POST" || method == "PUT" || method == "PATCH") {
    // Without a body these say that its length is zero.
    set(CURLOPT_POST, 1L);
    set(CURLOPT_POSTFIELDS, request_.body ? request_.body->data() : "");
    set(CURLOPT_POSTFIELDSIZE_LARGE,
        static_cast<curl_off_t>(request_.body ? request_.body->size() : 0));
  }
  set(CURLOPT_CUSTOMREQUEST, method.c_str());
}

Result<> HttpExchange::set_headers() {
  bool has_type = false;
  bool has_accept = false;
  header_list_.reset();
  const auto add = [this](const std::string& line) {
    curl_slist* const longer = shared_.curl.slist_append(header_list_.get(), line.c_str());
    if (longer == nullptr) return false;
    static_cast<void>(header_list_.release());
    header_list_.reset(longer);
    return true;
  };
  bool added = add("Expect:");  // a line without a value takes the library's own header away
  for (const auto& [name, value] : request_.headers) {
    if (!is_sent_as_given(name)) continue;
    has_type = has_type || same_header(name, "Content-Type");
    has_accept = has_accept || same_header(name, "Accept");
    if (same_header(name, "Accept-Encoding") &&
        request_.content == HttpRequest::Content::kDecoded) {
      set(CURLOPT_ACCEPT_ENCODING, value.c_str());
      continue;
    }
    const bool is_empty = value.find_first_not_of(" \t") == std::string::npos;
    added = added && add(is_empty ? name + ";" : name + ": " + value);
  }
  if (!has_type) added = added && add("Content-Type:");
  if (!has_accept) added = added && add("Accept: */*");
  if (!added) return fail(Code::kMemory, "there is no memory for the headers of a request");
  set(CURLOPT_HTTPHEADER, header_list_.get());
  return {};
}

void HttpExchange::end_hop() {
  if (easy_ == nullptr) return;
  static_cast<void>(shared_.curl.multi_remove_handle(shared_.multi, easy_));
  shared_.curl.easy_cleanup(easy_);
  easy_ = nullptr;
  is_paused_ = false;
}

// ---- callbacks of the library ----

std::size_t HttpExchange::on_header(char* bytes, std::size_t size, std::size_t count, void* self) {
  auto& exchange = *static_cast<HttpExchange*>(self);
  return exchange.take_header_line({bytes, size * count}) ? size * count : 0;
}

std::size_t HttpExchange::on_body(char* bytes, std::size_t size, std::size_t count, void* self) {
  auto& exchange = *static_cast<HttpExchange*>(self);
  return exchange.take_body({bytes, size * count}) ? size * count : 0;
}

curl_socket_t HttpExchange::on_socket(void* self, curlsocktype, curl_sockaddr* address) {
  auto& exchange = *static_cast<HttpExchange*>(self);
  if (!exchange.is_proxied_) {
    Result<> judged = exchange.judges_.address(exchange.url_.target(), address_text(address->addr));
    if (!judged) {
      exchange.refused_address_ = std::move(judged.error());
      return CURL_SOCKET_BAD;
    }
  }
  return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

int HttpExchange::on_connected(void* self, char* address, char*, int, int) {
  auto& exchange = *static_cast<HttpExchange*>(self);
  if (exchange.is_proxied_) return CURL_PREREQFUNC_OK;
  // A connection that another request opened was judged for that one only.
  Result<> judged = exchange.judges_.address(exchange.url_.target(), address);
  if (judged) return CURL_PREREQFUNC_OK;
  exchange.refused_address_ = std::move(judged.error());
  return CURL_PREREQFUNC_ABORT;
}

bool HttpExchange::take_header_line(std::string_view line) {
  last_byte_ = std::chrono::steady_clock::now();
  if (phase_ != Phase::kHead) return true;  // trailers
  head_bytes_ += line.size();
  if (head_bytes_ > shared_.options.head_bytes_max) {
    failure_ = Error{Code::kPayloadTooLarge, "the head of the response is too large", {}, {}};
    return false;
  }
  if (auto status = parse_status_line(line)) {
    head_.status = status->status;
    head_.status_text = std::move(status->text);
    head_.headers.clear();
    return true;
  }
  if (line == "\r\n" || line == "\n") return head_is_complete();
  add_header_line(head_.headers, line);
  return true;
}

bool HttpExchange::head_is_complete() {
  if (head_.status >= 100 && head_.status < 200 && head_.status != 101) return true;
  const bool has_location =
      std::any_of(head_.headers.begin(), head_.headers.end(),
                  [](const auto& header) { return same_header(header.first, "Location"); });
  const bool is_redirect = is_redirect_status(head_.status) && has_location;
  if (is_redirect && request_.redirect != HttpRequest::Redirect::kManual) {
    phase_ = Phase::kRedirect;
    return true;
  }
  phase_ = Phase::kBody;
  if (on_head_) std::exchange(on_head_, nullptr)(head_);
  return true;
}

bool HttpExchange::take_body(std::string_view bytes) {
  if (phase_ != Phase::kBody) return false;  // the body of a redirect is of no interest
  last_byte_ = std::chrono::steady_clock::now();
  body_bytes_ += bytes.size();
  if (body_bytes_ > shared_.options.body_bytes_max) {
    failure_ = Error{Code::kPayloadTooLarge,
                     "the body of the response is larger than " +
                         std::to_string(shared_.options.body_bytes_max) + " bytes",
                     {},
                     {}};
    return false;
  }
  buffer_ += bytes;
  return true;
}

// ---- between hops ----

void HttpExchange::transfer_ended(CURLcode code) {
  const bool is_redirect =
      phase_ == Phase::kRedirect && !failure_ && (code == CURLE_OK || code == CURLE_WRITE_ERROR);
  std::optional<Error> error;
  if (code != CURLE_OK && !is_redirect) error = error_of(code);
  end_hop();
  if (is_redirect) {
    if (Result<> followed = follow(); !followed) fail_with(std::move(followed.error()));
  } else if (error) {
    fail_with(*std::move(error));
  } else if (phase_ == Phase::kBody) {
    phase_ = Phase::kEnded;
  } else {
    fail_with({Code::kIo, "ECONNRESET: the server closed the connection", {}, {}});
  }
  hand_out();
}

Result<> HttpExchange::follow() {
  if (request_.redirect == HttpRequest::Redirect::kError) {
    return fail(Code::kIo, "unexpected redirect");
  }
  if (++redirects_ > shared_.options.redirects_max) {
    return fail(Code::kIo, "redirect count exceeded");
  }
  Result<HttpUrl> url = redirect_target();
  if (!url)
    return fail(Code::kIo, "the server redirects to what is no URL: " + url.error().message);
  redirect_request(request_, head_.status, *url);
  return begin_hop();
}

Result<HttpUrl> HttpExchange::redirect_target() const {
  const auto location =
      std::find_if(head_.headers.begin(), head_.headers.end(),
                   [](const auto& header) { return same_header(header.first, "Location"); });
  const CurlLibrary& curl = shared_.curl;
  const std::unique_ptr<CURLU, decltype(curl.url_cleanup)> url(curl.url(), curl.url_cleanup);
  if (!url) return fail(Code::kMemory, "there is no memory for a URL");
  constexpr unsigned kLenient = CURLU_URLENCODE | CURLU_ALLOW_SPACE | CURLU_PATH_AS_IS;
  const bool is_base =
      curl.url_set(url.get(), CURLUPART_URL, head_.url.c_str(), CURLU_PATH_AS_IS) == CURLUE_OK;
  if (!is_base ||
      curl.url_set(url.get(), CURLUPART_URL, location->second.c_str(), kLenient) != CURLUE_OK) {
    return fail(Code::kIo, "it cannot be read");
  }
  char* text = nullptr;
  if (curl.url_get(url.get(), CURLUPART_URL, &text, 0) != CURLUE_OK || text == nullptr) {
    return fail(Code::kIo, "it cannot be read");
  }
  const std::unique_ptr<char, decltype(curl.free)> owned(text, curl.free);
  return HttpUrl::parse(text);
}

Error HttpExchange::error_of(CURLcode code) const {
  if (failure_) return *failure_;
  if (refused_address_) return *refused_address_;
  const std::string detail =
      library_message_[0] != '\0' ? library_message_.c_str() : shared_.curl.easy_strerror(code);
  const auto io = [&detail](std::string_view name) {
    return Error{Code::kIo, std::string(name) + ": " + detail, {}, {}};
  };
  long number = 0;
  static_cast<void>(shared_.curl.easy_getinfo(easy_, CURLINFO_OS_ERRNO, &number));
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
      return {Code::kNotFound, "ENOTFOUND: no such host, getaddrinfo " + url_.host, {}, {}};
    case CURLE_COULDNT_CONNECT: return io(name_of(static_cast<int>(number)));
    case CURLE_OPERATION_TIMEDOUT: return {Code::kTimeout, "ETIMEDOUT: " + detail, {}, {}};
    case CURLE_OUT_OF_MEMORY: return {Code::kMemory, "there is no memory for a response", {}, {}};
    case CURLE_PEER_FAILED_VERIFICATION: return io("ERR_TLS_CERTIFICATE");
    case CURLE_SSL_CONNECT_ERROR: return io("EPROTO");
    case CURLE_BAD_CONTENT_ENCODING: return io("Z_DATA_ERROR");
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_UNSUPPORTED_PROTOCOL: return io("ERR_HTTP_INVALID_RESPONSE");
    default: return io("ECONNRESET");
  }
}

// ---- what is handed out ----

void HttpExchange::fail_with(Error error) {
  end_hop();
  phase_ = Phase::kEnded;
  failure_ = std::move(error);
}

void HttpExchange::abandon(const Error& error) {
  buffer_.clear();
  fail_with(error);
  if (on_chunk_) std::exchange(on_chunk_, nullptr)(fail(error));
  if (on_head_) std::exchange(on_head_, nullptr)(fail(error));
  is_over_ = true;
}

void HttpExchange::next(HttpClient::OnChunk on_chunk) {
  if (on_chunk_) {
    on_chunk(fail(Code::kInvalidArgument, "the next piece of this response is waited for already"));
    return;
  }
  on_chunk_ = std::move(on_chunk);
  hand_out();
}

void HttpExchange::hand_out() {
  if (failure_ && phase_ == Phase::kEnded && on_head_) {
    is_over_ = true;
    std::exchange(on_head_, nullptr)(fail(*failure_));
    if (on_chunk_) std::exchange(on_chunk_, nullptr)(fail(*failure_));
    return;
  }
  if (!on_chunk_ || (buffer_.empty() && phase_ != Phase::kEnded)) return;
  if (buffer_.empty() && failure_) {
    is_over_ = true;
    std::exchange(on_chunk_, nullptr)(fail(*failure_));
    return;
  }
  HttpChunk chunk;
  if (buffer_.size() <= shared_.options.chunk_bytes_max) {
    chunk.data = std::exchange(buffer_, {});
  } else {
    chunk.data = buffer_.substr(0, shared_.options.chunk_bytes_max);
    buffer_.erase(0, chunk.data.size());
  }
  chunk.end = buffer_.empty() && phase_ == Phase::kEnded && !failure_;
  is_over_ = chunk.end;
  std::exchange(on_chunk_, nullptr)(std::move(chunk));
}

void HttpExchange::regulate() {
  const bool is_full = buffer_.size() >= shared_.options.buffer_bytes_max;
  if (easy_ == nullptr || is_full == is_paused_) return;
  is_paused_ = is_full;
  last_byte_ = std::chrono::steady_clock::now();
  static_cast<void>(shared_.curl.easy_pause(easy_, is_full ? CURLPAUSE_RECV : CURLPAUSE_CONT));
}

void HttpExchange::attend(MonotonicTime now) {
  if (is_over_) return;
  hand_out();
  if (phase_ != Phase::kEnded && now >= deadline()) {
    const bool is_limit = time_limit_ && now >= *time_limit_;
    fail_with({Code::kTimeout,
               is_limit ? "ETIMEDOUT: the request took longer than its time limit"
                        : "ETIMEDOUT: the server sent nothing for too long",
               {},
               {}});
    hand_out();
    return;
  }
  regulate();
}

MonotonicTime HttpExchange::deadline() const {
  MonotonicTime deadline = MonotonicTime::max();
  if (phase_ == Phase::kEnded) return deadline;
  if (!is_paused_) deadline = last_byte_ + shared_.options.idle_time_limit;
  return time_limit_ ? std::min(deadline, *time_limit_) : deadline;
}

}  // namespace isopod::os
