// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "isopod/result.h"
#include "typescript/draft.h"
#include "typescript/fresh_names.h"
#include "typescript/scope.h"

namespace isopod::typescript {

/// An enum or a namespace with all its merged declarations: at run time an object that functions
/// fill, one for each declaration.
struct Space {
  std::string name;
  std::string parameter;          ///< what the functions call the object; a fresh name
  std::size_t outer = SIZE_MAX;   ///< the namespace that exports this one, or `SIZE_MAX`
  std::set<std::string> exports;  ///< names of members that inner code may use without a dot
};

/// One body of a namespace or enum and how it is declared.
struct SpaceBody {
  NodeId declaration = kNoNode;  ///< the enum or module node
  NodeId statement = kNoNode;    ///< `declaration`, or the export or expression statement around it
  NodeId body = kNoNode;
  NodeId container = kNoNode;  ///< the list of statements that `statement` is in
  bool exported = false;
  /// The spaces that the body fills or lies in by a dotted name, innermost first.
  std::vector<std::size_t> spaces;
};

/// All enums and namespaces of a file that exist at run time.
class Spaces {
 public:
  Spaces(const Draft& draft, FreshNames& fresh)
      : draft_(draft), tree_(draft.tree()), fresh_(fresh) {}

  /// Errors: `unsupported` for declarations where none may stand and for merges beyond a bound.
  Result<> collect(const std::string& file);

  [[nodiscard]] const std::vector<SpaceBody>& bodies() const { return bodies_; }
  [[nodiscard]] const Space& operator[](std::size_t space) const { return spaces_[space]; }

  /// True when a class, a function or an import of this name makes the object in that container.
  [[nodiscard]] bool is_made_by_another(NodeId container, const std::string& name) const;

  /// Uses of exported names that must become members: `x` to `parameter.x`.
  struct MemberUse {
    NodeId node;
    std::string parameter;
  };
  [[nodiscard]] std::vector<MemberUse> find_member_uses() const;

 private:
  using Key = std::pair<std::uint64_t, std::string>;

  bool add_declaration(NodeId id);
  std::size_t space_of(std::uint64_t container, const std::string& name);
  void collect_enum_exports(const SpaceBody& body);
  void collect_namespace_exports(const SpaceBody& body);
  void collect_makers(NodeId container);
  void add_maker(NodeId container, NodeId declaration);
  std::string name_of(NodeId id) const;

  const Draft& draft_;
  const SyntaxTree& tree_;
  FreshNames& fresh_;
  std::vector<Space> spaces_;
  std::vector<SpaceBody> bodies_;
  std::map<Key, std::size_t> by_key_;
  std::unordered_map<NodeId, std::size_t> space_of_body_;
  std::unordered_map<NodeId, std::set<std::string>> variables_;  ///< by body: exported in it
  std::unordered_map<NodeId, std::set<std::string>> makers_;     ///< by container
};

/// The names of an enum's member: the node that holds it, and its value; empty for a computed name
/// that is no string.
std::string enum_member_name(const Draft& draft, NodeId name);

}  // namespace isopod::typescript
