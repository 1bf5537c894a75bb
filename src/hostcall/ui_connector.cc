// SPDX-License-Identifier: MIT
#include "hostcall/ui_connector.h"

#include <memory>
#include <string>
#include <utility>

namespace isopod::hostcall {

using protocol::Hostcall;
using protocol::Opcode;

namespace {

Prompt prompt_of(const Caller& caller, const Hostcall& call) {
  const Json& arguments = call.arguments;
  Prompt prompt{Prompt::Kind::kConfirm, caller.extension, json_string(arguments, "title"), {}, {}};
  switch (call.opcode) {
    case Opcode::kUiSelect:
      prompt.kind = Prompt::Kind::kSelect;
      if (arguments.is_object() && arguments.contains("options") &&
          arguments["options"].is_array()) {
        for (const Json& option : arguments["options"]) {
          prompt.options.push_back(option.is_string() ? option.get<std::string>()
                                                      : dump_json(option));
        }
      }
      break;
    case Opcode::kUiInput:
      prompt.kind = Prompt::Kind::kInput;
      prompt.message = json_string(arguments, "placeholder");
      break;
    case Opcode::kUiEditor:
      prompt.kind = Prompt::Kind::kEditor;
      prompt.message = json_string(arguments, "prefill");
      break;
    default: prompt.message = json_string(arguments, "message"); break;
  }
  return prompt;
}

/// What pi calls it; "set" for what this version does not know.
std::string method_of(const Hostcall& call) {
  if (call.opcode == Opcode::kUiNotify) return "notify";
  const std::string what = json_string(call.arguments, "what");
  if (what == "status") return "setStatus";
  if (what == "title") return "setTitle";
  if (what == "widget") return "setWidget";
  if (what == "editor_text") return "setEditorText";
  return "set";
}

Json value_of(Prompt::Kind kind, const PromptAnswer& answer) {
  if (!answer.given) return nullptr;
  if (kind == Prompt::Kind::kConfirm) return answer.confirmed;
  return answer.text;
}

}  // namespace

void UiConnector::start(const Caller& caller, const Hostcall& call, Completion completion) {
  if (interface_ == nullptr) return std::move(completion).ok();
  if (call.opcode == Opcode::kUiNotify || call.opcode == Opcode::kUiSet) {
    interface_->show({caller.extension, method_of(call), dump_json(call.arguments)});
    return std::move(completion).ok();
  }
  const Prompt prompt = prompt_of(caller, call);
  // std::function copies what it holds, so the move-only completion travels behind a pointer.
  auto held = std::make_shared<Completion>(std::move(completion));
  interface_->ask(prompt, [held = std::move(held), kind = prompt.kind](const PromptAnswer& answer) {
    std::move(*held).ok(value_of(kind, answer));
  });
}

}  // namespace isopod::hostcall
