// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

/// The one table of settings. Defaults, validation, help, docs/settings.md and the JSON schema all
/// come from it; a new setting is one line in table.cc and one here.
namespace isopod::settings {

enum class Key : std::size_t {
  kPaths,
  kPolicy,
  kPlacement,
  kLoad,
  kCompat,
  kHeapMb,
  kStackKb,
  kTurnMs,
  kSettleMs,
  kEventSettleMs,
  kLoadMs,
  kPending,
  kTimers,
  kPayloadKb,
  kOutputKb,
  kChildren,
  kShards,
  kInFlight,
  kDrainMs,
  kShadowPpm,
  kPoolSize,
  kRestartMax,
  kSandboxRequire,
  kExecSandbox,
  kLogLevel,
};

enum class Type {
  kBoolean,
  kInteger,  ///< from `min` to `max`
  kWord,     ///< one of `words`
  kPaths,    ///< a list of files and directories
};

/// What the settings file of a project may do with a setting. It comes with a repository, so it may
/// never loosen what the user set.
enum class ProjectRule {
  kIgnored,      ///< only the user sets it
  kSmaller,      ///< a smaller number
  kEarlierWord,  ///< a word further to the front of `words`, where the strictest comes first
  kOnlyTrue,     ///< true
};

/// Whether "ext.extensions.ID." may carry its own value, which wins over the general one.
enum class PerExtension { kNo, kYes };

struct Setting {
  Key key;
  std::string_view name;  ///< dotted, such as "ext.limits.heap_mb"
  Type type;
  std::int64_t number = 0;  ///< the default of a boolean (0 or 1) or an integer
  std::int64_t min = 0;
  std::int64_t max = 1;
  std::string_view word = {};  ///< the default of a word
  std::span<const std::string_view> words = {};
  ProjectRule project = ProjectRule::kIgnored;
  PerExtension per_extension = PerExtension::kNo;
  std::string_view help;  ///< one line
};

/// All settings, in the order of `Key`.
std::span<const Setting> table();

const Setting& setting(Key key);

/// Where settings of one extension start.
inline constexpr std::string_view kExtensionPrefix = "ext.extensions.";

/// A setting, or the same setting of one extension.
struct Reference {
  const Setting* setting = nullptr;
  std::string extension = {};  ///< empty: the general value
};

/// What a dotted name refers to, or nothing. In "ext.extensions.ID.limits.heap_mb" the id may
/// itself hold dots.
std::optional<Reference> find(std::string_view name);

/// The per-extension setting of a name below the id, such as "limits.heap_mb"; null for none.
const Setting* find_per_extension(std::string_view suffix);

/// The name that a reference has in settings files.
std::string name_of(const Reference& reference);

/// "ISOPOD_EXT_LIMITS_HEAP_MB".
std::string environment_name(const Setting& setting);

/// The known name that an unknown one most resembles, or empty.
std::string nearest(std::string_view name);

/// Whether names of settings lie below this one, as below "ext.limits".
bool is_section(std::string_view name);

}  // namespace isopod::settings
