// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// Scopes of `http`: HOST or HOST:PORT, where HOST is a name, an IPv4 address or an IPv6 address in
/// brackets. Nothing here resolves a name.
namespace isopod::policy {

/// An IP address. IPv4 is held in its IPv6-mapped form, so that both spellings are one address.
struct Address {
  std::array<std::uint8_t, 16> bytes = {};

  bool operator==(const Address&) const = default;
};

/// A literal address: four decimal numbers, or IPv6 with or without brackets, without a zone.
std::optional<Address> parse_address(std::string_view text);

/// Whether an address is reachable by everybody: not loopback, private, link-local, multicast,
/// documentation, carrier NAT or otherwise reserved. Addresses that embed an IPv4 address (mapped,
/// NAT64, 6to4) are judged by that one.
bool is_public(const Address& address);

struct Endpoint {
  std::string host;                ///< lower case, no brackets, no dot at the end
  std::optional<Address> address;  ///< when the host is a literal address
  std::uint16_t port = 0;          ///< 0: not said
};

/// Nothing for text that is no HOST[:PORT], such as one with a scheme, a path, a user, a space,
/// port 0, or a host in one of the old numeric forms (0x7f.1, 2130706433) that some resolvers read
/// as addresses.
std::optional<Endpoint> parse_endpoint(std::string_view text);

/// Whether a host is known to be this machine without asking a resolver: "localhost" and names
/// below.
bool is_localhost(const Endpoint& endpoint);

/// Loopback addresses, which are what "localhost" may lead to.
bool is_loopback(const Address& address);

/// Whether both name the same host; addresses are compared as addresses.
bool same_host(const Endpoint& a, const Endpoint& b);

}  // namespace isopod::policy
