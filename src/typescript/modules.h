// SPDX-License-Identifier: MIT
#pragma once

#include "typescript/draft.h"
#include "typescript/repair.h"
#include "typescript/strip.h"

namespace isopod::typescript {

/// Describes the imports and exports of a file. For TypeScript, first erases the imported bindings
/// that are never used as a value and the exports of names that are only types.
ModuleShape shape_module(Draft& draft, const ParseText& text, Language language);

}  // namespace isopod::typescript
