// SPDX-License-Identifier: MIT
#include "typescript/aliases.h"

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "typescript/scope.h"
#include "typescript/source_text.h"

namespace isopod::typescript {
namespace {

/// An `import x = ...`: either the alias node or the clause with `require`.
struct Alias {
  NodeId statement = kNoNode;
  NodeId scope = kNoNode;
  std::string name;
  bool used = false;
  std::vector<std::size_t> needs = {};  ///< aliases that this one's value is made of
};

class AliasWriter {
 public:
  explicit AliasWriter(Draft& draft) : draft_(draft), tree_(draft.tree()) {}

  void run() {
    for (NodeId id = 0; id < tree_.size();) {
      if (draft_.is_erased(id)) {
        id = tree_[id].subtree_end;
        continue;
      }
      if (tree_.kind(id) == Kind::kImportAlias || tree_.kind(id) == Kind::kImportRequireClause) {
        add(id);
      }
      ++id;
    }
    if (aliases_.empty()) return;
    find_uses();
    for (const Alias& alias : aliases_) write(alias);
  }

 private:
  void add(NodeId id) {
    const NodeId name = tree_.child(id, Kind::kIdentifier);
    if (name == kNoNode) return;
    Alias alias;
    alias.statement = tree_.kind(id) == Kind::kImportRequireClause ? tree_[id].parent : id;
    alias.used = tree_.parent_kind(alias.statement) == Kind::kExportStatement;
    const NodeId outer = alias.used ? tree_[alias.statement].parent : alias.statement;
    alias.scope = tree_[outer].parent;
    alias.name = cook_name(draft_.text(name));
    by_name_.emplace(std::pair(alias.scope, alias.name), aliases_.size());
    by_statement_.emplace(alias.statement, aliases_.size());
    aliases_.push_back(std::move(alias));
  }

  void find_uses() {
    std::set<std::string> names;
    for (const Alias& alias : aliases_) names.insert(alias.name);
    for (const NameUse& use : resolve_names(draft_, names, {})) {
      const auto found = by_name_.find({use.scope, cook_name(draft_.text(use.node))});
      if (found == by_name_.end()) continue;
      const std::size_t user = alias_around(use.node);
      if (user == aliases_.size()) {
        aliases_[found->second].used = true;
      } else {
        aliases_[user].needs.push_back(found->second);
      }
    }
    std::vector<std::size_t> open;
    for (std::size_t i = 0; i < aliases_.size(); ++i) {
      if (aliases_[i].used) open.push_back(i);
    }
    while (!open.empty()) {
      const std::size_t alias = open.back();
      open.pop_back();
      for (const std::size_t needed : aliases_[alias].needs) {
        if (!std::exchange(aliases_[needed].used, true)) open.push_back(needed);
      }
    }
  }

  /// The alias that stands for a member of this name, or the number of aliases.
  std::size_t alias_around(NodeId use) const {
    NodeId id = tree_[use].parent;
    while (tree_.kind(id) == Kind::kNestedIdentifier || tree_.kind(id) == Kind::kMemberExpression) {
      id = tree_[id].parent;
    }
    const auto found = by_statement_.find(id);
    return found == by_statement_.end() ? aliases_.size() : found->second;
  }

  void write(const Alias& alias) {
    if (!alias.used) return draft_.erase_statement(alias.statement);
    // An exported member of a namespace is written with the namespace.
    const bool is_member = tree_.parent_kind(alias.statement) == Kind::kExportStatement &&
                           tree_.kind(alias.scope) != Kind::kProgram;
    const NodeId keyword = tree_.child(alias.statement, Kind::kImport);
    if (!is_member) draft_.output().put(tree_[keyword].begin, "var   ");
    const NodeId clause = tree_.child(alias.statement, Kind::kImportRequireClause);
    if (clause != kNoNode || stands_for_require(alias.statement))
      draft_.use_commonjs_name("require");
  }

  /// `export import x = require("y")` comes as an alias of one name, see `ParseText::repair`.
  bool stands_for_require(NodeId alias) const {
    NodeId id = tree_.child(alias, Kind::kEquals);
    id = id == kNoNode ? kNoNode : tree_.next_sibling(id);
    return id != kNoNode && word_at(draft_.text(id), 0) == "require";
  }

  Draft& draft_;
  const SyntaxTree& tree_;
  std::vector<Alias> aliases_;
  std::map<std::pair<NodeId, std::string>, std::size_t> by_name_;
  std::map<NodeId, std::size_t> by_statement_;
};

}  // namespace

void lower_aliases(Draft& draft) { AliasWriter(draft).run(); }

}  // namespace isopod::typescript
