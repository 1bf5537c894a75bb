// SPDX-License-Identifier: MIT
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>
#include <string>

#include "base/clock.h"

namespace isopod::reactor {

/// A queue of byte strings under one mutex, bounded in messages and in bytes. Any number of threads
/// on both sides. This is the compat lane's carrier: plain on purpose.
class BoundedQueue {
 public:
  struct Bounds {
    std::size_t messages_max = 0;
    std::size_t bytes_max = 0;
  };
  explicit BoundedQueue(Bounds bounds) : bounds_(bounds) {}

  enum class Push { kTaken, kFull };
  /// Takes `message` or leaves it to the caller. A single message larger than the byte bound is
  /// taken by an empty queue, so that the bound delays but never blocks for ever.
  Push push(std::string& message);

  /// Takes `message` whatever the bounds say; for messages whose number is bounded elsewhere.
  void push_reserved(std::string message);

  std::optional<std::string> try_pop();
  /// Waits until `deadline` at most.
  std::optional<std::string> pop(MonotonicTime deadline);

  struct Depth {
    std::size_t messages = 0;
    std::size_t bytes = 0;
    std::size_t messages_peak = 0;
  };
  [[nodiscard]] Depth depth() const;

 private:
  void append(std::string message);
  std::string take_front();

  const Bounds bounds_;
  mutable std::mutex mutex_;  // guards everything below
  std::condition_variable arrived_;
  std::deque<std::string> messages_;
  std::size_t bytes_ = 0;
  std::size_t messages_peak_ = 0;
};

}  // namespace isopod::reactor
