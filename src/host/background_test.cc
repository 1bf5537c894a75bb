// SPDX-License-Identifier: MIT
#include "host/background.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <thread>

namespace isopod::host {
namespace {

TEST(Background, RunsWorkElsewhereAndWaitsForIt) {
  std::atomic<int> done{0};
  {
    Background background(8);
    for (int i = 0; i < 8; ++i) ASSERT_TRUE(background.run([&] { ++done; }));
  }
  EXPECT_EQ(done, 8);
}

TEST(Background, RefusesMoreThanItMayRunAndGoesOnLater) {
  Background background(1);
  std::promise<void> gate;
  ASSERT_TRUE(background.run([&] { gate.get_future().wait(); }));
  const Result<> refused = background.run([] { FAIL() << "refused work ran"; });
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::kBackpressure);
  gate.set_value();
  background.wait();
  bool ran = false;
  ASSERT_TRUE(background.run([&] { ran = true; }));
  background.wait();
  EXPECT_TRUE(ran);
}

TEST(Background, WaitsNoLongerThanItIsTold) {
  Background background(1);
  std::promise<void> gate;
  ASSERT_TRUE(background.run([&] { gate.get_future().wait(); }));
  EXPECT_FALSE(background.wait_until(MonotonicTime::clock::now()));
  gate.set_value();
  background.wait();
  EXPECT_TRUE(background.wait_until(MonotonicTime::clock::now()));
}

TEST(Background, WorkMayStartWork) {
  Background background(2);
  std::atomic<bool> inner{false};
  ASSERT_TRUE(background.run([&] { ASSERT_TRUE(background.run([&] { inner = true; })); }));
  while (!inner) std::this_thread::yield();
  background.wait();
  EXPECT_TRUE(inner);
}

}  // namespace
}  // namespace isopod::host
