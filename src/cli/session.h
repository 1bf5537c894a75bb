// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/json.h"
#include "cli/invocation.h"
#include "cli/log_lines.h"
#include "cli/scripted_answers.h"
#include "cli/terminal.h"
#include "cli/terminal_prompts.h"
#include "cli/workspace.h"
#include "isopod/host.h"

namespace isopod::cli {

/// A host with everything a command needs around it: the workspace, the terminals, the log, who
/// answers prompts. Made once per run of a command.
class Session {
 public:
  enum class Person { kAsked, kAbsent };
  /// Ends the host's work first, then who answers prompts, then the host: a prompt that is
  /// dismissed at the end still answers into a host that is there.
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  static Result<std::unique_ptr<Session>> start(const Invocation& invocation, Person person);

  /// Loads the extensions named on the command line, or the discovered ones.
  Result<> load_extensions(const Invocation& invocation);

  Host& host() { return *host_; }
  const Terminal& out() const { return out_; }
  const Terminal& err() const { return err_; }
  [[nodiscard]] std::string profile() const {
    return workspace_->settings().word(settings::Key::kPolicy);
  }
  /// What prompted or was shown, as `run --json` lists it.
  [[nodiscard]] Json ui_record() const;

 private:
  Session(const Invocation& invocation, std::unique_ptr<Workspace> workspace);

  std::unique_ptr<Workspace> workspace_;
  Terminal out_;
  Terminal err_;
  LogLines log_;
  std::unique_ptr<ScriptedAnswers> scripted_;
  std::unique_ptr<TerminalPrompts> prompts_;
  std::unique_ptr<Host> host_;
};

}  // namespace isopod::cli
