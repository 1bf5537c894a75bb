// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "isopod/result.h"

namespace isopod::host {

/// The file an extension starts with.
struct Entry {
  std::string id;            ///< package name, or file stem
  std::string path;          ///< canonical
  std::string package_root;  ///< canonical; the directory of the extension's own files
};

/// What a path given by a person means: a file; a directory with a package.json whose
/// `pi.extensions` lists entries; a directory with index.ts or index.js. Several entries for a
/// package that lists several. Errors: not_found, no_entry, unreadable, syntax for a broken
/// package.json.
///
/// A file without a package around it owns what lies below its folder; the search for a package
/// never leaves a hidden folder or reaches `user_home`, and directly in that (or above it) a file
/// owns itself alone: what else is there is the user's.
Result<std::vector<Entry>> find_entries(const std::string& path, const std::string& user_home);

}  // namespace isopod::host
