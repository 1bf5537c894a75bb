// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "isopod/result.h"

namespace isopod {

/// Plain data. Objects keep the order of their keys, because schemas and results are shown to
/// people and models in the order their author wrote them.
using Json = nlohmann::ordered_json;

struct JsonLimits {
  /// How deep arrays and objects may nest. Deeper text is refused before a tree is built, so that
  /// no recursion over a tree (printing, freeing) can exhaust a stack.
  std::size_t depth_max = 512;
};

/// Parses one JSON document. Of a key that occurs twice the last value counts. Errors:
/// `invalid_argument` with the line and column of the first problem.
Result<Json> parse_json(std::string_view text, JsonLimits limits = {});

/// Writes JSON text. Bytes that are not UTF-8 become U+FFFD. `indent` < 0 writes one line.
std::string dump_json(const Json& value, int indent = -1);

/// The member `name` of an object as a string, or `fallback` when it is absent or no string.
std::string json_string(const Json& object, const char* name, std::string fallback = {});

}  // namespace isopod
