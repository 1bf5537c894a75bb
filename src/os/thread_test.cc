// SPDX-License-Identifier: MIT
#include "os/thread.h"

#include <gtest/gtest.h>
#include <pthread.h>
#include <signal.h>

#include <array>
#include <atomic>
#include <future>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>

namespace isopod::os {
namespace {

using std::chrono::milliseconds;

static_assert(!std::is_copy_constructible_v<Thread>);
static_assert(std::is_nothrow_move_constructible_v<Thread>);
static_assert(std::is_nothrow_move_assignable_v<Thread>);

TEST(ThreadTest, RunsItsBodyOnAnotherThreadUntilJoined) {
  const pthread_t own = pthread_self();
  bool ran_elsewhere = false;
  Thread thread = Thread::start({.name = "t"}, [&] {
                    ran_elsewhere = pthread_equal(own, pthread_self()) == 0;
                  }).value();
  EXPECT_TRUE(thread.joinable());
  thread.join();
  EXPECT_TRUE(ran_elsewhere);
  EXPECT_FALSE(thread.joinable());
  thread.join();  // a second one has nothing to wait for
  EXPECT_EQ(thread.join_for(milliseconds(0)), Thread::Joined::kYes);
}

TEST(ThreadTest, ShowsTheStartOfItsName) {
  std::promise<void> named;
  std::array<char, 32> name = {};
  Thread thread = Thread::start({.name = "an-extension-with-a-long-name"}, [&] {
                    named.get_future().wait();
                    pthread_getname_np(pthread_self(), name.data(), name.size());
                  }).value();
  named.set_value();
  thread.join();
  EXPECT_EQ(std::string(name.data()), "an-extension-wi");
}

TEST(ThreadTest, LeavesTheSignalsOfTheProcessToOthers) {
  sigset_t before = {};
  sigset_t during = {};
  sigset_t after = {};
  ASSERT_EQ(pthread_sigmask(SIG_SETMASK, nullptr, &before), 0);
  Thread thread =
      Thread::start({}, [&] { pthread_sigmask(SIG_SETMASK, nullptr, &during); }).value();
  ASSERT_EQ(pthread_sigmask(SIG_SETMASK, nullptr, &after), 0);
  thread.join();
  for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGPIPE, SIGCHLD, SIGUSR1, SIGALRM, SIGWINCH,
                           SIGRTMIN, SIGRTMAX}) {
    EXPECT_EQ(sigismember(&during, number), 1) << number;
    EXPECT_EQ(sigismember(&after, number), sigismember(&before, number)) << number;
  }
  for (const int number : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGSYS, SIGABRT}) {
    EXPECT_EQ(sigismember(&during, number), 0) << number;
  }
}

TEST(ThreadTest, HasTheStackItAskedFor) {
  constexpr std::size_t kStackBytes = std::size_t{3} << 20;
  std::size_t given = 0;
  Thread thread = Thread::start({.stack_bytes = kStackBytes}, [&] {
                    pthread_attr_t attributes;
                    ASSERT_EQ(pthread_getattr_np(pthread_self(), &attributes), 0);
                    pthread_attr_getstacksize(&attributes, &given);
                    pthread_attr_destroy(&attributes);
                  }).value();
  thread.join();
  EXPECT_GE(given, kStackBytes);
}

TEST(ThreadTest, AStackThatNobodyCanHaveIsAQuotaError) {
  for (const std::size_t bytes : {std::size_t{1}, std::size_t{1} << 62}) {
    auto thread = Thread::start({.stack_bytes = bytes}, [] { ADD_FAILURE() << "it ran"; });
    ASSERT_FALSE(thread.has_value()) << bytes;
    EXPECT_EQ(thread.error().code, Code::kQuota);
  }
}

TEST(ThreadTest, JoinForGivesUpOnAThreadThatIsBusyAndCanBeTriedAgain) {
  std::promise<void> release;
  Thread thread = Thread::start({}, [&] { release.get_future().wait(); }).value();
  EXPECT_EQ(thread.join_for(milliseconds(0)), Thread::Joined::kNotYet);
  EXPECT_EQ(thread.join_for(milliseconds(1)), Thread::Joined::kNotYet);
  EXPECT_TRUE(thread.joinable());
  release.set_value();
  EXPECT_EQ(thread.join_for(milliseconds(60'000)), Thread::Joined::kYes);
  EXPECT_FALSE(thread.joinable());
}

TEST(ThreadTest, WhatTheBodyHoldsIsGoneOnceItIsJoined) {
  for (int i = 0; i < 50; ++i) {
    auto held = std::make_shared<int>(i);
    Thread thread = Thread::start({}, [held] { EXPECT_GE(*held, 0); }).value();
    EXPECT_EQ(thread.join_for(milliseconds(60'000)), Thread::Joined::kYes);
    EXPECT_EQ(held.use_count(), 1);
  }
}

TEST(ThreadTest, ADetachedThreadGoesOnByItself) {
  auto release = std::make_shared<std::promise<void>>();
  auto ended = std::make_shared<std::promise<int>>();
  std::future<int> result = ended->get_future();
  {
    Thread thread = Thread::start({}, [release, ended] {
                      release->get_future().wait();
                      ended->set_value(5);
                    }).value();
    thread.detach();
    EXPECT_FALSE(thread.joinable());
    thread.detach();
  }
  release->set_value();
  EXPECT_EQ(result.get(), 5);
}

TEST(ThreadTest, MovingHandsOverTheDutyToJoin) {
  std::atomic<int> ran = 0;
  Thread first = Thread::start({}, [&] { ++ran; }).value();
  Thread second = std::move(first);
  EXPECT_FALSE(first.joinable());  // NOLINT(bugprone-use-after-move): that is what is tested
  EXPECT_TRUE(second.joinable());
  Thread third;
  third = std::move(second);
  third.join();
  EXPECT_EQ(ran, 1);
}

TEST(ThreadDeathTest, ForgettingARunningThreadIsABug) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_DEATH(
      {
        std::promise<void> never;
        Thread thread = Thread::start({}, [&] { never.get_future().wait(); }).value();
      },
      "joined or detached");
}

}  // namespace
}  // namespace isopod::os
