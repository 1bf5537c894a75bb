// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "base/json.h"
#include "isopod/agent.h"
#include "registry/active_tools.h"

namespace isopod::registry {

/// The agent of a host that has none: answers as pi does when no model is configured. It keeps the
/// list of active tools and writes messages into the session; whatever needs a model fails and says
/// so. Maturity: beta. Posture: arguments of any shape.
class HeadlessAgent final : public Agent {
 public:
  /// What becomes of the session.
  struct SessionChange {
    std::string reason;         ///< pi's word: "new", "resume", "fork" or "reload"
    std::string extension;      ///< who asked
    std::string entry = {};     ///< of a fork
    std::string position = {};  ///< of a fork: "before" or "at" the entry
    std::string path = {};      ///< of a resume: the session's file
  };
  /// What it needs of its host. All may block, and are called in background work only, but for
  /// `tools`.
  struct Services {
    /// The tools that extensions registered: [{"name", "exposure", "defaultActive", ...}]. Quick.
    std::function<Json()> tools;
    /// Appends an entry to the session.
    std::function<Result<>(std::string_view type, Json fields)> append;
    /// Fires an event; the value is {"result", "event", "errors"}.
    std::function<Json(const std::string& type, Json event)> emit;
    /// Runs "/name arguments"; whether there is such a command.
    std::function<bool(const std::string& text)> run_command;
    /// Ends the session and begins another, or reloads.
    std::function<Result<>(const SessionChange& change)> switch_session;
    /// Makes an entry the leaf of the session. Quick.
    std::function<Result<>(const std::string& entry)> move_leaf;
    std::function<std::optional<std::string>()> leaf;
    /// Runs work in the background.
    std::function<Result<>(std::function<void()> work)> later;
  };
  explicit HeadlessAgent(Services services) : services_(std::move(services)) {}

  [[nodiscard]] std::string state_json() override;
  void act(const AgentAction& action, Answer answer) override;

 private:
  Result<Json> carry_out(const AgentAction& action, const Json& arguments);
  Result<> keep_message(const Json& arguments);
  Result<Json> announce_message(const Json& arguments);
  Result<Json> send_user_message(const Json& arguments);
  Result<Json> set_active_tools(const Json& arguments);
  Result<Json> navigate(const Json& arguments);
  Result<Json> switch_session(const AgentAction& action, const Json& arguments);
  /// Asks the handlers of a "session_before_*" event; whether one cancelled.
  bool cancelled(const std::string& type, Json event);

  const Services services_;
  ActiveTools active_tools_{{"read", "bash", "edit", "write"}};
};

}  // namespace isopod::registry
