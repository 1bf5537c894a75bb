// SPDX-License-Identifier: MIT
#include "hostcall/counters.h"

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
  ++counts_.in_flight;
  ++(lane == Lane::kFast ? counts_.fast : counts_.compat);
}

void Counters::ended(const protocol::Outcome& outcome) {
  const std::lock_guard lock(mutex_);
  --counts_.in_flight;
  ++slot(counts_, outcome.status);
  if (outcome.status != protocol::Status::kOk)
    ++counts_.by_code[std::string(isopod::to_string(outcome.code))];
}

Counts Counters::snapshot() const {
  const std::lock_guard lock(mutex_);
  return counts_;
}

}  // namespace isopod::hostcall
