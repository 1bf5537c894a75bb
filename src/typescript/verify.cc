// SPDX-License-Identifier: MIT
#include "typescript/verify.h"

#include <algorithm>

#include "typescript/source_text.h"

namespace isopod::typescript {
namespace {

using Cure = Disagreement::Cure;

class Verifier {
 public:
  Verifier(std::string_view source, const SyntaxTree& tree) : source_(source), tree_(tree) {}

  std::vector<Disagreement> run() {
    for (NodeId id = 0; id < tree_.size(); ++id) verify(id);
    return std::move(found_);
  }

 private:
  void verify(NodeId id) {
    switch (tree_.kind(id)) {
      case Kind::kCallExpression:
      case Kind::kSubscriptExpression:
      case Kind::kMemberExpression:
      case Kind::kUpdateExpression:
      case Kind::kNewExpression:
      case Kind::kNonNullExpression: return verify_operand(id);
      case Kind::kAsExpression:
      case Kind::kSatisfiesExpression: verify_precedence(id); return verify_break_before_second(id);
      case Kind::kLookupType:
      case Kind::kArrayType:
      case Kind::kGenericType:
      case Kind::kTypePredicate: return verify_break_before_second(id);
      case Kind::kTypeAliasDeclaration:
      case Kind::kInterfaceDeclaration:
      case Kind::kAmbientDeclaration:
      case Kind::kAbstractClassDeclaration:
      case Kind::kInternalModule:
      case Kind::kModule:
      case Kind::kAsserts: return verify_break_after(tree_.first_leaf(id));
      case Kind::kPublicFieldDefinition:
      case Kind::kMethodDefinition:
      case Kind::kMethodSignature:
      case Kind::kAbstractMethodSignature: return verify_modifiers(id);
      case Kind::kInstantiationExpression: return verify_instantiation(id);
      case Kind::kBinaryExpression: return verify_comparison(id);
      case Kind::kArrowFunction: return verify_conditional_arrow(id);
      case Kind::kParenthesizedExpression: return verify_parenthesized(id);
      default: return;
    }
  }

  void semicolon(std::size_t after, std::size_t at) {
    found_.push_back({Cure::kSemicolon, after, at, Code::kSyntax, unexpected(at)});
  }

  std::string unexpected(std::size_t at) const {
    return "Unexpected " + describe_token(source_, at) + ".";
  }

  bool break_between(std::size_t begin, std::size_t end) const {
    return has_line_break(source_, begin, end);
  }

  /// `x as T` is no operand of `(`, `[` and the like: a type ends before them, and then so does the
  /// expression. A `.` goes on with the name of the type.
  void verify_operand(NodeId id) {
    const NodeId operand = tree_.first_child(id);
    if (operand == kNoNode) return;
    const Kind kind = tree_.kind(operand);
    if (kind == Kind::kInstantiationExpression) return ambiguous(id, tree_[operand].end);
    if (kind == Kind::kNonNullExpression) return verify_construction(operand);
    if (kind != Kind::kAsExpression && kind != Kind::kSatisfiesExpression) return;
    const NodeId next = tree_.leaf_after(operand);
    if (next == kNoNode) return;
    if (tree_.kind(id) == Kind::kMemberExpression && source_[tree_[next].begin] == '.') {
      const std::size_t dot = tree_[next].begin;
      found_.push_back({Cure::kName, tree_[operand].end, dot, Code::kSyntax, unexpected(dot)});
    } else {
      semicolon(tree_[operand].end, tree_[next].begin);
    }
  }

  /// `new C!(x)` constructs, but what `new C<T>!(x)` calls is unclear.
  void verify_construction(NodeId non_null) {
    const NodeId made = tree_.first_child(non_null);
    const std::size_t at = tree_[made].end;
    if (tree_.kind(made) != Kind::kNewExpression || source_[at - 1] != '>') return;
    found_.push_back({Cure::kNone, at, at, Code::kUnsupported,
                      "'!' cannot follow the type arguments of 'new' here; leave it out."});
  }

  /// `as` binds like `<`. In `a + b as T * c` it covers the sum, which white space would not
  /// express.
  void verify_precedence(NodeId id) {
    const NodeId next = tree_.leaf_after(id);
    if (next == kNoNode || tree_.parent_kind(id) != Kind::kBinaryExpression) return;
    const std::string_view text =
        source_.substr(tree_[next].begin, tree_[next].end - tree_[next].begin);
    static constexpr std::string_view kTighter[] = {"**", "*",  "/",  "%",  "+",
                                                    "-",  "<<", ">>", ">>>"};
    if (std::find(std::begin(kTighter), std::end(kTighter), text) == std::end(kTighter)) return;
    const bool is_simple = tree_.kind(tree_.first_child(id)) != Kind::kBinaryExpression &&
                           tree_[id].field == Field::kLeft &&
                           tree_.parent_kind(tree_[id].parent) != Kind::kBinaryExpression;
    if (is_simple) return;
    const std::size_t at = tree_[next].begin;
    found_.push_back(
        {Cure::kNone, at, at, Code::kUnsupported,
         "An operator that binds tighter than 'as' follows its type here; write parentheses "
         "around the operand of 'as' and its type."});
  }

  /// In nested conditionals, `(a) : b => c` can be an arrow with a type or an alternative.
  void verify_conditional_arrow(NodeId id) {
    const NodeId outer = tree_[id].parent;
    if (tree_.parent_kind(id) != Kind::kTernaryExpression) return;
    if (tree_.child(id, Field::kReturnType) == kNoNode) return;
    bool nested = tree_.parent_kind(outer) == Kind::kTernaryExpression;
    for (NodeId in = tree_.first_child(outer); in != kNoNode; in = tree_.next_sibling(in)) {
      nested |= tree_.kind(in) == Kind::kTernaryExpression;
    }
    if (!nested) return;
    const std::size_t at = tree_[id].begin;
    found_.push_back(
        {Cure::kNone, at, at, Code::kUnsupported,
         "It is not certain which ':' belongs to a type here; write parentheses around the "
         "arrow function."});
  }

  /// A line break before `as`, `satisfies`, the `[` or `<` of a type or an `is` ends what stands
  /// before it.
  void verify_break_before_second(NodeId id) {
    const NodeId first = tree_.first_child(id);
    const NodeId second = first == kNoNode ? kNoNode : tree_.next_sibling(first);
    if (second == kNoNode) return;
    const std::size_t at = tree_[second].begin;
    if (break_between(tree_[first].end, at)) semicolon(tree_[first].end, at);
  }

  /// A contextual keyword with a line break behind it is a plain name.
  void verify_break_after(NodeId keyword) {
    const NodeId next = tree_.leaf_after(keyword);
    if (next == kNoNode || !break_between(tree_[keyword].end, tree_[next].begin)) return;
    semicolon(tree_[keyword].end, tree_[next].begin);
  }

  void verify_modifiers(NodeId id) {
    for (NodeId child = tree_.first_child(id); child != kNoNode;
         child = tree_.next_sibling(child)) {
      switch (tree_.kind(child)) {
        case Kind::kAccessibilityModifier:
        case Kind::kOverrideModifier:
        case Kind::kReadonly:
        case Kind::kAbstract:
        case Kind::kDeclare:
        case Kind::kAccessor: verify_break_after(tree_.first_leaf(child)); break;
        default:
          if (tree_[child].field == Field::kName) return;
      }
    }
  }

  /// TypeScript takes `f<T>` for type arguments unless what follows makes a comparison of it.
  void verify_instantiation(NodeId id) {
    const NodeId next = tree_.leaf_after(id);
    if (next == kNoNode) return;
    const std::size_t at = tree_[next].begin;
    const char c = source_[at];
    if (c == '<' || c == '>' || c == '+' || c == '-') return ambiguous(id, at);
    if (break_between(tree_[id].end, at)) return;
    const bool starts_expression =
        !word_at(source_, at).empty() ||
        std::string_view("\"'`{[!~/@#").find(c) != std::string_view::npos;
    if (starts_expression && !is_binary_operator(next)) ambiguous(id, at);
  }

  bool is_binary_operator(NodeId leaf) const {
    const std::string_view text =
        source_.substr(tree_[leaf].begin, tree_[leaf].end - tree_[leaf].begin);
    static constexpr std::string_view kOperators[] = {"as", "satisfies", "in", "instanceof",
                                                      "!=", "!==",       "/"};
    return std::find(std::begin(kOperators), std::end(kOperators), text) != std::end(kOperators);
  }

  /// `a < b > (c)` is a call with type arguments in TypeScript, and `a < b >` before a line break
  /// an expression of its own. Before a template, the grammar never takes a name for a type
  /// argument.
  void verify_comparison(NodeId id) {
    const NodeId left = tree_.child(id, Field::kLeft);
    const NodeId right = tree_.child(id, Field::kRight);
    if (left == kNoNode || right == kNoNode || tree_.kind(left) != Kind::kBinaryExpression) return;
    if (tree_.child(id, Kind::kGreater) == kNoNode || tree_.child(left, Kind::kLess) == kNoNode)
      return;
    const std::size_t at = tree_[right].begin;
    const NodeId greater = tree_.child(id, Kind::kGreater);
    if (source_[at] == '`' && is_name(tree_.child(left, Field::kRight))) {
      const std::size_t begin = tree_[tree_.child(left, Kind::kLess)].begin;
      found_.push_back({Cure::kErase, begin, tree_[greater].end, Code::kUnsupported, {}});
      return;
    }
    if (source_[at] == '(' || source_[at] == '`') return ambiguous(id, at);
    if (break_between(tree_[greater].end, at)) semicolon(tree_[greater].end, at);
  }

  bool is_name(NodeId id) const {
    return id != kNoNode &&
           (tree_.kind(id) == Kind::kIdentifier || tree_.kind(id) == Kind::kMemberExpression);
  }

  void ambiguous(NodeId id, std::size_t at) {
    found_.push_back(
        {Cure::kNone, tree_[id].begin, at, Code::kUnsupported,
         "It is not certain whether '<' and '>' compare or enclose type arguments here; "
         "write parentheses around the comparison."});
  }

  /// The grammar allows `(x: T)`, a cast of another language.
  void verify_parenthesized(NodeId id) {
    const NodeId type = tree_.child(id, Field::kType);
    if (type == kNoNode) return;
    const std::size_t at = tree_[type].begin;
    found_.push_back({Cure::kNone, at, at, Code::kSyntax, unexpected(at)});
  }

  std::string_view source_;
  const SyntaxTree& tree_;
  std::vector<Disagreement> found_;
};

}  // namespace

std::vector<Disagreement> verify_tree(std::string_view source, const SyntaxTree& tree) {
  return Verifier(source, tree).run();
}

}  // namespace isopod::typescript
