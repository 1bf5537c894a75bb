// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "isopod/result.h"
#include "typescript/draft.h"

namespace isopod::typescript {

/// Turns `constructor(private x: T) {}` into a plain parameter and an assignment `this.x=x;`, at
/// the start of the body, or behind each `super()` of a derived class. As in Babel, fields of the
/// class are initialized before these assignments.
///
/// Errors: `syntax` for a parameter property that is a pattern or outside a constructor.
Result<> lower_parameter_properties(Draft& draft, const std::string& file);

}  // namespace isopod::typescript
