// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "engine/module.h"
#include "modules/commonjs.h"
#include "modules/load_tracker.h"
#include "modules/resolver.h"
#include "modules/unit.h"

namespace isopod::modules {

/// Loads modules into one context: files through the reader, built-ins from bytecode. Files run as
/// the engine's own ECMAScript modules; what extensions expect of pi's CommonJS loader beyond that
/// (a missing name is undefined, `require` beside `import`, names found only in `module.exports`)
/// is done by small generated modules, "views", between an import and its target. docs/modules.md
/// tells why.
///
/// Holds values of its context: `release` before the context is destroyed. One thread.
class Loader final : public engine::ModuleSource {
 public:
  Loader(SourceReader& reader, const BuiltinTable& builtins);

  /// Adds a native module that built-in modules may import and extensions may not. `name` starts
  /// with kInternalPrefix. Call before the first import.
  void add_native(std::string name, std::vector<std::string> exports,
                  engine::Module::Initialize initialize);

  /// Loads and runs an extension's entry file, a canonical path. The promise is fulfilled with what
  /// the file exports as its factory, unchecked: the default export, else `exports.default`, else a
  /// replaced `module.exports`, else undefined.
  Result<engine::Value> import_entry(engine::Context& context, const std::string& path);

  /// The namespace of a built-in module, run now.
  Result<engine::Value> import_builtin(engine::Context& context, const std::string& name);

  /// What `require(specifier)` gives in the file `base`.
  Result<engine::Value> require(engine::Context& context, const std::string& base,
                                const std::string& specifier);

  /// Drops every value held. No import works afterwards.
  void release();

  Result<std::string> resolve(engine::Context& context, const std::string& base,
                              const std::string& specifier) override;
  Result<engine::Module> load(engine::Context& context, const std::string& name) override;

 private:
  struct NativeModule {
    std::vector<std::string> exports;
    engine::Module::Initialize initialize;
  };
  /// A file that is an ECMAScript module. `linked`: the CommonJS names it imports were made, which
  /// happens when everything it imports is linked and its own body is about to run.
  struct FileModule {
    engine::Module module;
    bool linked = false;
  };
  /// The names that one file asks of another.
  struct Wanted {
    std::set<std::string> names;
    enum class Scope { kListed, kEverything } scope = Scope::kListed;
  };
  struct View {
    std::string target;
    Wanted wanted;
  };

  /// Whether a module is isopod's own: only those reach internal modules.
  [[nodiscard]] bool is_internal(const std::string& base) const;
  Result<std::string> resolve_internal(const std::string& base, const std::string& specifier);
  Result<std::string> view_of_file(const std::string& path, Wanted wanted);
  std::string view_of_builtin(const Builtin& builtin, Wanted wanted);
  std::string add_view(const std::string& target, Wanted wanted);
  Result<Wanted> wanted_by(const std::string& base, const std::string& specifier);
  Result<std::set<std::string>> missing_names(const std::string& path,
                                              const std::set<std::string>& names);
  Result<bool> provides(const std::string& path, const std::string& name,
                        std::set<std::string>& visited);

  Result<engine::Module> make(engine::Context& context, const std::string& name);
  Result<engine::Module> load_file(engine::Context& context, const std::string& path);
  Result<engine::Module> load_view(engine::Context& context, const std::string& name,
                                   const View& view);
  Result<engine::Module> load_native_view(engine::Context& context, const std::string& name,
                                          const View& view);
  Result<engine::Module> load_commonjs_names(engine::Context& context, const std::string& name);
  Result<> set_meta(engine::Context& context, const engine::Module& module,
                    const std::string& path);
  /// The modules that importing a file runs: itself and what it imports statically.
  Result<std::set<std::string>> graph_of(const std::string& path);
  /// `require` of a path that a built-in module names: what `createRequire` gives.
  Result<engine::Value> require_from(engine::Context& context, const engine::Arguments& arguments);
  Result<engine::Value> require_module(engine::Context& context, const std::string& path);
  /// What `require` gives of a file that runs already: what it has exported so far.
  Result<engine::Value> require_running(engine::Context& context, const std::string& path);
  /// What `require` gives of a module whose namespace is `names`.
  Result<engine::Value> required_value(engine::Context& context, const std::string& path,
                                       engine::Value names);
  Result<engine::Value> import_now(engine::Context& context, const std::string& name);
  Result<engine::Module> bridge_to(engine::Context& context, const std::string& name);
  Result<engine::Value> factory_of(engine::Context& context, const std::string& path,
                                   const engine::Module& bridge);

  LoadTracker tracker_;
  UnitCache units_;
  Resolver resolver_;
  const BuiltinTable& builtins_;
  const std::string commonjs_specifier_;
  std::map<std::string, NativeModule> natives_;
  std::map<std::string, View> views_;
  std::map<std::string, FileModule> file_modules_;  // those that use CommonJS names
  std::map<std::string, engine::Value> builtin_namespaces_;
  CommonJs commonjs_;
  engine::Value after_;
  engine::Value add_names_;
  std::string entry_path_ = "/";
  int bridges_ = 0;
};

}  // namespace isopod::modules
