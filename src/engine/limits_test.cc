// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <chrono>
#include <thread>
#include <type_traits>

#include "engine_fixture.h"

namespace isopod::engine::testing {
namespace {

using namespace std::chrono_literals;

static_assert(!std::is_copy_constructible_v<Value>);
static_assert(std::is_nothrow_move_constructible_v<Value>);
static_assert(!std::is_copy_constructible_v<Context> && !std::is_move_constructible_v<Context>);

using LimitsTest = EngineTest;

TEST_F(LimitsTest, AnEndlessLoopEndsAtTheDeadlineAndCannotBeCaught) {
  StepClock clock(1ms);
  start({.clock = &clock});
  runtime_->set_deadline(clock.monotonic() + 20ms);
  const Error ended =
      error("try { for (;;); } catch { 'survived' } finally { globalThis.after = 1 }");
  EXPECT_EQ(ended.code, Code::kTimeout);
  EXPECT_EQ(runtime_->fault(), Fault::kTimeout);
}

TEST_F(LimitsTest, AChainOfTinyJobsEndsAtTheDeadline) {
  StepClock clock(1us);
  start({.clock = &clock});
  json("(function again() { Promise.resolve().then(again) })(), 0");
  runtime_->set_deadline(clock.monotonic() + 1ms);
  const auto run = runtime_->run_jobs(1'000'000);
  EXPECT_EQ(run.queue, Runtime::JobRun::Queue::kMore);
  EXPECT_LT(run.ran, 1'000'000U);
  EXPECT_EQ(runtime_->fault(), Fault::kTimeout);
}

TEST_F(LimitsTest, RunJobsStopsAtItsLimitAndGoesOnWhereItStopped) {
  start();
  json("globalThis.n = 0; for (let i = 0; i < 10; i++) Promise.resolve().then(() => n++); 0");
  const auto first = runtime_->run_jobs(4);
  EXPECT_EQ(first.ran, 4U);
  EXPECT_EQ(first.queue, Runtime::JobRun::Queue::kMore);
  EXPECT_EQ(json("n"), "4");
  const auto rest = runtime_->run_jobs(100);
  EXPECT_EQ(rest.ran, 6U);
  EXPECT_EQ(rest.queue, Runtime::JobRun::Queue::kEmpty);
  EXPECT_EQ(json("n"), "10");
}

TEST_F(LimitsTest, TheHeapLimitHoldsForSmallAndForLargeBlocks) {
  for (const char* script : {"const all = []; for (;;) all.push({ a: [1] })",
                             "const all = []; for (;;) all.push(new Uint8Array(1 << 20))",
                             "let s = 'xy'; for (;;) s = (s + s).toUpperCase()"}) {
    start({.heap_bytes_max = std::size_t{16} << 20});
    const Error ended = error(script);
    EXPECT_EQ(ended.code, Code::kMemory) << script;
    EXPECT_NE(ended.message.find("16 MB"), std::string::npos) << ended.message;
    EXPECT_EQ(runtime_->fault(), Fault::kMemory);
    EXPECT_LE(runtime_->heap().peak_bytes(), (std::size_t{16} << 20) + 4096);
    TearDown();
  }
}

TEST_F(LimitsTest, OutOfMemoryIsAFaultEvenWhenTheScriptCatchesIt) {
  start({.heap_bytes_max = std::size_t{16} << 20});
  static_cast<void>(
      context_->evaluate_script("try { new Uint8Array(1e9) } catch {} 1", "/test.js"));
  EXPECT_EQ(runtime_->fault(), Fault::kMemory);
}

TEST_F(LimitsTest, GarbageIsCollectedBeforeTheLimitRefusesAnything) {
  start({.heap_bytes_max = std::size_t{32} << 20});
  for (int turn = 0; turn < 64; ++turn) {
    json(
        "(() => { const ring = []; for (let i = 0; i < 4000; i++) { const o = { a: [] }; o.self = "
        "o; ring.push(o) } })(), 0");
    runtime_->run_jobs(1);
    ASSERT_EQ(runtime_->fault(), Fault::kNone) << "turn " << turn;
  }
}

TEST_F(LimitsTest, TheHeapCountsWhatTheEngineReallyTakes) {
  start();
  const std::size_t before = runtime_->heap_bytes();
  json("globalThis.keep = new Uint8Array(8 << 20), 0");
  EXPECT_GE(runtime_->heap_bytes(), before + (8U << 20));
  json("delete globalThis.keep");
  runtime_->collect_garbage();
  EXPECT_LT(runtime_->heap_bytes(), before + (1U << 20));
}

TEST_F(LimitsTest, ATooSmallHeapIsAnErrorNotACrash) {
  SystemClock clock;
  for (const std::size_t bytes : {std::size_t{0}, std::size_t{4096}, std::size_t{65536}}) {
    auto runtime = Runtime::create({.clock = &clock, .heap_bytes_max = bytes});
    if (!runtime) {
      EXPECT_EQ(runtime.error().code, Code::kMemory);
      continue;
    }
    auto context = Context::create(**runtime);
    ASSERT_FALSE(context.has_value());
    EXPECT_EQ(context.error().code, Code::kMemory);
  }
}

TEST_F(LimitsTest, EndlessRecursionIsACatchableRangeError) {
  start();
  EXPECT_EQ(error("(function f() { return f() + 1 })()").code, Code::kStackOverflow);
  EXPECT_EQ(runtime_->fault(), Fault::kNone);
  EXPECT_EQ(json("try { (function f() { return f() + 1 })() } catch (e) { e.name }"),
            "\"RangeError\"");
}

TEST_F(LimitsTest, RecursionThroughNativeFunctionsIsBoundedToo) {
  start();
  auto again = context_->function("again", 1, [](Context& in, const Arguments& arguments) {
    const Value callee = arguments.at(0);
    return in.call(callee, {});
  });
  ASSERT_TRUE(again.has_value());
  ASSERT_TRUE(context_->set(context_->global(), "again", *std::move(again)).has_value());
  EXPECT_EQ(error("(function f() { return again(f) })()").code, Code::kStackOverflow);
}

TEST_F(LimitsTest, RequestStopInterruptsFromAnotherThread) {
  start();
  std::thread stopper([this] {
    std::this_thread::sleep_for(10ms);
    runtime_->request_stop();
  });
  const Error ended = error("for (;;);");
  stopper.join();
  EXPECT_EQ(ended.code, Code::kCancelled);
  EXPECT_EQ(runtime_->fault(), Fault::kStopped);
}

TEST_F(LimitsTest, ARuntimeMayMoveToAnotherThread) {
  start();
  json("globalThis.n = 1");
  std::string seen;
  std::thread([&] {
    seen = json("(function deep(k) { return k ? deep(k - 1) : n })(200)");
  }).join();
  EXPECT_EQ(seen, "1");
}

}  // namespace
}  // namespace isopod::engine::testing
