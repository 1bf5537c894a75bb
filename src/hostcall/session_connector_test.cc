// SPDX-License-Identifier: MIT
#include "hostcall/session_connector.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>

namespace isopod::hostcall {
namespace {

using protocol::Opcode;
using protocol::Outcome;
using protocol::Status;

/// Remembers what it was asked for; `full` makes it refuse.
class FakeStore final : public protocol::SessionStore {
 public:
  Result<std::string> append(std::string_view type, Json fields) override {
    if (full) return fail(Code::kQuota, "full");
    said = std::string(type) + " " + dump_json(fields);
    return "id-1";
  }
  Result<> set_name(std::string_view name) override {
    if (full) return fail(Code::kQuota, "full");
    said = "name " + std::string(name);
    return {};
  }
  Result<std::string> set_label(const std::string& entry,
                                const std::optional<std::string>& label) override {
    if (full) return fail(Code::kNotFound, "Entry " + entry + " not found");
    said = "label " + entry + " " + label.value_or("(none)");
    return "id-2";
  }
  [[nodiscard]] Json entries() const override { return {1, 2}; }
  [[nodiscard]] Json name() const override { return "the name"; }
  [[nodiscard]] Json info() const override { return {{"leaf", "x"}}; }

  std::string said;
  bool full = false;
};

class SessionConnectorTest : public ::testing::Test {
 protected:
  /// Runs one call, which must end at once.
  Outcome carry_out(Opcode opcode, Json arguments) {
    std::optional<Outcome> ended;
    connector_.start({.extension = "ext", .package_root = "/ext"},
                     {1, opcode, std::move(arguments), 0},
                     Completion([&](Outcome outcome) { ended = std::move(outcome); }));
    EXPECT_TRUE(ended.has_value());
    return ended.value_or(Outcome{});
  }

  FakeStore store_;
  SessionConnector connector_{store_};
};

TEST_F(SessionConnectorTest, WritingGoesToTheStore) {
  EXPECT_EQ(carry_out(Opcode::kSessionAppendEntry, {{"customType", "t"}, {"data", {1}}}).value,
            "id-1");
  EXPECT_EQ(store_.said, R"(custom {"customType":"t","data":[1]})");
  carry_out(Opcode::kSessionAppendEntry, {{"customType", "t"}});
  EXPECT_EQ(store_.said, R"(custom {"customType":"t"})");
  EXPECT_TRUE(carry_out(Opcode::kSessionSetName, {{"name", "n"}}).value.is_null());
  EXPECT_EQ(store_.said, "name n");
  EXPECT_EQ(carry_out(Opcode::kSessionSetLabel, {{"entryId", "e"}, {"label", "l"}}).value, "id-2");
  EXPECT_EQ(store_.said, "label e l");
  carry_out(Opcode::kSessionSetLabel, {{"entryId", "e"}, {"label", nullptr}});
  EXPECT_EQ(store_.said, "label e (none)");
}

TEST_F(SessionConnectorTest, ReadingComesFromTheStore) {
  EXPECT_EQ(carry_out(Opcode::kSessionGetEntries, Json::object()).value, Json({1, 2}));
  EXPECT_EQ(carry_out(Opcode::kSessionGetName, Json::object()).value, "the name");
  EXPECT_EQ(carry_out(Opcode::kSessionInfo, Json::object()).value["leaf"], "x");
}

TEST_F(SessionConnectorTest, TheStoresRefusalIsTheOutcome) {
  store_.full = true;
  EXPECT_EQ(carry_out(Opcode::kSessionAppendEntry, {{"customType", "t"}}).code, Code::kQuota);
  EXPECT_EQ(carry_out(Opcode::kSessionSetName, {{"name", "n"}}).code, Code::kQuota);
  const Outcome missing = carry_out(Opcode::kSessionSetLabel, {{"entryId", "e"}});
  EXPECT_EQ(missing.code, Code::kNotFound);
  EXPECT_EQ(missing.message, "Entry e not found");
}

TEST_F(SessionConnectorTest, MalformedArgumentsAreErrorsAndReachNobody) {
  const std::pair<Opcode, Json> calls[] = {
      {Opcode::kSessionSetName, 5},
      {Opcode::kSessionSetName, Json::object()},
      {Opcode::kSessionSetName, {{"name", 5}}},
      {Opcode::kSessionAppendEntry, nullptr},
      {Opcode::kSessionAppendEntry, {{"customType", {1}}}},
      {Opcode::kSessionSetLabel, {{"entryId", 1}}},
      {Opcode::kSessionSetLabel, {{"entryId", "e"}, {"label", 1}}},
      {Opcode::kSessionGetEntries, "x"}};
  for (const auto& [opcode, arguments] : calls) {
    EXPECT_EQ(carry_out(opcode, arguments).code, Code::kInvalidArgument) << dump_json(arguments);
  }
  EXPECT_EQ(store_.said, "");
}

}  // namespace
}  // namespace isopod::hostcall
