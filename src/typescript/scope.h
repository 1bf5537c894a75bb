// SPDX-License-Identifier: MIT
#pragma once

#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "typescript/draft.h"
#include "typescript/strip.h"

namespace isopod::typescript {

/// What a file does with one name.
struct NameFacts {
  bool declared_at_top = false;  ///< as a value, at the top level of the file; imports count
  bool used = false;             ///< as a value, outside every inner scope that declares it
};

struct ScopeFacts {
  std::unordered_map<std::string, NameFacts> names;
  bool has_top_level_await = false;
};

/// Follows `names` through the scopes of what the draft has not erased, and looks for top-level
/// await. `await_usings` are the places that `ParseText` reports. Takes time linear in the size of
/// the tree.
ScopeFacts analyze_scopes(const Draft& draft, const std::set<std::string>& names,
                          const std::set<std::size_t>& await_usings);

/// A use of a name as a value that some scope inside the file declares.
struct NameUse {
  NodeId node = kNoNode;
  NodeId scope = kNoNode;  ///< the innermost one that declares the name; 0 is the program
  /// By the statements of the scope itself; else only by `ScopeNames`.
  bool declared_by_scope = false;
};

/// Names that a scope knows beside those that its own statements declare: the body of a namespace
/// or of an enum knows what the other bodies of the same name export.
using ScopeNames = std::unordered_map<NodeId, std::set<std::string>>;

/// Every use of one of `names` that an inner scope, or the top level of the file, declares. In the
/// order of the source; linear in the size of the tree and of `known`.
std::vector<NameUse> resolve_names(const Draft& draft, const std::set<std::string>& names,
                                   const ScopeNames& known);

/// The nodes of the names that a binding pattern (or a plain identifier) declares.
std::vector<NodeId> names_of_pattern(const SyntaxTree& tree, NodeId pattern);

}  // namespace isopod::typescript
