// SPDX-License-Identifier: MIT
#include "registry/registry.h"

#include <gtest/gtest.h>

namespace isopod::registry {
namespace {

Json registrations(const char* text) { return parse_json(text).value(); }

TEST(RegistryTest, TheFirstLoadedExtensionHasATool) {
  Registry registry;
  registry.put("one", registrations(R"({"tools":[{"name":"a"}]})"));
  registry.put("two", registrations(R"({"tools":[{"name":"a"},{"name":"b"}]})"));
  EXPECT_EQ(registry.find_tool("a")->extension, "one");
  EXPECT_EQ(registry.find_tool("b")->extension, "two");
  EXPECT_FALSE(registry.find_tool("c").has_value());
  registry.remove("one");
  EXPECT_EQ(registry.find_tool("a")->extension, "two");
}

TEST(RegistryTest, AnUpdateKeepsTheLoadOrder) {
  Registry registry;
  registry.put("one", registrations(R"({"tools":[]})"));
  registry.put("two", registrations(R"({"tools":[{"name":"a"}]})"));
  registry.put("one", registrations(R"({"tools":[{"name":"a"}]})"));
  EXPECT_EQ(registry.find_tool("a")->extension, "one");
}

TEST(RegistryTest, CommandsOfOneNameAreNumberedInLoadOrder) {
  Registry registry;
  registry.put("one", registrations(R"({"commands":[{"name":"go"},{"name":"only"}]})"));
  registry.put("two", registrations(R"({"commands":[{"name":"go"}]})"));
  EXPECT_EQ(registry.command_names(), (std::vector<std::string>{"go:1", "only", "go:2"}));
  EXPECT_EQ(registry.find_command("go:2")->extension, "two");
  EXPECT_EQ(registry.find_command("go:2")->name, "go");
  EXPECT_FALSE(registry.find_command("go").has_value());
}

TEST(RegistryTest, HandlersAreFoundInLoadOrder) {
  Registry registry;
  registry.put("one", registrations(R"({"handlers":{"input":2}})"));
  registry.put("two", registrations(R"({"handlers":{"input":1,"tool_call":1}})"));
  EXPECT_EQ(registry.handling("input"), (std::vector<std::string>{"one", "two"}));
  EXPECT_EQ(registry.handling("tool_call"), (std::vector<std::string>{"two"}));
  EXPECT_TRUE(registry.handling("nothing").empty());
}

TEST(RegistryTest, MalformedRegistrationsOfferNothing) {
  Registry registry;
  for (const char* text : {"null", "[]", "5", R"({"tools":5,"commands":{},"handlers":[]})",
                           R"({"tools":[1,null,{}]})"}) {
    registry.put("bad", registrations(text));
    EXPECT_FALSE(registry.find_tool("a").has_value()) << text;
    EXPECT_TRUE(registry.handling("input").empty()) << text;
    EXPECT_FALSE(registry.find_command("a").has_value()) << text;
  }
}

}  // namespace
}  // namespace isopod::registry
