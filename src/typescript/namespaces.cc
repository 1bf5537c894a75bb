// SPDX-License-Identifier: MIT
#include "typescript/namespaces.h"

#include <optional>
#include <set>
#include <utility>

#include "typescript/source_text.h"

namespace isopod::typescript {
namespace {

class NamespaceWriter {
 public:
  NamespaceWriter(Draft& draft, const Spaces& spaces)
      : draft_(draft), tree_(draft.tree()), spaces_(spaces) {}

  std::optional<Error> run() {
    for (const SpaceBody& body : spaces_.bodies()) {
      write_frame(body);
      if (tree_.kind(body.declaration) != Kind::kEnumDeclaration) write_members(body);
      if (error_) return std::move(error_);
    }
    for (const Spaces::MemberUse& use : spaces_.find_member_uses()) write_use(use);
    return std::nullopt;
  }

 private:
  // The function around a body.

  void write_frame(const SpaceBody& body) {
    const Space& outermost = spaces_[body.spaces.back()];
    std::string opening = declare(body, outermost.name);
    std::string closing;
    for (std::size_t i = body.spaces.size(); i-- > 0;) {
      const Space& space = spaces_[body.spaces[i]];
      if (i + 1 < body.spaces.size()) opening += "{var " + space.name + ";";
      opening += "(function(" + space.parameter + ")";
    }
    for (std::size_t i = 0; i < body.spaces.size(); ++i) {
      closing += ")(" + object_of(spaces_[body.spaces[i]]) + ");";
      if (i + 1 < body.spaces.size()) closing += "}";
    }
    draft_.output().blank(tree_[body.statement].begin, tree_[body.body].begin);
    draft_.output().insert_before(tree_[body.statement].begin, std::move(opening));
    draft_.output().insert_after(draft_.end_of(body.body), std::move(closing));
  }

  /// The object of a space, made when it is not there yet.
  std::string object_of(const Space& space) const {
    if (space.outer == SIZE_MAX) return space.name + "||(" + space.name + "={})";
    const std::string member = spaces_[space.outer].parameter + "." + space.name;
    return space.name + "=" + member + "||(" + member + "={})";
  }

  /// The first declaration of a name in a list of statements declares the variable.
  std::string declare(const SpaceBody& body, const std::string& name) {
    const bool is_first = !spaces_.is_made_by_another(body.container, name) &&
                          declared_.emplace(body.container, name).second;
    if (!is_first) return ";";
    if (body.exported && tree_.kind(body.container) == Kind::kProgram) {
      return "export var " + name + ";";
    }
    return (is_function_level(body.container) ? "var " : "let ") + name + ";";
  }

  bool is_function_level(NodeId container) const {
    if (tree_.kind(container) == Kind::kProgram) return true;
    if (tree_.kind(container) != Kind::kStatementBlock) return false;
    switch (tree_.parent_kind(container)) {
      case Kind::kInternalModule:
      case Kind::kModule:
      case Kind::kFunctionDeclaration:
      case Kind::kFunctionExpression:
      case Kind::kGeneratorFunction:
      case Kind::kGeneratorFunctionDeclaration:
      case Kind::kArrowFunction:
      case Kind::kMethodDefinition: return true;
      default: return false;
    }
  }

  // Exported members.

  void write_members(const SpaceBody& body) {
    const std::string& object = spaces_[body.spaces.front()].parameter;
    for (NodeId id = tree_.first_child(body.body); id != kNoNode && !error_;
         id = tree_.next_sibling(id)) {
      if (draft_.is_erased(id)) continue;
      if (tree_.kind(id) == Kind::kImportStatement) {
        stop(id, "An import cannot stand in a namespace; move it to the top of the file.");
      } else if (tree_.kind(id) == Kind::kExportStatement) {
        write_export(id, object);
      }
    }
  }

  void write_export(NodeId statement, const std::string& object) {
    const NodeId declaration = tree_.child(statement, Field::kDeclaration);
    if (declaration == kNoNode || tree_.child(statement, Kind::kDefault) != kNoNode) {
      return stop(statement, "Only declarations can be exported from a namespace.");
    }
    switch (tree_.kind(declaration)) {
      case Kind::kLexicalDeclaration:
      case Kind::kVariableDeclaration: return write_variables(statement, declaration, object);
      case Kind::kImportAlias: {
        const NodeId name = tree_.child(declaration, Kind::kIdentifier);
        return write_assignment(statement, name, object);
      }
      case Kind::kEnumDeclaration:
      case Kind::kInternalModule:
      case Kind::kModule: return;
      default: return write_declaration(statement, declaration, object);
    }
  }

  /// Takes `export const` away; what is left is an expression.
  void write_assignment(NodeId statement, NodeId first, const std::string& object) {
    const std::size_t begin = tree_[statement].begin;
    draft_.output().blank(begin, tree_[first].begin);
    draft_.output().put(begin, ";");
    if (tree_.kind(first) == Kind::kIdentifier) {
      draft_.output().insert_before(tree_[first].begin, object + ".");
    }
  }

  void write_variables(NodeId statement, NodeId declaration, const std::string& object) {
    bool is_first = true;
    for (NodeId id = tree_.first_child(declaration); id != kNoNode; id = tree_.next_sibling(id)) {
      if (tree_.kind(id) != Kind::kVariableDeclarator) continue;
      const NodeId pattern = tree_.child(id, Field::kName);
      if (std::exchange(is_first, false)) {
        draft_.output().blank(tree_[statement].begin, tree_[id].begin);
        draft_.output().put(tree_[statement].begin, ";");
      }
      if (tree_.kind(pattern) == Kind::kObjectPattern) {
        draft_.output().insert_before(tree_[id].begin, "(");
        draft_.output().insert_after(draft_.end_of(id), ")");
      }
      for (const NodeId name : names_of_pattern(tree_, pattern)) write_use({name, object});
    }
  }

  void write_declaration(NodeId statement, NodeId declaration, const std::string& object) {
    const NodeId name = tree_.child(declaration, Field::kName);
    if (name == kNoNode) return stop(statement, "An exported declaration needs a name here.");
    const NodeId keyword = tree_.child(statement, Kind::kExport);
    draft_.output().blank(tree_[keyword].begin, tree_[keyword].end);
    const std::string text = cook_name(draft_.text(name));
    draft_.output().insert_after(draft_.end_of(declaration),
                                 ";" + object + "." + text + "=" + text + ";");
  }

  void write_use(const Spaces::MemberUse& use) {
    const Kind kind = tree_.kind(use.node);
    if (kind == Kind::kShorthandProperty || kind == Kind::kShorthandPropertyPattern) {
      draft_.output().insert_after(draft_.end_of(use.node),
                                   ":" + use.parameter + "." + std::string(draft_.text(use.node)));
    } else {
      draft_.output().insert_before(tree_[use.node].begin, use.parameter + ".");
    }
  }

  void stop(NodeId at, std::string message) {
    error_ = Error{
        Code::kUnsupported, std::move(message), locate(draft_.source(), tree_[at].begin, {}), {}};
  }

  Draft& draft_;
  const SyntaxTree& tree_;
  const Spaces& spaces_;
  std::optional<Error> error_;
  std::set<std::pair<NodeId, std::string>> declared_;
};

}  // namespace

Result<> lower_namespaces(Draft& draft, const Spaces& spaces, const std::string& file) {
  std::optional<Error> error = NamespaceWriter(draft, spaces).run();
  if (!error) return {};
  error->where.file = file;
  return fail(std::move(*error));
}

}  // namespace isopod::typescript
