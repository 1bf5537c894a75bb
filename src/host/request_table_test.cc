// SPDX-License-Identifier: MIT
#include "host/request_table.h"

#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

namespace isopod::host {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

/// Stands still until a test moves it; any thread. Starts at the beginning of time, so that a real
/// wait for one of its deadlines is over at once.
class HandClock final : public Clock {
 public:
  [[nodiscard]] MonotonicTime monotonic() const override {
    ++looks_;
    return MonotonicTime(std::chrono::nanoseconds(now_.load()));
  }
  [[nodiscard]] WallTime wall() const override { return {}; }
  void advance(std::chrono::nanoseconds by) { now_ += by.count(); }
  [[nodiscard]] int looks() const { return looks_; }

 private:
  mutable std::atomic<int> looks_ = 0;
  std::atomic<std::int64_t> now_ = 0;
};

class RequestTableTest : public ::testing::Test {
 protected:
  std::uint64_t open(milliseconds time = seconds(1)) { return table_.open(time).value(); }
  /// The value, "timeout", or the word of the error.
  std::string wait(std::uint64_t id) {
    const auto value = table_.wait(id);
    if (!value) return "timeout";
    return *value ? dump_json(**value) : std::string(to_string(value->error().code));
  }
  /// Waits for a request whose time must not be up, and answers it once the clock was looked at.
  void expect_time_left(std::uint64_t id) {
    const int before = clock_.looks();
    std::thread answerer([&] {
      while (clock_.looks() == before) std::this_thread::yield();
      table_.answer(id, Json("in time"));
    });
    EXPECT_EQ(wait(id), "\"in time\"");
    answerer.join();
  }

  HandClock clock_;
  RequestTable table_{clock_};
};

TEST_F(RequestTableTest, AnAnswerGoesToItsRequest) {
  const std::uint64_t first = open();
  const std::uint64_t second = open();
  EXPECT_NE(first, second);
  table_.answer(second, Json(2));
  table_.answer(first, fail(Code::kException, "thrown"));
  EXPECT_EQ(wait(first), "exception");
  EXPECT_EQ(wait(second), "2");
}

TEST_F(RequestTableTest, TheTimeIsUpWhenItIsUpAndNotBefore) {
  const std::uint64_t id = open(milliseconds(100));
  const std::uint64_t other = open(milliseconds(101));
  clock_.advance(milliseconds(100));
  EXPECT_EQ(wait(id), "timeout");
  expect_time_left(other);
}

TEST_F(RequestTableTest, AnAnswerThatIsThereCountsEvenWhenTheTimeIsUp) {
  const std::uint64_t id = open(milliseconds(100));
  table_.answer(id, Json(1));
  clock_.advance(minutes(1));
  EXPECT_EQ(wait(id), "1");
}

TEST_F(RequestTableTest, LateAndUnknownAnswersAreDropped) {
  const std::uint64_t id = open(milliseconds(10));
  clock_.advance(milliseconds(10));
  EXPECT_EQ(wait(id), "timeout");
  table_.answer(id, Json("late"));
  table_.answer(id + 1, Json("nobody asked yet"));
  const std::uint64_t next = open(milliseconds(10));
  ASSERT_EQ(next, id + 1);
  clock_.advance(milliseconds(10));
  EXPECT_EQ(wait(next), "timeout");
}

TEST_F(RequestTableTest, TimeDoesNotPassForThePausedRequest) {
  const std::uint64_t paused = open(milliseconds(100));
  const std::uint64_t running = open(milliseconds(100));
  clock_.advance(milliseconds(60));
  table_.pause(paused);
  clock_.advance(minutes(10));
  EXPECT_EQ(wait(running), "timeout");
  table_.resume(paused);
  clock_.advance(milliseconds(39));
  table_.pause(paused);
  clock_.advance(minutes(10));
  table_.resume(paused);
  expect_time_left(paused);
}

TEST_F(RequestTableTest, TimeGoesOnAfterAPause) {
  const std::uint64_t id = open(milliseconds(100));
  clock_.advance(milliseconds(60));
  table_.pause(id);
  table_.resume(id);
  clock_.advance(milliseconds(40));
  EXPECT_EQ(wait(id), "timeout");
}

TEST_F(RequestTableTest, PausesOfOneRequestNest) {
  const std::uint64_t id = open(milliseconds(100));
  table_.pause(id);
  table_.pause(id);
  table_.resume(id);
  clock_.advance(minutes(10));
  table_.resume(id);
  clock_.advance(milliseconds(99));
  expect_time_left(id);
}

TEST_F(RequestTableTest, AnUnknownCausePausesAllThatAreOpen) {
  const std::uint64_t first = open(milliseconds(100));
  const std::uint64_t second = open(milliseconds(100));
  table_.pause(0);
  clock_.advance(minutes(10));
  const std::uint64_t opened_meanwhile = open(milliseconds(100));
  table_.resume(0);
  clock_.advance(milliseconds(99));
  expect_time_left(first);
  clock_.advance(milliseconds(1));
  EXPECT_EQ(wait(second), "timeout");
  EXPECT_EQ(wait(opened_meanwhile), "timeout");
}

TEST_F(RequestTableTest, ARequestOpenedDuringAnUnknownCauseStandsStillToo) {
  table_.pause(0);
  const std::uint64_t id = open(milliseconds(100));
  clock_.advance(minutes(10));
  table_.resume(0);
  clock_.advance(milliseconds(99));
  expect_time_left(id);
}

TEST_F(RequestTableTest, TheEndOfAnUnknownCauseLeavesTheRequestsOwnPausesAlone) {
  table_.pause(0);
  const std::uint64_t id = open(milliseconds(100));
  table_.pause(id);
  table_.resume(0);
  clock_.advance(minutes(10));  // the request's own pause lasts
  table_.resume(id);
  expect_time_left(id);
}

TEST_F(RequestTableTest, AResumeWithoutItsPauseChangesNothing) {
  const std::uint64_t id = open(milliseconds(100));
  clock_.advance(milliseconds(50));
  table_.resume(id);
  table_.resume(0);
  table_.resume(99);
  clock_.advance(milliseconds(50));
  EXPECT_EQ(wait(id), "timeout");
}

TEST_F(RequestTableTest, AResumeWithoutItsPauseDoesNotUseUpALaterPause) {
  const std::uint64_t id = open(milliseconds(100));
  for (const std::uint64_t cause : {id, std::uint64_t{0}}) {
    table_.resume(cause);
    table_.pause(cause);
    clock_.advance(minutes(10));
    table_.resume(cause);
  }
  expect_time_left(id);
}

TEST_F(RequestTableTest, CloseEndsWhatIsOpenAndWhatComes) {
  const std::uint64_t answered = open();
  const std::uint64_t waiting = open();
  const std::uint64_t paused = open();
  table_.pause(paused);
  table_.answer(answered, Json("before"));
  table_.close({Code::kFaulted, "gone", {}, {}});
  table_.close({Code::kCancelled, "a later reason", {}, {}});
  EXPECT_EQ(wait(answered), "\"before\"");
  EXPECT_EQ(wait(waiting), "faulted");
  EXPECT_EQ(wait(paused), "faulted");
  const auto refused = table_.open(seconds(1));
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, Code::kFaulted);
  EXPECT_EQ(refused.error().message, "gone");
}

TEST_F(RequestTableTest, WaitersOnOtherThreadsWakeUp) {
  const SystemClock system;
  RequestTable table(system);
  constexpr int kThreads = 8;
  constexpr int kRounds = 200;
  std::atomic<std::uint64_t> opened = 0;
  std::atomic<int> right = 0;
  std::vector<std::thread> callers;
  for (int i = 0; i < kThreads; ++i) {
    callers.emplace_back([&] {
      for (int round = 0; round < kRounds; ++round) {
        const std::uint64_t id = table.open(minutes(10)).value();
        ++opened;
        const auto value = table.wait(id);
        if (value && *value && **value == Json(id)) ++right;
      }
    });
  }
  std::thread host([&] {
    for (std::uint64_t id = 1; id <= kThreads * kRounds; ++id) {
      while (opened < id) std::this_thread::yield();
      table.pause(id % 2 == 0 ? id : 0);
      table.resume(id % 2 == 0 ? id : 0);
      table.answer(id, Json(id));
    }
  });
  for (auto& caller : callers) caller.join();
  host.join();
  EXPECT_EQ(right, kThreads * kRounds);
}

TEST_F(RequestTableTest, CloseWakesWaitersAndTheClockIsNotLookedAtAfterIt) {
  auto clock = std::make_unique<SystemClock>();
  auto table = std::make_unique<RequestTable>(*clock);
  const std::uint64_t id = table->open(minutes(10)).value();
  table->pause(id);
  std::thread waiter([&] { EXPECT_EQ(table->wait(id)->error().code, Code::kCancelled); });
  table->close({Code::kCancelled, "stopped", {}, {}});
  waiter.join();
  clock.reset();
  // A person may answer long after the host is gone.
  table->resume(id);
  table->resume(0);
  table->answer(id, Json(1));
  EXPECT_FALSE(table->open(minutes(1)).has_value());
}

TEST_F(RequestTableTest, UnattendedRequestsCanBeWaitedForAndKeepNothing) {
  const std::uint64_t id = table_.unattended().value();
  EXPECT_TRUE(table_.has_unattended());
  clock_.advance(seconds(1));
  EXPECT_FALSE(table_.wait_unattended(clock_.monotonic()));
  table_.answer(id, Json(nullptr));
  EXPECT_FALSE(table_.has_unattended());
  EXPECT_TRUE(table_.wait_unattended(clock_.monotonic()));
  ASSERT_TRUE(table_.unattended());
  table_.close({Code::kCancelled, "gone", {}, {}});
  EXPECT_TRUE(table_.wait_unattended(clock_.monotonic()));
  EXPECT_FALSE(table_.unattended());
}

TEST_F(RequestTableTest, AnEndDoesNotStandStill) {
  const std::uint64_t id = open(seconds(1));
  table_.pause(id);
  clock_.advance(minutes(1));
  const auto value = table_.wait(id, clock_.monotonic());
  EXPECT_FALSE(value);
}

}  // namespace
}  // namespace isopod::host
