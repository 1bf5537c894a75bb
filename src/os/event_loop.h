// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "isopod/result.h"

namespace isopod::os {

/// One thread that waits for descriptors, timers and functions posted to it, and runs their
/// callbacks one after the other. Its signals are blocked as those of every `Thread`, so that a
/// write to a closed pipe is an error there and never a SIGPIPE.
///
/// Thread rule: `post` and `is_current` from any thread; everything else, also the destruction of
/// watches and timers, on the loop's own thread, that is, in a posted function or a callback. A
/// callback must not block, and may destroy its own watch or timer.
class EventLoop {
 public:
  /// `name` is cut to 15 bytes. Errors: `quota` when the system gives no thread or the
  /// process has few descriptors left.
  static Result<std::unique_ptr<EventLoop>> start(const std::string& name);

  /// Runs what was posted before, then ends the thread. Not on the loop's own thread. All watches
  /// and timers must be gone by then; the last function posted is a good place.
  ~EventLoop();
  EventLoop(const EventLoop&) = delete;
  EventLoop& operator=(const EventLoop&) = delete;

  /// Runs `function` on the loop's thread, after all that were posted before. Never blocks.
  void post(std::function<void()> function);

  /// Runs `function` on the loop's thread and waits for its end; at once when called there.
  void run(const std::function<void()>& function);

  [[nodiscard]] bool is_current() const;

  /// Which readiness a watch waits for.
  enum class Interest { kRead, kWrite };

  /// Calls back while a descriptor is ready, until it is destroyed.
  class Watch {
   public:
    ~Watch();
    Watch(const Watch&) = delete;
    Watch& operator=(const Watch&) = delete;

   private:
    friend class EventLoop;
    struct State;
    explicit Watch(State* state) : state_(state) {}
    State* const state_;  // freed by the loop, once it has let go of it
  };

  /// `ready` is called again and again as long as `descriptor` is ready, a hang-up and a failed
  /// descriptor included: then reading or writing tells what is wrong, and the watch must be given
  /// up. The descriptor becomes non-blocking, stays the caller's, has one watch at most, and is
  /// closed only after the watch is gone. Errors: `io` when it is of a kind that cannot be waited
  /// for.
  Result<std::unique_ptr<Watch>> watch(int descriptor, Interest interest,
                                       std::function<void()> ready);

  /// Calls back once, unless it is destroyed before.
  class Timer {
   public:
    ~Timer();
    Timer(const Timer&) = delete;
    Timer& operator=(const Timer&) = delete;

   private:
    friend class EventLoop;
    struct State;
    explicit Timer(State* state) : state_(state) {}
    State* const state_;  // freed by the loop, once it has let go of it
  };
  std::unique_ptr<Timer> start_timer(std::chrono::milliseconds delay,
                                     std::function<void()> expired);

 private:
  struct Core;
  EventLoop();

  const std::unique_ptr<Core> core_;
};

}  // namespace isopod::os
