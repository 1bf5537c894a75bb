// SPDX-License-Identifier: MIT
#include "engine/module.h"

#include <gtest/gtest.h>

#include "engine_fixture.h"

namespace isopod::engine::testing {
namespace {

class ModuleTest : public EngineTest {
 protected:
  void SetUp() override {
    start();
    context_->set_module_source(source_);
    json("globalThis.out = null");
  }
  /// Runs a module and returns the JSON of `globalThis.out`.
  std::string run(const std::string& code) {
    const std::string name = "/main.js";
    auto module = Module::compile(*context_, {code, name});
    if (!module) return "compile: " + module.error().describe();
    auto promise = module->evaluate(*context_);
    if (!promise) return "evaluate: " + promise.error().describe();
    runtime_->run_jobs(10'000);
    if (context_->promise_state(*promise) == PromiseState::kRejected) {
      static_cast<void>(runtime_->take_unhandled_rejections());
      const Value reason = context_->promise_result(*promise);
      return "rejected: " + context_->to_text(reason).value_or("?");
    }
    return json("globalThis.out");
  }
  MapSource source_;
};

TEST_F(ModuleTest, ImportsAreLiveAndRunOnce) {
  source_.sources["counter"] =
      "export let n = 0; export const up = () => { n++ }; globalThis.runs = (globalThis.runs ?? 0) "
      "+ 1";
  source_.sources["other"] = "import { up } from 'counter'; up()";
  EXPECT_EQ(run("import 'other'; import { n, up } from 'counter'; up(); out = [n, runs]"), "[2,1]");
}

TEST_F(ModuleTest, CyclesWork) {
  source_.sources["a"] =
      "import { b } from 'b'; export function a() { return 'a' } export const ab = () => a() + b()";
  source_.sources["b"] = "import { a } from 'a'; export function b() { return 'b' + a() }";
  EXPECT_EQ(run("import { ab } from 'a'; out = ab()"), "\"aba\"");
}

TEST_F(ModuleTest, TopLevelAwaitSettlesLater) {
  source_.sources["slow"] = "export const v = await Promise.resolve(7)";
  EXPECT_EQ(run("import { v } from 'slow'; out = v + await 1"), "8");
}

TEST_F(ModuleTest, AMissingModuleIsAnErrorWithNodesCode) {
  EXPECT_EQ(run("try { await import('nope') } catch (e) { out = [e.code, e.message, e instanceof "
                "Error] }"),
            R"(["MODULE_NOT_FOUND","Cannot find module 'nope'",true])");
  EXPECT_EQ(run("import 'nope'"), "compile: Cannot find module 'nope'");
}

TEST_F(ModuleTest, AnErrorInAnImportedModuleTellsItsPlace) {
  source_.sources["/bad.js"] = "let ok = 1;\nlet = = 2;";
  EXPECT_NE(run("import '/bad.js'").find("(/bad.js:2:"), std::string::npos);
  source_.sources["/throws.js"] = "\n\nthrow new Error('at load')";
  EXPECT_EQ(run("import '/throws.js'"), "rejected: Error: at load");
}

TEST_F(ModuleTest, AFailedModuleDoesNotSpoilLaterOnes) {
  source_.sources["/bad.js"] = "let = ;";
  source_.sources["/good.js"] = "export default 5";
  EXPECT_NE(run("import '/bad.js'"), "");
  EXPECT_EQ(run("import v from '/good.js'; out = v"), "5");
}

TEST_F(ModuleTest, BytecodeGivesTheSameModuleInAnotherRuntime) {
  source_.sources["dep"] = "export const d = 40";
  const std::string name = "/from-bytecode.js";
  auto compiled = Module::compile(
      *context_, {"import { d } from 'dep'; globalThis.out = d + 2; export const e = 1", name});
  ASSERT_TRUE(compiled.has_value()) << compiled.error().message;
  const auto bytecode = compiled->bytecode(*context_);
  ASSERT_TRUE(bytecode.has_value());

  SystemClock clock;
  auto runtime = Runtime::create({.clock = &clock}).value();
  auto context = Context::create(*runtime).value();
  context->set_module_source(source_);
  const auto read = Module::read(*context, *bytecode);
  ASSERT_TRUE(read.has_value()) << read.error().message;
  ASSERT_TRUE(read->evaluate(*context).has_value());
  const auto out = context->evaluate_script("out", "/test.js");
  EXPECT_EQ(context->to_json(*out).value(), "42");
  const auto exports = read->exports(*context);
  EXPECT_EQ(context->to_json(*exports).value(), R"({"e":1})");
}

TEST_F(ModuleTest, BytecodeKeepsLinesAndColumns) {
  const std::string name = "/positions.js";
  auto compiled = Module::compile(*context_, {"\n  throw new Error('x')", name});
  const auto bytecode = compiled->bytecode(*context_);
  SystemClock clock;
  auto runtime = Runtime::create({.clock = &clock}).value();
  auto context = Context::create(*runtime).value();
  auto promise = Module::read(*context, *bytecode)->evaluate(*context);
  ASSERT_TRUE(promise.has_value());
  runtime->run_jobs(10);
  const auto rejections = runtime->take_unhandled_rejections();
  ASSERT_EQ(rejections.size(), 1U);
  EXPECT_EQ(rejections[0].where.to_string(), "/positions.js:2:13");
}

TEST_F(ModuleTest, BrokenBytecodeIsAnError) {
  const std::vector<std::uint8_t> nothing;
  EXPECT_FALSE(Module::read(*context_, nothing).has_value());
  const std::vector<std::uint8_t> wrong_version = {0x7f, 1, 2, 3};
  EXPECT_FALSE(Module::read(*context_, wrong_version).has_value());
}

TEST_F(ModuleTest, NativeModulesExportAndMayFail) {
  struct Source final : ModuleSource {
    Result<std::string> resolve(Context&, const std::string&,
                                const std::string& specifier) override {
      return specifier;
    }
    Result<Module> load(Context& context, const std::string& name) override {
      return Module::native(context, name, {"a", "b"},
                            [name](Context& in) -> Result<std::vector<Value>> {
                              if (name == "broken") return fail(Code::kInternal, "no values today");
                              std::vector<Value> values;
                              values.push_back(in.number(1));
                              values.push_back(in.boolean(true));
                              return values;
                            });
    }
  } source;
  context_->set_module_source(source);
  EXPECT_EQ(run("import { a, b } from 'fine'; out = [a, b]"), "[1,true]");
  EXPECT_EQ(run("import { a } from 'broken'; out = a"), "rejected: Error: no values today");
}

TEST_F(ModuleTest, MetaIsSet) {
  const std::string name = "/meta.js";
  auto module = Module::compile(*context_, {"globalThis.out = import.meta.url", name});
  ASSERT_TRUE(
      module->set_meta(*context_, "url", context_->text("file:///meta.js").value()).has_value());
  ASSERT_TRUE(module->evaluate(*context_).has_value());
  EXPECT_EQ(json("out"), "\"file:///meta.js\"");
}

}  // namespace
}  // namespace isopod::engine::testing
