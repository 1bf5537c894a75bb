// SPDX-License-Identifier: MIT
#include "typescript/lower.h"

#include "typescript/accessors.h"
#include "typescript/aliases.h"
#include "typescript/decorators.h"
#include "typescript/enums.h"
#include "typescript/fresh_names.h"
#include "typescript/namespaces.h"
#include "typescript/parameter_properties.h"
#include "typescript/spaces.h"

namespace isopod::typescript {

Result<> lower_runtime_syntax(Draft& draft, const ParseText& text, const std::string& file) {
  FreshNames fresh(draft);
  // Before the others: whether an alias is used decides whether its statement exists.
  lower_aliases(draft);
  Spaces spaces(draft, fresh);
  if (Result<> collected = spaces.collect(file); !collected) return collected;
  if (Result<> lowered = lower_namespaces(draft, spaces, file); !lowered) return lowered;
  if (Result<> lowered = lower_enum_members(draft, spaces, file); !lowered) return lowered;
  if (Result<> lowered = lower_parameter_properties(draft, file); !lowered) return lowered;
  if (Result<> lowered = lower_accessors(draft, text, fresh, file); !lowered) return lowered;
  return lower_decorators(draft, fresh, file);
}

}  // namespace isopod::typescript
