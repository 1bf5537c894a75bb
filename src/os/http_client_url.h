// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "isopod/result.h"

namespace isopod::os {

/// An http or https URL, read so strictly that nobody behind this can understand another host than
/// the one that policy was asked about: no user, no escapes in the host, no control characters,
/// spaces, backslashes or bytes above 0x7e anywhere. What a URL parser of the web platform prints
/// is accepted.
struct HttpUrl {
  bool is_secure = false;
  std::string host;  ///< lower case; an IPv6 address in brackets
  std::uint16_t port = 0;
  std::string rest;  ///< path and query, from "/"

  /// Errors: `invalid_argument`, which says what is wrong.
  static Result<HttpUrl> parse(std::string_view text);

  /// "HOST:PORT", as policy wants it.
  [[nodiscard]] std::string target() const;
  /// "https://HOST", with the port where it is not the scheme's own.
  [[nodiscard]] std::string origin() const;
  [[nodiscard]] std::string to_string() const { return origin() + rest; }
};

}  // namespace isopod::os
