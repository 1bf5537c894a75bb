// SPDX-License-Identifier: MIT
#include "hostcall/fs_watches.h"

#include <algorithm>
#include <chrono>
#include <thread>
#include <vector>

#include "hostcall/fs_test_support.h"

namespace isopod::hostcall {
namespace {

using enum protocol::Opcode;

class FsWatchesTest : public FsTest {
 protected:
  Json watch(const std::string& name, const Json& more = Json::object(),
             const std::string& instance = "one") {
    Json arguments = {{"path", at(name)}};
    for (const auto& [key, given] : more.items()) arguments[key] = given;
    return {{"watch", value(kFsWatch, arguments, instance)["watch"]}};
  }

  /// Fetches events until one of that type and name has come; the others are kept for later.
  void expect_event(const Json& watch, const char* type, const std::string& name) {
    const Json wanted = {{"type", type}, {"name", name}};
    while (true) {
      const auto found = std::find(seen_.begin(), seen_.end(), wanted);
      if (found != seen_.end()) {
        seen_.erase(found);
        return;
      }
      const Json events = value(kFsWatchNext, watch)["events"];
      ASSERT_FALSE(events.empty());
      seen_.insert(seen_.end(), events.begin(), events.end());
    }
  }

  std::vector<Json> seen_;
};

TEST_F(FsWatchesTest, TellsWhatHappensInAFolder) {
  const Json folder = watch("inside");
  write("inside/a", "x");
  expect_event(folder, "rename", "a");
  expect_event(folder, "change", "a");
  std::filesystem::rename(at("inside/a"), at("inside/b"));
  expect_event(folder, "rename", "a");
  expect_event(folder, "rename", "b");
  std::filesystem::remove(at("inside/b"));
  expect_event(folder, "rename", "b");
}

TEST_F(FsWatchesTest, TellsWhatHappensToAFile) {
  write("inside/a", "x");
  const Json file = watch("inside/a");
  std::future<protocol::Outcome> next = begin(kFsWatchNext, file);
  write("inside/a", "y");
  const protocol::Outcome outcome = next.get();
  ASSERT_EQ(outcome.status, protocol::Status::kOk);
  EXPECT_EQ(outcome.value["events"][0], Json({{"type", "change"}, {"name", "a"}}));
}

TEST_F(FsWatchesTest, SeveralWatchesOfOneFolderAllHear) {
  const Json first = watch("inside");
  const Json second = watch("inside");
  value(kFsUnwatch, first);
  write("inside/a", "x");
  expect_event(second, "rename", "a");
}

TEST_F(FsWatchesTest, ARecursiveWatchFollowsTheTree) {
  std::filesystem::create_directories(at("inside/d/e"));
  link(at("outside"), "inside/d/out");
  const Json tree = watch("inside", {{"recursive", true}});
  write("inside/d/e/f", "x");
  expect_event(tree, "rename", "d/e/f");
  std::filesystem::create_directories(at("inside/new/er"));
  write("inside/new/er/f", "x");
  expect_event(tree, "rename", "new/er/f");
  write("inside/new/er/g", "x");
  expect_event(tree, "change", "new/er/g");
  std::filesystem::rename(at("inside/new/er"), at("outside/er"));
  expect_event(tree, "rename", "new/er");
  write("outside/er/hidden", "x");
  write("outside/secret", "x");
  write("inside/last", "x");
  while (true) {
    const std::string events = value(kFsWatchNext, tree)["events"].dump();
    EXPECT_EQ(events.find("hidden"), std::string::npos) << events;
    EXPECT_EQ(events.find("out/"), std::string::npos) << events;
    if (events.find("last") != std::string::npos) break;
  }
}

TEST_F(FsWatchesTest, ErrorsAndPolicy) {
  EXPECT_EQ(error(Code::kNotFound, kFsWatch, {{"path", at("inside/no")}}),
            "ENOENT: no such file or directory, watch '" + at("inside/no") + "'");
  link(at("outside"), "inside/out");
  EXPECT_EQ(error(Code::kDenied, kFsWatch, {{"path", at("inside/out")}}),
            "read denied: " + at("outside"));
  const Json own = watch("inside");
  const std::string number = own["watch"].dump();
  EXPECT_EQ(error(Code::kInvalidArgument, kFsWatchNext, own, "two"),
            "fs.watch_next: there is no watch " + number);
  EXPECT_EQ(error(Code::kInvalidArgument, kFsUnwatch, own, "two"),
            "fs.unwatch: there is no watch " + number);
  std::future<protocol::Outcome> waits = begin(kFsWatchNext, own);
  EXPECT_EQ(error(Code::kInvalidArgument, kFsWatchNext, own),
            "fs.watch_next: another call waits for this watch already");
  value(kFsUnwatch, own);
  EXPECT_EQ(waits.get().status, protocol::Status::kCancelled);
  error(Code::kInvalidArgument, kFsUnwatch, own);
}

TEST_F(FsWatchesTest, WhoWaitsIsCancelledByReleaseDrainAndTheEnd) {
  std::future<protocol::Outcome> first =
      begin(kFsWatchNext, watch("inside", Json::object(), "a"), "a");
  std::future<protocol::Outcome> second =
      begin(kFsWatchNext, watch("inside", Json::object(), "b"), "b");
  connector_->release(caller_of("a"));
  EXPECT_EQ(first.get().status, protocol::Status::kCancelled);
  EXPECT_EQ(second.wait_for(std::chrono::seconds(0)), std::future_status::timeout);
  connector_->drain();
  EXPECT_EQ(second.get().status, protocol::Status::kCancelled);
  make_connector({});
  std::future<protocol::Outcome> third = begin(kFsWatchNext, watch("inside"));
  connector_ = nullptr;
  EXPECT_EQ(third.get().status, protocol::Status::kCancelled);
}

TEST_F(FsWatchesTest, WatchesAreBounded) {
  for (std::size_t i = 0; i < FsWatches::kWatchesMax; ++i) watch("inside");
  EXPECT_EQ(error(Code::kIo, kFsWatch, {{"path", at("inside")}}),
            "EMFILE: too many open files, watch '" + at("inside") + "'");
  watch("inside", Json::object(), "two");
  connector_->release(caller_of("one"));
  watch("inside");
}

TEST_F(FsWatchesTest, WhatIsNotFetchedIsMergedAndBounded) {
  const Json folder = watch("inside");
  const int files = static_cast<int>(FsWatches::kNewsMax) + 500;
  for (int i = 0; i < files; ++i) write("inside/f" + std::to_string(i), "x");
  std::size_t fetched = 0;
  bool lost = false;
  bool seen_last = false;
  write("inside/last", "x");
  while (!seen_last) {
    const Json events = value(kFsWatchNext, folder)["events"];
    EXPECT_LE(events.size(), FsWatches::kNewsMax + 1);
    fetched += events.size();
    for (const Json& event : events) {
      lost = lost || event["name"].is_null();
      seen_last = seen_last || event["name"] == "last";
    }
  }
  // Each file is told as new and as changed, unless that was too much to keep.
  EXPECT_TRUE(lost || fetched >= static_cast<std::size_t>(files) * 2);
}

TEST_F(FsWatchesTest, WatchingAndEndingAtOnceFromSeveralThreads) {
  std::vector<std::jthread> threads;
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([this, name = "t" + std::to_string(thread)] {
      for (int round = 0; round < 50; ++round) {
        const Json own = watch("inside", {{"recursive", true}}, name);
        std::future<protocol::Outcome> next = begin(kFsWatchNext, own, name);
        write("inside/" + name, "x");
        if (round % 2 == 0) value(kFsUnwatch, own, name);
        if (round % 2 == 1) connector_->release(caller_of(name));
        const protocol::Status ended = next.get().status;
        EXPECT_TRUE(ended == protocol::Status::kOk || ended == protocol::Status::kCancelled);
      }
    });
  }
}

}  // namespace
}  // namespace isopod::hostcall
