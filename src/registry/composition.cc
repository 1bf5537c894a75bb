// SPDX-License-Identifier: MIT
#include "registry/composition.h"

#include <array>
#include <utility>

namespace isopod::registry {
namespace {

/// A result with one of these set ends the event.
constexpr std::array kFinal = {"block", "cancel"};

/// Whether JavaScript would take the value as true.
bool truthy(const Json& value) {
  if (value.is_boolean()) return value.get<bool>();
  if (value.is_number()) return value.get<double>() != 0;
  if (value.is_string()) return !value.get_ref<const std::string&>().empty();
  return !value.is_null();
}

bool is_final(const Json& result) {
  if (!result.is_object()) return false;
  for (const char* name : kFinal) {
    const auto found = result.find(name);
    if (found != result.end() && truthy(*found)) return true;
  }
  return json_string(result, "action") == "handled";
}

/// Events whose failing handler must not let the action pass.
bool fails_closed(const std::string& type) { return type == "tool_call" || type == "user_bash"; }

}  // namespace

Composition::Next Composition::add(const std::string& extension, const Json& answer) {
  if (!answer.is_object()) return Next::kAsk;
  if (answer.contains("event")) event_ = answer["event"];
  if (answer.contains("results") && answer["results"].is_array()) {
    for (const Json& result : answer["results"]) {
      if (result.is_null()) continue;
      result_ = result;
      if (is_final(result)) return Next::kStop;
    }
  }
  Next next = Next::kAsk;
  if (answer.contains("errors") && answer["errors"].is_array()) {
    for (const Json& error : answer["errors"]) {
      if (add_error(extension, json_string(error, "message")) == Next::kStop) next = Next::kStop;
      if (error.contains("stack")) errors_.back()["stack"] = error["stack"];
    }
  }
  return next;
}

Composition::Next Composition::add_error(const std::string& extension, const std::string& message) {
  errors_.push_back({{"extension", extension}, {"message", message}});
  if (!fails_closed(type_)) return Next::kAsk;
  result_ = {{"block", true}, {"reason", message}};
  return Next::kStop;
}

Json Composition::value() const {
  return {{"result", result_}, {"event", event_}, {"errors", errors_}};
}

}  // namespace isopod::registry
