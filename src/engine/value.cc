// SPDX-License-Identifier: MIT
#include "engine/value.h"

#include "engine/context.h"

namespace isopod::engine {

Value::Value(Context& context, JSValue value) : context_(&context), value_(value) {
  ++context.live_values_;
}

Value& Value::operator=(Value&& other) noexcept {
  if (this != &other) {
    reset();
    context_ = std::exchange(other.context_, nullptr);
    value_ = std::exchange(other.value_, JS_UNDEFINED);
  }
  return *this;
}

Value Value::duplicate() const {
  if (context_ == nullptr) return {};
  return {*context_, JS_DupValue(context_->raw(), value_)};
}

bool Value::is_function() const {
  return context_ != nullptr && JS_IsFunction(context_->raw(), value_);
}

JSValue Value::release() {
  if (context_ != nullptr) --std::exchange(context_, nullptr)->live_values_;
  return std::exchange(value_, JS_UNDEFINED);
}

void Value::reset() {
  if (context_ == nullptr) return;
  JSContext* raw = context_->raw();
  JS_FreeValue(raw, release());
}

}  // namespace isopod::engine
