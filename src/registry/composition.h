// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "base/json.h"
#include "isopod/result.h"

namespace isopod::registry {

class EventRule;

/// What the handlers of one event make together, extension by extension, in load order: the host
/// half of pi's event rules. The isolate of an extension runs that extension's handlers; here the
/// answers of all are composed. Answers come from isolates and are hostile until checked: only what
/// handlers of that event may change is taken from them. One event, one thread at a time.
///
/// The result is what pi's own dispatcher gives for the event: null where handlers only listen and
/// where none decided anything, else
///
/// | event | result |
/// |---|---|
/// | project_trust | {"trusted": "yes" or "no", ...}, the first |
/// | session_before_* | the last object that a handler returned; one with `cancel` ends the event |
/// | resources_discover | {"skillPaths", "promptPaths", "themePaths"}: lists of {path,
/// extensionPath} | | input | {"action": "continue"}, "transform" with text and images, or
/// "handled" | | before_agent_start | {"messages", "systemPromptOptions"} | | turn_end,
/// agent_before_settle | {"entries", "continue", "context"?, "valid"} | | context,
/// context_with_system | the messages; the event shows `context` no system messages | |
/// before_provider_request | the payload | | before_provider_headers | the headers; null deletes
/// one | | message_end | the new message | | tool_call | the last object; one with `block` ends the
/// event, as does an error, which blocks | | tool_result | {"content", "details",
/// "structuredContent"?, "isError", "usage"?} if changed | | user_bash | {"result"}, or
/// {"operations": {"exec": "[function]", "extension"}}: a function stays | |  | in its isolate; an
/// error gives {"block": true, "reason"}, and the command must not run | | cache_warming_decision |
/// "warm" or "stop" |
class Composition {
 public:
  /// Who answers. The path is the extension's entry file; without one its id stands in.
  struct Source {
    // Implicit, because an id alone is enough to say who answers.
    Source(std::string extension_id, std::string entry_path = {})
        : extension(std::move(extension_id)), path(std::move(entry_path)) {}
    std::string extension;
    std::string path;
  };

  /// Builds the context that the drafts of a boundary event (turn_end, agent_before_settle) would
  /// give, null when nobody wants to see it, or says why they cannot be applied to the session.
  using BuildContext = std::function<Result<Json>(const Json& drafts)>;

  Composition(std::string type, Json event, BuildContext build_context = {});
  ~Composition();
  Composition(const Composition&) = delete;
  Composition& operator=(const Composition&) = delete;

  /// Takes an extension's answer to an "event" request: {"event", "results", "errors"}. Returns
  /// whether the next extension is asked. A malformed answer is an error of that extension.
  enum class Next { kAsk, kStop };
  Next add(const Source& source, const Json& answer);

  /// Takes the failure of an extension to answer at all.
  Next add_error(const Source& source, const std::string& message);

  /// The event as mutated so far: what the next extension is sent.
  [[nodiscard]] const Json& event() const { return event_; }

  /// {"result", "event", "errors"}; an error is {"extension", "path", "event", "message",
  /// "stack"?}.
  [[nodiscard]] Json value() const;

 private:
  void report(const Source& source, const std::string& message, const Json& stack = nullptr);
  Next add_errors(const Source& source, const Json& errors);

  const std::string type_;
  Json event_;
  Json errors_ = Json::array();
  std::unique_ptr<EventRule> rule_;
};

}  // namespace isopod::registry
