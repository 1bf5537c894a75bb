// SPDX-License-Identifier: MIT
#include "policy/http_scope.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>
#include <vector>

namespace isopod::policy {
namespace {

using namespace std::string_literals;

// The first and the last address of each reserved block, and their neighbours outside.
constexpr const char* kReservedAddresses[] = {"0.0.0.0",
                                              "0.255.255.255",
                                              "10.0.0.0",
                                              "10.255.255.255",
                                              "100.64.0.0",
                                              "100.127.255.255",
                                              "127.0.0.1",
                                              "127.255.255.255",
                                              "169.254.169.254",
                                              "172.16.0.0",
                                              "172.31.255.255",
                                              "192.0.0.1",
                                              "192.0.2.1",
                                              "192.88.99.1",
                                              "192.168.0.0",
                                              "198.18.0.0",
                                              "198.19.255.255",
                                              "198.51.100.1",
                                              "203.0.113.1",
                                              "224.0.0.1",
                                              "255.255.255.255",
                                              "::",
                                              "::1",
                                              "::ffff:10.0.0.1",
                                              "::127.0.0.1",
                                              "64:ff9b::10.0.0.1",
                                              "64:ff9b:1::8.8.8.8",
                                              "2002:a00:1::",
                                              "2001::1",
                                              "2001:1ff:ffff::",
                                              "2001:db8::1",
                                              "3fff:fff::1",
                                              "4000::1",
                                              "1fff::1",
                                              "fc00::1",
                                              "fd00::1",
                                              "fe80::1",
                                              "fec0::1",
                                              "ff02::1"};

constexpr const char* kPublicAddresses[] = {
    "1.0.0.0",          "9.255.255.255",  "11.0.0.0",        "100.63.255.255",  "100.128.0.0",
    "126.255.255.255",  "128.0.0.0",      "169.253.255.255", "169.255.0.0",     "172.15.255.255",
    "172.32.0.0",       "192.0.1.0",      "192.167.255.255", "192.169.0.0",     "198.17.255.255",
    "198.20.0.0",       "203.0.114.0",    "223.255.255.255", "8.8.8.8",         "::ffff:8.8.8.8",
    "64:ff9b::8.8.8.8", "2002:808:808::", "2001:200::1",     "2606:4700::1111", "3fff:1000::1"};

TEST(IsPublic, FollowsTheRegistriesAtTheirEdges) {
  for (const char* text : kReservedAddresses) {
    const auto address = parse_address(text);
    ASSERT_TRUE(address) << text;
    EXPECT_FALSE(is_public(*address)) << text;
  }
  for (const char* text : kPublicAddresses) {
    const auto address = parse_address(text);
    ASSERT_TRUE(address) << text;
    EXPECT_TRUE(is_public(*address)) << text;
  }
}

TEST(ParseAddress, OneAddressHasOneValue) {
  EXPECT_EQ(parse_address("10.0.0.1"), parse_address("::ffff:10.0.0.1"));
  EXPECT_EQ(parse_address("[::1]"), parse_address("0:0:0:0:0:0:0:1"));
  EXPECT_NE(parse_address("::1"), parse_address("127.0.0.1"));
}

TEST(ParseAddress, RefusesEverythingElse) {
  for (const std::string& text :
       {""s, "localhost"s, "127.1"s, "0x7f.0.0.1"s, "0177.0.0.1"s, "2130706433"s, "127.0.0.1."s,
        "127.0.0.1\0"s, " 127.0.0.1"s, "[127.0.0.1]"s, "[::1"s, "::1]"s, "fe80::1%eth0"s, "[]"s,
        "256.0.0.1"s, std::string(1000, ':')}) {
    EXPECT_EQ(parse_address(text), std::nullopt) << text;
  }
}

TEST(ParseEndpoint, ReadsHostAndPort) {
  struct Case {
    const char* text;
    const char* host;
    int port;
    bool is_address;
  };
  for (const Case& test : std::vector<Case>{
           {"example.com", "example.com", 0, false},
           {"Example.COM:443", "example.com", 443, false},
           {"example.com.", "example.com", 0, false},
           {"a_b-c.example:65535", "a_b-c.example", 65535, false},
           {"10.0.0.1:80", "10.0.0.1", 80, true},
           {"[::1]", "::1", 0, true},
           {"[::1]:8080", "::1", 8080, true},
           {"2001:DB8::1", "2001:db8::1", 0, true},
           {"localhost", "localhost", 0, false},
       }) {
    const auto endpoint = parse_endpoint(test.text);
    ASSERT_TRUE(endpoint) << test.text;
    EXPECT_EQ(endpoint->host, test.host);
    EXPECT_EQ(endpoint->port, test.port);
    EXPECT_EQ(endpoint->address.has_value(), test.is_address) << test.text;
  }
}

TEST(ParseEndpoint, RefusesWhatIsNoHost) {
  for (const std::string& text : {""s,
                                  ":80"s,
                                  "."s,
                                  ".."s,
                                  ".a"s,
                                  "a..b"s,
                                  "a:"s,
                                  "a:0"s,
                                  "a:65536"s,
                                  "a:8x"s,
                                  "a:-1"s,
                                  "a: 80"s,
                                  "a:+80"s,
                                  "http://a"s,
                                  "a/b"s,
                                  "u@a"s,
                                  "a b"s,
                                  "a?b"s,
                                  "a#b"s,
                                  "*.a"s,
                                  "[a]"s,
                                  "[::1]x"s,
                                  "[::1]:"s,
                                  "[::1"s,
                                  "127.1"s,
                                  "0x7f.1"s,
                                  "2130706433"s,
                                  "1.2.3.4.5"s,
                                  "a.0x1f"s,
                                  "a\0b"s,
                                  "a%00"s,
                                  "caf\xc3\xa9.fr"s,
                                  std::string(254, 'a'),
                                  "10.0.0.1."s}) {
    EXPECT_EQ(parse_endpoint(text), std::nullopt) << text;
  }
}

RC_GTEST_PROP(ParseEndpoint, ArbitraryTextIsReadOrRefused, ()) {
  const auto text = *rc::gen::container<std::string>(
      rc::gen::element('[', ']', ':', '.', '1', 'a', 'F', '0', 'x', '%', '/', '\0', ' '));
  const auto endpoint = parse_endpoint(text);
  if (endpoint) RC_ASSERT(!endpoint->host.empty());
}

TEST(Localhost, IsKnownByName) {
  EXPECT_TRUE(is_localhost(*parse_endpoint("LOCALHOST")));
  EXPECT_TRUE(is_localhost(*parse_endpoint("localhost.:80")));
  EXPECT_TRUE(is_localhost(*parse_endpoint("app.localhost")));
  EXPECT_FALSE(is_localhost(*parse_endpoint("notlocalhost")));
  EXPECT_FALSE(is_localhost(*parse_endpoint("localhost.example")));
  EXPECT_TRUE(is_loopback(*parse_address("127.9.9.9")));
  EXPECT_TRUE(is_loopback(*parse_address("::1")));
  EXPECT_FALSE(is_loopback(*parse_address("128.0.0.1")));
  EXPECT_FALSE(is_loopback(*parse_address("::2")));
}

TEST(SameHost, ComparesNamesAsNamesAndAddressesAsAddresses) {
  const auto same = [](const char* a, const char* b) {
    return same_host(*parse_endpoint(a), *parse_endpoint(b));
  };
  EXPECT_TRUE(same("Example.com", "example.COM."));
  EXPECT_TRUE(same("example.com:80", "example.com:443"));
  EXPECT_TRUE(same("::ffff:10.0.0.1", "10.0.0.1"));
  EXPECT_FALSE(same("example.com", "www.example.com"));
  EXPECT_FALSE(same("localhost", "127.0.0.1"));
}

}  // namespace
}  // namespace isopod::policy
