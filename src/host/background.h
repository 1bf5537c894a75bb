// SPDX-License-Identifier: MIT
#pragma once

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <mutex>

#include "base/clock.h"
#include "isopod/result.h"

namespace isopod::host {

/// Work that waits for extensions on behalf of extensions, such as a tool that calls a tool. Such
/// work may wait for more of its kind, so each piece has a thread of its own; their number is
/// bounded. Any thread.
class Background {
 public:
  explicit Background(std::size_t running_max) : running_max_(running_max) {}
  /// Waits until all work has ended.
  ~Background() { wait(); }
  Background(const Background&) = delete;
  Background& operator=(const Background&) = delete;

  /// Errors: `backpressure` when as much is running as may, `internal` without a thread. The work
  /// was not and will not be run then.
  Result<> run(std::function<void()> work);

  /// Blocks until no work is running.
  void wait();

  /// The same, but no longer than until `deadline`. Whether no work is running.
  bool wait_until(MonotonicTime deadline);

 private:
  const std::size_t running_max_;
  std::mutex mutex_;  // guards running_
  std::condition_variable ended_;
  std::size_t running_ = 0;
};

}  // namespace isopod::host
