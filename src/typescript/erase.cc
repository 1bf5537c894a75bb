// SPDX-License-Identifier: MIT
#include "typescript/erase.h"

#include <optional>
#include <string_view>

#include "typescript/source_text.h"

namespace isopod::typescript {
namespace {

constexpr std::string_view kEnum =
    "An enum is not supported; write an object instead, as in 'const Color = { Red: 0 } as const'.";
constexpr std::string_view kNamespace =
    "A namespace that contains values is not supported; export them from a module of their own "
    "instead.";
constexpr std::string_view kParameterProperty =
    "A parameter property is not supported; declare the field in the class and assign it in the "
    "constructor instead.";
constexpr std::string_view kImportRequire =
    "'import x = require()' is not supported; write 'import x from' instead.";
constexpr std::string_view kImportAlias =
    "'import a = b.c' is not supported; write 'const a = b.c' instead.";
constexpr std::string_view kExportEquals =
    "'export =' is not supported; write 'export default' instead.";
constexpr std::string_view kDecorator =
    "A decorator is not supported; call its function on the class or member after the class "
    "instead.";
constexpr std::string_view kAccessorField =
    "An 'accessor' field is not supported; write a getter and a setter instead.";
constexpr std::string_view kFlowImport = "Unexpected 'typeof'.";

class Eraser {
 public:
  Eraser(Draft& draft, const ParseText& text) : draft_(draft), tree_(draft.tree()), text_(text) {}

  /// What stopped the walk, if anything did.
  struct Refusal {
    NodeId at;
    std::string_view message;
    Code code = Code::kUnsupported;
  };

  std::optional<Refusal> run() {
    for (const auto& [begin, end] : text_.erased()) draft_.output().blank(begin, end);
    for (NodeId id = 0; id < tree_.size() && !refusal_;) {
      visit(id);
      id = draft_.is_erased(id) ? tree_[id].subtree_end : id + 1;
    }
    return refusal_;
  }

 private:
  void refuse(NodeId at, std::string_view message) {
    if (!refusal_) refusal_ = Refusal{at, message};
  }

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
        return is_type_only_namespace(tree_, id) ? draft_.erase_statement(id)
                                                 : refuse(id, kNamespace);
      case Kind::kEnumDeclaration: return refuse(id, kEnum);
      case Kind::kImportAlias: return refuse(id, kImportAlias);
      case Kind::kDecorator: return refuse(id, kDecorator);
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
    for (const Kind kind :
         {Kind::kAccessibilityModifier, Kind::kOverrideModifier, Kind::kReadonly}) {
      if (const NodeId modifier = tree_.child(id, kind); modifier != kNoNode) {
        return refuse(modifier, kParameterProperty);
      }
    }
    const NodeId pattern = tree_.child(id, Field::kPattern);
    if (pattern != kNoNode && tree_.kind(pattern) == Kind::kThis) return draft_.erase_element(id);
    erase_tokens(id, Kind::kQuestion, Kind::kQuestion);
  }

  void visit_field(NodeId id) {
    const bool vanishes =
        tree_.child(id, Kind::kDeclare) != kNoNode || tree_.child(id, Kind::kAbstract) != kNoNode;
    if (vanishes) return draft_.erase_statement(id);
    const NodeId accessor = tree_.child(id, Kind::kAccessor);
    if (accessor != kNoNode) return refuse(accessor, kAccessorField);
    erase_tokens(id, Kind::kQuestion, Kind::kReadonly);
    erase_tokens(id, Kind::kBang, Kind::kBang);
  }

  void visit_import(NodeId id) {
    const NodeId flow = tree_.child(id, Kind::kTypeofToken);
    if (flow != kNoNode) {
      refusal_ = Refusal{flow, kFlowImport, Code::kSyntax};
    } else if (tree_.child(id, Kind::kTypeToken) != kNoNode) {
      draft_.erase_statement(id);
    } else if (tree_.child(id, Kind::kImportRequireClause) != kNoNode) {
      refuse(id, kImportRequire);
    }
  }

  void visit_export(NodeId id) {
    if (tree_.child(id, Kind::kEquals) != kNoNode) return refuse(id, kExportEquals);
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
  std::optional<Refusal> refusal_;
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
      case Kind::kStatementBlock:
      case Kind::kExportStatement: ++inner; break;
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
  const std::optional<Eraser::Refusal> refusal = Eraser(draft, text).run();
  if (!refusal) return {};
  const std::size_t at = draft.tree()[refusal->at].begin;
  return fail(refusal->code, std::string(refusal->message), locate(draft.source(), at, file));
}

}  // namespace isopod::typescript
