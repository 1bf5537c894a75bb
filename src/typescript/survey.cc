// SPDX-License-Identifier: MIT
#include "typescript/survey.h"

#include <utility>

#include "typescript/strip.h"
#include "typescript/syntax_tree.h"

namespace isopod::typescript {
namespace {

/// Longer chains are cut: nothing of interest is that deep.
constexpr std::size_t kChainMax = 8;

class Surveyor {
 public:
  Surveyor(std::string_view code, const SyntaxTree& tree) : code_(code), tree_(tree) {}

  Survey run() {
    for (NodeId id = 0; id < tree_.size(); ++id) visit(id);
    return std::move(found_);
  }

 private:
  [[nodiscard]] std::string text(NodeId id) const {
    return std::string(code_.substr(tree_[id].begin, tree_[id].end - tree_[id].begin));
  }

  void visit(NodeId id) {
    switch (tree_.kind(id)) {
      case Kind::kMemberExpression:
        if (tree_.parent_kind(id) != Kind::kMemberExpression) found_.chains.insert(chain(id));
        break;
      case Kind::kCallExpression: call(id); break;
      case Kind::kNewExpression: {
        const NodeId constructor = tree_.child(id, Field::kConstructor);
        if (constructor != kNoNode && text(constructor) == "Function") found_.evaluates_text = true;
        break;
      }
      case Kind::kShorthandPropertyPattern: found_.destructured.insert(text(id)); break;
      case Kind::kExportStatement: exported(id); break;
      default: break;
    }
  }

  /// "a.b.c" of a member expression or an identifier; what it starts with is left out when it has
  /// no name.
  [[nodiscard]] std::string chain(NodeId id) const {
    std::vector<std::string> names;
    while (tree_.kind(id) == Kind::kMemberExpression && names.size() < kChainMax) {
      NodeId property = kNoNode;
      for (NodeId child = tree_.first_child(id); child != kNoNode;
           child = tree_.next_sibling(child)) {
        if (tree_.kind(child) == Kind::kPropertyName) property = child;
      }
      names.push_back(property == kNoNode ? std::string() : text(property));
      id = tree_.first_child(id);
    }
    std::string joined = tree_.kind(id) == Kind::kIdentifier ? text(id) : std::string();
    for (auto name = names.rbegin(); name != names.rend(); ++name) joined += "." + *name;
    return joined;
  }

  /// The value of a string literal without escapes.
  [[nodiscard]] std::optional<std::string> literal(NodeId id) const {
    if (id == kNoNode || tree_.kind(id) != Kind::kString) return std::nullopt;
    const std::string quoted = text(id);
    if (quoted.size() < 2 || quoted.find('\\') != std::string::npos) return std::nullopt;
    return quoted.substr(1, quoted.size() - 2);
  }

  /// The first argument of a call: the node after the parenthesis that opens the list.
  [[nodiscard]] NodeId first_argument(NodeId call) const {
    NodeId list = kNoNode;
    for (NodeId child = tree_.first_child(call); child != kNoNode;
         child = tree_.next_sibling(child)) {
      list = child;
    }
    if (list == kNoNode || tree_.is_leaf(list)) return kNoNode;
    const NodeId open = tree_.first_child(list);
    return tree_.kind(open) == Kind::kParenthesisOpen ? tree_.next_sibling(open) : kNoNode;
  }

  void call(NodeId id) {
    const NodeId function = tree_.first_child(id);
    const NodeId argument = first_argument(id);
    SurveyedCall found{chain(function), literal(argument), tool_name(argument)};
    const bool imports = text(function) == "import" || found.callee == "require" ||
                         found.callee == "require.resolve";
    if (imports && found.literal) found_.imported_late.insert(*found.literal);
    if (imports && !found.literal) found_.computes_imports = true;
    if (found.callee == "eval") found_.evaluates_text = true;
    found_.calls.push_back(std::move(found));
  }

  [[nodiscard]] std::string tool_name(NodeId argument) const {
    if (argument == kNoNode || tree_.kind(argument) != Kind::kObject) return {};
    for (NodeId pair = tree_.first_child(argument); pair != kNoNode;
         pair = tree_.next_sibling(pair)) {
      if (tree_.kind(pair) != Kind::kPair) continue;
      if (text(tree_.first_child(pair)) != "name") continue;
      return literal(tree_.child(pair, Field::kValue)).value_or("");
    }
    return {};
  }

  void exported(NodeId id) {
    if (tree_.child(id, Kind::kDefault) == kNoNode) return;
    for (NodeId inside = id + 1; inside < tree_[id].subtree_end; ++inside) {
      if (tree_[inside].field == Field::kParameter ||
          tree_.kind(inside) == Kind::kRequiredParameter) {
        found_.factory_parameter = text(tree_.first_leaf(inside));
        return;
      }
      if (tree_.kind(inside) == Kind::kStatementBlock) return;
    }
  }

  const std::string_view code_;
  const SyntaxTree& tree_;
  Survey found_;
};

}  // namespace

Survey survey(std::string_view code) {
  if (code.size() > kSourceBytesMax) return {};
  const ParseOutcome parsed = parse_tree(code, OnError::kRecover);
  if (parsed.status != ParseOutcome::Status::kTree) return {};
  return Surveyor(code, parsed.tree).run();
}

}  // namespace isopod::typescript
