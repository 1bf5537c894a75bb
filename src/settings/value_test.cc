// SPDX-License-Identifier: MIT
#include "settings/value.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>
#include <vector>

#include "arbitrary_json.h"
#include "base/json_strict.h"

namespace isopod::settings {
namespace {

using namespace std::string_literals;
using ::testing::HasSubstr;

TEST(Value, EveryDefaultIsAllowed) {
  for (const Setting& entry : table()) {
    const Value value = default_value(entry);
    EXPECT_EQ(value_from_json(entry, to_json(value)), value) << entry.name;
  }
}

struct Wrong {
  Key key;
  const char* json;
  const char* allowed;
};

TEST(Value, WrongJsonNamesTheAllowedValues) {
  for (const Wrong& test : std::vector<Wrong>{
           {Key::kCompat, "1", "must be true or false, but is 1"},
           {Key::kCompat, "\"true\"", "must be true or false"},
           {Key::kCompat, "null", "but is null"},
           {Key::kHeapMb, "7", "ext.limits.heap_mb must be a whole number from 8 to 16384"},
           {Key::kHeapMb, "16385", "but is 16385"},
           {Key::kHeapMb, "-256", "but is -256"},
           {Key::kHeapMb, "256.0", "but is 256.0"},
           {Key::kHeapMb, "\"256\"", "but is \"256\""},
           {Key::kHeapMb, "18446744073709551615", "but is 18446744073709551615"},
           {Key::kHeapMb, "18446744073709551872", "but is 1.84467"},
           {Key::kHeapMb, "true", "but is true"},
           {Key::kPolicy, "\"SAFE\"", "must be safe, balanced or permissive"},
           {Key::kPolicy, "0", "must be safe, balanced or permissive"},
           {Key::kPlacement, "\"\"", "must be process or thread"},
           {Key::kPaths, "\"/a\"", "must be a list of up to 256 paths"},
           {Key::kPaths, "[1]", "must be a list"},
           {Key::kPaths, "[\"\"]", "none of them empty"},
           {Key::kPaths, "[\"a\\u0000b\"]", "must be a list"},
           {Key::kPaths, "{}", "must be a list"},
       }) {
    const auto value = value_from_json(setting(test.key), parse_json_strict(test.json).value());
    ASSERT_FALSE(value) << test.json;
    EXPECT_EQ(value.error().code, Code::kBadSettings);
    EXPECT_THAT(value.error().message, HasSubstr(test.allowed)) << test.json;
  }
}

TEST(Value, AMessageShowsLittleOfAHugeValue) {
  const auto value = value_from_json(setting(Key::kPolicy), Json(std::string(100'000, '\x1b')));
  ASSERT_FALSE(value);
  EXPECT_LT(value.error().message.size(), 500U);
  EXPECT_EQ(value.error().message.find('\x1b'), std::string::npos);
}

TEST(Value, TooManyPathsAreRefused) {
  const Json full(std::vector<std::string>(256, "a"));
  const Json over(std::vector<std::string>(257, "a"));
  EXPECT_TRUE(value_from_json(setting(Key::kPaths), full));
  EXPECT_FALSE(value_from_json(setting(Key::kPaths), over));
}

TEST(Value, TextIsReadByType) {
  const auto read = [](Key key, const char* text) { return value_from_text(setting(key), text); };
  EXPECT_EQ(read(Key::kCompat, "true"), Value(true));
  EXPECT_EQ(read(Key::kCompat, "1"), Value(true));
  EXPECT_EQ(read(Key::kCompat, "false"), Value(false));
  EXPECT_EQ(read(Key::kCompat, "0"), Value(false));
  EXPECT_EQ(read(Key::kHeapMb, "64"), Value(std::int64_t{64}));
  EXPECT_EQ(read(Key::kPolicy, "safe"), Value("safe"s));
  EXPECT_EQ(read(Key::kPaths, "/a:b"), Value(Paths{"/a", "b"}));
}

TEST(Value, WrongTextIsRefused) {
  struct Case {
    Key key;
    std::string text;
  };
  for (const Case& test : std::vector<Case>{{Key::kCompat, "yes"},
                                            {Key::kCompat, "TRUE"},
                                            {Key::kCompat, ""},
                                            {Key::kHeapMb, ""},
                                            {Key::kHeapMb, "64mb"},
                                            {Key::kHeapMb, " 64"},
                                            {Key::kHeapMb, "+64"},
                                            {Key::kHeapMb, "0x40"},
                                            {Key::kHeapMb, "64\0"s},
                                            {Key::kHeapMb, "99999999999999999999"},
                                            {Key::kPolicy, "safe "},
                                            {Key::kPaths, ""},
                                            {Key::kPaths, "/a::/b"},
                                            {Key::kPaths, "/a:"}}) {
    EXPECT_FALSE(value_from_text(setting(test.key), test.text)) << test.text;
  }
}

RC_GTEST_PROP(Value, ArbitraryJsonIsReadAsItIsOrRefused, ()) {
  const auto index = *rc::gen::inRange<std::size_t>(0, table().size());
  const Json json = *test::json_value(2);
  const auto value = value_from_json(table()[index], json);
  if (value) RC_ASSERT(to_json(*value) == json);
}

TEST(MayTighten, OnlyTowardsTheStricter) {
  const auto may = [](Key key, const Value& current, const Value& proposed) {
    return may_tighten(setting(key), current, proposed);
  };
  EXPECT_TRUE(may(Key::kHeapMb, std::int64_t{256}, std::int64_t{64}));
  EXPECT_TRUE(may(Key::kHeapMb, std::int64_t{256}, std::int64_t{256}));
  EXPECT_FALSE(may(Key::kHeapMb, std::int64_t{256}, std::int64_t{257}));
  EXPECT_TRUE(may(Key::kPolicy, "balanced"s, "safe"s));
  EXPECT_FALSE(may(Key::kPolicy, "balanced"s, "permissive"s));
  EXPECT_FALSE(may(Key::kPolicy, "safe"s, "balanced"s));
  EXPECT_TRUE(may(Key::kPlacement, "thread"s, "process"s));
  EXPECT_FALSE(may(Key::kPlacement, "process"s, "thread"s));
  EXPECT_TRUE(may(Key::kCompat, false, true));
  EXPECT_FALSE(may(Key::kCompat, true, false));
  EXPECT_FALSE(may(Key::kPaths, Paths{}, Paths{"x"}));
  EXPECT_FALSE(may(Key::kShards, std::int64_t{4}, std::int64_t{1}));
}

}  // namespace
}  // namespace isopod::settings
