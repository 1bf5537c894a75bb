// SPDX-License-Identifier: MIT
#pragma once

#include <pthread.h>

#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "base/clock.h"
#include "isopod/result.h"

namespace isopod::os {

/// A thread with a stack of a given size and a name that tools show. All signals are blocked on it
/// but those of its own faults: the signals of a process are for the threads of whoever embeds the
/// library, and a write to a connection that is closed is an error, never a SIGPIPE. Owned by one
/// other thread, which joins or detaches it; the destructor checks that one of the two happened.
class Thread {
 public:
  struct Options {
    std::string name = {};  ///< cut to 15 bytes by the kernel
    std::size_t stack_bytes = std::size_t{8} << 20;
  };
  /// Errors: `quota` when the system gives no more threads or memory for the stack.
  static Result<Thread> start(const Options& options, std::function<void()> body);

  Thread() = default;
  ~Thread();
  Thread(Thread&& other) noexcept;
  Thread& operator=(Thread&& other) noexcept;
  Thread(const Thread&) = delete;
  Thread& operator=(const Thread&) = delete;

  [[nodiscard]] bool joinable() const { return running_; }
  void join();
  enum class Joined { kYes, kNotYet };
  /// Waits `patience` at most.
  Joined join_for(std::chrono::milliseconds patience);
  /// Lets the thread go on by itself.
  void detach();

 private:
  struct End;

  pthread_t handle_ = {};
  bool running_ = false;
  std::shared_ptr<End> end_;  // shared with the thread, which may go on by itself
};

}  // namespace isopod::os
