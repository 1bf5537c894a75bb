// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <string>
#include <utility>

#include "hostcall/connector.h"

namespace isopod::hostcall {

/// A namespace that another part of the host carries out, such as `registry.update`. The function
/// is called on the caller's shard and must not block.
class CallbackConnector final : public Connector {
 public:
  using Start = std::function<void(const Caller&, const protocol::Hostcall&, Completion)>;
  CallbackConnector(std::string name, Start start)
      : name_(std::move(name)), start_(std::move(start)) {}

  /// For what is done at once.
  using CarryOut = std::function<Result<Json>(const Caller&, const protocol::Hostcall&)>;
  static Start at_once(CarryOut carry_out) {
    return [carry_out = std::move(carry_out)](const Caller& caller, const protocol::Hostcall& call,
                                              Completion completion) {
      Result<Json> value = carry_out(caller, call);
      if (!value) return std::move(completion).failed(value.error());
      std::move(completion).ok(*std::move(value));
    };
  }

  [[nodiscard]] std::string_view name() const override { return name_; }
  void start(const Caller& caller, const protocol::Hostcall& call, Completion completion) override {
    start_(caller, call, std::move(completion));
  }

 private:
  const std::string name_;
  const Start start_;
};

}  // namespace isopod::hostcall
