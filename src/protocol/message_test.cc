// SPDX-License-Identifier: MIT
#include "protocol/message.h"

#include <gtest/gtest.h>

#include <array>

namespace isopod::protocol {
namespace {

constexpr std::array kStatuses = {Status::kOk, Status::kError, Status::kDenied, Status::kTimeout,
                                  Status::kCancelled};

TEST(Status, EveryWordLeadsBack) {
  for (const Status status : kStatuses) {
    EXPECT_EQ(status_from_string(to_string(status)), status);
  }
}

TEST(Status, OtherWordsAreNone) {
  for (const char* word : {"", "OK", "ok ", "denied\n", "unknown"}) {
    EXPECT_EQ(status_from_string(word), std::nullopt) << word;
  }
}

TEST(Outcome, OkHoldsItsValue) {
  const Outcome outcome = Outcome::ok(Json{{"a", 1}});
  EXPECT_EQ(outcome.status, Status::kOk);
  EXPECT_EQ(outcome.value, (Json{{"a", 1}}));
  EXPECT_EQ(outcome.message, "");
}

TEST(Outcome, TheCodeOfAFailureDecidesItsStatus) {
  struct Case {
    Code code;
    Status status;
  };
  constexpr std::array kCases = {
      Case{Code::kDenied, Status::kDenied},         Case{Code::kBackpressure, Status::kDenied},
      Case{Code::kQuota, Status::kDenied},          Case{Code::kShuttingDown, Status::kDenied},
      Case{Code::kTimeout, Status::kTimeout},       Case{Code::kCancelled, Status::kCancelled},
      Case{Code::kInternal, Status::kError},        Case{Code::kNotFound, Status::kError},
      Case{Code::kPayloadTooLarge, Status::kError}, Case{Code::kDeadlock, Status::kError},
  };
  for (const Case& test : kCases) {
    const Outcome outcome = Outcome::failed(Error{test.code, "why", {}, {}});
    EXPECT_EQ(outcome.status, test.status) << to_string(test.code);
    EXPECT_EQ(outcome.code, test.code);
    EXPECT_EQ(outcome.message, "why");
    EXPECT_TRUE(outcome.value.is_null());
  }
}

TEST(Outcome, AFailureKeepsItsPlace) {
  const Outcome outcome = Outcome::failed(Error{Code::kSyntax, "no", {"/a.ts", 3, 4}, "at f"});
  EXPECT_EQ(outcome.message, "no (/a.ts:3:4)");
}

}  // namespace
}  // namespace isopod::protocol
