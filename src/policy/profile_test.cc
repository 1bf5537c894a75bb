// SPDX-License-Identifier: MIT
#include "policy/profile.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace isopod::policy {
namespace {

using ::testing::HasSubstr;

TEST(Profile, EveryWordLeadsBack) {
  for (const Profile profile : kProfiles) {
    EXPECT_EQ(parse_profile(to_string(profile)), profile);
  }
}

TEST(Profile, OtherWordsAreWrongUsage) {
  for (const char* word : {"", "SAFE", "safe ", "none", "\x1b[2J"}) {
    const auto parsed = parse_profile(word);
    ASSERT_FALSE(parsed) << word;
    EXPECT_EQ(parsed.error().code, Code::kUsage);
    EXPECT_THAT(parsed.error().message, HasSubstr("safe, balanced and permissive"));
    EXPECT_EQ(parsed.error().message.find('\x1b'), std::string::npos);
  }
}

}  // namespace
}  // namespace isopod::policy
