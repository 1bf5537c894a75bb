// SPDX-License-Identifier: MIT
#include "os/http_client_rules.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>

namespace isopod::os {
namespace {

constexpr std::size_t kRequestHeadBytesMax = 256 * 1024;

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool is_token(std::string_view text) {
  static constexpr std::string_view kOthers = "!#$%&'*+-.^_`|~";
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    const char small = lower(c);
    return (small >= 'a' && small <= 'z') || (c >= '0' && c <= '9') ||
           kOthers.find(c) != std::string_view::npos;
  });
}

bool is_value(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte == '\t' || (byte >= ' ' && byte != 0x7f);
  });
}

template <std::size_t kCount>
bool is_one_of(std::string_view name, const std::array<std::string_view, kCount>& names) {
  return std::any_of(names.begin(), names.end(),
                     [name](std::string_view one) { return same_header(name, one); });
}

/// What frames a message or is meant for the next hop only: an extension that writes these could
/// smuggle a second request, or speak to the proxy.
constexpr std::array<std::string_view, 9> kOfTheConnection = {
    "Connection", "Expect",  "Keep-Alive",        "Proxy-Connection", "TE",
    "Trailer",    "Upgrade", "Transfer-Encoding", "HTTP2-Settings"};
constexpr std::array<std::string_view, 2> kDerived = {"Content-Length", "Host"};
constexpr std::array<std::string_view, 5> kOfTheBody = {
    "Content-Encoding", "Content-Language", "Content-Length", "Content-Location", "Content-Type"};
constexpr std::array<std::string_view, 5> kSecret = {"Authorization", "Cookie", "Cookie2", "Host",
                                                     "Proxy-Authorization"};

std::string_view trim(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n";
  const std::size_t first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

Result<> check_header(const HttpRequest& request, const HttpUrl& url,
                      const std::pair<std::string, std::string>& header) {
  const auto& [name, value] = header;
  if (!is_token(name)) return fail(Code::kInvalidArgument, "a header's name is no token");
  if (!is_value(value)) {
    return fail(Code::kInvalidArgument,
                "the value of header " + name + " holds a control character");
  }
  const bool is_proxys = name.size() > 6 && same_header(name.substr(0, 6), "Proxy-");
  if (is_one_of(name, kOfTheConnection) || is_proxys) {
    return fail(Code::kInvalidArgument, "the header " + name + " is not an extension's to set");
  }
  const std::size_t length = request.body ? request.body->size() : 0;
  if (same_header(name, "Content-Length") && trim(value) != std::to_string(length)) {
    return fail(Code::kInvalidArgument, "the header Content-Length is not the length of the body");
  }
  const bool is_other_host = same_header(name, "Host") && !same_header(trim(value), url.target()) &&
                             "http://" + std::string(trim(value)) != url.origin() &&
                             "https://" + std::string(trim(value)) != url.origin();
  if (is_other_host) return fail(Code::kInvalidArgument, "the header Host is not the URL's host");
  return {};
}

bool is_excepted(const HttpUrl& url, std::string_view list) {
  constexpr std::string_view kSeparators = ", \t";
  while (!list.empty()) {
    const std::size_t begin = std::min(list.find_first_not_of(kSeparators), list.size());
    list.remove_prefix(begin);
    const std::size_t length = std::min(list.find_first_of(kSeparators), list.size());
    std::string_view entry = list.substr(0, length);
    list.remove_prefix(length);
    if (entry == "*") return true;
    if (entry.starts_with('.')) entry.remove_prefix(1);
    if (entry.empty() || entry.size() > url.host.size()) continue;
    const std::size_t before = url.host.size() - entry.size();
    if (!same_header(std::string_view(url.host).substr(before), entry)) continue;
    if (before == 0 || url.host[before - 1] == '.') return true;
  }
  return false;
}

}  // namespace

bool same_header(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char one, char other) { return lower(one) == lower(other); });
}

Result<> check_request(const HttpRequest& request) {
  if (!is_token(request.method)) return fail(Code::kInvalidArgument, "the method is no token");
  constexpr std::array<std::string_view, 3> kRefused = {"CONNECT", "TRACE", "TRACK"};
  if (is_one_of(request.method, kRefused)) {
    return fail(Code::kInvalidArgument, "the method " + request.method + " is not allowed");
  }
  const Result<HttpUrl> url = HttpUrl::parse(request.url);
  if (!url) return fail(url.error());
  std::size_t bytes = 0;
  for (const auto& header : request.headers) {
    if (Result<> checked = check_header(request, *url, header); !checked) return checked;
    bytes += header.first.size() + header.second.size();
  }
  if (bytes > kRequestHeadBytesMax) {
    return fail(Code::kInvalidArgument, "the headers of the request are too large");
  }
  return {};
}

bool is_sent_as_given(std::string_view name) { return !is_one_of(name, kDerived); }

std::optional<HttpStatusLine> parse_status_line(std::string_view line) {
  if (!line.starts_with("HTTP/")) return std::nullopt;
  line = trim(line);
  const std::size_t space = line.find(' ');
  if (space == std::string_view::npos) return std::nullopt;
  const std::string_view rest = trim(line.substr(space));
  HttpStatusLine parsed;
  const auto [end, problem] =
      std::from_chars(rest.data(), rest.data() + rest.size(), parsed.status);
  if (problem != std::errc() || parsed.status < 100 || parsed.status > 999) return std::nullopt;
  parsed.text = trim(rest.substr(static_cast<std::size_t>(end - rest.data())));
  return parsed;
}

void add_header_line(HttpHeaders& headers, std::string_view line) {
  if (line.starts_with(' ') || line.starts_with('\t')) {
    if (!headers.empty()) headers.back().second += " " + std::string(trim(line));
    return;
  }
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos || !is_token(line.substr(0, colon))) return;
  const std::string_view value = trim(line.substr(colon + 1));
  if (is_value(value)) headers.emplace_back(line.substr(0, colon), value);
}

bool is_redirect_status(int status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

void redirect_request(HttpRequest& request, int status, const HttpUrl& url) {
  const Result<HttpUrl> before = HttpUrl::parse(request.url);
  const auto drop = [&request](const auto& names) {
    std::erase_if(request.headers,
                  [&names](const auto& header) { return is_one_of(header.first, names); });
  };
  const bool is_post = same_header(request.method, "POST");
  const bool is_read = same_header(request.method, "GET") || same_header(request.method, "HEAD");
  if (((status == 301 || status == 302) && is_post) || (status == 303 && !is_read)) {
    request.method = "GET";
    request.body.reset();
    drop(kOfTheBody);
  }
  if (!before || before->origin() != url.origin()) drop(kSecret);
  request.url = url.to_string();
}

std::string proxy_for(const HttpUrl& url,
                      const std::function<std::string(const char* name)>& environment) {
  std::string proxy = environment(url.is_secure ? "https_proxy" : "http_proxy");
  // HTTP_PROXY in capitals is what a CGI server makes of a client's header, so nobody reads it.
  if (proxy.empty() && url.is_secure) proxy = environment("HTTPS_PROXY");
  if (proxy.empty()) proxy = environment("all_proxy");
  if (proxy.empty()) proxy = environment("ALL_PROXY");
  if (proxy.empty()) return proxy;
  std::string excepted = environment("no_proxy");
  if (excepted.empty()) excepted = environment("NO_PROXY");
  return is_excepted(url, excepted) ? std::string() : proxy;
}

}  // namespace isopod::os
