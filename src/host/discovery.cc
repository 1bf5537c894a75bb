// SPDX-License-Identifier: MIT
#include "host/discovery.h"

#include <utility>

#include "host/entry.h"
#include "os/files.h"

namespace isopod::host {

Result<std::vector<std::string>> discover(const std::string& folder) {
  std::vector<std::string> found;
  Result<os::FileKind> folder_kind = os::file_kind(folder);
  if (!folder_kind) return fail(std::move(folder_kind.error()));
  if (*folder_kind != os::FileKind::kDirectory) return found;
  Result<std::vector<os::DirectoryEntry>> entries = os::list_directory(folder);
  if (!entries) return fail(std::move(entries.error()));
  for (const os::DirectoryEntry& entry : *entries) {
    const std::string path = folder + "/" + entry.name;
    // Followed links count as what they lead to, as in pi.
    const Result<os::FileKind> kind = os::file_kind(path);
    if (!kind) continue;
    const bool is_script = entry.name.ends_with(".ts") || entry.name.ends_with(".js");
    if (*kind == os::FileKind::kFile && is_script && !entry.name.ends_with(".d.ts"))
      found.push_back(path);
    if (*kind == os::FileKind::kDirectory && find_entries(path, "/").has_value())
      found.push_back(path);
  }
  return found;
}

}  // namespace isopod::host
