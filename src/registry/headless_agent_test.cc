// SPDX-License-Identifier: MIT
#include "registry/headless_agent.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <utility>
#include <vector>

namespace isopod::registry {
namespace {

using Kind = AgentAction::Kind;
using testing::ElementsAre;
using testing::HasSubstr;

class HeadlessAgentTest : public testing::Test {
 protected:
  Result<Json> act(Kind kind, const Json& arguments = Json::object()) {
    std::optional<Result<std::string>> answered;
    agent_.act({kind, "e", dump_json(arguments)}, [&](Result<std::string> value) {
      EXPECT_FALSE(answered) << "answered twice";
      answered = std::move(value);
    });
    while (!later_.empty()) {
      const auto work = std::move(later_.front());
      later_.erase(later_.begin());
      work();
    }
    if (!answered) return fail(Code::kInternal, "not answered");
    if (!*answered) return fail(answered->error());
    return parse_json(**answered);
  }
  Json state() { return *parse_json(agent_.state_json()); }
  static std::vector<std::string> names(const Json& list) {
    return list.get<std::vector<std::string>>();
  }

  Json tools_ = Json::array();
  std::vector<std::pair<std::string, Json>> entries_;
  std::vector<std::string> events_;
  std::vector<std::string> log_;
  Json verdict_ = nullptr;
  std::optional<std::string> leaf_;
  std::vector<std::function<void()>> later_;
  HeadlessAgent agent_{
      {.tools = [this] { return tools_; },
       .append = [this](std::string_view type, Json fields) -> Result<> {
         entries_.emplace_back(type, std::move(fields));
         return {};
       },
       .emit =
           [this](const std::string& type, Json event) {
             events_.push_back(type);
             return Json{
                 {"result", verdict_}, {"event", std::move(event)}, {"errors", Json::array()}};
           },
       .run_command =
           [this](const std::string& text) {
             log_.push_back(text);
             return text.starts_with("/known");
           },
       .switch_session = [this](const HeadlessAgent::SessionChange& change) -> Result<> {
         log_.push_back(change.reason);
         return {};
       },
       .move_leaf = [this](const std::string& entry) -> Result<> {
         if (entry == "none") return fail(Code::kNotFound, "no such entry");
         leaf_ = entry;
         return {};
       },
       .leaf = [this] { return leaf_; },
       .later = [this](std::function<void()> work) -> Result<> {
         later_.push_back(std::move(work));
         return {};
       }}};
};

TEST_F(HeadlessAgentTest, ToolsBecomeActiveUnlessTheySayOtherwise) {
  tools_ = Json::array({{{"name", "a"}},
                        {{"name", "b"}, {"defaultActive", false}},
                        {{"name", "c"}, {"exposure", "hidden"}},
                        {{"name", "d"}, {"exposure", "model-only"}}});
  EXPECT_THAT(names(state()["activeTools"]),
              ElementsAre("read", "bash", "edit", "write", "a", "d"));
}

TEST_F(HeadlessAgentTest, TheListOfActiveToolsIsWhatWasSetAndGrowsWithNewTools) {
  tools_ = Json::array({{{"name", "a"}}, {{"name", "c"}, {"exposure", "hidden"}}});
  ASSERT_TRUE(act(Kind::kSetActiveTools, {{"names", {"a", "grep", "c", "nope", "a", 5}}}));
  EXPECT_THAT(names(state()["activeTools"]), ElementsAre("a", "grep"));
  tools_.push_back({{"name", "late"}});
  EXPECT_THAT(names(state()["activeTools"]), ElementsAre("a", "grep", "late"));
  EXPECT_FALSE(act(Kind::kSetActiveTools, {{"names", "a"}}));
}

TEST_F(HeadlessAgentTest, AMessageIsKeptAtOnceAndThenAnnounced) {
  const Json message = {{"customType", "note"}, {"content", "hi"}, {"display", true}, {"x", 1}};
  agent_.act({Kind::kSendMessage, "e", dump_json({{"message", message}})}, [](const auto&) {});
  ASSERT_EQ(entries_.size(), 1u);
  EXPECT_TRUE(events_.empty());
  later_.front()();
  EXPECT_EQ(entries_[0].first, "custom_message");
  EXPECT_EQ(entries_[0].second,
            (Json{{"customType", "note"}, {"content", "hi"}, {"display", true}}));
  EXPECT_THAT(events_, ElementsAre("message_start", "message_end"));
}

TEST_F(HeadlessAgentTest, WhatNeedsAModelSaysThatThereIsNone) {
  const Json message = {{"customType", "note"}, {"content", "hi"}};
  const auto turn =
      act(Kind::kSendMessage, {{"message", message}, {"options", {{"triggerTurn", true}}}});
  ASSERT_FALSE(turn);
  EXPECT_THAT(turn.error().message, HasSubstr("No model selected"));
  EXPECT_EQ(entries_.size(), 1u) << "the message is kept all the same";
  EXPECT_TRUE(
      act(Kind::kSendMessage,
          {{"message", message}, {"options", {{"triggerTurn", true}, {"deliverAs", "nextTurn"}}}}));
  EXPECT_FALSE(act(Kind::kCompact));
  EXPECT_EQ(*act(Kind::kSetModel), false);
  EXPECT_FALSE(act(Kind::kSendMessage, {{"message", {{"content", "no type"}}}}));
}

TEST_F(HeadlessAgentTest, AUserMessageIsInputThatAHandlerMayTake) {
  EXPECT_FALSE(act(Kind::kSendUserMessage, {{"content", "hello"}}));
  EXPECT_THAT(events_, ElementsAre("input"));
  verdict_ = {{"action", "handled"}};
  EXPECT_TRUE(act(Kind::kSendUserMessage, {{"content", Json::array({{{"text", "hello"}}})}}));
}

TEST_F(HeadlessAgentTest, CommandsInAUserMessageRunOnlyWhenAsked) {
  verdict_ = {{"action", "handled"}};
  const Json expand = {{"expandPromptTemplates", true}};
  EXPECT_TRUE(act(Kind::kSendUserMessage, {{"content", "/known x"}}));
  EXPECT_TRUE(log_.empty());
  EXPECT_TRUE(act(Kind::kSendUserMessage, {{"content", "/known x"}, {"options", expand}}));
  EXPECT_THAT(log_, ElementsAre("/known x"));
  EXPECT_THAT(events_, ElementsAre("input"));
}

TEST_F(HeadlessAgentTest, HandlersMayStopASwitchOfSession) {
  EXPECT_EQ(*act(Kind::kNewSession), (Json{{"cancelled", false}}));
  EXPECT_EQ(*act(Kind::kFork, {{"entryId", "x"}}), (Json{{"cancelled", false}}));
  EXPECT_EQ(*act(Kind::kReload), (Json{{"cancelled", false}}));
  EXPECT_THAT(log_, ElementsAre("new", "fork", "reload"));
  EXPECT_THAT(events_, ElementsAre("session_before_switch", "session_before_fork"));
  verdict_ = {{"cancel", true}};
  EXPECT_EQ(*act(Kind::kSwitchSession, {{"path", "/s"}}), (Json{{"cancelled", true}}));
  EXPECT_EQ(log_.size(), 3u);
}

TEST_F(HeadlessAgentTest, MovingInTheTreeMovesTheLeafUnlessCancelled) {
  EXPECT_EQ(*act(Kind::kNavigateTree, {{"targetId", "a"}}), (Json{{"cancelled", false}}));
  EXPECT_EQ(leaf_, "a");
  EXPECT_THAT(events_, ElementsAre("session_before_tree", "session_tree"));
  EXPECT_EQ(act(Kind::kNavigateTree, {{"targetId", "none"}}).error().code, Code::kNotFound);
  verdict_ = {{"cancel", true}};
  EXPECT_EQ(*act(Kind::kNavigateTree, {{"targetId", "b"}}), (Json{{"cancelled", true}}));
  EXPECT_EQ(leaf_, "a");
}

TEST_F(HeadlessAgentTest, ArgumentsThatAreNoneAreRefused) {
  for (const char* text : {"", "5", "[]", "{"}) {
    std::optional<Code> code;
    agent_.act({Kind::kSendMessage, "e", text}, [&](const Result<std::string>& value) {
      if (!value) code = value.error().code;
    });
    EXPECT_EQ(code, Code::kInvalidArgument) << text;
  }
  EXPECT_FALSE(act(Kind::kSendMessage, {{"message", 5}, {"options", "x"}}));
}

}  // namespace
}  // namespace isopod::registry
