// SPDX-License-Identifier: MIT
#include "isolate/hostcalls.h"

#include <array>
#include <utility>

#include "engine/exception.h"

namespace isopod::isolate {

using engine::Context;
using engine::Deferred;
using engine::Value;
using protocol::Hostcall;
using protocol::Outcome;
using protocol::Reply;
using protocol::Status;
using protocol::Stop;
using protocol::ToIsolate;

Result<Value> Hostcalls::error_for(Context& context, const Outcome& outcome) {
  if (error_factory_.is_undefined()) {
    return Value(context,
                 engine::make_error_object(context, {outcome.code, outcome.message, {}, {}}));
  }
  const Json described = {{"status", to_string(outcome.status)},
                          {"code", to_string(outcome.code)},
                          {"message", outcome.message}};
  Result<Value> argument = context.from_json(dump_json(described));
  if (!argument) return argument;
  return context.call(error_factory_, std::span<const Value>(&*argument, 1));
}

Result<Value> Hostcalls::start(Context& context, Call call) {
  Result<Deferred> deferred = context.deferred();
  if (!deferred) return fail(std::move(deferred.error()));
  const std::uint64_t number = issued_ + 1;
  Result<> submitted = port_.submit({number, call.opcode, std::move(call.arguments), call.cause});
  if (submitted) {
    issued_ = number;
    pending_.emplace(number, Pending{std::move(deferred->resolve), std::move(deferred->reject)});
    return std::move(deferred->promise);
  }
  Result<Value> error = error_for(context, Outcome::failed(submitted.error()));
  if (!error) return error;
  Result<> rejected = context.settle(deferred->reject, *std::move(error));
  if (!rejected) return fail(std::move(rejected.error()));
  return std::move(deferred->promise);
}

Result<Outcome> Hostcalls::wait(Call call) {
  const std::uint64_t number = issued_ + 1;
  Result<> submitted = port_.submit({number, call.opcode, std::move(call.arguments), call.cause});
  if (!submitted) return Outcome::failed(submitted.error());
  issued_ = number;
  const MonotonicTime before = clock_.monotonic();
  Result<Outcome> outcome = wait_for(number);
  waited_(clock_.monotonic() - before);
  return outcome;
}

Result<Outcome> Hostcalls::wait_for(std::uint64_t number) {
  for (;;) {
    std::optional<ToIsolate> message = port_.take(MonotonicTime::max());
    if (!message) continue;
    if (auto* reply = std::get_if<Reply>(&*message); reply != nullptr && reply->number == number) {
      return std::move(reply->outcome);
    }
    const bool stop = std::holds_alternative<Stop>(*message);
    set_aside_.push_back(*std::move(message));
    if (stop) {
      runtime_.request_stop();
      return fail(Code::kCancelled, "the extension was stopped");
    }
  }
}

void Hostcalls::deliver(Context& context, const Reply& reply) {
  const auto found = pending_.find(reply.number);
  // A reply to a call that nobody waits for any more carries nothing to do.
  if (found == pending_.end()) return;
  Pending pending = std::move(found->second);
  pending_.erase(found);
  const Outcome& outcome = reply.outcome;
  const bool ok = outcome.status == Status::kOk;
  Result<Value> with =
      ok ? context.from_json(dump_json(outcome.value)) : error_for(context, outcome);
  // Settling fails only when the runtime has faulted, which the loop sees by itself.
  if (with)
    static_cast<void>(context.settle(ok ? pending.resolve : pending.reject, *std::move(with)));
}

std::optional<ToIsolate> Hostcalls::next(MonotonicTime deadline) {
  if (set_aside_.empty()) return port_.take(deadline);
  ToIsolate message = std::move(set_aside_.front());
  set_aside_.pop_front();
  return message;
}

void Hostcalls::release() {
  pending_.clear();
  error_factory_ = Value();
}

}  // namespace isopod::isolate
