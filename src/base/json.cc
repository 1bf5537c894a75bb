// SPDX-License-Identifier: MIT
#include "base/json.h"

#include "base/json_strict.h"

namespace isopod {

Result<Json> parse_json(std::string_view text, JsonLimits limits) {
  return read_json(text, limits, RepeatedKeys::kLastWins);
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
