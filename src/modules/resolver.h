// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "modules/builtins.h"
#include "modules/package.h"
#include "modules/source_reader.h"

namespace isopod::modules {

/// What a specifier means.
struct Resolved {
  const Builtin* builtin = nullptr;  ///< set for a built-in module
  std::string path = {};             ///< the canonical path of a file otherwise
};

/// Finds what an import means, as pi's loader does (docs/modules.md has the rules): built-ins by
/// exact name, relative and absolute paths with extensions tried and ".js" also meaning ".ts",
/// directories, packages in node_modules upward. A function of its arguments and of what the reader
/// answers; answers about package.json files are kept. One thread.
class Resolver {
 public:
  Resolver(SourceReader& reader, const BuiltinTable& builtins)
      : reader_(reader), builtins_(builtins) {}

  struct Import {
    std::string_view specifier;
    std::string_view base;  ///< the path of the importing file
    Importer importer = Importer::kImport;
  };
  /// Errors: `module_not_found` with the message that Node users know; what the reader fails with.
  Result<Resolved> resolve(const Import& import);

  /// The folders in which packages are looked for from `directory`, nearest first.
  static std::vector<std::string> package_folders(std::string_view directory);

 private:
  Result<std::optional<std::string>> find_file(const std::string& path);
  Result<std::optional<std::string>> find_package(const Import& import, const PackageName& package);
  Result<std::optional<std::string>> find_in_package(const std::string& root, const Import& import,
                                                     const std::string& subpath);
  Result<std::optional<std::string>> find_self(const Import& import, const PackageName& package);
  Result<Resolved> resolve_private(const Import& import);
  /// The package.json of the package that a file belongs to.
  Result<std::optional<std::string>> own_manifest(std::string_view path);
  Result<const Json*> package_json(const std::string& path);

  SourceReader& reader_;
  const BuiltinTable& builtins_;
  std::map<std::string, Json> packages_;
};

/// The extensions that an import may leave out, in the order in which they are tried.
std::span<const std::string_view> implied_extensions();

}  // namespace isopod::modules
