// SPDX-License-Identifier: MIT
#include "protocol/message.h"

#include <array>

namespace isopod::protocol {
namespace {

constexpr std::array kStatuses = {Status::kOk, Status::kError, Status::kDenied, Status::kTimeout,
                                  Status::kCancelled};

Status status_of(Code code) {
  switch (code) {
    case Code::kDenied:
    case Code::kBackpressure:
    case Code::kQuota:
    case Code::kShuttingDown: return Status::kDenied;
    case Code::kTimeout: return Status::kTimeout;
    case Code::kCancelled: return Status::kCancelled;
    default: return Status::kError;
  }
}

}  // namespace

std::string_view to_string(Status status) {
  switch (status) {
    case Status::kOk: return "ok";
    case Status::kError: return "error";
    case Status::kDenied: return "denied";
    case Status::kTimeout: return "timeout";
    case Status::kCancelled: return "cancelled";
  }
  return "error";
}

std::optional<Status> status_from_string(std::string_view word) {
  for (const Status status : kStatuses) {
    if (to_string(status) == word) return status;
  }
  return std::nullopt;
}

Outcome Outcome::failed(const Error& error) {
  return {status_of(error.code), nullptr, error.code, error.describe()};
}

}  // namespace isopod::protocol
