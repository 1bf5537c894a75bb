// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "isopod/result.h"
#include "typescript/draft.h"
#include "typescript/parse.h"

namespace isopod::typescript {

/// Erases what is type syntax by itself, wherever it stands. What depends on the use of names
/// (imports and exports of types) is left to `shape_module`, what white space would break to
/// `guard_hazards`, and what has a meaning at run time and no JavaScript of the same shape to
/// `lower_runtime_syntax`.
///
/// Errors: `syntax` for imports of another language.
Result<> erase_types(Draft& draft, const ParseText& text, const std::string& file);

/// True when a namespace declares nothing that exists at run time.
bool is_type_only_namespace(const SyntaxTree& tree, NodeId id);

}  // namespace isopod::typescript
