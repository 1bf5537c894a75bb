// SPDX-License-Identifier: MIT
#include "registry/headless_agent.h"

#include <array>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include "registry/composition_rules.h"

namespace isopod::registry {
namespace {

using Kind = AgentAction::Kind;

/// pi's own tools. Only their names matter here: which of them are active.
constexpr std::array<std::string_view, 8> kOwnTools = {"read",  "bash", "powershell", "edit",
                                                       "write", "grep", "find",       "ls"};

constexpr const char* kNoModel =
    "No model selected. isopod runs no model: extensions can only ask one where an agent hosts "
    "them";

/// What must not wait for anything is done at once.
bool is_quick(Kind kind) {
  switch (kind) {
    case Kind::kSetActiveTools:
    case Kind::kSetModel:
    case Kind::kSetThinkingLevel:
    case Kind::kCompact:
    case Kind::kAbort:
    case Kind::kShutdown:
    case Kind::kWaitForIdle: return true;
    default: return false;
  }
}

const char* reason_of(Kind kind) {
  switch (kind) {
    case Kind::kNewSession: return "new";
    case Kind::kFork: return "fork";
    case Kind::kSwitchSession: return "resume";
    default: return "reload";
  }
}

Json message_fields(const Json& message) {
  Json fields = Json::object();
  for (const char* name : {"customType", "content", "display", "details"}) {
    if (message.contains(name)) fields[name] = message[name];
  }
  return fields;
}

/// The text of a user message given as text or as content blocks.
std::string text_of(const Json& content) {
  if (content.is_string()) return content.get<std::string>();
  std::string text;
  if (!content.is_array()) return text;
  for (const Json& block : content) text += json_string(block, "text");
  return text;
}

}  // namespace

std::string HeadlessAgent::state_json() {
  active_tools_.update(services_.tools());
  return dump_json({{"idle", true},
                    {"pendingMessages", false},
                    {"projectTrusted", false},
                    {"thinkingLevel", "off"},
                    {"scopedModels", Json::array()},
                    {"activeTools", active_tools_.names()},
                    {"commands", Json::array()},
                    {"systemPrompt", ""},
                    {"systemPromptOptions", Json::object()},
                    {"settings", Json::object()}});
}

void HeadlessAgent::act(const AgentAction& action, Answer answer) {
  Result<Json> given = parse_json(action.arguments_json);
  if (!given || !given->is_object()) {
    return answer(fail(Code::kInvalidArgument, "an agent action takes an object"));
  }
  const Json arguments = *std::move(given);
  const auto work = [this, action, arguments, answer] {
    Result<Json> value = carry_out(action, arguments);
    if (!value) return answer(fail(std::move(value.error())));
    answer(dump_json(*value));
  };
  if (is_quick(action.kind)) return work();
  if (action.kind == Kind::kSendMessage) {
    // At once, so that what the extension reads of the session next has it.
    if (Result<> kept = keep_message(arguments); !kept)
      return answer(fail(std::move(kept.error())));
  }
  if (Result<> started = services_.later(work); !started) answer(fail(std::move(started.error())));
}

Result<Json> HeadlessAgent::carry_out(const AgentAction& action, const Json& arguments) {
  switch (action.kind) {
    case Kind::kSendMessage: return announce_message(arguments);
    case Kind::kSendUserMessage: return send_user_message(arguments);
    case Kind::kSetActiveTools: return set_active_tools(arguments);
    case Kind::kSetModel: return Json(false);
    case Kind::kCompact: return fail(Code::kUnsupported, kNoModel);
    case Kind::kNavigateTree: return navigate(arguments);
    case Kind::kNewSession:
    case Kind::kFork:
    case Kind::kSwitchSession:
    case Kind::kReload: return switch_session(action, arguments);
    // Without a model the level is always "off", nothing runs, and a print mode ignores shutdown.
    case Kind::kSetThinkingLevel:
    case Kind::kAbort:
    case Kind::kShutdown:
    case Kind::kWaitForIdle: return Json(nullptr);
  }
  return Json(nullptr);
}

Result<> HeadlessAgent::keep_message(const Json& arguments) {
  const Json message = member(arguments, "message");
  if (!message.is_object() || json_string(message, "customType").empty()) {
    return fail(Code::kInvalidArgument, "sendMessage takes a message with a customType");
  }
  return services_.append("custom_message", message_fields(message));
}

Result<Json> HeadlessAgent::announce_message(const Json& arguments) {
  Json fields = message_fields(member(arguments, "message"));
  fields["role"] = "custom";
  for (const char* type : {"message_start", "message_end"}) {
    services_.emit(type, {{"type", type}, {"message", fields}});
  }
  const Json options = member(arguments, "options");
  const bool starts_turn =
      truthy(member(options, "triggerTurn")) && json_string(options, "deliverAs") != "nextTurn";
  if (starts_turn) return fail(Code::kUnsupported, kNoModel);
  return Json(nullptr);
}

Result<Json> HeadlessAgent::send_user_message(const Json& arguments) {
  const Json options = member(arguments, "options");
  const std::string text = text_of(member(arguments, "content"));
  const bool expands = truthy(member(options, "expandPromptTemplates"));
  if (expands && text.starts_with('/') && services_.run_command(text)) return Json(nullptr);
  const Json composed =
      services_.emit("input", {{"type", "input"}, {"text", text}, {"source", "extension"}});
  if (json_string(composed["result"], "action") == "handled") return Json(nullptr);
  return fail(Code::kUnsupported, kNoModel);
}

Result<Json> HeadlessAgent::set_active_tools(const Json& arguments) {
  const Json names = member(arguments, "names");
  if (!names.is_array())
    return fail(Code::kInvalidArgument, "setActiveTools takes a list of names");
  const Json tools = services_.tools();
  active_tools_.update(tools);
  std::set<std::string> known(kOwnTools.begin(), kOwnTools.end());
  for (const Json& tool : tools) {
    if (can_be_active(tool)) known.insert(json_string(tool, "name"));
  }
  std::vector<std::string> wanted;
  for (const Json& name : names) {
    if (name.is_string()) wanted.push_back(name.get<std::string>());
  }
  active_tools_.set(wanted, known);
  return Json(nullptr);
}

Result<Json> HeadlessAgent::navigate(const Json& arguments) {
  const std::string target = json_string(arguments, "targetId");
  const std::optional<std::string> before = services_.leaf();
  const Json old_leaf = before ? Json(*before) : Json(nullptr);
  const Json preparation = {{"targetId", target},
                            {"oldLeafId", old_leaf},
                            {"entriesToSummarize", Json::array()},
                            {"userWantsSummary", false}};
  if (cancelled("session_before_tree", {{"preparation", preparation}})) {
    return Json{{"cancelled", true}};
  }
  if (Result<> moved = services_.move_leaf(target); !moved) return fail(std::move(moved.error()));
  services_.emit("session_tree",
                 {{"type", "session_tree"}, {"newLeafId", target}, {"oldLeafId", old_leaf}});
  return Json{{"cancelled", false}};
}

Result<Json> HeadlessAgent::switch_session(const AgentAction& action, const Json& arguments) {
  const SessionChange change = {
      .reason = reason_of(action.kind),
      .extension = action.extension,
      .entry = json_string(arguments, "entryId"),
      .position = json_string(member(arguments, "options"), "position", "before"),
      .path = json_string(arguments, "path")};
  bool stopped = false;
  if (action.kind == Kind::kFork) {
    stopped = cancelled("session_before_fork",
                        {{"entryId", change.entry}, {"position", change.position}});
  } else if (action.kind != Kind::kReload) {
    Json event = {{"reason", change.reason}};
    if (action.kind == Kind::kSwitchSession) event["targetSessionFile"] = change.path;
    stopped = cancelled("session_before_switch", std::move(event));
  }
  if (stopped) return Json{{"cancelled", true}};
  if (Result<> switched = services_.switch_session(change); !switched) {
    return fail(std::move(switched.error()));
  }
  return Json{{"cancelled", false}};
}

bool HeadlessAgent::cancelled(const std::string& type, Json event) {
  event["type"] = type;
  const Json result = services_.emit(type, std::move(event))["result"];
  return truthy(member(result, "cancel"));
}

}  // namespace isopod::registry
