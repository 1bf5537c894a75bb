// SPDX-License-Identifier: MIT
#pragma once

#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"

namespace isopod::registry {

/// What a name leads to: an extension, and the name it knows the thing by.
struct Target {
  std::string extension;
  std::string name;
};

/// What the loaded extensions offer, in load order: the host half of pi's registration API. Who
/// loads first has a tool's name; commands of one name in several extensions become name:1, name:2.
/// Any thread.
class Registry {
 public:
  /// Takes or replaces what an extension registered: the object its isolate describes itself with.
  void put(const std::string& extension, Json registrations);
  void remove(const std::string& extension);

  /// Null for an extension that has nothing registered.
  [[nodiscard]] Json registrations(const std::string& extension) const;

  [[nodiscard]] std::optional<Target> find_tool(std::string_view name) const;
  [[nodiscard]] std::optional<Target> find_command(std::string_view name) const;

  /// Every tool that can be called, as registered, with the "extension" that has it, in load order.
  [[nodiscard]] Json tools() const;

  struct Command {
    std::string shown_name;  ///< what a person types
    Target target;
    Json description;  ///< text or null
  };
  [[nodiscard]] std::vector<Command> commands() const;

  /// Names for "did you mean", in load order.
  [[nodiscard]] std::vector<std::string> tool_names() const;
  [[nodiscard]] std::vector<std::string> command_names() const;

  /// The extensions with a handler for an event, in load order.
  [[nodiscard]] std::vector<std::string> handling(std::string_view event) const;

 private:
  struct Entry {
    std::string extension;
    Json registrations;
  };
  mutable std::mutex mutex_;  // guards entries_
  std::vector<Entry> entries_;
};

}  // namespace isopod::registry
