// SPDX-License-Identifier: MIT
// Events whose handlers contribute to a run or a session: prompts, resources, cache warming.
#include <array>
#include <utility>

#include "registry/composition_rules.h"

namespace isopod::registry {
namespace {

/// What handlers may rely on to be there in `systemPromptOptions`.
void complete_prompt_options(Json& options) {
  if (!options.is_object()) options = Json::object();
  const Json defaults = {{"selectedTools", {"read", "bash", "edit", "write"}},
                         {"hiddenTools", Json::array()},
                         {"toolSnippets", Json::object()},
                         {"toolGuidelines", Json::object()},
                         {"promptGuidelines", Json::array()},
                         {"appendSystemPrompt", ""},
                         {"sections", Json::object()},
                         {"contextFiles", Json::array()},
                         {"skills", Json::array()}};
  for (const auto& [name, value] : defaults.items()) {
    if (member(options, name.c_str()).is_null()) options[name] = value;
  }
}

/// Messages accumulate; the options of the system prompt are shared by all handlers, and a prompt
/// that one returned is in them as `forceSystemPrompt`.
class BeforeAgentStartRule final : public EventRule {
 public:
  void begin(Json& event) override {
    if (!event.contains("messageType")) {
      event["messageType"] = event.contains("message") ? "custom" : "user";
    }
    if (!event.contains("systemPrompt")) event["systemPrompt"] = "";
    complete_prompt_options(event["systemPromptOptions"]);
  }
  Next take(Json& event, const EventAnswer& answer, const Source&, Problems& problems) override {
    const Json& options = member(answer.event, "systemPromptOptions");
    if (options.is_object()) {
      event["systemPromptOptions"] = options;
      const Json& forced = member(options, "forceSystemPrompt");
      if (forced.is_string()) event["systemPrompt"] = forced;
    } else {
      problems.emplace_back("before_agent_start handlers must leave systemPromptOptions an object");
    }
    for (const Json& result : answer.results) {
      const Json& message = member(result, "message");
      if (truthy(message)) messages_.push_back(message);
    }
    return Next::kAsk;
  }
  [[nodiscard]] Json result(const Json& event) const override {
    return {{"messages", messages_}, {"systemPromptOptions", event["systemPromptOptions"]}};
  }

 private:
  Json messages_ = Json::array();
};

constexpr std::array kPathLists = {"skillPaths", "promptPaths", "themePaths"};

/// Lists are joined; each path says whose it is.
class ResourcesRule final : public EventRule {
 public:
  ResourcesRule() {
    for (const char* name : kPathLists) lists_[name] = Json::array();
  }
  Next take(Json&, const EventAnswer& answer, const Source& source, Problems& problems) override {
    const std::string& owner = source.path.empty() ? source.extension : source.path;
    for (const Json& result : answer.results) {
      for (const char* name : kPathLists) add(name, member(result, name), owner, problems);
    }
    return Next::kAsk;
  }
  [[nodiscard]] Json result(const Json&) const override { return lists_; }

 private:
  void add(const char* name, const Json& paths, const std::string& owner, Problems& problems) {
    if (!truthy(paths)) return;
    if (!paths.is_array()) {
      problems.push_back("resources_discover: " + std::string(name) + " must be a list of paths");
      return;
    }
    for (const Json& path : paths) {
      if (path.is_string()) {
        lists_[name].push_back({{"path", path}, {"extensionPath", owner}});
      } else {
        problems.push_back("resources_discover: a path in " + std::string(name) + " is no text");
      }
    }
  }

  Json lists_ = Json::object();
};

/// The event's own action stands unless a handler says otherwise; the last one wins.
class CacheWarmingRule final : public EventRule {
 public:
  void begin(Json& event) override { action_ = member(event, "action"); }
  Next take(Json&, const EventAnswer& answer, const Source&, Problems& problems) override {
    for (const Json& result : answer.results) {
      const Json& action = member(result, "action");
      if (action.is_null()) continue;
      if (action == "warm" || action == "stop") {
        action_ = action;
      } else {
        problems.emplace_back("cache_warming_decision handlers must return warm or stop");
      }
    }
    return Next::kAsk;
  }
  [[nodiscard]] Json result(const Json&) const override { return action_; }

 private:
  Json action_;
};

}  // namespace

std::unique_ptr<EventRule> make_run_rule(const std::string& type) {
  if (type == "before_agent_start") return std::make_unique<BeforeAgentStartRule>();
  if (type == "resources_discover") return std::make_unique<ResourcesRule>();
  if (type == "cache_warming_decision") return std::make_unique<CacheWarmingRule>();
  return nullptr;
}

}  // namespace isopod::registry
