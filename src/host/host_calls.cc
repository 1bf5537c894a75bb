// SPDX-License-Identifier: MIT
/// The part of Host::Impl that runs what extensions offer.
#include <algorithm>
#include <cstddef>
#include <set>
#include <utility>

#include "base/text.h"
#include "host/host_impl.h"
#include "host/static_inspection.h"
#include "host/tool_call.h"
#include "registry/composition.h"

namespace isopod {

using host::Extension;
using host::ToolCall;

namespace {

std::string did_you_mean(std::string_view name, const std::vector<std::string>& names) {
  std::vector<std::string_view> views(names.begin(), names.end());
  const std::string_view nearest = nearest_name(name, views);
  if (!nearest.empty()) return "; did you mean " + std::string(nearest) + "?";
  std::string listed;
  for (const std::string& known : names)
    listed += (listed.empty() ? "; there are: " : ", ") + known;
  return listed.empty() ? "; no loaded extension registers one" : listed;
}

/// How deep tools may call tools. Each level waits on a thread of its own.
constexpr std::ptrdiff_t kNestedCallsMax = 16;

/// The level of a nested call, whose id is its caller's with "/n" behind.
std::ptrdiff_t depth_of(const std::string& id) { return std::count(id.begin(), id.end(), '/'); }

/// What an extension reads of a failed call of a tool; recorded from pi.
std::string failure(const std::string& tool, const Error& error) {
  return error.code == Code::kNotFound ? "Tool " + tool + " not found" : error.message;
}

}  // namespace

// ---- looking without running ----

Result<std::string> Host::Impl::inspect_statically(const std::string& path) {
  Result<std::vector<host::Entry>> entries = host::find_entries(path, options_.user_home);
  if (!entries) return fail(std::move(entries.error()));
  std::set<std::string> inferred;
  std::set<std::string> missing;
  std::set<std::string> notes;
  Json files = Json::array();
  for (const host::Entry& entry : *entries) {
    Result<host::StaticInspection> found = host::inspect_statically(entry.path, modules::prelude());
    if (!found) return fail(std::move(found.error()));
    const Result<Json> stubs = unsupported_names(entry, found->builtin_names);
    if (!stubs) return fail(stubs.error());
    for (const Json& name : *stubs) missing.insert(name.get<std::string>());
    inferred.merge(found->capabilities);
    missing.merge(found->missing);
    notes.merge(found->notes);
    for (std::string& file : found->files) files.push_back(std::move(file));
  }
  return dump_json({{"id", entries->front().id},
                    {"extension", entries->front().path},
                    {"files", files},
                    {"capabilities", {{"inferred", inferred}, {"missing", missing}}},
                    {"notes", notes}});
}

Result<Json> Host::Impl::unsupported_names(const host::Entry& entry, const Json& names) {
  if (names.empty()) return Json::array();
  std::shared_ptr<Extension> isolate;
  Result<> started = start_into(entry, isolate);
  Result<Json> stubs = Json::array();
  if (started) stubs = isolate->request({.kind = "unsupported", .payload = {{"imports", names}}});
  if (isolate) {
    isolate->stop();
    const std::lock_guard lock(mutex_);
    std::erase(loading_, isolate);
    ended_ += isolate->counts();
  }
  if (!started) return fail(std::move(started.error()));
  return stubs;
}

// ---- tools ----

Result<std::string> Host::Impl::call_tool(std::string_view name, std::string_view arguments_json) {
  Result<Json> arguments = parse_json(arguments_json);
  if (!arguments)
    return fail(Code::kInvalidArgument, "the tool's arguments are " + arguments.error().message);
  Result<Json> value = run_tool(
      {.name = name, .id = "call-" + std::to_string(++calls_), .arguments = *std::move(arguments)});
  if (!value) return fail(std::move(value.error()));
  return dump_json(*value);
}

Result<Json> Host::Impl::run_tool(ToolCallRequest request) {
  if (shut_down_) return fail(Code::kShuttingDown, "the host was shut down");
  const auto target = registry_.find_tool(request.name);
  const auto extension = target ? find(target->extension) : nullptr;
  if (!extension) {
    return fail(Code::kNotFound, "Tool " + std::string(request.name) + " not found" +
                                     did_you_mean(request.name, registry_.tool_names()));
  }
  const ToolCall call(
      {.ask =
           [&](const char* kind, Json payload) {
             return extension->request({.kind = kind,
                                        .payload = std::move(payload),
                                        .time = limits_of(target->extension).settle,
                                        .what = "the tool " + target->name});
           },
       .emit = [&](const std::string& type,
                   Json event) { return emit_reported(type, std::move(event)); },
       .handled = [&](const std::string& type) { return !registry_.handling(type).empty(); }});
  return call.run({target->name, std::move(request.id), std::move(request.parent),
                   std::move(request.arguments)});
}

hostcall::CallbackConnector::Start Host::Impl::nested_calls() {
  return [this](const hostcall::Caller&, const protocol::Hostcall& call,
                hostcall::Completion completion) {
    // Partial results have no reader until an agent is connected; they are counted and checked.
    if (call.opcode == protocol::Opcode::kToolProgress) return std::move(completion).ok();
    const std::string name = json_string(call.arguments, "name");
    const std::string parent = json_string(call.arguments, "parent");
    const std::string id = json_string(call.arguments, "callId");
    const auto given = call.arguments.find("args");
    const Json arguments = given == call.arguments.end() ? Json::object() : *given;
    if (depth_of(id) > kNestedCallsMax) {
      return std::move(completion)
          .failed({Code::kQuota,
                   "tools call tools " + std::to_string(kNestedCallsMax) +
                       " deep already; a tool that calls itself has to end somewhere",
                   {},
                   {}});
    }
    auto held = std::make_shared<hostcall::Completion>(std::move(completion));
    const Result<> started = background_.run([=, this] {
      Result<Json> value =
          run_tool({.name = name, .id = id, .parent = parent, .arguments = arguments});
      // What another extension does wrong is the tool's result, as any failure of a tool.
      const Json result =
          value ? *std::move(value) : host::error_result(failure(name, value.error()));
      std::move(*held).ok(
          {{"toolCall",
            {{"type", "toolCall"}, {"id", id}, {"name", name}, {"arguments", arguments}}},
           {"result", result},
           {"isError", host::says_error(result)}});
    });
    if (!started) std::move(*held).failed(started.error());
  };
}

// ---- commands and events ----

Result<> Host::Impl::run_command(std::string_view text) {
  if (shut_down_) return fail(Code::kShuttingDown, "the host was shut down");
  if (text.starts_with('/')) text.remove_prefix(1);
  const std::size_t space = text.find(' ');
  const std::string_view name = text.substr(0, space);
  const std::string_view rest =
      space == std::string_view::npos ? std::string_view() : text.substr(space + 1);
  const auto target = registry_.find_command(name);
  auto extension = target ? find(target->extension) : nullptr;
  if (!extension) {
    return fail(Code::kNotFound, "Command /" + std::string(name) + " not found" +
                                     did_you_mean(name, registry_.command_names()));
  }
  Result<Json> value = extension->request({.kind = "command",
                                           .payload = {{"name", target->name}, {"args", rest}},
                                           .time = limits_of(target->extension).settle,
                                           .what = "the command /" + target->name});
  // It may have been replaced by what it was asked to do; then this was its last call.
  extension.reset();
  sweep_retired();
  if (!value) return fail(std::move(value.error()));
  return {};
}

Result<std::string> Host::Impl::emit(std::string_view type, std::string_view event_json) {
  if (shut_down_) return fail(Code::kShuttingDown, "the host was shut down");
  Result<Json> event = parse_json(event_json);
  if (!event || !event->is_object()) {
    return fail(Code::kInvalidArgument,
                "the event is " + (event ? "not a JSON object" : event.error().message));
  }
  return dump_json(emit_event(std::string(type), *std::move(event)));
}

Json Host::Impl::emit_event(const std::string& type, Json event,
                            std::optional<std::chrono::milliseconds> at_most) {
  // The drafts of a boundary event must fit the session; who wants to see the context builds it.
  const auto check_drafts = [this](const Json& drafts) -> Result<Json> {
    if (Result<> checked = session_->get()->check(drafts); !checked) return fail(checked.error());
    return Json(nullptr);
  };
  registry::Composition composition(type, std::move(event), check_drafts);
  for (const std::string& id : registry_.handling(type)) {
    const auto extension = find(id);
    if (!extension) continue;
    Result<Json> answer =
        extension->request({.kind = "event",
                            .payload = {{"type", type}, {"event", composition.event()}},
                            .time = limits_of(id).event_settle,
                            .at_most = at_most,
                            .what = "the handler of " + type,
                            .setting = "ext.limits.event_settle_ms"});
    const registry::Composition::Source source(id, extension->entry().path);
    const auto next = answer ? composition.add(source, *answer)
                             : composition.add_error(source, answer.error().describe());
    if (next == registry::Composition::Next::kStop) break;
  }
  return composition.value();
}

Json Host::Impl::emit_reported(const std::string& type, Json event,
                               std::optional<std::chrono::milliseconds> at_most) {
  Json composed = emit_event(type, std::move(event), at_most);
  for (const Json& error : composed["errors"]) {
    log_.write(LogLevel::kError, json_string(error, "extension", "isopod"),
               "the handler of " + type + " failed: " + json_string(error, "message"));
  }
  return composed;
}

hostcall::CallbackConnector::Start Host::Impl::bus() {
  return hostcall::CallbackConnector::at_once(
      [this](const hostcall::Caller& caller, const protocol::Hostcall& call) -> Result<Json> {
        Json payload = {{"channel", json_string(call.arguments, "channel")}, {"data", nullptr}};
        const auto data = call.arguments.find("data");
        if (data != call.arguments.end()) payload["data"] = *data;
        for (const auto& extension : running()) {
          if (extension->caller().instance != caller.instance) extension->post("bus", payload);
        }
        return Json(nullptr);
      });
}

hostcall::CallbackConnector::Start Host::Impl::registry_updates() {
  return hostcall::CallbackConnector::at_once(
      [this](const hostcall::Caller& caller, const protocol::Hostcall& call) -> Result<Json> {
        const auto given = call.arguments.find("registrations");
        if (given == call.arguments.end() || !given->is_object()) {
          return fail(Code::kInvalidArgument, "registry.update takes {registrations}");
        }
        // One that was replaced by a reload has no say any more.
        if (is_current(caller)) registry_.put(caller.extension, *given);
        return Json(nullptr);
      });
}

}  // namespace isopod
