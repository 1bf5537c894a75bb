// SPDX-License-Identifier: MIT
#include "hostcall/session_connector.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <array>
#include <utility>

namespace isopod::hostcall {

using protocol::Hostcall;
using protocol::Opcode;

namespace {

std::string iso_8601(WallTime time) {
  const auto milliseconds =
      std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count();
  const auto seconds = std::chrono::system_clock::to_time_t(time);
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z", fmt::gmtime(seconds), milliseconds % 1000);
}

/// The id of an appended entry as a value.
Result<Json> id_of(Result<std::string> appended) {
  if (!appended) return fail(std::move(appended.error()));
  return Json(*std::move(appended));
}

}  // namespace

Result<std::string> MemorySession::append(std::string_view type, Json fields) {
  std::array<std::uint8_t, 4> bytes = {};
  random_.fill(bytes);
  std::string id;
  for (const std::uint8_t byte : bytes) id += fmt::format("{:02x}", byte);
  Json entry = {
      {"type", type}, {"id", id}, {"parentId", nullptr}, {"timestamp", iso_8601(clock_.wall())}};
  entry.update(fields);
  const std::size_t entry_bytes = dump_json(entry).size();
  const std::lock_guard lock(mutex_);
  if (entry_bytes > kBytesMax - bytes_) {
    return fail(Code::kQuota,
                "the session is full; it keeps " + std::to_string(kBytesMax >> 20) + " MiB");
  }
  bytes_ += entry_bytes;
  if (!entries_.empty()) entry["parentId"] = entries_.back()["id"];
  entries_.push_back(std::move(entry));
  return id;
}

Json MemorySession::entries() const {
  const std::lock_guard lock(mutex_);
  return entries_;
}

bool MemorySession::has_entry(const std::string& id) const {
  const std::lock_guard lock(mutex_);
  for (const Json& entry : entries_) {
    if (entry["id"] == id) return true;
  }
  return false;
}

Json MemorySession::name() const {
  const std::lock_guard lock(mutex_);
  return name_;
}

Result<> MemorySession::set_name(const std::string& name) {
  if (auto appended = append("session_info", {{"name", name}}); !appended) {
    return fail(std::move(appended.error()));
  }
  const std::lock_guard lock(mutex_);
  name_ = name;
  return {};
}

void SessionConnector::start(const Caller&, const Hostcall& call, Completion completion) {
  Result<Json> value = carry_out(call);
  if (!value) return std::move(completion).failed(value.error());
  std::move(completion).ok(*std::move(value));
}

Result<Json> SessionConnector::carry_out(const Hostcall& call) {
  const Json& arguments = call.arguments;
  if (!arguments.is_object()) return fail(Code::kInvalidArgument, "session calls take an object");
  switch (call.opcode) {
    case Opcode::kSessionGetEntries: return session_.entries();
    case Opcode::kSessionGetName: return session_.name();
    case Opcode::kSessionSetName:
      if (auto set = session_.set_name(json_string(arguments, "name")); !set) {
        return fail(std::move(set.error()));
      }
      return Json(nullptr);
    case Opcode::kSessionAppendEntry: {
      Json fields = {{"customType", json_string(arguments, "customType")}};
      if (arguments.contains("data")) fields["data"] = arguments["data"];
      return id_of(session_.append("custom", std::move(fields)));
    }
    case Opcode::kSessionSetLabel: {
      const std::string target = json_string(arguments, "entryId");
      if (!session_.has_entry(target))
        return fail(Code::kNotFound, "Entry " + target + " not found");
      Json fields = {{"targetId", target}};
      if (arguments.contains("label")) fields["label"] = arguments["label"];
      return id_of(session_.append("label", std::move(fields)));
    }
    default:
      return fail(Code::kUnsupported,
                  "the session does not do " + std::string(protocol::info(call.opcode).name));
  }
}

}  // namespace isopod::hostcall
