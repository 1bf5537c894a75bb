// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "engine/context.h"
#include "isolate/options.h"

namespace isopod::node {

/// A function of a native module or of an object that one of them returns.
struct NativeEntry {
  const char* name;
  int parameter_count;
  engine::NativeFunction function;
};

/// A function that fails when the turn is over, so that a script which calls it without end is
/// stopped in time however long each call takes: the engine looks only every ten thousand calls.
Result<engine::Value> make_function(engine::Context& context, NativeEntry entry);

/// An object with those functions. What they share belongs to them and goes when the last of them
/// is collected.
Result<engine::Value> make_object(engine::Context& context, std::vector<NativeEntry> entries);

/// A module with those functions; `entries` is called in each isolate that imports it.
isolate::NativeModule make_module(std::string name, std::vector<NativeEntry> (*entries)());

/// The whole number that a script passed. Errors: `invalid_argument` when it is none from 0 to
/// `max`.
Result<std::uint64_t> whole_number(engine::Context& context, const engine::Value& value,
                                   std::uint64_t max);

}  // namespace isopod::node
