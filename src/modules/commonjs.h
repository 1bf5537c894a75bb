// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <map>
#include <string>

#include "engine/context.h"
#include "modules/unit.h"

namespace isopod::modules {

/// The CommonJS half of a context's modules: one `module` object per file, made when it is first
/// asked for. Files that are ECMAScript modules have one too, when they mention `module`, `exports`
/// or `require`. Holds values: `release` before the context is destroyed. One thread.
class CommonJs {
 public:
  using Require = std::function<Result<engine::Value>(engine::Context&, const std::string& base,
                                                      const std::string& specifier)>;
  /// The path of what `specifier` means; a built-in module is its own name.
  using ResolvePath =
      std::function<Result<std::string>(const std::string& base, const std::string& specifier)>;

  CommonJs(Require require, ResolvePath resolve_path)
      : require_(std::move(require)), resolve_path_(std::move(resolve_path)) {}

  /// Runs a file that has no module syntax, once, and returns its `module.exports`. During a cycle,
  /// what it has exported so far. A file that threw is forgotten, so that a later require tries
  /// again; so is one whose entry of `require.cache` was deleted.
  Result<engine::Value> run(engine::Context& context, const std::string& path, const Unit& unit);

  /// Tells that the file `parent` asked for `path`, for `module.parent` and `module.children`. Call
  /// it before `run`.
  Result<> adopt(engine::Context& context, const std::string& parent, const std::string& path);

  /// The function `require` of a file, which need not exist (`createRequire`).
  Result<engine::Value> require_function(engine::Context& context, const std::string& path);

  /// The current `module.exports` of a file; undefined when nothing asked for its module object.
  Result<engine::Value> exports_of(engine::Context& context, const std::string& path);

  /// Whether the file's `module.exports` is another value than the object it started as.
  Result<bool> replaced(engine::Context& context, const std::string& path);

  /// Whether the file's `module.exports` is still the empty object it started as.
  Result<bool> untouched(engine::Context& context, const std::string& path);

  /// What `require`, `module`, `exports`, `__dirname` or `__filename` is in a file.
  Result<engine::Value> free_name(engine::Context& context, const std::string& path,
                                  const std::string& name);

  void release();

 private:
  struct Record {
    engine::Value module;
    engine::Value initial_exports;
    enum class State { kNew, kStarted } state = State::kNew;
  };
  Result<Record*> record(engine::Context& context, const std::string& path);
  Result<engine::Value> make_module(engine::Context& context, const std::string& path);
  Result<engine::Value> plain_require(engine::Context& context, const std::string& path);
  Result<engine::Value> resolve_function(engine::Context& context, const std::string& path);
  Result<std::string> resolve_from(engine::Context& context, const std::string& path,
                                   const engine::Arguments& arguments);
  Result<engine::Value> cache(engine::Context& context);
  Result<engine::Value> cached(engine::Context& context, const std::string& path);
  Result<> forget(engine::Context& context, const std::string& path);
  Result<> evaluate(engine::Context& context, const std::string& path, const Unit& unit,
                    const engine::Value& module);

  Require require_;
  ResolvePath resolve_path_;
  std::map<std::string, Record> records_;
  engine::Value cache_;  // `require.cache`: path -> module; made when first needed
};

/// The default import of a CommonJS value: its `default` when it says it was compiled from a
/// module, itself otherwise.
Result<engine::Value> default_import_of(engine::Context& context, const engine::Value& exports);

}  // namespace isopod::modules
