// SPDX-License-Identifier: MIT
// What all events share, and the events whose handlers decide something.
#include "registry/composition.h"

#include <gtest/gtest.h>

#include <string>

namespace isopod::registry {
namespace {

using Next = Composition::Next;

Json json(const std::string& text) { return parse_json(text).value(); }

/// An answer as an isolate gives it.
Json answer(const std::string& event, const std::string& results,
            const std::string& errors = "[]") {
  return json(R"({"event":)" + event + R"(,"results":)" + results + R"(,"errors":)" + errors + "}");
}

std::string result_of(const Composition& composition) {
  return dump_json(composition.value()["result"]);
}

TEST(CompositionTest, ANotifiedEventTravelsAndResultsDoNotMatter) {
  for (const char* type : {"session_start", "agent_end", "turn_start", "no_such_event"}) {
    Composition composition(type, json(R"({"n":1})"));
    EXPECT_EQ(composition.add({"a"}, answer(R"({"n":2,"type":"forged"})", R"([{"cancel":true}])")),
              Next::kAsk);
    EXPECT_EQ(composition.event()["n"], 2);
    EXPECT_EQ(composition.event()["type"], type);
    EXPECT_EQ(result_of(composition), "null");
  }
}

TEST(CompositionTest, ErrorsSayWhoWhereAndWhat) {
  Composition composition("turn_start", json("{}"));
  const Json answered =
      answer("{}", "[null]", R"([{"message":"m","stack":"s"},{"message":"n"},5])");
  EXPECT_EQ(composition.add({"a", "/ext/a.ts"}, answered), Next::kAsk);
  EXPECT_EQ(composition.add_error({"b"}, "gone"), Next::kAsk);
  EXPECT_EQ(
      dump_json(composition.value()["errors"]),
      R"([{"extension":"a","path":"/ext/a.ts","event":"turn_start","message":"m","stack":"s"},)"
      R"({"extension":"a","path":"/ext/a.ts","event":"turn_start","message":"n"},)"
      R"({"extension":"a","path":"/ext/a.ts","event":"turn_start","message":""},)"
      R"({"extension":"b","path":"b","event":"turn_start","message":"gone"}])");
}

TEST(CompositionTest, AMalformedAnswerIsAnErrorAndChangesNothing) {
  for (const char* text :
       {"null", "5", "[]", "{}", R"({"event":1,"results":[],"errors":[]})",
        R"({"event":{},"results":{},"errors":[]})", R"({"event":{},"results":[]})"}) {
    Composition told("turn_start", json(R"({"n":1})"));
    EXPECT_EQ(told.add({"a"}, json(text)), Next::kAsk) << text;
    EXPECT_EQ(told.event()["n"], 1) << text;
    EXPECT_EQ(told.value()["errors"].size(), 1U) << text;
    Composition gate("tool_call", json("{}"));
    EXPECT_EQ(gate.add({"a"}, json(text)), Next::kStop) << text;
    EXPECT_EQ(gate.value()["result"]["block"], true) << text;
  }
}

TEST(CompositionTest, ErrorsOfOneAnswerAreCountedAndNotKeptForEver) {
  Json many = answer("{}", "[]");
  for (int i = 0; i < 5000; ++i) many["errors"].push_back({{"message", "m"}});
  Composition composition("turn_start", json("{}"));
  composition.add({"a"}, many);
  EXPECT_LE(composition.value()["errors"].size(), 100U);
}

TEST(CompositionTest, SessionBeforeKeepsTheLastResultAndStopsAtCancel) {
  for (const char* type : {"session_before_switch", "session_before_fork", "session_before_compact",
                           "session_before_tree"}) {
    Composition composition(type, json("{}"));
    EXPECT_EQ(composition.add({"a"}, answer("{}", R"([{"x":1},{"cancel":false},0,null,""])")),
              Next::kAsk);
    EXPECT_EQ(result_of(composition), R"({"cancel":false})");
    EXPECT_EQ(composition.add({"b"}, answer("{}", R"([{"cancel":"yes"},{"x":2}])")), Next::kStop);
    EXPECT_EQ(result_of(composition), R"({"cancel":"yes"})");
  }
}

TEST(CompositionTest, AToolCallMayChangeItsInputOnly) {
  Composition composition("tool_call",
                          json(R"({"toolName":"bash","toolCallId":"1","input":{"a":1}})"));
  const std::string forged = R"({"toolName":"read","toolCallId":"2","input":{"a":2},"more":1})";
  EXPECT_EQ(composition.add({"a"}, answer(forged, "[null]")), Next::kAsk);
  EXPECT_EQ(dump_json(composition.event()),
            R"({"type":"tool_call","toolName":"bash","toolCallId":"1","input":{"a":2}})");
  EXPECT_EQ(result_of(composition), "null");
}

TEST(CompositionTest, TheFirstBlockStopsAndElseTheLastResultStays) {
  Composition composition("tool_call", json("{}"));
  EXPECT_EQ(composition.add({"a"}, answer("{}", R"([{"foo":1},{"block":false}])")), Next::kAsk);
  EXPECT_EQ(result_of(composition), R"({"block":false})");
  EXPECT_EQ(composition.add({"b"}, answer("{}", R"([{"block":true,"reason":"R"},{"x":1}])")),
            Next::kStop);
  EXPECT_EQ(result_of(composition), R"({"block":true,"reason":"R"})");
}

TEST(CompositionTest, AFailingGateBlocksWithTheMessage) {
  Composition gate("tool_call", json("{}"));
  EXPECT_EQ(gate.add({"a"}, answer("{}", R"([{"x":1},null])", R"([{"message":"boom"}])")),
            Next::kStop);
  EXPECT_EQ(result_of(gate), R"({"block":true,"reason":"boom"})");
  Composition silent("tool_call", json("{}"));
  EXPECT_EQ(silent.add_error({"a"}, "gone"), Next::kStop);
  EXPECT_EQ(result_of(silent), R"({"block":true,"reason":"gone"})");
}

constexpr const char* kShellResult =
    R"({"result":{"output":"o","exitCode":0,"cancelled":false,"truncated":false}})";

TEST(CompositionTest, TheFirstUserBashAnswerWins) {
  Composition composition("user_bash", json(R"({"command":"x"})"));
  EXPECT_EQ(composition.add({"a"}, answer("{}", "[null,null]")), Next::kAsk);
  EXPECT_EQ(composition.add({"b"}, answer("{}", "[null," + std::string(kShellResult) + "]")),
            Next::kStop);
  EXPECT_EQ(result_of(composition), kShellResult);
  EXPECT_EQ(composition.event()["command"], "x");
}

TEST(CompositionTest, OperationsStayInTheirIsolate) {
  Composition composition("user_bash", json("{}"));
  EXPECT_EQ(composition.add({"ssh"}, answer("{}", R"([{"operations":{"exec":"[function]"}}])")),
            Next::kStop);
  EXPECT_EQ(result_of(composition), R"({"operations":{"exec":"[function]","extension":"ssh"}})");
}

TEST(CompositionTest, AMalformedUserBashAnswerStopsTheCommand) {
  for (const char* result :
       {R"({})", "5", R"("x")", R"({"result":{}})", R"({"operations":{"exec":1}})",
        R"({"operations":{"exec":"[function]"},"result":{}})",
        R"({"result":{"output":"o","exitCode":"0","cancelled":false,"truncated":false}})"}) {
    Composition composition("user_bash", json("{}"));
    EXPECT_EQ(composition.add({"a"}, answer("{}", "[" + std::string(result) + "]")), Next::kStop);
    EXPECT_EQ(composition.value()["result"]["block"], true) << result;
    EXPECT_EQ(composition.value()["errors"].size(), 1U) << result;
  }
  Composition failed("user_bash", json("{}"));
  EXPECT_EQ(failed.add({"a"}, answer("{}", "[null]", R"([{"message":"no"}])")), Next::kStop);
  EXPECT_EQ(result_of(failed), R"({"block":true,"reason":"no"})");
}

TEST(CompositionTest, TheFirstYesOrNoDecidesAboutTrust) {
  Composition composition("project_trust", json(R"({"cwd":"/w"})"));
  EXPECT_EQ(composition.add({"a"}, answer("{}", R"([null,{"trusted":"undecided"}])",
                                          R"([{"message":"reading trusted"}])")),
            Next::kAsk);
  EXPECT_EQ(result_of(composition), "null");
  EXPECT_EQ(composition.add({"b"}, answer("{}", R"([{"trusted":"perhaps"}])")), Next::kAsk);
  EXPECT_EQ(composition.value()["errors"].size(), 2U);
  EXPECT_EQ(composition.add({"c"}, answer("{}", R"([{"trusted":"no","remember":true}])")),
            Next::kStop);
  EXPECT_EQ(result_of(composition), R"({"trusted":"no","remember":true})");
}

TEST(CompositionTest, InputIsTransformedAlongTheWay) {
  Composition composition("input", json(R"({"text":"a","source":"interactive"})"));
  EXPECT_EQ(result_of(composition), R"({"action":"continue"})");
  composition.add({"a"}, answer(R"({"text":"b","source":"rpc"})", "[null]"));
  EXPECT_EQ(composition.event()["text"], "b");
  EXPECT_EQ(composition.event()["source"], "interactive");
  EXPECT_EQ(result_of(composition), R"({"action":"transform","text":"b"})");
  composition.add({"b"}, answer(R"({"text":"b","images":[1]})", "[null]"));
  EXPECT_EQ(result_of(composition), R"({"action":"transform","text":"b","images":[1]})");
  composition.add({"c"}, answer(R"({"text":"a"})", "[null]"));
  EXPECT_EQ(result_of(composition), R"({"action":"continue"})");
}

TEST(CompositionTest, HandledInputStops) {
  Composition composition("input", json(R"({"text":"a"})"));
  EXPECT_EQ(composition.add({"a"}, answer(R"({"text":"b"})", R"([{"action":"handled"}])")),
            Next::kStop);
  EXPECT_EQ(result_of(composition), R"({"action":"handled"})");
}

TEST(CompositionTest, ATransformWithoutTextIsStillOne) {
  Composition composition("input", json(R"({"text":"bad"})"));
  composition.add({"a"}, answer("{}", R"([{"action":"transform"}])"));
  EXPECT_EQ(result_of(composition), R"({"action":"transform"})");
}

}  // namespace
}  // namespace isopod::registry
