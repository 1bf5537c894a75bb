// SPDX-License-Identifier: MIT
#include "hostcall/dispatcher.h"

#include <gtest/gtest.h>

#include <optional>
#include <thread>
#include <type_traits>

#include "hostcall/callback_connector.h"

namespace isopod::hostcall {
namespace {

using protocol::Hostcall;
using protocol::Opcode;
using protocol::Outcome;
using protocol::Status;

static_assert(!std::is_copy_constructible_v<Completion>);
static_assert(std::is_nothrow_move_constructible_v<Completion>);

/// Keeps what it is asked to do, for the test to end or to drop.
class HoldingConnector final : public Connector {
 public:
  std::optional<Completion> held;
  [[nodiscard]] std::string_view name() const override { return "log"; }
  void start(const Caller&, const Hostcall&, Completion completion) override {
    held.emplace(std::move(completion));
  }
};

class DispatcherTest : public ::testing::Test {
 protected:
  DispatcherTest() {
    auto holding = std::make_unique<HoldingConnector>();
    holding_ = holding.get();
    std::vector<std::unique_ptr<Connector>> connectors;
    connectors.push_back(std::move(holding));
    connectors.push_back(std::make_unique<CallbackConnector>(
        "session",
        CallbackConnector::at_once(
            [](const Caller&, const Hostcall& call) -> Result<Json> { return call.arguments; })));
    connectors.push_back(std::make_unique<CallbackConnector>(
        "ui", CallbackConnector::at_once([](const Caller&, const Hostcall&) -> Result<Json> {
          return fail(Code::kNotFound, "nobody");
        })));
    dispatcher_.emplace(std::move(connectors));
  }
  void dispatch(Opcode opcode, Json arguments = nullptr) {
    dispatcher_->dispatch({.caller = caller_, .counters = counters_},
                          {1, opcode, std::move(arguments), 0},
                          [this](Outcome outcome) { outcomes_.push_back(std::move(outcome)); });
  }
  void expect_balanced() {
    const Counts counts = counters_->snapshot();
    EXPECT_EQ(counts.issued, counts.ok + counts.error + counts.denied + counts.timeout +
                                 counts.cancelled + counts.in_flight);
    EXPECT_EQ(counts.issued, counts.fast + counts.compat);
  }

  const Caller caller_{"ext", "/ext"};
  std::shared_ptr<Counters> counters_ = std::make_shared<Counters>();
  HoldingConnector* holding_ = nullptr;
  std::optional<Dispatcher> dispatcher_;
  std::vector<Outcome> outcomes_;
};

TEST_F(DispatcherTest, ACallEndsOnceWithWhatTheConnectorSays) {
  dispatch(Opcode::kSessionAppendEntry, {{"a", 1}});
  ASSERT_EQ(outcomes_.size(), 1U);
  EXPECT_EQ(outcomes_[0].status, Status::kOk);
  EXPECT_EQ(outcomes_[0].value["a"], 1);
  dispatch(Opcode::kUiNotify);
  ASSERT_EQ(outcomes_.size(), 2U);
  EXPECT_EQ(outcomes_[1].status, Status::kError);
  EXPECT_EQ(outcomes_[1].code, Code::kNotFound);
  EXPECT_EQ(counters_->snapshot().by_code.at("not_found"), 1U);
  expect_balanced();
}

TEST_F(DispatcherTest, ACallInFlightIsCountedUntilItEnds) {
  dispatch(Opcode::kLogWrite);
  EXPECT_TRUE(outcomes_.empty());
  EXPECT_EQ(counters_->snapshot().in_flight, 1U);
  expect_balanced();
  std::thread([this] { std::move(*holding_->held).ok(5); }).join();
  ASSERT_EQ(outcomes_.size(), 1U);
  EXPECT_EQ(counters_->snapshot().in_flight, 0U);
  expect_balanced();
}

TEST_F(DispatcherTest, ADroppedCompletionEndsAsInternalError) {
  dispatch(Opcode::kLogWrite);
  holding_->held.reset();
  ASSERT_EQ(outcomes_.size(), 1U);
  EXPECT_EQ(outcomes_[0].status, Status::kError);
  EXPECT_EQ(outcomes_[0].code, Code::kInternal);
  expect_balanced();
}

TEST_F(DispatcherTest, WhenTheIsolateIsGoneCallsInFlightCountAsCancelled) {
  dispatch(Opcode::kLogWrite);
  counters_->cancel_the_rest();
  EXPECT_EQ(counters_->snapshot().cancelled, 1U);
  EXPECT_EQ(counters_->snapshot().in_flight, 0U);
  expect_balanced();
  std::move(*holding_->held).ok();
  EXPECT_EQ(counters_->snapshot().cancelled, 1U);
  EXPECT_EQ(counters_->snapshot().ok, 0U);
  expect_balanced();
}

TEST_F(DispatcherTest, PolicyIsAskedBeforeTheConnector) {
  policy::Rules rules;
  rules.denies.push_back({protocol::Capability::kLog, {}});
  dispatcher_->set_rules(std::make_shared<const policy::Rules>(std::move(rules)));
  dispatch(Opcode::kLogWrite);
  ASSERT_EQ(outcomes_.size(), 1U);
  EXPECT_EQ(outcomes_[0].status, Status::kDenied);
  EXPECT_EQ(outcomes_[0].code, Code::kDenied);
  EXPECT_FALSE(outcomes_[0].message.empty());
  EXPECT_FALSE(holding_->held.has_value());
  expect_balanced();
}

TEST_F(DispatcherTest, AfterRefuseCallsEveryCallIsDenied) {
  dispatcher_->refuse_calls();
  dispatch(Opcode::kSessionGetName);
  ASSERT_EQ(outcomes_.size(), 1U);
  EXPECT_EQ(outcomes_[0].status, Status::kDenied);
  EXPECT_EQ(outcomes_[0].code, Code::kShuttingDown);
  expect_balanced();
}

}  // namespace
}  // namespace isopod::hostcall
