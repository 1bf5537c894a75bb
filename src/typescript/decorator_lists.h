// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "isopod/result.h"
#include "typescript/draft.h"

namespace isopod::typescript {

/// A decorator of a parameter and the number of that parameter.
struct DecoratedParameter {
  NodeId decorator = kNoNode;
  std::size_t index = 0;
};

/// Finds the decorators of one thing and turns them into the elements of an array.
class DecoratorLists {
 public:
  explicit DecoratorLists(Draft& draft) : draft_(draft), tree_(draft.tree()) {}

  /// The decorators that are children of a node.
  [[nodiscard]] std::vector<NodeId> decorators_in(NodeId id) const;
  /// The decorators of a method's parameters; a `this` parameter does not count.
  [[nodiscard]] std::vector<DecoratedParameter> parameters_of(NodeId method) const;

  /// Replaces the first `@` by `opening`, the others by commas.
  void write_commas(const std::vector<NodeId>& decorators, const std::string& opening);

  /// Moves decorators of parameters to `at`, as calls of the function `helper`; `separator` stands
  /// in front of the first one.
  void move_parameters(const std::vector<DecoratedParameter>& parameters, std::size_t at,
                       std::string separator, const std::string& helper);

  /// What was wrong first, if anything was.
  [[nodiscard]] const std::optional<Error>& first_error() const { return error_; }

 private:
  bool can_move(NodeId decorator);

  Draft& draft_;
  const SyntaxTree& tree_;
  std::optional<Error> error_;
};

}  // namespace isopod::typescript
