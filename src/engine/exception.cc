// SPDX-License-Identifier: MIT
#include "engine/exception.h"

#include <charconv>
#include <optional>
#include <string>
#include <string_view>

#include "engine/context.h"

namespace isopod::engine {
namespace {

/// The text of a value, or nothing when converting it throws; the exception is dropped then.
std::optional<std::string> text_of(JSContext* raw, JSValueConst value) {
  std::size_t length = 0;
  const char* text = JS_ToCStringLen(raw, &length, value);
  if (text == nullptr) {
    JS_FreeValue(raw, JS_GetException(raw));
    return std::nullopt;
  }
  std::string copy(text, length);
  JS_FreeCString(raw, text);
  return copy;
}

/// A property that holds a string. Reading it may run a getter of the script; what that throws is
/// dropped, because the exception being described matters more.
std::optional<std::string> string_property(JSContext* raw, JSValueConst object, const char* name) {
  JSValue value = JS_GetPropertyStr(raw, object, name);
  if (JS_IsException(value)) {
    JS_FreeValue(raw, JS_GetException(raw));
    return std::nullopt;
  }
  std::optional<std::string> text;
  if (JS_IsString(value)) text = text_of(raw, value);
  JS_FreeValue(raw, value);
  return text;
}

/// Cuts ":number" off the end of `text`.
std::optional<int> cut_number(std::string_view& text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos || colon + 1 == text.size()) return std::nullopt;
  const std::string_view digits = text.substr(colon + 1);
  int number = 0;
  const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (parsed.ec != std::errc() || parsed.ptr != digits.data() + digits.size()) return std::nullopt;
  text = text.substr(0, colon);
  return number;
}

/// "    at name (file:line:column)" or "    at file:line:column".
Location parse_frame(std::string_view frame) {
  const std::size_t open = frame.rfind('(');
  if (open != std::string_view::npos && frame.ends_with(')')) {
    frame = frame.substr(open + 1, frame.size() - open - 2);
  } else {
    const std::size_t at = frame.find("at ");
    if (at != std::string_view::npos) frame = frame.substr(at + 3);
  }
  const std::optional<int> column = cut_number(frame);
  if (!column) return {std::string(frame), 0, 0};
  const std::optional<int> line = cut_number(frame);
  if (!line) return {std::string(frame), *column, 0};
  return {std::string(frame), *line, *column};
}

/// What an author can see of a stack: frames of built-in modules have names, not paths.
struct OwnFrames {
  std::string stack;
  Location first;
};

OwnFrames own_frames(std::string_view stack) {
  OwnFrames own;
  while (!stack.empty()) {
    const std::size_t end = stack.find('\n');
    const std::string_view line = stack.substr(0, end);
    stack = end == std::string_view::npos ? std::string_view() : stack.substr(end + 1);
    Location place = parse_frame(line);
    if (!place.file.starts_with('/')) continue;
    (own.stack += line) += '\n';
    if (own.first.file.empty()) own.first = std::move(place);
  }
  return own;
}

/// The code that native code gave an error it made; absent from errors of scripts.
std::optional<Code> native_code(Context& context, JSValueConst thrown) {
  JSContext* raw = context.raw();
  JSPropertyDescriptor property;
  const int found = JS_GetOwnProperty(raw, &property, thrown, context.native_code_key());
  if (found < 0) JS_FreeValue(raw, JS_GetException(raw));
  if (found <= 0) return std::nullopt;
  std::int32_t number = -1;
  if (JS_IsNumber(property.value)) JS_ToInt32(raw, &number, property.value);
  JS_FreeValue(raw, property.value);
  JS_FreeValue(raw, property.getter);
  JS_FreeValue(raw, property.setter);
  if (number < 0 || number > static_cast<std::int32_t>(Code::kInternal)) return std::nullopt;
  return static_cast<Code>(number);
}

Code code_of(Context& context, JSValueConst thrown, const Error& error) {
  if (const std::optional<Code> native = native_code(context, thrown)) return *native;
  JSContext* raw = context.raw();
  const std::optional<std::string> name = string_property(raw, thrown, "name");
  if (name == "SyntaxError") return Code::kSyntax;
  if (name == "RangeError" && error.message == "Maximum call stack size exceeded") {
    return Code::kStackOverflow;
  }
  const std::optional<std::string> code = string_property(raw, thrown, "code");
  if (name == "HostcallError" && code) return code_from_string(*code);
  // What the prelude throws about an extension it cannot load.
  if (code == to_string(Code::kNoFactory)) return Code::kNoFactory;
  if (code == to_string(Code::kUnsupported)) return Code::kUnsupported;
  return Code::kException;
}

/// What to say instead of an exception that a faulted runtime left behind.
std::optional<Error> describe_fault(Runtime& runtime) {
  switch (runtime.fault()) {
    case Fault::kNone: return std::nullopt;
    case Fault::kTimeout:
      return Error{Code::kTimeout, "JavaScript ran longer than its time limit", {}, {}};
    case Fault::kMemory:
      return Error{Code::kMemory,
                   "out of memory: the heap limit of " +
                       std::to_string(runtime.heap().limit_bytes() >> 20) + " MB was reached",
                   {},
                   {}};
    case Fault::kStopped: return Error{Code::kCancelled, "the extension was stopped", {}, {}};
  }
  return std::nullopt;
}

}  // namespace

Error describe_thrown(Context& context, JSValueConst thrown) {
  Entry entry(context.runtime());
  if (auto fault = describe_fault(context.runtime())) return *std::move(fault);
  JSContext* raw = context.raw();
  Error error{Code::kException, {}, {}, {}};
  if (!JS_IsObject(thrown)) {
    error.message = text_of(raw, thrown).value_or("a value that has no text was thrown");
    return error;
  }
  const auto message = string_property(raw, thrown, "message");
  error.message =
      message ? *message : text_of(raw, thrown).value_or("an object without text was thrown");
  OwnFrames own = own_frames(string_property(raw, thrown, "stack").value_or(""));
  error.stack = std::move(own.stack);
  error.where = std::move(own.first);
  error.code = code_of(context, thrown, error);
  // Describing runs script, so the runtime may have faulted meanwhile.
  if (auto fault = describe_fault(context.runtime())) return *std::move(fault);
  return error;
}

Error take_exception(Context& context) {
  Entry entry(context.runtime());
  const JSValue thrown = JS_GetException(context.raw());
  Error error = describe_thrown(context, thrown);
  JS_FreeValue(context.raw(), thrown);
  return error;
}

JSValue make_error_object(Context& context, const Error& error) {
  JSContext* raw = context.raw();
  const char* message = error.message.c_str();
  JSValue object;
  switch (error.code) {
    case Code::kSyntax: object = JS_NewSyntaxError(raw, "%s", ""); break;
    case Code::kStackOverflow: object = JS_NewRangeError(raw, "%s", ""); break;
    case Code::kInvalidArgument:
    case Code::kNotSerializable: object = JS_NewTypeError(raw, "%s", ""); break;
    default: object = JS_NewPlainError(raw, "%s", ""); break;
  }
  if (JS_IsException(object)) return object;
  const int flags = JS_PROP_WRITABLE | JS_PROP_CONFIGURABLE;
  // Set, not formatted: the engine's formatter cuts long messages.
  JS_DefinePropertyValueStr(raw, object, "message",
                            JS_NewStringLen(raw, message, error.message.size()), flags);
  const bool not_found = error.code == Code::kModuleNotFound;
  const std::string code(not_found ? "MODULE_NOT_FOUND" : to_string(error.code));
  JS_DefinePropertyValueStr(raw, object, "code", JS_NewStringLen(raw, code.data(), code.size()),
                            flags | JS_PROP_ENUMERABLE);
  JS_DefinePropertyValue(raw, object, context.native_code_key(),
                         JS_NewInt32(raw, static_cast<std::int32_t>(error.code)), 0);
  const std::string place = error.where.to_string();
  const std::string stack = !error.stack.empty() ? error.stack
                            : place.empty()      ? ""
                                                 : "    at " + place + "\n";
  if (!stack.empty()) {
    JS_DefinePropertyValueStr(raw, object, "stack",
                              JS_NewStringLen(raw, stack.data(), stack.size()), flags);
  }
  return object;
}

JSValue throw_error(Context& context, const Error& error) {
  const JSValue object = make_error_object(context, error);
  if (JS_IsException(object)) return object;
  return JS_Throw(context.raw(), object);
}

}  // namespace isopod::engine
