// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>

#include "protocol/message.h"

namespace isopod::hostcall {

enum class Lane { kFast, kCompat };
std::string_view to_string(Lane lane);

/// How many hostcalls there were and how they ended. In every snapshot
/// `issued = ok + error + denied + timeout + cancelled + in_flight`.
struct Counts {
  std::uint64_t issued = 0;
  std::uint64_t ok = 0;
  std::uint64_t error = 0;
  std::uint64_t denied = 0;
  std::uint64_t timeout = 0;
  std::uint64_t cancelled = 0;
  std::uint64_t in_flight = 0;
  std::uint64_t fast = 0;
  std::uint64_t compat = 0;
  std::map<std::string, std::uint64_t> by_code = {};  ///< of those that did not end `ok`

  Counts& operator+=(const Counts& other);
};

/// Counts hostcalls. Any thread.
class Counters {
 public:
  void issued(Lane lane);
  void ended(const protocol::Outcome& outcome);
  /// The isolate is gone: what is in flight counts as cancelled, and its later ends no more.
  void cancel_the_rest();
  [[nodiscard]] Counts snapshot() const;

 private:
  mutable std::mutex mutex_;  // guards counts_
  Counts counts_;
  bool closed_ = false;
};

}  // namespace isopod::hostcall
