// SPDX-License-Identifier: MIT
#include "host/host_impl.h"

#include <unistd.h>

#include <algorithm>
#include <optional>
#include <thread>
#include <utility>

#include "host/session_file.h"
#include "hostcall/agent_connector.h"
#include "hostcall/callback_connector.h"
#include "hostcall/env_connector.h"
#include "hostcall/exec_connector.h"
#include "hostcall/fs_connector.h"
#include "hostcall/http_connector.h"
#include "hostcall/log_connector.h"
#include "hostcall/module_connector.h"
#include "hostcall/ui_connector.h"
#include "node/native_modules.h"
#include "os/system_info.h"
#include "policy/grants.h"
#include "policy/profile.h"
#include "protocol/opcode.h"

namespace isopod {

using host::Entry;
using host::Extension;

namespace {

/// The reason that goes with every call until the fast lane has codecs.
constexpr const char* kLaneReason = "opcode_without_codec";

/// How often what was heard over the bus is let cause more of it at the end.
constexpr int kBusRoundsMax = 8;

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

Host::Impl::Impl(HostOptions options) : options_(std::move(options)), agent_(options_.agent) {}

Result<std::unique_ptr<Host::Impl>> Host::Impl::create(HostOptions options) {
  for (const std::string* path : {&options.project, &options.user_home, &options.agent_dir}) {
    if (!path->starts_with('/'))
      return fail(Code::kInvalidArgument, "not an absolute path: \"" + *path + "\"");
  }
  Result<policy::Rules> rules = rules_from(options);
  if (!rules) return fail(std::move(rules.error()));
  Result<std::vector<policy::Grant>> grants = grants_from(options);
  if (!grants) return fail(std::move(grants.error()));
  Result<Json> flags = parse_json(options.flags_json);
  if (!flags || !flags->is_object()) {
    return fail(Code::kInvalidArgument, "HostOptions::flags_json is not a JSON object");
  }
  auto impl = std::unique_ptr<Impl>(new Impl(std::move(options)));
  impl->flags_ = *std::move(flags);
  impl->rules_ = *std::move(rules);
  impl->grants_ = *std::move(grants);
  if (Result<> started = impl->start(); !started) return fail(std::move(started.error()));
  return impl;
}

Result<> Host::Impl::start() {
  auto session =
      host::open_session({options_.project, options_.session_file}, clock_, sources_->random, log_);
  if (!session) return fail(std::move(session.error()));
  session_ = std::make_unique<host::CurrentSession>(
      *std::move(session), [this](Json name) { announce_name(std::move(name)); });
  if (agent_ == nullptr) {
    headless_agent_ = make_headless_agent();
    agent_ = headless_agent_.get();
  }
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
      std::min(kSourceBytesMax, options_.limits.payload_bytes),
      [this](const hostcall::Caller& caller, const std::string& path) {
        return dispatcher_->judge(caller, {protocol::Capability::kRead, path});
      }));
  connectors.push_back(std::make_unique<hostcall::FsConnector>(
      hostcall::FsConnector::Options{.payload_bytes_max = options_.limits.payload_bytes},
      [this](const hostcall::Caller& caller, protocol::Capability capability,
             const std::string& path) {
        return dispatcher_->judge(caller, {capability, path});
      }));
  connectors.push_back(std::make_unique<hostcall::ExecConnector>(hostcall::ExecConnector::Options{
      .surroundings = {options_.project, hostcall::EnvConnector::of_process()},
      .rules = {[this](const hostcall::Caller& caller, const hostcall::Need& need) {
                  return dispatcher_->judge(caller, need);
                },
                [this](const hostcall::Caller& caller, const std::string& program) -> Result<> {
                  const std::lock_guard lock(mutex_);
                  const policy::Decision decision = policy::decide(
                      rules_, {caller.extension, protocol::Capability::kExec, program});
                  const bool is_denied = decision.rule == policy::Rule::kExtensionDeny ||
                                         decision.rule == policy::Rule::kGlobalDeny;
                  if (is_denied) return fail(Code::kDenied, decision.sentence);
                  return {};
                }},
      .payload_bytes_max = options_.limits.payload_bytes}));
  connectors.push_back(std::make_unique<hostcall::SessionConnector>(*session_));
  connectors.push_back(
      std::make_unique<hostcall::EnvConnector>(hostcall::EnvConnector::of_process()));
  connectors.push_back(std::make_unique<hostcall::HttpConnector>(
      [this](const hostcall::Caller& caller, const hostcall::Need& need) {
        return dispatcher_->judge(caller, need);
      }));
  connectors.push_back(std::make_unique<hostcall::UiConnector>(options_.user_interface));
  connectors.push_back(
      std::make_unique<hostcall::AgentConnector>(*agent_, [this] { return offers(); }));
  connectors.push_back(
      std::make_unique<hostcall::CallbackConnector>("registry", registry_updates()));
  connectors.push_back(std::make_unique<hostcall::CallbackConnector>("events", bus()));
  connectors.push_back(std::make_unique<hostcall::CallbackConnector>("tool", nested_calls()));
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
          .native_modules = node::native_modules(),
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
    return keep({{.id = path, .path = path, .error = std::move(entries.error())}, nullptr});
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
    return keep({std::move(info), std::move(extension), named});
  }
  info.error = std::move(loaded.error());
  if (extension) {
    extension->stop();
    const std::lock_guard lock(mutex_);
    std::erase(loading_, extension);
    ended_ += extension->counts();
  }
  return keep({std::move(info), nullptr, named});
}

Result<> Host::Impl::start_into(const Entry& entry, std::shared_ptr<Extension>& extension) {
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
  return {};
}

Result<Json> Host::Impl::load_into(const Entry& entry, std::shared_ptr<Extension>& extension) {
  if (Result<> started = start_into(entry, extension); !started) {
    return fail(std::move(started.error()));
  }
  Result<Json> loaded =
      extension->request({.kind = "load",
                          .payload = {{"path", entry.path}, {"id", entry.id}, {"flags", flags_}},
                          .time = limits_of(entry.id).load,
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

ExtensionInfo Host::Impl::keep(Record record) {
  const std::lock_guard lock(mutex_);
  if (record.extension) std::erase(loading_, record.extension);
  records_.push_back(std::move(record));
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
  running.insert(running.end(), retired_.begin(), retired_.end());
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

// ---- the end ----

void Host::Impl::settle_bus(MonotonicTime deadline) const {
  // Who hears something may say something, but not for ever.
  bool quiet = false;
  for (int round = 0; !quiet && round < kBusRoundsMax; ++round) {
    quiet = true;
    for (const auto& extension : running()) {
      if (!extension->has_posts()) continue;
      quiet = false;
      if (!extension->wait_for_posts(deadline)) return;
    }
  }
}

void Host::Impl::shutdown() {
  if (shut_down_.exchange(true)) return;
  if (!shard_) return;
  background_.wait_until(clock_.monotonic() + options_.drain);
  settle_bus(clock_.monotonic() + options_.drain);
  // Nothing that a handler waits for may keep a host from ending.
  emit_reported("session_shutdown", {{"type", "session_shutdown"}, {"reason", "quit"}},
                options_.drain);
  settle_bus(clock_.monotonic() + options_.drain);
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
