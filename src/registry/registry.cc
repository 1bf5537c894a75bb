// SPDX-License-Identifier: MIT
#include "registry/registry.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace isopod::registry {
namespace {

/// A list of registered things, such as `tools`.
const Json& items_of(const Json& registrations, const char* list) {
  static const Json kNone = Json::array();
  if (!registrations.is_object()) return kNone;
  const auto found = registrations.find(list);
  return found == registrations.end() || !found->is_array() ? kNone : *found;
}

std::vector<std::string> names_in(const Json& registrations, const char* list) {
  std::vector<std::string> names;
  for (const Json& item : items_of(registrations, list)) names.push_back(json_string(item, "name"));
  return names;
}

}  // namespace

void Registry::put(const std::string& extension, Json registrations) {
  const std::lock_guard lock(mutex_);
  for (Entry& entry : entries_) {
    if (entry.extension != extension) continue;
    entry.registrations = std::move(registrations);
    return;
  }
  entries_.push_back({extension, std::move(registrations)});
}

void Registry::remove(const std::string& extension) {
  const std::lock_guard lock(mutex_);
  std::erase_if(entries_, [&](const Entry& entry) { return entry.extension == extension; });
}

Json Registry::registrations(const std::string& extension) const {
  const std::lock_guard lock(mutex_);
  for (const Entry& entry : entries_) {
    if (entry.extension == extension) return entry.registrations;
  }
  return nullptr;
}

std::optional<Target> Registry::find_tool(std::string_view name) const {
  const std::lock_guard lock(mutex_);
  for (const Entry& entry : entries_) {
    for (std::string& tool : names_in(entry.registrations, "tools")) {
      if (tool == name) return Target{entry.extension, std::move(tool)};
    }
  }
  return std::nullopt;
}

Json Registry::tools() const {
  const std::lock_guard lock(mutex_);
  std::set<std::string> taken;
  Json tools = Json::array();
  for (const Entry& entry : entries_) {
    for (const Json& item : items_of(entry.registrations, "tools")) {
      if (!item.is_object() || !taken.insert(json_string(item, "name")).second) continue;
      tools.push_back(item);
      tools.back()["extension"] = entry.extension;
    }
  }
  return tools;
}

std::vector<Registry::Command> Registry::commands() const {
  const std::lock_guard lock(mutex_);
  std::map<std::string, int> uses;
  for (const Entry& entry : entries_) {
    for (const std::string& name : names_in(entry.registrations, "commands")) ++uses[name];
  }
  std::map<std::string, int> numbers;
  std::vector<Command> commands;
  for (const Entry& entry : entries_) {
    for (const Json& item : items_of(entry.registrations, "commands")) {
      std::string name = json_string(item, "name");
      std::string shown = uses[name] == 1 ? name : name + ":" + std::to_string(++numbers[name]);
      const auto description = item.is_object() ? item.find("description") : item.end();
      commands.push_back({std::move(shown),
                          {entry.extension, std::move(name)},
                          description == item.end() ? Json(nullptr) : *description});
    }
  }
  return commands;
}

std::optional<Target> Registry::find_command(std::string_view name) const {
  for (Command& command : commands()) {
    if (command.shown_name == name) return std::move(command.target);
  }
  return std::nullopt;
}

std::vector<std::string> Registry::tool_names() const {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> names;
  for (const Entry& entry : entries_) {
    for (std::string& name : names_in(entry.registrations, "tools"))
      names.push_back(std::move(name));
  }
  return names;
}

std::vector<std::string> Registry::command_names() const {
  std::vector<std::string> names;
  for (Command& command : commands()) names.push_back(std::move(command.shown_name));
  return names;
}

std::vector<std::string> Registry::handling(std::string_view event) const {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> extensions;
  for (const Entry& entry : entries_) {
    if (!entry.registrations.is_object()) continue;
    const auto handlers = entry.registrations.find("handlers");
    if (handlers == entry.registrations.end() || !handlers->is_object()) continue;
    if (handlers->contains(std::string(event))) extensions.push_back(entry.extension);
  }
  return extensions;
}

}  // namespace isopod::registry
