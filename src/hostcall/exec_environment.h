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

/// Why a variable that extensions may set chooses which programs run or what they do, such as "it
/// says where programs are found"; empty when it does not.
std::string_view choice_of_variable(std::string_view name);

/// Whether `wanted`, as below, gives such a variable another value than the host's own. Then to
/// start one program is to start any, and policy must be asked for that.
bool chooses_programs(const Variables& host, const Json& wanted);

/// What a child gets. Without `wanted` (null): the host's harmless variables. With it, an object of
/// texts: exactly these, and the host's PATH and HOME where it does not name them. A refused
/// variable with the host's own value is left out: it came here with a copy of the host's
/// environment, not by the extension's choice. Errors: `invalid_argument` for what is no
/// environment or a PATH of more than 4 KiB or 64 directories that is not the host's own, `denied`
/// for a refused variable.
Result<Variables> child_environment(const Variables& host, const Json& wanted);

/// "NAME=value", in the order of names.
std::vector<std::string> environment_list(const Variables& variables);

}  // namespace isopod::hostcall
