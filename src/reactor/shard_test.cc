// SPDX-License-Identifier: MIT
#include "reactor/shard.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

namespace isopod::reactor {
namespace {

using protocol::Hostcall;
using protocol::Opcode;
using protocol::ToHost;

bool wait_until(const std::function<bool()>& condition) {
  for (int i = 0; i < 10'000; ++i) {
    if (condition()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return false;
}

TEST(ShardTest, ServesEachLaneWithItsOwnHandler) {
  auto shard = Shard::start().value();
  constexpr int kLanes = 8;
  constexpr int kCalls = 500;
  std::vector<std::atomic<int>> seen(kLanes);
  std::vector<std::shared_ptr<CompatLane>> lanes;
  for (int i = 0; i < kLanes; ++i) {
    lanes.push_back(shard->add({}, [&seen, i](const Result<ToHost>& message) {
      if (message.has_value()) ++seen[static_cast<std::size_t>(i)];
    }));
  }
  std::vector<std::thread> isolates;
  for (const auto& lane : lanes) {
    isolates.emplace_back([&lane] {
      for (std::uint64_t n = 1; n <= kCalls; ++n) {
        ASSERT_TRUE(lane->submit(Hostcall{n, Opcode::kLogWrite, nullptr, 0}).has_value());
      }
    });
  }
  for (auto& isolate : isolates) isolate.join();
  for (const auto& count : seen) EXPECT_TRUE(wait_until([&] { return count == kCalls; }));
  for (const auto& lane : lanes) shard->remove(lane);
}

TEST(ShardTest, AfterRemoveTheHandlerIsNeverCalled) {
  auto shard = Shard::start().value();
  auto calls = std::make_unique<std::atomic<int>>(0);
  auto lane = shard->add({}, [seen = calls.get()](const Result<ToHost>&) { ++*seen; });
  ASSERT_TRUE(lane->submit(Hostcall{1, Opcode::kLogWrite, nullptr, 0}).has_value());
  ASSERT_TRUE(wait_until([&] { return *calls == 1; }));
  shard->remove(lane);
  calls.reset();  // a late call would be a use after free
  ASSERT_TRUE(lane->submit(Hostcall{2, Opcode::kLogWrite, nullptr, 0}).has_value());
  shard.reset();
  ASSERT_TRUE(lane->submit(Hostcall{3, Opcode::kLogWrite, nullptr, 0}).has_value());
}

}  // namespace
}  // namespace isopod::reactor
