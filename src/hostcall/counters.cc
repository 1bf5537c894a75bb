// SPDX-License-Identifier: MIT
#include "hostcall/counters.h"

#include <utility>

namespace isopod::hostcall {
namespace {

std::uint64_t& slot(Counts& counts, protocol::Status status) {
  switch (status) {
    case protocol::Status::kOk: return counts.ok;
    case protocol::Status::kError: return counts.error;
    case protocol::Status::kDenied: return counts.denied;
    case protocol::Status::kTimeout: return counts.timeout;
    case protocol::Status::kCancelled: return counts.cancelled;
  }
  return counts.error;
}

}  // namespace

std::string_view to_string(Lane lane) { return lane == Lane::kFast ? "fast" : "compat"; }

Counts& Counts::operator+=(const Counts& other) {
  issued += other.issued;
  ok += other.ok;
  error += other.error;
  denied += other.denied;
  timeout += other.timeout;
  cancelled += other.cancelled;
  in_flight += other.in_flight;
  fast += other.fast;
  compat += other.compat;
  for (const auto& [code, count] : other.by_code) by_code[code] += count;
  return *this;
}

void Counters::issued(Lane lane) {
  const std::lock_guard lock(mutex_);
  ++counts_.issued;
  ++(closed_ ? counts_.cancelled : counts_.in_flight);
  ++(lane == Lane::kFast ? counts_.fast : counts_.compat);
}

void Counters::ended(const protocol::Outcome& outcome) {
  const std::lock_guard lock(mutex_);
  if (closed_) return;
  --counts_.in_flight;
  ++slot(counts_, outcome.status);
  if (outcome.status != protocol::Status::kOk)
    ++counts_.by_code[std::string(isopod::to_string(outcome.code))];
}

void Counters::cancel_the_rest() {
  const std::lock_guard lock(mutex_);
  closed_ = true;
  if (counts_.in_flight > 0) {
    counts_.by_code[std::string(isopod::to_string(Code::kCancelled))] += counts_.in_flight;
  }
  counts_.cancelled += std::exchange(counts_.in_flight, 0);
}

Counts Counters::snapshot() const {
  const std::lock_guard lock(mutex_);
  return counts_;
}

}  // namespace isopod::hostcall
