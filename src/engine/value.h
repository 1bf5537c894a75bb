// SPDX-License-Identifier: MIT
#pragma once

#include <quickjs.h>

#include <utility>

namespace isopod::engine {

class Context;

/// One counted reference to a JavaScript value. Move-only; `duplicate` makes a second reference. It
/// belongs to the context it came from, is used on that context's thread and must be destroyed
/// before it: the context checks. A default-constructed Value is `undefined` and belongs to none.
class Value {
 public:
  Value() = default;
  /// Takes over one reference.
  Value(Context& context, JSValue value);
  ~Value() { reset(); }
  Value(Value&& other) noexcept
      : context_(std::exchange(other.context_, nullptr)),
        value_(std::exchange(other.value_, JS_UNDEFINED)) {}
  Value& operator=(Value&& other) noexcept;
  Value(const Value&) = delete;
  Value& operator=(const Value&) = delete;

  [[nodiscard]] Value duplicate() const;

  [[nodiscard]] bool is_undefined() const { return JS_IsUndefined(value_); }
  [[nodiscard]] bool is_null() const { return JS_IsNull(value_); }
  [[nodiscard]] bool is_object() const { return JS_IsObject(value_); }
  [[nodiscard]] bool is_string() const { return JS_IsString(value_); }
  [[nodiscard]] bool is_number() const { return JS_IsNumber(value_); }
  [[nodiscard]] bool is_promise() const { return JS_IsPromise(value_); }
  [[nodiscard]] bool is_function() const;
  /// Whether both are the one object.
  [[nodiscard]] bool is_same_object(const Value& other) const {
    return is_object() && other.is_object() &&
           JS_VALUE_GET_PTR(value_) == JS_VALUE_GET_PTR(other.value_);
  }

  /// Borrowed; valid while this Value is.
  [[nodiscard]] JSValueConst raw() const { return value_; }
  /// Gives the reference away.
  [[nodiscard]] JSValue release();

 private:
  void reset();

  Context* context_ = nullptr;
  JSValue value_ = JS_UNDEFINED;
};

}  // namespace isopod::engine
