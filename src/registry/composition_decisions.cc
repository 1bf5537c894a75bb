// SPDX-License-Identifier: MIT
// Events whose handlers decide whether something happens.
#include <utility>

#include "registry/composition_rules.h"

namespace isopod::registry {
namespace {

constexpr const char* kUserBashProblem =
    "Invalid user_bash handler result: return undefined for local execution or exactly one valid "
    "{ operations } or { result } object";

Json blocked(const std::string& reason) { return {{"block", true}, {"reason", reason}}; }

/// session_before_*: the last result counts, and a cancellation at once.
class SessionBeforeRule final : public EventRule {
 public:
  Next take(Json& event, const EventAnswer& answer, const Source&, Problems&) override {
    const Json type = event["type"];
    event = answer.event;
    event["type"] = type;
    for (const Json& result : answer.results) {
      if (!truthy(result)) continue;
      result_ = result;
      if (truthy(member(result, "cancel"))) return Next::kStop;
    }
    return Next::kAsk;
  }
  [[nodiscard]] Json result(const Json&) const override { return result_; }

 private:
  Json result_ = nullptr;
};

/// Handlers may change the input of the call, and nothing else of it: which tool is called is what
/// later gates judge. A gate that fails is closed.
class ToolCallRule final : public EventRule {
 public:
  Next take(Json& event, const EventAnswer& answer, const Source&, Problems&) override {
    adopt(event, answer.event, {"input"});
    for (const Json& result : answer.results) {
      if (!truthy(result)) continue;
      result_ = result;
      if (truthy(member(result, "block"))) return Next::kStop;
    }
    return Next::kAsk;
  }
  Next fail(const std::string& message) override {
    if (!truthy(member(result_, "block"))) result_ = blocked(message);
    return Next::kStop;
  }
  [[nodiscard]] Json result(const Json&) const override { return result_; }

 private:
  Json result_ = nullptr;
};

bool is_shell_result(const Json& value) {
  if (!value.is_object() || !member(value, "output").is_string()) return false;
  const Json& exit_code = member(value, "exitCode");
  const Json& output_path = member(value, "fullOutputPath");
  return (exit_code.is_null() || exit_code.is_number()) &&
         member(value, "cancelled").is_boolean() && member(value, "truncated").is_boolean() &&
         (output_path.is_null() || output_path.is_string());
}

/// The first answer wins; one that is malformed, and any error, keeps the command from running.
class UserBashRule final : public EventRule {
 public:
  Next take(Json&, const EventAnswer& answer, const Source& source, Problems& problems) override {
    for (const Json& result : answer.results) {
      if (result.is_null()) continue;
      const Json& operations = member(result, "operations");
      const Json& outcome = member(result, "result");
      if (operations.is_null() && is_shell_result(outcome)) {
        result_ = {{"result", outcome}};
      } else if (outcome.is_null() && json_string(operations, "exec") == "[function]") {
        result_ = {{"operations", {{"exec", "[function]"}, {"extension", source.extension}}}};
      } else {
        problems.emplace_back(kUserBashProblem);
        result_ = blocked(kUserBashProblem);
      }
      return Next::kStop;
    }
    return Next::kAsk;
  }
  Next fail(const std::string& message) override {
    result_ = blocked(message);
    return Next::kStop;
  }
  [[nodiscard]] Json result(const Json&) const override { return result_; }

 private:
  Json result_ = nullptr;
};

/// The first yes or no wins.
class ProjectTrustRule final : public EventRule {
 public:
  Next take(Json&, const EventAnswer& answer, const Source&, Problems& problems) override {
    for (const Json& result : answer.results) {
      // A handler that returned nothing has failed in its isolate, which says so itself.
      if (result.is_null()) continue;
      const std::string trusted = json_string(result, "trusted");
      if (trusted == "undecided") continue;
      if (trusted != "yes" && trusted != "no") {
        problems.emplace_back("project_trust handlers must return yes, no or undecided");
        continue;
      }
      result_ = result;
      return Next::kStop;
    }
    return Next::kAsk;
  }
  [[nodiscard]] Json result(const Json&) const override { return result_; }

 private:
  Json result_ = nullptr;
};

/// Each handler sees the text as those before it made it.
class InputRule final : public EventRule {
 public:
  void begin(Json& event) override { original_ = event; }
  Next take(Json& event, const EventAnswer& answer, const Source&, Problems&) override {
    adopt(event, answer.event, {"text", "images"});
    for (const Json& result : answer.results) {
      if (json_string(result, "action") != "handled") continue;
      handled_ = result;
      return Next::kStop;
    }
    return Next::kAsk;
  }
  [[nodiscard]] Json result(const Json& event) const override {
    if (!handled_.is_null()) return handled_;
    if (member(event, "text") == member(original_, "text") &&
        member(event, "images") == member(original_, "images")) {
      return {{"action", "continue"}};
    }
    Json transform = {{"action", "transform"}};
    for (const char* name : {"text", "images"}) {
      if (event.contains(name)) transform[name] = event[name];
    }
    return transform;
  }

 private:
  Json original_;
  Json handled_ = nullptr;
};

}  // namespace

std::unique_ptr<EventRule> make_decision_rule(const std::string& type) {
  if (type == "session_before_switch" || type == "session_before_fork" ||
      type == "session_before_compact" || type == "session_before_tree") {
    return std::make_unique<SessionBeforeRule>();
  }
  if (type == "tool_call") return std::make_unique<ToolCallRule>();
  if (type == "user_bash") return std::make_unique<UserBashRule>();
  if (type == "project_trust") return std::make_unique<ProjectTrustRule>();
  if (type == "input") return std::make_unique<InputRule>();
  return nullptr;
}

}  // namespace isopod::registry
