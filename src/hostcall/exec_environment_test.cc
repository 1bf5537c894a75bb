// SPDX-License-Identifier: MIT
#include "hostcall/exec_environment.h"

#include <gtest/gtest.h>

namespace isopod::hostcall {
namespace {

const Variables kHost = {{"PATH", "/bin"},       {"HOME", "/home/u"},  {"LC_ALL", "C"},
                         {"API_KEY", "secret"},  {"LD_PRELOAD", "/x"}, {"LANG", "C"},
                         {"NODE_OPTIONS", "-r"}, {"TERM", "dumb"},     {"LCX", "no"}};

TEST(ExecEnvironmentTest, OnlyHarmlessVariablesOfTheHostAreInherited) {
  EXPECT_EQ(child_environment(kHost, nullptr).value(), (Variables{{"PATH", "/bin"},
                                                                  {"HOME", "/home/u"},
                                                                  {"LC_ALL", "C"},
                                                                  {"LANG", "C"},
                                                                  {"TERM", "dumb"}}));
}

TEST(ExecEnvironmentTest, AnEnvironmentOfItsOwnIsTheWholeWish) {
  EXPECT_EQ(child_environment(kHost, {{"A", "1"}, {"HOME", "/h"}}).value(),
            (Variables{{"PATH", "/bin"}, {"HOME", "/h"}, {"A", "1"}}));
  EXPECT_EQ(environment_list({{"B", "2"}, {"A", "x=y"}}),
            (std::vector<std::string>{"A=x=y", "B=2"}));
}

TEST(ExecEnvironmentTest, WhatMakesProgramsRunOtherCodeIsRefusedByName) {
  for (const char* name :
       {"LD_PRELOAD", "LD_LIBRARY_PATH", "LD_AUDIT", "GCONV_PATH", "BASH_ENV", "ENV", "IFS",
        "NODE_OPTIONS", "PYTHONPATH", "PYTHONSTARTUP", "PERL5OPT", "PERL5LIB", "RUBYOPT", "RUBYLIB",
        "GIT_SSH", "GIT_SSH_COMMAND", "GIT_EXEC_PATH", "BASH_FUNC_ls%%", "GIT_CONFIG_COUNT"}) {
    const auto made = child_environment({}, {{name, "x"}});
    ASSERT_FALSE(made.has_value()) << name;
    EXPECT_EQ(made.error().code, Code::kDenied);
    EXPECT_NE(made.error().message.find(name), std::string::npos) << made.error().message;
  }
  for (const char* name : {"LD", "ENVIRONMENT", "GIT_PAGER", "GIT_TERMINAL_PROMPT", "NODE_ENV",
                           "PYTHONUNBUFFERED", "ld_preload"}) {
    EXPECT_TRUE(child_environment({}, {{name, "x"}}).has_value()) << name;
  }
}

TEST(ExecEnvironmentTest, ACopyOfTheHostsEnvironmentLosesThemSilently) {
  const auto made = child_environment(kHost, {{"LD_PRELOAD", "/x"}, {"API_KEY", "secret"}});
  EXPECT_EQ(made.value(),
            (Variables{{"PATH", "/bin"}, {"HOME", "/home/u"}, {"API_KEY", "secret"}}));
  EXPECT_FALSE(child_environment(kHost, {{"LD_PRELOAD", "/y"}}).has_value());
}

TEST(ExecEnvironmentTest, WhatChoosesProgramsIsKnownByName) {
  for (const char* name : {"PATH",
                           "HOME",
                           "XDG_CONFIG_HOME",
                           "XDG_DATA_HOME",
                           "PAGER",
                           "GIT_PAGER",
                           "MANPAGER",
                           "EDITOR",
                           "VISUAL",
                           "GIT_EDITOR",
                           "GIT_SEQUENCE_EDITOR",
                           "GIT_ASKPASS",
                           "SSH_ASKPASS",
                           "GIT_DIR",
                           "GIT_CONFIG_GLOBAL",
                           "GIT_TEMPLATE_DIR",
                           "LESSOPEN",
                           "LESSCLOSE",
                           "NODE_PATH",
                           "npm_config_script_shell",
                           "NPM_CONFIG_PREFIX",
                           "MAKEFLAGS",
                           "CMAKE_CXX_COMPILER_LAUNCHER",
                           "RIPGREP_CONFIG_PATH",
                           "TAR_OPTIONS",
                           "CC"}) {
    EXPECT_FALSE(choice_of_variable(name).empty()) << name;
    EXPECT_TRUE(chooses_programs({}, {{"A", "1"}, {name, "x"}})) << name;
    EXPECT_FALSE(chooses_programs({{name, "x"}}, {{name, "x"}})) << name;
    EXPECT_TRUE(chooses_programs({{name, "x"}}, {{name, "y"}})) << name;
  }
  for (const char* name : {"A", "", "PATHS", "MY_HOME", "NODE_ENV", "GIT_TERMINAL_PROMPT", "CI",
                           "FORCE_COLOR", "LANG", "GIT_AUTHOR_NAME", "TERM"}) {
    EXPECT_TRUE(choice_of_variable(name).empty()) << name;
  }
  EXPECT_FALSE(chooses_programs(kHost, nullptr));
  EXPECT_FALSE(chooses_programs(kHost, {{"PATH", "/bin"}, {"API_KEY", "other"}}));
  EXPECT_TRUE(chooses_programs(kHost, {{"PATH", 5}}));
}

TEST(ExecEnvironmentTest, APathOfAnExtensionIsBounded) {
  const auto path_of = [](std::size_t entries, std::size_t entry_bytes) {
    std::string path;
    for (std::size_t i = 0; i < entries; ++i) path += (i == 0 ? "/" : ":/");
    return path + std::string(entry_bytes, 'x');
  };
  EXPECT_TRUE(child_environment(kHost, {{"PATH", path_of(64, 0)}}).has_value());
  EXPECT_TRUE(child_environment(kHost, {{"PATH", path_of(1, 4095)}}).has_value());
  for (const std::string& path : {path_of(65, 0), path_of(1, 4096)}) {
    const auto made = child_environment(kHost, {{"PATH", path}});
    ASSERT_FALSE(made.has_value());
    EXPECT_EQ(made.error().code, Code::kInvalidArgument);
    EXPECT_NE(made.error().message.find("PATH"), std::string::npos) << made.error().message;
    EXPECT_TRUE(child_environment({{"PATH", path}}, {{"PATH", path}}).has_value());
  }
}

TEST(ExecEnvironmentTest, WhatIsNoEnvironmentIsAnError) {
  for (const Json& wrong :
       {Json("A=1"), Json::array(), Json({{"A", 1}}), Json({{"", "x"}}), Json({{"A=B", "x"}}),
        Json({{"A", std::string("x\0y", 3)}}), Json({{std::string("A\0B", 3), "x"}})}) {
    const auto made = child_environment(kHost, wrong);
    ASSERT_FALSE(made.has_value()) << wrong;
    EXPECT_EQ(made.error().code, Code::kInvalidArgument);
  }
}

}  // namespace
}  // namespace isopod::hostcall
