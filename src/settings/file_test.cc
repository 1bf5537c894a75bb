// SPDX-License-Identifier: MIT
#include "settings/file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "arbitrary_json.h"
#include "os/files.h"

namespace isopod::settings {
namespace {

using namespace std::string_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

TEST(ParseSettings, TakesNestedAndDottedKeys) {
  const auto content = parse_settings(R"({
  "$schema": "x",
  "ext": {
    "policy": "safe",
    "limits": { "heap_mb": 64 },
    "limits.timers": 3,
    "paths": ["a", "/b"],
    "extensions": {
      "my.ext": { "compat": true, "limits": { "turn_ms": 10 }, "limits.pending": 7 },
      "x.compat": { "compat": true },
      "dotted.limits.children": 1
    }
  },
  "ext.load": "lazy",
  "ext.extensions.y.limits": { "heap_mb": 9 },
  "log.level": "debug"
})",
                                      "/s.json");
  ASSERT_TRUE(content) << content.error().message;
  EXPECT_THAT(content->warnings, IsEmpty());
  std::vector<std::string> seen;
  for (const Entry& entry : content->entries) {
    seen.push_back(std::to_string(entry.line) + " " + name_of(entry.reference) + " " +
                   dump_json(to_json(entry.value)));
  }
  EXPECT_THAT(
      seen, ElementsAre("4 ext.policy \"safe\"", "5 ext.limits.heap_mb 64", "6 ext.limits.timers 3",
                        "7 ext.paths [\"a\",\"/b\"]", "9 ext.extensions.my.ext.compat true",
                        "9 ext.extensions.my.ext.limits.turn_ms 10",
                        "9 ext.extensions.my.ext.limits.pending 7",
                        "10 ext.extensions.x.compat.compat true",
                        "11 ext.extensions.dotted.limits.children 1", "14 ext.load \"lazy\"",
                        "15 ext.extensions.y.limits.heap_mb 9", "16 log.level \"debug\""));
}

TEST(ParseSettings, AnUnknownKeyIsAWarningWithTheNearestName) {
  const auto content = parse_settings(R"({
  "ext.polici": "safe",
  "editor": { "tabs": {"a":1}, "x": 2 },
  "ext": { "extensions": { "a": { "compact": true, "zzz": 1 } } },
  "ext.compat": true
})",
                                      "/s.json");
  ASSERT_TRUE(content) << content.error().message;
  EXPECT_THAT(
      content->warnings,
      ElementsAre("/s.json:2:3: there is no setting ext.polici; did you mean ext.policy?",
                  "/s.json:3:24: there is no setting editor.tabs.a",
                  "/s.json:3:32: there is no setting editor.x",
                  "/s.json:4:35: there is no setting ext.extensions.a.compact; did you mean "
                  "ext.extensions.a.compat?",
                  "/s.json:4:52: there is no setting ext.extensions.a.zzz"));
  ASSERT_EQ(content->entries.size(), 1U);
  EXPECT_EQ(content->entries[0].line, 5);
}

TEST(ParseSettings, ManyUnknownKeysAreSummedUp) {
  std::string text = "{";
  for (int i = 0; i < 1000; ++i) text += "\"unknown" + std::to_string(i) + "\":{\"a\":1},";
  text += "\"ext.compat\":true}";
  const auto content = parse_settings(text, "/s.json");
  ASSERT_TRUE(content);
  EXPECT_EQ(content->warnings.size(), 21U);
  EXPECT_EQ(content->warnings.back(), "/s.json: 980 more unknown settings");
  EXPECT_EQ(content->entries.size(), 1U);
}

struct Broken {
  std::string text;
  const char* where;
  const char* why;
};

TEST(ParseSettings, ABrokenFileNamesThePlace) {
  for (const Broken& test : std::vector<Broken>{
           {"", "cannot use /s.json", "it is empty"},
           {" \n\t\r\n", "cannot use /s.json", "it is empty"},
           {"[]", "cannot use /s.json", "no JSON object"},
           {"null", "cannot use /s.json", "no JSON object"},
           {"{\n  \"a\": 1,\n}", "/s.json:3:1:", "not valid JSON"},
           {"{\n  // comment\n}", "/s.json:2:3:", "not valid JSON"},
           {"{\"a\":1}\n{}", "/s.json:2:1:", "not valid JSON"},
           {"{\"a\":\n\"\xff\"}", "/s.json:2:2:", "not valid JSON"},
           {"\0"s, "/s.json:1:1:", "not valid JSON"},
           {"\xef\xbb\xbf{}", "/s.json:1:1:", "byte order mark"},
           {"\xff\xfe{\0}\0"s, "/s.json:1:1:", "not valid JSON"},
           {"{\"log.level\":\"info\",\n \"log.level\":\"info\"}", "/s.json:2:2:", "occurs twice"},
           {"{\"x\":{\"a\":1},\n\"log\":{\"level\":\"info\"},\n \"log.level\":\"info\"}",
            "/s.json:3:2:", "log.level is set twice, first in line 2"},
           {"{\"ext.extensions.a.compat\":true,\"ext\":{\"extensions\":{\"a\":{\n\"compat\":true}}}"
            "}",
            "/s.json:2:1:", "set twice, first in line 1"},
           {std::string(17, '[') + std::string(17, ']'), "cannot use /s.json", "deeper than 16"},
           {std::string(1'000'000, '['), "cannot use /s.json", "deeper than 16"},
           {"{\"log.level\": 1e999}", "/s.json:1:", "out of range"},
       }) {
    const auto content = parse_settings(test.text, "/s.json");
    ASSERT_FALSE(content) << test.text;
    EXPECT_EQ(content.error().code, Code::kBadSettings);
    EXPECT_THAT(content.error().message, StartsWith(test.where)) << test.text;
    EXPECT_THAT(content.error().message, HasSubstr(test.why)) << test.text;
    EXPECT_THAT(content.error().message, HasSubstr("--ignore-settings"));
  }
}

TEST(ParseSettings, AWrongValueNamesPlaceKeyAndAllowedValues) {
  for (const Broken& test : std::vector<Broken>{
           {"{\n \"ext\": {\n  \"limits\": {\"heap_mb\": \"lots\"}}}", "/s.json:3:14:",
            "ext.limits.heap_mb must be a whole number from 8 to 16384, but is \"lots\""},
           {"{\"a\":{\"b\":[{\"c\":1}]},\n\"ext.policy\":\"free\"}",
            "/s.json:2:1:", "ext.policy must be safe, balanced or permissive, but is \"free\""},
           {"{\"ext.compat\":{\"x\":1}}", "/s.json:1:2:", "ext.compat must be true or false"},
           {"{\"ext\":5}", "/s.json:1:2:", "ext must be an object"},
           {"{\"ext\":{\"limits\":null}}", "/s.json:1:9:", "ext.limits must be an object"},
           {"{\"ext\":{\"extensions\":[]}}", "/s.json:1:9:", "ext.extensions must be an object"},
           {"{\"ext\":{\"extensions\":{\"a\":true}}}",
            "/s.json:1:23:", "ext.extensions.a must be an object"},
           {"{\"ext\":{\"extensions\":{\"\":{\"compat\":true}}}}",
            "/s.json:1:23:", "must be an object"},
           {"{\"ext\":{\"extensions\":{\"a\":{\"compat\":1}}}}",
            "/s.json:1:28:", "must be true or false"},
       }) {
    const auto content = parse_settings(test.text, "/s.json");
    ASSERT_FALSE(content) << test.text;
    EXPECT_EQ(content.error().code, Code::kBadSettings);
    EXPECT_THAT(content.error().message, StartsWith(test.where)) << test.text;
    EXPECT_THAT(content.error().message, HasSubstr(test.why)) << test.text;
    EXPECT_EQ(content.error().where.file, "/s.json");
  }
}

TEST(ParseSettings, TooManySettingsAreRefused) {
  const auto text = [](int count) {
    std::string file = "{";
    for (int i = 0; i < count; ++i) {
      file += (i == 0 ? "" : ",") + ("\"ext.extensions.e" + std::to_string(i)) + ".compat\":true";
    }
    return file + "}";
  };
  EXPECT_TRUE(parse_settings(text(1024), "/s.json"));
  const auto over = parse_settings(text(1025), "/s.json");
  ASSERT_FALSE(over);
  EXPECT_THAT(over.error().message, HasSubstr("more than 1024 settings"));
}

RC_GTEST_PROP(ParseSettings, ArbitraryObjectsAreReadOrRefused, ()) {
  Json object = Json::object();
  const auto count = *rc::gen::inRange(0, 5);
  for (int i = 0; i < count; ++i) {
    const auto key = *rc::gen::oneOf(
        test::utf8_text(),
        rc::gen::element<std::string>("ext", "ext.limits", "limits", "extensions", "ext.compat",
                                      "ext.extensions", "ext.extensions.a", "log", "$schema"));
    Json value = *test::json_value();
    if (*rc::gen::arbitrary<bool>())
      value = Json{
          {*rc::gen::element<std::string>("extensions", "limits", "a", "compat", "limits.heap_mb"),
           std::move(value)}};
    object[key] = std::move(value);
  }
  const auto content = parse_settings(dump_json(object), "/s.json");
  if (!content) {
    RC_ASSERT(content.error().code == Code::kBadSettings);
    RC_ASSERT(content.error().message.find('\x1b') == std::string::npos);
  } else {
    for (const std::string& warning : content->warnings) {
      RC_ASSERT(warning.find('\x1b') == std::string::npos);
    }
  }
}

class ReadSettingsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    directory_ = std::move(*os::TemporaryDirectory::make("isopod-settings-"));
  }

  [[nodiscard]] std::string path() const { return directory_->path() + "/settings.json"; }

  std::unique_ptr<os::TemporaryDirectory> directory_;
};

TEST_F(ReadSettingsTest, AnAbsentFileIsNothing) {
  const auto content = read_settings(path());
  ASSERT_TRUE(content);
  EXPECT_FALSE(content->has_value());
}

TEST_F(ReadSettingsTest, ADirectoryAPipeAndAHugeFileAreErrors) {
  std::filesystem::create_directory(path());
  const auto directory = read_settings(path());
  ASSERT_FALSE(directory);
  EXPECT_EQ(directory.error().code, Code::kBadSettings);
  EXPECT_THAT(directory.error().message, HasSubstr("is a directory"));
  std::filesystem::remove(path());
  ASSERT_EQ(::mkfifo(path().c_str(), 0600), 0);
  EXPECT_FALSE(read_settings(path()));
  std::filesystem::remove(path());
  std::ofstream(path()) << "{}" << std::string(1024 * 1024 - 2, ' ');
  EXPECT_TRUE(read_settings(path()));
  std::ofstream(path()) << "{}" << std::string(1024 * 1024 - 1, ' ');
  const auto huge = read_settings(path());
  ASSERT_FALSE(huge);
  EXPECT_EQ(huge.error().code, Code::kBadSettings);
  EXPECT_THAT(huge.error().message, HasSubstr("larger than 1048576 bytes"));
}

TEST_F(ReadSettingsTest, ABrokenFileIsLeftAsItIs) {
  const std::string text = "{ \"ext.policy\": \"sa";
  std::ofstream(path()) << text;
  const auto written = std::filesystem::last_write_time(path());
  ASSERT_FALSE(read_settings(path()));
  EXPECT_EQ(os::read_file(path(), 1000), text);
  EXPECT_EQ(std::filesystem::last_write_time(path()), written);
  EXPECT_EQ(os::list_directory(directory_->path())->size(), 1U);
}

}  // namespace
}  // namespace isopod::settings
