// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <string>
#include <utility>

#include "hostcall/connector.h"

namespace isopod::hostcall {

/// `env.get {name}` and `env.list {}`: the host's environment as it was when the connector was
/// made, so that nothing the host does to it later leaks. Bytes that are no UTF-8 are replaced.
/// Maturity: stable. Posture: any name.
class EnvConnector final : public Connector {
 public:
  using Variables = std::map<std::string, std::string, std::less<>>;
  explicit EnvConnector(Variables variables) : variables_(std::move(variables)) {}
  /// The environment of this process. Not while another thread changes it.
  static Variables of_process();

  [[nodiscard]] std::string_view name() const override { return "env"; }
  void start(const Caller& caller, const protocol::Hostcall& call, Completion completion) override;

 private:
  const Variables variables_;
};

}  // namespace isopod::hostcall
