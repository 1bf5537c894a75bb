// SPDX-License-Identifier: MIT
#include "isolate/module_reader.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

#include "isolate_fixture.h"

namespace isopod::isolate::testing {
namespace {

using protocol::Hostcall;
using protocol::Opcode;
using protocol::Outcome;
using protocol::Reply;

class ModuleReaderTest : public engine::testing::EngineTest {
 protected:
  void SetUp() override {
    EngineTest::start();
    hostcalls_ = std::make_unique<Hostcalls>(port_, *runtime_, clock_, [](auto) {});
    reader_ = std::make_unique<ModuleReader>(*hostcalls_);
  }
  void TearDown() override {
    hostcalls_->release();
    EngineTest::TearDown();
  }
  void host_says(const Outcome& outcome) {
    port_.on_hostcall = [this, outcome](const Hostcall& call) {
      port_.send(Reply{call.number, outcome});
    };
  }

  StepClock clock_;
  ScriptedPort port_{clock_};
  std::unique_ptr<Hostcalls> hostcalls_;
  std::unique_ptr<ModuleReader> reader_;
  const std::array<std::string, 2> candidates_ = {"/ext/a.ts", "/ext/a.js"};
};

TEST_F(ModuleReaderTest, FindAsksTheHostWhichCandidateExists) {
  host_says(Outcome::ok({{"index", 1}, {"path", "/real/a.js"}}));
  const auto found = reader_->find(candidates_);
  ASSERT_TRUE(found.has_value() && found->has_value());
  EXPECT_EQ((*found)->index, 1U);
  EXPECT_EQ((*found)->path, "/real/a.js");
  ASSERT_EQ(port_.hostcalls.size(), 1U);
  EXPECT_EQ(port_.hostcalls[0].opcode, Opcode::kModuleResolve);
  EXPECT_EQ(dump_json(port_.hostcalls[0].arguments), R"({"candidates":["/ext/a.ts","/ext/a.js"]})");
}

TEST_F(ModuleReaderTest, NoneOfThemIsNothingNotAnError) {
  host_says(Outcome::ok(nullptr));
  const auto found = reader_->find(candidates_);
  ASSERT_TRUE(found.has_value());
  EXPECT_FALSE(found->has_value());
}

TEST_F(ModuleReaderTest, ReadGivesTheTextOfAPath) {
  host_says(Outcome::ok({{"text", "export default 1"}}));
  EXPECT_EQ(reader_->read("/ext/a.ts").value(), "export default 1");
  EXPECT_EQ(port_.hostcalls[0].opcode, Opcode::kModuleRead);
  EXPECT_EQ(dump_json(port_.hostcalls[0].arguments), R"({"path":"/ext/a.ts"})");
}

TEST_F(ModuleReaderTest, RefusalsKeepTheirCodeAndMessage) {
  host_says(Outcome::failed({Code::kDenied, "not yours", {}, {}}));
  EXPECT_EQ(reader_->find(candidates_).error().code, Code::kDenied);
  const auto read = reader_->read("/etc/passwd");
  ASSERT_FALSE(read.has_value());
  EXPECT_EQ(read.error().code, Code::kDenied);
  EXPECT_EQ(read.error().message, "not yours");
}

TEST_F(ModuleReaderTest, StopWhileReadingIsCancelled) {
  port_.on_hostcall = [&](const Hostcall&) { port_.send(protocol::Stop{}); };
  EXPECT_EQ(reader_->read("/ext/a.ts").error().code, Code::kCancelled);
}

}  // namespace
}  // namespace isopod::isolate::testing
