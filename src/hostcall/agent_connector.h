// SPDX-License-Identifier: MIT
#pragma once

#include <functional>

#include "hostcall/connector.h"
#include "isopod/agent.h"

namespace isopod::hostcall {

/// `agent.state` and `agent.act`: the agent's half of pi's API, carried out by an embedder's Agent.
/// Maturity: beta. Posture: any arguments; the agent checks its own.
class AgentConnector final : public Connector {
 public:
  /// What the host adds to the agent's state: the tools and commands of extensions.
  using Offers = std::function<Json()>;
  /// `agent` is borrowed.
  AgentConnector(Agent& agent, Offers offers) : agent_(agent), offers_(std::move(offers)) {}
  [[nodiscard]] std::string_view name() const override { return "agent"; }
  void start(const Caller& caller, const protocol::Hostcall& call, Completion completion) override;

 private:
  [[nodiscard]] Result<Json> state(const Json& arguments) const;

  Agent& agent_;
  const Offers offers_;
};

}  // namespace isopod::hostcall
