// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "typescript/output.h"
#include "typescript/syntax_tree.h"

namespace isopod::typescript {

/// The work in progress on one file: its tree, which parts of it are already erased, and the
/// output.
class Draft {
 public:
  Draft(std::string_view source, const SyntaxTree& tree)
      : source_(source), tree_(tree), marks_(tree.size(), 0), output_(source) {}

  [[nodiscard]] std::string_view source() const { return source_; }
  [[nodiscard]] const SyntaxTree& tree() const { return tree_; }
  [[nodiscard]] Output& output() { return output_; }
  [[nodiscard]] std::string_view text(NodeId id) const {
    return source_.substr(tree_[id].begin, tree_[id].end - tree_[id].begin);
  }

  /// Where the last token of a subtree ends. A node itself may end later, behind a comment.
  [[nodiscard]] std::size_t end_of(NodeId id) const { return tree_[tree_[id].subtree_end - 1].end; }

  [[nodiscard]] bool is_erased(NodeId id) const { return (marks_[id] & kErased) != 0; }
  /// True for the first token of an erased statement or class member, where a `;` stands now.
  [[nodiscard]] bool is_separator(NodeId id) const { return (marks_[id] & kSeparator) != 0; }

  /// True for a `;` that a repair put into the parsed text: the source has white space there.
  [[nodiscard]] bool is_inserted(NodeId id) const {
    return tree_.kind(id) == Kind::kSemicolon && source_[tree_[id].begin] != ';';
  }

  /// The names of CommonJS that the transforms of this file write where the author wrote none.
  [[nodiscard]] const std::set<std::string>& commonjs_names() const { return commonjs_names_; }
  void use_commonjs_name(std::string name) { commonjs_names_.insert(std::move(name)); }

  /// True for a class member whose beginning a transform has written anew, with a `;` in front.
  [[nodiscard]] bool is_rewritten(NodeId id) const { return (marks_[id] & kRewritten) != 0; }
  void set_rewritten(NodeId id) { marks_[id] |= kRewritten; }

  /// Blanks a subtree, or the rest of `parent` from its child `first` on.
  void erase(NodeId id) { erase_nodes(id, tree_[id].subtree_end); }
  void erase_from(NodeId parent, NodeId first) { erase_nodes(first, tree_[parent].subtree_end); }

  /// Blanks a whole statement or class member and leaves a `;`, so that its neighbours stay apart.
  void erase_statement(NodeId id) {
    if (is_erased(id)) return;
    erase(id);
    marks_[tree_.first_leaf(id)] |= kSeparator;
    output_.put(tree_[id].begin, ";");
  }

  /// Blanks an element of a list together with the comma behind it, if there is one.
  void erase_element(NodeId id) {
    erase(id);
    const NodeId comma = tree_.next_sibling(id);
    if (comma != kNoNode && tree_.kind(comma) == Kind::kComma) erase(comma);
  }

 private:
  static constexpr std::uint8_t kErased = 1;
  static constexpr std::uint8_t kSeparator = 2;
  static constexpr std::uint8_t kRewritten = 4;

  void erase_nodes(NodeId first, NodeId end) {
    for (NodeId id = first; id < end; ++id) marks_[id] |= kErased;
    output_.blank(tree_[first].begin, tree_[end - 1].end);
  }

  std::string_view source_;
  const SyntaxTree& tree_;
  std::vector<std::uint8_t> marks_;
  Output output_;
  std::set<std::string> commonjs_names_;
};

}  // namespace isopod::typescript
