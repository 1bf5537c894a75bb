// SPDX-License-Identifier: MIT
#pragma once

#include <quickjs.h>

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/context.h"
#include "isopod/result.h"

namespace isopod::engine {

using Bytecode = std::vector<std::uint8_t>;

/// An ECMAScript module of a context. A handle: the context owns the module and frees it last.
class Module {
 public:
  struct Source {
    std::string_view code;
    const std::string& name;
  };
  /// Compiles source and, through the context's ModuleSource, everything it imports.
  static Result<Module> compile(Context& context, const Source& source);

  /// Reads what `bytecode` wrote, with the same engine build. Bytecode is trusted like native code.
  static Result<Module> read(Context& context, std::span<const std::uint8_t> bytecode);

  /// A module whose exports are native. `initialize` runs when the module is first evaluated and
  /// returns one value per name.
  using Initialize = std::function<Result<std::vector<Value>>(Context&)>;
  static Result<Module> native(Context& context, const std::string& name,
                               std::vector<std::string> exports, Initialize initialize);

  [[nodiscard]] Result<Bytecode> bytecode(Context& context) const;

  /// Sets a property of `import.meta`.
  Result<> set_meta(Context& context, const char* name, Value value) const;

  /// Links and runs the module and its imports; the promise settles when all of them have run. For
  /// modules without top-level await it is settled on return.
  [[nodiscard]] Result<Value> evaluate(Context& context) const;

  [[nodiscard]] Result<Value> exports(Context& context) const;

  [[nodiscard]] JSModuleDef* raw() const { return raw_; }

 private:
  explicit Module(JSModuleDef* raw) : raw_(raw) {}
  static Result<Module> adopt(Context& context, JSValue value);

  JSModuleDef* raw_;
};

/// Where a context finds modules. Called on the context's thread while JavaScript waits; an Error
/// is thrown to the importing code.
class ModuleSource {
 public:
  virtual ~ModuleSource() = default;
  /// The unique name of what `specifier` means in the module named `base`.
  virtual Result<std::string> resolve(Context& context, const std::string& base,
                                      const std::string& specifier) = 0;
  /// The module of a unique name that is not loaded yet.
  virtual Result<Module> load(Context& context, const std::string& name) = 0;
};

}  // namespace isopod::engine
