// SPDX-License-Identifier: MIT
#include "host/tool_call.h"

#include <array>
#include <utility>

namespace isopod::host {
namespace {

/// What is said when a gate blocks without a reason; recorded from pi.
constexpr const char* kBlocked = "Tool execution was blocked";

/// The members of a result that `tool_result` handlers see and may patch.
constexpr std::array kPatchable = {"content", "details", "structuredContent", "isError", "usage"};

Json event_of(const char* type, const ToolCall::Call& call, const Json& input) {
  Json event = {{"type", type}, {"toolName", call.name}, {"toolCallId", call.id}, {"input", input}};
  if (!call.parent.empty()) event["parentToolCallId"] = call.parent;
  return event;
}

bool truthy_member(const Json& object, const char* name) {
  if (!object.is_object()) return false;
  const auto found = object.find(name);
  if (found == object.end() || found->is_null()) return false;
  return !found->is_boolean() || found->get<bool>();
}

}  // namespace

Json error_result(const std::string& message) {
  return {{"content", Json::array({{{"type", "text"}, {"text", message}}})},
          {"details", Json::object()},
          {"isError", true}};
}

bool says_error(const Json& result) { return truthy_member(result, "isError"); }

Result<Json> ToolCall::run(const Call& call) const {
  // Nobody looks at the call on its way: one request does it all.
  if (!steps_.handled("tool_call") && !steps_.handled("tool_result")) {
    return steps_.ask("tool", {{"name", call.name}, {"callId", call.id}, {"args", call.arguments}});
  }
  return run_gated(call);
}

Result<Json> ToolCall::run_gated(const Call& call) const {
  Result<Json> prepared =
      steps_.ask("prepare_tool", {{"name", call.name}, {"args", call.arguments}});
  if (!prepared) return prepared;
  if (!prepared->is_object()) {
    return fail(Code::kFaulted, "the extension tampered with how its tools are called");
  }
  if (prepared->contains("error")) return error_result(json_string(*prepared, "error"));
  const Json gate = steps_.emit("tool_call", event_of("tool_call", call, (*prepared)["args"]));
  const Json& verdict = gate["result"];
  if (truthy_member(verdict, "block")) {
    Json blocked = error_result(json_string(verdict, "reason", kBlocked));
    if (truthy_member(verdict, "terminate")) blocked["terminate"] = true;
    return blocked;
  }
  const Json input = gate["event"].contains("input") ? gate["event"]["input"] : (*prepared)["args"];
  Result<Json> result = steps_.ask(
      "tool", {{"name", call.name}, {"callId", call.id}, {"args", input}, {"prepared", true}});
  if (!result || !result->is_object()) return result;
  return patched(call, input, *std::move(result));
}

Json ToolCall::patched(const Call& call, const Json& input, Json result) const {
  if (!steps_.handled("tool_result")) return result;
  Json event = event_of("tool_result", call, input);
  for (const char* name : kPatchable) {
    if (result.contains(name)) event[name] = result[name];
  }
  event["isError"] = says_error(result);
  const Json composed = steps_.emit("tool_result", event)["event"];
  if (!composed.is_object()) return result;
  for (const char* name : kPatchable) {
    const auto now = composed.find(name);
    if (now == composed.end()) {
      result.erase(name);
    } else if (!event.contains(name) || *now != event[name]) {
      result[name] = *now;
    }
  }
  return result;
}

}  // namespace isopod::host
