// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <string>

#include "base/json.h"

namespace isopod::host {

/// One tool call from end to end, as pi does it: the arguments are prepared and checked, the gates
/// (`tool_call` handlers of all extensions) see and may change or block them, the tool runs, and
/// `tool_result` handlers may patch what comes out. Rules: pi-api, "Events".
class ToolCall {
 public:
  /// How the steps are carried out; blocking.
  struct Steps {
    /// Sends a request of that kind to the extension that has the tool.
    std::function<Result<Json>(const char* kind, Json payload)> ask;
    /// Fires an event; the value is {"result", "event", "errors"}.
    std::function<Json(const std::string& type, Json event)> emit;
    /// Whether any extension handles the event.
    std::function<bool(const std::string& type)> handled;
  };
  struct Call {
    std::string name;         ///< as the extension that has the tool knows it
    std::string id;           ///< unique in the host
    std::string parent = {};  ///< the id of the call whose tool makes this one
    Json arguments = nullptr;
  };
  explicit ToolCall(Steps steps) : steps_(std::move(steps)) {}

  /// pi's tool result; failures that pi shows to a model (wrong arguments, a block, a tool that
  /// throws) are results with `isError`. Errors: what stops the isolate from answering.
  Result<Json> run(const Call& call) const;

 private:
  Result<Json> run_gated(const Call& call) const;
  [[nodiscard]] Json patched(const Call& call, const Json& input, Json result) const;

  const Steps steps_;
};

/// A tool result that says what went wrong.
Json error_result(const std::string& message);

/// Whether a tool result says that the call failed.
bool says_error(const Json& result);

}  // namespace isopod::host
