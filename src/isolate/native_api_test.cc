// SPDX-License-Identifier: MIT
#include "isolate/native_api.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>

#include "isolate_fixture.h"

namespace isopod::isolate::testing {
namespace {

using protocol::Hostcall;
using protocol::Opcode;
using protocol::Outcome;
using protocol::Reply;
using std::chrono::microseconds;
using ::testing::HasSubstr;

/// "code: message" of what an expression throws, or its JSON.
std::string tried(const std::string& expression) {
  return "try { const value = " + expression +
         "; return value === undefined ? 'undefined' : value; }"
         " catch (error) { return error.code + ': ' + error.message; }";
}

class NativeApiTest : public TurnLoopTest {
 protected:
  std::string answer(const std::string& body) {
    const Result<Json> value = answer_to(body);
    return value ? dump_json(*value) : value.error().describe();
  }
};

TEST_F(NativeApiTest, NamesAreUniqueAndInfoIsTheGivenData) {
  const std::vector<std::string> names = NativeApi::names();
  EXPECT_EQ(std::set<std::string>(names.begin(), names.end()).size(), names.size());
  EXPECT_EQ(answer("return info;"), R"({"mode":"print","pid":7})");
}

TEST_F(NativeApiTest, HandlersMustBeFunctions) {
  for (const char* name : {"onRequest", "onCancel", "setErrorFactory"}) {
    EXPECT_EQ(answer(tried(std::string(name) + "({})")),
              "\"invalid_argument: " + std::string(name) + " takes a function\"");
  }
  EXPECT_EQ(answer(tried("startTimer('code', 1, false)")),
            "\"invalid_argument: startTimer takes a function\"");
}

TEST_F(NativeApiTest, AnUnknownOperationThrowsAndReachesNobody) {
  for (const char* name : {"'nothing.here'", "'log'", "'LOG.WRITE'", "undefined", "''"}) {
    EXPECT_THAT(answer(tried(std::string("hostcall(") + name + ", {})")),
                HasSubstr("unsupported: there is no hostcall named"));
    EXPECT_THAT(answer(tried(std::string("hostcallSync(") + name + ", {})")),
                HasSubstr("unsupported: there is no hostcall named"));
  }
  EXPECT_TRUE(port_.hostcalls.empty());
}

TEST_F(NativeApiTest, ArgumentsThatAreNoPlainDataThrowAndReachNobody) {
  const std::map<std::string, std::string> expected = {
      {"(() => { const a = {}; a.a = a; return a; })()", "not_serializable: "},
      {"{ n: 1n }", "not_serializable: "},
      {"(() => { let a = []; for (let i = 0; i < 600; i++) a = [a]; return a; })()",
       "not_serializable: "},
      {"{ get x() { throw new Error('getter'); } }", "exception: getter"}};
  for (const auto& [arguments, message] : expected) {
    EXPECT_THAT(answer(tried("hostcall('log.write', " + arguments + ")")), HasSubstr(message));
    EXPECT_THAT(answer(tried("hostcallSync('log.write', " + arguments + ")")), HasSubstr(message));
  }
  EXPECT_TRUE(port_.hostcalls.empty());
}

TEST_F(NativeApiTest, ArgumentsAreReadExactlyOnce) {
  EXPECT_EQ(answer("let reads = 0; hostcall('log.write', { get text() { return ++reads; } });"
                   " return reads;"),
            "1");
  ASSERT_EQ(port_.hostcalls.size(), 1U);
  EXPECT_EQ(dump_json(port_.hostcalls[0].arguments), R"({"text":1})");
}

TEST_F(NativeApiTest, ALoneSurrogateInArgumentsArrivesAsTheReplacementCharacter) {
  EXPECT_EQ(answer("hostcall('log.write', { text: 'a\\ud800' }); return 1;"), "1");
  ASSERT_EQ(port_.hostcalls.size(), 1U);
  EXPECT_EQ(port_.hostcalls[0].arguments["text"], "a\xEF\xBF\xBD");
}

TEST_F(NativeApiTest, ACauseThatIsNoRequestNumberIsNone) {
  EXPECT_EQ(
      answer("for (const cause of [undefined, null, '3', -1, 0, NaN, {}, Infinity, 1e300, 2 ** 60,"
             " 5]) hostcall('log.write', {}, cause); return 1;"),
      "1");
  ASSERT_EQ(port_.hostcalls.size(), 11U);
  for (std::size_t i = 0; i < 10; ++i) EXPECT_EQ(port_.hostcalls[i].cause, 0U) << i;
  EXPECT_EQ(port_.hostcalls[10].cause, 5U);
}

// ---- timers ----

TEST_F(NativeApiTest, ADelayThatIsNoneMeansOneMillisecond) {
  EXPECT_EQ(answer("return new Promise((resolve) => { const times = [];"
                   " const delays = [0, -5, NaN, Infinity, 2 ** 31, undefined, null, 0.5, 'x', 1];"
                   " for (const delay of delays) startTimer(() => { times.push(now());"
                   " if (times.length === delays.length) resolve(new Set(times).size + ' at ' +"
                   " times[0]); }, delay, false); });"),
            "\"1 at 1\"");
}

TEST_F(NativeApiTest, ATimerBeyondTheLimitThrows) {
  start("onRequest(() => { startTimer(() => {}, 9, true); startTimer(() => {}, 9, true); " +
            tried("startTimer(() => {}, 9, true)") + " });",
        {.timers_max = 2});
  port_.deadlines_max = 10;
  EXPECT_THAT(dump_json(ask().value()), HasSubstr("quota: more than 2 timers"));
}

TEST_F(NativeApiTest, StoppingWhatIsNoTimerDoesNothing) {
  EXPECT_EQ(answer("return new Promise((resolve) => { const id = startTimer(() => resolve(id), 5,"
                   " false); for (const other of [0, -1, NaN, Infinity, 1e300, 99, undefined, null,"
                   " {}, 'x']) stopTimer(other); });"),
            "1");
}

TEST_F(NativeApiTest, NowCountsFractionsOfMillisecondsSinceTheStart) {
  start("onRequest(() => now());");
  clock_.advance(microseconds(2500));
  EXPECT_EQ(ask().value(), 2.5);
}

// ---- modules ----

TEST_F(NativeApiTest, ImportEntryReadsItsFilesThroughTheHost) {
  const std::map<std::string, std::string> files = {
      {"/ext/main.ts", "import { two } from './lib'; export default () => two as number;"},
      {"/ext/lib.ts", "export const two: number = 2;"}};
  port_.on_hostcall = [&](const Hostcall& call) {
    Json value = nullptr;
    if (call.opcode == Opcode::kModuleRead) {
      value = {{"text", files.at(json_string(call.arguments, "path"))}};
    } else {
      const Json& candidates = call.arguments["candidates"];
      for (std::size_t i = 0; i < candidates.size() && value.is_null(); ++i) {
        const std::string path = candidates[i];
        if (files.contains(path)) value = {{"index", i}, {"path", path}};
      }
    }
    port_.send(Reply{call.number, Outcome::ok(std::move(value))});
  };
  EXPECT_EQ(answer("return importEntry('/ext/main.ts').then((factory) => factory());"), "2");
}

TEST_F(NativeApiTest, AnEntryTheHostDoesNotGiveRejects) {
  port_.on_hostcall = [&](const Hostcall& call) {
    port_.send(Reply{call.number, Outcome::failed({Code::kDenied, "not yours", {}, {}})});
  };
  const Result<Json> answer = answer_to("return importEntry('/etc/passwd');");
  ASSERT_FALSE(answer.has_value());
  EXPECT_EQ(answer.error().code, Code::kDenied);
}

TEST_F(NativeApiTest, BuiltInsAreLoadedByNameAndOnce) {
  EXPECT_EQ(
      answer("return [loadBuiltin('lib').shared, loadBuiltin('lib') === loadBuiltin('lib')];"),
      R"([{"name":"lib"},true])");
  EXPECT_THAT(answer(tried("loadBuiltin('li')")), HasSubstr("li"));
}

// ---- text and bytes ----

TEST_F(NativeApiTest, Utf8EncodeReplacesLoneSurrogates) {
  EXPECT_EQ(answer("return ['', 'a\\u00e9\\u20ac\\ud83d\\ude00', '\\ud800', '\\udc00\\ud800x',"
                   " '\\ud7ff\\ue000'].map((text) => [...utf8Encode(text)]);"),
            "[[],[97,195,169,226,130,172,240,159,152,128],[239,191,189],"
            "[239,191,189,239,191,189,120],[237,159,191,238,128,128]]");
}

TEST_F(NativeApiTest, Utf8DecodeReplacesOrRefusesWhatIsNoUtf8) {
  EXPECT_EQ(answer("return utf8Decode(new Uint8Array([97, 255, 0, 98]), false)"
                   " === 'a\\ufffd\\0b';"),
            "true");
  EXPECT_EQ(answer("return utf8Decode(new Uint8Array([0xe2, 0x82, 65, 0xf0, 0x9f, 0x98, 66, 0xed,"
                   " 0xa0, 0x80]), false) === '\\ufffdA\\ufffdB\\ufffd\\ufffd\\ufffd';"),
            "true");
  EXPECT_EQ(answer("return utf8Decode(utf8Encode('\\u20ac\\ud83d\\ude00\\0'), true)"
                   " === '\\u20ac\\ud83d\\ude00\\0';"),
            "true");
  EXPECT_EQ(answer(tried("utf8Decode(new Uint8Array([97, 255]), true)")),
            "\"invalid_argument: The encoded data was not valid for encoding utf-8\"");
  EXPECT_EQ(answer("return utf8Decode(new Uint8Array([1, 2, 97, 98, 3]).subarray(2, 4), true);"),
            "\"ab\"");
  EXPECT_THAT(answer(tried("utf8Decode('text', false)")), HasSubstr("invalid_argument"));
}

TEST_F(NativeApiTest, RandomFillWritesThroughTheSeam) {
  EXPECT_EQ(answer("const bytes = new Uint8Array(6); randomFill(bytes.subarray(1, 4));"
                   " randomFill(new Uint8Array(0)); return [...bytes];"),
            "[0,1,2,3,0,0]");
  EXPECT_THAT(answer(tried("randomFill([1, 2])")), HasSubstr("invalid_argument"));
}

TEST_F(NativeApiTest, PromiseStateLooksWithoutHandling) {
  EXPECT_EQ(answer("const bad = Promise.reject(3); const states ="
                   " [new Promise(() => {}), Promise.resolve('v'), bad].map(promiseState);"
                   " return states;"),
            R"([["pending",null],["fulfilled","v"],["rejected",3]])");
  ASSERT_EQ(port_.reports.size(), 1U);
  EXPECT_EQ(port_.reports[0].message, "3");
  EXPECT_EQ(answer(tried("promiseState({ then() {} })")),
            "\"invalid_argument: promiseState takes a promise\"");
}

}  // namespace
}  // namespace isopod::isolate::testing
