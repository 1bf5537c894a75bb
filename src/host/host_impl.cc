// SPDX-License-Identifier: MIT
#include "host/host_impl.h"

#include <unistd.h>

#include <algorithm>
#include <optional>
#include <thread>
#include <utility>

#include "base/text.h"
#include "hostcall/callback_connector.h"
#include "hostcall/log_connector.h"
#include "hostcall/module_connector.h"
#include "hostcall/ui_connector.h"
#include "os/system_info.h"
#include "policy/grants.h"
#include "policy/profile.h"
#include "protocol/opcode.h"
#include "registry/composition.h"

namespace isopod {

using host::Entry;
using host::Extension;

namespace {

/// The reason that goes with every call until the fast lane has codecs.
constexpr const char* kLaneReason = "opcode_without_codec";

/// Larger source files are refused; bundled extensions are a few MB.
constexpr std::size_t kSourceBytesMax = std::size_t{64} << 20;

std::string_view word_of(LogLevel level) {
  switch (level) {
    case LogLevel::kError: return "error";
    case LogLevel::kWarn: return "warn";
    case LogLevel::kInfo: return "info";
    case LogLevel::kDebug: return "debug";
  }
  return "info";
}

std::string did_you_mean(std::string_view name, const std::vector<std::string>& names) {
  std::vector<std::string_view> views(names.begin(), names.end());
  const std::string_view nearest = nearest_name(name, views);
  if (!nearest.empty()) return "; did you mean " + std::string(nearest) + "?";
  std::string listed;
  for (const std::string& known : names)
    listed += (listed.empty() ? "; there are: " : ", ") + known;
  return listed.empty() ? "; no loaded extension registers one" : listed;
}

Result<policy::Rules> rules_from(const HostOptions& options) {
  Result<policy::Profile> profile = policy::parse_profile(options.profile);
  if (!profile) return fail(std::move(profile.error()));
  policy::Rules rules;
  rules.profile = *profile;
  rules.project = options.project;
  return rules;
}

Result<std::vector<policy::Grant>> grants_from(const HostOptions& options) {
  std::vector<policy::Grant> all;
  for (const std::string& text : options.grants) {
    auto grants = policy::parse_grants(text);
    if (!grants) return fail(std::move(grants.error()));
    all.insert(all.end(), grants->begin(), grants->end());
  }
  return all;
}

}  // namespace

void Host::Impl::OptionsLog::write(LogLevel level, std::string_view source, std::string_view text) {
  if (options_.log) options_.log(word_of(level), source, text);
}

Host::Impl::Impl(HostOptions options) : options_(std::move(options)) {}

Result<std::unique_ptr<Host::Impl>> Host::Impl::create(HostOptions options) {
  for (const std::string* path : {&options.project, &options.user_home, &options.agent_dir}) {
    if (!path->starts_with('/'))
      return fail(Code::kInvalidArgument, "not an absolute path: \"" + *path + "\"");
  }
  Result<policy::Rules> rules = rules_from(options);
  if (!rules) return fail(std::move(rules.error()));
  Result<std::vector<policy::Grant>> grants = grants_from(options);
  if (!grants) return fail(std::move(grants.error()));
  auto impl = std::unique_ptr<Impl>(new Impl(std::move(options)));
  impl->rules_ = *std::move(rules);
  impl->grants_ = *std::move(grants);
  if (Result<> started = impl->start(); !started) return fail(std::move(started.error()));
  return impl;
}

Result<> Host::Impl::start() {
  dispatcher_ = std::make_unique<hostcall::Dispatcher>(make_connectors());
  dispatcher_->set_rules(std::make_shared<const policy::Rules>(rules_));
  auto shard = reactor::Shard::start();
  if (!shard) return fail(std::move(shard.error()));
  shard_ = *std::move(shard);
  return {};
}

std::vector<std::unique_ptr<hostcall::Connector>> Host::Impl::make_connectors() {
  std::vector<std::unique_ptr<hostcall::Connector>> connectors;
  connectors.push_back(std::make_unique<hostcall::LogConnector>(log_));
  connectors.push_back(std::make_unique<hostcall::ModuleConnector>(
      kSourceBytesMax, [this](const hostcall::Caller& caller, const std::string& path) {
        return dispatcher_->judge(caller, {protocol::Capability::kRead, path});
      }));
  connectors.push_back(std::make_unique<hostcall::SessionConnector>(session_));
  connectors.push_back(std::make_unique<hostcall::UiConnector>(options_.user_interface));
  connectors.push_back(std::make_unique<hostcall::CallbackConnector>(
      "registry",
      [this](const hostcall::Caller& caller, const protocol::Hostcall& call) -> Result<Json> {
        const auto given = call.arguments.is_object() ? call.arguments.find("registrations")
                                                      : call.arguments.end();
        if (!call.arguments.is_object() || given == call.arguments.end() || !given->is_object()) {
          return fail(Code::kInvalidArgument, "registry.update takes {registrations}");
        }
        registry_.put(caller.extension, *given);
        return Json(nullptr);
      }));
  // Partial results have no reader until an agent is connected; they are still counted and checked.
  connectors.push_back(std::make_unique<hostcall::CallbackConnector>(
      "tool", [](const hostcall::Caller&, const protocol::Hostcall&) -> Result<Json> {
        return Json(nullptr);
      }));
  return connectors;
}

ExtensionLimits Host::Impl::limits_of(std::string_view id) const {
  return options_.limits_of ? options_.limits_of(id) : options_.limits;
}

isolate::Options Host::Impl::isolate_options(const Entry& entry,
                                             const ExtensionLimits& limits) const {
  const os::SystemInfo system = os::system_info();
  return {.name = entry.id,
          .limits = {.heap_bytes_max = limits.heap_bytes,
                     .stack_bytes_max = limits.stack_bytes,
                     .turn = limits.turn,
                     .timers_max = limits.timers},
          .builtins = &modules::prelude(),
          .info = {{"cwd", options_.project},
                   {"home", options_.user_home},
                   {"tempDir", system.temporary_directory},
                   {"agentDir", options_.agent_dir},
                   {"platform", "linux"},
                   {"arch", system.architecture},
                   {"hostname", system.host_name},
                   {"version", ISOPOD_VERSION},
                   {"mode", "print"},
                   {"hasUI", options_.user_interface != nullptr},
                   {"pid", getpid()}},
          .clock = &clock_,
          .random = &sources_->random,
          .keep_alive = sources_};
}

// ---- loading ----

ExtensionInfo Host::Impl::load(const std::string& path, Origin origin) {
  Result<std::vector<Entry>> entries = host::find_entries(path, options_.user_home);
  if (!entries) {
    return keep({.id = path, .path = path, .error = std::move(entries.error())}, nullptr);
  }
  std::optional<ExtensionInfo> failed;
  ExtensionInfo last;
  for (const Entry& entry : *entries) {
    last = load_entry(entry, origin);
    if (!last.ok && !failed) failed = last;
  }
  return failed.value_or(last);
}

ExtensionInfo Host::Impl::load_entry(const Entry& entry, Origin origin) {
  const Entry named = {reserve_id(entry.id), entry.path, entry.package_root};
  if (origin == Origin::kNamed) grant(named.id);
  const MonotonicTime before = clock_.monotonic();
  std::shared_ptr<Extension> extension;
  Result<Json> loaded = load_into(named, extension);
  ExtensionInfo info{.id = named.id, .path = named.path, .ok = loaded.has_value()};
  info.lane = hostcall::to_string(hostcall::Lane::kCompat);
  info.lane_reason = kLaneReason;
  info.load_time =
      std::chrono::duration_cast<std::chrono::microseconds>(clock_.monotonic() - before);
  if (loaded) {
    registry_.put(named.id, *std::move(loaded));
    return keep(std::move(info), std::move(extension));
  }
  info.error = std::move(loaded.error());
  if (extension) {
    extension->stop();
    const std::lock_guard lock(mutex_);
    std::erase(loading_, extension);
    ended_ += extension->counts();
  }
  return keep(std::move(info), nullptr);
}

Result<Json> Host::Impl::load_into(const Entry& entry, std::shared_ptr<Extension>& extension) {
  if (shut_down_) return fail(Code::kShuttingDown, "the host was shut down");
  const ExtensionLimits limits = limits_of(entry.id);
  auto started = Extension::start(
      entry, limits, isolate_options(entry, limits),
      {.shard = *shard_,
       .dispatcher = *dispatcher_,
       .clock = clock_,
       .report = [this](const std::string& id, const Error& error) {
         log_.write(LogLevel::kError, id,
                    error.stack.empty() ? error.describe() : error.message + "\n" + error.stack);
       }});
  if (!started) return fail(std::move(started.error()));
  extension = *std::move(started);
  {
    const std::lock_guard lock(mutex_);
    loading_.push_back(extension);
  }
  // A shutdown that has begun meanwhile sees the extension in the list, or is seen here.
  if (shut_down_) return fail(Code::kShuttingDown, "the host was shut down");
  Result<Json> loaded = extension->request(
      {.kind = "load",
       .payload = {{"path", entry.path}, {"id", entry.id}, {"flags", Json::object()}},
       .time = limits.load,
       .what = "the load",
       .setting = "ext.limits.load_ms"});
  if (shut_down_) loaded = fail(Code::kShuttingDown, "the host was shut down");
  if (loaded && !loaded->is_object()) {
    loaded = fail(Code::kLoadFailed, "the extension tampered with what it registers");
  }
  if (loaded) return loaded;
  Error error = std::move(loaded.error());
  if (error.code == Code::kException) error.code = Code::kLoadFailed;
  if (error.where.file.empty()) error.where.file = entry.path;
  return fail(std::move(error));
}

ExtensionInfo Host::Impl::keep(ExtensionInfo info, std::shared_ptr<Extension> extension) {
  const std::lock_guard lock(mutex_);
  std::erase(loading_, extension);
  records_.push_back({std::move(info), std::move(extension)});
  return records_.back().info;
}

std::string Host::Impl::reserve_id(const std::string& id) {
  const std::lock_guard lock(mutex_);
  std::string candidate = id;
  for (int number = 2; !ids_.insert(candidate).second; ++number) {
    candidate = id + "-" + std::to_string(number);
  }
  return candidate;
}

void Host::Impl::grant(const std::string& id) {
  if (grants_.empty()) return;
  const std::lock_guard lock(mutex_);
  rules_.extensions[id].grants = grants_;
  dispatcher_->set_rules(std::make_shared<const policy::Rules>(rules_));
}

// ---- asking ----

std::vector<ExtensionInfo> Host::Impl::extensions() const {
  const std::lock_guard lock(mutex_);
  std::vector<ExtensionInfo> infos;
  for (const Record& record : records_) infos.push_back(record.info);
  return infos;
}

std::shared_ptr<Extension> Host::Impl::find(const std::string& id) const {
  const std::lock_guard lock(mutex_);
  for (const Record& record : records_) {
    if (record.info.id == id) return record.extension;
  }
  return nullptr;
}

std::vector<std::shared_ptr<Extension>> Host::Impl::running() const {
  const std::lock_guard lock(mutex_);
  std::vector<std::shared_ptr<Extension>> running = loading_;
  for (const Record& record : records_) {
    if (record.extension) running.push_back(record.extension);
  }
  return running;
}

Result<std::string> Host::Impl::registrations(const std::string& id) const {
  const std::lock_guard lock(mutex_);
  for (const Record& record : records_) {
    if (record.info.id != id) continue;
    if (!record.info.ok) return fail(record.info.error);
    return dump_json(registry_.registrations(id));
  }
  return fail(Code::kNotFound, "no extension " + id + " is loaded");
}

HostcallFigures Host::Impl::hostcalls() const {
  hostcall::Counts counts;
  {
    const std::lock_guard lock(mutex_);
    counts = ended_;
  }
  for (const auto& extension : running()) counts += extension->counts();
  return {counts.issued,    counts.ok,        counts.error, counts.denied, counts.timeout,
          counts.cancelled, counts.in_flight, counts.fast,  counts.compat, counts.by_code};
}

// ---- running what extensions offer ----

Result<std::string> Host::Impl::call_tool(std::string_view name, std::string_view arguments_json) {
  if (shut_down_) return fail(Code::kShuttingDown, "the host was shut down");
  Result<Json> arguments = parse_json(arguments_json);
  if (!arguments)
    return fail(Code::kInvalidArgument, "the tool's arguments are " + arguments.error().message);
  const auto target = registry_.find_tool(name);
  const auto extension = target ? find(target->extension) : nullptr;
  if (!extension) {
    return fail(Code::kNotFound, "Tool " + std::string(name) + " not found" +
                                     did_you_mean(name, registry_.tool_names()));
  }
  Result<Json> value =
      extension->request({.kind = "tool",
                          .payload = {{"name", target->name},
                                      {"callId", "call-" + std::to_string(++calls_)},
                                      {"args", *std::move(arguments)}},
                          .time = limits_of(target->extension).settle,
                          .what = "the tool " + target->name});
  if (!value) return fail(std::move(value.error()));
  return dump_json(*value);
}

Result<> Host::Impl::run_command(std::string_view text) {
  if (shut_down_) return fail(Code::kShuttingDown, "the host was shut down");
  if (text.starts_with('/')) text.remove_prefix(1);
  const std::size_t space = text.find(' ');
  const std::string_view name = text.substr(0, space);
  const std::string_view rest =
      space == std::string_view::npos ? std::string_view() : text.substr(space + 1);
  const auto target = registry_.find_command(name);
  const auto extension = target ? find(target->extension) : nullptr;
  if (!extension) {
    return fail(Code::kNotFound, "Command /" + std::string(name) + " not found" +
                                     did_you_mean(name, registry_.command_names()));
  }
  Result<Json> value = extension->request({.kind = "command",
                                           .payload = {{"name", target->name}, {"args", rest}},
                                           .time = limits_of(target->extension).settle,
                                           .what = "the command /" + target->name});
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
  Result<Json> value = emit_event(std::string(type), *std::move(event));
  if (!value) return fail(std::move(value.error()));
  return dump_json(*value);
}

Result<Json> Host::Impl::emit_event(const std::string& type, Json event) {
  registry::Composition composition(type, std::move(event));
  for (const std::string& id : registry_.handling(type)) {
    const auto extension = find(id);
    if (!extension) continue;
    Result<Json> answer =
        extension->request({.kind = "event",
                            .payload = {{"type", type}, {"event", composition.event()}},
                            .time = limits_of(id).event_settle,
                            .what = "the handler of " + type,
                            .setting = "ext.limits.event_settle_ms"});
    if (!answer) {
      if (composition.add_error(id, answer.error().describe()) ==
          registry::Composition::Next::kStop) {
        break;
      }
      continue;
    }
    if (composition.add(id, *answer) == registry::Composition::Next::kStop) break;
  }
  return composition.value();
}

void Host::Impl::report_errors(const std::string& type, const Json& value) {
  for (const Json& error : value["errors"]) {
    log_.write(LogLevel::kError, json_string(error, "extension", "isopod"),
               "the handler of " + type + " failed: " + json_string(error, "message"));
  }
}

void Host::Impl::shutdown() {
  if (shut_down_.exchange(true)) return;
  if (!shard_) return;
  const Result<Json> ended =
      emit_event("session_shutdown", {{"type", "session_shutdown"}, {"reason", "quit"}});
  if (ended) report_errors("session_shutdown", *ended);
  dispatcher_->refuse_calls();
  for (const auto& extension : running()) extension->refuse_calls();
  // Work under way was asked for by threads that wait for it; nothing else is left to wait for but
  // hostcalls in flight.
  const MonotonicTime deadline = clock_.monotonic() + options_.drain;
  while (hostcalls().in_flight > 0 && clock_.monotonic() < deadline) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  for (const auto& extension : running()) extension->stop();
}

}  // namespace isopod
