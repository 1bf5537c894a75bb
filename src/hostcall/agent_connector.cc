// SPDX-License-Identifier: MIT
#include "hostcall/agent_connector.h"

#include <array>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

namespace isopod::hostcall {
namespace {

using Kind = AgentAction::Kind;

struct Word {
  std::string_view text;
  Kind kind;
};
/// The words of `agent.act`.
constexpr std::array kActions = {
    Word{"send_message", Kind::kSendMessage},
    Word{"send_user_message", Kind::kSendUserMessage},
    Word{"set_active_tools", Kind::kSetActiveTools},
    Word{"set_model", Kind::kSetModel},
    Word{"set_thinking_level", Kind::kSetThinkingLevel},
    Word{"compact", Kind::kCompact},
    Word{"abort", Kind::kAbort},
    Word{"shutdown", Kind::kShutdown},
    Word{"wait_for_idle", Kind::kWaitForIdle},
    Word{"new_session", Kind::kNewSession},
    Word{"fork", Kind::kFork},
    Word{"navigate_tree", Kind::kNavigateTree},
    Word{"switch_session", Kind::kSwitchSession},
    Word{"reload", Kind::kReload},
};

std::optional<Kind> kind_of(std::string_view text) {
  for (const Word& word : kActions) {
    if (word.text == text) return word.kind;
  }
  return std::nullopt;
}

}  // namespace

Result<Json> AgentConnector::state(const Json& arguments) const {
  Result<Json> state = parse_json(agent_.state_json());
  if (!state || !state->is_object()) {
    return fail(Code::kInternal, "the agent's state is no JSON object");
  }
  if (arguments.is_object() && arguments.value("offers", Json()) == true) state->update(offers_());
  return state;
}

void AgentConnector::start(const Caller& caller, const protocol::Hostcall& call,
                           Completion completion) {
  if (call.opcode == protocol::Opcode::kAgentState) {
    Result<Json> value = state(call.arguments);
    if (!value) return std::move(completion).failed(value.error());
    return std::move(completion).ok(*std::move(value));
  }
  const std::string word = json_string(call.arguments, "action");
  const std::optional<Kind> kind = kind_of(word);
  if (!kind) {
    return std::move(completion)
        .failed(
            {Code::kInvalidArgument, "an agent does not know the action \"" + word + "\"", {}, {}});
  }
  const auto given = call.arguments.find("arguments");
  const Json arguments = given == call.arguments.end() ? Json::object() : *given;
  // std::function copies what it holds, so the move-only completion travels behind a pointer.
  auto held = std::make_shared<Completion>(std::move(completion));
  agent_.act({*kind, caller.extension, dump_json(arguments)},
             [held = std::move(held)](Result<std::string> value) {
               Result<Json> parsed = value ? parse_json(*value) : fail(value.error());
               if (!parsed) return std::move(*held).failed(parsed.error());
               std::move(*held).ok(*std::move(parsed));
             });
}

}  // namespace isopod::hostcall
