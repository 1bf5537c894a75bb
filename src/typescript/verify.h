// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "isopod/result.h"
#include "typescript/syntax_tree.h"

namespace isopod::typescript {

/// A place where the tree disagrees with the language.
struct Disagreement {
  enum class Cure {
    kSemicolon,  ///< the language ends a statement or class member between `after` and `at`
    kName,       ///< the dot at `at` continues the name of a type
    kErase,      ///< [after, at) are type arguments
    kNone,       ///< nobody can be right here: an error
  };
  Cure cure = Cure::kNone;
  std::size_t after = 0;
  std::size_t at = 0;
  Code code = Code::kSyntax;
  std::string message;
};

/// Compares a tree that has no errors with the rules of TypeScript that the grammar does not know:
/// where a line break ends a type, an expression or a modifier, and when `a < b > c` is generic.
std::vector<Disagreement> verify_tree(std::string_view source, const SyntaxTree& tree);

}  // namespace isopod::typescript
