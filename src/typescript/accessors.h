// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "isopod/result.h"
#include "typescript/draft.h"
#include "typescript/fresh_names.h"
#include "typescript/repair.h"

namespace isopod::typescript {

/// Turns `accessor x = 1` into a getter and a setter of a private field with that initial value.
///
/// Errors: `unsupported` for a computed name, which would be evaluated twice.
Result<> lower_accessors(Draft& draft, const ParseText& text, FreshNames& fresh,
                         const std::string& file);

}  // namespace isopod::typescript
