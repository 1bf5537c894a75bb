// SPDX-License-Identifier: MIT
#pragma once

#include <optional>

#include "base/clock.h"
#include "isopod/result.h"
#include "protocol/message.h"

namespace isopod::protocol {

/// An isolate's end of its lanes. The isolate's thread is the only caller. What lies behind decides
/// which lane a message takes; the isolate does not know.
class IsolatePort {
 public:
  virtual ~IsolatePort() = default;

  /// Hands a hostcall to the host, or refuses it at once: `backpressure` when a bound is reached,
  /// `payload_too_large`, `shutting_down`. A refused call is counted and gets no reply.
  virtual Result<> submit(const Hostcall& call) = 0;

  /// Hands over what is not a hostcall. Never refused for want of room: there is at most one answer
  /// for each request, and reports are bounded by the caller. An answer over the size limit arrives
  /// as its error.
  virtual void tell(const Answer& answer) = 0;
  virtual void tell(const Report& report) = 0;
  virtual void tell(const Stopped& stopped) = 0;

  /// The next message, waiting for one until `deadline`. Nothing when the deadline passed.
  virtual std::optional<ToIsolate> take(MonotonicTime deadline) = 0;
};

}  // namespace isopod::protocol
