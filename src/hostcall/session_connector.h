// SPDX-License-Identifier: MIT
#pragma once

#include <mutex>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/random.h"
#include "hostcall/connector.h"

namespace isopod::hostcall {

/// The session an agent would keep, in memory: an append-only list of entries, each the child of
/// the one before, in the shape of pi's session entries. Any thread.
class MemorySession {
 public:
  MemorySession(const Clock& clock, Random& random) : clock_(clock), random_(random) {}

  /// Appends `fields` as an entry of `type` and returns its id. Errors: `quota` when the session
  /// would hold more than kBytesMax.
  Result<std::string> append(std::string_view type, Json fields);
  [[nodiscard]] Json entries() const;
  [[nodiscard]] bool has_entry(const std::string& id) const;
  [[nodiscard]] Json name() const;  ///< null until it is set
  Result<> set_name(const std::string& name);

  static constexpr std::size_t kBytesMax = std::size_t{64} << 20;

 private:
  const Clock& clock_;
  Random& random_;
  mutable std::mutex mutex_;  // guards the rest
  Json entries_ = Json::array();
  Json name_ = nullptr;
  std::size_t bytes_ = 0;
};

/// `session.*` on a MemorySession. Maturity: alpha (sessions on disk come later). Posture: any
/// data.
class SessionConnector final : public Connector {
 public:
  explicit SessionConnector(MemorySession& session) : session_(session) {}
  [[nodiscard]] std::string_view name() const override { return "session"; }
  void start(const Caller& caller, const protocol::Hostcall& call, Completion completion) override;

 private:
  Result<Json> carry_out(const protocol::Hostcall& call);

  MemorySession& session_;
};

}  // namespace isopod::hostcall
