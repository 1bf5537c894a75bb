// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "isopod/result.h"
#include "typescript/draft.h"
#include "typescript/fresh_names.h"

namespace isopod::typescript {

/// Gives decorators the meaning they have in TypeScript with `experimentalDecorators` and in
/// Babel's legacy mode. Decorator expressions stay on their lines: those of a class become a list
/// in front of it, those of a member a part of its computed name. All are evaluated before the
/// class exists, in the order of the source, and called when it is complete: the members in the
/// order of the source, each from its last decorator (or decorated parameter) to its first, then
/// the class. Two helper functions follow the last token of the file.
///
/// Errors: `unsupported` for decorators of private and of `accessor` members and for decorators of
/// parameters that hold a text over several lines; `syntax` where nothing can be decorated.
Result<> lower_decorators(Draft& draft, FreshNames& fresh, const std::string& file);

}  // namespace isopod::typescript
