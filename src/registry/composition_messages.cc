// SPDX-License-Identifier: MIT
// Events whose handlers change what is said: messages, results and requests to a provider.
#include <array>
#include <string>
#include <utility>

#include "registry/composition_rules.h"

namespace isopod::registry {
namespace {

bool is_system(const Json& message) { return json_string(message, "role") == "system"; }

Json without_system(const Json& messages) {
  Json visible = Json::array();
  for (const Json& message : messages) {
    if (!is_system(message)) visible.push_back(message);
  }
  return visible;
}

/// Handlers see the conversation without its system messages. Edited elements stay where they are;
/// a new list gets the system messages back as one in front, so that pruning cannot drop them.
class ContextRule final : public EventRule {
 public:
  void begin(Json& event) override {
    if (member(event, "messages").is_array()) messages_ = event["messages"];
    event["messages"] = without_system(messages_);
  }
  Next take(Json& event, const EventAnswer& answer, const Source&, Problems& problems) override {
    const Json& given = member(answer.event, "messages");
    if (!given.is_array()) {
      problems.emplace_back("context handlers must leave a list of messages");
      return Next::kAsk;
    }
    if (answer.list == EventAnswer::List::kReplaced || given.size() != event["messages"].size()) {
      replace(given);
    } else {
      edit(given);
    }
    event["messages"] = without_system(messages_);
    return Next::kAsk;
  }
  [[nodiscard]] Json result(const Json&) const override { return messages_; }

 private:
  void replace(const Json& given) {
    Json head = current_system_message(messages_);
    messages_ = Json::array();
    if (!head.is_null()) messages_.push_back(std::move(head));
    for (const Json& message : given) messages_.push_back(message);
  }
  void edit(const Json& given) {
    std::size_t next = 0;
    for (Json& message : messages_) {
      if (!is_system(message)) message = given[next++];
    }
  }

  Json messages_ = Json::array();
};

class ContextWithSystemRule final : public EventRule {
 public:
  Next take(Json& event, const EventAnswer& answer, const Source&, Problems& problems) override {
    if (member(answer.event, "messages").is_array()) {
      event["messages"] = answer.event["messages"];
    } else {
      problems.emplace_back("context_with_system handlers must leave a list of messages");
    }
    return Next::kAsk;
  }
  [[nodiscard]] Json result(const Json& event) const override {
    return member(event, "messages").is_array() ? event["messages"] : Json::array();
  }
};

class MessageEndRule final : public EventRule {
 public:
  void begin(Json& event) override { original_ = member(event, "message"); }
  Next take(Json& event, const EventAnswer& answer, const Source&, Problems& problems) override {
    const Json& given = member(answer.event, "message");
    if (given == member(event, "message")) return Next::kAsk;
    if (!given.is_object() || member(given, "role") != member(original_, "role")) {
      problems.emplace_back("message_end handlers must return a message with the same role");
      return Next::kAsk;
    }
    event["message"] = given;
    return Next::kAsk;
  }
  [[nodiscard]] Json result(const Json& event) const override {
    const Json& message = member(event, "message");
    return message == original_ ? Json(nullptr) : message;
  }

 private:
  Json original_;
};

constexpr std::array kResultMembers = {"content", "details", "structuredContent", "isError",
                                       "usage"};

/// A middleware: each handler patches the result that the one before it left.
class ToolResultRule final : public EventRule {
 public:
  void begin(Json& event) override { original_ = event; }
  Next take(Json& event, const EventAnswer& answer, const Source&, Problems&) override {
    adopt(event, answer.event,
          {"input", "content", "details", "structuredContent", "isError", "usage"});
    for (const Json& result : answer.results) {
      for (const char* name : kResultMembers) {
        if (result.is_object() && result.contains(name)) patch_ = Patch::kGiven;
      }
    }
    return Next::kAsk;
  }
  [[nodiscard]] Json result(const Json& event) const override {
    bool changed = patch_ == Patch::kGiven;
    Json whole = Json::object();
    for (const char* name : kResultMembers) {
      changed = changed || member(event, name) != member(original_, name);
      if (event.contains(name)) whole[name] = event[name];
    }
    return changed ? whole : Json(nullptr);
  }

 private:
  Json original_;
  enum class Patch { kNone, kGiven } patch_ = Patch::kNone;
};

class ProviderRequestRule final : public EventRule {
 public:
  Next take(Json& event, const EventAnswer& answer, const Source&, Problems&) override {
    event["payload"] = member(answer.event, "payload");
    return Next::kAsk;
  }
  [[nodiscard]] Json result(const Json& event) const override { return member(event, "payload"); }
};

class ProviderHeadersRule final : public EventRule {
 public:
  Next take(Json& event, const EventAnswer& answer, const Source&, Problems& problems) override {
    if (member(answer.event, "headers").is_object()) {
      event["headers"] = answer.event["headers"];
    } else {
      problems.emplace_back("before_provider_headers handlers must leave an object of headers");
    }
    return Next::kAsk;
  }
  [[nodiscard]] Json result(const Json& event) const override {
    return member(event, "headers").is_object() ? event["headers"] : Json::object();
  }
};

std::string text_of(const Json& content) {
  if (content.is_string()) return content.get<std::string>();
  std::string text;
  if (!content.is_array()) return text;
  for (const Json& block : content) {
    if (json_string(block, "type") != "text") continue;
    if (!text.empty()) text += "\n";
    text += json_string(block, "text");
  }
  return text;
}

/// `patch` holds new values by name; null removes one.
void patch_sections(Json& sections, const Json& patch) {
  if (!patch.is_object()) return;
  for (const auto& [name, value] : patch.items()) {
    if (value.is_null()) {
      sections.erase(name);
    } else {
      sections[name] = value;
    }
  }
}

void patch_tools(Json& tools, const Json& message) {
  if (const Json& removed = member(message, "toolsRemoved"); removed.is_array()) {
    for (const Json& tool : removed) tools.erase(json_string(tool, "name"));
  }
  if (const Json& added = member(message, "toolsAdded"); added.is_array()) {
    for (const Json& tool : added) tools[json_string(tool, "name")] = tool;
  }
}

}  // namespace

Json current_system_message(const Json& messages) {
  std::string content;
  Json sections = Json::object();
  Json tools = Json::object();
  Json timestamp = nullptr;
  bool found = false;
  for (const Json& message : messages) {
    if (!is_system(message)) continue;
    found = true;
    if (timestamp.is_null()) timestamp = member(message, "timestamp");
    const std::string text = text_of(member(message, "content"));
    if (!content.empty() && !text.empty()) content += "\n\n";
    content += text;
    patch_sections(sections, member(message, "sections"));
    patch_tools(tools, message);
  }
  if (!found) return nullptr;
  Json head = {{"role", "system"}, {"content", content}};
  if (!sections.empty()) head["sections"] = std::move(sections);
  for (const Json& tool : tools) head["toolsAdded"].push_back(tool);
  head["timestamp"] = timestamp.is_null() ? Json(0) : std::move(timestamp);
  return head;
}

std::unique_ptr<EventRule> make_message_rule(const std::string& type) {
  if (type == "context") return std::make_unique<ContextRule>();
  if (type == "context_with_system") return std::make_unique<ContextWithSystemRule>();
  if (type == "message_end") return std::make_unique<MessageEndRule>();
  if (type == "tool_result") return std::make_unique<ToolResultRule>();
  if (type == "before_provider_request") return std::make_unique<ProviderRequestRule>();
  if (type == "before_provider_headers") return std::make_unique<ProviderHeadersRule>();
  return nullptr;
}

}  // namespace isopod::registry
