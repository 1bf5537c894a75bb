// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace isopod::typescript {

/// A JavaScript file without what stands inside its functions: enough to tell imports, exports and
/// what the top level declares and awaits, and much less to parse.
struct Outline {
  std::string text;                   ///< the source; bodies of functions are white space
  std::size_t kept = 0;               ///< bytes of it that are no white space
  std::set<std::string> inner_words;  ///< names of CommonJS that occur inside; "import.meta"
};

/// Takes time linear in the source and memory for one copy of it. Reads tokens only, so a regular
/// expression may be taken for a division now and then; `nullopt` when brackets then do not match.
std::optional<Outline> outline_javascript(std::string_view source);

}  // namespace isopod::typescript
