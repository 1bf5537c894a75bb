// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <memory>

#include "isolate/options.h"
#include "isopod/result.h"
#include "os/thread.h"
#include "protocol/port.h"

namespace isopod::isolate {

/// One extension alive: a thread of its own with a runtime, the prelude and a turn loop. It talks
/// to the host through its port only; this handle just starts and ends it. The last message on the
/// port is always `Stopped`.
class Isolate {
 public:
  /// The isolate boots on its own thread; a failed boot shows as `Stopped` with an error. `port` is
  /// shared with the thread, because a thread that hangs in the engine may outlive this handle.
  static Result<std::unique_ptr<Isolate>> start(Options options,
                                                std::shared_ptr<protocol::IsolatePort> port);

  /// Stops and waits `kPatience`. A thread that is still stuck in an uninterruptible built-in by
  /// then is left behind; it ends when the built-in returns.
  ~Isolate();
  Isolate(const Isolate&) = delete;
  Isolate& operator=(const Isolate&) = delete;

  /// Interrupts running JavaScript for good. The caller also sends `Stop` on the lane, which wakes
  /// a loop that waits. Any thread.
  void interrupt();

  /// Waits for the thread to end.
  os::Thread::Joined join_for(std::chrono::milliseconds patience);

  static constexpr std::chrono::milliseconds kPatience{2000};

 private:
  struct Control;
  Isolate(std::shared_ptr<Control> control, os::Thread thread);

  std::shared_ptr<Control> control_;
  os::Thread thread_;
};

}  // namespace isopod::isolate
