// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "isopod/result.h"

/// The environment of children: made of an allow list, never copied.
namespace isopod::hostcall {

using Variables = std::map<std::string, std::string, std::less<>>;

/// Why extensions may not set a variable, such as "the loader reads it"; empty when they may.
std::string_view refusal_of_variable(std::string_view name);

/// What a child gets. Without `wanted` (null): the host's harmless variables. With it, an object of
/// texts: exactly these, and the host's PATH and HOME where it does not name them. A refused
/// variable with the host's own value is left out: it came here with a copy of the host's
/// environment, not by the extension's choice. Errors: `invalid_argument` for what is no
/// environment, `denied` for a refused variable.
Result<Variables> child_environment(const Variables& host, const Json& wanted);

/// "NAME=value", in the order of names.
std::vector<std::string> environment_list(const Variables& variables);

}  // namespace isopod::hostcall
