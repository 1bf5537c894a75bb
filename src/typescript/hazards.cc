// SPDX-License-Identifier: MIT
#include "typescript/hazards.h"

#include <optional>
#include <string_view>

#include "typescript/source_text.h"

namespace isopod::typescript {
namespace {

class Guard {
 public:
  explicit Guard(Draft& draft) : draft_(draft), tree_(draft.tree()) {}

  std::optional<Error> run() {
    for (NodeId id = 0; id < tree_.size() && !error_;) {
      if (draft_.is_erased(id) && !tree_.is_leaf(id)) {
        id = tree_[id].subtree_end;
        continue;
      }
      visit(id);
      ++id;
    }
    return std::move(error_);
  }

 private:
  void visit(NodeId id) {
    switch (tree_.kind(id)) {
      case Kind::kExpressionStatement:
      case Kind::kLexicalDeclaration:
      case Kind::kVariableDeclaration:
      case Kind::kReturnStatement:
      case Kind::kThrowStatement:
      case Kind::kExportStatement: return guard_end(id);
      case Kind::kPublicFieldDefinition: guard_begin_of_member(id); return guard_end_of_field(id);
      case Kind::kMethodDefinition: return guard_begin_of_member(id);
      case Kind::kArrowFunction: return guard_arrow(id);
      case Kind::kTypeAssertion: return guard_assertion(id);
      default: return;
    }
  }

  std::size_t begin(NodeId id) const { return tree_[id].begin; }
  std::size_t end(NodeId id) const { return tree_[id].end; }
  bool break_between(std::size_t from, std::size_t to) const {
    return has_line_break(draft_.source(), from, to);
  }

  /// The first token from `leaf` on that is still there, or a separator; `kNoNode` at the end.
  NodeId surviving(NodeId leaf) const {
    while (leaf != kNoNode && !draft_.is_separator(leaf) &&
           (draft_.is_erased(leaf) || draft_.is_inserted(leaf))) {
      leaf = tree_.leaf_after(leaf);
    }
    return leaf;
  }

  /// The first token of the erased run at the end of a subtree, or `kNoNode`.
  NodeId erased_tail(NodeId id) const {
    NodeId tail = kNoNode;
    for (NodeId leaf = tree_[id].subtree_end - 1; leaf != kNoNode && leaf >= id;
         leaf = tree_.leaf_before(leaf)) {
      if (draft_.is_inserted(leaf)) continue;
      if (!draft_.is_erased(leaf)) break;
      tail = leaf;
    }
    return tail;
  }

  /// True when the token could continue an expression that stands before it.
  bool continues(NodeId leaf) const {
    if (leaf == kNoNode || draft_.is_separator(leaf)) return false;
    const std::string_view text = draft_.text(leaf);
    if (text.empty()) return false;
    return text == "in" || text == "instanceof" ||
           std::string_view("([`+-*/%<>=&|^?:.,").find(text.front()) != std::string_view::npos;
  }

  /// A statement that ends without `;` and whose last token is erased must not reach into the next.
  void guard_end(NodeId id) {
    const NodeId tail = erased_tail(id);
    if (tail == kNoNode || !continues(surviving(tree_.leaf_after(id)))) return;
    draft_.output().put(begin(tail), ";");
  }

  /// `get: T`, `static?: T` and the like would otherwise become modifiers of the next member.
  static bool is_member_prefix(std::string_view name) {
    return name == "get" || name == "set" || name == "static" || name == "async" ||
           name == "accessor";
  }

  void guard_end_of_field(NodeId id) {
    NodeId next = tree_.next_sibling(id);
    if (next != kNoNode && draft_.is_inserted(next)) next = tree_.next_sibling(next);
    const NodeId tail = erased_tail(id);
    if (tail == kNoNode || next == kNoNode || tree_.kind(next) == Kind::kSemicolon) return;
    const NodeId last = tree_.leaf_before(tail);
    const bool prefix = last != kNoNode && is_member_prefix(draft_.text(last));
    if (prefix || continues(surviving(tree_.first_leaf(next))))
      draft_.output().put(begin(tail), ";");
  }

  /// `a = 1` and then `public [b] = 2`: without `public` the bracket would continue the field
  /// above.
  void guard_begin_of_member(NodeId id) {
    if (draft_.is_rewritten(id)) return;
    const NodeId first = tree_.first_leaf(id);
    NodeId before = tree_.leaf_before(id);
    if (before != kNoNode && draft_.is_inserted(before)) before = tree_.leaf_before(before);
    if (before == kNoNode || tree_.kind(before) == Kind::kSemicolon ||
        draft_.is_separator(before)) {
      return;
    }
    // Modifiers that a repair took out of the tree are between the tokens.
    const std::size_t erased_at = skip_trivia(draft_.source(), end(before));
    if (erased_at >= begin(first) && !draft_.is_erased(first)) return;
    if (is_member_prefix(draft_.text(before)) || continues(surviving(first))) {
      draft_.output().put(erased_at, ";");
    }
  }

  /// `=>` must stand on the line of the `)`, and the `(` of an async arrow on the line of `async`.
  /// So the parentheses move over the line breaks of the erased types.
  void guard_arrow(NodeId id) {
    const NodeId parameters = tree_.child(id, Kind::kFormalParameters);
    if (parameters == kNoNode) return;
    const NodeId generics = tree_.child(id, Kind::kTypeParameters);
    if (generics != kNoNode && break_between(begin(generics), begin(parameters))) {
      draft_.output().blank(begin(parameters), begin(parameters) + 1);
      draft_.output().put(begin(generics), "(");
    }
    const NodeId type = tree_.child(id, Field::kReturnType);
    const NodeId arrow = tree_.child(id, Kind::kArrow);
    if (type == kNoNode || arrow == kNoNode) return;
    if (break_between(end(type), begin(arrow))) {
      return stop(Code::kSyntax, "A line break is not allowed before '=>'.", begin(arrow));
    }
    if (!break_between(end(parameters), end(type))) return;
    draft_.output().blank(end(parameters) - 1, end(parameters));
    draft_.output().put(end(type) - 1, ")");
  }

  /// `<T>` at the start of an expression can hide a line break from `return` or a `{` from being a
  /// block. `0,` and `0||` take its place: both give the value of what follows.
  void guard_assertion(NodeId id) {
    const NodeId arguments = tree_.child(id, Kind::kTypeArguments);
    const NodeId before = tree_.leaf_before(id);
    if (arguments == kNoNode) return;
    const NodeId operand = surviving(tree_.leaf_after(arguments));
    if (operand == kNoNode) return;
    if (before != kNoNode && !draft_.is_erased(before) &&
        break_between(end(before), begin(operand))) {
      const Kind keyword = tree_.kind(before);
      if (keyword == Kind::kReturn || keyword == Kind::kThrow) {
        return draft_.output().put(begin(arguments), "0,");
      }
      if (keyword == Kind::kYield) {
        return stop(
            Code::kUnsupported,
            "A line break after '<T>' would end the 'yield'; write the operand on its line.",
            begin(id));
      }
    }
    if (would_start_statement(id, before, draft_.text(operand))) {
      draft_.output().put(begin(arguments), "0||");
    }
  }

  bool would_start_statement(NodeId id, NodeId before, std::string_view operand) const {
    const Kind previous = before == kNoNode ? Kind::kOther : tree_.kind(before);
    if (previous == Kind::kArrow) return operand == "{";
    const bool declares = operand == "function" || operand == "class" || operand == "async";
    if (previous == Kind::kDefault) return declares;
    if (operand != "{" && !declares && operand != "let") return false;
    NodeId outer = id;
    while (tree_[outer].parent != kNoNode && begin(tree_[outer].parent) == begin(id)) {
      outer = tree_[outer].parent;
      if (tree_.kind(outer) == Kind::kExpressionStatement) return true;
    }
    return false;
  }

  void stop(Code code, std::string message, std::size_t at) {
    error_ = Error{code, std::move(message), locate(draft_.source(), at, {}), {}};
  }

  Draft& draft_;
  const SyntaxTree& tree_;
  std::optional<Error> error_;
};

}  // namespace

Result<> guard_hazards(Draft& draft, const std::string& file) {
  std::optional<Error> error = Guard(draft).run();
  if (!error) return {};
  error->where.file = file;
  return fail(std::move(*error));
}

}  // namespace isopod::typescript
