// SPDX-License-Identifier: MIT
#include "typescript/syntax_kind.h"

#include <tree_sitter/api.h>

#include <string_view>
#include <unordered_map>
#include <vector>

#include "typescript/syntax_tree.h"

namespace isopod::typescript {
namespace {

struct KindName {
  std::string_view name;
  Kind kind;
};

constexpr KindName kTokens[] = {
    {"abstract", Kind::kAbstract},
    {"accessor", Kind::kAccessor},
    {"=>", Kind::kArrow},
    {"as", Kind::kAs},
    {"async", Kind::kAsync},
    {"@", Kind::kAt},
    {"await", Kind::kAwait},
    {"!", Kind::kBang},
    {":", Kind::kColon},
    {",", Kind::kComma},
    {"declare", Kind::kDeclare},
    {"default", Kind::kDefault},
    {"=", Kind::kEquals},
    {"export", Kind::kExport},
    {"get", Kind::kGet},
    {">", Kind::kGreater},
    {"import", Kind::kImport},
    {"set", Kind::kSet},
    {"<", Kind::kLess},
    {"namespace", Kind::kNamespaceToken},
    {"(", Kind::kParenthesisOpen},
    {")", Kind::kParenthesisClose},
    {"?", Kind::kQuestion},
    {"readonly", Kind::kReadonly},
    {"return", Kind::kReturn},
    {"satisfies", Kind::kSatisfies},
    {";", Kind::kSemicolon},
    {"*", Kind::kStar},
    {"static", Kind::kStatic},
    {"[", Kind::kBracketOpen},
    {"]", Kind::kBracketClose},
    {"class", Kind::kClassToken},
    {"throw", Kind::kThrow},
    {"type", Kind::kTypeToken},
    {"typeof", Kind::kTypeofToken},
    {"using", Kind::kUsing},
    {"yield", Kind::kYield},
};

constexpr KindName kNodes[] = {
    {"abstract_class_declaration", Kind::kAbstractClassDeclaration},
    {"abstract_method_signature", Kind::kAbstractMethodSignature},
    {"accessibility_modifier", Kind::kAccessibilityModifier},
    {"ambient_declaration", Kind::kAmbientDeclaration},
    {"array_pattern", Kind::kArrayPattern},
    {"array_type", Kind::kArrayType},
    {"arrow_function", Kind::kArrowFunction},
    {"as_expression", Kind::kAsExpression},
    {"asserts", Kind::kAsserts},
    {"asserts_annotation", Kind::kAssertsAnnotation},
    {"assignment_expression", Kind::kAssignmentExpression},
    {"assignment_pattern", Kind::kAssignmentPattern},
    {"augmented_assignment_expression", Kind::kAugmentedAssignment},
    {"await_expression", Kind::kAwaitExpression},
    {"binary_expression", Kind::kBinaryExpression},
    {"call_expression", Kind::kCallExpression},
    {"catch_clause", Kind::kCatchClause},
    {"class", Kind::kClass},
    {"class_body", Kind::kClassBody},
    {"class_declaration", Kind::kClassDeclaration},
    {"class_heritage", Kind::kClassHeritage},
    {"class_static_block", Kind::kClassStaticBlock},
    {"computed_property_name", Kind::kComputedPropertyName},
    {"decorator", Kind::kDecorator},
    {"enum_assignment", Kind::kEnumAssignment},
    {"enum_body", Kind::kEnumBody},
    {"enum_declaration", Kind::kEnumDeclaration},
    {"export_clause", Kind::kExportClause},
    {"export_specifier", Kind::kExportSpecifier},
    {"export_statement", Kind::kExportStatement},
    {"expression_statement", Kind::kExpressionStatement},
    {"extends_clause", Kind::kExtendsClause},
    {"for_in_statement", Kind::kForInStatement},
    {"for_statement", Kind::kForStatement},
    {"formal_parameters", Kind::kFormalParameters},
    {"function_declaration", Kind::kFunctionDeclaration},
    {"function_expression", Kind::kFunctionExpression},
    {"function_signature", Kind::kFunctionSignature},
    {"generator_function", Kind::kGeneratorFunction},
    {"generator_function_declaration", Kind::kGeneratorFunctionDeclaration},
    {"generic_type", Kind::kGenericType},
    {"hash_bang_line", Kind::kHashBangLine},
    {"identifier", Kind::kIdentifier},
    {"implements_clause", Kind::kImplementsClause},
    {"import_alias", Kind::kImportAlias},
    {"import_attribute", Kind::kImportAttribute},
    {"import_clause", Kind::kImportClause},
    {"import_require_clause", Kind::kImportRequireClause},
    {"import_specifier", Kind::kImportSpecifier},
    {"import_statement", Kind::kImportStatement},
    {"index_signature", Kind::kIndexSignature},
    {"instantiation_expression", Kind::kInstantiationExpression},
    {"interface_declaration", Kind::kInterfaceDeclaration},
    {"internal_module", Kind::kInternalModule},
    {"lexical_declaration", Kind::kLexicalDeclaration},
    {"lookup_type", Kind::kLookupType},
    {"member_expression", Kind::kMemberExpression},
    {"meta_property", Kind::kMetaProperty},
    {"method_definition", Kind::kMethodDefinition},
    {"method_signature", Kind::kMethodSignature},
    {"module", Kind::kModule},
    {"named_imports", Kind::kNamedImports},
    {"namespace_export", Kind::kNamespaceExport},
    {"namespace_import", Kind::kNamespaceImport},
    {"nested_identifier", Kind::kNestedIdentifier},
    {"new_expression", Kind::kNewExpression},
    {"non_null_expression", Kind::kNonNullExpression},
    {"number", Kind::kNumber},
    {"object", Kind::kObject},
    {"object_assignment_pattern", Kind::kObjectAssignmentPattern},
    {"object_pattern", Kind::kObjectPattern},
    {"optional_parameter", Kind::kOptionalParameter},
    {"override_modifier", Kind::kOverrideModifier},
    {"pair", Kind::kPair},
    {"parenthesized_expression", Kind::kParenthesizedExpression},
    {"private_property_identifier", Kind::kPrivateName},
    {"program", Kind::kProgram},
    {"property_identifier", Kind::kPropertyName},
    {"public_field_definition", Kind::kPublicFieldDefinition},
    {"required_parameter", Kind::kRequiredParameter},
    {"return_statement", Kind::kReturnStatement},
    {"satisfies_expression", Kind::kSatisfiesExpression},
    {"shorthand_property_identifier", Kind::kShorthandProperty},
    {"shorthand_property_identifier_pattern", Kind::kShorthandPropertyPattern},
    {"statement_block", Kind::kStatementBlock},
    {"string", Kind::kString},
    {"subscript_expression", Kind::kSubscriptExpression},
    {"super", Kind::kSuper},
    {"switch_body", Kind::kSwitchBody},
    {"switch_case", Kind::kSwitchCase},
    {"switch_default", Kind::kSwitchDefault},
    {"template_string", Kind::kTemplateString},
    {"ternary_expression", Kind::kTernaryExpression},
    {"this", Kind::kThis},
    {"throw_statement", Kind::kThrowStatement},
    {"type_alias_declaration", Kind::kTypeAliasDeclaration},
    {"type_annotation", Kind::kTypeAnnotation},
    {"type_arguments", Kind::kTypeArguments},
    {"type_assertion", Kind::kTypeAssertion},
    {"type_identifier", Kind::kTypeIdentifier},
    {"type_parameters", Kind::kTypeParameters},
    {"type_predicate", Kind::kTypePredicate},
    {"type_predicate_annotation", Kind::kTypePredicateAnnotation},
    {"update_expression", Kind::kUpdateExpression},
    {"variable_declaration", Kind::kVariableDeclaration},
    {"variable_declarator", Kind::kVariableDeclarator},
};

struct FieldName {
  std::string_view name;
  Field field;
};

constexpr FieldName kFields[] = {
    {"alias", Field::kAlias},
    {"argument", Field::kArgument},
    {"body", Field::kBody},
    {"constructor", Field::kConstructor},
    {"declaration", Field::kDeclaration},
    {"function", Field::kFunction},
    {"kind", Field::kKind},
    {"left", Field::kLeft},
    {"name", Field::kName},
    {"object", Field::kObject},
    {"operator", Field::kOperator},
    {"parameter", Field::kParameter},
    {"pattern", Field::kPattern},
    {"return_type", Field::kReturnType},
    {"right", Field::kRight},
    {"source", Field::kSource},
    {"type", Field::kType},
    {"value", Field::kValue},
};

std::vector<Kind> make_kinds() {
  std::unordered_map<std::string_view, Kind> tokens;
  for (const KindName& entry : kTokens) tokens.emplace(entry.name, entry.kind);
  std::unordered_map<std::string_view, Kind> nodes;
  for (const KindName& entry : kNodes) nodes.emplace(entry.name, entry.kind);
  const TSLanguage* language = grammar();
  std::vector<Kind> kinds(ts_language_symbol_count(language), Kind::kOther);
  for (std::size_t symbol = 0; symbol < kinds.size(); ++symbol) {
    const auto id = static_cast<TSSymbol>(symbol);
    const bool named = ts_language_symbol_type(language, id) == TSSymbolTypeRegular;
    const auto& table = named ? nodes : tokens;
    const auto found = table.find(ts_language_symbol_name(language, id));
    kinds[symbol] = found != table.end() ? found->second : named ? Kind::kOther : Kind::kToken;
  }
  return kinds;
}

std::vector<Field> make_fields() {
  const TSLanguage* language = grammar();
  std::vector<Field> fields(ts_language_field_count(language) + 1, Field::kNone);
  for (const FieldName& entry : kFields) {
    const auto length = static_cast<std::uint32_t>(entry.name.size());
    fields[ts_language_field_id_for_name(language, entry.name.data(), length)] = entry.field;
  }
  fields[0] = Field::kNone;
  return fields;
}

}  // namespace

Kind kind_of_symbol(std::uint16_t symbol) {
  static const std::vector<Kind> kinds = make_kinds();
  return symbol < kinds.size() ? kinds[symbol] : Kind::kError;
}

Field field_of_id(std::uint16_t id) {
  static const std::vector<Field> fields = make_fields();
  return id < fields.size() ? fields[id] : Field::kNone;
}

}  // namespace isopod::typescript
