// SPDX-License-Identifier: MIT
#include "reactor/compat_lane.h"

#include <fmt/format.h>

#include <string>
#include <utility>

#include "base/check.h"
#include "protocol/compat_codec.h"

namespace isopod::reactor {

using protocol::Answer;
using protocol::Cancel;
using protocol::Hostcall;
using protocol::Outcome;
using protocol::Reply;
using protocol::Report;
using protocol::Request;
using protocol::Status;
using protocol::Stop;
using protocol::Stopped;
using protocol::ToHost;
using protocol::ToIsolate;

namespace {

Error too_large(std::size_t bytes, std::size_t bytes_max) {
  return {Code::kPayloadTooLarge,
          fmt::format(
              "a message of {} bytes is larger than the limit of {} KiB (ext.limits.payload_kb)",
              bytes, bytes_max >> 10),
          {},
          {}};
}

Error too_many_bytes(std::size_t bytes_max) {
  return {Code::kPayloadTooLarge,
          fmt::format("the result was dropped: {} MiB of results wait for the extension already; "
                      "ask for less at once",
                      bytes_max >> 20),
          {},
          {}};
}

}  // namespace

CompatLane::CompatLane(CompatLaneOptions options, std::function<void()> ring)
    : options_(options),
      ring_(std::move(ring)),
      calls_({options.in_flight_max, options.queued_bytes_max}),
      replies_({options.requests_max, options.queued_bytes_max}) {}

void CompatLane::to_host(std::string text) {
  calls_.push_reserved(std::move(text));
  ring_();
}

Result<> CompatLane::submit(const Hostcall& call) {
  if (refusing_.load(std::memory_order_relaxed)) {
    refused_shutting_down_.fetch_add(1, std::memory_order_relaxed);
    return fail(Code::kShuttingDown, "the host is shutting down and takes no new calls");
  }
  if (in_flight_ >= options_.in_flight_max) {
    refused_backpressure_.fetch_add(1, std::memory_order_relaxed);
    return fail(
        Code::kBackpressure,
        fmt::format("{} calls are in flight, the most that is allowed; wait for some to end and "
                    "try again",
                    in_flight_));
  }
  std::string text = protocol::compat::encode(ToHost(call));
  const std::size_t bytes = text.size();
  if (bytes > options_.payload_bytes_max) {
    refused_too_large_.fetch_add(1, std::memory_order_relaxed);
    return fail(too_large(bytes, options_.payload_bytes_max));
  }
  if (calls_.push(text) == BoundedQueue::Push::kFull) {
    refused_backpressure_.fetch_add(1, std::memory_order_relaxed);
    return fail(Code::kBackpressure,
                "the lane to the host is full; wait for calls to end and try again");
  }
  ++in_flight_;
  ring_();
  return {};
}

void CompatLane::tell(const Answer& answer) {
  std::string text = protocol::compat::encode(ToHost(answer));
  if (text.size() > options_.payload_bytes_max) {
    const Error error = too_large(text.size(), options_.payload_bytes_max);
    text = protocol::compat::encode(ToHost(Answer{answer.request, fail(error)}));
  }
  to_host(std::move(text));
}

void CompatLane::tell(const Report& report) { to_host(protocol::compat::encode(ToHost(report))); }

void CompatLane::tell(const Stopped& stopped) {
  to_host(protocol::compat::encode(ToHost(stopped)));
}

std::optional<ToIsolate> CompatLane::take(MonotonicTime deadline) {
  std::optional<std::string> text = replies_.pop(deadline);
  if (!text) return std::nullopt;
  Result<ToIsolate> message = protocol::compat::decode_to_isolate(*text);
  ISOPOD_CHECK(message.has_value(), "the host encodes what it sends with the same codec");
  if (std::holds_alternative<Reply>(*message)) {
    --in_flight_;
    reply_bytes_.fetch_sub(text->size(), std::memory_order_relaxed);
  }
  if (std::holds_alternative<Request>(*message)) {
    requests_waiting_.fetch_sub(1, std::memory_order_relaxed);
  }
  return *std::move(message);
}

std::optional<Result<ToHost>> CompatLane::poll() {
  std::optional<std::string> text = calls_.try_pop();
  if (!text) return std::nullopt;
  return protocol::compat::decode_to_host(*text);
}

Result<> CompatLane::send(const Request& request) {
  std::string text = protocol::compat::encode(ToIsolate(request));
  if (text.size() > options_.payload_bytes_max) {
    return fail(too_large(text.size(), options_.payload_bytes_max));
  }
  if (requests_waiting_.load(std::memory_order_relaxed) >= options_.requests_max) {
    return fail(Code::kBackpressure,
                "the extension is too far behind with earlier requests; try again later");
  }
  requests_waiting_.fetch_add(1, std::memory_order_relaxed);
  replies_.push_reserved(std::move(text));
  return {};
}

void CompatLane::send(const Reply& reply) {
  std::string text = protocol::compat::encode(ToIsolate(reply));
  if (text.size() > options_.payload_bytes_max) {
    const Outcome outcome = Outcome::failed(too_large(text.size(), options_.payload_bytes_max));
    text = protocol::compat::encode(ToIsolate(Reply{reply.number, outcome}));
  }
  const std::size_t waiting = reply_bytes_.load(std::memory_order_relaxed);
  if (waiting > 0 && waiting + text.size() > options_.reply_bytes_max) {
    const Outcome outcome = Outcome::failed(too_many_bytes(options_.reply_bytes_max));
    text = protocol::compat::encode(ToIsolate(Reply{reply.number, outcome}));
  }
  reply_bytes_.fetch_add(text.size(), std::memory_order_relaxed);
  replies_.push_reserved(std::move(text));
}

void CompatLane::send(const Cancel& cancel) {
  replies_.push_reserved(protocol::compat::encode(ToIsolate(cancel)));
}

void CompatLane::send(const Stop& stop) {
  replies_.push_reserved(protocol::compat::encode(ToIsolate(stop)));
}

Refusals CompatLane::refusals() const {
  return {refused_backpressure_.load(std::memory_order_relaxed),
          refused_too_large_.load(std::memory_order_relaxed),
          refused_shutting_down_.load(std::memory_order_relaxed)};
}

}  // namespace isopod::reactor
