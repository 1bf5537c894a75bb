// SPDX-License-Identifier: MIT
#pragma once

#include "base/log.h"
#include "hostcall/connector.h"

namespace isopod::hostcall {

/// `log.write {level, text}`: a line for people, marked with the extension's id, without anything
/// that could drive a terminal. Levels are error, warn, info, debug; anything else counts as info.
/// Maturity: stable. Posture: any text.
class LogConnector final : public Connector {
 public:
  explicit LogConnector(LogSink& sink) : sink_(sink) {}
  [[nodiscard]] std::string_view name() const override { return "log"; }
  void start(const Caller& caller, const protocol::Hostcall& call, Completion completion) override;

 private:
  LogSink& sink_;
};

}  // namespace isopod::hostcall
