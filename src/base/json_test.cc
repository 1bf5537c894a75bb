// SPDX-License-Identifier: MIT
#include "base/json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>

#include "arbitrary_json.h"

namespace isopod {
namespace {

using ::testing::HasSubstr;

RC_GTEST_PROP(Json, WhatIsWrittenReadsBackTheSame, ()) {
  const Json value = *test::json_value();
  const auto parsed = parse_json(dump_json(value, *rc::gen::element(-1, 0, 2)));
  RC_ASSERT(parsed.has_value());
  RC_ASSERT(*parsed == value);
}

TEST(Json, KeysKeepTheirOrder) {
  const auto parsed = parse_json(R"({"z":1,"a":2,"m":3})");
  ASSERT_TRUE(parsed);
  EXPECT_EQ(dump_json(*parsed), R"({"z":1,"a":2,"m":3})");
}

TEST(Json, TextThatIsNoJsonIsAnError) {
  for (const char* text : {"", "{", "[1,]", "nul", "1 2", "{\"a\" 1}", "\"\xff\""}) {
    const auto parsed = parse_json(text);
    ASSERT_FALSE(parsed) << text;
    EXPECT_EQ(parsed.error().code, Code::kInvalidArgument);
    EXPECT_THAT(parsed.error().message, HasSubstr("not valid JSON")) << text;
  }
}

TEST(Json, ANumberOutOfRangeIsAnError) {
  const auto parsed = parse_json("[1, 1e999]");
  ASSERT_FALSE(parsed);
  EXPECT_EQ(parsed.error().message, "a number is out of range at line 1, column 9");
}

TEST(Json, OfAKeyThatOccursTwiceTheLastValueCounts) {
  EXPECT_EQ(dump_json(*parse_json(R"({"a":1,"b":2,"a":3,"c":{"d":1,"d":2},"b":4})")),
            R"({"a":3,"b":4,"c":{"d":2}})");
}

TEST(Json, NestingIsBounded) {
  EXPECT_TRUE(parse_json("[[1]]", {.depth_max = 2}));
  EXPECT_FALSE(parse_json("[[[1]]]", {.depth_max = 2}));
  EXPECT_TRUE(parse_json(R"(["[[[\"[["])", {.depth_max = 1}));
  EXPECT_FALSE(parse_json(std::string(1'000'000, '[')));
}

TEST(Json, BytesThatAreNotUtf8AreReplaced) {
  EXPECT_EQ(dump_json(Json("a\xff")), "\"a\xef\xbf\xbd\"");
}

TEST(Json, AMemberThatIsNoStringGivesTheFallback) {
  const Json object = {{"name", "x"}, {"count", 3}};
  EXPECT_EQ(json_string(object, "name"), "x");
  EXPECT_EQ(json_string(object, "count", "none"), "none");
  EXPECT_EQ(json_string(object, "absent", "none"), "none");
  EXPECT_EQ(json_string(Json::array(), "name", "none"), "none");
}

}  // namespace
}  // namespace isopod
