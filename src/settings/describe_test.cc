// SPDX-License-Identifier: MIT
#include "settings/describe.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <regex>
#include <string>

#include "os/files.h"
#include "settings/file.h"
#include "settings/table.h"

namespace isopod::settings {
namespace {

/// The schema of a setting in its nested place.
const Json* nested(const Json& schema, std::string_view name) {
  const Json* section = &schema;
  while (true) {
    const std::size_t dot = name.find('.');
    const auto& properties = section->at("properties");
    const auto found = properties.find(std::string(name.substr(0, dot)));
    if (found == properties.end()) return nullptr;
    if (dot == std::string_view::npos) return &*found;
    section = &*found;
    name.remove_prefix(dot + 1);
  }
}

TEST(Schema, KnowsEverySettingNestedAndDotted) {
  const Json document = schema();
  for (const Setting& setting : table()) {
    const Json* const leaf = nested(document, setting.name);
    ASSERT_NE(leaf, nullptr) << setting.name;
    EXPECT_EQ(leaf->at("description"), std::string(setting.help));
    EXPECT_EQ(leaf->at("default"), to_json(default_value(setting)));
    EXPECT_EQ(document.at("properties").at(std::string(setting.name)), *leaf);
  }
  EXPECT_EQ(document.at("additionalProperties"), false);
  EXPECT_EQ(nested(document, "ext.limits.heap_mb")->at("maximum"), 16'384);
  EXPECT_EQ(nested(document, "ext.policy")->at("enum"), (Json{"safe", "balanced", "permissive"}));
}

TEST(Schema, KnowsTheSettingsOfSingleExtensions) {
  const Json document = schema();
  const Json* const extensions = nested(document, "ext.extensions");
  ASSERT_NE(extensions, nullptr);
  const Json& one = extensions->at("additionalProperties");
  EXPECT_NE(nested(one, "compat"), nullptr);
  EXPECT_NE(nested(one, "limits.heap_mb"), nullptr);
  EXPECT_EQ(nested(one, "policy"), nullptr);
  const std::string name = "ext.extensions.my.ext.limits.heap_mb";
  int matches = 0;
  for (const auto& [pattern, leaf] : document.at("patternProperties").items()) {
    if (!std::regex_match(name, std::regex(pattern))) continue;
    ++matches;
    EXPECT_EQ(leaf.at("maximum"), 16'384);
  }
  EXPECT_EQ(matches, 1);
}

TEST(Markdown, TheExampleIsAValidFile) {
  const std::string page = markdown();
  const std::string fence = "```json\n";
  const std::size_t start = page.find(fence) + fence.size();
  const auto content = parse_settings(page.substr(start, page.find("```", start) - start), "docs");
  ASSERT_TRUE(content) << content.error().message;
  EXPECT_EQ(content->entries.size(), 3U);
  EXPECT_TRUE(content->warnings.empty());
}

TEST(Markdown, ThePageInTheRepositoryIsUpToDate) {
  const std::string path = std::string(ISOPOD_SOURCE_DIR) + "/docs/settings.md";
  if (std::getenv("ISOPOD_UPDATE_DOCS") != nullptr) {
    ASSERT_TRUE(os::write_file_atomically(path, markdown(), 0644));
  }
  const auto page = os::read_file(path, 1'000'000);
  ASSERT_TRUE(page) << page.error().message;
  EXPECT_EQ(*page, markdown()) << "run: ISOPOD_UPDATE_DOCS=1 test_settings";
}

}  // namespace
}  // namespace isopod::settings
