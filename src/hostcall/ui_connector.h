// SPDX-License-Identifier: MIT
#pragma once

#include "hostcall/connector.h"
#include "isopod/user_interface.h"

namespace isopod::hostcall {

/// `ui.*`: prompts and notices, handed to the host's user interface; without one every prompt
/// counts as dismissed. Maturity: stable. Posture: any text; the interface decides what a terminal
/// may see.
class UiConnector final : public Connector {
 public:
  /// `interface` may be null; borrowed.
  explicit UiConnector(UserInterface* interface) : interface_(interface) {}
  [[nodiscard]] std::string_view name() const override { return "ui"; }
  void start(const Caller& caller, const protocol::Hostcall& call, Completion completion) override;

 private:
  UserInterface* interface_;
};

}  // namespace isopod::hostcall
