// SPDX-License-Identifier: MIT
#pragma once

#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "base/json.h"

namespace isopod::registry {

/// Which tools are declared to a model: pi's rule. A tool becomes active when it is registered,
/// unless its `defaultActive` is false or its `exposure` is neither `direct` nor `model-only`;
/// later the list is what was set last. Any thread.
class ActiveTools {
 public:
  /// `own` are the agent's own active tools, in order.
  explicit ActiveTools(std::vector<std::string> own) : names_(std::move(own)) {}

  /// Takes notice of the tools there are now: [{"name", "exposure", "defaultActive"}].
  void update(const Json& tools);

  /// Sets the list; names of tools that are not there, or hidden, are left out.
  void set(const std::vector<std::string>& names, const std::set<std::string>& known);

  [[nodiscard]] std::vector<std::string> names() const;

 private:
  mutable std::mutex mutex_;  // guards the rest
  std::vector<std::string> names_;
  std::set<std::string> seen_;
};

/// Whether a tool can be activated: it is not hidden.
bool can_be_active(const Json& tool);

}  // namespace isopod::registry
