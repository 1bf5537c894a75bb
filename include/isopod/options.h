// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace isopod {

class Agent;
class UserInterface;

/// What one extension may use. The settings `ext.limits.*` describe each in full.
struct ExtensionLimits {
  std::size_t heap_bytes = std::size_t{256} << 20;
  std::size_t stack_bytes = std::size_t{1} << 20;
  std::chrono::milliseconds turn{5000};          ///< JavaScript that does not return to its loop
  std::chrono::milliseconds settle{30000};       ///< a tool or command that does not settle
  std::chrono::milliseconds event_settle{5000};  ///< an event handler that does not settle
  std::chrono::milliseconds load{10000};
  std::size_t pending_calls = 4096;  ///< hostcalls in flight
  std::size_t timers = 1024;
  std::size_t payload_bytes = std::size_t{16} << 20;
};

/// Where an isolate lives. Worker processes come with a later version.
enum class Placement { kThread };

struct HostOptions {
  std::string project;                   ///< the directory extensions work in; absolute
  std::string user_home;                 ///< what extensions see as the home directory
  std::string agent_dir;                 ///< what pi's helpers see as the agent's directory
  std::string profile = "balanced";      ///< safe, balanced or permissive
  std::vector<std::string> grants = {};  ///< for extensions a person named: "exec:git", "all"
  ExtensionLimits limits = {};
  /// The limits of one extension, by id; when empty, `limits` holds for all.
  std::function<ExtensionLimits(std::string_view extension)> limits_of = {};
  Placement placement = Placement::kThread;
  std::chrono::milliseconds drain{5000};    ///< how long `shutdown` lets work finish
  UserInterface* user_interface = nullptr;  ///< borrowed; null: nobody is there
  Agent* agent = nullptr;  ///< borrowed; null: as pi without a model (isopod/agent.h)
  /// Values of flags that extensions register, by name: a JSON object of booleans and texts.
  std::string flags_json = "{}";
  /// Where the session is kept, in pi's format; absolute. Empty: in memory. One host at a time.
  std::string session_file = {};
  /// Lines of extensions' console and of the host: level word, source, text. Called on host
  /// threads.
  std::function<void(std::string_view level, std::string_view source, std::string_view text)> log =
      {};
};

}  // namespace isopod
