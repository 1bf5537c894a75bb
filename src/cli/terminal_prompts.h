// SPDX-License-Identifier: MIT
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <utility>

#include "base/json.h"
#include "cli/terminal.h"
#include "isopod/user_interface.h"
#include "os/thread.h"

namespace isopod::cli {

/// Asks the person at the terminal, one prompt at a time, on a thread of its own. Each prompt names
/// its extension; of the extension's text only colours reach the terminal. An empty line, or the
/// end of input, dismisses.
class TerminalPrompts final : public UserInterface {
 public:
  static Result<std::unique_ptr<TerminalPrompts>> start(const Terminal& terminal);
  ~TerminalPrompts() override;

  void ask(const Prompt& prompt, std::function<void(PromptAnswer)> answer) override;
  void show(const Notice& notice) override;

  [[nodiscard]] Json record() const;

 private:
  struct Question {
    Prompt prompt;
    std::function<void(PromptAnswer)> answer;
  };
  explicit TerminalPrompts(const Terminal& terminal) : terminal_(terminal) {}
  void run();
  PromptAnswer put(const Prompt& prompt);

  const Terminal& terminal_;
  mutable std::mutex mutex_;  // guards the rest but thread_
  std::condition_variable asked_;
  std::deque<Question> questions_;
  Json record_ = Json::array();
  bool stopping_ = false;
  os::Thread thread_;
};

}  // namespace isopod::cli
