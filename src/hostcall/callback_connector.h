// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <string>
#include <utility>

#include "hostcall/connector.h"

namespace isopod::hostcall {

/// A namespace that another part of the host carries out at once, such as `registry.update`. The
/// function is called on the caller's shard and must not block.
class CallbackConnector final : public Connector {
 public:
  using CarryOut = std::function<Result<Json>(const Caller&, const protocol::Hostcall&)>;
  CallbackConnector(std::string name, CarryOut carry_out)
      : name_(std::move(name)), carry_out_(std::move(carry_out)) {}

  [[nodiscard]] std::string_view name() const override { return name_; }
  void start(const Caller& caller, const protocol::Hostcall& call, Completion completion) override {
    Result<Json> value = carry_out_(caller, call);
    if (!value) return std::move(completion).failed(value.error());
    std::move(completion).ok(*std::move(value));
  }

 private:
  const std::string name_;
  const CarryOut carry_out_;
};

}  // namespace isopod::hostcall
