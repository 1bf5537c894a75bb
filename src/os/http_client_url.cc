// SPDX-License-Identifier: MIT
#include "os/http_client_url.h"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <optional>

namespace isopod::os {
namespace {

constexpr std::size_t kUrlBytesMax = 64 * 1024;
constexpr std::size_t kHostBytesMax = 255;

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return result;
}

bool is_host(std::string_view host) {
  if (host.empty() || host.size() > kHostBytesMax) return false;
  if (host.front() == '[') {
    return host.size() > 2 && host.back() == ']' &&
           host.substr(1, host.size() - 2).find_first_not_of("0123456789abcdef:.") ==
               std::string_view::npos;
  }
  return host.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-_.") ==
         std::string_view::npos;
}

std::optional<std::uint16_t> parse_port(std::string_view text, std::uint16_t fallback) {
  if (text.empty()) return fallback;
  std::uint16_t port = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (problem != std::errc() || end != text.data() + text.size() || port == 0) return std::nullopt;
  return port;
}

}  // namespace

Result<HttpUrl> HttpUrl::parse(std::string_view text) {
  if (text.size() > kUrlBytesMax) return fail(Code::kInvalidArgument, "the URL is too long");
  const bool is_plain = std::all_of(text.begin(), text.end(),
                                    [](char c) { return c > ' ' && c < '\x7f' && c != '\\'; });
  if (!is_plain) {
    return fail(
        Code::kInvalidArgument,
        "the URL holds a space, a backslash, a control character or a byte that is no ASCII");
  }
  HttpUrl url;
  const std::size_t colon = std::min(text.find(':'), text.size());
  const std::string scheme = lower(text.substr(0, colon));
  url.is_secure = scheme == "https";
  if ((scheme != "http" && !url.is_secure) || !text.substr(colon).starts_with("://")) {
    return fail(Code::kInvalidArgument, "the URL is not one of http: or https:");
  }
  text = text.substr(0, text.find('#')).substr(colon + 3);
  const std::size_t end = std::min(text.find_first_of("/?"), text.size());
  const std::string_view authority = text.substr(0, end);
  if (authority.find('@') != std::string_view::npos) {
    return fail(Code::kInvalidArgument, "the URL holds a user name or password");
  }
  const std::size_t after_host = authority.starts_with('[') ? authority.find(']') + 1 : 0;
  const std::size_t port_at = std::min(authority.find(':', after_host), authority.size());
  url.host = lower(authority.substr(0, port_at));
  const auto port = parse_port(authority.substr(std::min(port_at + 1, authority.size())),
                               url.is_secure ? 443 : 80);
  if (!is_host(url.host) || !port) {
    return fail(Code::kInvalidArgument, "the URL has no valid host and port");
  }
  url.port = *port;
  url.rest = text.substr(end);
  if (!url.rest.starts_with('/')) url.rest.insert(0, "/");
  return url;
}

std::string HttpUrl::target() const { return host + ":" + std::to_string(port); }

std::string HttpUrl::origin() const {
  std::string origin = (is_secure ? "https://" : "http://") + host;
  if (port != (is_secure ? 443 : 80)) origin += ":" + std::to_string(port);
  return origin;
}

}  // namespace isopod::os
