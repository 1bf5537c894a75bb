// SPDX-License-Identifier: MIT
#include "hostcall/env_connector.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <optional>

namespace isopod::hostcall {
namespace {

using protocol::Opcode;
using protocol::Outcome;
using protocol::Status;

Outcome carry_out(EnvConnector& connector, Opcode opcode, Json arguments) {
  std::optional<Outcome> ended;
  connector.start({"ext", "/ext"}, {1, opcode, std::move(arguments), 0},
                  Completion([&](Outcome outcome) { ended = std::move(outcome); }));
  EXPECT_TRUE(ended.has_value());
  return ended.value_or(Outcome{});
}

TEST(EnvConnectorTest, GivesOneVariableOrAll) {
  EnvConnector connector({{"HOME", "/home/u"}, {"EMPTY", ""}});
  EXPECT_EQ(carry_out(connector, Opcode::kEnvGet, {{"name", "HOME"}}).value, "/home/u");
  EXPECT_EQ(carry_out(connector, Opcode::kEnvGet, {{"name", "EMPTY"}}).value, "");
  EXPECT_EQ(carry_out(connector, Opcode::kEnvGet, {{"name", "ABSENT"}}).value, nullptr);
  EXPECT_EQ(carry_out(connector, Opcode::kEnvList, nullptr).value,
            (Json{{"EMPTY", ""}, {"HOME", "/home/u"}}));
}

TEST(EnvConnectorTest, RefusesWhatIsNoName) {
  EnvConnector connector(EnvConnector::Variables{{"A", "1"}});
  for (const Json& arguments :
       {Json(nullptr), Json::object(), Json{{"name", 1}}, Json::array({1})}) {
    EXPECT_EQ(carry_out(connector, Opcode::kEnvGet, arguments).code, Code::kInvalidArgument);
  }
}

TEST(EnvConnectorTest, TheProcessIsLookedAtOnce) {
  ::setenv("ISOPOD_TEST_ENV",
           "a=\xff"
           "b",
           1);
  EnvConnector connector(EnvConnector::of_process());
  ::setenv("ISOPOD_TEST_ENV", "later", 1);
  EXPECT_EQ(carry_out(connector, Opcode::kEnvGet, {{"name", "ISOPOD_TEST_ENV"}}).value,
            "a=\xef\xbf\xbd"
            "b");
  ::unsetenv("ISOPOD_TEST_ENV");
}

}  // namespace
}  // namespace isopod::hostcall
