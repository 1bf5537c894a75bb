// SPDX-License-Identifier: MIT
#include "settings/table.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace isopod::settings {
namespace {

TEST(Table, EveryNameIsUniqueAndLeadsBack) {
  std::set<std::string> variables;
  for (const Setting& entry : table()) {
    const auto found = find(entry.name);
    ASSERT_TRUE(found) << entry.name;
    EXPECT_EQ(found->setting, &entry);
    EXPECT_EQ(found->extension, "");
    EXPECT_EQ(name_of(*found), entry.name);
    EXPECT_EQ(&setting(entry.key), &entry);
    EXPECT_TRUE(variables.insert(environment_name(entry)).second) << entry.name;
    EXPECT_FALSE(entry.help.empty()) << entry.name;
    EXPECT_FALSE(is_section(entry.name)) << entry.name;
  }
}

TEST(Table, DefaultWordsAreAmongTheWords) {
  for (const Setting& entry : table()) {
    if (entry.type != Type::kWord) continue;
    std::size_t count = 0;
    for (const auto word : entry.words) count += word == entry.word ? 1 : 0;
    EXPECT_EQ(count, 1U) << entry.name;
  }
}

TEST(Table, ProjectRulesFitTheType) {
  for (const Setting& entry : table()) {
    if (entry.project == ProjectRule::kSmaller) {
      EXPECT_EQ(entry.type, Type::kInteger);
    }
    if (entry.project == ProjectRule::kEarlierWord) {
      EXPECT_EQ(entry.type, Type::kWord);
    }
    if (entry.project == ProjectRule::kOnlyTrue) {
      EXPECT_EQ(entry.type, Type::kBoolean);
    }
    if (entry.per_extension == PerExtension::kYes) {
      EXPECT_TRUE(entry.name.starts_with("ext.")) << entry.name;
      EXPECT_TRUE(entry.type == Type::kInteger || entry.type == Type::kBoolean) << entry.name;
    }
  }
}

TEST(Table, DefaultsAreTheDocumentedOnes) {
  const auto number = [](Key key) { return setting(key).number; };
  EXPECT_EQ(number(Key::kHeapMb), 256);
  EXPECT_EQ(number(Key::kStackKb), 1024);
  EXPECT_EQ(number(Key::kTurnMs), 5000);
  EXPECT_EQ(number(Key::kSettleMs), 30'000);
  EXPECT_EQ(number(Key::kEventSettleMs), 5000);
  EXPECT_EQ(number(Key::kLoadMs), 10'000);
  EXPECT_EQ(number(Key::kPending), 4096);
  EXPECT_EQ(number(Key::kTimers), 1024);
  EXPECT_EQ(number(Key::kPayloadKb), 16'384);
  EXPECT_EQ(number(Key::kOutputKb), 16'384);
  EXPECT_EQ(number(Key::kChildren), 32);
  EXPECT_EQ(number(Key::kShards), 1);
  EXPECT_EQ(number(Key::kInFlight), 4096);
  EXPECT_EQ(number(Key::kDrainMs), 5000);
  EXPECT_EQ(number(Key::kShadowPpm), 1000);
  EXPECT_EQ(number(Key::kPoolSize), 0);
  EXPECT_EQ(number(Key::kRestartMax), 3);
  EXPECT_EQ(setting(Key::kPolicy).word, "balanced");
  EXPECT_EQ(setting(Key::kLoad).word, "eager");
}

TEST(Find, AnExtensionIdMayHoldDots) {
  struct Case {
    const char* name;
    const char* extension;
    Key key;
  };
  for (const Case& test : {Case{"ext.extensions.a.compat", "a", Key::kCompat},
                           Case{"ext.extensions.@s/p.js.limits.heap_mb", "@s/p.js", Key::kHeapMb},
                           Case{"ext.extensions.a.compat.compat", "a.compat", Key::kCompat},
                           Case{"ext.extensions.limits.limits.timers", "limits", Key::kTimers}}) {
    const auto found = find(test.name);
    ASSERT_TRUE(found) << test.name;
    EXPECT_EQ(found->extension, test.extension);
    EXPECT_EQ(found->setting->key, test.key);
    EXPECT_EQ(name_of(*found), test.name);
  }
}

TEST(Find, OtherNamesAreUnknown) {
  for (const char* name : {"", "ext", "ext.", "ext.limits", "ext.limits.heap", "EXT.COMPAT",
                           "ext.compat ", "ext.extensions.compat", "ext.extensions..compat",
                           "ext.extensions.a.policy", "ext.extensions.a.limits",
                           "ext.extensions.a.limits.heap_mb.x", "ext.extensions.axcompat"}) {
    EXPECT_FALSE(find(name)) << name;
  }
}

TEST(Nearest, SuggestsKnownNames) {
  EXPECT_EQ(nearest("ext.limits.heapmb"), "ext.limits.heap_mb");
  EXPECT_EQ(nearest("ext.polici"), "ext.policy");
  EXPECT_EQ(nearest("loglevel"), "log.level");
  EXPECT_EQ(nearest("ext.extensions.my.ext.limits.heap"), "ext.extensions.my.ext.limits.heap_mb");
  EXPECT_EQ(nearest("ext.extensions.a.compact"), "ext.extensions.a.compat");
  EXPECT_EQ(nearest("something.else.entirely"), "");
  EXPECT_EQ(nearest("ext.extensions.a.zzz"), "");
  EXPECT_EQ(nearest(std::string(1'000'000, '.')), "");
}

TEST(Section, IsWhatHoldsSettings) {
  for (const char* name : {"ext", "ext.limits", "log", "ext.extensions", "ext.extensions.a"}) {
    EXPECT_TRUE(is_section(name)) << name;
  }
  for (const char* name : {"", "e", "ext.", "limits", "ext.limit"}) {
    EXPECT_FALSE(is_section(name)) << name;
  }
}

}  // namespace
}  // namespace isopod::settings
