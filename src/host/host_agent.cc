// SPDX-License-Identifier: MIT
/// The part of Host::Impl that is an agent's: what extensions see of it, sessions, reload.
#include <algorithm>
#include <iterator>
#include <utility>

#include "host/host_impl.h"
#include "host/session_switch.h"
#include "os/files.h"

namespace isopod {

using host::Extension;

// ---- the agent ----

Json Host::Impl::source_of(const std::string& extension) const {
  std::string path;
  {
    const std::lock_guard lock(mutex_);
    for (const Record& record : records_) {
      if (record.info.id == extension) path = record.info.path;
    }
  }
  return {{"path", path},
          {"source", "local"},
          {"scope", "temporary"},
          {"origin", "top-level"},
          {"baseDir", path.substr(0, path.rfind('/'))}};
}

Json Host::Impl::offers() const {
  Json tools = registry_.tools();
  for (Json& tool : tools) {
    tool["sourceInfo"] = source_of(json_string(tool, "extension"));
    tool.erase("extension");
  }
  Json commands = Json::array();
  for (const registry::Registry::Command& command : registry_.commands()) {
    Json shown = {{"name", command.shown_name}};
    if (!command.description.is_null()) shown["description"] = command.description;
    shown["source"] = "extension";
    shown["sourceInfo"] = source_of(command.target.extension);
    commands.push_back(std::move(shown));
  }
  return {{"extensionTools", std::move(tools)}, {"extensionCommands", std::move(commands)}};
}

std::unique_ptr<registry::HeadlessAgent> Host::Impl::make_headless_agent() {
  return std::make_unique<registry::HeadlessAgent>(registry::HeadlessAgent::Services{
      .tools = [this] { return registry_.tools(); },
      .append = [this](std::string_view type, Json fields) -> Result<> {
        Result<std::string> id = session_->append(type, std::move(fields));
        if (!id) return fail(std::move(id.error()));
        return {};
      },
      .emit = [this](const std::string& type,
                     Json event) { return emit_reported(type, std::move(event)); },
      .run_command = [this](const std::string& text) { return run_command(text).has_value(); },
      .switch_session = [this](const SessionChange& change) { return switch_session(change); },
      .move_leaf = [this](const std::string& entry) -> Result<> {
        return session_->get()->move_leaf(entry);
      },
      .leaf = [this] { return session_->get()->leaf(); },
      .later = [this](std::function<void()> work) { return background_.run(std::move(work)); }});
}

// ---- another session, and reload ----

void Host::Impl::announce_name(Json name) {
  // Handlers are waited for, and who sets the name may be one of those to be told.
  const Result<> started = background_.run([this, name = std::move(name)] {
    emit_reported("session_info_changed", {{"type", "session_info_changed"}, {"name", name}});
  });
  if (!started) log_.write(LogLevel::kWarn, "isopod", started.error().message);
}

Result<std::shared_ptr<registry::Session>> Host::Impl::next_session(const SessionChange& change) {
  const host::SessionSwitch sessions(options_.project, clock_, sources_->random, log_);
  const std::shared_ptr<registry::Session> current = session_->get();
  if (change.reason == "reload") return current;
  if (change.reason == "new") return sessions.fresh(*current);
  if (change.reason == "fork") {
    return sessions.fork(*current, change.entry,
                         change.position == "at" ? host::SessionSwitch::Position::kAt
                                                 : host::SessionSwitch::Position::kBefore);
  }
  // A session file is a file: who may not read and write it does not reach it this way either.
  Result<std::string> real_path = os::canonical_path(change.path);
  if (!real_path) return fail(std::move(real_path.error()));
  const std::string path = *std::move(real_path);
  const hostcall::Caller caller{change.extension, {}};
  for (const auto capability : {protocol::Capability::kRead, protocol::Capability::kWrite}) {
    if (Result<> judged = dispatcher_->judge(caller, {capability, path}); !judged) {
      return fail(std::move(judged.error()));
    }
  }
  auto opened = sessions.open(path);
  // A link that changed between the question and the opening led elsewhere.
  if (opened && json_string((*opened)->info(), "file") != path) {
    return fail(Code::kDenied, path + " is not where it was a moment ago");
  }
  return opened;
}

Result<> Host::Impl::switch_session(const SessionChange& change) {
  auto next = next_session(change);
  if (!next) return fail(std::move(next.error()));
  return restart(change.reason, *std::move(next));
}

Result<> Host::Impl::restart(const std::string& reason, std::shared_ptr<registry::Session> next) {
  const std::lock_guard one_at_a_time(restarting_);
  if (shut_down_) return fail(Code::kShuttingDown, "the host was shut down");
  Json end = {{"type", "session_shutdown"}, {"reason", reason}};
  const Json target = next->info()["file"];
  if (!target.is_null() && reason != "reload") end["targetSessionFile"] = target;
  emit_reported("session_shutdown", std::move(end));
  std::vector<std::string> ids;
  for (const ExtensionInfo& info : extensions()) ids.push_back(info.id);
  const Json previous = session_->info()["file"];
  session_->replace(std::move(next));
  sweep_retired();
  Result<> first_failure;
  for (const std::string& id : ids) {
    Result<> restarted = restart_one(id);
    if (!restarted && first_failure) first_failure = std::move(restarted);
  }
  sweep_retired();
  Json start = {{"type", "session_start"}, {"reason", reason}};
  if (!previous.is_null() && reason != "reload") start["previousSessionFile"] = previous;
  emit_reported("session_start", std::move(start));
  return first_failure;
}

bool Host::Impl::is_current(const hostcall::Caller& caller) const {
  const std::lock_guard lock(mutex_);
  const auto is_caller = [&](const std::shared_ptr<Extension>& extension) {
    return extension && extension->caller().instance == caller.instance;
  };
  return std::any_of(loading_.begin(), loading_.end(), is_caller) ||
         std::any_of(records_.begin(), records_.end(),
                     [&](const Record& record) { return is_caller(record.extension); });
}

std::optional<host::Entry> Host::Impl::entry_of(const std::string& id) const {
  const std::lock_guard lock(mutex_);
  for (const Record& record : records_) {
    if (record.info.id == id) return record.entry;
  }
  return std::nullopt;
}

void Host::Impl::sweep_retired() {
  if (!has_retired_) return;
  std::vector<std::shared_ptr<Extension>> done;
  {
    const std::lock_guard lock(mutex_);
    const auto idle = std::stable_partition(retired_.begin(), retired_.end(),
                                            [](const auto& one) { return one.use_count() > 1; });
    done.assign(std::make_move_iterator(idle), std::make_move_iterator(retired_.end()));
    retired_.erase(idle, retired_.end());
    has_retired_ = !retired_.empty();
  }
  for (const auto& extension : done) {
    extension->stop();
    const std::lock_guard lock(mutex_);
    ended_ += extension->counts();
  }
}

Result<> Host::Impl::restart_one(const std::string& id) {
  const std::shared_ptr<Extension> old = find(id);
  const std::optional<host::Entry> entry = entry_of(id);
  if (!entry) return {};
  if (old) old->post("stale", nullptr);
  std::shared_ptr<Extension> fresh;
  Result<Json> loaded = load_into(*entry, fresh);
  if (!loaded && fresh) fresh->stop();
  const std::lock_guard lock(mutex_);
  for (Record& record : records_) {
    if (record.info.id != id) continue;
    record.info.ok = loaded.has_value();
    record.info.error = loaded ? Error{} : loaded.error();
    record.extension = loaded ? fresh : nullptr;
  }
  // A handler that asked for this is still running in the old one: it ends with its last call.
  if (old) {
    retired_.push_back(old);
    has_retired_ = true;
  }
  std::erase(loading_, fresh);
  if (!loaded) {
    if (fresh) ended_ += fresh->counts();
    registry_.remove(id);
    return fail(std::move(loaded.error()));
  }
  registry_.put(id, *std::move(loaded));
  return {};
}

}  // namespace isopod
