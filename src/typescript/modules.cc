// SPDX-License-Identifier: MIT
#include "typescript/modules.h"

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "typescript/erase.h"
#include "typescript/scope.h"
#include "typescript/source_text.h"

namespace isopod::typescript {
namespace {

constexpr std::string_view kCommonjsNames[] = {"require", "module", "exports", "__dirname",
                                               "__filename"};

struct ImportedBinding {
  NodeId node;  ///< what to erase: the default name, the namespace import or the specifier
  Binding binding;
};

class Shaper {
 public:
  Shaper(Draft& draft, const ParseText& text, Language language)
      : draft_(draft),
        tree_(draft.tree()),
        text_(text),
        elides_(language == Language::kTypeScript) {}

  ModuleShape run() {
    find_statements();
    if (elides_) find_type_names();
    const ScopeFacts facts = analyze_scopes(draft_, names_of_interest(), text_.await_usings());
    if (elides_) elide_exports(facts);
    for (const NodeId id : statements_) {
      shape_.is_module |= is_import(id) || is_export(id) || is_alias(id);
      if (draft_.is_erased(id)) continue;
      if (is_import(id)) shape_import(id, facts);
      if (is_export(id)) shape_export(id);
    }
    for (const std::string_view name : kCommonjsNames) {
      const NameFacts& fact = facts.names.at(std::string(name));
      const bool used = fact.used || draft_.commonjs_names().contains(std::string(name));
      if (fact.declared_at_top) shape_.declared_commonjs_names.emplace(name);
      if (used && !fact.declared_at_top) shape_.commonjs_names.emplace(name);
    }
    shape_.has_top_level_await = facts.has_top_level_await;
    shape_.is_module = shape_.is_module || shape_.has_top_level_await || has_import_meta();
    return std::move(shape_);
  }

 private:
  bool is_import(NodeId id) const { return tree_.kind(id) == Kind::kImportStatement; }
  bool is_export(NodeId id) const { return tree_.kind(id) == Kind::kExportStatement; }
  bool is_alias(NodeId id) const { return tree_.kind(id) == Kind::kImportAlias; }
  bool is_export_equals(NodeId id) const { return tree_.child(id, Kind::kEquals) != kNoNode; }
  std::string name_of(NodeId id) const {
    return tree_.kind(id) == Kind::kString ? cook_string(draft_.text(id))
                                           : cook_name(draft_.text(id));
  }

  /// The statements of the top level. Where the tree of a JavaScript file has an error, the
  /// statements inside the error count too.
  void find_statements() {
    for (NodeId id = tree_.first_child(0); id != kNoNode; id = tree_.next_sibling(id)) {
      statements_.push_back(id);
      if (tree_.kind(id) != Kind::kError) continue;
      for (NodeId in = tree_.first_child(id); in != kNoNode; in = tree_.next_sibling(in)) {
        statements_.push_back(in);
      }
    }
  }

  bool has_import_meta() const {
    for (NodeId id = 0; id < tree_.size(); ++id) {
      if (tree_.kind(id) == Kind::kMetaProperty && draft_.text(id).starts_with("import"))
        return true;
    }
    return false;
  }

  // Names that are only types.

  void find_type_names() {
    for (NodeId id : statements_) {
      if (!draft_.is_erased(id)) {
        if (is_import(id)) find_inline_type_imports(id);
        continue;
      }
      if (is_import(id)) {
        for (const ImportedBinding& imported : bindings_of(id))
          type_names_.insert(imported.binding.local);
        continue;
      }
      if (is_export(id)) id = tree_.child(id, Field::kDeclaration);
      if (id != kNoNode) find_declared_type_names(id);
    }
  }

  void find_inline_type_imports(NodeId id) {
    for (const ImportedBinding& imported : bindings_of(id)) {
      if (tree_.child(imported.node, Kind::kTypeToken) != kNoNode)
        type_names_.insert(imported.binding.local);
    }
  }

  void find_declared_type_names(NodeId id) {
    if (tree_.kind(id) == Kind::kExpressionStatement) id = tree_.first_child(id);
    if (tree_.kind(id) == Kind::kAmbientDeclaration) {
      for (NodeId in = tree_.first_child(id); in != kNoNode; in = tree_.next_sibling(in)) {
        if (!tree_.is_leaf(in)) id = in;
      }
    }
    if (const NodeId name = tree_.child(id, Field::kName); name != kNoNode) {
      type_names_.insert(name_of(name));
    }
    for (NodeId in = tree_.first_child(id); in != kNoNode; in = tree_.next_sibling(in)) {
      if (tree_.kind(in) != Kind::kVariableDeclarator) continue;
      for (const NodeId name : names_of_pattern(tree_, tree_.child(in, Field::kName))) {
        type_names_.insert(name_of(name));
      }
    }
  }

  std::set<std::string> names_of_interest() const {
    std::set<std::string> names(std::begin(kCommonjsNames), std::end(kCommonjsNames));
    names.insert(type_names_.begin(), type_names_.end());
    for (const NodeId id : statements_) {
      if (!elides_ || !is_import(id) || draft_.is_erased(id)) continue;
      for (const ImportedBinding& imported : bindings_of(id)) names.insert(imported.binding.local);
    }
    return names;
  }

  // Exports of types.

  bool is_only_a_type(const std::string& name, const ScopeFacts& facts) const {
    return type_names_.contains(name) && !facts.names.at(name).declared_at_top;
  }

  void elide_exports(const ScopeFacts& facts) {
    for (const NodeId id : statements_) {
      if (!is_export(id) || draft_.is_erased(id)) continue;
      if (const NodeId clause = tree_.child(id, Kind::kExportClause); clause != kNoNode) {
        elide_export_clause(id, clause, facts);
      }
      const NodeId equals = tree_.child(id, Kind::kEquals);
      const NodeId value =
          equals == kNoNode ? tree_.child(id, Field::kValue) : tree_.next_sibling(equals);
      if (value != kNoNode && tree_.kind(value) == Kind::kIdentifier &&
          is_only_a_type(name_of(value), facts)) {
        draft_.erase_statement(id);
      }
    }
  }

  void elide_export_clause(NodeId statement, NodeId clause, const ScopeFacts& facts) {
    const bool is_local = tree_.child(statement, Field::kSource) == kNoNode;
    std::vector<NodeId> types;
    std::size_t specifiers = 0;
    for (NodeId id = tree_.first_child(clause); id != kNoNode; id = tree_.next_sibling(id)) {
      if (tree_.kind(id) != Kind::kExportSpecifier) continue;
      ++specifiers;
      const bool is_type =
          tree_.child(id, Kind::kTypeToken) != kNoNode ||
          (is_local && is_only_a_type(name_of(tree_.child(id, Field::kName)), facts));
      if (is_type) types.push_back(id);
    }
    if (types.empty()) return;
    if (types.size() == specifiers) return draft_.erase_statement(statement);
    for (const NodeId id : types) draft_.erase_element(id);
  }

  // Imports.

  std::vector<ImportedBinding> bindings_of(NodeId statement) const {
    std::vector<ImportedBinding> found;
    const NodeId clause = tree_.child(statement, Kind::kImportClause);
    if (clause == kNoNode) return found;
    for (NodeId id = tree_.first_child(clause); id != kNoNode; id = tree_.next_sibling(id)) {
      if (tree_.kind(id) == Kind::kIdentifier) {
        found.push_back({id, {"default", name_of(id)}});
      } else if (tree_.kind(id) == Kind::kNamespaceImport) {
        const NodeId name = tree_.child(id, Kind::kIdentifier);
        if (name != kNoNode) found.push_back({id, {"*", name_of(name)}});
      } else if (tree_.kind(id) == Kind::kNamedImports) {
        add_named_imports(id, found);
      }
    }
    return found;
  }

  void add_named_imports(NodeId list, std::vector<ImportedBinding>& found) const {
    for (NodeId id = tree_.first_child(list); id != kNoNode; id = tree_.next_sibling(id)) {
      const NodeId name = tree_.child(id, Field::kName);
      if (tree_.kind(id) != Kind::kImportSpecifier || name == kNoNode) continue;
      const NodeId alias = tree_.child(id, Field::kAlias);
      found.push_back({id, {name_of(name), name_of(alias != kNoNode ? alias : name)}});
    }
  }

  void shape_import(NodeId statement, const ScopeFacts& facts) {
    ModuleRequest request;
    if (!describe_source(statement, request)) return;
    const std::vector<ImportedBinding> imports = bindings_of(statement);
    for (const ImportedBinding& imported : imports) {
      const bool is_type = tree_.child(imported.node, Kind::kTypeToken) != kNoNode;
      if (!elides_ || (!is_type && facts.names.at(imported.binding.local).used)) {
        request.bindings.push_back(imported.binding);
      }
    }
    if (!imports.empty() && request.bindings.empty()) return draft_.erase_statement(statement);
    if (imports.size() != request.bindings.size()) erase_unused(imports, facts);
    shape_.requests.push_back(std::move(request));
  }

  void erase_unused(const std::vector<ImportedBinding>& imports, const ScopeFacts& facts) {
    for (const ImportedBinding& imported : imports) {
      const bool is_type = tree_.child(imported.node, Kind::kTypeToken) != kNoNode;
      if (!is_type && facts.names.at(imported.binding.local).used) continue;
      if (tree_.kind(imported.node) == Kind::kNamespaceImport) {
        // The default import before it lives, so the comma between them must go.
        const NodeId comma = tree_.child(tree_[imported.node].parent, Kind::kComma);
        if (comma != kNoNode) draft_.erase(comma);
      }
      draft_.erase_element(imported.node);
    }
  }

  /// Fills everything of `request` but the bindings; false when there is no specifier.
  bool describe_source(NodeId statement, ModuleRequest& request) {
    const NodeId source = tree_.child(statement, Field::kSource);
    if (source == kNoNode) return false;
    request.specifier = cook_string(draft_.text(source));
    request.specifier_begin = tree_[source].begin;
    request.specifier_end = tree_[source].end;
    advance_location(draft_.source(), located_at_, tree_[source].begin, located_);
    located_at_ = tree_[source].begin;
    request.line = located_.line;
    request.column = located_.column;
    const NodeId attribute = tree_.child(statement, Kind::kImportAttribute);
    const NodeId object = attribute == kNoNode ? kNoNode : tree_.child(attribute, Kind::kObject);
    if (object == kNoNode) return true;
    for (NodeId id = tree_.first_child(object); id != kNoNode; id = tree_.next_sibling(id)) {
      const NodeId value = tree_.child(id, Field::kValue);
      if (tree_.kind(id) != Kind::kPair || value == kNoNode) continue;
      request.attributes.emplace_back(name_of(tree_.first_child(id)), name_of(value));
    }
    return true;
  }

  // Exports.

  void shape_export(NodeId statement) {
    if (is_export_equals(statement)) return shape_export_equals(statement);
    ModuleRequest request;
    request.kind = RequestKind::kReexport;
    const bool has_source = describe_source(statement, request);
    if (const NodeId clause = tree_.child(statement, Kind::kExportClause); clause != kNoNode) {
      shape_export_clause(clause, request);
    } else if (const NodeId all = tree_.child(statement, Kind::kNamespaceExport); all != kNoNode) {
      shape_namespace_export(all, request);
    } else if (has_source) {
      request.star_reexport = true;
    } else if (tree_.child(statement, Kind::kDefault) != kNoNode) {
      shape_.exports.emplace_back("default");
    } else {
      shape_declaration(tree_.child(statement, Field::kDeclaration));
    }
    if (has_source) shape_.requests.push_back(std::move(request));
  }

  /// `export = value` is an assignment to `module.exports`.
  void shape_export_equals(NodeId statement) {
    if (elides_) {
      const NodeId keyword = tree_.child(statement, Kind::kExport);
      draft_.output().blank(tree_[keyword].begin, tree_[keyword].end);
      draft_.output().insert_before(tree_[keyword].begin, "module.exports");
    }
    shape_.commonjs_names.emplace("module");
  }

  void shape_export_clause(NodeId clause, ModuleRequest& request) {
    for (NodeId id = tree_.first_child(clause); id != kNoNode; id = tree_.next_sibling(id)) {
      const NodeId name = tree_.child(id, Field::kName);
      if (tree_.kind(id) != Kind::kExportSpecifier || draft_.is_erased(id) || name == kNoNode)
        continue;
      const NodeId alias = tree_.child(id, Field::kAlias);
      const std::string exported = name_of(alias != kNoNode ? alias : name);
      shape_.exports.push_back(exported);
      request.bindings.push_back({name_of(name), exported});
    }
  }

  void shape_namespace_export(NodeId node, ModuleRequest& request) {
    const NodeId string = tree_.child(node, Kind::kString);
    const std::string name = name_of(string != kNoNode ? string : tree_[node].subtree_end - 1);
    shape_.exports.push_back(name);
    request.bindings.push_back({"*", name});
  }

  void shape_declaration(NodeId declaration) {
    if (declaration == kNoNode) return;
    // `namespace A.B` exports `A`; merged declarations export their name once.
    NodeId declared = tree_.child(declaration, Field::kName);
    if (is_alias(declaration)) declared = tree_.child(declaration, Kind::kIdentifier);
    if (declared != kNoNode) {
      const std::string name = name_of(tree_.first_leaf(declared));
      if (exported_.insert(name).second) shape_.exports.push_back(name);
    }
    for (NodeId id = tree_.first_child(declaration); id != kNoNode; id = tree_.next_sibling(id)) {
      if (tree_.kind(id) != Kind::kVariableDeclarator) continue;
      for (const NodeId name : names_of_pattern(tree_, tree_.child(id, Field::kName))) {
        shape_.exports.push_back(name_of(name));
      }
    }
  }

  Draft& draft_;
  const SyntaxTree& tree_;
  const ParseText& text_;
  bool elides_;
  std::vector<NodeId> statements_;
  std::set<std::string> type_names_;
  std::set<std::string> exported_;  ///< by declarations that can merge
  std::size_t located_at_ = 0;
  Location located_ = {{}, 1, 1};
  ModuleShape shape_;
};

}  // namespace

ModuleShape shape_module(Draft& draft, const ParseText& text, Language language) {
  return Shaper(draft, text, language).run();
}

}  // namespace isopod::typescript
