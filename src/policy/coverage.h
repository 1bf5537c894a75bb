// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "policy/http_scope.h"
#include "protocol/capability.h"

/// How the scope of a rule relates to the target of a question.
namespace isopod::policy {

/// The target of a question, read once.
struct Target {
  protocol::Capability capability = protocol::Capability::kNone;
  bool is_whole = true;   ///< all of the capability is asked for
  std::string text = {};  ///< normalized path, program, or "override"
  std::optional<Endpoint> endpoint = {};
  std::optional<Address> address = {};  ///< the address connected to, literal or resolved

  /// An http target that is known not to be public.
  [[nodiscard]] bool is_private() const;
};

/// Nothing for a target of the wrong form: a relative path, a program such as "./x", a malformed
/// host.
std::optional<Target> read_target(protocol::Capability capability, std::string_view target,
                                  std::string_view address);

/// Whether a grant contains everything the target may mean. A private address is contained only
/// where the scope itself names it, or names localhost and the address is loopback.
bool grant_covers(const protocol::Grant& grant, const Target& target);

/// Whether a deny rule touches anything the target may mean. In doubt it does: a scope that cannot
/// be read touches its whole capability, a bare program name every path to such a program, and
/// writing a directory touches the rules for everything beneath it.
bool deny_touches(const protocol::Grant& deny, const Target& target);

}  // namespace isopod::policy
