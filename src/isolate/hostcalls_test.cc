// SPDX-License-Identifier: MIT
#include "isolate/hostcalls.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "isolate_fixture.h"

namespace isopod::isolate::testing {
namespace {

using engine::PromiseState;
using engine::Value;
using protocol::Hostcall;
using protocol::Opcode;
using protocol::Outcome;
using protocol::Reply;
using protocol::Request;
using protocol::Status;
using protocol::Stop;
using std::chrono::milliseconds;

class HostcallsTest : public engine::testing::EngineTest {
 protected:
  void SetUp() override {
    EngineTest::start({.clock = &clock_});
    hostcalls_ = std::make_unique<Hostcalls>(port_, *runtime_, clock_,
                                             [this](auto time) { waits_.push_back(time); });
  }
  void TearDown() override {
    hostcalls_->release();
    EngineTest::TearDown();
  }
  /// Sends a reply and delivers it.
  void reply(std::uint64_t number, Outcome outcome) {
    hostcalls_->deliver(*context_, Reply{number, std::move(outcome)});
    runtime_->run_jobs(100);
  }
  /// "pending", "fulfilled 1" or "rejected code message".
  std::string state(const Value& promise) {
    switch (context_->promise_state(promise)) {
      case PromiseState::kPending: return "pending";
      case PromiseState::kFulfilled:
        return "fulfilled " + context_->to_json(context_->promise_result(promise)).value();
      case PromiseState::kRejected: {
        const Error error = context_->take_rejection(promise);
        return "rejected " + std::string(to_string(error.code)) + " " + error.message;
      }
    }
    return "?";
  }

  StepClock clock_;
  ScriptedPort port_{clock_};
  std::vector<MonotonicTime::duration> waits_;
  std::unique_ptr<Hostcalls> hostcalls_;
};

TEST_F(HostcallsTest, EachReplySettlesTheCallOfItsNumber) {
  const Value first = hostcalls_->start(*context_, {Opcode::kSessionGetName, 1, 7}).value();
  const Value second = hostcalls_->start(*context_, {Opcode::kUiConfirm, 2}).value();
  ASSERT_EQ(port_.hostcalls.size(), 2U);
  EXPECT_EQ(port_.hostcalls[0].number, 1U);
  EXPECT_EQ(port_.hostcalls[0].cause, 7U);
  EXPECT_EQ(port_.hostcalls[1].number, 2U);
  EXPECT_EQ(port_.hostcalls[1].arguments, 2);
  reply(2, Outcome::ok({{"a", 1}}));
  EXPECT_EQ(state(first), "pending");
  EXPECT_EQ(state(second), "fulfilled {\"a\":1}");
  reply(1, Outcome::failed({Code::kNotFound, "gone", {}, {}}));
  EXPECT_EQ(state(first), "rejected not_found gone");
  EXPECT_EQ(state(second), "fulfilled {\"a\":1}");
}

TEST_F(HostcallsTest, ASecondReplyAndOneToNobodyChangeNothing) {
  const Value promise = hostcalls_->start(*context_, {Opcode::kSessionGetName, {}}).value();
  reply(9, Outcome::ok("other"));
  EXPECT_EQ(state(promise), "pending");
  reply(1, Outcome::ok("first"));
  reply(1, Outcome::failed({Code::kInternal, "second", {}, {}}));
  EXPECT_EQ(state(promise), "fulfilled \"first\"");
}

TEST_F(HostcallsTest, TheFactorySeesStatusCodeAndMessage) {
  hostcalls_->set_error_factory(
      context_->evaluate_script("(outcome) => new Error(JSON.stringify(outcome))", "/f.js")
          .value());
  const Value promise = hostcalls_->start(*context_, {Opcode::kSessionGetName, {}}).value();
  reply(1, Outcome::failed({Code::kTimeout, "too slow", {}, {}}));
  EXPECT_EQ(state(promise),
            R"(rejected exception {"status":"timeout","code":"timeout","message":"too slow"})");
}

TEST_F(HostcallsTest, AThrowingFactoryLeavesNothingBehind) {
  hostcalls_->set_error_factory(
      context_->evaluate_script("() => { throw new Error('factory'); }", "/f.js").value());
  const auto error =
      hostcalls_->error_for(*context_, Outcome::failed({Code::kDenied, "no", {}, {}}));
  ASSERT_FALSE(error.has_value());
  EXPECT_EQ(error.error().message, "factory");
  port_.refusal = Error{Code::kQuota, "full", {}, {}};
  EXPECT_FALSE(hostcalls_->start(*context_, {Opcode::kSessionGetName, {}}).has_value());
  EXPECT_EQ(json("1 + 1"), "2");
}

TEST_F(HostcallsTest, ARefusedCallIsRejectedAlready) {
  port_.refusal = Error{Code::kBackpressure, "full", {}, {}};
  const Value promise = hostcalls_->start(*context_, {Opcode::kSessionGetName, {}}).value();
  EXPECT_EQ(state(promise), "rejected backpressure full");
  const Result<Outcome> waited = hostcalls_->wait({Opcode::kSessionGetName, {}});
  ASSERT_TRUE(waited.has_value());
  EXPECT_EQ(waited->status, Status::kDenied);
  EXPECT_EQ(waited->code, Code::kBackpressure);
  EXPECT_TRUE(waits_.empty());
}

TEST_F(HostcallsTest, WaitingSetsOtherMessagesAsideInTheirOrder) {
  port_.transit = milliseconds(3);
  port_.on_hostcall = [&](const Hostcall& call) {
    port_.send(Request{1, "first", {}});
    port_.send(Reply{99, Outcome::ok()});
    port_.send(Reply{call.number, Outcome::ok("mine")});
    port_.send(Request{2, "last", {}});
  };
  const Result<Outcome> outcome = hostcalls_->wait({Opcode::kSessionGetName, {}});
  EXPECT_EQ(outcome.value().value, "mine");
  ASSERT_EQ(waits_.size(), 1U);
  EXPECT_EQ(waits_[0], milliseconds(9));
  EXPECT_EQ(std::get<Request>(*hostcalls_->next(MonotonicTime::min())).id, 1U);
  EXPECT_EQ(std::get<Reply>(*hostcalls_->next(MonotonicTime::min())).number, 99U);
  EXPECT_EQ(std::get<Request>(*hostcalls_->next(MonotonicTime::min())).id, 2U);
  EXPECT_FALSE(hostcalls_->next(MonotonicTime::min()).has_value());
}

TEST_F(HostcallsTest, StopEndsAWaitAndIsStillThereForTheLoop) {
  port_.on_hostcall = [&](const Hostcall&) {
    port_.send(Request{1, "early", {}});
    port_.send(Stop{});
  };
  const Result<Outcome> outcome = hostcalls_->wait({Opcode::kSessionGetName, {}});
  ASSERT_FALSE(outcome.has_value());
  EXPECT_EQ(outcome.error().code, Code::kCancelled);
  EXPECT_EQ(runtime_->fault(), engine::Fault::kStopped);
  EXPECT_TRUE(std::holds_alternative<Request>(*hostcalls_->next(MonotonicTime::min())));
  EXPECT_TRUE(std::holds_alternative<Stop>(*hostcalls_->next(MonotonicTime::min())));
}

TEST_F(HostcallsTest, ReleaseDropsWhatIsPending) {
  Value promise = hostcalls_->start(*context_, {Opcode::kSessionGetName, {}}).value();
  hostcalls_->release();
  reply(1, Outcome::ok("too late"));
  EXPECT_EQ(state(promise), "pending");
}

}  // namespace
}  // namespace isopod::isolate::testing
