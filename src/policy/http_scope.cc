// SPDX-License-Identifier: MIT
#include "policy/http_scope.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <span>

namespace isopod::policy {
namespace {

constexpr std::size_t kHostBytesMax = 253;  // the longest name DNS can hold

struct Prefix {
  std::array<std::uint8_t, 16> bytes;
  unsigned bits;
};

// The tables follow the special-purpose address registries for IPv4 and IPv6.
struct Prefix4 {
  std::array<std::uint8_t, 4> bytes;
  unsigned bits;
};

constexpr std::array kReserved4 = {
    Prefix4{{0, 0, 0, 0}, 8},      Prefix4{{10, 0, 0, 0}, 8},     Prefix4{{100, 64, 0, 0}, 10},
    Prefix4{{127, 0, 0, 0}, 8},    Prefix4{{169, 254, 0, 0}, 16}, Prefix4{{172, 16, 0, 0}, 12},
    Prefix4{{192, 0, 0, 0}, 24},   Prefix4{{192, 0, 2, 0}, 24},   Prefix4{{192, 88, 99, 0}, 24},
    Prefix4{{192, 168, 0, 0}, 16}, Prefix4{{198, 18, 0, 0}, 15},  Prefix4{{198, 51, 100, 0}, 24},
    Prefix4{{203, 0, 113, 0}, 24}, Prefix4{{224, 0, 0, 0}, 4},    Prefix4{{240, 0, 0, 0}, 4},
};

constexpr Prefix kMapped4 = {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff}, 96};
constexpr Prefix kNat64 = {{0x00, 0x64, 0xff, 0x9b}, 96};
constexpr Prefix kSixToFour = {{0x20, 0x02}, 16};
constexpr Prefix kGlobalUnicast = {{0x20}, 3};

constexpr std::array kReserved6 = {
    Prefix{{0x20, 0x01, 0x00}, 23},        // protocol assignments, Teredo, benchmarking
    Prefix{{0x20, 0x01, 0x0d, 0xb8}, 32},  // documentation
    Prefix{{0x3f, 0xff}, 20},              // documentation
};

bool has_prefix(std::span<const std::uint8_t> bytes, std::span<const std::uint8_t> prefix,
                unsigned bits) {
  for (std::size_t i = 0; bits > 0; ++i) {
    const unsigned here = std::min(bits, 8U);
    const unsigned mask = (0xff00U >> here) & 0xffU;
    if ((bytes[i] & mask) != (prefix[i] & mask)) return false;
    bits -= here;
  }
  return true;
}

bool in(const Address& address, const Prefix& prefix) {
  return has_prefix(address.bytes, prefix.bytes, prefix.bits);
}

bool is_public4(std::span<const std::uint8_t> bytes) {
  return std::none_of(kReserved4.begin(), kReserved4.end(), [&bytes](const Prefix4& prefix) {
    return has_prefix(bytes, prefix.bytes, prefix.bits);
  });
}

bool is_digits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

/// Names whose last label is a number are what URL parsers and old resolvers read as addresses.
bool ends_in_number(std::string_view host) {
  const std::string_view last = host.substr(host.rfind('.') + 1);
  if (is_digits(last)) return true;
  return last.starts_with("0x") &&
         last.find_first_not_of("0123456789abcdef", 2) == std::string_view::npos;
}

bool is_name(std::string_view host) {
  if (host.empty() || host.size() > kHostBytesMax || ends_in_number(host)) return false;
  if (host.front() == '.' || host.find("..") != std::string_view::npos) return false;
  return host.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-_.") ==
         std::string_view::npos;
}

std::optional<std::uint16_t> parse_port(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (problem != std::errc() || end != text.data() + text.size() || port == 0) return std::nullopt;
  return port;
}

/// Splits "HOST:PORT" where the colon is there. A bare IPv6 address has several and no port.
struct Parts {
  std::string_view host;
  std::optional<std::string_view> port;
};

Parts split(std::string_view text) {
  if (text.starts_with('[')) {
    const std::size_t close = text.find(']');
    if (close == std::string_view::npos || close + 1 == text.size()) return {text, std::nullopt};
    if (text[close + 1] != ':') return {{}, std::nullopt};
    return {text.substr(0, close + 1), text.substr(close + 2)};
  }
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos || text.rfind(':') != colon) return {text, std::nullopt};
  return {text.substr(0, colon), text.substr(colon + 1)};
}

}  // namespace

std::optional<Address> parse_address(std::string_view text) {
  constexpr std::size_t kAddressBytesMax = 45;
  if (text.starts_with('[')) {
    if (!text.ends_with(']')) return std::nullopt;
    text = text.substr(1, text.size() - 2);
    if (text.find(':') == std::string_view::npos) return std::nullopt;
  }
  if (text.size() > kAddressBytesMax || text.find('\0') != std::string_view::npos) {
    return std::nullopt;
  }
  const std::string terminated(text);
  Address address;
  if (::inet_pton(AF_INET6, terminated.c_str(), address.bytes.data()) == 1) return address;
  address.bytes = kMapped4.bytes;
  if (::inet_pton(AF_INET, terminated.c_str(), address.bytes.data() + 12) == 1) return address;
  return std::nullopt;
}

bool is_public(const Address& address) {
  const std::span bytes(address.bytes);
  if (in(address, kMapped4) || in(address, kNat64)) return is_public4(bytes.subspan(12));
  if (in(address, kSixToFour)) return is_public4(bytes.subspan(2, 4));
  if (!in(address, kGlobalUnicast)) return false;
  return std::none_of(kReserved6.begin(), kReserved6.end(),
                      [&address](const Prefix& prefix) { return in(address, prefix); });
}

std::optional<Endpoint> parse_endpoint(std::string_view text) {
  const Parts parts = split(text);
  Endpoint endpoint;
  if (parts.port) {
    const auto port = parse_port(*parts.port);
    if (!port) return std::nullopt;
    endpoint.port = *port;
  }
  endpoint.address = parse_address(parts.host);
  for (const char c : parts.host) {
    endpoint.host += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  if (endpoint.host.ends_with('.')) endpoint.host.pop_back();
  if (!endpoint.address && !is_name(endpoint.host)) return std::nullopt;
  if (endpoint.host.starts_with('['))
    endpoint.host = endpoint.host.substr(1, endpoint.host.size() - 2);
  return endpoint;
}

bool is_localhost(const Endpoint& endpoint) {
  return endpoint.host == "localhost" || endpoint.host.ends_with(".localhost");
}

bool is_loopback(const Address& address) {
  constexpr Prefix kLoopback4 = {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 127}, 104};
  constexpr Address kLoopback6 = {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}};
  return in(address, kLoopback4) || address == kLoopback6;
}

bool same_host(const Endpoint& a, const Endpoint& b) {
  if (a.address || b.address) return a.address == b.address;
  return a.host == b.host;
}

}  // namespace isopod::policy
