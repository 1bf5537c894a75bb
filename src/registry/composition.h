// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "base/json.h"

namespace isopod::registry {

/// What the handlers of one event make together, extension by extension: the host half of pi's
/// event rules. This version keeps the last result that is not null and stops at one that cancels,
/// blocks or handles; the rules of single events refine it later.
class Composition {
 public:
  Composition(std::string type, Json event) : type_(std::move(type)), event_(std::move(event)) {}

  /// Takes an extension's answer to an "event" request: {"event", "results", "errors"}. Returns
  /// whether the next extension is asked.
  enum class Next { kAsk, kStop };
  Next add(const std::string& extension, const Json& answer);

  /// Takes the failure of an extension to answer at all.
  Next add_error(const std::string& extension, const std::string& message);

  /// The event as mutated so far: what the next extension is sent.
  [[nodiscard]] const Json& event() const { return event_; }

  /// {"result", "event", "errors"}.
  [[nodiscard]] Json value() const;

 private:
  const std::string type_;
  Json event_;
  Json result_ = nullptr;
  Json errors_ = Json::array();
};

}  // namespace isopod::registry
