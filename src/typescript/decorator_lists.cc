// SPDX-License-Identifier: MIT
#include "typescript/decorator_lists.h"

#include "typescript/source_text.h"

namespace isopod::typescript {

std::vector<NodeId> DecoratorLists::decorators_in(NodeId id) const {
  std::vector<NodeId> found;
  for (NodeId in = tree_.first_child(id); in != kNoNode; in = tree_.next_sibling(in)) {
    if (tree_.kind(in) == Kind::kDecorator && !draft_.is_erased(in)) found.push_back(in);
  }
  return found;
}

std::vector<DecoratedParameter> DecoratorLists::parameters_of(NodeId method) const {
  std::vector<DecoratedParameter> found;
  const NodeId list = tree_.child(method, Kind::kFormalParameters);
  std::size_t index = 0;
  for (NodeId id = list == kNoNode ? kNoNode : tree_.first_child(list); id != kNoNode;
       id = tree_.next_sibling(id)) {
    const Kind kind = tree_.kind(id);
    if (kind != Kind::kRequiredParameter && kind != Kind::kOptionalParameter) continue;
    if (draft_.is_erased(id)) continue;
    for (const NodeId decorator : decorators_in(id)) found.push_back({decorator, index});
    ++index;
  }
  return found;
}

void DecoratorLists::write_commas(const std::vector<NodeId>& decorators,
                                  const std::string& opening) {
  for (std::size_t i = 0; i < decorators.size(); ++i) {
    const std::size_t at = tree_[decorators[i]].begin;
    draft_.output().blank(at, at + 1);
    i == 0 ? draft_.output().insert_before(at, opening) : draft_.output().put(at, ",");
  }
}

void DecoratorLists::move_parameters(const std::vector<DecoratedParameter>& parameters,
                                     std::size_t at, std::string separator,
                                     const std::string& helper) {
  for (const DecoratedParameter& parameter : parameters) {
    if (!can_move(parameter.decorator)) return;
    std::vector<Output::Range> pieces;
    const NodeId mark = tree_.first_child(parameter.decorator);
    for (NodeId id = tree_[mark].subtree_end; id < tree_[parameter.decorator].subtree_end; ++id) {
      if (!tree_.is_leaf(id)) continue;
      const Node& token = tree_[id];
      const std::size_t next =
          pieces.empty() ? 0 : skip_trivia(draft_.source(), pieces.back().second);
      const bool adjacent =
          !pieces.empty() && (pieces.back().second == token.begin || next < token.begin);
      if (adjacent) {
        pieces.back().second = token.end;
      } else {
        pieces.emplace_back(token.begin, token.end);
      }
    }
    draft_.output().blank(tree_[mark].begin, tree_[mark].end);
    draft_.output().move_before(
        at, separator + helper + "(" + std::to_string(parameter.index) + ",", std::move(pieces));
    draft_.output().insert_before(at, ")");
    separator = ",";
  }
}

/// The text moves to another line, so it must not hold a text with a line break or statements that
/// one ends, and nothing in it may move.
bool DecoratorLists::can_move(NodeId decorator) {
  for (NodeId id = decorator; id < tree_[decorator].subtree_end && !error_; ++id) {
    const Node& node = tree_[id];
    const bool is_whole = tree_.is_leaf(id) || node.kind == Kind::kTemplateString ||
                          node.kind == Kind::kStatementBlock || node.kind == Kind::kClassBody;
    const bool breaks = is_whole && has_line_break(draft_.source(), node.begin, node.end);
    const bool moves = id != decorator && node.kind == Kind::kDecorator;
    if (!breaks && !moves) continue;
    error_ = Error{Code::kUnsupported,
                   "The decorator of a parameter must be simpler; give its value a name first.",
                   locate(draft_.source(), tree_[decorator].begin, {}),
                   {}};
  }
  return !error_;
}

}  // namespace isopod::typescript
