// SPDX-License-Identifier: MIT
#include "engine/module.h"

#include <memory>
#include <utility>

#include "base/check.h"
#include "engine/exception.h"

namespace isopod::engine {
namespace {

struct NativeModule {
  std::vector<std::string> names;
  Module::Initialize initialize;
};

/// The engine gives a native module's initializer no opaque pointer, only a private value; ours is
/// a function object that owns the NativeModule and, when called, sets the exports.
int initialize_native(JSContext* raw, JSModuleDef* module) {
  auto& context = *static_cast<Context*>(JS_GetContextOpaque(raw));
  const JSValue holder = JS_GetModulePrivateValue(raw, module);
  const JSValue values = JS_Call(raw, holder, JS_UNDEFINED, 0, nullptr);
  JS_FreeValue(raw, holder);
  if (JS_IsException(values)) return -1;
  const Value pairs(context, values);
  const Result<Value> length = context.get(pairs, "length");
  const Result<double> count = length ? context.to_number(*length) : fail(length.error());
  ISOPOD_CHECK(count.has_value(), "the holder returns an array");
  for (std::uint32_t i = 0; i + 1 < static_cast<std::uint32_t>(*count); i += 2) {
    const Value name(context, JS_GetPropertyUint32(raw, pairs.raw(), i));
    const Result<std::string> text = context.to_text(name);
    if (!text) return -1;
    if (JS_SetModuleExport(raw, module, text->c_str(),
                           JS_GetPropertyUint32(raw, pairs.raw(), i + 1)) < 0) {
      return -1;
    }
  }
  return 0;
}

Result<Value> names_and_values(Context& context, const NativeModule& native) {
  Result<std::vector<Value>> values = native.initialize(context);
  if (!values) return fail(std::move(values.error()));
  ISOPOD_CHECK(values->size() == native.names.size(), "a native module returns one value per name");
  std::vector<Value> flat;
  for (std::size_t i = 0; i < native.names.size(); ++i) {
    Result<Value> name = context.text(native.names[i]);
    if (!name) return name;
    flat.push_back(*std::move(name));
    flat.push_back(std::move((*values)[i]));
  }
  return context.array(std::move(flat));
}

}  // namespace

Result<Module> Module::adopt(Context& context, JSValue value) {
  if (JS_IsException(value)) return fail(take_exception(context));
  ISOPOD_CHECK(JS_IsModule(value), "the engine compiled a module");
  auto* raw = static_cast<JSModuleDef*>(JS_VALUE_GET_PTR(value));
  // The context's list of modules keeps its own reference.
  JS_FreeValue(context.raw(), value);
  return Module(raw);
}

Result<Module> Module::compile(Context& context, const Source& source) {
  Entry entry(context.runtime());
  JSEvalOptions options = {JS_EVAL_OPTIONS_VERSION, JS_EVAL_TYPE_MODULE | JS_EVAL_FLAG_COMPILE_ONLY,
                           source.name.c_str(),
                           /*line_num=*/1};
  // The engine's parser reads the terminator, which a view need not have.
  const std::string terminated(source.code);
  return adopt(context, JS_Eval2(context.raw(), terminated.c_str(), terminated.size(), &options));
}

Result<Module> Module::read(Context& context, std::span<const std::uint8_t> bytecode) {
  Entry entry(context.runtime());
  return adopt(context, JS_ReadObject(context.raw(), bytecode.data(), bytecode.size(),
                                      JS_READ_OBJ_BYTECODE));
}

Result<Module> Module::native(Context& context, const std::string& name,
                              std::vector<std::string> exports, Initialize initialize) {
  Entry entry(context.runtime());
  JSContext* raw = context.raw();
  JSModuleDef* module = JS_NewCModule(raw, name.c_str(), initialize_native);
  if (module == nullptr) return fail(take_exception(context));
  for (const std::string& exported : exports) {
    if (JS_AddModuleExport(raw, module, exported.c_str()) < 0) return fail(take_exception(context));
  }
  auto native =
      std::make_shared<NativeModule>(NativeModule{std::move(exports), std::move(initialize)});
  Result<Value> holder = context.function(
      "initialize", 0, [native = std::move(native)](Context& in, const Arguments&) {
        return names_and_values(in, *native);
      });
  if (!holder) return fail(std::move(holder.error()));
  if (JS_SetModulePrivateValue(raw, module, holder->release()) < 0)
    return fail(take_exception(context));
  return Module(module);
}

Result<Bytecode> Module::bytecode(Context& context) const {
  Entry entry(context.runtime());
  JSContext* raw = context.raw();
  std::size_t size = 0;
  std::uint8_t* data = JS_WriteObject(raw, &size, JS_MKPTR(JS_TAG_MODULE, raw_),
                                      JS_WRITE_OBJ_BYTECODE | JS_WRITE_OBJ_STRIP_SOURCE);
  if (data == nullptr) return fail(take_exception(context));
  Bytecode copy(data, data + size);
  js_free(raw, data);
  return copy;
}

Result<> Module::set_meta(Context& context, const char* name, Value value) const {
  Entry entry(context.runtime());
  const Value meta(context, JS_GetImportMeta(context.raw(), raw_));
  if (JS_IsException(meta.raw())) return fail(take_exception(context));
  return context.set(meta, name, std::move(value));
}

Result<Value> Module::evaluate(Context& context) const {
  Entry entry(context.runtime());
  JSContext* raw = context.raw();
  const JSValue module = JS_MKPTR(JS_TAG_MODULE, raw_);
  if (JS_ResolveModule(raw, module) < 0) return fail(take_exception(context));
  const JSValue promise = JS_EvalFunction(raw, JS_DupValue(raw, module));
  if (JS_IsException(promise)) return fail(take_exception(context));
  return Value(context, promise);
}

Result<Value> Module::exports(Context& context) const {
  Entry entry(context.runtime());
  const JSValue names = JS_GetModuleNamespace(context.raw(), raw_);
  if (JS_IsException(names)) return fail(take_exception(context));
  return Value(context, names);
}

}  // namespace isopod::engine
