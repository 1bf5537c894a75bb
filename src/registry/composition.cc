// SPDX-License-Identifier: MIT
#include "registry/composition.h"

#include "registry/composition_rules.h"

namespace isopod::registry {
namespace {

/// More errors of one extension for one event tell nothing new.
constexpr std::size_t kErrorsMax = 100;

Json with_type(const std::string& type, Json event) {
  Json whole = {{"type", type}};
  if (event.is_object()) whole.update(event);
  whole["type"] = type;
  return whole;
}

std::string message_of(const Json& error) {
  return error.is_object() ? json_string(error, "message") : std::string();
}

/// Nothing when the answer has not the form that every isolate gives it.
Result<EventAnswer> checked(const std::string& type, const Json& answer) {
  EventAnswer checked;
  if (!answer.is_object() || !member(answer, "event").is_object() ||
      !member(answer, "results").is_array() || !member(answer, "errors").is_array()) {
    return fail(Code::kInvalidArgument, "the extension's answer to " + type + " is malformed");
  }
  checked.event = answer["event"];
  checked.results = answer["results"];
  for (const Json& error : answer["errors"]) checked.errors.push_back(message_of(error));
  if (truthy(member(answer, "replaced"))) checked.list = EventAnswer::List::kReplaced;
  return checked;
}

}  // namespace

Composition::Composition(std::string type, Json event, BuildContext build_context)
    : type_(std::move(type)),
      event_(with_type(type_, std::move(event))),
      rule_(make_rule(type_, std::move(build_context))) {
  rule_->begin(event_);
}

Composition::~Composition() = default;

Composition::Next Composition::add(const Source& source, const Json& answer) {
  const Result<EventAnswer> given = checked(type_, answer);
  if (!given) return add_error(source, given.error().message);
  EventRule::Problems problems;
  Next next = rule_->take(event_, *given, source, problems);
  if (add_errors(source, answer["errors"]) == Next::kStop) next = Next::kStop;
  for (const std::string& problem : problems) report(source, problem);
  return next;
}

Composition::Next Composition::add_errors(const Source& source, const Json& errors) {
  Next next = Next::kAsk;
  std::size_t count = 0;
  for (const Json& error : errors) {
    if (++count <= kErrorsMax) report(source, message_of(error), member(error, "stack"));
    if (rule_->fail(message_of(error)) == Next::kStop) next = Next::kStop;
  }
  return next;
}

Composition::Next Composition::add_error(const Source& source, const std::string& message) {
  report(source, message);
  return rule_->fail(message);
}

void Composition::report(const Source& source, const std::string& message, const Json& stack) {
  Json error = {{"extension", source.extension},
                {"path", source.path.empty() ? source.extension : source.path},
                {"event", type_},
                {"message", message}};
  if (stack.is_string()) error["stack"] = stack;
  errors_.push_back(std::move(error));
}

Json Composition::value() const {
  return {{"result", rule_->result(event_)}, {"event", event_}, {"errors", errors_}};
}

}  // namespace isopod::registry
