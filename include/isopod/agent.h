// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <string>

#include "isopod/result.h"

namespace isopod {

/// Something an extension asks of the agent it runs in. The arguments are the extension's own, one
/// JSON object with the members named here, and hostile until checked.
struct AgentAction {
  enum class Kind {
    kSendMessage,       ///< message {customType, content, display, details}, options {triggerTurn,
                        ///< deliverAs}
    kSendUserMessage,   ///< content, options {deliverAs, expandPromptTemplates}
    kSetActiveTools,    ///< names
    kSetModel,          ///< model; answers true or false
    kSetThinkingLevel,  ///< level
    kCompact,           ///< options {customInstructions}; answers the compaction
    kAbort,             ///< nothing
    kShutdown,          ///< nothing
    kWaitForIdle,       ///< nothing; answered when the agent is idle
    kNewSession,        ///< options {parentSession}; answers {cancelled}
    kFork,              ///< entryId, options {position}; answers {cancelled}
    kNavigateTree,      ///< targetId, options {summarize, ...}; answers {cancelled}
    kSwitchSession,     ///< path; answers {cancelled}
    kReload,            ///< nothing
  };
  Kind kind = Kind::kAbort;
  std::string extension;       ///< the id of who asks
  std::string arguments_json;  ///< one JSON object
};

/// The agent that extensions belong to: everything of pi's API that needs a conversation and a
/// model. An embedder implements it over its own agent; without one, a host answers as pi does when
/// no model is configured.
///
/// Thread rule: both functions are called on host threads, possibly several at once. `state` must
/// return soon. `act` may keep `answer` and call it once, later, on any thread; it must not call
/// back into the host before it returns.
class Agent {
 public:
  virtual ~Agent() = default;

  /// What extensions may read, one JSON object. All members may be left out:
  ///   idle, pendingMessages, projectTrusted      booleans
  ///   model, scopedModels, thinkingLevel         as in pi's context
  ///   activeTools                                names
  ///   tools                                      the agent's own: [{name, description, parameters,
  ///                                              promptGuidelines, exposure}]
  ///   commands                                   prompts and skills, as in pi's getCommands()
  ///   contextUsage, systemPrompt, systemPromptOptions, settings
  [[nodiscard]] virtual std::string state_json() = 0;

  /// Carries an action out. The answer is the JSON text of its value, "null" when it has none.
  using Answer = std::function<void(Result<std::string> value_json)>;
  virtual void act(const AgentAction& action, Answer answer) = 0;
};

}  // namespace isopod
