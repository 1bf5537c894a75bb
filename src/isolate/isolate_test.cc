// SPDX-License-Identifier: MIT
#include "isolate/isolate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <thread>
#include <type_traits>
#include <vector>

#include "isolate_fixture.h"
#include "reactor/compat_lane.h"

namespace isopod::isolate::testing {
namespace {

using protocol::Answer;
using protocol::Hostcall;
using protocol::Outcome;
using protocol::Reply;
using protocol::Request;
using protocol::Stop;
using protocol::Stopped;
using protocol::ToHost;
using reactor::CompatLane;
using std::chrono::milliseconds;
using std::chrono::minutes;
using ::testing::HasSubstr;

static_assert(!std::is_copy_constructible_v<Isolate>);

/// Long enough for the slowest machine; no test waits so long when all is well.
constexpr milliseconds kPatience{60'000};

/// An isolate on its own thread behind a real lane, and the host's end of that lane.
class Living {
 public:
  explicit Living(const std::string& source, Limits limits = {.turn = minutes(10)})
      : prelude_(source), lane_(std::make_shared<CompatLane>(reactor::CompatLaneOptions{}, [] {})) {
    isolate_ = Isolate::start({.name = "test",
                               .limits = limits,
                               .builtins = &prelude_.table(),
                               .clock = &clock_,
                               .random = &random_},
                              lane_)
                   .value();
  }
  ~Living() {
    if (isolate_) end();
  }

  Isolate& isolate() { return *isolate_; }
  CompatLane& lane() { return *lane_; }

  void request(std::uint64_t id, Json payload = nullptr) {
    ASSERT_TRUE(lane_->send(Request{id, "do", std::move(payload)}).has_value());
  }
  /// The next message of the isolate.
  ToHost next() {
    const auto deadline = clock_.monotonic() + kPatience;
    while (clock_.monotonic() < deadline) {
      if (auto message = lane_->poll()) return message->value();
      std::this_thread::sleep_for(milliseconds(1));
    }
    ADD_FAILURE() << "the isolate says nothing";
    return Stopped{};
  }
  Answer answer() {
    const ToHost message = next();
    if (const auto* answer = std::get_if<Answer>(&message)) return *answer;
    ADD_FAILURE() << "not an answer: " << protocol::compat::encode(message);
    return {};
  }
  /// Waits for the end; the error in `Stopped`, which must be the last message.
  std::optional<Error> stopped() {
    const ToHost message = next();
    EXPECT_TRUE(std::holds_alternative<Stopped>(message)) << protocol::compat::encode(message);
    EXPECT_EQ(isolate_->join_for(kPatience), os::Thread::Joined::kYes);
    EXPECT_FALSE(lane_->poll().has_value());
    const auto* last = std::get_if<Stopped>(&message);
    return last == nullptr ? std::nullopt : last->error;
  }
  /// As a host ends one.
  void end() {
    isolate_->interrupt();
    lane_->send(Stop{});
    isolate_.reset();
  }

 private:
  SystemClock clock_;
  SystemRandom random_;
  TestPrelude prelude_;
  std::shared_ptr<CompatLane> lane_;
  std::unique_ptr<Isolate> isolate_;
};

TEST(IsolateTest, AnswersUntilItIsToldToStop) {
  Living living("onRequest((kind, payload) => payload + 1);");
  for (int i = 1; i <= 3; ++i) {
    living.request(static_cast<std::uint64_t>(i), i);
    EXPECT_EQ(living.answer().value.value(), i + 1);
  }
  living.lane().send(Stop{});
  EXPECT_EQ(living.stopped(), std::nullopt);
}

TEST(IsolateTest, AHostcallGoesOutAndItsReplyComesBack) {
  Living living("onRequest(() => hostcall('session.get_name', { a: 1 }));");
  living.request(1);
  const ToHost message = living.next();
  const auto* call = std::get_if<Hostcall>(&message);
  ASSERT_NE(call, nullptr);
  EXPECT_EQ(call->arguments["a"], 1);
  living.lane().send(Reply{call->number, Outcome::ok("named")});
  EXPECT_EQ(living.answer().value.value(), "named");
}

TEST(IsolateTest, ATurnThatIsTooLongEndsItWithTheFaultAsItsLastWord) {
  Living living("onRequest((kind, loop) => { if (loop) for (;;); return new Promise(() => {}); });",
                {.turn = milliseconds(50)});
  living.request(1, false);
  living.request(2, true);
  for (int i = 0; i < 2; ++i) EXPECT_EQ(living.answer().value.error().code, Code::kTimeout);
  const std::optional<Error> why = living.stopped();
  ASSERT_TRUE(why.has_value());
  EXPECT_EQ(why->code, Code::kTimeout);
}

TEST(IsolateTest, AFailedBootIsToldByTheLastMessage) {
  const std::vector<std::pair<std::string, std::string>> preludes = {
      {"throw new Error('broken prelude');", "broken prelude"}, {"", "handles no requests"}};
  for (const auto& [source, message] : preludes) {
    Living living(source);
    const std::optional<Error> why = living.stopped();
    ASSERT_TRUE(why.has_value());
    EXPECT_THAT(why->message, HasSubstr(message));
  }
}

TEST(IsolateTest, InterruptEndsALoopFromAnotherThread) {
  Living living(
      "onRequest(() => { hostcall('log.write', {}); for (;;) { try { for (;;); } catch {} } });");
  living.request(1);
  EXPECT_TRUE(std::holds_alternative<Hostcall>(living.next()));
  living.isolate().interrupt();
  EXPECT_EQ(living.answer().value.error().code, Code::kCancelled);
  EXPECT_EQ(living.stopped(), std::nullopt);
}

TEST(IsolateTest, InterruptBeforeTheBootIsOverCountsToo) {
  for (int i = 0; i < 20; ++i) {
    Living living("onRequest(() => { for (;;); });");
    living.isolate().interrupt();
    living.request(1);
    EXPECT_EQ(living.answer().value.error().code, Code::kCancelled);
    EXPECT_EQ(living.stopped(), std::nullopt);
  }
}

TEST(IsolateTest, StopEndsAnIsolateThatWaitsForItsHost) {
  Living living("onRequest(() => hostcallSync('session.get_name', {}));");
  living.request(1);
  EXPECT_TRUE(std::holds_alternative<Hostcall>(living.next()));
  living.lane().send(Stop{});
  EXPECT_EQ(living.answer().value.error().code, Code::kCancelled);
  EXPECT_EQ(living.stopped(), std::nullopt);
}

TEST(IsolateTest, TheHandleCanGoAtAnyMoment) {
  for (int i = 0; i < 20; ++i) {
    Living living(
        "startTimer(() => {}, 1, true); const spin = () => Promise.resolve().then(spin);"
        "onRequest((kind, payload) => { if (payload % 2) spin(); return payload; });");
    for (int id = 1; id <= i; ++id) living.request(static_cast<std::uint64_t>(id), id);
    living.end();
    std::optional<ToHost> last;
    while (auto message = living.lane().poll()) last = message->value();
    ASSERT_TRUE(last.has_value());
    EXPECT_TRUE(std::holds_alternative<Stopped>(*last));
  }
}

TEST(IsolateTest, ManyLiveSideBySide) {
  std::vector<std::unique_ptr<Living>> all;
  for (int i = 0; i < 16; ++i) {
    all.push_back(std::make_unique<Living>(
        "globalThis.sum = 0; onRequest((kind, payload) => globalThis.sum += payload);"));
  }
  for (std::uint64_t round = 1; round <= 5; ++round) {
    for (std::size_t i = 0; i < all.size(); ++i) all[i]->request(round, i);
  }
  for (std::size_t i = 0; i < all.size(); ++i) {
    for (std::uint64_t round = 1; round <= 5; ++round) {
      EXPECT_EQ(all[i]->answer().value.value(), i * round);
    }
  }
}

TEST(IsolateTest, AThreadThatCannotBeMadeIsAnError) {
  const SystemClock clock;
  SystemRandom random;
  const TestPrelude prelude("onRequest(() => 1);");
  const auto isolate =
      Isolate::start({.name = "test",
                      .limits = {.stack_bytes_max = std::size_t{1} << 60},
                      .builtins = &prelude.table(),
                      .clock = &clock,
                      .random = &random},
                     std::make_shared<CompatLane>(reactor::CompatLaneOptions{}, [] {}));
  ASSERT_FALSE(isolate.has_value());
  EXPECT_EQ(isolate.error().code, Code::kQuota);
}

}  // namespace
}  // namespace isopod::isolate::testing
