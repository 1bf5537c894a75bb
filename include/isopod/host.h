// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "isopod/options.h"
#include "isopod/result.h"

namespace isopod {

/// One extension as the host knows it.
struct ExtensionInfo {
  std::string id = {};    ///< package name, or file stem
  std::string path = {};  ///< the canonical path of the entry file
  bool ok = false;
  Error error = {};       ///< why not, when `ok` is false
  std::string lane = {};  ///< the lane its next hostcall takes: "fast" or "compat"
  std::string lane_reason = {};
  std::chrono::microseconds load_time{0};
};

/// How hostcalls ended. `issued = ok + error + denied + timeout + cancelled + in_flight`, always.
struct HostcallFigures {
  std::uint64_t issued = 0;
  std::uint64_t ok = 0;
  std::uint64_t error = 0;
  std::uint64_t denied = 0;
  std::uint64_t timeout = 0;
  std::uint64_t cancelled = 0;
  std::uint64_t in_flight = 0;
  std::uint64_t fast = 0;
  std::uint64_t compat = 0;
  std::map<std::string, std::uint64_t> by_code = {};
};

/// Loads extensions and runs what they offer. JSON goes in and out as text. Every function may be
/// called from any thread and blocks until its work is done; failures of one extension never harm
/// another.
class Host {
 public:
  /// Errors: `usage` for a profile or grant that is none, `invalid_argument` for a relative path.
  static Result<std::unique_ptr<Host>> create(HostOptions options);
  /// Shuts down, if `shutdown` was not called.
  ~Host();
  Host(const Host&) = delete;
  Host& operator=(const Host&) = delete;

  /// How an extension came to be loaded.
  enum class Origin {
    kNamed,       ///< a person named it: `HostOptions::grants` hold for it
    kDiscovered,  ///< it was found in a folder: the profile decides alone
  };
  /// Loads an extension from a file, a directory or a package. The record says how it went; a
  /// failed extension stays listed. For a package with several entries, the first that failed or
  /// the last.
  ExtensionInfo load(const std::string& path, Origin origin = Origin::kNamed);
  [[nodiscard]] std::vector<ExtensionInfo> extensions() const;

  /// What an extension registered, as the JSON object that `isopod inspect` prints. Errors:
  /// not_found, or the load error.
  [[nodiscard]] Result<std::string> registrations(const std::string& id) const;

  /// What an extension visibly needs, found without running a line of it: a JSON object with
  /// "files", "capabilities" {"inferred", "missing"} and "notes". `missing` are imports that lead
  /// nowhere and functions that this version of isopod does not have. Errors: as those of a load.
  [[nodiscard]] Result<std::string> inspect_statically(const std::string& path);

  /// Calls a tool; of several with one name the extension loaded first has it. The value is pi's
  /// tool result. Errors: `not_found` with near names, `timeout`, `memory`, `faulted`,
  /// `not_serializable`...
  Result<std::string> call_tool(std::string_view name, std::string_view arguments_json);

  /// Runs a slash command, given with or without the slash: "name arguments".
  Result<> run_command(std::string_view text);

  /// Fires an event at every extension that handles it, in load order. The value is
  /// {"result", "event", "errors"}: the composed result, the event as handlers left it, what threw.
  Result<std::string> emit(std::string_view type, std::string_view event_json);

  [[nodiscard]] HostcallFigures hostcalls() const;

  /// Refuses new work, lets work under way finish until the drain deadline, fires session_shutdown,
  /// ends every isolate. Further calls fail with `shutting_down`.
  void shutdown();

 private:
  class Impl;
  explicit Host(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace isopod
