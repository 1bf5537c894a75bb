// SPDX-License-Identifier: MIT
#include "base/json.h"

#include <algorithm>

namespace isopod {
namespace {

/// The deepest nesting in `text`, without building anything. Brackets inside strings do not count.
std::size_t nesting(std::string_view text) {
  std::size_t depth = 0;
  std::size_t deepest = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      if (c == '\\') ++i;
      if (c == '"') in_string = false;
      continue;
    }
    if (c == '"') in_string = true;
    if (c == '[' || c == '{') deepest = std::max(deepest, ++depth);
    if ((c == ']' || c == '}') && depth > 0) --depth;
  }
  return deepest;
}

}  // namespace

Result<Json> parse_json(std::string_view text, JsonLimits limits) {
  if (nesting(text) > limits.depth_max) {
    return fail(Code::kInvalidArgument,
                "JSON nests deeper than " + std::to_string(limits.depth_max) + " levels");
  }
  try {
    return Json::parse(text.begin(), text.end());
  } catch (const Json::parse_error& error) {
    return fail(Code::kInvalidArgument, "not valid JSON at byte " + std::to_string(error.byte));
  } catch (const Json::exception& error) {
    // Numbers out of range are the one other thing the parser throws for.
    return fail(Code::kInvalidArgument, std::string("not valid JSON: ") + error.what());
  }
}

std::string dump_json(const Json& value, int indent) {
  return value.dump(indent, ' ', false, Json::error_handler_t::replace);
}

std::string json_string(const Json& object, const char* name, std::string fallback) {
  if (!object.is_object()) return fallback;
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : fallback;
}

}  // namespace isopod
