// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "isopod/result.h"
#include "settings/table.h"
#include "settings/value.h"

namespace isopod::settings {

/// One value of a settings file.
struct Entry {
  Reference reference;
  Value value;
  int line = 0;
};

struct FileContent {
  std::vector<Entry> entries;         ///< in the order of the file
  std::vector<std::string> warnings;  ///< unknown keys, each with its place
};

/// Reads the text of a settings file: one JSON object whose keys are dotted names, nested objects,
/// or a mixture. "$schema" is for editors and means nothing here. `path` is for messages. Errors:
/// `bad_settings` with file, line and column for anything but valid values of known settings and
/// unknown keys, which are warnings.
Result<FileContent> parse_settings(std::string_view text, const std::string& path);

/// The same for a file. Nothing when there is none. Errors: also when it is larger than 1 MiB,
/// no regular file, or unreadable. The file is only read.
Result<std::optional<FileContent>> read_settings(const std::string& path);

}  // namespace isopod::settings
