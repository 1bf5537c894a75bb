// SPDX-License-Identifier: MIT
#include "hostcall/session_connector.h"

#include <optional>
#include <string>
#include <utility>

namespace isopod::hostcall {

using protocol::Hostcall;
using protocol::Opcode;

namespace {

/// The id of an appended entry as a value.
Result<Json> id_of(Result<std::string> appended) {
  if (!appended) return fail(std::move(appended.error()));
  return Json(*std::move(appended));
}

Result<std::string> text_argument(const Json& arguments, const char* name) {
  const auto found = arguments.find(name);
  if (found == arguments.end() || !found->is_string()) {
    return fail(Code::kInvalidArgument, std::string(name) + " must be a string");
  }
  return found->get<std::string>();
}

Result<Json> append_entry(protocol::SessionStore& session, const Json& arguments) {
  Result<std::string> type = text_argument(arguments, "customType");
  if (!type) return fail(std::move(type.error()));
  Json fields = {{"customType", *std::move(type)}};
  if (arguments.contains("data")) fields["data"] = arguments["data"];
  return id_of(session.append("custom", std::move(fields)));
}

Result<Json> set_name(protocol::SessionStore& session, const Json& arguments) {
  Result<std::string> name = text_argument(arguments, "name");
  if (!name) return fail(std::move(name.error()));
  if (Result<> set = session.set_name(*name); !set) return fail(std::move(set.error()));
  return Json(nullptr);
}

Result<Json> set_label(protocol::SessionStore& session, const Json& arguments) {
  Result<std::string> target = text_argument(arguments, "entryId");
  if (!target) return fail(std::move(target.error()));
  std::optional<std::string> label;
  if (arguments.contains("label") && !arguments["label"].is_null()) {
    Result<std::string> text = text_argument(arguments, "label");
    if (!text) return fail(std::move(text.error()));
    label = *std::move(text);
  }
  return id_of(session.set_label(*target, label));
}

}  // namespace

void SessionConnector::start(const Caller&, const Hostcall& call, Completion completion) {
  Result<Json> value = carry_out(call);
  if (!value) return std::move(completion).failed(value.error());
  std::move(completion).ok(*std::move(value));
}

Result<Json> SessionConnector::carry_out(const Hostcall& call) {
  if (!call.arguments.is_object()) {
    return fail(Code::kInvalidArgument, "session calls take an object");
  }
  switch (call.opcode) {
    case Opcode::kSessionGetEntries: return session_.entries();
    case Opcode::kSessionGetName: return session_.name();
    case Opcode::kSessionInfo: return session_.info();
    case Opcode::kSessionSetName: return set_name(session_, call.arguments);
    case Opcode::kSessionAppendEntry: return append_entry(session_, call.arguments);
    case Opcode::kSessionSetLabel: return set_label(session_, call.arguments);
    default:
      return fail(Code::kUnsupported,
                  "the session does not do " + std::string(protocol::info(call.opcode).name));
  }
}

}  // namespace isopod::hostcall
