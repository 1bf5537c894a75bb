// SPDX-License-Identifier: MIT
#include "hostcall/http_connector.h"

#include <algorithm>
#include <limits>
#include <memory>
#include <string_view>
#include <vector>

#include "base/base64.h"
#include "os/http_client_url.h"

namespace isopod::hostcall {

using os::HttpChunk;
using os::HttpClient;
using os::HttpHead;
using os::HttpHeaders;
using os::HttpRequest;
using protocol::Hostcall;
using protocol::Opcode;

namespace {

constexpr double kTimeLimitMax = 7.0 * 24 * 3600 * 1000;

/// The bytes of a text whose characters are all below U+0100, as header values are.
std::optional<std::string> to_bytes(std::string_view text) {
  std::string bytes;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte < 0x80) {
      bytes += text[i];
    } else if ((byte == 0xc2 || byte == 0xc3) && i + 1 < text.size()) {
      bytes +=
          static_cast<char>((byte & 3U) << 6U | (static_cast<unsigned char>(text[++i]) & 0x3fU));
    } else {
      return std::nullopt;
    }
  }
  return bytes;
}

std::string from_bytes(std::string_view bytes) {
  std::string text;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80) {
      text += c;
    } else {
      text += static_cast<char>(0xc0U | byte >> 6U);
      text += static_cast<char>(0x80U | (byte & 0x3fU));
    }
  }
  return text;
}

tl::unexpected<Error> invalid(std::string message) {
  return fail(Code::kInvalidArgument, std::move(message));
}

/// What an object has under a name; null when it is nothing.
const Json& member(const Json& object, const char* name) {
  static const Json kNothing = nullptr;
  if (!object.is_object()) return kNothing;
  const auto found = object.find(name);
  return found == object.end() ? kNothing : *found;
}

Result<std::uint64_t> read_id(const Json& arguments) {
  const Json& id = member(arguments, "id");
  if (!id.is_number_integer() || (!id.is_number_unsigned() && id.get<std::int64_t>() < 0)) {
    return invalid("an http operation takes the id of a request");
  }
  return id.get<std::uint64_t>();
}

Result<HttpHeaders> read_headers(const Json& list) {
  HttpHeaders headers;
  if (list.is_null()) return headers;
  if (!list.is_array()) return invalid("http.request takes headers as a list of pairs");
  for (const Json& pair : list) {
    if (!pair.is_array() || pair.size() != 2 || !pair[0].is_string() || !pair[1].is_string()) {
      return invalid("http.request takes headers as a list of pairs");
    }
    auto name = pair[0].get<std::string>();
    auto value = to_bytes(pair[1].get_ref<const std::string&>());
    if (!value) return invalid("a header's value holds a character above U+00FF");
    headers.emplace_back(std::move(name), *std::move(value));
  }
  return headers;
}

Result<std::optional<std::string>> read_body(const Json& arguments) {
  const Json& body = member(arguments, "body");
  if (body.is_null()) return std::optional<std::string>();
  if (!body.is_string()) return invalid("http.request takes a body as text");
  const std::string encoding = json_string(arguments, "body_encoding", "utf8");
  if (encoding == "utf8") return std::optional(body.get<std::string>());
  if (encoding != "base64") return invalid("body_encoding is utf8 or base64");
  std::optional<std::string> bytes = from_base64(body.get_ref<const std::string&>());
  if (!bytes) return invalid("the body is no base64");
  return bytes;
}

Result<HttpRequest> read_request(const Json& arguments) {
  HttpRequest request;
  const Json& method = member(arguments, "method");
  const Json& url = member(arguments, "url");
  if (!method.is_string() || !url.is_string())
    return invalid("http.request takes a method and a url");
  request.method = method.get<std::string>();
  request.url = url.get<std::string>();
  auto headers = read_headers(member(arguments, "headers"));
  if (!headers) return fail(std::move(headers.error()));
  request.headers = *std::move(headers);
  auto body = read_body(arguments);
  if (!body) return fail(std::move(body.error()));
  request.body = *std::move(body);
  const Json& limit = member(arguments, "timeout_ms");
  if (!limit.is_null()) {
    if (!limit.is_number() || !(limit.get<double>() > 0)) {
      return invalid("timeout_ms is a number above 0");
    }
    request.time_limit = std::chrono::milliseconds(
        static_cast<std::int64_t>(std::min(limit.get<double>() + 0.5, kTimeLimitMax)));
  }
  const std::string redirect = json_string(arguments, "redirect", "follow");
  if (redirect != "follow" && redirect != "manual" && redirect != "error") {
    return invalid("redirect is follow, manual or error");
  }
  if (redirect == "manual") request.redirect = HttpRequest::Redirect::kManual;
  if (redirect == "error") request.redirect = HttpRequest::Redirect::kError;
  if (member(arguments, "decompress") == Json(false)) request.content = HttpRequest::Content::kRaw;
  return request;
}

Json to_json(const HttpHead& head) {
  Json headers = Json::array();
  for (const auto& [name, value] : head.headers) {
    headers.push_back(Json::array({name, from_bytes(value)}));
  }
  return {{"status", head.status},
          {"status_text", from_bytes(head.status_text)},
          {"url", head.url},
          {"redirected", head.redirected},
          {"headers", std::move(headers)}};
}

/// Callbacks of the client are copied, a completion cannot be.
std::shared_ptr<Completion> share(Completion completion) {
  return std::make_shared<Completion>(std::move(completion));
}

}  // namespace

Need HttpConnector::need(const Caller& caller, const Hostcall& call) const {
  if (call.opcode != Opcode::kHttpRequest) return Connector::need(caller, call);
  const auto url = os::HttpUrl::parse(json_string(call.arguments, "url"));
  // What is no URL is refused by `start`, before anything is done.
  if (!url) return {};
  return {.capability = protocol::Capability::kHttp, .target = url->target()};
}

void HttpConnector::start(const Caller& caller, const Hostcall& call, Completion completion) {
  const Result<std::uint64_t> id = read_id(call.arguments);
  if (!id) return std::move(completion).failed(id.error());
  const Key key(caller.instance, *id);
  switch (call.opcode) {
    case Opcode::kHttpRequest: return request(caller, call.arguments, std::move(completion));
    case Opcode::kHttpNext: return next(key, std::move(completion));
    default: cancel(key); std::move(completion).ok();
  }
}

void HttpConnector::request(const Caller& caller, const Json& arguments, Completion completion) {
  Result<HttpRequest> read = read_request(arguments);
  if (!read) return std::move(completion).failed(read.error());
  const Key key(caller.instance, read_id(arguments).value());
  const Result<HttpClient::Id> id = enter(key);
  if (!id) return std::move(completion).failed(id.error());
  client_.request(
      *id, *std::move(read), judges_for(caller),
      [this, key, id = *id, ends = share(std::move(completion))](const Result<HttpHead>& head) {
        if (!head) leave(key, id);
        if (head)
          std::move(*ends).ok(to_json(*head));
        else
          std::move(*ends).failed(head.error());
      });
}

void HttpConnector::next(const Key& key, Completion completion) {
  const auto id = find(key);
  if (!id) {
    return std::move(completion)
        .failed({Code::kInvalidArgument, "there is no such request, or it is over", {}, {}});
  }
  client_.next(*id, [this, key, id = *id,
                     ends = share(std::move(completion))](const Result<HttpChunk>& chunk) {
    if (!chunk) {
      // Asking twice does not end the request that is asked about.
      if (chunk.error().code != Code::kInvalidArgument) leave(key, id);
      return std::move(*ends).failed(chunk.error());
    }
    if (chunk->end) leave(key, id);
    std::move(*ends).ok({{"data", to_base64(chunk->data)}, {"end", chunk->end}});
  });
}

void HttpConnector::cancel(const Key& key) {
  const auto id = find(key);
  if (!id) return;
  leave(key, *id);
  client_.cancel(*id);
}

void HttpConnector::release(const Caller& caller) {
  std::vector<HttpClient::Id> ids;
  {
    const std::lock_guard lock(mutex_);
    for (auto entry = open_.lower_bound({caller.instance, 0});
         entry != open_.end() && entry->first.first == caller.instance;) {
      ids.push_back(entry->second);
      entry = open_.erase(entry);
    }
  }
  client_.cancel_and_wait(ids);
}

Result<HttpClient::Id> HttpConnector::enter(const Key& key) {
  const std::lock_guard lock(mutex_);
  const auto first = open_.lower_bound({key.first, 0});
  const auto last = open_.upper_bound({key.first, std::numeric_limits<std::uint64_t>::max()});
  if (std::distance(first, last) >= static_cast<std::ptrdiff_t>(kOpenMax)) {
    return fail(Code::kQuota, "the extension has " + std::to_string(kOpenMax) +
                                  " HTTP requests open and can have no more");
  }
  const HttpClient::Id id = client_.new_id();
  if (!open_.emplace(key, id).second) return invalid("the id of the request is in use");
  return id;
}

std::optional<HttpClient::Id> HttpConnector::find(const Key& key) {
  const std::lock_guard lock(mutex_);
  const auto found = open_.find(key);
  if (found == open_.end()) return std::nullopt;
  return found->second;
}

void HttpConnector::leave(const Key& key, HttpClient::Id id) {
  const std::lock_guard lock(mutex_);
  const auto found = open_.find(key);
  if (found != open_.end() && found->second == id) open_.erase(found);
}

os::HttpJudges HttpConnector::judges_for(const Caller& caller) const {
  return {.target =
              [this, caller](const std::string& target) {
                return judge_(caller, {protocol::Capability::kHttp, target, {}});
              },
          .address =
              [this, caller](const std::string& target, const std::string& address) {
                return judge_(caller, {protocol::Capability::kHttp, target, address});
              }};
}

}  // namespace isopod::hostcall
