// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"

/// What a package.json says about its entry points. Pure functions over its parsed text.
/// The rules are those of Node's documentation, "Modules: Packages".
namespace isopod::modules {

struct PackageName {
  std::string name;     ///< "ms" or "@scope/name"
  std::string subpath;  ///< "." or "./lib/x.js"
};

/// Splits a bare specifier; nothing when it is none ("./x", "/x", "@scope" alone, "").
std::optional<PackageName> split_package_name(std::string_view specifier);

/// The conditions under which an entry of `exports` is chosen, most specific order being the
/// file's.
enum class Importer { kImport, kRequire };

struct PackageTarget {
  enum class Kind { kPath, kNotExported, kNoExports } kind = Kind::kNoExports;
  std::string path = {};  ///< "./dist/x.js", relative to the package, when kind is kPath
};

/// Looks `subpath` up in the `exports` of a package. kNoExports when the package has no such field.
PackageTarget resolve_exports(const Json& package, std::string_view subpath, Importer importer);

/// Looks "#name" up in the `imports` of a package; the target is a path or a bare specifier.
std::optional<std::string> resolve_imports(const Json& package, std::string_view name,
                                           Importer importer);

/// The files to try for the package itself when it has no `exports`: main, module, index.
std::vector<std::string> main_candidates(const Json& package);

}  // namespace isopod::modules
