// SPDX-License-Identifier: MIT
#pragma once

#include <quickjs.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "engine/runtime.h"
#include "engine/value.h"
#include "isopod/result.h"

namespace isopod::engine {

class ModuleSource;

/// The arguments of a native function. Borrowed for the duration of the call.
class Arguments {
 public:
  Arguments(Context& context, int count, JSValueConst* values)
      : context_(context), values_(values, static_cast<std::size_t>(count)) {}
  /// The argument at `index`, `undefined` when it was not given.
  [[nodiscard]] Value at(std::size_t index) const;

 private:
  Context& context_;
  std::span<JSValueConst> values_;
};

/// A C++ function that JavaScript can call. An Error it returns is thrown as a JavaScript error
/// whose `code` is the error's word.
using NativeFunction = std::function<Result<Value>(Context&, const Arguments&)>;

/// A promise and the means to settle it, once.
struct Deferred {
  Value promise;
  Value resolve;
  Value reject;
};

enum class PromiseState { kPending, kFulfilled, kRejected };

/// One realm of a runtime: globals, modules, values. Having a `Context&` is the right to touch its
/// heap; it is passed as an argument and never kept across a suspension. Single-threaded like its
/// Runtime. JavaScript exceptions come out as `Error` (exception.h), never as C++ exceptions.
class Context {
 public:
  static Result<std::unique_ptr<Context>> create(Runtime& runtime);
  ~Context();
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;

  // ---- making values ----
  Value undefined() { return {*this, JS_UNDEFINED}; }
  Value null() { return {*this, JS_NULL}; }
  Value boolean(bool value) { return {*this, JS_NewBool(raw_, value)}; }
  Value number(double value) { return {*this, JS_NewFloat64(raw_, value)}; }
  Result<Value> text(std::string_view utf8);
  Result<Value> bytes(std::span<const std::uint8_t> data);
  Result<Value> object();
  Result<Value> array(std::vector<Value> elements);
  Result<Value> from_json(std::string_view text);
  Result<Value> function(const char* name, int parameter_count, NativeFunction callee);
  Result<Deferred> deferred();
  Value global();

  // ---- using values ----
  Result<Value> get(const Value& object, const char* name);
  Result<> set(const Value& object, const char* name, Value value);
  Result<Value> call(const Value& function, std::span<const Value> arguments);
  /// The same with `receiver` as the function's `this`.
  Result<Value> call_on(const Value& receiver, const Value& function,
                        std::span<const Value> arguments);
  Result<> settle(const Value& settler, Value with);
  Result<std::string> to_text(const Value& value);
  Result<double> to_number(const Value& value);
  /// Whether JavaScript would take the value as true.
  [[nodiscard]] bool truthy(const Value& value);
  /// The names of an object's own enumerable properties; empty for what is no object.
  Result<std::vector<std::string>> keys(const Value& object);
  /// JSON text of a value; "null" for what JSON cannot say (undefined, a function). A lone
  /// surrogate, which no UTF-8 text can hold, becomes U+FFFD. Errors: `not_serializable` for a
  /// cycle or a BigInt, whatever a `toJSON` or getter throws otherwise.
  Result<std::string> to_json(const Value& value);
  /// Copies the bytes of a Uint8Array. Errors: `invalid_argument` for anything else.
  Result<std::vector<std::uint8_t>> to_bytes(const Value& value);
  /// Overwrites the bytes of a Uint8Array from its start. Errors: `invalid_argument` when `value`
  /// is none or its length differs.
  Result<> copy_into(const Value& value, std::span<const std::uint8_t> data);

  /// For a native function that throws a JavaScript value as it is: `return context.thrown(value);`
  Result<Value> thrown(Value value);

  PromiseState promise_state(const Value& promise);
  /// The value or reason of a settled promise.
  Value promise_result(const Value& promise);
  /// The reason of a rejected promise as an Error. Counts as handling it: it is not reported.
  Error take_rejection(const Value& promise);

  // ---- running source ----
  /// Runs a classic script. `line` is the number of its first line in messages; a negative one
  /// hides a wrapper that precedes the author's first line (0 means 1 to the engine).
  Result<Value> evaluate_script(const std::string& source, const std::string& name, int line = 1);

  /// Where imports are resolved and loaded. Must outlive the context's use of modules.
  void set_module_source(ModuleSource& source);

  /// The key under which an error object made from an Error keeps its Code (exception.cc).
  [[nodiscard]] JSAtom native_code_key() const { return native_code_; }

  Runtime& runtime() { return runtime_; }
  [[nodiscard]] JSContext* raw() const { return raw_; }

 private:
  friend class Value;
  friend class Module;
  explicit Context(Runtime& runtime);
  static char* normalize_hook(JSContext* raw, const char* base, const char* specifier,
                              void* opaque);
  static JSModuleDef* load_hook(JSContext* raw, const char* name, void* opaque,
                                JSValueConst attributes);
  /// The value, or the pending exception as an Error.
  Result<Value> take(JSValue value);

  Runtime& runtime_;
  JSContext* raw_ = nullptr;
  JSAtom native_code_ = JS_ATOM_NULL;  // marks errors that native code made with their Code
  ModuleSource* module_source_ = nullptr;
  std::size_t live_values_ = 0;
};

}  // namespace isopod::engine
