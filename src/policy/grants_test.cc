// SPDX-License-Identifier: MIT
#include "policy/grants.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>
#include <vector>

namespace isopod::policy {
namespace {

using ::testing::HasSubstr;

TEST(ParseGrants, ReadsAList) {
  EXPECT_EQ(parse_grants("read,write:/tmp/../tmp/x/,exec:git,exec:/usr/bin/../bin/env,"
                         "http:API.example.com:443,http:[::1]:80,tool,tool:override,ui"),
            (std::vector<Grant>{{Capability::kRead, ""},
                                {Capability::kWrite, "/tmp/x"},
                                {Capability::kExec, "git"},
                                {Capability::kExec, "/usr/bin/env"},
                                {Capability::kHttp, "API.example.com:443"},
                                {Capability::kHttp, "[::1]:80"},
                                {Capability::kTool, ""},
                                {Capability::kTool, "override"},
                                {Capability::kUi, ""}}));
}

TEST(ParseGrants, AllIsEveryCapabilityAndOverride) {
  const auto all = parse_grants("all");
  ASSERT_TRUE(all);
  EXPECT_EQ(all->size(), protocol::kCapabilities.size() + 1);
  for (const Capability capability : protocol::kCapabilities) {
    EXPECT_THAT(*all, ::testing::Contains(Grant{capability, ""}));
  }
  EXPECT_THAT(*all, ::testing::Contains(Grant{Capability::kTool, "override"}));
}

TEST(ParseGrants, SaysWhatIsWrong) {
  struct Case {
    const char* text;
    const char* why;
  };
  for (const Case& test : std::vector<Case>{
           {"", "one of them is empty"},
           {",", "one of them is empty"},
           {"read,", "one of them is empty"},
           {"read,,ui", "one of them is empty"},
           {"reed", "did you mean \"read\"?"},
           {"EXEC:git", "did you mean \"exec\"?"},
           {"wirte:/tmp", "did you mean \"write\"?"},
           {" read", "did you mean \"read\"?"},
           {"network", "there are read, write, exec, http"},
           {"none", "no such capability"},
           {":", "no such capability"},
           {"read,all", "all stands alone"},
           {"all:/", "all stands alone"},
           {"read:", "nothing follows the colon"},
           {"read:src", "must be an absolute path"},
           {"write:../x", "must be an absolute path"},
           {"write:~/x", "must be an absolute path"},
           {"exec:./git", "a bare name or an absolute path"},
           {"exec:bin/git", "a bare name or an absolute path"},
           {"exec:/", "a bare name or an absolute path"},
           {"exec:..", "no name of a program"},
           {"http:https://example.com", "without a scheme or a path"},
           {"http:example.com/x", "without a scheme or a path"},
           {"http:example.com:0", "HOST or HOST:PORT"},
           {"http:*.example.com", "HOST or HOST:PORT"},
           {"tool:bash", "only scope of tool"},
           {"env:HOME", "takes no scope"},
           {"ui:x", "takes no scope"},
           {"log:x", "takes no scope"},
           {"session:x", "takes no scope"},
           {"events:x", "takes no scope"},
       }) {
    const auto grants = parse_grants(test.text);
    ASSERT_FALSE(grants) << test.text;
    EXPECT_EQ(grants.error().code, Code::kUsage);
    EXPECT_THAT(grants.error().message, HasSubstr(test.why)) << test.text;
  }
}

TEST(ParseGrants, ErrorsAreSafeForATerminal) {
  const auto grants = parse_grants(
      "re\x1b]0;x\x07"
      "ad");
  ASSERT_FALSE(grants);
  EXPECT_EQ(grants.error().message.find('\x1b'), std::string::npos);
}

RC_GTEST_PROP(ParseGrants, WhatIsReadIsWrittenTheSame, ()) {
  const auto items = *rc::gen::nonEmpty(rc::gen::container<std::vector<std::string>>(
      rc::gen::element<std::string>("read", "write:/a/b", "exec:git", "exec:/bin/sh", "http:a:1",
                                    "http:[::1]", "env", "tool:override", "tool", "log")));
  std::string text;
  for (const std::string& item : items) text += (text.empty() ? "" : ",") + item;
  const auto grants = parse_grants(text);
  RC_ASSERT(grants.has_value());
  std::string again;
  for (const Grant& grant : *grants) again += (again.empty() ? "" : ",") + to_string(grant);
  RC_ASSERT(again == text);
}

RC_GTEST_PROP(ParseGrants, ArbitraryTextIsReadOrRefused, ()) {
  const auto text = *rc::gen::container<std::string>(
      rc::gen::element('r', 'e', 'a', 'd', ':', ',', '/', '.', '\0', '\xff', ' '));
  const auto grants = parse_grants(text);
  if (!grants) RC_ASSERT(grants.error().code == Code::kUsage);
}

}  // namespace
}  // namespace isopod::policy
