// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>

#include "protocol/port.h"
#include "reactor/bounded_queue.h"

namespace isopod::reactor {

struct CompatLaneOptions {
  std::size_t in_flight_max = 4096;  ///< hostcalls issued and not yet replied to
  std::size_t requests_max = 1024;   ///< requests the isolate has not taken yet
  std::size_t payload_bytes_max = std::size_t{16} << 20;  ///< one message
  std::size_t queued_bytes_max = std::size_t{64} << 20;   ///< all waiting hostcalls
  std::size_t reply_bytes_max = std::size_t{64} << 20;    ///< all replies not yet taken
};

/// What the lane refused before the host saw it. These calls count as issued and ended.
struct Refusals {
  std::uint64_t backpressure = 0;
  std::uint64_t payload_too_large = 0;
  std::uint64_t shutting_down = 0;
};

/// The compat lane of one isolate, both directions: every message as JSON text through a bounded
/// queue. The isolate's thread uses the IsolatePort half, one host thread the other; nothing but
/// text crosses.
class CompatLane final : public protocol::IsolatePort {
 public:
  /// `ring` is called, on the isolate's thread, after each message to the host. It must not block.
  CompatLane(CompatLaneOptions options, std::function<void()> ring);

  // ---- the isolate's end ----
  Result<> submit(const protocol::Hostcall& call) override;
  void tell(const protocol::Answer& answer) override;
  void tell(const protocol::Report& report) override;
  void tell(const protocol::Stopped& stopped) override;
  std::optional<protocol::ToIsolate> take(MonotonicTime deadline) override;

  // ---- the host's end ----
  /// The next message of the isolate, if one waits. Errors: text that is no message.
  std::optional<Result<protocol::ToHost>> poll();
  /// Errors: `backpressure` when the isolate is too far behind, `payload_too_large`.
  Result<> send(const protocol::Request& request);
  /// Never refused: replies are bounded by the calls in flight. A value over the size limit, or one
  /// that does not fit beside the replies the isolate has not taken, arrives as an error.
  void send(const protocol::Reply& reply);
  void send(const protocol::Cancel& cancel);
  void send(const protocol::Stop& stop);
  /// From now on every hostcall is refused with `shutting_down`.
  void refuse_calls() { refusing_.store(true, std::memory_order_relaxed); }

  // ---- figures, any thread ----
  [[nodiscard]] Refusals refusals() const;
  [[nodiscard]] BoundedQueue::Depth depth() const { return calls_.depth(); }

 private:
  void to_host(std::string text);

  const CompatLaneOptions options_;
  const std::function<void()> ring_;
  BoundedQueue calls_;
  BoundedQueue replies_;
  std::uint64_t in_flight_ = 0;  // the isolate's thread only
  // Requests have a bound of their own: replies that wait beside them must not keep work out.
  // Relaxed: a count compared with a bound, it orders nothing.
  std::atomic<std::size_t> requests_waiting_{0};
  std::atomic<std::size_t> reply_bytes_{0};  // the same
  // Figures and a switch that order nothing else: relaxed.
  std::atomic<std::uint64_t> refused_backpressure_{0};
  std::atomic<std::uint64_t> refused_too_large_{0};
  std::atomic<std::uint64_t> refused_shutting_down_{0};
  std::atomic<bool> refusing_{false};
};

}  // namespace isopod::reactor
