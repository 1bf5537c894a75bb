// SPDX-License-Identifier: MIT
#include "settings/value.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

#include "base/text.h"

namespace isopod::settings {
namespace {

constexpr std::size_t kPathsMax = 256;

std::optional<Value> integer(const Setting& setting, std::int64_t number) {
  if (number < setting.min || number > setting.max) return std::nullopt;
  return number;
}

std::optional<Value> integer(const Setting& setting, std::string_view text) {
  std::int64_t number = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (problem != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return integer(setting, number);
}

std::optional<Value> integer(const Setting& setting, const Json& json) {
  if (!json.is_number_integer()) return std::nullopt;
  // A number above the signed range becomes negative here, which no setting allows.
  return integer(setting, json.get<std::int64_t>());
}

std::optional<Value> word(const Setting& setting, std::string_view text) {
  const bool is_known =
      std::find(setting.words.begin(), setting.words.end(), text) != setting.words.end();
  return is_known ? std::optional<Value>(std::string(text)) : std::nullopt;
}

std::optional<Value> paths(Paths list) {
  const bool is_usable = std::all_of(list.begin(), list.end(), [](const std::string& path) {
    return !path.empty() && path.find('\0') == std::string::npos;
  });
  if (!is_usable || list.size() > kPathsMax) return std::nullopt;
  return list;
}

std::optional<Value> paths(const Json& json) {
  if (!json.is_array()) return std::nullopt;
  Paths list;
  for (const Json& item : json) {
    if (!item.is_string()) return std::nullopt;
    list.push_back(item.get<std::string>());
  }
  return paths(std::move(list));
}

std::optional<Value> paths(std::string_view text) {
  Paths list;
  while (true) {
    const std::size_t colon = text.find(':');
    list.emplace_back(text.substr(0, colon));
    if (colon == std::string_view::npos) return paths(std::move(list));
    text.remove_prefix(colon + 1);
  }
}

Result<Value> checked(const Setting& setting, std::optional<Value> value,
                      const std::string& found) {
  if (value) return std::move(*value);
  constexpr std::size_t kShownBytesMax = 60;
  std::string shown = printable(found.substr(0, kShownBytesMax), Sgr::kDrop);
  if (found.size() > kShownBytesMax) shown += "...";
  return fail(Code::kBadSettings, std::string(setting.name) + " must be " +
                                      allowed_values(setting) + ", but is " + shown);
}

std::ptrdiff_t rank(const Setting& setting, const Value& value) {
  const auto& text = std::get<std::string>(value);
  return std::find(setting.words.begin(), setting.words.end(), text) - setting.words.begin();
}

}  // namespace

Value default_value(const Setting& setting) {
  switch (setting.type) {
    case Type::kBoolean: return setting.number != 0;
    case Type::kInteger: return setting.number;
    case Type::kWord: return std::string(setting.word);
    case Type::kPaths: return Paths{};
  }
  return false;
}

std::string allowed_values(const Setting& setting) {
  switch (setting.type) {
    case Type::kBoolean: return "true or false";
    case Type::kInteger:
      return "a whole number from " + std::to_string(setting.min) + " to " +
             std::to_string(setting.max);
    case Type::kPaths:
      return "a list of up to " + std::to_string(kPathsMax) + " paths, none of them empty";
    case Type::kWord: break;
  }
  std::string list;
  for (std::size_t i = 0; i < setting.words.size(); ++i) {
    if (i > 0) list += i + 1 == setting.words.size() ? " or " : ", ";
    list += setting.words[i];
  }
  return list;
}

Result<Value> value_from_json(const Setting& setting, const Json& json) {
  std::optional<Value> value;
  switch (setting.type) {
    case Type::kBoolean:
      if (json.is_boolean()) value = json.get<bool>();
      break;
    case Type::kInteger: value = integer(setting, json); break;
    case Type::kWord:
      if (json.is_string()) value = word(setting, json.get_ref<const std::string&>());
      break;
    case Type::kPaths: value = paths(json); break;
  }
  return checked(setting, std::move(value), dump_json(json));
}

Result<Value> value_from_text(const Setting& setting, std::string_view text) {
  std::optional<Value> value;
  switch (setting.type) {
    case Type::kBoolean:
      if (text == "true" || text == "1") value = true;
      if (text == "false" || text == "0") value = false;
      break;
    case Type::kInteger: value = integer(setting, text); break;
    case Type::kWord: value = word(setting, text); break;
    case Type::kPaths: value = paths(text); break;
  }
  return checked(setting, std::move(value), "\"" + std::string(text) + "\"");
}

Json to_json(const Value& value) {
  return std::visit([](const auto& held) { return Json(held); }, value);
}

bool may_tighten(const Setting& setting, const Value& current, const Value& proposed) {
  switch (setting.project) {
    case ProjectRule::kIgnored: return false;
    case ProjectRule::kSmaller:
      return std::get<std::int64_t>(proposed) <= std::get<std::int64_t>(current);
    case ProjectRule::kEarlierWord: return rank(setting, proposed) <= rank(setting, current);
    case ProjectRule::kOnlyTrue: return std::get<bool>(proposed) || !std::get<bool>(current);
  }
  return false;
}

}  // namespace isopod::settings
