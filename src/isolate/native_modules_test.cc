// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <vector>

#include "isolate_fixture.h"

namespace isopod::isolate::testing {
namespace {

class NativeModulesTest : public TurnLoopTest {
 protected:
  /// As `start`, with a module "isopod:native/test" that counts how often it is made.
  void start_with_module(const std::string& source) {
    prelude_ = std::make_unique<TestPrelude>(source);
    options_ = {.name = "test",
                .builtins = &prelude_->table(),
                .native_modules = modules_,
                .clock = &clock_,
                .random = &random_};
    loop_ = std::make_unique<TurnLoop>(options_, port_);
    ASSERT_TRUE(loop_->boot().has_value());
  }

  int made_ = 0;
  const std::array<NativeModule, 1> modules_ = {
      NativeModule{"isopod:native/test",
                   {"answer"},
                   [this](engine::Context& context) -> Result<std::vector<engine::Value>> {
                     ++made_;
                     std::vector<engine::Value> values;
                     values.push_back(context.number(42));
                     return values;
                   }}};
};

TEST_F(NativeModulesTest, AreMadeWhenABuiltInModuleFirstImportsThem) {
  start_with_module(
      "const load = () => import('isopod:native/test');"
      "onRequest(async () => [(await load()).answer, await load() === await load()]);");
  EXPECT_EQ(made_, 0);
  const Result<Json> answer = ask();
  ASSERT_TRUE(answer.has_value()) << answer.error().describe();
  EXPECT_EQ(dump_json(*answer), "[42,true]");
  EXPECT_EQ(made_, 1);
}

TEST_F(NativeModulesTest, EachIsolateHasItsOwn) {
  const std::string source =
      "import { answer } from 'isopod:native/test'; onRequest(() => answer);";
  for (int isolates = 1; isolates <= 2; ++isolates) {
    start_with_module(source);
    EXPECT_EQ(made_, isolates);
  }
}

TEST_F(NativeModulesTest, ThoseOfAnotherNameDoNotExist) {
  start_with_module("onRequest(() => import('isopod:native/tes').catch((error) => error.code));");
  EXPECT_EQ(ask().value_or("failed"), "internal");
  EXPECT_EQ(made_, 0);
}

}  // namespace
}  // namespace isopod::isolate::testing
