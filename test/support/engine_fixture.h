// SPDX-License-Identifier: MIT
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>
#include <utility>

#include "base/clock.h"
#include "engine/context.h"
#include "engine/module.h"
#include "engine/runtime.h"

namespace isopod::engine::testing {

/// A clock that moves only when a test says so, or by a fixed step at each look, which lets a test
/// reach a deadline without waiting for it.
class StepClock final : public Clock {
 public:
  explicit StepClock(std::chrono::nanoseconds step = {}) : step_(step) {}
  [[nodiscard]] MonotonicTime monotonic() const override { return now_ += step_; }
  [[nodiscard]] WallTime wall() const override { return {}; }
  void advance(std::chrono::nanoseconds by) { now_ += by; }

 private:
  std::chrono::nanoseconds step_;
  mutable MonotonicTime now_{};
};

/// Modules from a map of name to source; a specifier is the name.
class MapSource final : public ModuleSource {
 public:
  std::map<std::string, std::string> sources;

  Result<std::string> resolve(Context&, const std::string&, const std::string& specifier) override {
    if (sources.contains(specifier)) return specifier;
    return fail(Code::kModuleNotFound, "Cannot find module '" + specifier + "'");
  }
  Result<Module> load(Context& context, const std::string& name) override {
    return Module::compile(context, {sources.at(name), name});
  }
};

/// A runtime with a context, torn down in the right order.
class EngineTest : public ::testing::Test {
 protected:
  void start(RuntimeOptions options = {}) {
    if (options.clock == nullptr) options.clock = &system_clock_;
    auto made = Runtime::create(options);
    ASSERT_TRUE(made.has_value()) << made.error().message;
    runtime_ = *std::move(made);
    auto context = Context::create(*runtime_);
    ASSERT_TRUE(context.has_value()) << context.error().message;
    context_ = *std::move(context);
  }
  void TearDown() override {
    context_.reset();
    runtime_.reset();
  }

  /// The JSON of a script's value; fails the test when it throws.
  std::string json(const std::string& script) {
    auto value = context_->evaluate_script(script, "/test.js");
    if (!value) {
      ADD_FAILURE() << value.error().describe();
      return {};
    }
    return context_->to_json(*value).value_or("<not serializable>");
  }
  /// The Error a script ends in; fails the test when it does not throw.
  Error error(const std::string& script) {
    auto value = context_->evaluate_script(script, "/test.js");
    if (!value) return value.error();
    ADD_FAILURE() << "no exception from: " << script;
    return {};
  }

  SystemClock system_clock_;
  std::unique_ptr<Runtime> runtime_;
  std::unique_ptr<Context> context_;
};

}  // namespace isopod::engine::testing
