// SPDX-License-Identifier: MIT
#pragma once

#include <set>
#include <string>
#include <vector>

#include "base/json.h"
#include "host/capability_inference.h"
#include "modules/builtins.h"

namespace isopod::host {

/// What can be learned about an extension without running a line of it.
struct StaticInspection {
  std::vector<std::string> files;      ///< its source files that imports lead to, canonical paths
  std::set<std::string> capabilities;  ///< as infer_capabilities
  std::set<std::string> missing;       ///< imports that lead nowhere here
  std::set<std::string> notes;         ///< what hides from this kind of reading
  /// Names that the extension takes from built-in modules: [{"module", "names"}].
  Json builtin_names = Json::array();
};

/// Follows the imports of an entry file through the extension's own files; those of packages in
/// node_modules are resolved, not read. Errors: those of reading, `syntax`, `unsupported`.
Result<StaticInspection> inspect_statically(const std::string& entry_path,
                                            const modules::BuiltinTable& builtins);

}  // namespace isopod::host
