// SPDX-License-Identifier: MIT
#include "isolate/timers.h"

#include <gtest/gtest.h>

#include <string>
#include <type_traits>
#include <vector>

#include "engine_fixture.h"

namespace isopod::isolate {
namespace {

using Repeat = Timers::Repeat;
using std::chrono::milliseconds;

class TimersTest : public engine::testing::EngineTest {
 protected:
  void SetUp() override { EngineTest::start(); }
  void TearDown() override {
    timers_.release();
    EngineTest::TearDown();
  }

  /// Starts a timer; its "callback" is a number, because this class never calls one.
  std::uint64_t add(int label, milliseconds delay, Repeat repeat = Repeat::kOnce) {
    return timers_.start(context_->number(label), {delay, repeat}, now_).value();
  }
  /// The labels of all timers due now, in the order in which they come.
  std::string due() {
    std::string labels;
    while (auto callback = timers_.take_due(now_)) labels += context_->to_text(*callback).value();
    return labels;
  }

  Timers timers_{4};
  MonotonicTime now_{};
};

TEST_F(TimersTest, ComeInTheOrderOfTheirTimesAndThenOfTheirStart) {
  add(1, milliseconds(20));
  add(2, milliseconds(10));
  add(3, milliseconds(20));
  add(4, milliseconds(10));
  EXPECT_EQ(timers_.next_due(), now_ + milliseconds(10));
  EXPECT_EQ(due(), "");
  now_ += milliseconds(10);
  EXPECT_EQ(due(), "24");
  EXPECT_EQ(timers_.next_due(), now_ + milliseconds(10));
  now_ += milliseconds(100);
  EXPECT_EQ(due(), "13");
  EXPECT_EQ(timers_.next_due(), std::nullopt);
}

TEST_F(TimersTest, ARepeatingTimerIsDueAgainAfterItsDelayFromNow) {
  add(1, milliseconds(10), Repeat::kEvery);
  now_ += milliseconds(35);
  EXPECT_EQ(due(), "1");
  EXPECT_EQ(timers_.next_due(), now_ + milliseconds(10));
  now_ += milliseconds(10);
  EXPECT_EQ(due(), "1");
}

TEST_F(TimersTest, ARepeatingTimerQueuesBehindOthersOfTheSameTime) {
  add(1, milliseconds(10), Repeat::kEvery);
  now_ += milliseconds(10);
  add(2, milliseconds(10));
  EXPECT_EQ(due(), "1");
  now_ += milliseconds(10);
  EXPECT_EQ(due(), "21");
}

TEST_F(TimersTest, AStoppedTimerNeverComesAndUnknownIdsAreIgnored) {
  const std::uint64_t first = add(1, milliseconds(10));
  add(2, milliseconds(10));
  timers_.stop(first);
  timers_.stop(first);
  timers_.stop(0);
  timers_.stop(99);
  now_ += milliseconds(10);
  EXPECT_EQ(due(), "2");
  timers_.stop(first + 1);
  EXPECT_EQ(timers_.next_due(), std::nullopt);
}

TEST_F(TimersTest, ARepeatingTimerCanBeStoppedByItsOwnCallback) {
  const std::uint64_t id = add(1, milliseconds(10), Repeat::kEvery);
  now_ += milliseconds(10);
  const auto callback = timers_.take_due(now_);
  ASSERT_TRUE(callback.has_value());
  timers_.stop(id);
  EXPECT_EQ(context_->to_text(*callback).value(), "1");
  EXPECT_EQ(timers_.next_due(), std::nullopt);
  now_ += milliseconds(10);
  EXPECT_EQ(due(), "");
}

TEST_F(TimersTest, IdsAreNeverUsedAgainAndTheLimitCountsRunningTimers) {
  for (int label = 1; label <= 4; ++label) EXPECT_EQ(add(label, milliseconds(label)), label);
  const auto refused = timers_.start(context_->number(5), {milliseconds(1)}, now_);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, Code::kQuota);
  EXPECT_NE(refused.error().message.find("more than 4 timers"), std::string::npos);
  timers_.stop(2);
  EXPECT_EQ(add(5, milliseconds(1)), 5U);
  now_ += milliseconds(1);
  EXPECT_EQ(due(), "15");
  EXPECT_EQ(add(6, milliseconds(50)), 6U);
}

TEST_F(TimersTest, ReleaseForgetsEverything) {
  add(1, milliseconds(1));
  add(2, milliseconds(1), Repeat::kEvery);
  timers_.release();
  EXPECT_EQ(timers_.next_due(), std::nullopt);
  now_ += milliseconds(10);
  EXPECT_EQ(due(), "");
}

}  // namespace
}  // namespace isopod::isolate
