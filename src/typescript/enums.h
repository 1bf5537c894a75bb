// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "isopod/result.h"
#include "typescript/draft.h"
#include "typescript/spaces.h"

namespace isopod::typescript {

/// Turns the members of every enum into assignments to its object, in place. A number also maps
/// back to the name of its member. Values are computed at run time, where the author wrote them.
///
/// Errors: `syntax` for a member that needs a value, `unsupported` for a computed name.
Result<> lower_enum_members(Draft& draft, const Spaces& spaces, const std::string& file);

}  // namespace isopod::typescript
