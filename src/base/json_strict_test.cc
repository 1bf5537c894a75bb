// SPDX-License-Identifier: MIT
#include "base/json_strict.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>

#include "arbitrary_json.h"

namespace isopod {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

RC_GTEST_PROP(StrictJson, AgreesWithTheOrdinaryParser, ()) {
  const std::string text = dump_json(*test::json_value(), *rc::gen::element(-1, 2));
  const auto strict = parse_json_strict(text);
  RC_ASSERT(strict.has_value());
  RC_ASSERT(*strict == parse_json(text).value());
  RC_ASSERT(dump_json(*strict) == dump_json(parse_json(text).value()));
}

/// Walks a value in the order of its text and names the keys.
void collect_keys(const Json& value, std::vector<std::string>& keys) {
  if (value.is_array()) {
    for (const Json& item : value) collect_keys(item, keys);
  }
  if (!value.is_object()) return;
  for (const auto& [key, child] : value.items()) {
    keys.push_back(key);
    collect_keys(child, keys);
  }
}

RC_GTEST_PROP(StrictJson, KeyOffsetsPointAtTheKeysInOrder, ()) {
  const Json value = *test::json_value();
  const std::string text = dump_json(value, *rc::gen::element(-1, 3));
  std::vector<std::string> keys;
  collect_keys(value, keys);
  const auto offsets = json_key_offsets(text);
  RC_ASSERT(offsets.size() == keys.size());
  RC_ASSERT(count_json_keys(value) == keys.size());
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const std::string quoted = dump_json(keys[i]);
    RC_ASSERT(text.substr(offsets[i], quoted.size()) == quoted);
  }
}

RC_GTEST_PROP(StrictJson, ArbitraryBytesNeverBreakTheScanners, ()) {
  const auto text = *rc::gen::container<std::string>(
      rc::gen::element('"', '\\', '{', '}', '[', ']', ':', ',', '1', ' ', '\n', '\xff'));
  const auto parsed = parse_json_strict(text);
  RC_ASSERT(!parsed.has_value() || Json::accept(text));
  for (const std::size_t offset : json_key_offsets(text)) RC_ASSERT(text.at(offset) == '"');
}

struct Broken {
  const char* text;
  const char* message;
  int line;
  int column;
};

TEST(StrictJson, SaysWhatIsWrongAndWhere) {
  for (const Broken& test : std::vector<Broken>{
           {"", "not valid JSON", 1, 1},
           {"{", "not valid JSON", 1, 2},
           {"{\n  \"a\": 1,\n}", "not valid JSON", 3, 1},
           {"{\n  // no comments\n}", "not valid JSON", 2, 3},
           {"[1, 2\n", "not valid JSON", 2, 1},
           {"{\"a\": nul}", "not valid JSON", 1, 10},
           {"\"\x80\"", "not valid JSON", 1, 2},
           {"[1e999]", "out of range", 1, 6},
           {"\xef\xbb\xbf{}", "byte order mark", 1, 1},
           {"{\"a\":1,\n \"b\":2, \"a\":3}", "\"a\" occurs twice in one object", 2, 9},
           {"{\"x\":{\"q\":1,\n\"b\":{\"b\":2},\n\"q\":3}, \"z\":0}", "\"q\" occurs twice", 3, 1},
           {"[{\"k\":0},{\"k\":0,\n\"\\u006b\":1}]", "\"k\" occurs twice", 2, 1},
       }) {
    const auto parsed = parse_json_strict(test.text);
    ASSERT_FALSE(parsed) << test.text;
    EXPECT_EQ(parsed.error().code, Code::kInvalidArgument);
    EXPECT_THAT(parsed.error().message, HasSubstr(test.message)) << test.text;
    EXPECT_EQ(parsed.error().where.line, test.line) << test.text;
    EXPECT_EQ(parsed.error().where.column, test.column) << test.text;
  }
}

TEST(StrictJson, TheSameKeyInDifferentObjectsIsFine) {
  EXPECT_TRUE(parse_json_strict(R"({"a":{"a":{"a":1}},"b":[{"a":1},{"a":2}]})"));
}

TEST(StrictJson, DepthIsCountedInContainers) {
  EXPECT_TRUE(parse_json_strict("[[{}]]", {.depth_max = 3}));
  const auto deeper = parse_json_strict("[[{\"a\":[]}]]", {.depth_max = 3});
  ASSERT_FALSE(deeper);
  EXPECT_THAT(deeper.error().message, HasSubstr("nests deeper than 3 levels"));
  EXPECT_TRUE(parse_json_strict("1", {.depth_max = 0}));
}

TEST(StrictJson, KeyOffsetsSkipValuesThatLookLikeKeys) {
  EXPECT_THAT(json_key_offsets(R"({"a":"b\":","c" :["d:",{"e":1}]})"), ElementsAre(1, 12, 24));
  EXPECT_THAT(json_key_offsets("[\"a\",\"b\"]"), IsEmpty());
}

TEST(PositionOf, CountsFromOne) {
  const auto position = [](std::string_view text, std::size_t offset) {
    const TextPosition at = position_of(text, offset);
    return std::pair(at.line, at.column);
  };
  EXPECT_EQ(position("", 0), std::pair(1, 1));
  EXPECT_EQ(position("ab\ncd", 2), std::pair(1, 3));
  EXPECT_EQ(position("ab\ncd", 3), std::pair(2, 1));
  EXPECT_EQ(position("ab\ncd", 99), std::pair(2, 3));
}

}  // namespace
}  // namespace isopod
