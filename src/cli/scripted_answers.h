// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <string_view>

#include "base/json.h"
#include "isopod/result.h"
#include "isopod/user_interface.h"

namespace isopod::cli {

/// Answers prompts from `--answers`: {"select":[text or index],"confirm":[bool],"input":[text],
/// "editor":[text]}, each list consumed in order; an exhausted one dismisses. Remembers what was
/// asked and shown. Any thread.
class ScriptedAnswers final : public UserInterface {
 public:
  /// `text` is JSON or the name of a file that holds it. Errors: `usage`.
  static Result<std::unique_ptr<ScriptedAnswers>> make(const std::string& text);

  void ask(const Prompt& prompt, std::function<void(PromptAnswer)> answer) override;
  void show(const Notice& notice) override;

  /// What was asked and shown, in order: [{"method", ...}].
  [[nodiscard]] Json record() const;

 private:
  explicit ScriptedAnswers(Json answers) : answers_(std::move(answers)) {}
  PromptAnswer next_answer(const Prompt& prompt);

  const Json answers_;
  mutable std::mutex mutex_;  // guards the rest
  std::map<std::string, std::size_t> used_;
  Json record_ = Json::array();
};

/// One prompt or notice as `run --json` lists it.
Json describe(const Prompt& prompt);
Json describe(const Notice& notice);
std::string_view method_of(Prompt::Kind kind);

}  // namespace isopod::cli
