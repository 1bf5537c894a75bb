// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace isopod {

/// Bytes as base64 text of RFC 4648, with padding.
std::string to_base64(std::string_view bytes);

/// The bytes of base64 text. Nothing when it is no base64: a character outside the alphabet (white
/// space is one), a wrong length, padding anywhere but at the end. Padding may be left out.
std::optional<std::string> from_base64(std::string_view text);

}  // namespace isopod
