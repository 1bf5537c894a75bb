// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "isopod/result.h"
#include "typescript/draft.h"
#include "typescript/repair.h"

namespace isopod::typescript {

/// Rewrites what TypeScript adds to JavaScript's run time: aliases (`import x = ...`), enums,
/// namespaces, parameter properties, `accessor` fields and decorators. Runs after `erase_types`.
/// Every line stays; in a line that gets new text, what stands behind it may move to the right.
///
/// Errors: `syntax` and `unsupported`, as the headers of the transforms say.
Result<> lower_runtime_syntax(Draft& draft, const ParseText& text, const std::string& file);

}  // namespace isopod::typescript
