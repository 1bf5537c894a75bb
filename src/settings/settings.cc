// SPDX-License-Identifier: MIT
#include "settings/settings.h"

#include <variant>

#include "base/check.h"

namespace isopod::settings {
namespace {

template <class T>
const T& held(const Value& value) {
  const T* const found = std::get_if<T>(&value);
  ISOPOD_CHECK(found != nullptr, "a setting is read as the type the table gives it");
  return *found;
}

}  // namespace

std::string_view to_string(Layer layer) {
  switch (layer) {
    case Layer::kDefault: return "default";
    case Layer::kHome: return "home";
    case Layer::kProject: return "project";
    case Layer::kEnvironment: return "environment";
    case Layer::kFlag: return "flag";
  }
  return "default";
}

Json to_json(const Effective& effective) {
  Json json = Json::object();
  json["key"] = effective.name;
  json["value"] = to_json(effective.value);
  json["origin"]["layer"] = to_string(effective.origin.layer);
  json["origin"]["place"] = effective.origin.place;
  return json;
}

Settings::Settings() {
  for (const Setting& entry : table()) general_.push_back({default_value(entry), {}});
}

bool Settings::flag(Key key) const { return held<bool>(slot({&setting(key), {}}).value); }

std::int64_t Settings::integer(Key key) const {
  return held<std::int64_t>(slot({&setting(key), {}}).value);
}

const std::string& Settings::word(Key key) const {
  return held<std::string>(slot({&setting(key), {}}).value);
}

const Paths& Settings::paths(Key key) const { return held<Paths>(slot({&setting(key), {}}).value); }

bool Settings::flag(Key key, std::string_view extension) const {
  return flag(key) || held<bool>(slot({&setting(key), std::string(extension)}).value);
}

std::int64_t Settings::integer(Key key, std::string_view extension) const {
  return held<std::int64_t>(slot({&setting(key), std::string(extension)}).value);
}

const Origin& Settings::origin(Key key) const {
  return general_.at(static_cast<std::size_t>(key)).origin;
}

std::vector<Effective> Settings::effective() const {
  std::vector<Effective> list;
  for (const Setting& entry : table()) {
    const Slot& slot = general_.at(static_cast<std::size_t>(entry.key));
    list.push_back({std::string(entry.name), slot.value, slot.origin});
  }
  for (const auto& [id_and_key, slot] : extensions_) {
    const Reference reference{&setting(id_and_key.second), id_and_key.first};
    list.push_back({name_of(reference), slot.value, slot.origin});
  }
  return list;
}

void Settings::set(const Reference& reference, Value value, Origin origin) {
  const Key key = reference.setting->key;
  Slot slot{std::move(value), std::move(origin)};
  if (reference.extension.empty()) {
    general_.at(static_cast<std::size_t>(key)) = std::move(slot);
  } else {
    extensions_.insert_or_assign({reference.extension, key}, std::move(slot));
  }
}

const Settings::Slot& Settings::slot(const Reference& reference) const {
  const Slot* const own = own_slot(reference);
  return own != nullptr ? *own : general_.at(static_cast<std::size_t>(reference.setting->key));
}

const Settings::Slot* Settings::own_slot(const Reference& reference) const {
  const Key key = reference.setting->key;
  if (reference.extension.empty()) return &general_.at(static_cast<std::size_t>(key));
  const auto found = extensions_.find({reference.extension, key});
  return found != extensions_.end() ? &found->second : nullptr;
}

}  // namespace isopod::settings
