// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/json.h"
#include "base/random.h"
#include "engine/module.h"
#include "modules/builtins.h"

namespace isopod::isolate {

/// What one isolate may use. Reaching a heap or turn limit ends the isolate; the others are errors
/// that the script sees.
struct Limits {
  std::size_t heap_bytes_max = std::size_t{256} << 20;
  std::size_t stack_bytes_max = std::size_t{1} << 20;
  std::chrono::milliseconds turn = std::chrono::milliseconds(5000);  ///< JavaScript without a pause
  std::size_t timers_max = 1024;
  /// After so many promise jobs the loop looks at timers and messages before it goes on.
  std::size_t jobs_per_turn_max = 10'000;
};

/// Native functions that built-in modules may import and extensions may not. Nothing of it runs
/// before something imports it.
struct NativeModule {
  std::string name;                  ///< starts with modules::kInternalPrefix
  std::vector<std::string> exports;  ///< the names
  /// Runs once in each isolate, on its thread, when the module is first imported; one value per
  /// name. What it makes belongs to that isolate.
  engine::Module::Initialize initialize;
};

struct Options {
  std::string name;  ///< for the thread
  Limits limits = {};
  const modules::BuiltinTable* builtins = nullptr;  ///< required; outlives the isolate
  std::string boot_module = "isopod:core";          ///< the built-in that is run first
  /// Beside "isopod:native". Borrowed; outlives the isolate.
  std::span<const NativeModule> native_modules = {};
  Json info = Json::object();    ///< plain facts for the prelude
  const Clock* clock = nullptr;  ///< required; outlives the isolate
  Random* random = nullptr;      ///< required; outlives the isolate
  /// Held by the thread until it ends: what `clock` and `random` belong to. A thread that hangs in
  /// the engine outlives its host. Shared, because the host and every such thread need it.
  std::shared_ptr<const void> keep_alive = {};
};

}  // namespace isopod::isolate
