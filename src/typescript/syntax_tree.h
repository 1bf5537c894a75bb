// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "typescript/syntax_kind.h"

struct TSLanguage;

namespace isopod::typescript {

/// The grammar every parse uses.
const TSLanguage* grammar();

using NodeId = std::uint32_t;
inline constexpr NodeId kNoNode = UINT32_MAX;

/// A node of a concrete syntax tree. Nodes stand in pre-order, so that the nodes of a subtree are
/// the ids [id, subtree_end), a leaf has subtree_end == id + 1, and the last id of a subtree is its
/// last token. Comments are left out.
struct Node {
  std::uint32_t begin = 0;  ///< bytes of the source
  std::uint32_t end = 0;
  NodeId parent = kNoNode;
  NodeId subtree_end = 0;
  Kind kind = Kind::kOther;
  Field field = Field::kNone;
};

/// A whole syntax tree in one array. Walking it needs no recursion, so that no source, however
/// deep, can exhaust a stack.
class SyntaxTree {
 public:
  [[nodiscard]] const Node& operator[](NodeId id) const { return nodes_[id]; }
  [[nodiscard]] NodeId size() const { return static_cast<NodeId>(nodes_.size()); }
  [[nodiscard]] Kind kind(NodeId id) const { return nodes_[id].kind; }
  [[nodiscard]] bool is_leaf(NodeId id) const { return nodes_[id].subtree_end == id + 1; }
  [[nodiscard]] Kind parent_kind(NodeId id) const;

  /// Children in order; `kNoNode` when there is none.
  [[nodiscard]] NodeId first_child(NodeId id) const;
  [[nodiscard]] NodeId next_sibling(NodeId id) const;
  /// The first child that has this field or kind.
  [[nodiscard]] NodeId child(NodeId id, Field field) const;
  [[nodiscard]] NodeId child(NodeId id, Kind kind) const;

  /// The first token of a subtree, and the tokens before and after a subtree; `kNoNode` at the
  /// ends.
  [[nodiscard]] NodeId first_leaf(NodeId id) const;
  [[nodiscard]] NodeId leaf_before(NodeId id) const;
  [[nodiscard]] NodeId leaf_after(NodeId id) const;

 private:
  friend struct TreeBuilder;
  std::vector<Node> nodes_;
};

enum class OnError {
  kLocate,   ///< give up at the first error and say where it is
  kRecover,  ///< make a tree anyway, within a bound on the work
};

struct ParseOutcome {
  enum class Status {
    kTree,       ///< `tree` is set; with `OnError::kLocate` it is free of errors
    kSyntax,     ///< the token that starts at `error_at` cannot stand there
    kTooDeep,    ///< deeper than `kTreeDepthMax`, first at `error_at`
    kTooCostly,  ///< parsing or recovery was given up at `error_at`
  };
  Status status = Status::kTree;
  SyntaxTree tree;
  std::size_t error_at = 0;
  std::size_t error_after = 0;  ///< where the token before that one ends; `error_at` if unknown
};

/// Parses `text`, which is at most `kScriptBytesMax` bytes of anything.
ParseOutcome parse_tree(std::string_view text, OnError on_error);

}  // namespace isopod::typescript
