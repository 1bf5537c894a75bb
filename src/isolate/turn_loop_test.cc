// SPDX-License-Identifier: MIT
#include "isolate/turn_loop.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <type_traits>
#include <vector>

#include "isolate_fixture.h"

namespace isopod::isolate::testing {
namespace {

using protocol::Answer;
using protocol::Cancel;
using protocol::Hostcall;
using protocol::Outcome;
using protocol::Reply;
using protocol::Stop;
using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::HasSubstr;

static_assert(!std::is_copy_constructible_v<TurnLoop>);

/// A clock that runs away while JavaScript runs: each hostcall takes so long.
std::function<void(const Hostcall&)> passing(StepClock& clock, std::chrono::nanoseconds time) {
  return [&clock, time](const Hostcall&) { clock.advance(time); };
}

// ---- requests ----

TEST_F(TurnLoopTest, ARequestReachesTheHandlerAndItsValueIsTheAnswer) {
  start("onRequest((kind, payload, id) => ({ kind, payload, id }));");
  request(41, {{"n", 1}, {"deep", {1, nullptr, "x"}}}, "tool");
  EXPECT_EQ(run(), std::nullopt);
  EXPECT_EQ(dump_json(port_.answer_of(41).value()),
            R"({"kind":"tool","payload":{"n":1,"deep":[1,null,"x"]},"id":41})");
}

TEST_F(TurnLoopTest, APromiseIsAnsweredWhenItSettles) {
  const Result<Json> answer =
      answer_to("return (async () => { await null; await 1; return 'late'; })();");
  EXPECT_EQ(answer.value(), "late");
}

TEST_F(TurnLoopTest, AThrowAndARejectionAreTheSameAnswer) {
  start(
      "onRequest((kind, payload) => { if (payload === 'throw') throw new Error('no good');"
      " return Promise.reject(new Error('no good')); });");
  for (const char* how : {"throw", "reject"}) {
    const Result<Json> answer = ask(how);
    ASSERT_FALSE(answer.has_value()) << how;
    EXPECT_EQ(answer.error().code, Code::kException) << how;
    EXPECT_EQ(answer.error().message, "no good") << how;
    port_.reports.clear();
    loop_.reset();
    start(
        "onRequest((kind, payload) => { if (payload === 'throw') throw new Error('no good');"
        " return Promise.reject(new Error('no good')); });");
  }
}

TEST_F(TurnLoopTest, ARejectionThatBecameAnAnswerIsNotReportedToo) {
  EXPECT_FALSE(answer_to("return Promise.reject(new Error('mine'));").has_value());
  EXPECT_TRUE(port_.reports.empty());
}

TEST_F(TurnLoopTest, ManyRequestsAreAnsweredEachOnItsOwn) {
  start(
      "const settle = {};"
      "onRequest((kind, payload, id) => new Promise((resolve) => { settle[id] = resolve;"
      " if (id === 3) for (const other of [2, 3, 1]) settle[other]('answer ' + other); }));");
  for (std::uint64_t id = 1; id <= 3; ++id) request(id);
  EXPECT_EQ(run(), std::nullopt);
  for (std::uint64_t id = 1; id <= 3; ++id) {
    EXPECT_EQ(port_.answer_of(id).value(), "answer " + std::to_string(id));
  }
}

TEST_F(TurnLoopTest, CancelReachesThePreludeForARequestUnderWayOnly) {
  start(
      "const seen = []; const settle = {};"
      "onCancel((id) => { seen.push(id); settle[id]?.('cancelled'); });"
      "onRequest((kind, payload, id) =>"
      " kind === 'seen' ? seen : new Promise((resolve) => { settle[id] = resolve; }));");
  request(1);
  port_.send(Cancel{99});
  port_.send(Cancel{1});
  port_.send(Cancel{1});  // answered by now
  request(2, nullptr, "seen");
  EXPECT_EQ(run(), std::nullopt);
  EXPECT_EQ(port_.answer_of(1).value(), "cancelled");
  EXPECT_EQ(dump_json(port_.answer_of(2).value()), "[1]");
}

TEST_F(TurnLoopTest, CancelWithoutAHandlerAndAThrowingHandlerHarmNothing) {
  start("onRequest((kind) => kind === 'wait' ? new Promise(() => {}) : 'fine');");
  request(1, nullptr, "wait");
  port_.send(Cancel{1});
  request(2);
  EXPECT_EQ(run(), std::nullopt);
  EXPECT_EQ(port_.answer_of(2).value(), "fine");
  EXPECT_TRUE(port_.reports.empty());
}

TEST_F(TurnLoopTest, AThrowingCancelHandlerIsReported) {
  start(
      "onCancel(() => { throw new Error('bad handler'); });"
      "onRequest((kind) => kind === 'wait' ? new Promise(() => {}) : 'fine');");
  request(1, nullptr, "wait");
  port_.send(Cancel{1});
  request(2);
  EXPECT_EQ(run(), std::nullopt);
  ASSERT_EQ(port_.reports.size(), 1U);
  EXPECT_EQ(port_.reports[0].message, "bad handler");
  EXPECT_EQ(port_.answer_of(2).value(), "fine");
}

// ---- answers that are no plain data ----

struct NoPlainData {
  const char* expression;
  Code code;
};
class NoPlainDataTest : public TurnLoopTest, public ::testing::WithParamInterface<NoPlainData> {};

TEST_P(NoPlainDataTest, IsAnErrorAndTheIsolateGoesOn) {
  const std::string expression = GetParam().expression;
  start("onRequest((kind) => kind === 'after' ? 'fine' : " + expression + ");");
  request(1);
  request(2, nullptr, "after");
  EXPECT_EQ(run(), std::nullopt);
  const Result<Json> answer = port_.answer_of(1);
  ASSERT_FALSE(answer.has_value()) << expression;
  EXPECT_EQ(answer.error().code, GetParam().code) << answer.error().message;
  EXPECT_EQ(port_.answer_of(2).value(), "fine");
  EXPECT_TRUE(port_.reports.empty());
}

INSTANTIATE_TEST_SUITE_P(
    Values, NoPlainDataTest,
    ::testing::Values(
        NoPlainData{"(() => { const a = {}; a.a = a; return a; })()", Code::kNotSerializable},
        NoPlainData{"(async () => { const a = []; a.push(a); return a; })()",
                    Code::kNotSerializable},
        NoPlainData{"({ n: 10n })", Code::kNotSerializable},
        NoPlainData{"(() => { let a = []; for (let i = 0; i < 600; i++) a = [a]; return a; })()",
                    Code::kNotSerializable},
        NoPlainData{"({ get x() { throw new Error('getter'); } })", Code::kException},
        NoPlainData{"({ toJSON() { throw new Error('toJSON'); } })", Code::kException},
        NoPlainData{"new Proxy({}, { ownKeys() { throw new Error('proxy'); } })",
                    Code::kException}));

TEST_F(TurnLoopTest, WhatJsonCannotSayBecomesNullOrIsLeftOut) {
  start(
      "const values = [undefined, () => 1, Symbol('s'), NaN, { u: undefined, f() {}, n: 1 },"
      " new Date(0), [undefined, Infinity]];"
      "onRequest((kind, payload) => values[payload]);");
  for (int i = 0; i < 7; ++i) request(static_cast<std::uint64_t>(i) + 1, i);
  EXPECT_EQ(run(), std::nullopt);
  const std::vector<std::string> expected = {
      "null", "null", "null", "null", R"({"n":1})", "\"1970-01-01T00:00:00.000Z\"", "[null,null]"};
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_EQ(dump_json(port_.answer_of(i + 1).value()), expected[i]) << i;
  }
}

TEST_F(TurnLoopTest, ALoneSurrogateBecomesTheReplacementCharacter) {
  const Result<Json> answer =
      answer_to("return ['a\\ud800b', '\\udc00', { '\\ud83d': 1 }, '\\ud83d\\ude00'];");
  EXPECT_EQ(dump_json(answer.value()),
            "[\"a\xEF\xBF\xBD"
            "b\",\"\xEF\xBF\xBD\",{\"\xEF\xBF\xBD\":1},\"\xF0\x9F\x98\x80\"]");
}

TEST_F(TurnLoopTest, APromiseJobThatReadingAnAnswerMakesStillRuns) {
  start(
      "const seen = [];"
      "onRequest((kind) => kind === 'seen' ? seen :"
      " Promise.resolve({ toJSON() { Promise.resolve().then(() => seen.push('job'));"
      " return 1; } }));");
  request(1);
  request(2, nullptr, "seen");
  EXPECT_EQ(run(), std::nullopt);
  EXPECT_EQ(dump_json(port_.answer_of(2).value()), R"(["job"])");
}

// ---- hostcalls ----

TEST_F(TurnLoopTest, AHostcallSettlesItsPromiseWithTheOutcome) {
  port_.on_hostcall = [&](const Hostcall& call) {
    port_.send(Reply{call.number, Outcome::ok({{"entries", call.arguments["n"]}})});
  };
  const Result<Json> answer = answer_to(
      "return (async () => [await hostcall('session.get_entries', { n: 1 }, id),"
      " await hostcall('session.get_name', { n: 2 })])();");
  EXPECT_EQ(dump_json(answer.value()), R"([{"entries":1},{"entries":2}])");
  ASSERT_EQ(port_.hostcalls.size(), 2U);
  EXPECT_EQ(port_.hostcalls[0].number, 1U);
  EXPECT_EQ(port_.hostcalls[0].opcode, protocol::Opcode::kSessionGetEntries);
  EXPECT_EQ(port_.hostcalls[0].cause, 1U);
  EXPECT_EQ(port_.hostcalls[1].number, 2U);
  EXPECT_EQ(port_.hostcalls[1].cause, 0U);
}

TEST_F(TurnLoopTest, AFailedOutcomeRejectsThroughTheErrorFactory) {
  port_.on_hostcall = [&](const Hostcall& call) {
    port_.send(Reply{call.number, Outcome::failed({Code::kDenied, "not you", {}, {}})});
  };
  const std::string factory =
      "setErrorFactory((outcome) => Object.assign(new Error(outcome.message), outcome,"
      " { name: 'HostcallError' }));";
  start(factory +
        "onRequest(async () => { try { await hostcall('session.get_name', {}); }"
        " catch (error) { return [error.name, error.status, error.code, error.message]; } });");
  EXPECT_EQ(dump_json(ask().value()), R"(["HostcallError","denied","denied","not you"])");
}

TEST_F(TurnLoopTest, WhatTheFactoryMadeKeepsItsCodeAsAnAnswer) {
  port_.on_hostcall = [&](const Hostcall& call) {
    port_.send(Reply{call.number, Outcome::failed({Code::kQuota, "no more", {}, {}})});
  };
  start(
      "setErrorFactory((outcome) => Object.assign(new Error(outcome.message),"
      " { name: 'HostcallError', code: outcome.code }));"
      "onRequest((kind, sync) => sync ? hostcallSync('session.get_name', {})"
      " : hostcall('session.get_name', {}));");
  request(1, false);
  request(2, true);
  EXPECT_EQ(run(), std::nullopt);
  for (const std::uint64_t id : {1U, 2U}) {
    EXPECT_EQ(port_.answer_of(id).error().code, Code::kQuota) << id;
    EXPECT_EQ(port_.answer_of(id).error().message, "no more") << id;
  }
}

TEST_F(TurnLoopTest, ASynchronousCallLeavesTheOrderOfOtherMessagesAlone) {
  port_.on_hostcall = [&](const Hostcall& call) {
    if (call.number != 2) return;
    request(2);
    request(3);
    port_.send(Reply{1, Outcome::ok("first")});
    request(4);
    port_.send(Reply{2, Outcome::ok("second")});
    request(5);
  };
  start(
      "const order = [];"
      "onRequest((kind, payload, id) => { order.push(id); if (id !== 1) return [...order];"
      " hostcall('session.get_name', {}).then((value) => order.push(value));"
      " order.push(hostcallSync('session.get_entries', {})); });");
  request(1);
  EXPECT_EQ(run(), std::nullopt);
  EXPECT_EQ(dump_json(port_.answer_of(5).value()), R"([1,"second",2,3,"first",4,5])");
  std::vector<std::uint64_t> answered;
  for (const Answer& answer : port_.answers) answered.push_back(answer.request);
  EXPECT_EQ(answered, (std::vector<std::uint64_t>{1, 2, 3, 4, 5}));
}

TEST_F(TurnLoopTest, ARefusedCallRejectsAtOnceAndTakesNoNumber) {
  port_.refusal = Error{Code::kBackpressure, "the lane is full", {}, {}};
  start(
      "onRequest(async (kind) => { const said = [];"
      " try { hostcallSync('session.get_name', {}); } catch (error) { said.push(error.code); }"
      " try { await hostcall('session.get_name', {}); } catch (error) { said.push(error.code); }"
      " if (kind === 'again') hostcall('session.get_name', {}).catch(() => {});"
      " return said; });");
  request(1);
  port_.on_answer = [&](const Answer&) { port_.refusal.reset(); };
  EXPECT_EQ(run(), std::nullopt);
  EXPECT_EQ(dump_json(port_.answer_of(1).value()), R"(["backpressure","backpressure"])");
  EXPECT_TRUE(port_.hostcalls.empty());
  EXPECT_TRUE(port_.reports.empty());
}

TEST_F(TurnLoopTest, NumbersHaveNoGapsAfterARefusal) {
  start("onRequest((kind) => { hostcall('session.get_name', {}).catch(() => {}); return kind; });");
  request(1);
  request(2);
  request(3);
  port_.on_answer = [&](const Answer& answer) {
    port_.refusal.reset();
    if (answer.request == 1) port_.refusal = Error{Code::kQuota, "once", {}, {}};
  };
  EXPECT_EQ(run(), std::nullopt);
  ASSERT_EQ(port_.hostcalls.size(), 2U);
  EXPECT_EQ(port_.hostcalls[0].number, 1U);
  EXPECT_EQ(port_.hostcalls[1].number, 2U);
}

TEST_F(TurnLoopTest, RepliesNobodyWaitsForAreIgnored) {
  port_.on_hostcall = [&](const Hostcall& call) {
    port_.send(Reply{call.number, Outcome::ok("once")});
    port_.send(Reply{call.number, Outcome::ok("twice")});
    port_.send(Reply{77, Outcome::ok("never asked")});
  };
  EXPECT_EQ(answer_to("return hostcall('session.get_name', {});").value(), "once");
}

TEST_F(TurnLoopTest, StopDuringASynchronousCallEndsTheIsolate) {
  port_.on_hostcall = [&](const Hostcall&) { port_.send(Stop{}); };
  start(
      "onRequest(() => { try { hostcallSync('session.get_name', {}); } catch {}"
      " for (;;) hostcall('session.set_name', {}); });");
  request(1);
  EXPECT_EQ(run(), std::nullopt);
  EXPECT_EQ(port_.answer_of(1).error().code, Code::kCancelled);
}

// ---- what goes wrong outside requests ----

TEST_F(TurnLoopTest, AnUnhandledRejectionIsReportedOnceAndTheIsolateGoesOn) {
  start(
      "onRequest((kind) => { if (kind === 'reject') Promise.reject(new Error('nobody cares'));"
      " return 1; });");
  request(1, nullptr, "reject");
  request(2);
  EXPECT_EQ(run(), std::nullopt);
  ASSERT_EQ(port_.reports.size(), 1U);
  EXPECT_EQ(port_.reports[0].message, "nobody cares");
  EXPECT_EQ(port_.answer_of(2).value(), 1);
}

TEST_F(TurnLoopTest, ARejectionHandledWithinItsTurnIsNotReported) {
  start(
      "onRequest(() => { const p = Promise.reject(new Error('x'));"
      " Promise.resolve().then(() => 0).then(() => p.catch(() => {})); return 1; });");
  EXPECT_EQ(ask().value(), 1);
  EXPECT_TRUE(port_.reports.empty());
}

TEST_F(TurnLoopTest, RejectionsOfThePreludeItselfAreReportedToo) {
  start("Promise.reject(new Error('while booting')); onRequest(() => 1);");
  ASSERT_EQ(port_.reports.size(), 1U);
  EXPECT_EQ(port_.reports[0].message, "while booting");
}

TEST_F(TurnLoopTest, ReportsComeBeforeTheAnswerOfTheirTurn) {
  std::size_t reported = 0;
  port_.on_answer = [&](const Answer&) { reported = port_.reports.size(); };
  EXPECT_EQ(answer_to("Promise.reject(new Error('first')); return (async () => 1)();").value(), 1);
  EXPECT_EQ(reported, 1U);
}

TEST_F(TurnLoopTest, ReportsOfOneTurnAreBoundedAndTheRestIsCounted) {
  start(
      "onRequest((kind, count) => { for (let i = 0; i < count; i++)"
      " Promise.reject(new Error('number ' + i)); return 1; });");
  request(1, 100);
  request(2, 1);
  EXPECT_EQ(run(), std::nullopt);
  ASSERT_EQ(port_.reports.size(), 34U);
  EXPECT_EQ(port_.reports[31].message, "number 31");
  EXPECT_EQ(port_.reports[32].message, "68 more errors of this turn are left out");
  EXPECT_EQ(port_.reports[33].message, "number 0");
}

TEST_F(TurnLoopTest, ALongReportIsCut) {
  EXPECT_EQ(answer_to("Promise.reject(new Error('x'.repeat(1e6))); return 1;").value(), 1);
  ASSERT_EQ(port_.reports.size(), 1U);
  EXPECT_LT(port_.reports[0].message.size(), 10'000U);
  EXPECT_LT(port_.reports[0].stack.size(), 10'000U);
  EXPECT_TRUE(port_.reports[0].message.starts_with("xxx"));
}

TEST_F(TurnLoopTest, AThrowingTimerIsReportedAndTheOthersRun) {
  start(
      "onRequest(() => new Promise((resolve) => {"
      " startTimer(() => { throw new Error('in a timer'); }, 1, false);"
      " startTimer(() => resolve('done'), 2, false); }));");
  EXPECT_EQ(ask().value(), "done");
  ASSERT_EQ(port_.reports.size(), 1U);
  EXPECT_EQ(port_.reports[0].message, "in a timer");
}

// ---- timers in the loop ----

TEST_F(TurnLoopTest, PromiseJobsRunBetweenTwoTimersOfOneTime) {
  start(
      "onRequest(() => new Promise((resolve) => { const order = [];"
      " startTimer(() => { order.push(1); Promise.resolve().then(() => order.push('job')); }, 5,"
      " false); startTimer(() => { order.push(2); resolve(order); }, 5, false); }));");
  EXPECT_EQ(dump_json(ask().value()), R"([1,"job",2])");
}

TEST_F(TurnLoopTest, AnIntervalRunsUntilItStopsItself) {
  start(
      "onRequest(() => new Promise((resolve) => { let runs = 0;"
      " const id = startTimer(() => { if (++runs === 3) { stopTimer(id);"
      " startTimer(() => resolve([runs, now()]), 100, false); } }, 10, true); }));");
  EXPECT_EQ(dump_json(ask().value()), "[3,130]");
}

TEST_F(TurnLoopTest, MessagesAreServedBetweenTimersThatNeverEnd) {
  start(
      "let ticks = 0; const again = () => { ticks++; startTimer(again, 1, false); }; again();"
      "onRequest(() => ticks);");
  port_.deadlines_max = 50;
  request(1);
  EXPECT_EQ(run(), std::nullopt);
  EXPECT_EQ(port_.answer_of(1).value(), 1);
}

// ---- limits ----

TEST_F(TurnLoopTest, ATurnThatNeverEndsAnswersEveryRequestAndEndsTheIsolate) {
  port_.on_hostcall = passing(clock_, milliseconds(60));
  start(
      "onRequest((kind, payload, id) => { if (id !== 3) return new Promise(() => {});"
      " try { hostcall('log.write', {}); for (;;); } catch { return 'caught'; }"
      " finally { for (;;); } });",
      {.turn = milliseconds(50)});
  for (std::uint64_t id = 1; id <= 4; ++id) request(id);
  const std::optional<Error> fault = run();
  ASSERT_TRUE(fault.has_value());
  EXPECT_EQ(fault->code, Code::kTimeout);
  EXPECT_THAT(fault->message, HasSubstr("50 ms (ext.limits.turn_ms)"));
  EXPECT_EQ(port_.answers.size(), 3U);
  for (std::uint64_t id = 1; id <= 3; ++id) {
    EXPECT_EQ(port_.answer_of(id).error().code, Code::kTimeout) << id;
  }
  EXPECT_TRUE(port_.reports.empty());
}

TEST_F(TurnLoopTest, TheTimeOfATurnIsJavaScriptNotWaiting) {
  port_.transit = seconds(100);
  port_.on_hostcall = [&](const Hostcall& call) {
    port_.send(Reply{call.number, Outcome::ok("waited")});
  };
  start(
      "onRequest(() => { let last; for (let i = 0; i < 3; i++)"
      " last = hostcallSync('session.get_name', {}); for (let i = 0; i < 1e5; i++);"
      " return last; });",
      {.turn = milliseconds(50)});
  EXPECT_EQ(ask().value(), "waited");
}

TEST_F(TurnLoopTest, EachTurnHasItsOwnTime) {
  port_.on_hostcall = passing(clock_, milliseconds(40));
  start("onRequest(() => { hostcall('log.write', {}); for (let i = 0; i < 1e5; i++); return 1; });",
        {.turn = milliseconds(50)});
  for (std::uint64_t id = 1; id <= 3; ++id) request(id);
  EXPECT_EQ(run(), std::nullopt);
  EXPECT_EQ(port_.answers.size(), 3U);
}

TEST_F(TurnLoopTest, ATimerThatLoopsEndsTheIsolate) {
  port_.on_hostcall = passing(clock_, milliseconds(60));
  start(
      "startTimer(() => { hostcall('log.write', {}); for (;;); }, 5, false);"
      "onRequest(() => new Promise(() => {}));",
      {.turn = milliseconds(50)});
  request(1);
  const std::optional<Error> fault = run();
  ASSERT_TRUE(fault.has_value());
  EXPECT_EQ(fault->code, Code::kTimeout);
  EXPECT_EQ(port_.answer_of(1).error().code, Code::kTimeout);
  EXPECT_TRUE(port_.reports.empty());
}

TEST_F(TurnLoopTest, AnEndlessChainOfPromiseJobsIsOneTurnWhateverArrivesMeanwhile) {
  port_.on_hostcall = [&](const Hostcall& call) {
    clock_.advance(milliseconds(1));
    if (call.number < 2000) request(call.number + 1, "meanwhile");
  };
  start(
      "const spin = () => { hostcall('log.write', {}); Promise.resolve().then(spin); };"
      "onRequest((kind, payload) => { if (payload) return payload; spin();"
      " return new Promise(() => {}); });",
      {.turn = milliseconds(500), .jobs_per_turn_max = 10});
  request(1);
  const std::optional<Error> fault = run();
  ASSERT_TRUE(fault.has_value());
  EXPECT_EQ(fault->code, Code::kTimeout);
  EXPECT_LT(port_.hostcalls.size(), 520U);
  EXPECT_EQ(port_.answer_of(2).value(), "meanwhile");
  EXPECT_EQ(port_.answer_of(1).error().code, Code::kTimeout);
}

TEST_F(TurnLoopTest, RunningOutOfMemoryAnswersEveryRequestAndEndsTheIsolate) {
  start(
      "onRequest((kind, payload, id) => { if (id === 1) return new Promise(() => {});"
      " const all = []; try { for (;;) all.push(new Array(1000).fill(all.length)); }"
      " catch { return 'caught'; } });",
      {.heap_bytes_max = std::size_t{16} << 20});
  request(1);
  request(2);
  request(3);
  const std::optional<Error> fault = run();
  ASSERT_TRUE(fault.has_value());
  EXPECT_EQ(fault->code, Code::kMemory);
  EXPECT_THAT(fault->message, HasSubstr("16 MB was reached (ext.limits.heap_mb)"));
  EXPECT_EQ(port_.answers.size(), 2U);
  EXPECT_EQ(port_.answer_of(1).error().code, Code::kMemory);
  EXPECT_EQ(port_.answer_of(2).error().code, Code::kMemory);
}

TEST_F(TurnLoopTest, RecursionWithoutEndIsAnErrorTheScriptSurvives) {
  start("const f = () => f() + 1; onRequest((kind) => kind === 'after' ? 'fine' : f());",
        {.stack_bytes_max = std::size_t{256} << 10});
  request(1);
  request(2, nullptr, "after");
  EXPECT_EQ(run(), std::nullopt);
  EXPECT_EQ(port_.answer_of(1).error().code, Code::kStackOverflow);
  EXPECT_EQ(port_.answer_of(2).value(), "fine");
}

// ---- the end ----

TEST_F(TurnLoopTest, AfterStopNoJavaScriptRuns) {
  start(
      "const spin = (left) => { hostcall('log.write', { left });"
      " if (left > 0) Promise.resolve().then(() => spin(left - 1)); };"
      "onRequest(() => { spin(1000); return 'spinning'; });"
      "startTimer(() => hostcall('ui.notify', {}), 1, true);",
      {.jobs_per_turn_max = 5});
  request(1);
  port_.send(Stop{});
  request(2);
  EXPECT_EQ(run(), std::nullopt);
  // The call itself and the jobs that ran before the loop looked at its messages again.
  EXPECT_EQ(port_.hostcalls.size(), 6U);
  EXPECT_EQ(port_.answers.size(), 1U);
}

TEST_F(TurnLoopTest, ARequestedStopEndsWithoutAFault) {
  start("onRequest(() => new Promise(() => {}));");
  request(1);
  request(2);
  port_.on_answer = [&](const Answer&) {};
  loop_->runtime().request_stop();
  EXPECT_EQ(run(), std::nullopt);
  EXPECT_EQ(port_.answer_of(1).error().code, Code::kCancelled);
}

// ---- booting ----

TEST_F(TurnLoopTest, APreludeThatHandlesNoRequestsIsABug) {
  const Result<> booted = boot("globalThis.x = 1;");
  ASSERT_FALSE(booted.has_value());
  EXPECT_EQ(booted.error().code, Code::kInternal);
  EXPECT_THAT(booted.error().message, HasSubstr("handles no requests"));
}

TEST_F(TurnLoopTest, APreludeThatThrowsOrLoopsDoesNotComeUp) {
  const Result<> thrown = boot("onRequest(() => 1); throw new Error('broken prelude');");
  ASSERT_FALSE(thrown.has_value());
  EXPECT_EQ(thrown.error().message, "broken prelude");

  port_.on_hostcall = passing(clock_, seconds(10));
  const Result<> looped = boot("onRequest(() => 1); hostcall('log.write', {}); for (;;);");
  ASSERT_FALSE(looped.has_value());
  EXPECT_EQ(looped.error().code, Code::kTimeout);
}

TEST_F(TurnLoopTest, APromiseJobOfThePreludeThatLoopsFailsTheBoot) {
  port_.on_hostcall = passing(clock_, seconds(10));
  const Result<> booted = boot(
      "onRequest(() => 1);"
      "Promise.resolve().then(() => { hostcall('log.write', {}); for (;;); });");
  ASSERT_FALSE(booted.has_value());
  EXPECT_EQ(booted.error().code, Code::kTimeout);
}

TEST_F(TurnLoopTest, AnUnknownBootModuleIsAnError) {
  TestPrelude prelude("onRequest(() => 1);");
  options_ = {.name = "test",
              .builtins = &prelude.table(),
              .boot_module = "isopod:other",
              .clock = &clock_,
              .random = &random_};
  TurnLoop loop(options_, port_);
  EXPECT_FALSE(loop.boot().has_value());
}

TEST_F(TurnLoopTest, AHeapTooSmallForAnyRuntimeIsAnErrorNotACrash) {
  for (const std::size_t kilobytes : {1U, 64U, 128U, 192U, 256U, 512U}) {
    const Result<> booted =
        boot("onRequest(() => 1);", {.heap_bytes_max = std::size_t{kilobytes} << 10});
    EXPECT_TRUE(booted.has_value() || booted.error().code == Code::kMemory) << kilobytes;
    loop_.reset();
  }
}

}  // namespace
}  // namespace isopod::isolate::testing
