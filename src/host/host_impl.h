// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/log.h"
#include "base/random.h"
#include "host/background.h"
#include "host/current_session.h"
#include "host/extension.h"
#include "host/tool_call.h"
#include "hostcall/callback_connector.h"
#include "hostcall/dispatcher.h"
#include "hostcall/session_connector.h"
#include "isopod/host.h"
#include "policy/decision.h"
#include "reactor/shard.h"
#include "registry/headless_agent.h"
#include "registry/registry.h"

namespace isopod {

/// The composition root: makes the shard, the connectors, the dispatcher and one Extension per
/// entry, and joins them. Members are declared in the order in which they need each other.
class Host::Impl {
 public:
  static Result<std::unique_ptr<Impl>> create(HostOptions options);

  ExtensionInfo load(const std::string& path, Origin origin);
  [[nodiscard]] std::vector<ExtensionInfo> extensions() const;
  [[nodiscard]] Result<std::string> registrations(const std::string& id) const;
  [[nodiscard]] Result<std::string> inspect_statically(const std::string& path);
  Result<std::string> call_tool(std::string_view name, std::string_view arguments_json);
  Result<> run_command(std::string_view text);
  Result<std::string> emit(std::string_view type, std::string_view event_json);
  [[nodiscard]] HostcallFigures hostcalls() const;
  void shutdown();

 private:
  /// Hands lines of the library to the embedder's function.
  class OptionsLog final : public LogSink {
   public:
    explicit OptionsLog(const HostOptions& options) : options_(options) {}
    void write(LogLevel level, std::string_view source, std::string_view text) override;

   private:
    const HostOptions& options_;
  };
  struct Record {
    ExtensionInfo info;
    std::shared_ptr<host::Extension> extension;  // shared with calls under way on other threads
    std::optional<host::Entry> entry = {};       // none when no entry file was found
  };
  struct ToolCallRequest {
    std::string_view name;
    std::string id;
    std::string parent = {};
    Json arguments = nullptr;
  };

  explicit Impl(HostOptions options);
  Result<> start();
  [[nodiscard]] ExtensionLimits limits_of(std::string_view id) const;
  [[nodiscard]] isolate::Options isolate_options(const host::Entry& entry,
                                                 const ExtensionLimits& limits) const;
  [[nodiscard]] std::vector<std::unique_ptr<hostcall::Connector>> make_connectors();
  ExtensionInfo load_entry(const host::Entry& entry, Origin origin);
  /// Starts an extension's isolate; nothing of the extension has run yet.
  Result<> start_into(const host::Entry& entry, std::shared_ptr<host::Extension>& extension);
  /// Which of the names that code takes from built-in modules are there in name only.
  Result<Json> unsupported_names(const host::Entry& entry, const Json& names);
  Result<Json> load_into(const host::Entry& entry, std::shared_ptr<host::Extension>& extension);
  ExtensionInfo keep(Record record);
  std::string reserve_id(const std::string& id);
  void grant(const std::string& id);
  [[nodiscard]] std::shared_ptr<host::Extension> find(const std::string& id) const;
  [[nodiscard]] std::vector<std::shared_ptr<host::Extension>> running() const;
  /// `at_most` bounds the time of each extension, waiting for people and children included.
  Json emit_event(const std::string& type, Json event,
                  std::optional<std::chrono::milliseconds> at_most = {});
  /// The same for events that nobody outside waits for: what handlers throw goes to the log.
  Json emit_reported(const std::string& type, Json event,
                     std::optional<std::chrono::milliseconds> at_most = {});
  /// Runs a tool by its name; the call needs an id.
  Result<Json> run_tool(ToolCallRequest request);
  /// The tools and commands of extensions, as pi lists them.
  [[nodiscard]] Json offers() const;
  [[nodiscard]] Json source_of(const std::string& extension) const;
  [[nodiscard]] hostcall::CallbackConnector::Start registry_updates();
  [[nodiscard]] hostcall::CallbackConnector::Start bus();
  [[nodiscard]] hostcall::CallbackConnector::Start nested_calls();
  [[nodiscard]] std::unique_ptr<registry::HeadlessAgent> make_headless_agent();
  /// Loads every extension anew, as a new session or a reload has it.
  Result<> restart(const std::string& reason, std::shared_ptr<registry::Session> next);
  /// Ends the session and begins the one that an action of an extension leads to.
  using SessionChange = registry::HeadlessAgent::SessionChange;
  Result<> switch_session(const SessionChange& change);
  Result<std::shared_ptr<registry::Session>> next_session(const SessionChange& change);
  Result<> restart_one(const std::string& id);
  /// Whether the caller is what runs, or loads, under its id now.
  [[nodiscard]] bool is_current(const hostcall::Caller& caller) const;
  [[nodiscard]] std::optional<host::Entry> entry_of(const std::string& id) const;
  /// Waits until what was sent over the bus has been heard, or the deadline.
  void settle_bus(MonotonicTime deadline) const;
  /// Tells extensions that the session has another name.
  void announce_name(Json name);
  /// Ends replaced extensions that nobody waits for any more.
  void sweep_retired();

  const HostOptions options_;
  /// Time and randomness, shared with isolates whose thread may outlive the host.
  struct Sources {
    SystemClock clock;
    SystemRandom random;
  };
  const std::shared_ptr<Sources> sources_ = std::make_shared<Sources>();
  const SystemClock& clock_ = sources_->clock;
  OptionsLog log_{options_};
  std::unique_ptr<host::CurrentSession> session_;  // there before anything is loaded
  registry::Registry registry_;
  std::vector<policy::Grant> grants_;  // set before anything is loaded
  Json flags_ = Json::object();        // the same
  Agent* agent_;                       // the embedder's, or headless_agent_
  std::unique_ptr<registry::HeadlessAgent> headless_agent_;
  std::unique_ptr<hostcall::Dispatcher> dispatcher_;
  std::unique_ptr<reactor::Shard> shard_;
  std::atomic<bool> shut_down_{false};
  std::atomic<std::uint64_t> calls_{0};
  std::atomic<bool> has_retired_{false};  // spares calls a look at retired_
  std::mutex restarting_;                 // held during a restart; taken before mutex_

  mutable std::mutex mutex_;  // guards the rest
  std::vector<Record> records_;
  std::vector<std::shared_ptr<host::Extension>> loading_;  // started, not yet in records_
  std::vector<std::shared_ptr<host::Extension>> retired_;  // replaced, with calls perhaps under way
  std::set<std::string> ids_;
  policy::Rules rules_;
  hostcall::Counts ended_;  // of extensions that failed to load

  // Last, so that its work has ended before anything it uses goes.
  host::Background background_{1024};
};

}  // namespace isopod
