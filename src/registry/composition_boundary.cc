// SPDX-License-Identifier: MIT
// turn_end and agent_before_settle: handlers propose entries for the session and whether to go on.
#include <algorithm>
#include <string>
#include <utility>

#include "registry/composition_rules.h"

namespace isopod::registry {
namespace {

constexpr const char* kInvalidEntries = "Invalid boundary entries: ";

Error wrong(std::size_t index, const std::string& what) {
  return {Code::kInvalidArgument, "entry " + std::to_string(index) + " " + what, {}, {}};
}

bool is_content(const Json& value) { return value.is_string() || value.is_array(); }

/// What a draft of this type lacks; empty when it is well formed.
std::string lack_of(const std::string& type, const Json& draft) {
  const bool is_custom = type == "custom" || type == "custom_message";
  if (is_custom && !member(draft, "customType").is_string()) return "needs a customType";
  if (type == "custom") return {};
  if (type == "custom_message") {
    return is_content(member(draft, "content")) ? "" : "needs content, a text or a list";
  }
  if (type == "context_edit") {
    if (!member(draft, "targetId").is_string()) return "needs a targetId";
    const bool valid =
        draft.contains("replacement") &&
        (draft["replacement"].is_null() || is_content(member(draft["replacement"], "content")));
    return valid ? "" : "needs a replacement, null or {content}";
  }
  if (type == "compaction") {
    const Json& first = member(draft, "firstKeptEntryId");
    if (!member(draft, "summary").is_string()) return "needs a summary";
    return first.is_null() || first.is_string() ? "" : "needs a firstKeptEntryId, null or an id";
  }
  return "must be custom, custom_message, context_edit or compaction";
}

/// The proposal passes from handler to handler; the whole list is valid or nothing of it counts.
class BoundaryRule final : public EventRule {
 public:
  explicit BoundaryRule(Composition::BuildContext build_context)
      : build_context_(std::move(build_context)) {}

  void begin(Json& event) override {
    if (!event.contains("entries")) event["entries"] = Json::array();
    event["continue"] = truthy(member(event, "continue"));
    Problems ignored;
    rebuild(event, ignored);
  }
  Next take(Json& event, const EventAnswer& answer, const Source&, Problems& problems) override {
    event["entries"] = member(answer.event, "entries");
    event["continue"] = truthy(member(answer.event, "continue"));
    Problems found;
    rebuild(event, found);
    // The isolate checks after each of its handlers and may have said it already.
    const bool told =
        std::any_of(answer.errors.begin(), answer.errors.end(),
                    [](const std::string& text) { return text.starts_with(kInvalidEntries); });
    if (!told) problems.insert(problems.end(), found.begin(), found.end());
    return Next::kAsk;
  }
  [[nodiscard]] Json result(const Json& event) const override {
    const bool valid = state_ == State::kValid;
    Json whole = {{"entries", valid ? event["entries"] : Json::array()},
                  {"continue", valid && event["continue"].get<bool>()}};
    if (event.contains("context")) whole["context"] = event["context"];
    whole["valid"] = valid;
    return whole;
  }

 private:
  void rebuild(Json& event, Problems& problems) {
    Result<> checked = check_drafts(event["entries"]);
    if (checked && build_context_) {
      Result<Json> context = build_context_(event["entries"]);
      if (!context) {
        checked = isopod::fail(std::move(context.error()));
      } else if (!context->is_null()) {
        event["context"] = *std::move(context);
      }
    }
    state_ = checked ? State::kValid : State::kInvalid;
    if (!checked) problems.push_back(kInvalidEntries + checked.error().message);
  }

  const Composition::BuildContext build_context_;
  enum class State { kValid, kInvalid } state_ = State::kValid;
};

}  // namespace

Result<> check_drafts(const Json& drafts) {
  if (!drafts.is_array()) return fail(Code::kInvalidArgument, "entries must be a list");
  for (std::size_t i = 0; i < drafts.size(); ++i) {
    if (!drafts[i].is_object()) return fail(wrong(i, "must be an object"));
    const std::string lack = lack_of(json_string(drafts[i], "type"), drafts[i]);
    if (!lack.empty()) return fail(wrong(i, lack));
  }
  return {};
}

std::unique_ptr<EventRule> make_boundary_rule(const std::string& type,
                                              Composition::BuildContext build_context) {
  if (type != "turn_end" && type != "agent_before_settle") return nullptr;
  return std::make_unique<BoundaryRule>(std::move(build_context));
}

}  // namespace isopod::registry
