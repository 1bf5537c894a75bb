// SPDX-License-Identifier: MIT
#pragma once

#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "registry/composition.h"

namespace isopod::registry {

/// What one extension answered, with the shape of it checked but nothing in it believed.
struct EventAnswer {
  Json event = Json::object();   ///< the event as its handlers left it
  Json results = Json::array();  ///< what each handler returned; null for nothing
  std::vector<std::string> errors = {};
  /// For `context`: whether a handler gave another list of messages, or only edited elements.
  enum class List { kKept, kReplaced } list = List::kKept;
};

/// How the answers to one event compose. One object serves one event.
class EventRule {
 public:
  using Next = Composition::Next;
  using Source = Composition::Source;
  using Problems = std::vector<std::string>;

  virtual ~EventRule() = default;

  /// Completes the event before anybody is sent it.
  virtual void begin(Json& /*event*/) {}

  /// Takes what a handler may change into `event` and keeps what counts of the results. What it
  /// does not accept is ignored and told in `problems`.
  virtual Next take(Json& event, const EventAnswer& answer, const Source& source,
                    Problems& problems) = 0;

  /// A handler threw, or the extension did not answer.
  virtual Next fail(const std::string& /*message*/) { return Next::kAsk; }

  [[nodiscard]] virtual Json result(const Json& /*event*/) const { return nullptr; }
};

/// The rule of an event; events without one of their own are only told.
std::unique_ptr<EventRule> make_rule(const std::string& type,
                                     Composition::BuildContext build_context);

// The rules by group; null for an event of another group.
std::unique_ptr<EventRule> make_decision_rule(const std::string& type);
std::unique_ptr<EventRule> make_message_rule(const std::string& type);
std::unique_ptr<EventRule> make_run_rule(const std::string& type);
std::unique_ptr<EventRule> make_boundary_rule(const std::string& type,
                                              Composition::BuildContext build_context);

/// Whether JavaScript would take the value as true.
bool truthy(const Json& value);

/// The member of an object, or null.
const Json& member(const Json& object, const char* name);

/// Copies the named members from one object to the other; those absent there are removed here.
void adopt(Json& event, const Json& from, std::initializer_list<const char*> names);

/// All system messages of a conversation folded into the one that stands for them: texts joined,
/// sections patched by name, tools added and removed. Null when there is none.
Json current_system_message(const Json& messages);

/// Whether a list of drafts for session entries is well formed. Errors: `invalid_argument` naming
/// the first that is not.
Result<> check_drafts(const Json& drafts);

}  // namespace isopod::registry
