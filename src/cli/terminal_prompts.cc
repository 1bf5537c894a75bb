// SPDX-License-Identifier: MIT
#include "cli/terminal_prompts.h"

#include <poll.h>
#include <unistd.h>

#include <charconv>
#include <memory>
#include <optional>

#include "base/text.h"
#include "cli/scripted_answers.h"

namespace isopod::cli {
namespace {

/// How often a waiting read looks whether the program is ending.
constexpr int kLookMs = 100;

/// The thread may outlive its object by one read of the keyboard, so it is told to end through
/// this.
std::optional<std::string> read_line(const std::function<bool()>& stopping) {
  std::string line;
  for (;;) {
    pollfd input = {.fd = STDIN_FILENO, .events = POLLIN, .revents = 0};
    if (stopping()) return std::nullopt;
    if (poll(&input, 1, kLookMs) <= 0) continue;
    char byte = 0;
    if (read(STDIN_FILENO, &byte, 1) <= 0) return line.empty() ? std::nullopt : std::optional(line);
    if (byte == '\n') return line;
    line += byte;
  }
}

PromptAnswer answer_of(const Prompt& prompt, const std::string& line) {
  if (prompt.kind == Prompt::Kind::kConfirm) {
    return {.given = true, .confirmed = line == "y" || line == "Y" || line == "yes", .text = {}};
  }
  if (line.empty()) return {};
  if (prompt.kind != Prompt::Kind::kSelect)
    return {.given = true, .confirmed = false, .text = line};
  std::size_t number = 0;
  const auto parsed = std::from_chars(line.data(), line.data() + line.size(), number);
  if (parsed.ec != std::errc() || number < 1 || number > prompt.options.size()) return {};
  return {.given = true, .confirmed = false, .text = prompt.options[number - 1]};
}

}  // namespace

Result<std::unique_ptr<TerminalPrompts>> TerminalPrompts::start(const Terminal& terminal) {
  auto prompts = std::unique_ptr<TerminalPrompts>(new TerminalPrompts(terminal));
  auto thread =
      os::Thread::start({.name = "isopod-prompts"}, [self = prompts.get()] { self->run(); });
  if (!thread) return fail(std::move(thread.error()));
  prompts->thread_ = *std::move(thread);
  return prompts;
}

TerminalPrompts::~TerminalPrompts() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  asked_.notify_all();
  thread_.join();
}

void TerminalPrompts::ask(const Prompt& prompt, std::function<void(PromptAnswer)> answer) {
  const std::lock_guard lock(mutex_);
  record_.push_back(describe(prompt));
  questions_.push_back({prompt, std::move(answer)});
  asked_.notify_all();
}

void TerminalPrompts::show(const Notice& notice) {
  const Json described = describe(notice);
  if (notice.method == "notify") {
    const std::string text = printable(json_string(described, "message"), Sgr::kKeep);
    terminal_.write(terminal_.styled(Style::kBold, "[" + notice.extension + "]") + " " + text +
                    "\n");
  }
  const std::lock_guard lock(mutex_);
  record_.push_back(described);
}

Json TerminalPrompts::record() const {
  const std::lock_guard lock(mutex_);
  return record_;
}

void TerminalPrompts::run() {
  for (;;) {
    Question question;
    {
      std::unique_lock lock(mutex_);
      asked_.wait(lock, [this] { return stopping_ || !questions_.empty(); });
      if (stopping_) return;
      question = std::move(questions_.front());
      questions_.pop_front();
    }
    question.answer(put(question.prompt));
  }
}

PromptAnswer TerminalPrompts::put(const Prompt& prompt) {
  std::string text = terminal_.styled(Style::kBold, "[" + prompt.extension + "] ");
  text += printable(prompt.title, Sgr::kKeep) + "\n";
  const bool shows_message =
      prompt.kind == Prompt::Kind::kConfirm || prompt.kind == Prompt::Kind::kEditor;
  if (shows_message && !prompt.message.empty())
    text += printable(prompt.message, Sgr::kKeep) + "\n";
  for (std::size_t i = 0; i < prompt.options.size(); ++i) {
    text += "  " + std::to_string(i + 1) + ") " + printable(prompt.options[i], Sgr::kKeep) + "\n";
  }
  if (prompt.kind == Prompt::Kind::kConfirm) text += "[y/N] ";
  if (prompt.kind == Prompt::Kind::kInput && !prompt.message.empty()) {
    text += terminal_.styled(Style::kDim, "(" + printable(prompt.message, Sgr::kDrop) + ") ");
  }
  terminal_.write(text + "> ");
  const std::optional<std::string> line = read_line([this] {
    const std::lock_guard lock(mutex_);
    return stopping_;
  });
  return line ? answer_of(prompt, *line) : PromptAnswer{};
}

}  // namespace isopod::cli
