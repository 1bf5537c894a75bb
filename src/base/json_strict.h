// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "base/json.h"

namespace isopod {

/// Parses one JSON document that an adversary may have written. Stricter than `parse_json`: a key
/// that occurs twice in one object and a byte order mark are refused. It takes time linear in the
/// text (up to a logarithm), where building an ordered object key by key is quadratic. Errors:
/// `invalid_argument` with what is wrong; `where.line` and `where.column` (in bytes) say where.
Result<Json> parse_json_strict(std::string_view text, JsonLimits limits = {});

/// The parser behind `parse_json` and `parse_json_strict`; linear for both.
enum class RepeatedKeys {
  kRefuse,
  kLastWins,  ///< in the place of the first, as JavaScript reads them
};
Result<Json> read_json(std::string_view text, JsonLimits limits, RepeatedKeys repeated);

/// How many keys `value` holds, at every depth.
std::size_t count_json_keys(const Json& value);

/// The byte offset of every key of a well-formed JSON text, in the order of the text, which is also
/// the order in which a walk meets them that visits a member's value before the next member.
std::vector<std::size_t> json_key_offsets(std::string_view text);

/// Line and column, both from 1, of a byte offset. The column counts bytes.
struct TextPosition {
  int line = 1;
  int column = 1;
};
TextPosition position_of(std::string_view text, std::size_t offset);

}  // namespace isopod
