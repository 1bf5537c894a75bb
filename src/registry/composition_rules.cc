// SPDX-License-Identifier: MIT
#include "registry/composition_rules.h"

#include <utility>

namespace isopod::registry {
namespace {

/// Handlers are only told; what they do to the event is seen by those after them.
class NotifyRule final : public EventRule {
 public:
  Next take(Json& event, const EventAnswer& answer, const Source&, Problems&) override {
    const Json type = event["type"];
    event = answer.event;
    event["type"] = type;
    return Next::kAsk;
  }
};

}  // namespace

std::unique_ptr<EventRule> make_rule(const std::string& type,
                                     Composition::BuildContext build_context) {
  if (auto rule = make_decision_rule(type)) return rule;
  if (auto rule = make_message_rule(type)) return rule;
  if (auto rule = make_run_rule(type)) return rule;
  if (auto rule = make_boundary_rule(type, std::move(build_context))) return rule;
  return std::make_unique<NotifyRule>();
}

bool truthy(const Json& value) {
  if (value.is_boolean()) return value.get<bool>();
  if (value.is_number()) return value.get<double>() != 0;
  if (value.is_string()) return !value.get_ref<const std::string&>().empty();
  return !value.is_null();
}

const Json& member(const Json& object, const char* name) {
  static const Json kNone = nullptr;
  if (!object.is_object()) return kNone;
  const auto found = object.find(name);
  return found == object.end() ? kNone : *found;
}

void adopt(Json& event, const Json& from, std::initializer_list<const char*> names) {
  for (const char* name : names) {
    const auto found = from.find(name);
    if (found == from.end()) {
      event.erase(name);
    } else {
      event[name] = *found;
    }
  }
}

}  // namespace isopod::registry
