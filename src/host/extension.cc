// SPDX-License-Identifier: MIT
#include "host/extension.h"

#include <fmt/format.h>

#include <atomic>
#include <utility>
#include <variant>

#include "protocol/opcode.h"

namespace isopod::host {

using protocol::Answer;
using protocol::Hostcall;
using protocol::Outcome;
using protocol::Report;
using protocol::Stopped;

namespace {

/// Time does not count against a request while one of these is in flight for it: a person thinks, a
/// child or a server works. For work that belongs to no request in particular only a person counts:
/// a child that runs for ever would otherwise give every request for ever.
bool stops_the_clock(const Hostcall& call) {
  const std::string_view connector = protocol::connector_of(call.opcode);
  if (connector == "ui") return true;
  return call.cause != 0 && (connector == "exec" || connector == "http" || connector == "tool");
}

std::uint64_t next_instance() {
  // Only the numbers have to differ: relaxed.
  static std::atomic<std::uint64_t> last{0};
  return last.fetch_add(1, std::memory_order_relaxed) + 1;
}

template <class... Handlers>
struct Overloaded : Handlers... {
  using Handlers::operator()...;
};

}  // namespace

Extension::Extension(Entry entry, Services services)
    : entry_(std::move(entry)),
      caller_{entry_.id, entry_.package_root, entry_.id + "#" + std::to_string(next_instance())},
      services_(std::move(services)),
      requests_(std::make_shared<RequestTable>(services_.clock)) {}

Result<std::unique_ptr<Extension>> Extension::start(const Entry& entry,
                                                    const ExtensionLimits& limits,
                                                    isolate::Options options, Services services) {
  auto extension = std::unique_ptr<Extension>(new Extension(entry, std::move(services)));
  const reactor::CompatLaneOptions lane = {.in_flight_max = limits.pending_calls,
                                           .payload_bytes_max = limits.payload_bytes};
  extension->lane_ = extension->services_.shard.add(
      lane, [self = extension.get()](Result<protocol::ToHost> message) {
        self->on_message(std::move(message));
      });
  auto isolate = isolate::Isolate::start(std::move(options), extension->lane_);
  if (!isolate) return fail(std::move(isolate.error()));
  {
    const std::lock_guard lock(extension->mutex_);
    extension->isolate_ = *std::move(isolate);
  }
  return extension;
}

Extension::~Extension() { stop(); }

void Extension::stop() {
  if (stopped_.exchange(true)) return;
  std::unique_ptr<isolate::Isolate> isolate;
  {
    const std::lock_guard lock(mutex_);
    isolate = std::move(isolate_);
  }
  if (isolate) {
    isolate->interrupt();
    lane_->send(protocol::Stop{});
    isolate.reset();
  }
  // What it said last is heard before its lane goes.
  services_.shard.remove(lane_);
  services_.dispatcher.release(caller_);
  requests_->close({Code::kCancelled, "the extension was stopped", {}, {}});
  counters_->cancel_the_rest();
}

std::optional<Error> Extension::fault() const {
  const std::lock_guard lock(mutex_);
  return fault_;
}

hostcall::Counts Extension::counts() const {
  hostcall::Counts counts = counters_->snapshot();
  const reactor::Refusals refused = lane_->refusals();
  const std::uint64_t denied = refused.backpressure + refused.shutting_down;
  counts.issued += denied + refused.payload_too_large;
  counts.compat += denied + refused.payload_too_large;
  counts.denied += denied;
  counts.error += refused.payload_too_large;
  const auto add = [&](Code code, std::uint64_t count) {
    if (count > 0) counts.by_code[std::string(to_string(code))] += count;
  };
  add(Code::kBackpressure, refused.backpressure);
  add(Code::kShuttingDown, refused.shutting_down);
  add(Code::kPayloadTooLarge, refused.payload_too_large);
  return counts;
}

// ---- the caller's side ----

Result<Json> Extension::request(Work work) {
  Result<std::uint64_t> id = requests_->open(work.time);
  if (!id) return fail(std::move(id.error()));
  Result<> sent = lane_->send(protocol::Request{*id, work.kind, std::move(work.payload)});
  if (!sent) requests_->answer(*id, fail(sent.error()));
  std::optional<MonotonicTime> end;
  if (work.at_most) end = services_.clock.monotonic() + *work.at_most;
  std::optional<Result<Json>> value = requests_->wait(*id, end);
  if (value) return *std::move(value);
  lane_->send(protocol::Cancel{*id});
  return fail(Code::kTimeout, fmt::format("{} of {} did not finish within {} ms ({})", work.what,
                                          entry_.id, work.time.count(), work.setting));
}

void Extension::post(std::string kind, Json payload) {
  const Result<std::uint64_t> id = requests_->unattended();
  if (!id) return;
  if (Result<> sent = lane_->send(protocol::Request{*id, kind, std::move(payload)}); !sent) {
    Error error = std::move(sent.error());
    error.message = "a " + kind + " was lost: " + error.message;
    services_.report(entry_.id, error);
  }
}

// ---- the shard's side ----

void Extension::on_message(Result<protocol::ToHost> message) {
  if (!message) {
    // Nothing but a broken isolate sends such text; what it may do next is anyone's guess.
    {
      const std::lock_guard lock(mutex_);
      if (isolate_) isolate_->interrupt();
    }
    on_stopped(Error{Code::kFaulted,
                     "the isolate sent a message that is none: " + message.error().message,
                     {},
                     {}});
    return;
  }
  std::visit(
      Overloaded{
          [this](const Hostcall& call) { on_hostcall(call); },
          [this](Answer& answer) { requests_->answer(answer.request, std::move(answer.value)); },
          [this](const Report& report) { services_.report(entry_.id, report.error); },
          [this](const Stopped& stopped) { on_stopped(stopped.error); },
      },
      *message);
}

void Extension::on_hostcall(const Hostcall& call) {
  const bool pauses = stops_the_clock(call);
  if (pauses) requests_->pause(call.cause);
  services_.dispatcher.dispatch(
      {.caller = caller_, .lane = hostcall::Lane::kCompat, .counters = counters_}, call,
      [lane = lane_, requests = requests_, number = call.number, cause = call.cause,
       pauses](Outcome outcome) {
        if (pauses) requests->resume(cause);
        lane->send(protocol::Reply{number, std::move(outcome)});
      });
}

void Extension::on_stopped(const std::optional<Error>& error) {
  if (error) {
    const std::lock_guard lock(mutex_);
    if (!fault_) fault_ = error;
  }
  requests_->close(gone());
  counters_->cancel_the_rest();
}

Error Extension::gone() const {
  const std::optional<Error> why = fault();
  if (!why) return {Code::kCancelled, "the extension was stopped", {}, {}};
  return {Code::kFaulted,
          "the extension " + entry_.id + " was ended after a fault: " + why->message,
          why->where,
          {}};
}

}  // namespace isopod::host
