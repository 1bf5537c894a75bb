// SPDX-License-Identifier: MIT
#include "typescript/survey.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace isopod::typescript {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::UnorderedElementsAre;

const SurveyedCall* call_of(const Survey& found, std::string_view callee) {
  for (const SurveyedCall& call : found.calls) {
    if (call.callee == callee) return &call;
  }
  return nullptr;
}

TEST(Survey, FindsChainsOfMembers) {
  const Survey found = survey("use(process.env.HOME, ctx?.ui.theme, f().then, a[b].c);");
  EXPECT_THAT(found.chains,
              UnorderedElementsAre("process.env.HOME", "ctx.ui.theme", ".then", ".c"));
}

TEST(Survey, FindsCallsWithTheirLiteral) {
  const Survey found =
      survey("pi.exec('git', ['status']); pi.exec(name); fetch(`x`); \"a\".exec()");
  ASSERT_EQ(found.calls.size(), 4u);
  EXPECT_EQ(found.calls[0].callee, "pi.exec");
  EXPECT_EQ(found.calls[0].literal, "git");
  EXPECT_EQ(found.calls[1].literal, std::nullopt);
  EXPECT_EQ(found.calls[2].callee, "fetch");
  EXPECT_EQ(found.calls[3].callee, ".exec");
}

TEST(Survey, KnowsTheFactorysParameterInEveryForm) {
  for (const char* code :
       {"export default function (api) {}", "export default async function named(api, b) {}",
        "export default (api) => {};", "export default api => {};",
        "export default async (api) => { ({ name: (x) => x }); };"}) {
    EXPECT_EQ(survey(code).factory_parameter, "api") << code;
  }
  EXPECT_EQ(survey("export default function () { return (x) => x; }").factory_parameter, "");
}

TEST(Survey, FindsToolNames) {
  const Survey found = survey("pi.registerTool({ label: 'x', name: \"read\", execute() {} })");
  ASSERT_NE(call_of(found, "pi.registerTool"), nullptr);
  EXPECT_EQ(call_of(found, "pi.registerTool")->tool_name, "read");
}

TEST(Survey, FindsLateImportsAndTextThatIsRun) {
  const Survey found = survey("require('fs'); import('./a'); const { ui, mode: m } = ctx;");
  EXPECT_THAT(found.imported_late, ElementsAre("./a", "fs"));
  EXPECT_THAT(found.destructured, Contains("ui"));
  EXPECT_FALSE(found.computes_imports);
  EXPECT_FALSE(found.evaluates_text);
  EXPECT_TRUE(survey("import(name)").computes_imports);
  EXPECT_TRUE(survey("eval('1')").evaluates_text);
  EXPECT_TRUE(survey("new Function('a', 'return a')").evaluates_text);
}

TEST(Survey, SaysNothingAboutWhatItCannotRead) {
  EXPECT_TRUE(survey(std::string(20, '(')).calls.empty());
  EXPECT_TRUE(survey(std::string("\xff\x00;", 3)).chains.empty());
  EXPECT_TRUE(survey("").chains.empty());
}

}  // namespace
}  // namespace isopod::typescript
