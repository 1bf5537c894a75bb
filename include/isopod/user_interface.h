// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace isopod {

/// What an extension wants to ask a person. Texts are the extension's own and may hold any
/// characters; whoever shows them says which extension asks and lets no terminal control through.
struct Prompt {
  enum class Kind { kSelect, kConfirm, kInput, kEditor };
  Kind kind = Kind::kConfirm;
  std::string extension;
  std::string title;
  std::string message;  ///< confirm: the question; input: the placeholder; editor: the prefill
  std::vector<std::string> options;  ///< select only
};

/// What a person answered. Nothing was answered when `given` is false: the prompt was dismissed.
struct PromptAnswer {
  bool given = false;
  bool confirmed = false;  ///< confirm
  std::string text;        ///< select: one of the options; input, editor: the text
};

/// Something an extension shows without asking.
struct Notice {
  std::string extension;
  std::string method;  ///< "notify", "setStatus", "setTitle", "setWidget" or "setEditorText"
  std::string json;    ///< the arguments, one JSON object
};

/// How a host reaches a person; an embedder implements it. Both functions are called on a host
/// thread, one call at a time, and must return soon: `ask` keeps `answer` and calls it once, later,
/// on any thread.
class UserInterface {
 public:
  virtual ~UserInterface() = default;
  virtual void ask(const Prompt& prompt, std::function<void(PromptAnswer)> answer) = 0;
  virtual void show(const Notice& notice) = 0;
};

}  // namespace isopod
