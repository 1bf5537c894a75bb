// SPDX-License-Identifier: MIT
#include "os/work_pool.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <latch>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace isopod::os {
namespace {

TEST(WorkPoolTest, RunsEverythingItTookOnItsOwnThreads) {
  std::mutex mutex;
  std::set<std::thread::id> threads;
  std::latch ended(500);
  WorkPool pool({.threads_max = 3});
  for (int i = 0; i < 500; ++i) {
    ASSERT_EQ(pool.post([&] {
      {
        const std::lock_guard lock(mutex);
        threads.insert(std::this_thread::get_id());
      }
      ended.count_down();
    }),
              WorkPool::Post::kTaken);
  }
  ended.wait();
  const std::lock_guard lock(mutex);
  EXPECT_LE(threads.size(), 3U);
  EXPECT_FALSE(threads.contains(std::this_thread::get_id()));
}

TEST(WorkPoolTest, SeveralPiecesRunAtOnce) {
  std::latch both(2);
  std::latch ended(2);
  WorkPool pool({.threads_max = 2});
  for (int i = 0; i < 2; ++i) {
    static_cast<void>(pool.post([&] {
      both.arrive_and_wait();  // never ends when one waits for the other
      ended.count_down();
    }));
  }
  ended.wait();
  EXPECT_TRUE(ended.try_wait());
}

TEST(WorkPoolTest, OneThreadKeepsTheOrder) {
  std::vector<int> order;
  std::promise<void> ended;
  WorkPool pool({.threads_max = 1});
  for (int i = 0; i < 100; ++i) static_cast<void>(pool.post([&, i] { order.push_back(i); }));
  static_cast<void>(pool.post([&] { ended.set_value(); }));
  ended.get_future().wait();
  ASSERT_EQ(order.size(), 100U);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(order[static_cast<std::size_t>(i)], i);
}

TEST(WorkPoolTest, AFullQueueRefusesAndGoesOnLater) {
  std::promise<void> go;
  std::promise<void> started;
  std::atomic<int> ran = 0;
  std::latch ended(3);
  WorkPool pool({.threads_max = 1, .queue_max = 2});
  static_cast<void>(pool.post([&] {
    started.set_value();
    go.get_future().wait();
    ended.count_down();
  }));
  started.get_future().wait();
  const auto work = [&] {
    ++ran;
    ended.count_down();
  };
  EXPECT_EQ(pool.post(work), WorkPool::Post::kTaken);
  EXPECT_EQ(pool.post(work), WorkPool::Post::kTaken);
  EXPECT_EQ(pool.post(work), WorkPool::Post::kFull);
  go.set_value();
  ended.wait();
  EXPECT_EQ(ran, 2);
  EXPECT_EQ(pool.post([] {}), WorkPool::Post::kTaken);
}

TEST(WorkPoolTest, TheEndForgetsWhatWaitsAndWaitsForWhatRuns) {
  /// Tells when work that waits is dropped.
  struct Dropped {
    std::promise<void> told;
    ~Dropped() { told.set_value(); }
  };
  auto waiting = std::make_shared<Dropped>();
  std::future<void> dropped = waiting->told.get_future();
  std::promise<void> started;
  std::atomic<bool> finished = false;
  std::atomic<bool> ran = false;
  {
    WorkPool pool({.threads_max = 1});
    static_cast<void>(pool.post([&] {
      started.set_value();
      dropped.wait();  // until the pool ends
      finished = true;
    }));
    started.get_future().wait();
    static_cast<void>(pool.post([&ran, held = std::move(waiting)] { ran = held != nullptr; }));
  }
  EXPECT_TRUE(finished);
  EXPECT_FALSE(ran);
}

TEST(WorkPoolTest, WorkMayGiveMoreWork) {
  auto given = WorkPool::Post::kFull;
  std::vector<std::string> story;
  std::promise<void> ended;
  WorkPool pool({.threads_max = 1});
  const auto more = [&] {
    story.emplace_back("more");
    ended.set_value();
  };
  const auto work = [&] {
    given = pool.post(more);
    story.emplace_back("work");
  };
  ASSERT_EQ(pool.post(work), WorkPool::Post::kTaken);
  ended.get_future().wait();
  EXPECT_EQ(given, WorkPool::Post::kTaken);
  EXPECT_EQ(story, (std::vector<std::string>{"work", "more"}));
}

}  // namespace
}  // namespace isopod::os
