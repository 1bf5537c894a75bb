// SPDX-License-Identifier: MIT
#include "reactor/compat_lane.h"

#include <gtest/gtest.h>

#include <thread>
#include <type_traits>
#include <variant>

namespace isopod::reactor {
namespace {

using protocol::Answer;
using protocol::Hostcall;
using protocol::Opcode;
using protocol::Outcome;
using protocol::Reply;
using protocol::Request;
using protocol::ToHost;

static_assert(!std::is_copy_constructible_v<CompatLane>);

Hostcall call(std::uint64_t number, std::string text = "x") {
  return {number, Opcode::kLogWrite, {{"text", std::move(text)}}, 0};
}

class CompatLaneTest : public ::testing::Test {
 protected:
  int rings = 0;
  CompatLane lane{{.in_flight_max = 4, .requests_max = 2, .payload_bytes_max = 1000},
                  [this] { ++rings; }};

  MonotonicTime now() { return std::chrono::steady_clock::now(); }
};

TEST_F(CompatLaneTest, CallsArriveInOrderAndRingTheBell) {
  ASSERT_TRUE(lane.submit(call(1)).has_value());
  ASSERT_TRUE(lane.submit(call(2)).has_value());
  EXPECT_EQ(rings, 2);
  for (std::uint64_t number = 1; number <= 2; ++number) {
    auto message = lane.poll();
    ASSERT_TRUE(message.has_value() && message->has_value());
    EXPECT_EQ(std::get<Hostcall>(**message).number, number);
  }
  EXPECT_FALSE(lane.poll().has_value());
}

TEST_F(CompatLaneTest, TheBoundOnCallsInFlightIsBackpressureUntilARepliesArrives) {
  for (std::uint64_t number = 1; number <= 4; ++number)
    ASSERT_TRUE(lane.submit(call(number)).has_value());
  while (lane.poll()) {
  }
  const auto refused = lane.submit(call(5));
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, Code::kBackpressure);
  EXPECT_EQ(lane.refusals().backpressure, 1U);
  EXPECT_FALSE(lane.poll().has_value());
  lane.send(Reply{1, Outcome::ok()});
  ASSERT_TRUE(lane.take(now()).has_value());
  EXPECT_TRUE(lane.submit(call(5)).has_value());
}

TEST_F(CompatLaneTest, TooLargeMessagesAreRefusedOrArriveAsErrors) {
  const std::string large(2000, 'x');
  const auto refused = lane.submit(call(1, large));
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, Code::kPayloadTooLarge);
  EXPECT_EQ(lane.refusals().payload_too_large, 1U);

  lane.tell(Answer{7, Json(large)});
  auto answer = lane.poll();
  ASSERT_TRUE(answer.has_value() && answer->has_value());
  EXPECT_EQ(std::get<Answer>(**answer).request, 7U);
  EXPECT_EQ(std::get<Answer>(**answer).value.error().code, Code::kPayloadTooLarge);

  EXPECT_EQ(lane.send(Request{1, "tool", Json(large)}).error().code, Code::kPayloadTooLarge);

  lane.send(Reply{3, Outcome::ok(Json(large))});
  auto reply = lane.take(now());
  ASSERT_TRUE(reply.has_value());
  EXPECT_EQ(std::get<Reply>(*reply).number, 3U);
  EXPECT_EQ(std::get<Reply>(*reply).outcome.code, Code::kPayloadTooLarge);
}

TEST_F(CompatLaneTest, RequestsAreBoundedAndRepliesNever) {
  ASSERT_TRUE(lane.send(Request{1, "a", nullptr}).has_value());
  ASSERT_TRUE(lane.send(Request{2, "b", nullptr}).has_value());
  EXPECT_EQ(lane.send(Request{3, "c", nullptr}).error().code, Code::kBackpressure);
  lane.send(Reply{9, Outcome::ok()});
  EXPECT_EQ(std::get<Request>(*lane.take(now())).id, 1U);
  EXPECT_EQ(std::get<Request>(*lane.take(now())).id, 2U);
  EXPECT_EQ(std::get<Reply>(*lane.take(now())).number, 9U);
  EXPECT_FALSE(lane.take(now()).has_value());
}

TEST_F(CompatLaneTest, AfterRefuseCallsEveryCallIsToldSo) {
  lane.refuse_calls();
  EXPECT_EQ(lane.submit(call(1)).error().code, Code::kShuttingDown);
  EXPECT_EQ(lane.refusals().shutting_down, 1U);
}

TEST(CompatLaneThreadsTest, NothingIsLostOrReorderedBetweenTwoThreads) {
  constexpr std::uint64_t kCalls = 20'000;
  CompatLane lane({.in_flight_max = 64}, [] {});
  std::thread isolate([&] {
    std::uint64_t replies = 0;
    for (std::uint64_t number = 1; replies < kCalls;) {
      if (number <= kCalls && lane.submit(call(number)).has_value()) {
        ++number;
        continue;
      }
      const auto message = lane.take(std::chrono::steady_clock::now() + std::chrono::seconds(10));
      ASSERT_TRUE(message.has_value());
      ASSERT_EQ(std::get<Reply>(*message).number, ++replies);
    }
  });
  for (std::uint64_t expected = 1; expected <= kCalls;) {
    auto message = lane.poll();
    if (!message) {
      std::this_thread::yield();
      continue;
    }
    ASSERT_EQ(std::get<Hostcall>(**message).number, expected);
    lane.send(Reply{expected++, Outcome::ok()});
  }
  isolate.join();
  EXPECT_LE(lane.depth().messages_peak, 64U);
}

}  // namespace
}  // namespace isopod::reactor
