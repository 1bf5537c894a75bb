// SPDX-License-Identifier: MIT
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "os/thread.h"

namespace isopod::os {

/// A fixed number of threads for work that blocks. Work is begun in the order it was given. A
/// thread is started when there is work that no other is free for. Any thread, the destructor
/// aside.
class WorkPool {
 public:
  struct Options {
    std::string name = "work";
    std::size_t threads_max = 4;
    std::size_t queue_max = 8192;  ///< pieces of work that wait
  };
  explicit WorkPool(Options options) : options_(std::move(options)) {}
  /// Forgets the work that waits, without running it, and joins the threads after what they do.
  ~WorkPool();
  WorkPool(const WorkPool&) = delete;
  WorkPool& operator=(const WorkPool&) = delete;

  enum class Post { kTaken, kFull };
  /// `kFull` when as much waits as may, or when the system gives not even one thread; the work is
  /// dropped then.
  Post post(std::function<void()> work);

 private:
  void serve();
  bool has_thread_for_one_more();

  const Options options_;
  std::mutex mutex_;  // guards the rest
  std::condition_variable changed_;
  std::deque<std::function<void()>> queue_;
  std::vector<Thread> threads_;
  std::size_t free_ = 0;
  bool ending_ = false;
};

}  // namespace isopod::os
