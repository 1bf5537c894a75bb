// SPDX-License-Identifier: MIT
#include "cli/invocation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "cli/exit_code.h"

namespace isopod::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Arguments = std::vector<std::string>;

Invocation parsed(const Arguments& arguments) {
  const Parsed result = parse_command_line(arguments);
  EXPECT_TRUE(result.invocation.has_value()) << result.err;
  return result.invocation.value_or(Invocation{});
}

/// "call NAME JSON", one line per action.
std::vector<std::string> actions(const Invocation& invocation) {
  std::vector<std::string> lines;
  for (const Action& action : invocation.actions) {
    const char* kind = action.kind == Action::Kind::kCall      ? "call"
                       : action.kind == Action::Kind::kCommand ? "command"
                                                               : "emit";
    lines.push_back(std::string(kind) + " " + action.name + " " + action.json);
  }
  return lines;
}

TEST(InvocationTest, WithoutOptionsEverythingHasItsDefault) {
  const Invocation run = parsed({"run"});
  EXPECT_EQ(run.command, "run");
  EXPECT_THAT(run.extensions, IsEmpty());
  EXPECT_THAT(run.actions, IsEmpty());
  EXPECT_EQ(run.format, OutputFormat::kText);
  EXPECT_EQ(run.settings, Invocation::Settings::kUse);
  EXPECT_EQ(run.repeat, Invocation::Repeat::kOnce);
  EXPECT_EQ(run.colour, Invocation::Colour::kAutomatic);
  EXPECT_FALSE(run.profile || run.log_level || run.placement);
  EXPECT_EQ(run.answers + run.home + run.project + run.settings_file, "");
}

TEST(InvocationTest, ActionsKeepTheOrderOfTheCommandLine) {
  const Invocation run =
      parsed({"run", "a.ts", "--emit", "turn_start", R"({"n":1})", "--call", "first", "--command",
              "deploy to production", "b.ts", "--call", "second", R"([1,{"x":"]"}])"});
  EXPECT_THAT(actions(run),
              ElementsAre(R"(emit turn_start {"n":1})", "call first {}",
                          "command deploy to production {}", R"(call second  [1,{"x":"]"}])"));
  EXPECT_THAT(run.extensions, ElementsAre("a.ts", "b.ts"));
}

TEST(InvocationTest, ExtensionsOfBothKindsAddUp) {
  EXPECT_THAT(
      parsed({"run", "a.ts", "b.ts", "-e", "c.ts", "--extension", "d.ts", "--extension=e.ts"})
          .extensions,
      ElementsAre("a.ts", "b.ts", "c.ts", "d.ts", "e.ts"));
}

TEST(InvocationTest, NamesThatLookOddAreKept) {
  EXPECT_THAT(parsed({"run", "[odd].ts", "a b.ts", "./-dash.ts", "-e", "[x]"}).extensions,
              ElementsAre("[odd].ts", "a b.ts", "./-dash.ts", "[x]"));
}

TEST(InvocationTest, GlobalOptionsStandBeforeOrAfterTheCommand) {
  const Arguments options = {"--home",
                             "/h",
                             "--project",
                             "/p",
                             "--settings",
                             "/s.json",
                             "--extension-policy",
                             "safe",
                             "--allow",
                             "read,exec:git",
                             "--allow",
                             "http:example.com",
                             "--placement",
                             "thread",
                             "--json",
                             "--log-level",
                             "debug",
                             "--no-color",
                             "--ignore-settings"};
  Arguments before = options;
  before.emplace_back("settings");
  Arguments after = {"settings"};
  after.insert(after.end(), options.begin(), options.end());
  for (const Arguments& arguments : {before, after}) {
    const Invocation invocation = parsed(arguments);
    EXPECT_EQ(invocation.command, "settings");
    EXPECT_EQ(invocation.home, "/h");
    EXPECT_EQ(invocation.project, "/p");
    EXPECT_EQ(invocation.settings_file, "/s.json");
    EXPECT_EQ(invocation.profile, "safe");
    EXPECT_THAT(invocation.grants, ElementsAre("read,exec:git", "http:example.com"));
    EXPECT_EQ(invocation.placement, "thread");
    EXPECT_EQ(invocation.format, OutputFormat::kJson);
    EXPECT_EQ(invocation.log_level, "debug");
    EXPECT_EQ(invocation.colour, Invocation::Colour::kNever);
    EXPECT_EQ(invocation.settings, Invocation::Settings::kIgnore);
  }
}

TEST(InvocationTest, OptionsOfOneCommand) {
  EXPECT_EQ(parsed({"run", "--answers", R"({"confirm":[true]})"}).answers, R"({"confirm":[true]})");
  EXPECT_EQ(parsed({"run", "--watch"}).repeat, Invocation::Repeat::kOnChange);
  EXPECT_EQ(parsed({"settings", "schema"}).settings_view, Invocation::SettingsView::kSchema);
  EXPECT_EQ(parsed({"settings"}).settings_view, Invocation::SettingsView::kEffective);
  EXPECT_THAT(parsed({"inspect", "a.ts"}).extensions, ElementsAre("a.ts"));
  EXPECT_THAT(parsed({"inspect", "-e", "a.ts"}).extensions, ElementsAre("a.ts"));
}

TEST(InvocationTest, HelpAndVersionAreTextsToPrint) {
  for (const Arguments& arguments :
       {Arguments{"--help"}, Arguments{"run", "--help"}, Arguments{"--version"}}) {
    const Parsed result = parse_command_line(arguments);
    EXPECT_FALSE(result.invocation.has_value());
    EXPECT_EQ(result.exit_code, kSuccess);
    EXPECT_THAT(result.out, HasSubstr("isopod"));
    EXPECT_EQ(result.err, "");
  }
}

struct Wrong {
  Arguments arguments;
  const char* says;
};
class WrongUsageTest : public ::testing::TestWithParam<Wrong> {};

TEST_P(WrongUsageTest, IsExitCodeTwoWithAMessage) {
  const Parsed result = parse_command_line(GetParam().arguments);
  EXPECT_FALSE(result.invocation.has_value());
  EXPECT_EQ(result.exit_code, kWrongUsage);
  EXPECT_THAT(result.err, HasSubstr(GetParam().says));
  EXPECT_EQ(result.out, "");
}

INSTANTIATE_TEST_SUITE_P(
    CommandLines, WrongUsageTest,
    ::testing::Values(Wrong{{}, "Usage"}, Wrong{{"--json"}, "Usage"},
                      Wrong{{"rum"}, "there is no command rum; did you mean run?"},
                      Wrong{{"xyzzy"}, "there is no command xyzzy\n"},
                      Wrong{{"a\x1b[31m"}, "there is no command a"},
                      Wrong{{"--home", "run", "inspekt"}, "did you mean inspect?"},
                      Wrong{{"doctor"}, "the command doctor is not available in this version"},
                      Wrong{{"--json", "mcp"}, "the command mcp is not available in this version"},
                      Wrong{{"run", "--record", "x"}, "--record is not available in this version"},
                      Wrong{{"run", "--ext-compat-lane=all"}, "--ext-compat-lane is not available"},
                      Wrong{{"run", "--no-such-option"}, "--no-such-option"},
                      Wrong{{"run", "--call"}, "--call"},
                      Wrong{{"run", "--call", ""}, "take a name"},
                      Wrong{{"run", "--home"}, "--home"}, Wrong{{"settings", "extra"}, "extra"},
                      Wrong{{"inspect"}, "inspect takes one extension"},
                      Wrong{{"inspect", "a.ts", "b.ts"}, "inspect takes one extension"},
                      Wrong{{"inspect", "a.ts", "--call", "x"}, "--call"}));

}  // namespace
}  // namespace isopod::cli
