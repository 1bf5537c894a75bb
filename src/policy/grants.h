// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "isopod/result.h"
#include "protocol/capability.h"

/// Grants as people write them: `CAP[:SCOPE][,...]` or `all`.
namespace isopod::policy {

using protocol::Capability;
using protocol::Grant;

/// The scope of `tool` that allows replacing an existing tool. A bare `tool` does not contain it.
inline constexpr std::string_view kToolOverride = "override";

/// Reads a list such as "read,write:/tmp/x,exec:git,http:api.example.com:443,tool:override".
/// `all` is every capability without a scope, and `tool:override`. Paths come back normalized. A
/// comma always separates, so a scope cannot hold one. Errors: `usage`, with what is wrong and the
/// nearest capability.
Result<std::vector<Grant>> parse_grants(std::string_view text);

/// The text that `parse_grants` reads as this grant, such as "exec:git".
std::string to_string(const Grant& grant);

}  // namespace isopod::policy
