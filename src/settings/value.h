// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/json.h"
#include "isopod/result.h"
#include "settings/table.h"

namespace isopod::settings {

using Paths = std::vector<std::string>;

/// The value of a setting; which alternative follows from its type (a word is a string).
using Value = std::variant<bool, std::int64_t, std::string, Paths>;

Value default_value(const Setting& setting);

/// What may be written, such as "a whole number from 8 to 16384".
std::string allowed_values(const Setting& setting);

/// Reads a value of a settings file, or the text of an environment variable or option. Text knows
/// true, false, 1 and 0, and separates paths by colons.
/// Errors: `bad_settings`, naming the setting, the allowed values and what was there instead.
Result<Value> value_from_json(const Setting& setting, const Json& json);
Result<Value> value_from_text(const Setting& setting, std::string_view text);

Json to_json(const Value& value);

/// Whether the settings file of a project may replace `current` by `proposed`.
bool may_tighten(const Setting& setting, const Value& current, const Value& proposed);

}  // namespace isopod::settings
