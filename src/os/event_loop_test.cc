// SPDX-License-Identifier: MIT
#include "os/event_loop.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include <array>
#include <future>
#include <thread>
#include <vector>

namespace isopod::os {
namespace {

using std::chrono::milliseconds;

class EventLoopTest : public ::testing::Test {
 protected:
  std::unique_ptr<EventLoop> loop_ = EventLoop::start("test").value();
};

TEST(EventLoopStartTest, FewFreeDescriptorsAreAQuotaErrorBeforeTheyAreNone) {
  rlimit before = {};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &before), 0);
  const int first_free = fcntl(0, F_DUPFD_CLOEXEC, 0);
  ASSERT_GE(first_free, 0);
  close(first_free);
  for (const rlim_t more : {0, 1, 2, 3, 4, 8, 20}) {
    const rlimit few = {static_cast<rlim_t>(first_free) + more, before.rlim_max};
    ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &few), 0);
    const auto loop = EventLoop::start("test");
    setrlimit(RLIMIT_NOFILE, &before);
    ASSERT_FALSE(loop.has_value()) << more;
    EXPECT_EQ(loop.error().code, Code::kQuota);
    EXPECT_NE(loop.error().message.find("free descriptors"), std::string::npos);
  }
  EXPECT_TRUE(EventLoop::start("test").has_value());
}

TEST_F(EventLoopTest, PostedFunctionsRunInOrderOnTheLoopsThread) {
  std::vector<int> order;
  EXPECT_FALSE(loop_->is_current());
  for (int i = 0; i < 1000; ++i) {
    loop_->post([this, &order, i] {
      EXPECT_TRUE(loop_->is_current());
      order.push_back(i);
    });
  }
  loop_->run([] {});
  ASSERT_EQ(order.size(), 1000u);
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(order[static_cast<std::size_t>(i)], i);
}

TEST_F(EventLoopTest, ManyThreadsMayPost) {
  int sum = 0;
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([this, &sum] {
      for (int i = 0; i < 1000; ++i) loop_->post([&sum] { ++sum; });
    });
  }
  for (std::thread& thread : threads) thread.join();
  loop_->run([] {});
  EXPECT_EQ(sum, 4000);
}

TEST_F(EventLoopTest, TheEndWaitsForWhatWasPostedAlsoFromPostedFunctions) {
  bool was_run = false;
  EventLoop& loop = *loop_;
  loop.post([&loop, &was_run] { loop.post([&was_run] { was_run = true; }); });
  loop_.reset();
  EXPECT_TRUE(was_run);
}

TEST_F(EventLoopTest, RunOnTheLoopItselfDoesNotWaitForItself) {
  int depth = 0;
  loop_->run([&] { loop_->run([&] { depth = 2; }); });
  EXPECT_EQ(depth, 2);
}

TEST_F(EventLoopTest, AWatchCallsBackUntilItIsGone) {
  std::array<int, 2> ends = {};
  ASSERT_EQ(pipe2(ends.data(), O_CLOEXEC), 0);
  std::unique_ptr<EventLoop::Watch> watch;
  std::string got;
  std::promise<void> ended;
  loop_->run([&] {
    watch = loop_
                ->watch(ends[0], EventLoop::Interest::kRead,
                        [&] {
                          char byte = 0;
                          if (read(ends[0], &byte, 1) == 1) {
                            got += byte;
                          } else {
                            watch.reset();
                            ended.set_value();
                          }
                        })
                .value();
  });
  ASSERT_EQ(write(ends[1], "abc", 3), 3);
  close(ends[1]);
  ended.get_future().wait();
  EXPECT_EQ(got, "abc");
  close(ends[0]);
}

TEST_F(EventLoopTest, AClosedPipeIsAnErrorOfTheWriterAndNoSignal) {
  std::array<int, 2> ends = {};
  ASSERT_EQ(pipe2(ends.data(), O_CLOEXEC), 0);
  close(ends[0]);
  std::unique_ptr<EventLoop::Watch> watch;
  std::promise<int> failed;
  loop_->run([&] {
    watch = loop_
                ->watch(ends[1], EventLoop::Interest::kWrite,
                        [&] {
                          const ssize_t count = write(ends[1], "x", 1);
                          const int number = count < 0 ? errno : 0;
                          watch.reset();
                          failed.set_value(number);
                        })
                .value();
  });
  EXPECT_EQ(failed.get_future().get(), EPIPE);
  close(ends[1]);
}

TEST_F(EventLoopTest, WhatCannotBeWaitedForIsAnError) {
  const int regular = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
  ASSERT_GE(regular, 0);
  loop_->run([&] {
    const auto watch = loop_->watch(regular, EventLoop::Interest::kRead, [] {});
    ASSERT_FALSE(watch.has_value());
    EXPECT_EQ(watch.error().code, Code::kIo);
  });
  close(regular);
}

TEST_F(EventLoopTest, ATimerExpiresOnceAndNotAfterItsEnd) {
  std::unique_ptr<EventLoop::Timer> first;
  std::unique_ptr<EventLoop::Timer> never;
  std::unique_ptr<EventLoop::Timer> last;
  int expired = 0;
  bool was_stopped_one_heard = false;
  std::promise<void> done;
  loop_->run([&] {
    never = loop_->start_timer(milliseconds(1), [&] { was_stopped_one_heard = true; });
    first = loop_->start_timer(milliseconds(0), [&] {
      ++expired;
      first.reset();
      never.reset();
    });
    never.reset();
    last = loop_->start_timer(milliseconds(20), [&] {
      last.reset();
      done.set_value();
    });
  });
  done.get_future().wait();
  EXPECT_EQ(expired, 1);
  EXPECT_FALSE(was_stopped_one_heard);
}

TEST_F(EventLoopTest, SignalsAreLeftToOtherThreads) {
  loop_->run([] {
    sigset_t blocked;
    ASSERT_EQ(pthread_sigmask(SIG_SETMASK, nullptr, &blocked), 0);
    EXPECT_EQ(sigismember(&blocked, SIGPIPE), 1);
    EXPECT_EQ(sigismember(&blocked, SIGTERM), 1);
  });
}

}  // namespace
}  // namespace isopod::os
