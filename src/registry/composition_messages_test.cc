// SPDX-License-Identifier: MIT
// Events whose handlers change messages, results and requests; and what they add to a run.
#include <gtest/gtest.h>

#include <string>

#include "registry/composition.h"
#include "registry/composition_rules.h"

namespace isopod::registry {
namespace {

using Next = Composition::Next;

Json json(const std::string& text) { return parse_json(text).value(); }

Json answer(const std::string& event, const std::string& results = "[]",
            const std::string& errors = "[]") {
  return json(R"({"event":)" + event + R"(,"results":)" + results + R"(,"errors":)" + errors + "}");
}

std::string result_of(const Composition& composition) {
  return dump_json(composition.value()["result"]);
}

constexpr const char* kConversation =
    R"({"messages":[{"role":"system","content":"p","timestamp":1,"sections":{"a":"1","b":"2"},)"
    R"("toolsAdded":[{"name":"read"},{"name":"bash"}]},{"role":"user","n":1},)"
    R"({"role":"system","content":"q","sections":{"a":null},"toolsRemoved":[{"name":"bash"}]},)"
    R"({"role":"assistant","n":2}]})";

TEST(ContextTest, SystemMessagesAreNotShown) {
  const Composition composition("context", json(kConversation));
  EXPECT_EQ(dump_json(composition.event()["messages"]),
            R"([{"role":"user","n":1},{"role":"assistant","n":2}])");
  EXPECT_EQ(composition.value()["result"], json(kConversation)["messages"]);
}

TEST(ContextTest, EditedMessagesStayAmongTheSystemMessages) {
  Composition composition("context", json(kConversation));
  composition.add({"a"},
                  answer(R"({"messages":[{"role":"user","n":7},{"role":"assistant","n":2}]})"));
  Json expected = json(kConversation)["messages"];
  expected[1]["n"] = 7;
  EXPECT_EQ(composition.value()["result"], expected);
}

TEST(ContextTest, ANewListGetsOneSystemMessageInFront) {
  for (const char* given :
       {R"({"event":{"messages":[{"role":"user","n":3}]},"results":[],"errors":[]})",
        R"({"event":{"messages":[{"role":"user","n":3},{"role":"user","n":3}]},"results":[],)"
        R"("errors":[],"replaced":true})"}) {
    Composition composition("context", json(kConversation));
    composition.add({"a"}, json(given));
    const Json messages = composition.value()["result"];
    EXPECT_EQ(dump_json(messages[0]), R"({"role":"system","content":"p\n\nq","sections":{"b":"2"},)"
                                      R"("toolsAdded":[{"name":"read"}],"timestamp":1})");
    EXPECT_EQ(messages[1]["n"], 3);
    EXPECT_EQ(composition.event()["messages"].size(), messages.size() - 1);
  }
}

TEST(ContextTest, WithoutSystemMessagesNothingIsPutInFront) {
  Composition composition("context", json(R"({"messages":[{"role":"user"}]})"));
  composition.add({"a"}, answer(R"({"messages":[]})"));
  EXPECT_EQ(result_of(composition), "[]");
  EXPECT_TRUE(current_system_message(Json::array()).is_null());
}

TEST(ContextTest, WhatIsNoListIsRefused) {
  for (const char* type : {"context", "context_with_system"}) {
    Composition composition(type, json(R"({"messages":[{"role":"user"}]})"));
    EXPECT_EQ(composition.add({"a"}, answer(R"({"messages":"all"})")), Next::kAsk);
    EXPECT_EQ(result_of(composition), R"([{"role":"user"}])");
    EXPECT_EQ(composition.value()["errors"].size(), 1U);
  }
}

TEST(ContextTest, WithSystemTheWholeListIsTheHandlers) {
  Composition composition("context_with_system", json(kConversation));
  EXPECT_EQ(composition.event()["messages"].size(), 4U);
  composition.add({"a"}, answer(R"({"messages":[{"role":"user"}]})"));
  EXPECT_EQ(result_of(composition), R"([{"role":"user"}])");
}

TEST(MessageEndTest, TheRoleStays) {
  Composition composition("message_end", json(R"({"message":{"role":"user","n":1}})"));
  EXPECT_EQ(result_of(composition), "null");
  composition.add({"a"}, answer(R"({"message":{"role":"assistant"}})"));
  EXPECT_EQ(result_of(composition), "null");
  EXPECT_EQ(composition.value()["errors"][0]["message"],
            "message_end handlers must return a message with the same role");
  composition.add({"b"}, answer(R"({"message":{"role":"user","n":2}})"));
  EXPECT_EQ(result_of(composition), R"({"role":"user","n":2})");
}

constexpr const char* kToolResult =
    R"({"toolName":"t","toolCallId":"1","input":{},"content":[],"details":{},)"
    R"("structuredContent":1,"isError":false})";

TEST(ToolResultTest, ThePatchedResultIsWhole) {
  Composition composition("tool_result", json(kToolResult));
  composition.add({"a"}, answer(kToolResult, "[null]"));
  EXPECT_EQ(result_of(composition), "null");
  composition.add({"b"},
                  answer(R"({"toolName":"forged","content":["x"],"details":{},"isError":true})",
                         R"([{"content":["x"]},{"isError":true}])"));
  EXPECT_EQ(result_of(composition), R"({"content":["x"],"details":{},"isError":true})");
  EXPECT_EQ(composition.event()["toolName"], "t");
  EXPECT_FALSE(composition.event().contains("structuredContent"));
}

TEST(ToolResultTest, APatchThatChangesNothingIsAPatch) {
  Composition composition("tool_result", json(R"({"content":[],"isError":false})"));
  composition.add({"a"}, answer(R"({"content":[],"isError":false})", R"([{"isError":false}])"));
  EXPECT_EQ(result_of(composition), R"({"content":[],"isError":false})");
}

TEST(ToolResultTest, ContentThatWasEditedInPlaceIsAPatch) {
  Composition composition("tool_result", json(R"({"content":["a"],"isError":false})"));
  composition.add({"a"}, answer(R"({"content":["b"],"isError":false})", "[null]"));
  EXPECT_EQ(result_of(composition), R"({"content":["b"],"isError":false})");
}

TEST(ToolResultTest, AnErrorStopsNobody) {
  Composition composition("tool_result", json(kToolResult));
  EXPECT_EQ(composition.add({"a"}, answer(kToolResult, "[null]", R"([{"message":"m"}])")),
            Next::kAsk);
  EXPECT_EQ(composition.add_error({"b"}, "gone"), Next::kAsk);
  EXPECT_EQ(result_of(composition), "null");
}

TEST(ProviderTest, ThePayloadIsAnyValue) {
  Composition composition("before_provider_request", json(R"({"payload":{"model":"m"}})"));
  EXPECT_EQ(result_of(composition), R"({"model":"m"})");
  composition.add({"a"}, answer(R"({"payload":[1],"more":1})"));
  EXPECT_EQ(result_of(composition), "[1]");
  EXPECT_FALSE(composition.event().contains("more"));
  composition.add({"b"}, answer(R"({"payload":null})"));
  EXPECT_EQ(result_of(composition), "null");
}

TEST(ProviderTest, HeadersAreEditedAndNullDeletes) {
  Composition composition("before_provider_headers", json(R"({"headers":{"a":"b"}})"));
  EXPECT_EQ(result_of(composition), R"({"a":"b"})");
  composition.add({"a"}, answer(R"({"headers":{"a":null,"c":"d"}})", R"([{"headers":{}}])"));
  EXPECT_EQ(result_of(composition), R"({"a":null,"c":"d"})");
  composition.add({"b"}, answer(R"({"headers":5})"));
  EXPECT_EQ(result_of(composition), R"({"a":null,"c":"d"})");
  EXPECT_EQ(composition.value()["errors"].size(), 1U);
}

TEST(BeforeAgentStartTest, MessagesAccumulateAndOptionsAreShared) {
  Composition composition("before_agent_start", json(R"({"prompt":"hi"})"));
  EXPECT_EQ(composition.event()["messageType"], "user");
  EXPECT_TRUE(composition.event()["systemPromptOptions"]["sections"].is_object());
  composition.add({"a"},
                  answer(R"({"prompt":"forged","systemPromptOptions":{"sections":{"s":"1"}}})",
                         R"([{"message":{"n":1}},null,{"message":null},{"message":{"n":2}}])"));
  composition.add({"b"}, answer(R"({"systemPromptOptions":{"forceSystemPrompt":"P"}})",
                                R"([{"message":{"n":3},"systemPrompt":"P"}])"));
  EXPECT_EQ(composition.event()["prompt"], "hi");
  EXPECT_EQ(composition.event()["systemPrompt"], "P");
  EXPECT_EQ(result_of(composition), R"({"messages":[{"n":1},{"n":2},{"n":3}],)"
                                    R"("systemPromptOptions":{"forceSystemPrompt":"P"}})");
  composition.add({"c"}, answer(R"({"systemPromptOptions":5})"));
  EXPECT_EQ(composition.value()["errors"].size(), 1U);
}

TEST(ResourcesTest, PathsAreListedWithWhoseTheyAre) {
  Composition composition("resources_discover", json(R"({"reason":"startup"})"));
  EXPECT_EQ(result_of(composition), R"({"skillPaths":[],"promptPaths":[],"themePaths":[]})");
  composition.add({"a", "/e/a.ts"},
                  answer("{}", R"([{"skillPaths":["/s"]},null,{"skillPaths":["/t",5]}])"));
  composition.add({"b"}, answer("{}", R"([{"themePaths":"/no/list","promptPaths":["/p"]}])"));
  EXPECT_EQ(result_of(composition),
            R"({"skillPaths":[{"path":"/s","extensionPath":"/e/a.ts"},)"
            R"({"path":"/t","extensionPath":"/e/a.ts"}],)"
            R"("promptPaths":[{"path":"/p","extensionPath":"b"}],"themePaths":[]})");
  EXPECT_EQ(composition.value()["errors"].size(), 2U);
}

TEST(CacheWarmingTest, TheLastActionWins) {
  Composition composition("cache_warming_decision", json(R"({"action":"warm"})"));
  EXPECT_EQ(result_of(composition), R"("warm")");
  EXPECT_EQ(composition.add({"a"}, answer("{}", R"([{"action":"stop"},null,{}])")), Next::kAsk);
  EXPECT_EQ(composition.add({"b"}, answer("{}", R"([{"action":"explode"}])")), Next::kAsk);
  EXPECT_EQ(result_of(composition), R"("stop")");
  EXPECT_EQ(composition.value()["errors"].size(), 1U);
}

TEST(BoundaryTest, TheProposalIsPassedOn) {
  for (const char* type : {"turn_end", "agent_before_settle"}) {
    Composition composition(type, json(R"({"outcome":"completed"})"));
    EXPECT_EQ(result_of(composition), R"({"entries":[],"continue":false,"valid":true})");
    const std::string proposal = R"([{"type":"custom","customType":"t"}])";
    composition.add({"a"}, answer(R"({"entries":)" + proposal + R"(,"continue":true})"));
    EXPECT_EQ(dump_json(composition.event()["entries"]), proposal);
    EXPECT_EQ(composition.event()["outcome"], "completed");
    EXPECT_EQ(result_of(composition),
              R"({"entries":)" + proposal + R"(,"continue":true,"valid":true})");
  }
}

TEST(BoundaryTest, AnInvalidFinalListDropsEverything) {
  Composition composition("turn_end", json("{}"));
  composition.add({"a"}, answer(R"({"entries":[{"type":"custom","customType":"t"},{"type":"x"}],)"
                                R"("continue":true})"));
  EXPECT_EQ(result_of(composition), R"({"entries":[],"continue":false,"valid":false})");
  EXPECT_EQ(composition.value()["errors"][0]["message"],
            "Invalid boundary entries: entry 1 must be custom, custom_message, context_edit or "
            "compaction");
  composition.add({"b"}, answer(R"({"entries":[],"continue":true})"));
  EXPECT_EQ(result_of(composition), R"({"entries":[],"continue":true,"valid":true})");
}

TEST(BoundaryTest, WhatTheIsolateSaidIsNotSaidAgain) {
  Composition composition("turn_end", json("{}"));
  composition.add({"a"}, answer(R"({"entries":5})", "[null]",
                                R"([{"message":"Invalid boundary entries: not a list"}])"));
  EXPECT_EQ(composition.value()["errors"].size(), 1U);
  EXPECT_EQ(composition.value()["result"]["valid"], false);
}

TEST(BoundaryTest, TheContextIsRebuiltAndCanRefuse) {
  const auto build = [](const Json& drafts) -> Result<Json> {
    if (drafts.size() > 1) return fail(Code::kInvalidArgument, "Entry x not found");
    return Json({{"drafts", drafts.size()}});
  };
  Composition composition("turn_end", json("{}"), build);
  EXPECT_EQ(composition.event()["context"]["drafts"], 0);
  const std::string draft = R"({"type":"custom","customType":"t"})";
  composition.add({"a"}, answer(R"({"entries":[)" + draft + "]}"));
  EXPECT_EQ(composition.event()["context"]["drafts"], 1);
  composition.add({"b"}, answer(R"({"entries":[)" + draft + "," + draft + "]}"));
  EXPECT_EQ(composition.value()["result"]["valid"], false);
  EXPECT_EQ(composition.value()["result"]["context"]["drafts"], 1);
  EXPECT_EQ(composition.value()["errors"][0]["message"],
            "Invalid boundary entries: Entry x not found");
}

TEST(BoundaryTest, DraftsAreWellFormed) {
  for (const char* good :
       {R"([])", R"([{"type":"custom","customType":"t","data":null}])",
        R"([{"type":"custom_message","customType":"t","content":"c","display":true}])",
        R"([{"type":"context_edit","targetId":"1","replacement":null}])",
        R"([{"type":"context_edit","targetId":"1","replacement":{"content":[]}}])",
        R"([{"type":"compaction","summary":"s","firstKeptEntryId":null}])",
        R"([{"type":"compaction","summary":"s","firstKeptEntryId":"1"}])"}) {
    EXPECT_TRUE(check_drafts(json(good)).has_value()) << good;
  }
  for (const char* bad : {R"({})", R"("x")", R"([null])", R"([{}])", R"([{"type":"custom"}])",
                          R"([{"type":"custom_message","customType":"t"}])",
                          R"([{"type":"context_edit","targetId":"1"}])",
                          R"([{"type":"context_edit","replacement":null}])",
                          R"([{"type":"context_edit","targetId":"1","replacement":{"content":5}}])",
                          R"([{"type":"compaction"}])",
                          R"([{"type":"compaction","summary":"s","firstKeptEntryId":5}])",
                          R"([{"type":"message"}])"}) {
    EXPECT_FALSE(check_drafts(json(bad)).has_value()) << bad;
  }
}

}  // namespace
}  // namespace isopod::registry
