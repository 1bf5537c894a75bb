// SPDX-License-Identifier: MIT
#include "typescript/spaces.h"

#include <algorithm>

#include "typescript/source_text.h"

namespace isopod::typescript {
namespace {

/// How often one body may see the exports of another, over the whole file: bounds the time that
/// merged declarations take.
constexpr std::size_t kMergedNamesMax = 4'000'000;
/// Keys of members that a space exports, beside those of containers, which are node ids.
constexpr std::uint64_t kSpaceKey = std::uint64_t{1} << 32;

bool is_namespace(Kind kind) { return kind == Kind::kInternalModule || kind == Kind::kModule; }

bool holds_statements(Kind kind) {
  return kind == Kind::kProgram || kind == Kind::kStatementBlock || kind == Kind::kSwitchCase ||
         kind == Kind::kSwitchDefault;
}

}  // namespace

std::string enum_member_name(const Draft& draft, NodeId name) {
  const SyntaxTree& tree = draft.tree();
  if (tree.kind(name) == Kind::kComputedPropertyName) name = tree.child(name, Kind::kString);
  if (name == kNoNode) return {};
  return tree.kind(name) == Kind::kString ? cook_string(draft.text(name))
                                          : cook_name(draft.text(name));
}

std::string Spaces::name_of(NodeId id) const { return cook_name(draft_.text(id)); }

Result<> Spaces::collect(const std::string& file) {
  for (NodeId id = 0; id < tree_.size();) {
    if (draft_.is_erased(id)) {
      id = tree_[id].subtree_end;
      continue;
    }
    const bool found = tree_.kind(id) == Kind::kEnumDeclaration || is_namespace(tree_.kind(id));
    if (found && !tree_.is_leaf(id) && !add_declaration(id)) {
      return fail(Code::kUnsupported,
                  "An enum or namespace cannot be declared here; move it to the top level.",
                  locate(draft_.source(), tree_[id].begin, file));
    }
    ++id;
  }
  std::size_t merged = 0;
  for (const SpaceBody& body : bodies_) {
    for (const std::size_t space : body.spaces) merged += 1 + spaces_[space].exports.size();
    if (merged <= kMergedNamesMax) continue;
    return fail(Code::kUnsupported,
                "Too many declarations of enums or namespaces are merged here; join them.",
                locate(draft_.source(), tree_[body.declaration].begin, file));
  }
  return {};
}

bool Spaces::add_declaration(NodeId id) {
  SpaceBody made;
  made.declaration = made.statement = id;
  made.body = tree_.child(id, Field::kBody);
  const Kind outer = tree_.parent_kind(id);
  if (outer == Kind::kExportStatement || outer == Kind::kExpressionStatement) {
    made.statement = tree_[id].parent;
  }
  made.exported = outer == Kind::kExportStatement;
  made.container = tree_[made.statement].parent;
  if (made.body == kNoNode || !holds_statements(tree_.kind(made.container))) return false;
  collect_makers(made.container);
  const NodeId name = tree_.child(id, Field::kName);
  if (name == kNoNode || tree_.kind(name) == Kind::kString) return false;
  const auto around = space_of_body_.find(made.container);
  std::uint64_t key = made.container;
  std::size_t outer_space = SIZE_MAX;
  if (made.exported && around != space_of_body_.end()) {
    outer_space = around->second;
    key = kSpaceKey | outer_space;
  }
  for (NodeId part = name; part < tree_[name].subtree_end; ++part) {
    const Kind kind = tree_.kind(part);
    if (kind != Kind::kIdentifier && kind != Kind::kPropertyName) continue;
    const std::string part_name = name_of(part);
    const std::size_t space = space_of(key, part_name);
    if (outer_space != SIZE_MAX) {
      spaces_[space].outer = outer_space;
      spaces_[outer_space].exports.insert(part_name);
    }
    made.spaces.push_back(space);
    outer_space = space;
    key = kSpaceKey | space;
  }
  if (made.spaces.empty()) return false;
  std::reverse(made.spaces.begin(), made.spaces.end());
  space_of_body_.emplace(made.body, made.spaces.front());
  tree_.kind(id) == Kind::kEnumDeclaration ? collect_enum_exports(made)
                                           : collect_namespace_exports(made);
  bodies_.push_back(std::move(made));
  return true;
}

std::size_t Spaces::space_of(std::uint64_t container, const std::string& name) {
  const auto [found, is_new] = by_key_.try_emplace({container, name}, spaces_.size());
  if (is_new) spaces_.push_back({name, fresh_.make(name), SIZE_MAX, {}});
  return found->second;
}

void Spaces::collect_enum_exports(const SpaceBody& body) {
  std::set<std::string>& exports = spaces_[body.spaces.front()].exports;
  for (NodeId id = tree_.first_child(body.body); id != kNoNode; id = tree_.next_sibling(id)) {
    const bool has_value = tree_.kind(id) == Kind::kEnumAssignment;
    const NodeId name = has_value ? tree_.child(id, Field::kName) : id;
    if (name == kNoNode || (!has_value && tree_[id].field != Field::kName)) continue;
    exports.insert(enum_member_name(draft_, name));
  }
}

void Spaces::collect_namespace_exports(const SpaceBody& body) {
  std::set<std::string>& exports = spaces_[body.spaces.front()].exports;
  std::set<std::string>& variables = variables_[body.body];
  for (NodeId id = tree_.first_child(body.body); id != kNoNode; id = tree_.next_sibling(id)) {
    if (tree_.kind(id) != Kind::kExportStatement) continue;
    const NodeId declaration = tree_.child(id, Field::kDeclaration);
    if (declaration == kNoNode) continue;
    const Kind kind = tree_.kind(declaration);
    if (kind == Kind::kImportAlias) {
      variables.insert(name_of(tree_.child(declaration, Kind::kIdentifier)));
    } else if (!draft_.is_erased(declaration) && !is_namespace(kind)) {
      const NodeId name = tree_.child(declaration, Field::kName);
      if (name != kNoNode) exports.insert(name_of(name));
    }
    for (NodeId in = declaration; in < tree_[declaration].subtree_end;) {
      const Kind inner = tree_.kind(in);
      if (inner == Kind::kVariableDeclarator) {
        for (const NodeId name : names_of_pattern(tree_, tree_.child(in, Field::kName))) {
          variables.insert(name_of(name));
        }
      }
      const bool inside = in == declaration || inner == Kind::kLexicalDeclaration ||
                          inner == Kind::kVariableDeclaration;
      in = inside ? in + 1 : tree_[in].subtree_end;
    }
  }
  exports.insert(variables.begin(), variables.end());
}

void Spaces::collect_makers(NodeId container) {
  if (!makers_.try_emplace(container).second) return;
  for (NodeId id = tree_.first_child(container); id != kNoNode; id = tree_.next_sibling(id)) {
    if (draft_.is_erased(id)) continue;
    const NodeId exported =
        tree_.kind(id) == Kind::kExportStatement ? tree_.child(id, Field::kDeclaration) : id;
    if (exported != kNoNode) add_maker(container, exported);
  }
}

void Spaces::add_maker(NodeId container, NodeId declaration) {
  switch (tree_.kind(declaration)) {
    case Kind::kClassDeclaration:
    case Kind::kAbstractClassDeclaration:
    case Kind::kFunctionDeclaration:
    case Kind::kGeneratorFunctionDeclaration: {
      const NodeId name = tree_.child(declaration, Field::kName);
      if (name != kNoNode) makers_[container].insert(name_of(name));
      return;
    }
    default: return;
  }
}

bool Spaces::is_made_by_another(NodeId container, const std::string& name) const {
  const auto found = makers_.find(container);
  return found != makers_.end() && found->second.contains(name);
}

std::vector<Spaces::MemberUse> Spaces::find_member_uses() const {
  ScopeNames known;
  std::set<std::string> names;
  std::unordered_map<NodeId, const SpaceBody*> body_of;
  for (const SpaceBody& body : bodies_) {
    body_of.emplace(body.body, &body);
    for (const std::size_t space : body.spaces) {
      names.insert(spaces_[space].exports.begin(), spaces_[space].exports.end());
      known[body.body].insert(spaces_[space].exports.begin(), spaces_[space].exports.end());
    }
  }
  std::vector<MemberUse> found;
  if (names.empty()) return found;
  for (const NameUse& use : resolve_names(draft_, names, known)) {
    const auto body = body_of.find(use.scope);
    if (body == body_of.end()) continue;
    const std::string name = name_of(use.node);
    const auto variables = variables_.find(use.scope);
    const bool is_variable = variables != variables_.end() && variables->second.contains(name);
    if (use.declared_by_scope && !is_variable) continue;
    for (const std::size_t space : body->second->spaces) {
      if (!spaces_[space].exports.contains(name)) continue;
      found.push_back({use.node, spaces_[space].parameter});
      break;
    }
  }
  return found;
}

}  // namespace isopod::typescript
