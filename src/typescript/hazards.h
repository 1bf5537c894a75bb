// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "isopod/result.h"
#include "typescript/draft.h"

namespace isopod::typescript {

/// White space is not always harmless: erased text may have kept two statements apart, held an
/// arrow on the line of its parameters, or kept a `{` from opening a block. This pass runs after
/// `erase_types` and writes the punctuation that restores the meaning over the erased text.
///
/// Errors: `unsupported` where no such punctuation exists, `syntax` for a line break before `=>`.
Result<> guard_hazards(Draft& draft, const std::string& file);

}  // namespace isopod::typescript
