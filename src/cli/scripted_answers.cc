// SPDX-License-Identifier: MIT
#include "cli/scripted_answers.h"

#include <array>
#include <memory>

#include "os/files.h"

namespace isopod::cli {
namespace {

constexpr std::size_t kAnswersBytesMax = std::size_t{1} << 20;
constexpr std::array kMethods = {"select", "confirm", "input", "editor"};

Result<> check(const Json& answers) {
  if (!answers.is_object()) return fail(Code::kUsage, "--answers takes a JSON object");
  for (const auto& [method, list] : answers.items()) {
    const bool known = std::find(kMethods.begin(), kMethods.end(), method) != kMethods.end();
    if (!known || !list.is_array()) {
      return fail(Code::kUsage,
                  "--answers takes lists named select, confirm, input and editor, not " + method);
    }
  }
  return {};
}

}  // namespace

std::string_view method_of(Prompt::Kind kind) { return kMethods[static_cast<std::size_t>(kind)]; }

Json describe(const Prompt& prompt) {
  Json entry = {
      {"method", method_of(prompt.kind)}, {"extension", prompt.extension}, {"title", prompt.title}};
  if (prompt.kind == Prompt::Kind::kSelect) entry["options"] = prompt.options;
  if (prompt.kind == Prompt::Kind::kConfirm) entry["message"] = prompt.message;
  if (prompt.kind == Prompt::Kind::kInput) entry["placeholder"] = prompt.message;
  if (prompt.kind == Prompt::Kind::kEditor) entry["prefill"] = prompt.message;
  return entry;
}

Json describe(const Notice& notice) {
  Json entry = {{"method", notice.method}, {"extension", notice.extension}};
  const Result<Json> arguments = parse_json(notice.json);
  if (!arguments || !arguments->is_object()) return entry;
  for (const auto& [name, value] : arguments->items()) {
    if (name != "method" && name != "extension") entry[name] = value;
  }
  return entry;
}

Result<std::unique_ptr<ScriptedAnswers>> ScriptedAnswers::make(const std::string& text) {
  std::string json = text;
  if (!text.starts_with('{')) {
    Result<std::string> file = os::read_file(text, kAnswersBytesMax);
    if (!file) return fail(Code::kUsage, "--answers: " + file.error().message);
    json = *std::move(file);
  }
  Result<Json> parsed = parse_json(json);
  if (!parsed) return fail(Code::kUsage, "--answers is " + parsed.error().message);
  if (Result<> checked = check(*parsed); !checked) return fail(checked.error());
  return std::unique_ptr<ScriptedAnswers>(new ScriptedAnswers(*std::move(parsed)));
}

PromptAnswer ScriptedAnswers::next_answer(const Prompt& prompt) {
  const std::string method(method_of(prompt.kind));
  const auto list = answers_.find(method);
  if (list == answers_.end() || used_[method] >= list->size()) return {};
  const Json& value = (*list)[used_[method]++];
  if (value.is_null()) return {};
  PromptAnswer answer{.given = true, .confirmed = false, .text = {}};
  if (prompt.kind == Prompt::Kind::kConfirm) {
    answer.confirmed = value.is_boolean() && value.get<bool>();
  } else if (value.is_string()) {
    answer.text = value.get<std::string>();
  } else if (value.is_number_unsigned() && value.get<std::size_t>() < prompt.options.size()) {
    answer.text = prompt.options[value.get<std::size_t>()];
  } else {
    answer.given = false;
  }
  return answer;
}

void ScriptedAnswers::ask(const Prompt& prompt, std::function<void(PromptAnswer)> answer) {
  PromptAnswer given;
  {
    const std::lock_guard lock(mutex_);
    record_.push_back(describe(prompt));
    given = next_answer(prompt);
  }
  answer(std::move(given));
}

void ScriptedAnswers::show(const Notice& notice) {
  const std::lock_guard lock(mutex_);
  record_.push_back(describe(notice));
}

Json ScriptedAnswers::record() const {
  const std::lock_guard lock(mutex_);
  return record_;
}

}  // namespace isopod::cli
