// SPDX-License-Identifier: MIT
#include "typescript/erase.h"

#include <string>

#include "typescript/source_text.h"

namespace isopod::typescript {
namespace {

class Eraser {
 public:
  Eraser(Draft& draft, const ParseText& text) : draft_(draft), tree_(draft.tree()), text_(text) {}

  /// The first token that is no TypeScript, or `kNoNode`.
  NodeId run() {
    for (const auto& [begin, end] : text_.erased()) draft_.output().blank(begin, end);
    for (NodeId id = 0; id < tree_.size() && unexpected_ == kNoNode;) {
      visit(id);
      id = draft_.is_erased(id) ? tree_[id].subtree_end : id + 1;
    }
    return unexpected_;
  }

 private:
  void visit(NodeId id) {
    switch (tree_.kind(id)) {
      case Kind::kTypeAnnotation:
      case Kind::kTypeArguments:
      case Kind::kTypeParameters:
      case Kind::kTypePredicateAnnotation:
      case Kind::kAssertsAnnotation:
      case Kind::kImplementsClause:
      case Kind::kAccessibilityModifier:
      case Kind::kOverrideModifier:
      case Kind::kHashBangLine: return draft_.erase(id);
      case Kind::kTypeAliasDeclaration:
      case Kind::kInterfaceDeclaration:
      case Kind::kAmbientDeclaration:
      case Kind::kFunctionSignature:
      case Kind::kMethodSignature:
      case Kind::kAbstractMethodSignature:
      case Kind::kIndexSignature: return draft_.erase_statement(id);
      case Kind::kAbstractClassDeclaration:
        return erase_tokens(id, Kind::kAbstract, Kind::kAbstract);
      case Kind::kAsExpression:
      case Kind::kSatisfiesExpression:
      case Kind::kNonNullExpression:
        return draft_.erase_from(id, tree_.next_sibling(tree_.first_child(id)));
      case Kind::kVariableDeclarator: return erase_tokens(id, Kind::kBang, Kind::kBang);
      case Kind::kRequiredParameter:
      case Kind::kOptionalParameter: return visit_parameter(id);
      case Kind::kMethodDefinition: return erase_tokens(id, Kind::kQuestion, Kind::kReadonly);
      case Kind::kPublicFieldDefinition: return visit_field(id);
      default: return visit_statement(id);
    }
  }

  void visit_statement(NodeId id) {
    switch (tree_.kind(id)) {
      case Kind::kImportStatement: return visit_import(id);
      case Kind::kExportStatement: return visit_export(id);
      case Kind::kExpressionStatement: {
        const NodeId child = tree_.first_child(id);
        if (child != kNoNode && is_type_only_namespace(tree_, child)) draft_.erase_statement(id);
        return;
      }
      case Kind::kInternalModule:
      case Kind::kModule:
        if (is_type_only_namespace(tree_, id)) draft_.erase_statement(id);
        return;
      case Kind::kImportAlias:
        if (text_.type_aliases().contains(tree_[id].begin)) draft_.erase_statement(id);
        return;
      default: return;
    }
  }

  /// Erases the direct children of either kind.
  void erase_tokens(NodeId id, Kind one, Kind other) {
    for (NodeId child = tree_.first_child(id); child != kNoNode;
         child = tree_.next_sibling(child)) {
      if (tree_.kind(child) == one || tree_.kind(child) == other) draft_.erase(child);
    }
  }

  void visit_parameter(NodeId id) {
    const NodeId pattern = tree_.child(id, Field::kPattern);
    if (pattern != kNoNode && tree_.kind(pattern) == Kind::kThis) return draft_.erase_element(id);
    erase_tokens(id, Kind::kQuestion, Kind::kQuestion);
  }

  void visit_field(NodeId id) {
    const bool vanishes =
        tree_.child(id, Kind::kDeclare) != kNoNode || tree_.child(id, Kind::kAbstract) != kNoNode;
    if (vanishes) return draft_.erase_statement(id);
    erase_tokens(id, Kind::kQuestion, Kind::kReadonly);
    erase_tokens(id, Kind::kBang, Kind::kBang);
  }

  void visit_import(NodeId id) {
    const NodeId flow = tree_.child(id, Kind::kTypeofToken);
    if (flow != kNoNode) {
      unexpected_ = flow;
    } else if (tree_.child(id, Kind::kTypeToken) != kNoNode) {
      draft_.erase_statement(id);
    }
  }

  void visit_export(NodeId id) {
    if (is_type_export(id)) draft_.erase_statement(id);
  }

  bool is_type_export(NodeId id) const {
    if (text_.type_exports().contains(tree_[id].begin)) return true;
    if (tree_.child(id, Kind::kTypeToken) != kNoNode) return true;
    if (tree_.child(id, Kind::kNamespaceToken) != kNoNode) return true;
    const NodeId declaration = tree_.child(id, Field::kDeclaration);
    if (declaration == kNoNode) return false;
    switch (tree_.kind(declaration)) {
      case Kind::kTypeAliasDeclaration:
      case Kind::kInterfaceDeclaration:
      case Kind::kAmbientDeclaration:
      case Kind::kFunctionSignature: return true;
      default: return is_type_only_namespace(tree_, declaration);
    }
  }

  Draft& draft_;
  const SyntaxTree& tree_;
  const ParseText& text_;
  NodeId unexpected_ = kNoNode;
};

}  // namespace

bool is_type_only_namespace(const SyntaxTree& tree, NodeId id) {
  if (tree.kind(id) != Kind::kInternalModule && tree.kind(id) != Kind::kModule) return false;
  const NodeId end = tree[id].subtree_end;
  for (NodeId inner = id; inner < end;) {
    switch (tree.kind(inner)) {
      case Kind::kTypeAliasDeclaration:
      case Kind::kInterfaceDeclaration:
      case Kind::kAmbientDeclaration:
      case Kind::kNestedIdentifier:
      case Kind::kIdentifier: inner = tree[inner].subtree_end; break;
      case Kind::kInternalModule:
      case Kind::kModule:
      case Kind::kStatementBlock: ++inner; break;
      case Kind::kExportStatement:
        if (tree.child(inner, Kind::kDefault) != kNoNode) return false;
        ++inner;
        break;
      case Kind::kExpressionStatement: {
        const NodeId child = tree.first_child(inner);
        if (child == kNoNode || tree.kind(child) != Kind::kInternalModule) return false;
        ++inner;
        break;
      }
      default:
        // Keywords and braces are fine, other statements are not.
        if (!tree.is_leaf(inner)) return false;
        ++inner;
    }
  }
  return true;
}

Result<> erase_types(Draft& draft, const ParseText& text, const std::string& file) {
  const NodeId unexpected = Eraser(draft, text).run();
  if (unexpected == kNoNode) return {};
  const std::size_t at = draft.tree()[unexpected].begin;
  return fail(Code::kSyntax, "Unexpected " + describe_token(draft.source(), at) + ".",
              locate(draft.source(), at, file));
}

}  // namespace isopod::typescript
