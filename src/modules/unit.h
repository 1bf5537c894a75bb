// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <map>
#include <memory>
#include <string>

#include "modules/source_reader.h"
#include "typescript/strip.h"

namespace isopod::modules {

/// A source file, read and made ready for the engine.
struct Unit {
  enum class Kind {
    kModule,    ///< ECMAScript module syntax
    kCommonJs,  ///< no module syntax: a function body with `require`, `module`, `exports`
    kJson,
  };
  Kind kind = Kind::kModule;
  std::string code;  ///< types erased, lines and columns as the author wrote them
  typescript::ModuleShape shape = {};

  /// Whether export statements name something. Without them, a file's `module.exports` is all there
  /// is to import from it.
  [[nodiscard]] bool has_export_statements() const {
    const auto reexports_all = [](const auto& request) { return request.star_reexport; };
    return !shape.exports.empty() ||
           std::any_of(shape.requests.begin(), shape.requests.end(), reexports_all);
  }

  /// Whether some import of this file may find names in `module.exports` that its export statements
  /// do not tell.
  [[nodiscard]] bool exports_at_run_time() const {
    return kind != Kind::kModule || shape.commonjs_names.contains("module") ||
           shape.commonjs_names.contains("exports");
  }
};

/// Reads and transforms each file once. One thread.
class UnitCache {
 public:
  explicit UnitCache(SourceReader& reader) : reader_(reader) {}

  /// The unit of a canonical path; valid as long as the cache. Errors: those of reading, `syntax`
  /// and `unsupported` with the place.
  Result<const Unit*> get(const std::string& path);

 private:
  SourceReader& reader_;
  std::map<std::string, std::unique_ptr<Unit>> units_;
};

/// What a file's kind is by its name and the shape of its text.
Unit::Kind kind_of(const std::string& path, const typescript::ModuleShape& shape);

}  // namespace isopod::modules
