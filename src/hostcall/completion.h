// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <utility>

#include "protocol/message.h"

namespace isopod::hostcall {

/// The duty to end one hostcall, exactly once. Move-only; whoever holds it last decides the
/// outcome, and one that is dropped ends the call with `error/internal`, so that no isolate ever
/// waits for nothing. May be completed on any thread.
class Completion {
 public:
  using Deliver = std::function<void(protocol::Outcome)>;

  explicit Completion(Deliver deliver) : deliver_(std::move(deliver)) {}
  ~Completion() {
    if (deliver_)
      finish(protocol::Outcome::failed({Code::kInternal, "the host dropped the call", {}, {}}));
  }
  Completion(Completion&& other) noexcept : deliver_(std::exchange(other.deliver_, nullptr)) {}
  Completion& operator=(Completion&&) = delete;
  Completion(const Completion&) = delete;

  void ok(Json value = nullptr) && { finish(protocol::Outcome::ok(std::move(value))); }
  void failed(const Error& error) && { finish(protocol::Outcome::failed(error)); }

 private:
  void finish(protocol::Outcome outcome) { std::exchange(deliver_, nullptr)(std::move(outcome)); }

  Deliver deliver_;
};

}  // namespace isopod::hostcall
