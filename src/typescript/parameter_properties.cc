// SPDX-License-Identifier: MIT
#include "typescript/parameter_properties.h"

#include <optional>
#include <string_view>
#include <utility>

#include "typescript/source_text.h"

namespace isopod::typescript {
namespace {

class PropertyWriter {
 public:
  explicit PropertyWriter(Draft& draft) : draft_(draft), tree_(draft.tree()) {}

  std::optional<Error> run() {
    for (NodeId id = 0; id < tree_.size() && !error_;) {
      if (draft_.is_erased(id)) {
        id = tree_[id].subtree_end;
        continue;
      }
      if (tree_.kind(id) == Kind::kFormalParameters) visit_parameters(id);
      ++id;
    }
    return std::move(error_);
  }

 private:
  void visit_parameters(NodeId list) {
    std::string assignments;
    for (NodeId id = tree_.first_child(list); id != kNoNode && !error_;
         id = tree_.next_sibling(id)) {
      const Kind kind = tree_.kind(id);
      if (kind != Kind::kRequiredParameter && kind != Kind::kOptionalParameter) continue;
      if (const NodeId modifier = erase_modifiers(id); modifier != kNoNode) {
        add_property(id, modifier, assignments);
      }
    }
    if (assignments.empty() || error_) return;
    const NodeId method = tree_[list].parent;
    const NodeId body = tree_.child(method, Field::kBody);
    if (body == kNoNode) return;
    is_derived(method) ? assign_after_super(method, assignments) : assign_first(body, assignments);
  }

  /// The first modifier of a parameter, or `kNoNode`.
  NodeId erase_modifiers(NodeId parameter) {
    NodeId first = kNoNode;
    for (NodeId id = tree_.first_child(parameter); id != kNoNode; id = tree_.next_sibling(id)) {
      const Kind kind = tree_.kind(id);
      if (kind != Kind::kAccessibilityModifier && kind != Kind::kOverrideModifier &&
          kind != Kind::kReadonly) {
        continue;
      }
      draft_.erase(id);
      if (first == kNoNode) first = id;
    }
    return first;
  }

  void add_property(NodeId parameter, NodeId modifier, std::string& assignments) {
    const NodeId method = tree_[tree_[parameter].parent].parent;
    const NodeId name = tree_.child(method, Field::kName);
    const bool is_constructor = tree_.kind(method) == Kind::kMethodDefinition && name != kNoNode &&
                                cook_name(draft_.text(name)) == "constructor";
    if (!is_constructor) {
      return stop(modifier, "Only a parameter of a constructor can be a property.");
    }
    const NodeId pattern = tree_.child(parameter, Field::kPattern);
    if (pattern == kNoNode || tree_.kind(pattern) != Kind::kIdentifier) {
      return stop(modifier, "A parameter that is a property must be a plain name.");
    }
    const std::string text = cook_name(draft_.text(pattern));
    assignments += (assignments.empty() ? "" : ",") + ("this." + text) + "=" + text;
  }

  bool is_derived(NodeId method) const {
    const NodeId body = tree_[method].parent;
    const NodeId heritage = tree_.child(tree_[body].parent, Kind::kClassHeritage);
    return heritage != kNoNode && tree_.child(heritage, Kind::kExtendsClause) != kNoNode;
  }

  /// Behind the directives of the body.
  void assign_first(NodeId body, const std::string& assignments) {
    NodeId last = tree_.first_child(body);
    for (NodeId id = tree_.next_sibling(last); id != kNoNode; id = tree_.next_sibling(id)) {
      const NodeId text = tree_.first_child(id);
      if (tree_.kind(id) != Kind::kExpressionStatement || tree_.kind(text) != Kind::kString) break;
      last = id;
    }
    const bool behind_directive = last != tree_.first_child(body);
    draft_.output().insert_after(draft_.end_of(last),
                                 (behind_directive ? ";" : "") + assignments + ";");
  }

  void assign_after_super(NodeId method, const std::string& assignments) {
    for (NodeId id = method; id < tree_[method].subtree_end;) {
      if (id != method && has_its_own_this(id)) {
        id = tree_[id].subtree_end;
        continue;
      }
      if (tree_.kind(id) == Kind::kCallExpression &&
          tree_.kind(tree_.first_child(id)) == Kind::kSuper) {
        assign_after_call(id, assignments);
      }
      ++id;
    }
  }

  bool has_its_own_this(NodeId id) const {
    switch (tree_.kind(id)) {
      case Kind::kFunctionDeclaration:
      case Kind::kFunctionExpression:
      case Kind::kGeneratorFunction:
      case Kind::kGeneratorFunctionDeclaration:
      case Kind::kMethodDefinition:
      case Kind::kClassBody: return true;
      default: return false;
    }
  }

  void assign_after_call(NodeId call, const std::string& assignments) {
    const NodeId parent = tree_[call].parent;
    if (tree_.kind(parent) == Kind::kExpressionStatement) {
      return draft_.output().insert_after(draft_.end_of(call), "," + assignments);
    }
    // The parenthesis must not make a call of the line before.
    NodeId outer = call;
    while (tree_[tree_[outer].parent].begin == tree_[call].begin &&
           tree_.kind(outer) != Kind::kExpressionStatement) {
      outer = tree_[outer].parent;
    }
    const bool starts_statement = tree_.kind(outer) == Kind::kExpressionStatement &&
                                  tree_.parent_kind(outer) == Kind::kStatementBlock;
    draft_.output().insert_before(tree_[call].begin, starts_statement ? ";(" : "(");
    draft_.output().insert_after(draft_.end_of(call), "," + assignments + ",this)");
  }

  void stop(NodeId at, std::string message) {
    error_ =
        Error{Code::kSyntax, std::move(message), locate(draft_.source(), tree_[at].begin, {}), {}};
  }

  Draft& draft_;
  const SyntaxTree& tree_;
  std::optional<Error> error_;
};

}  // namespace

Result<> lower_parameter_properties(Draft& draft, const std::string& file) {
  std::optional<Error> error = PropertyWriter(draft).run();
  if (!error) return {};
  error->where.file = file;
  return fail(std::move(*error));
}

}  // namespace isopod::typescript
