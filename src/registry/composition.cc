// SPDX-License-Identifier: MIT
#include "registry/composition.h"

#include <array>
#include <utility>

namespace isopod::registry {
namespace {

/// A result with one of these set ends the event.
constexpr std::array kFinal = {"block", "cancel"};

bool is_final(const Json& result) {
  if (!result.is_object()) return false;
  for (const char* name : kFinal) {
    const auto found = result.find(name);
    if (found != result.end() && found->is_boolean() && found->get<bool>()) return true;
  }
  return json_string(result, "action") == "handled";
}

}  // namespace

Composition::Next Composition::add(const std::string& extension, const Json& answer) {
  if (!answer.is_object()) return Next::kAsk;
  if (answer.contains("event")) event_ = answer["event"];
  if (answer.contains("errors") && answer["errors"].is_array()) {
    for (Json error : answer["errors"]) {
      if (error.is_object()) error["extension"] = extension;
      errors_.push_back(std::move(error));
    }
  }
  if (!answer.contains("results") || !answer["results"].is_array()) return Next::kAsk;
  for (const Json& result : answer["results"]) {
    if (result.is_null()) continue;
    result_ = result;
    if (is_final(result)) return Next::kStop;
  }
  return Next::kAsk;
}

void Composition::add_error(const std::string& extension, const std::string& message) {
  errors_.push_back({{"extension", extension}, {"message", message}});
}

Json Composition::value() const {
  return {{"result", result_}, {"event", event_}, {"errors", errors_}};
}

}  // namespace isopod::registry
