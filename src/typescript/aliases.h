// SPDX-License-Identifier: MIT
#pragma once

#include "typescript/draft.h"

namespace isopod::typescript {

/// Erases `import x = A.B` and `import x = require("y")` where nothing uses the name as a value,
/// and turns the others into declarations of variables. An exported alias always stays. Runs after
/// the types are erased and before anything is inserted.
void lower_aliases(Draft& draft);

}  // namespace isopod::typescript
