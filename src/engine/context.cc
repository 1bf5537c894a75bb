// SPDX-License-Identifier: MIT
#include "engine/context.h"

#include <cstring>

#include "base/check.h"
#include "engine/exception.h"
#include "engine/module.h"

namespace isopod::engine {
namespace {

Context& context_of(JSContext* raw) { return *static_cast<Context*>(JS_GetContextOpaque(raw)); }

JSValue call_native(JSContext* raw, JSValueConst, int count, JSValueConst* values, int,
                    void* opaque) {
  Context& context = context_of(raw);
  auto& callee = *static_cast<NativeFunction*>(opaque);
  Result<Value> result = callee(context, Arguments(context, count, values));
  if (result) return result->release();
  // `Context::thrown` leaves its value pending; everything else is thrown as a new error object.
  return JS_HasException(raw) ? JS_EXCEPTION : throw_error(context, result.error());
}

/// The engine's JSON text escapes nothing from U+D800 to U+DFFF but lone surrogates.
void replace_lone_surrogates(std::string& json) {
  for (std::size_t i = json.find('\\'); i != std::string::npos; i = json.find('\\', i + 2)) {
    const std::string_view escape = std::string_view(json).substr(i, 4);
    if (escape.starts_with("\\ud") && escape.size() == 4 && escape[3] >= '8')
      json.replace(i + 2, 4, "fffd");
  }
}

}  // namespace

Value Arguments::at(std::size_t index) const {
  if (index >= values_.size()) return context_.undefined();
  return {context_, JS_DupValue(context_.raw(), values_[index])};
}

Context::Context(Runtime& runtime) : runtime_(runtime) {
  Entry entry(runtime);
  raw_ = JS_NewContext(runtime.raw());
  if (raw_ == nullptr) return;
  JS_SetContextOpaque(raw_, this);
  const JSValue symbol = JS_NewSymbol(raw_, "isopod.code", /*is_global=*/false);
  native_code_ = JS_ValueToAtom(raw_, symbol);
  JS_FreeValue(raw_, symbol);
  runtime.context_ = this;
}

Result<std::unique_ptr<Context>> Context::create(Runtime& runtime) {
  ISOPOD_CHECK(runtime.context_ == nullptr, "a runtime has one context");
  auto context = std::unique_ptr<Context>(new Context(runtime));
  if (context->raw_ == nullptr) {
    return fail(Code::kMemory, "the heap limit is too small for a JavaScript context");
  }
  return context;
}

Context::~Context() {
  if (raw_ == nullptr) return;
  Entry entry(runtime_);
  runtime_.drop_rejections();
  ISOPOD_CHECK(live_values_ == 0, "every Value is destroyed before its context");
  JS_FreeAtom(raw_, native_code_);
  JS_FreeContext(raw_);
  runtime_.context_ = nullptr;
}

Result<Value> Context::take(JSValue value) {
  if (JS_IsException(value)) return fail(take_exception(*this));
  return Value(*this, value);
}

Result<Value> Context::text(std::string_view utf8) {
  return take(JS_NewStringLen(raw_, utf8.data(), utf8.size()));
}

Result<Value> Context::bytes(std::span<const std::uint8_t> data) {
  return take(JS_NewUint8ArrayCopy(raw_, data.data(), data.size()));
}

Result<Value> Context::object() { return take(JS_NewObject(raw_)); }

Result<Value> Context::array(std::vector<Value> elements) {
  Result<Value> array = take(JS_NewArray(raw_));
  if (!array) return array;
  for (std::size_t i = 0; i < elements.size(); ++i) {
    const auto index = static_cast<std::uint32_t>(i);
    if (JS_SetPropertyUint32(raw_, array->raw(), index, elements[i].release()) < 0) {
      return fail(take_exception(*this));
    }
  }
  return array;
}

Result<Value> Context::from_json(std::string_view text) {
  Entry entry(runtime_);
  // The engine's parser reads the terminator, which a view need not have.
  const std::string terminated(text);
  return take(JS_ParseJSON(raw_, terminated.c_str(), terminated.size(), "<json>"));
}

Result<Value> Context::function(const char* name, int parameter_count, NativeFunction callee) {
  auto owned = std::make_unique<NativeFunction>(std::move(callee));
  JSValue made = JS_NewCClosure(
      raw_, call_native, name, [](void* opaque) { delete static_cast<NativeFunction*>(opaque); },
      parameter_count, 0, owned.get());
  if (!JS_IsException(made)) static_cast<void>(owned.release());
  return take(made);
}

Result<Deferred> Context::deferred() {
  JSValue settlers[2] = {JS_UNDEFINED, JS_UNDEFINED};
  JSValue promise = JS_NewPromiseCapability(raw_, settlers);
  if (JS_IsException(promise)) return fail(take_exception(*this));
  return Deferred{Value(*this, promise), Value(*this, settlers[0]), Value(*this, settlers[1])};
}

Value Context::global() { return {*this, JS_GetGlobalObject(raw_)}; }

Result<Value> Context::get(const Value& object, const char* name) {
  Entry entry(runtime_);
  return take(JS_GetPropertyStr(raw_, object.raw(), name));
}

Result<> Context::set(const Value& object, const char* name, Value value) {
  Entry entry(runtime_);
  if (JS_SetPropertyStr(raw_, object.raw(), name, value.release()) < 0) {
    return fail(take_exception(*this));
  }
  return {};
}

Result<Value> Context::call(const Value& function, std::span<const Value> arguments) {
  return call_on(Value(), function, arguments);
}

Result<Value> Context::call_on(const Value& receiver, const Value& function,
                               std::span<const Value> arguments) {
  Entry entry(runtime_);
  std::vector<JSValueConst> borrowed;
  borrowed.reserve(arguments.size());
  for (const Value& argument : arguments) borrowed.push_back(argument.raw());
  return take(JS_Call(raw_, function.raw(), receiver.raw(), static_cast<int>(borrowed.size()),
                      borrowed.data()));
}

Result<> Context::settle(const Value& settler, Value with) {
  Result<Value> called = call(settler, std::span<const Value>(&with, 1));
  if (!called) return fail(std::move(called.error()));
  return {};
}

Result<std::string> Context::to_text(const Value& value) {
  Entry entry(runtime_);
  std::size_t length = 0;
  const char* text = JS_ToCStringLen(raw_, &length, value.raw());
  if (text == nullptr) return fail(take_exception(*this));
  std::string copy(text, length);
  JS_FreeCString(raw_, text);
  return copy;
}

Result<double> Context::to_number(const Value& value) {
  Entry entry(runtime_);
  double number = 0;
  if (JS_ToFloat64(raw_, &number, value.raw()) < 0) return fail(take_exception(*this));
  return number;
}

bool Context::truthy(const Value& value) { return JS_ToBool(raw_, value.raw()) == 1; }

Result<std::vector<std::string>> Context::keys(const Value& object) {
  Entry entry(runtime_);
  std::vector<std::string> names;
  if (!object.is_object()) return names;
  JSPropertyEnum* properties = nullptr;
  std::uint32_t count = 0;
  const int which = JS_GPN_STRING_MASK | JS_GPN_ENUM_ONLY;
  if (JS_GetOwnPropertyNames(raw_, &properties, &count, object.raw(), which) < 0) {
    return fail(take_exception(*this));
  }
  for (std::uint32_t i = 0; i < count; ++i) {
    const Value name(*this, JS_AtomToString(raw_, properties[i].atom));
    if (Result<std::string> text = to_text(name)) names.push_back(*std::move(text));
  }
  JS_FreePropertyEnum(raw_, properties, count);
  return names;
}

Result<std::string> Context::to_json(const Value& value) {
  Entry entry(runtime_);
  Result<Value> json = take(JS_JSONStringify(raw_, value.raw(), JS_UNDEFINED, JS_UNDEFINED));
  if (!json) {
    Error error = std::move(json.error());
    // The engine throws plain TypeErrors for values JSON cannot say; getters may throw anything.
    const bool cycle = error.message == "circular reference";
    const bool big = error.message.find("BigInt") != std::string::npos;
    if (error.code == Code::kException && (cycle || big)) {
      error.code = Code::kNotSerializable;
      error.message = cycle ? "the value contains itself (a cycle), so it cannot be plain data"
                            : "the value contains a BigInt, so it cannot be plain data";
    }
    return fail(std::move(error));
  }
  if (json->is_undefined()) return std::string("null");
  Result<std::string> text = to_text(*json);
  if (text) replace_lone_surrogates(*text);
  return text;
}

Result<Value> Context::thrown(Value value) {
  JS_Throw(raw_, value.release());
  return fail(Code::kException, "a JavaScript exception is pending");
}

Result<std::vector<std::uint8_t>> Context::to_bytes(const Value& value) {
  std::size_t size = 0;
  const std::uint8_t* data = JS_GetUint8Array(raw_, &size, value.raw());
  if (data == nullptr) {
    JS_FreeValue(raw_, JS_GetException(raw_));
    return fail(Code::kInvalidArgument, "expected a Uint8Array");
  }
  return std::vector<std::uint8_t>(data, data + size);
}

Result<> Context::copy_into(const Value& value, std::span<const std::uint8_t> data) {
  std::size_t size = 0;
  std::uint8_t* target = JS_GetUint8Array(raw_, &size, value.raw());
  if (target == nullptr || size != data.size()) {
    if (target == nullptr) JS_FreeValue(raw_, JS_GetException(raw_));
    return fail(Code::kInvalidArgument, "expected a Uint8Array of that length");
  }
  if (!data.empty()) std::memcpy(target, data.data(), data.size());
  return {};
}

PromiseState Context::promise_state(const Value& promise) {
  switch (JS_PromiseState(raw_, promise.raw())) {
    case JS_PROMISE_FULFILLED: return PromiseState::kFulfilled;
    case JS_PROMISE_REJECTED: return PromiseState::kRejected;
    default: return PromiseState::kPending;
  }
}

Value Context::promise_result(const Value& promise) {
  return {*this, JS_PromiseResult(raw_, promise.raw())};
}

Error Context::take_rejection(const Value& promise) {
  runtime_.forget_rejection(promise.raw());
  const Value reason = promise_result(promise);
  return describe_thrown(*this, reason.raw());
}

Result<Value> Context::evaluate_script(const std::string& source, const std::string& name,
                                       int line) {
  Entry entry(runtime_);
  JSEvalOptions options = {JS_EVAL_OPTIONS_VERSION, JS_EVAL_TYPE_GLOBAL, name.c_str(), line};
  return take(JS_Eval2(raw_, source.c_str(), source.size(), &options));
}

void Context::set_module_source(ModuleSource& source) {
  module_source_ = &source;
  JS_SetModuleLoaderFunc2(runtime_.raw(), normalize_hook, load_hook, nullptr, nullptr);
}

char* Context::normalize_hook(JSContext* raw, const char* base, const char* specifier, void*) {
  Context& context = context_of(raw);
  Result<std::string> name = context.module_source_->resolve(context, base, specifier);
  if (!name) {
    throw_error(context, name.error());
    return nullptr;
  }
  return js_strndup(raw, name->data(), name->size());
}

JSModuleDef* Context::load_hook(JSContext* raw, const char* name, void*, JSValueConst) {
  Context& context = context_of(raw);
  Result<Module> module = context.module_source_->load(context, name);
  if (!module) {
    throw_error(context, module.error());
    return nullptr;
  }
  return module->raw();
}

}  // namespace isopod::engine
