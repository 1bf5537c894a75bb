// SPDX-License-Identifier: MIT
#include "isopod/result.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "base/check.h"

namespace isopod {
namespace {

TEST(Code, EveryWordIsUniqueAndLeadsBack) {
  std::set<std::string_view> words;
  for (int i = 0; i <= static_cast<int>(Code::kInternal); ++i) {
    const auto code = static_cast<Code>(i);
    EXPECT_TRUE(words.insert(to_string(code)).second) << to_string(code);
    EXPECT_EQ(code_from_string(to_string(code)), code);
  }
}

TEST(Code, AnUnknownWordIsInternal) {
  EXPECT_EQ(code_from_string("unheard_of"), Code::kInternal);
  EXPECT_EQ(code_from_string(""), Code::kInternal);
}

TEST(Location, LeavesOutWhatIsUnknown) {
  EXPECT_EQ((Location{"a.ts", 3, 4}).to_string(), "a.ts:3:4");
  EXPECT_EQ((Location{"a.ts", 3, 0}).to_string(), "a.ts:3");
  EXPECT_EQ((Location{"a.ts", 0, 4}).to_string(), "a.ts");
  EXPECT_EQ((Location{"", 3, 4}).to_string(), "");
}

TEST(Error, DescribesItsPlaceOnce) {
  EXPECT_EQ((Error{Code::kSyntax, "bad", {"a.ts", 3, 4}, {}}).describe(), "bad (a.ts:3:4)");
  EXPECT_EQ((Error{Code::kSyntax, "a.ts:3:4: bad", {"a.ts", 3, 4}, {}}).describe(),
            "a.ts:3:4: bad");
  EXPECT_EQ((Error{Code::kSyntax, "bad", {}, {}}).describe(), "bad");
}

TEST(Result, HoldsAValueOrAnError) {
  const Result<int> good = 5;
  ASSERT_TRUE(good);
  EXPECT_EQ(*good, 5);
  const Result<int> bad = fail(Code::kNotFound, "no such tool", {"a.ts", 1, 2});
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error().code, Code::kNotFound);
  EXPECT_EQ(bad.error().message, "no such tool");
  EXPECT_EQ(bad.error().where.line, 1);
}

TEST(CheckDeathTest, PrintsTheExpressionAndItsMeaning) {
  EXPECT_DEATH(ISOPOD_CHECK(1 + 1 == 3, "sums are sums"),
               "result_test.cc:[0-9]+: 1 \\+ 1 == 3 does not hold \\(sums are sums\\)");
}

}  // namespace
}  // namespace isopod
