// SPDX-License-Identifier: MIT
#include "node/native_object.h"

#include <cmath>

namespace isopod::node {

using engine::Arguments;
using engine::Context;
using engine::Value;

Result<Value> make_function(Context& context, NativeEntry entry) {
  return context.function(entry.name, entry.parameter_count,
                          [function = std::move(entry.function)](
                              Context& in, const Arguments& arguments) -> Result<Value> {
                            if (in.runtime().must_end())
                              return fail(Code::kTimeout,
                                          "JavaScript ran longer than its time limit");
                            return function(in, arguments);
                          });
}

Result<Value> make_object(Context& context, std::vector<NativeEntry> entries) {
  Result<Value> object = context.object();
  if (!object) return object;
  for (NativeEntry& entry : entries) {
    const char* name = entry.name;
    Result<Value> function = make_function(context, std::move(entry));
    if (!function) return function;
    if (auto set = context.set(*object, name, *std::move(function)); !set)
      return fail(std::move(set.error()));
  }
  return object;
}

isolate::NativeModule make_module(std::string name, std::vector<NativeEntry> (*entries)()) {
  isolate::NativeModule module;
  module.name = std::move(name);
  for (const NativeEntry& entry : entries()) module.exports.emplace_back(entry.name);
  module.initialize = [entries](Context& context) -> Result<std::vector<Value>> {
    std::vector<Value> values;
    for (NativeEntry& entry : entries()) {
      Result<Value> function = make_function(context, std::move(entry));
      if (!function) return fail(std::move(function.error()));
      values.push_back(*std::move(function));
    }
    return values;
  };
  return module;
}

Result<std::uint64_t> whole_number(Context& context, const Value& value, std::uint64_t max) {
  Result<double> number = value.is_number() ? context.to_number(value)
                                            : fail(Code::kInvalidArgument, "expected a number");
  if (!number) return fail(std::move(number.error()));
  if (!(*number >= 0 && *number <= static_cast<double>(max)) || std::trunc(*number) != *number)
    return fail(Code::kInvalidArgument, "expected a whole number up to " + std::to_string(max));
  return static_cast<std::uint64_t>(*number);
}

}  // namespace isopod::node
