// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

#include "hostcall/connector.h"
#include "protocol/session_store.h"

namespace isopod::hostcall {

/// `session.*` on the session of the host. Maturity: alpha. Posture: any data.
class SessionConnector final : public Connector {
 public:
  explicit SessionConnector(protocol::SessionStore& session) : session_(session) {}
  [[nodiscard]] std::string_view name() const override { return "session"; }
  void start(const Caller& caller, const protocol::Hostcall& call, Completion completion) override;

 private:
  Result<Json> carry_out(const protocol::Hostcall& call);

  protocol::SessionStore& session_;
};

}  // namespace isopod::hostcall
