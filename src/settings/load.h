// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "isopod/result.h"
#include "settings/settings.h"

namespace isopod::settings {

struct SettingsFile {
  /// Whether it is fine that there is no such file: yes for the usual places, no for `--settings
  /// FILE`.
  enum class Presence { kOptional, kRequired };

  std::string path;
  Presence presence = Presence::kOptional;
};

/// A setting given on the command line.
struct Flag {
  std::string name;    ///< of the setting, such as "ext.policy"
  std::string text;    ///< its value
  std::string option;  ///< for messages, such as "--extension-policy"
};

/// Everything settings are made from. Nothing else is read, in particular not the environment.
struct Sources {
  std::optional<SettingsFile> home = {};
  std::optional<SettingsFile> project = {};
  std::map<std::string, std::string> environment = {};
  std::vector<Flag> flags = {};
};

/// Reads the layers and puts them together: defaults < home < project < environment < flags.
///
/// - The project's file may only tighten what defaults and home say; the rest of it is ignored,
/// with a
///   warning. A value it gives to one extension also never loosens what environment and flags say.
/// - A variable that is set but empty counts as not set.
/// - In `ext.paths`, "~/" means $HOME of `environment`, and a relative path in a file is relative
/// to the
///   directory of that file. Elsewhere it stays relative, to the working directory.
///
/// Errors: `bad_settings` for a file or a variable that cannot be used, with its place and the
/// allowed values; `usage` for a flag. No file is ever written.
Result<Settings> load(const Sources& sources);

}  // namespace isopod::settings
