// SPDX-License-Identifier: MIT
// What pi 1.5.2 was recorded to make of events, in the form of this project: each case is an event,
// what the handlers of one extension answered, and the result that was recorded.
#include <gtest/gtest.h>

#include <string>

#include "registry/composition.h"

namespace isopod::registry {
namespace {

struct Recorded {
  const char* type;
  const char* payload;
  const char* answer;  ///< empty: no extension handles the event
  const char* result;
};

constexpr const char* kNobody = "";

constexpr Recorded kRecorded[] = {
    {"session_shutdown", R"({"reason":"quit"})", kNobody, "null"},
    {"session_info_changed", R"({"name":"n"})", kNobody, "null"},
    {"agent_settled", R"({"aborted":false})",
     R"({"event":{"aborted":false},"results":[null],"errors":[]})", "null"},
    {"provider_stream_event", R"({"data":{"x":1}})",
     R"({"event":{"data":{"x":1}},"results":[null],"errors":[]})", "null"},
    {"resources_discover", R"({"reason":"startup"})", kNobody,
     R"({"skillPaths":[],"promptPaths":[],"themePaths":[]})"},
    {"resources_discover", R"({"reason":"startup"})",
     R"({"event":{},"results":[{"skillPaths":["/e/SKILL.md"],"promptPaths":["/e/dynamic.md"],
         "themePaths":["/e/dynamic.json"]}],"errors":[]})",
     R"({"skillPaths":[{"path":"/e/SKILL.md","extensionPath":"/e/index.ts"}],)"
     R"("promptPaths":[{"path":"/e/dynamic.md","extensionPath":"/e/index.ts"}],)"
     R"("themePaths":[{"path":"/e/dynamic.json","extensionPath":"/e/index.ts"}]})"},
    {"input", R"({"text":"hello"})", kNobody, R"({"action":"continue"})"},
    {"input", R"({"text":"hello"})",
     R"({"event":{"text":"hello"},"results":[{"action":"continue"}],"errors":[]})",
     R"({"action":"continue"})"},
    {"input", R"({"text":"?quick what is X"})",
     R"({"event":{"text":"Respond briefly in 1-2 sentences: what is X"},
         "results":[{"action":"transform"}],"errors":[]})",
     R"({"action":"transform","text":"Respond briefly in 1-2 sentences: what is X"})"},
    {"input", R"({"text":"ping"})",
     R"({"event":{"text":"ping"},"results":[{"action":"handled"}],"errors":[]})",
     R"({"action":"handled"})"},
    {"input", R"({"text":"same"})",
     R"({"event":{"text":"same"},"results":[{"action":"transform","text":"same"}],"errors":[]})",
     R"({"action":"continue"})"},
    {"input", R"({"text":"bad"})", R"({"event":{},"results":[{"action":"transform"}],"errors":[]})",
     R"({"action":"transform"})"},
    {"context", R"({"messages":[{"role":"user"},{"role":"assistant"}]})", kNobody,
     R"([{"role":"user"},{"role":"assistant"}])"},
    {"before_provider_request", R"({"payload":{"model":"m","messages":[]}})",
     R"({"event":{"payload":{"model":"m","messages":[]}},"results":[null],
         "errors":[{"message":"ENOENT"}]})",
     R"({"model":"m","messages":[]})"},
    {"before_provider_headers", R"({"headers":{"a":"b"}})", kNobody, R"({"a":"b"})"},
    {"message_end", R"({"message":{"role":"assistant"}})", kNobody, "null"},
    {"tool_call", R"({"toolName":"bash","input":{"command":"ls -la"}})",
     R"({"event":{"input":{"command":"ls -la"}},"results":[null],"errors":[]})", "null"},
    {"tool_call", R"({"toolName":"bash","input":{"command":"sudo reboot"}})",
     R"({"event":{"input":{"command":"sudo reboot"}},
         "results":[{"block":true,"reason":"Blocked by user"}],"errors":[]})",
     R"({"block":true,"reason":"Blocked by user"})"},
    {"tool_result", R"({"content":[{"type":"text","text":"one"}],"details":{},"isError":false})",
     kNobody, "null"},
    {"user_bash", R"({"command":"echo hi"})", kNobody, "null"},
    {"user_bash", R"({"command":"res"})",
     R"({"event":{},"results":[{"result":{"output":"o","exitCode":0,"cancelled":false,
         "truncated":false}}],"errors":[]})",
     R"({"result":{"output":"o","exitCode":0,"cancelled":false,"truncated":false}})"},
    {"session_before_switch", R"({"reason":"new"})", kNobody, "null"},
    {"session_before_switch", R"({"reason":"new"})",
     R"({"event":{},"results":[{"cancel":true}],"errors":[]})", R"({"cancel":true})"},
    {"session_before_fork", R"({"entryId":"e1","position":"before"})", kNobody, "null"},
    {"turn_end", R"({"outcome":"completed"})", kNobody,
     R"({"entries":[],"continue":false,"context":{"canContinue":true},"valid":true})"},
    {"agent_before_settle", R"({"outcome":"completed"})",
     R"({"event":{"entries":[],"continue":false},"results":[null],"errors":[]})",
     R"({"entries":[],"continue":false,"context":{"canContinue":true},"valid":true})"},
};

TEST(RecordedEventsTest, ResultsAreThoseOfPi) {
  const auto stub = [](const Json&) -> Result<Json> { return Json({{"canContinue", true}}); };
  for (const Recorded& recorded : kRecorded) {
    Composition composition(recorded.type, parse_json(recorded.payload).value(), stub);
    if (*recorded.answer != '\0') {
      composition.add({"ext", "/e/index.ts"}, parse_json(recorded.answer).value());
    }
    EXPECT_EQ(dump_json(composition.value()["result"]), recorded.result)
        << recorded.type << " " << recorded.payload;
  }
}

TEST(RecordedEventsTest, PromptOptionsHaveWhatHandlersRelyOn) {
  Composition composition("before_agent_start", parse_json(R"({"prompt":"hello"})").value());
  Json event = composition.event();
  event["systemPromptOptions"]["sections"]["tool_guidance"] = "- Use `read`";
  composition.add({"ext"}, {{"event", event}, {"results", {nullptr}}, {"errors", Json::array()}});
  const Json result = composition.value()["result"];
  EXPECT_EQ(dump_json(result["messages"]), "[]");
  const Json& options = result["systemPromptOptions"];
  EXPECT_EQ(dump_json(options["selectedTools"]), R"(["read","bash","edit","write"])");
  EXPECT_EQ(dump_json(options["promptGuidelines"]), "[]");
  EXPECT_EQ(dump_json(options["sections"]), R"({"tool_guidance":"- Use `read`"})");
  EXPECT_FALSE(options.contains("forceSystemPrompt"));
}

}  // namespace
}  // namespace isopod::registry
