// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "isopod/result.h"
#include "typescript/draft.h"
#include "typescript/spaces.h"

namespace isopod::typescript {

/// Turns the declaration of every enum and namespace into a function that fills an object, around
/// the body that stays where it is: `namespace N { ... }` to `var N;(function(_N){ ...
/// })(N||(N={}));`. Exported members become members of the object, and so do the uses of exported
/// variables.
///
/// Errors: `unsupported` for imports and lists of exports inside a namespace.
Result<> lower_namespaces(Draft& draft, const Spaces& spaces, const std::string& file);

}  // namespace isopod::typescript
