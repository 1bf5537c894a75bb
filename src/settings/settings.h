// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json.h"
#include "settings/table.h"
#include "settings/value.h"

namespace isopod::settings {

/// Where values come from, from the weakest to the strongest. A project may only tighten.
enum class Layer { kDefault, kHome, kProject, kEnvironment, kFlag };

/// The stable word of a layer: "default", "home", "project", "environment", "flag".
std::string_view to_string(Layer layer);

struct Origin {
  Layer layer = Layer::kDefault;
  std::string place =
      {};  ///< "FILE:LINE", the name of the variable, or the option; empty by default
};

/// One line of `isopod settings`.
struct Effective {
  std::string name;
  Value value;
  Origin origin;
};

/// {"key", "value", "origin": {"layer", "place"}}
Json to_json(const Effective& effective);

/// The effective value of every setting. A value type; safe to read from any thread.
class Settings {
 public:
  /// The defaults. (`--ignore-settings` is these with the profile `safe`.)
  Settings();

  // Each takes a key of the matching type; anything else is our bug.
  [[nodiscard]] bool flag(Key key) const;
  [[nodiscard]] std::int64_t integer(Key key) const;
  [[nodiscard]] const std::string& word(Key key) const;
  [[nodiscard]] const Paths& paths(Key key) const;

  /// For one extension: true when it is true in general or for this one.
  [[nodiscard]] bool flag(Key key, std::string_view extension) const;
  /// For one extension: its own value, or the general one.
  [[nodiscard]] std::int64_t integer(Key key, std::string_view extension) const;

  [[nodiscard]] const Origin& origin(Key key) const;

  /// Every setting in the order of the table, then those of single extensions.
  [[nodiscard]] std::vector<Effective> effective() const;

  /// What was ignored and why, one sentence each, safe for a terminal.
  [[nodiscard]] const std::vector<std::string>& warnings() const { return warnings_; }

  struct Slot {
    Value value;
    Origin origin;
  };
  /// What holds for a reference: for an extension without its own value, the general one.
  [[nodiscard]] const Slot& slot(const Reference& reference) const;
  /// Only what was given for exactly this reference; null for an extension without its own value.
  [[nodiscard]] const Slot* own_slot(const Reference& reference) const;

  // Used by `load`: replaces a value, notes something for the user.
  void set(const Reference& reference, Value value, Origin origin);
  void warn(std::string sentence) { warnings_.push_back(std::move(sentence)); }

 private:
  std::vector<Slot> general_;  // by Key
  std::map<std::pair<std::string, Key>, Slot> extensions_;
  std::vector<std::string> warnings_;
};

}  // namespace isopod::settings
