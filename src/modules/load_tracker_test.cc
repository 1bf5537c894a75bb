// SPDX-License-Identifier: MIT
#include "modules/load_tracker.h"

#include <gtest/gtest.h>

namespace isopod::modules {
namespace {

TEST(LoadTrackerTest, AFailedAttemptRetiresTheNamesItStarted) {
  LoadTracker tracker;
  {
    LoadTracker::Attempt outer(tracker);
    tracker.started("/a.ts");
    {
      LoadTracker::Attempt inner(tracker);
      tracker.started("/b.ts");
      inner.succeed();
    }
  }
  for (const char* path : {"/a.ts", "/b.ts"}) {
    EXPECT_NE(tracker.name_of(path), path);
    EXPECT_EQ(LoadTracker::path_of(tracker.name_of(path)), path);
    EXPECT_TRUE(tracker.may_run({path}));
  }
  EXPECT_EQ(tracker.name_of("/c.ts"), "/c.ts");
}

TEST(LoadTrackerTest, ASucceededAttemptKeepsThem) {
  LoadTracker tracker;
  {
    LoadTracker::Attempt attempt(tracker);
    tracker.started("/a.ts");
    attempt.succeed();
  }
  EXPECT_EQ(tracker.name_of("/a.ts"), "/a.ts");
}

TEST(LoadTrackerTest, WhatIsBeingLinkedMayNotRun) {
  LoadTracker tracker;
  LoadTracker::Attempt attempt(tracker);
  tracker.started("/a.ts");
  EXPECT_FALSE(tracker.may_run({"/a.ts", "/b.ts"}));
  EXPECT_TRUE(tracker.may_run({"/b.ts"}));
  tracker.finished({"/a.ts"});
  EXPECT_TRUE(tracker.may_run({"/a.ts", "/b.ts"}));
}

TEST(LoadTrackerTest, WhatReachesARunningFileMayNotRunUntilItFinished) {
  LoadTracker tracker;
  {
    LoadTracker::Attempt attempt(tracker);
    tracker.started("/a.ts");
    attempt.succeed();
  }
  const LoadTracker::Running running(tracker, "/c.cjs");
  EXPECT_FALSE(tracker.may_run({"/a.ts", "/c.cjs"}));
  EXPECT_TRUE(tracker.may_run({"/a.ts"}));
  tracker.everything_finished();
  EXPECT_TRUE(tracker.may_run({"/a.ts", "/c.cjs"}));
}

TEST(LoadTrackerTest, WhatFinishedInsideAFailedAttemptStays) {
  LoadTracker tracker;
  {
    LoadTracker::Attempt attempt(tracker);
    tracker.started("/a.ts");
    tracker.started("/done.ts");
    tracker.finished({"/done.ts"});
  }
  EXPECT_EQ(tracker.name_of("/done.ts"), "/done.ts");
  EXPECT_NE(tracker.name_of("/a.ts"), "/a.ts");
}

TEST(LoadTrackerTest, EachFailureGivesANewName) {
  LoadTracker tracker;
  std::set<std::string> names = {tracker.name_of("/a.ts")};
  for (int i = 0; i < 3; ++i) {
    LoadTracker::Attempt attempt(tracker);
    tracker.started("/a.ts");
    names.insert(tracker.name_of("/a.ts"));
  }
  names.insert(tracker.name_of("/a.ts"));
  EXPECT_EQ(names.size(), 4U);
}

}  // namespace
}  // namespace isopod::modules
