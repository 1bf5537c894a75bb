// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <utility>

#include "base/clock.h"
#include "engine/value.h"
#include "isopod/result.h"

namespace isopod::isolate {

/// The timers of one isolate: callbacks ordered by the time they are due, first made first run
/// among equals. Knows no loop and no engine beyond holding values. Single-threaded.
class Timers {
 public:
  enum class Repeat { kOnce, kEvery };
  struct Spec {
    std::chrono::nanoseconds delay;
    Repeat repeat = Repeat::kOnce;
  };
  explicit Timers(std::size_t count_max) : count_max_(count_max) {}

  /// The new timer's id, from 1. Errors: `quota` when too many run.
  Result<std::uint64_t> start(engine::Value callback, Spec spec, MonotonicTime now);

  /// Unknown ids are ignored, as scripts expect.
  void stop(std::uint64_t id);

  /// When the next timer is due.
  [[nodiscard]] std::optional<MonotonicTime> next_due() const;

  /// The callback of the first timer due at `now`, if any. A repeating timer is started again.
  std::optional<engine::Value> take_due(MonotonicTime now);

  void release();

 private:
  struct Timer {
    engine::Value callback;
    Spec spec;
    MonotonicTime due;
  };
  const std::size_t count_max_;
  std::uint64_t last_id_ = 0;
  std::map<std::uint64_t, Timer> timers_;
  std::map<std::pair<MonotonicTime, std::uint64_t>, std::uint64_t> queue_;  // (due, order) -> id
  std::uint64_t order_ = 0;
  std::map<std::uint64_t, std::pair<MonotonicTime, std::uint64_t>>
      places_;  // id -> its key in queue_

  void enqueue(std::uint64_t id, Timer& timer, MonotonicTime now);
};

}  // namespace isopod::isolate
