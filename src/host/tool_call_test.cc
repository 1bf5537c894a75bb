// SPDX-License-Identifier: MIT
#include "host/tool_call.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <utility>
#include <vector>

namespace isopod::host {
namespace {

/// A host of one tool whose steps are written down.
class ToolCallTest : public testing::Test {
 protected:
  Result<Json> run(Json arguments = {{"x", "1"}}) {
    const ToolCall call(
        {.ask = [this](const char* kind, Json payload) { return ask(kind, payload); },
         .emit = [this](const std::string& type,
                        Json event) { return emit(type, std::move(event)); },
         .handled = [this](const std::string& type) { return handled_.contains(type); }});
    return call.run({"t", "c1", "p1", std::move(arguments)});
  }
  Result<Json> ask(const std::string& kind, const Json& payload) {
    steps_.push_back(kind + " " + dump_json(payload["args"]));
    if (kind == "prepare_tool") return prepared_;
    return result_;
  }
  Json emit(const std::string& type, Json event) {
    steps_.push_back(type);
    events_.push_back(event);
    Json composed = {{"result", verdict_}, {"event", std::move(event)}, {"errors", Json::array()}};
    composed["event"].update(changes_);
    for (const char* name : dropped_) composed["event"].erase(name);
    return composed;
  }

  std::set<std::string> handled_;
  Json prepared_ = {{"args", {{"x", 1}}}};
  Json result_ = {{"content", "out"}, {"details", 1}, {"structuredContent", 2}};
  Json verdict_ = nullptr;
  Json changes_ = Json::object();
  std::vector<const char*> dropped_;
  std::vector<std::string> steps_;
  std::vector<Json> events_;
};

TEST_F(ToolCallTest, IsOneRequestWhenNobodyLooks) {
  EXPECT_EQ(*run(), result_);
  EXPECT_EQ(steps_, std::vector<std::string>{R"(tool {"x":"1"})"});
}

TEST_F(ToolCallTest, GatesSeePreparedArgumentsAndWhoseCallItIs) {
  handled_ = {"tool_call"};
  EXPECT_EQ(*run(), result_);
  EXPECT_EQ(steps_, (std::vector<std::string>{R"(prepare_tool {"x":"1"})", "tool_call",
                                              R"(tool {"x":1})"}));
  EXPECT_EQ(events_[0], (Json{{"type", "tool_call"},
                              {"toolName", "t"},
                              {"toolCallId", "c1"},
                              {"input", {{"x", 1}}},
                              {"parentToolCallId", "p1"}}));
}

TEST_F(ToolCallTest, WhatAGateChangesIsWhatTheToolGets) {
  handled_ = {"tool_call"};
  changes_ = {{"input", {{"x", 42}}}};
  ASSERT_TRUE(run());
  EXPECT_EQ(steps_.back(), R"(tool {"x":42})");
}

TEST_F(ToolCallTest, ABlockedCallNeverReachesTheTool) {
  handled_ = {"tool_call", "tool_result"};
  verdict_ = {{"block", true}, {"reason", "not now"}, {"terminate", true}};
  Json expected = error_result("not now");
  expected["terminate"] = true;
  EXPECT_EQ(*run(), expected);
  EXPECT_EQ(steps_.back(), "tool_call");
  verdict_ = {{"block", true}};
  EXPECT_EQ(*run(), error_result("Tool execution was blocked"));
}

TEST_F(ToolCallTest, WrongArgumentsAreAResultAndNoGateSeesThem) {
  handled_ = {"tool_call"};
  prepared_ = {{"error", "Validation failed"}};
  EXPECT_EQ(*run(), error_result("Validation failed"));
  EXPECT_EQ(steps_.size(), 1u);
}

TEST_F(ToolCallTest, ResultsArePatchedMemberByMember) {
  handled_ = {"tool_result"};
  result_["other"] = "kept";
  changes_ = {{"content", "patched"}, {"isError", true}};
  dropped_ = {"structuredContent"};
  EXPECT_EQ(*run(),
            (Json{{"content", "patched"}, {"details", 1}, {"other", "kept"}, {"isError", true}}));
}

TEST_F(ToolCallTest, AResultNobodyPatchesStaysAsItIs) {
  handled_ = {"tool_result"};
  EXPECT_EQ(*run(), result_);
  EXPECT_EQ(events_.back()["isError"], false);
  result_ = "a bare text";
  EXPECT_EQ(*run(), result_);
}

TEST(ErrorResult, SaysThatItIsAnError) {
  EXPECT_TRUE(says_error(error_result("x")));
  EXPECT_FALSE(says_error({{"isError", false}}));
  EXPECT_FALSE(says_error({{"isError", nullptr}}));
  EXPECT_FALSE(says_error("isError"));
}

}  // namespace
}  // namespace isopod::host
