// SPDX-License-Identifier: MIT
#include "os/http_client_rules.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>

namespace isopod::os {
namespace {

HttpRequest with_header(std::string name, std::string value) {
  return {.url = "http://example.com/", .headers = {{std::move(name), std::move(value)}}};
}

TEST(HttpUrlTest, ReadsWhatAUrlParserPrints) {
  const HttpUrl url = HttpUrl::parse("https://Example.com:8443/a/../b?q=%20#part").value();
  EXPECT_EQ(url.target(), "example.com:8443");
  EXPECT_EQ(url.origin(), "https://example.com:8443");
  EXPECT_EQ(url.rest, "/a/../b?q=%20");
  EXPECT_EQ(HttpUrl::parse("http://a.b").value().to_string(), "http://a.b/");
  EXPECT_EQ(HttpUrl::parse("HTTP://a.b:80?x").value().to_string(), "http://a.b/?x");
  EXPECT_EQ(HttpUrl::parse("https://[::1]/").value().target(), "[::1]:443");
  EXPECT_EQ(HttpUrl::parse("http://[::1]:8080/").value().target(), "[::1]:8080");
}

TEST(HttpUrlTest, RefusesWhatTwoParsersMightReadDifferently) {
  for (const char* text : {"",
                           "http:",
                           "http:/a",
                           "http:a.b",
                           "//a.b/",
                           "ftp://a.b/",
                           "file:///etc/passwd",
                           "http://user@a.b/",
                           "http://a.b@c.d/",
                           "http://u:p@a.b/",
                           "http://a b/",
                           "http://a\tb/",
                           "http://a.b/\r\nX: y",
                           "http://a.b\\@c.d/",
                           "http://%61.b/",
                           "http://a.b:0/",
                           "http://a.b:65536/",
                           "http://a.b:80:80/",
                           "http://a.b:x/",
                           "http:///x",
                           "http://[::1/",
                           "http://[]/",
                           "http://[::1]x/",
                           "http://[fe80::1%25eth0]/",
                           "http://a,b/",
                           "http://\xc3\xa9/",
                           "http://a.b/\xc3\xa9",
                           "http://a.b/\x7f",
                           " http://a.b/"}) {
    EXPECT_FALSE(HttpUrl::parse(text).has_value()) << text;
  }
  EXPECT_FALSE(HttpUrl::parse(std::string("http://a.b/\0", 12)).has_value());
  EXPECT_FALSE(HttpUrl::parse("http://a.b/" + std::string(100'000, 'a')).has_value());
}

RC_GTEST_PROP(HttpUrlTest, WhatItReadsItReadsAgain, (const std::string& tail)) {
  const Result<HttpUrl> url = HttpUrl::parse("http://a.b" + tail);
  if (!url) return;
  const Result<HttpUrl> again = HttpUrl::parse(url->to_string());
  RC_ASSERT(again.has_value());
  RC_ASSERT(again->to_string() == url->to_string());
}

TEST(HttpRulesTest, RefusesHeadersThatCouldBecomeSomethingElse) {
  for (const char* value : {"a\r\nX: y", "a\nb", "\x01", "\x7f"}) {
    EXPECT_FALSE(check_request(with_header("A", value)).has_value());
  }
  EXPECT_FALSE(check_request(with_header("A", std::string("a\0b", 3))).has_value());
  for (const char* name : {"", "A B", "A:", "A\r\n", "\xc3\xa9", "(x)"}) {
    EXPECT_FALSE(check_request(with_header(name, "x")).has_value()) << name;
  }
  EXPECT_TRUE(check_request(with_header("X-Ok", "caf\xe9\ttab")).has_value());
}

TEST(HttpRulesTest, RefusesHeadersOfTheConnection) {
  for (const char* name : {"Transfer-Encoding", "connection", "TE", "Upgrade", "Expect",
                           "Proxy-Authorization", "proxy-anything", "Trailer"}) {
    EXPECT_FALSE(check_request(with_header(name, "x")).has_value()) << name;
  }
  EXPECT_TRUE(check_request(with_header("Host", "example.com")).has_value());
  EXPECT_TRUE(check_request(with_header("host", "example.com:80")).has_value());
  EXPECT_FALSE(check_request(with_header("Host", "other.com")).has_value());
  EXPECT_TRUE(check_request(with_header("Content-Length", "0")).has_value());
  EXPECT_FALSE(check_request(with_header("Content-Length", "5")).has_value());
}

TEST(HttpRulesTest, RefusesMethodsThatAreNotRequests) {
  for (const char* method : {"", "GET /x HTTP/1.1\r\n", "CONNECT", "trace", "TRACK", "G T"}) {
    EXPECT_FALSE(check_request({.method = method, .url = "http://a.b/"}).has_value()) << method;
  }
  EXPECT_TRUE(check_request({.method = "PROPFIND", .url = "http://a.b/"}).has_value());
  HttpRequest large = with_header("A", std::string(300'000, 'a'));
  EXPECT_FALSE(check_request(large).has_value());
}

TEST(HttpRulesTest, ReadsStatusLines) {
  EXPECT_EQ(parse_status_line("HTTP/1.1 200 OK\r\n")->status, 200);
  EXPECT_EQ(parse_status_line("HTTP/1.1 404 Not Found\r\n")->text, "Not Found");
  EXPECT_EQ(parse_status_line("HTTP/1.0 204\r\n")->text, "");
  for (const char* line : {"", "HTTP/1.1", "HTTP/1.1 abc", "HTTP/1.1 7 x", "Host: a"}) {
    EXPECT_FALSE(parse_status_line(line).has_value()) << line;
  }
}

TEST(HttpRulesTest, ReadsHeaderLines) {
  HttpHeaders headers;
  for (const char* line : {" lost", "A:  1 \r\n", "b:\r\n", "A: 2\r\n", "\tand 3\r\n",
                           "no header\r\n", "bad name: x\r\n"}) {
    add_header_line(headers, line);
  }
  EXPECT_EQ(headers, (HttpHeaders{{"A", "1"}, {"b", ""}, {"A", "2 and 3"}}));
}

HttpRequest redirected(std::string method, int status, const char* url) {
  HttpRequest request = {.method = std::move(method),
                         .url = "https://a.example/x",
                         .headers = {{"Authorization", "secret"},
                                     {"cookie", "secret"},
                                     {"Content-Type", "text/plain"},
                                     {"X-Other", "1"}},
                         .body = "body"};
  redirect_request(request, status, HttpUrl::parse(url).value());
  return request;
}

TEST(HttpRulesTest, RedirectsChangeTheMethodAsFetchDoes) {
  const char* same = "https://a.example/y";
  for (const int status : {301, 302, 303}) {
    const HttpRequest request = redirected("POST", status, same);
    EXPECT_EQ(request.method, "GET");
    EXPECT_FALSE(request.body.has_value());
    EXPECT_EQ(request.headers.size(), 3U);  // without the content's type
  }
  for (const int status : {307, 308}) {
    EXPECT_EQ(redirected("POST", status, same).method, "POST");
    EXPECT_EQ(redirected("POST", status, same).body, "body");
  }
  EXPECT_EQ(redirected("PUT", 302, same).method, "PUT");
  EXPECT_EQ(redirected("PUT", 303, same).method, "GET");
  EXPECT_EQ(redirected("HEAD", 303, same).method, "HEAD");
  EXPECT_EQ(redirected("GET", 301, same).url, same);
}

TEST(HttpRulesTest, SecretsStayWithTheirOrigin) {
  EXPECT_EQ(redirected("GET", 302, "https://a.example/y").headers.size(), 4U);
  for (const char* url : {"https://b.example/y", "http://a.example/y", "https://a.example:444/y",
                          "https://x.a.example/"}) {
    EXPECT_EQ(redirected("GET", 302, url).headers,
              (HttpHeaders{{"Content-Type", "text/plain"}, {"X-Other", "1"}}))
        << url;
  }
}

std::string proxy_in(std::map<std::string, std::string> variables, const char* url) {
  return proxy_for(HttpUrl::parse(url).value(), [&variables](const char* name) {
    const auto found = variables.find(name);
    return found == variables.end() ? std::string() : found->second;
  });
}

TEST(HttpRulesTest, TakesTheProxyOfTheEnvironment) {
  EXPECT_EQ(proxy_in({}, "http://a.b/"), "");
  EXPECT_EQ(proxy_in({{"http_proxy", "http://p:1"}}, "http://a.b/"), "http://p:1");
  EXPECT_EQ(proxy_in({{"HTTP_PROXY", "http://p:1"}}, "http://a.b/"), "");
  EXPECT_EQ(proxy_in({{"HTTPS_PROXY", "http://p:1"}}, "https://a.b/"), "http://p:1");
  EXPECT_EQ(proxy_in({{"all_proxy", "http://p:2"}}, "https://a.b/"), "http://p:2");
  const std::map<std::string, std::string> some = {{"http_proxy", "p"},
                                                   {"no_proxy", "x.y, .a.b localhost,"}};
  for (const char* url : {"http://a.b/", "http://c.a.b/", "http://localhost/", "http://X.Y/"}) {
    EXPECT_EQ(proxy_in(some, url), "") << url;
  }
  for (const char* url : {"http://ca.b/", "http://b/", "http://y/"}) {
    EXPECT_EQ(proxy_in(some, url), "p") << url;
  }
  EXPECT_EQ(proxy_in({{"http_proxy", "p"}, {"NO_PROXY", "*"}}, "http://a.b/"), "");
}

}  // namespace
}  // namespace isopod::os
