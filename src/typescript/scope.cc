// SPDX-License-Identifier: MIT
#include "typescript/scope.h"

#include <cstdint>
#include <utility>

#include "typescript/source_text.h"

namespace isopod::typescript {
namespace {

bool is_function(Kind kind) {
  switch (kind) {
    case Kind::kFunctionDeclaration:
    case Kind::kFunctionExpression:
    case Kind::kGeneratorFunction:
    case Kind::kGeneratorFunctionDeclaration:
    case Kind::kArrowFunction:
    case Kind::kMethodDefinition:
    case Kind::kClassStaticBlock: return true;
    default: return false;
  }
}

bool is_scope(Kind kind) {
  switch (kind) {
    case Kind::kProgram:
    case Kind::kClass:
    case Kind::kStatementBlock:
    case Kind::kForStatement:
    case Kind::kForInStatement:
    case Kind::kCatchClause:
    case Kind::kEnumBody:
    case Kind::kSwitchBody: return true;
    default: return is_function(kind);
  }
}

constexpr NodeId kProgramScope = 0;

/// Two walks over the tree: the first notes which scope declares which name, because a declaration
/// counts for its whole scope; the second then decides for each use.
class Analyzer {
 public:
  Analyzer(const Draft& draft, const std::set<std::string>& names,
           const std::set<std::size_t>& await_usings)
      : draft_(draft),
        tree_(draft.tree()),
        await_usings_(await_usings),
        declares_(tree_.size(), false) {
    for (const std::string& name : names) indices_.emplace(name, indices_.size());
    declaring_.resize(indices_.size());
    facts_.resize(indices_.size());
  }

  ScopeFacts run() {
    walk_twice({});
    ScopeFacts result;
    for (const auto& [name, index] : indices_) result.names.emplace(name, facts_[index]);
    result.has_top_level_await = top_level_await_;
    return result;
  }

  std::vector<NameUse> resolve(const ScopeNames& known) {
    walk_twice(known);
    return std::move(uses_);
  }

 private:
  /// That a scope declares a name of interest.
  struct Declaration {
    std::size_t index;
    bool by_scope;  ///< by a statement of its own
  };
  struct Declaring {
    NodeId scope;
    bool by_scope;
  };

  struct Scope {
    NodeId node;
    NodeId end;
    bool function;
  };

  void walk_twice(const ScopeNames& known) {
    for (const auto& [scope, names] : known) {
      for (const std::string& name : names) {
        const auto found = indices_.find(name);
        if (found != indices_.end()) declarations_[scope].push_back({found->second, false});
      }
    }
    walk([this](NodeId id) { declare(id); }, [](NodeId) {}, [](NodeId) {});
    walk([this](NodeId id) { use(id); }, [this](NodeId scope) { enter_scope(scope); },
         [this](NodeId scope) { leave_scope(scope); });
  }

  bool is_function_node(NodeId id) const {
    const Kind kind = tree_.kind(id);
    if (kind != Kind::kStatementBlock) return is_function(kind);
    return tree_.parent_kind(id) == Kind::kInternalModule || tree_.parent_kind(id) == Kind::kModule;
  }

  template <class Visit, class Enter, class Leave>
  void walk(Visit visit, Enter enter, Leave leave) {
    scopes_.clear();
    functions_ = 0;
    for (NodeId id = 0; id < tree_.size();) {
      while (!scopes_.empty() && id >= scopes_.back().end) pop(leave);
      if (draft_.is_erased(id)) {
        id = tree_[id].subtree_end;
        continue;
      }
      const Kind kind = tree_.kind(id);
      if (is_scope(kind)) {
        const bool function = is_function_node(id);
        scopes_.push_back({id, tree_[id].subtree_end, function});
        functions_ += function ? 1 : 0;
        enter(id);
      }
      visit(id);
      ++id;
    }
    while (!scopes_.empty()) pop(leave);
  }

  template <class Leave>
  void pop(Leave leave) {
    leave(scopes_.back().node);
    functions_ -= scopes_.back().function ? 1 : 0;
    scopes_.pop_back();
  }

  NodeId current_scope() const { return scopes_.empty() ? kProgramScope : scopes_.back().node; }
  NodeId outer_scope() const {
    return scopes_.size() < 2 ? kProgramScope : scopes_[scopes_.size() - 2].node;
  }
  NodeId function_scope() const {
    for (std::size_t i = scopes_.size(); functions_ > 0 && i-- > 0;) {
      if (scopes_[i].function) return scopes_[i].node;
    }
    return kProgramScope;
  }

  // First walk.

  void declare(NodeId id) {
    switch (tree_.kind(id)) {
      case Kind::kVariableDeclarator: {
        const bool is_var = tree_.parent_kind(id) == Kind::kVariableDeclaration;
        return declare_pattern(tree_.child(id, Field::kName),
                               is_var ? function_scope() : current_scope());
      }
      case Kind::kForInStatement: {
        const NodeId keyword = tree_.child(id, Field::kKind);
        if (keyword == kNoNode) return;
        const bool is_var = draft_.text(keyword) == "var";
        return declare_pattern(tree_.child(id, Field::kLeft), is_var ? function_scope() : id);
      }
      case Kind::kRequiredParameter:
      case Kind::kOptionalParameter:
        return declare_pattern(tree_.child(id, Field::kPattern), function_scope());
      case Kind::kArrowFunction:
      case Kind::kCatchClause: return declare_pattern(tree_.child(id, Field::kParameter), id);
      case Kind::kFunctionDeclaration:
      case Kind::kGeneratorFunctionDeclaration:
        return declare_name(tree_.child(id, Field::kName), outer_scope());
      case Kind::kClassDeclaration:
      case Kind::kAbstractClassDeclaration:
        return declare_name(tree_.child(id, Field::kName), current_scope());
      case Kind::kFunctionExpression:
      case Kind::kGeneratorFunction:
      case Kind::kClass: return declare_name(tree_.child(id, Field::kName), id);
      default: return declare_other(id);
    }
  }

  void declare_other(NodeId id) {
    switch (tree_.kind(id)) {
      case Kind::kImportClause:
      case Kind::kNamespaceImport:
        return declare_name(tree_.child(id, Kind::kIdentifier), kProgramScope);
      case Kind::kImportSpecifier: return declare_specifier(id);
      case Kind::kImportAlias:
      case Kind::kImportRequireClause:
        return declare_name(tree_.child(id, Kind::kIdentifier), current_scope());
      case Kind::kEnumDeclaration:
        return declare_name(tree_.child(id, Field::kName), current_scope());
      case Kind::kInternalModule:
      case Kind::kModule: return declare_namespace(tree_.child(id, Field::kName));
      case Kind::kAssignmentExpression:
        if (tree_.child(id, Kind::kUsing) == kNoNode) return;
        return declare_name(tree_.child(id, Field::kLeft), current_scope());
      default: return;
    }
  }

  /// Of `namespace A.B`, the scope declares `A`, and the rest are no uses either.
  void declare_namespace(NodeId name) {
    if (name == kNoNode) return;
    const NodeId first = tree_.first_leaf(name);
    declare_name(first, current_scope());
  }

  void declare_specifier(NodeId id) {
    const NodeId name = tree_.child(id, Field::kName);
    const NodeId alias = tree_.child(id, Field::kAlias);
    if (name != kNoNode) declares_[name] = true;
    if (alias != kNoNode) declares_[alias] = true;
    if (tree_.child(id, Kind::kTypeToken) != kNoNode) return;
    declare_name(alias != kNoNode ? alias : name, kProgramScope);
  }

  void declare_pattern(NodeId pattern, NodeId scope) {
    if (pattern == kNoNode) return;
    for (const NodeId name : names_of_pattern(tree_, pattern)) declare_name(name, scope);
  }

  void declare_name(NodeId name, NodeId scope) {
    if (name == kNoNode) return;
    declares_[name] = true;
    const auto found = indices_.find(cook_name(draft_.text(name)));
    if (found == indices_.end()) return;
    if (scope == kProgramScope) {
      facts_[found->second].declared_at_top = true;
    } else {
      declarations_[scope].push_back({found->second, true});
    }
  }

  // Second walk.

  void enter_scope(NodeId scope) {
    const auto found = declarations_.find(scope);
    if (found == declarations_.end()) return;
    for (const Declaration& declaration : found->second) {
      std::vector<Declaring>& scopes = declaring_[declaration.index];
      if (scopes.empty() || scopes.back().scope != scope) scopes.push_back({scope, false});
      scopes.back().by_scope |= declaration.by_scope;
    }
  }

  void leave_scope(NodeId scope) {
    const auto found = declarations_.find(scope);
    if (found == declarations_.end()) return;
    for (const Declaration& declaration : found->second) {
      std::vector<Declaring>& scopes = declaring_[declaration.index];
      if (!scopes.empty() && scopes.back().scope == scope) scopes.pop_back();
    }
  }

  void use(NodeId id) {
    switch (tree_.kind(id)) {
      case Kind::kIdentifier:
      case Kind::kShorthandProperty:
      case Kind::kShorthandPropertyPattern:
      case Kind::kTypeIdentifier:  // Still there only in JavaScript, where `a < b > (c)` compares.
        return use_name(id);
      case Kind::kAwaitExpression: top_level_await_ |= functions_ == 0; return;
      case Kind::kForInStatement:
        top_level_await_ |= functions_ == 0 && tree_.child(id, Kind::kAwait) != kNoNode;
        [[fallthrough]];
      case Kind::kLexicalDeclaration: {
        const NodeId keyword = await_usings_.empty() ? kNoNode : tree_.child(id, Field::kKind);
        if (functions_ > 0 || keyword == kNoNode) return;
        top_level_await_ |= await_usings_.contains(tree_[keyword].begin);
        return;
      }
      default: return;
    }
  }

  void use_name(NodeId id) {
    if (declares_[id] || !is_value_use(id)) return;
    const auto found = indices_.find(cook_name(draft_.text(id)));
    if (found == indices_.end()) return;
    NameFacts& facts = facts_[found->second];
    const std::vector<Declaring>& scopes = declaring_[found->second];
    if (!scopes.empty()) {
      uses_.push_back({id, scopes.back().scope, scopes.back().by_scope});
    } else {
      facts.used = true;
      if (facts.declared_at_top) uses_.push_back({id, kProgramScope, true});
    }
  }

  bool is_value_use(NodeId id) const {
    if (tree_.parent_kind(id) == Kind::kNamespaceExport) return false;
    if (tree_.parent_kind(id) != Kind::kExportSpecifier) return true;
    const NodeId specifier = tree_[id].parent;
    const NodeId statement = tree_[tree_[specifier].parent].parent;
    return tree_[id].field == Field::kName && tree_.child(specifier, Kind::kTypeToken) == kNoNode &&
           (statement == kNoNode || tree_.child(statement, Field::kSource) == kNoNode);
  }

  const Draft& draft_;
  const SyntaxTree& tree_;
  const std::set<std::size_t> await_usings_;
  std::vector<bool> declares_;  ///< by node: a name being declared, not used
  std::unordered_map<std::string, std::size_t> indices_;
  std::unordered_map<NodeId, std::vector<Declaration>> declarations_;
  std::vector<std::vector<Declaring>> declaring_;  ///< by name: the open scopes that declare it
  std::vector<NameUse> uses_;
  std::vector<NameFacts> facts_;
  std::vector<Scope> scopes_;
  std::size_t functions_ = 0;
  bool top_level_await_ = false;
};

}  // namespace

ScopeFacts analyze_scopes(const Draft& draft, const std::set<std::string>& names,
                          const std::set<std::size_t>& await_usings) {
  return Analyzer(draft, names, await_usings).run();
}

std::vector<NameUse> resolve_names(const Draft& draft, const std::set<std::string>& names,
                                   const ScopeNames& known) {
  return Analyzer(draft, names, {}).resolve(known);
}

std::vector<NodeId> names_of_pattern(const SyntaxTree& tree, NodeId pattern) {
  std::vector<NodeId> names;
  const NodeId end = tree[pattern].subtree_end;
  for (NodeId id = pattern; id < end;) {
    const Kind parent = id == pattern ? Kind::kOther : tree.parent_kind(id);
    const bool is_default =
        tree[id].field == Field::kRight &&
        (parent == Kind::kAssignmentPattern || parent == Kind::kObjectAssignmentPattern);
    const bool is_expression = tree.kind(id) == Kind::kComputedPropertyName ||
                               tree.kind(id) == Kind::kMemberExpression ||
                               tree.kind(id) == Kind::kSubscriptExpression;
    if (is_default || is_expression) {
      id = tree[id].subtree_end;
      continue;
    }
    if (tree.kind(id) == Kind::kIdentifier || tree.kind(id) == Kind::kShorthandPropertyPattern) {
      names.push_back(id);
    }
    ++id;
  }
  return names;
}

}  // namespace isopod::typescript
