// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "base/json.h"
#include "host/entry.h"
#include "host/request_table.h"
#include "hostcall/counters.h"
#include "hostcall/dispatcher.h"
#include "isolate/isolate.h"
#include "isopod/options.h"
#include "reactor/shard.h"

namespace isopod::host {

/// One extension of a host: its isolate, its lane, and the requests it works on. Requests block the
/// calling thread until they are answered or out of time; answers and hostcalls arrive on the
/// shard.
class Extension {
 public:
  struct Services {
    reactor::Shard& shard;
    hostcall::Dispatcher& dispatcher;
    const Clock& clock;
    /// Something went wrong outside any request. Called on the shard.
    std::function<void(const std::string& extension, const Error&)> report;
  };

  /// Starts the isolate; nothing of the extension has run yet.
  static Result<std::unique_ptr<Extension>> start(const Entry& entry, const ExtensionLimits& limits,
                                                  isolate::Options options, Services services);
  ~Extension();
  Extension(const Extension&) = delete;
  Extension& operator=(const Extension&) = delete;

  struct Work {
    std::string kind;
    Json payload = nullptr;
    std::chrono::milliseconds time{30000};  ///< without the time that people and children take
    /// With it; for work that must end, such as a shutdown.
    std::optional<std::chrono::milliseconds> at_most = {};
    std::string what = {};  ///< for the message of a timeout: "the tool x"
    std::string_view setting = "ext.limits.settle_ms";
  };
  /// Errors: what the extension threw; `timeout` when it did not settle in time; `faulted` when the
  /// isolate is gone; `backpressure`, `payload_too_large`.
  Result<Json> request(Work work);

  /// Sends a request whose answer nobody waits for. What is thrown outside of it is reported.
  void post(std::string kind, Json payload);

  [[nodiscard]] bool has_posts() const { return requests_->has_unattended(); }
  /// Blocks until what was posted until now has been worked on, or the deadline, which it tells.
  bool wait_for_posts(MonotonicTime deadline) { return requests_->wait_unattended(deadline); }

  /// Hostcalls are refused from now on.
  void refuse_calls() { lane_->refuse_calls(); }

  /// Ends the isolate: nothing of the extension runs after this. Not on the shard; whoever gives
  /// the last reference away has called it, because that may be the shard.
  void stop();

  [[nodiscard]] const Entry& entry() const { return entry_; }
  [[nodiscard]] const hostcall::Caller& caller() const { return caller_; }
  /// Why the isolate ended by itself, if it did.
  [[nodiscard]] std::optional<Error> fault() const;
  [[nodiscard]] hostcall::Counts counts() const;

 private:
  Extension(Entry entry, Services services);
  void on_message(Result<protocol::ToHost> message);
  void on_hostcall(const protocol::Hostcall& call);
  void on_stopped(const std::optional<Error>& error);
  [[nodiscard]] Error gone() const;

  const Entry entry_;
  const hostcall::Caller caller_;
  const Services services_;
  // Shared with completions, which may outlive the extension.
  const std::shared_ptr<hostcall::Counters> counters_ = std::make_shared<hostcall::Counters>();
  const std::shared_ptr<RequestTable> requests_;
  std::shared_ptr<reactor::CompatLane> lane_;

  std::atomic<bool> stopped_{false};

  mutable std::mutex mutex_;  // guards the rest
  std::unique_ptr<isolate::Isolate> isolate_;
  std::optional<Error> fault_;
};

}  // namespace isopod::host
