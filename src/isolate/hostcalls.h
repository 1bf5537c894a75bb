// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <utility>

#include "engine/context.h"
#include "protocol/port.h"

namespace isopod::isolate {

/// The promise bridge: numbers an isolate's hostcalls, keeps their promises until the replies come,
/// and lets synchronous calls wait. Everything the isolate receives comes through `next`, because a
/// synchronous call may take messages meant for later. Single-threaded; holds values: `release`
/// first.
class Hostcalls {
 public:
  /// `waited` is told how long each synchronous call waited: that time is not JavaScript running.
  using Waited = std::function<void(MonotonicTime::duration)>;
  Hostcalls(protocol::IsolatePort& port, engine::Runtime& runtime, const Clock& clock,
            Waited waited)
      : port_(port), runtime_(runtime), clock_(clock), waited_(std::move(waited)) {}

  /// How outcomes other than `ok` become what JavaScript throws.
  void set_error_factory(engine::Value factory) { error_factory_ = std::move(factory); }

  struct Call {
    protocol::Opcode opcode;
    Json arguments;
    std::uint64_t cause = 0;
  };
  /// Issues a call; the promise settles with its outcome. A refused call rejects at once.
  Result<engine::Value> start(engine::Context& context, Call call);

  /// Issues a call and waits for its outcome. Errors: only that the isolate was told to stop
  /// meanwhile.
  Result<protocol::Outcome> wait(Call call);

  /// Settles the promise of a reply.
  void deliver(engine::Context& context, const protocol::Reply& reply);

  /// The error object for an outcome that is not `ok`.
  Result<engine::Value> error_for(engine::Context& context, const protocol::Outcome& outcome);

  /// The next message for the isolate.
  std::optional<protocol::ToIsolate> next(MonotonicTime deadline);

  void release();

 private:
  Result<protocol::Outcome> wait_for(std::uint64_t number);

  struct Pending {
    engine::Value resolve;
    engine::Value reject;
  };

  protocol::IsolatePort& port_;
  engine::Runtime& runtime_;
  const Clock& clock_;
  const Waited waited_;
  std::uint64_t issued_ = 0;
  std::map<std::uint64_t, Pending> pending_;
  std::deque<protocol::ToIsolate> set_aside_;
  engine::Value error_factory_;
};

}  // namespace isopod::isolate
