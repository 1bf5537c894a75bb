// SPDX-License-Identifier: MIT
#include "typescript/decorators.h"

#include <optional>
#include <utility>
#include <vector>

#include "typescript/decorator_lists.h"
#include "typescript/source_text.h"

namespace isopod::typescript {
namespace {

bool is_class(Kind kind) {
  return kind == Kind::kClass || kind == Kind::kClassDeclaration ||
         kind == Kind::kAbstractClassDeclaration;
}

class DecoratorWriter {
 public:
  DecoratorWriter(Draft& draft, FreshNames& fresh)
      : draft_(draft), tree_(draft.tree()), fresh_(fresh), lists_(draft) {}

  std::optional<Error> run() {
    for (NodeId id = 0; id < tree_.size() && !error_;) {
      if (draft_.is_erased(id)) {
        id = tree_[id].subtree_end;
        continue;
      }
      if (is_class(tree_.kind(id))) visit_class(id);
      ++id;
    }
    if (!error_) error_ = lists_.first_error();
    if (!error_ && !helpers_.decorate.empty()) write_helpers();
    return std::move(error_);
  }

 private:
  /// The names of the functions that the output calls; empty until one is needed.
  struct Helpers {
    std::string decorate;
    std::string key;
    std::string parameter;
  };

  void visit_class(NodeId id) {
    const NodeId body = tree_.child(id, Field::kBody);
    if (body == kNoNode) return;
    constructor_parameters_.clear();
    members_.clear();
    const std::vector<NodeId> decorators = decorators_of_class(id);
    visit_members(body);
    if (error_ || (decorators.empty() && constructor_parameters_.empty() && members_.empty())) {
      return;
    }
    make_helpers();
    const bool is_statement = tree_.kind(id) != Kind::kClass || is_default_export(id);
    if (decorators.empty() && constructor_parameters_.empty()) {
      return write_undecorated(id);
    }
    is_statement ? write_statement(id, decorators) : write_expression(id, decorators);
  }

  bool is_default_export(NodeId id) const {
    return tree_.parent_kind(id) == Kind::kExportStatement &&
           tree_.child(tree_[id].parent, Kind::kDefault) != kNoNode;
  }

  std::vector<NodeId> decorators_of_class(NodeId id) const {
    std::vector<NodeId> found;
    if (tree_.parent_kind(id) == Kind::kExportStatement) {
      found = lists_.decorators_in(tree_[id].parent);
    }
    const std::vector<NodeId> own = lists_.decorators_in(id);
    found.insert(found.end(), own.begin(), own.end());
    return found;
  }

  // The class.

  /// Only members are decorated: the class stays as it is.
  void write_undecorated(NodeId id) {
    const NodeId name = tree_.child(id, Field::kName);
    Output& output = draft_.output();
    if (tree_.kind(id) != Kind::kClass && name != kNoNode) {
      return output.insert_after(
          draft_.end_of(id),
          ";" + helpers_.decorate + "([]," + cook_name(draft_.text(name)) + "," + members_ + ");");
    }
    output.insert_before(tree_[id].begin, helpers_.decorate + "([],");
    output.insert_after(draft_.end_of(id), "," + members_ + (is_default_export(id) ? ");" : ")"));
  }

  void write_statement(NodeId id, const std::vector<NodeId>& decorators) {
    const NodeId name_node = tree_.child(id, Field::kName);
    const bool anonymous = name_node == kNoNode;
    const std::string name = anonymous ? fresh_.make("default") : cook_name(draft_.text(name_node));
    std::string closing = closing_of_list() + ";";
    const NodeId outer = tree_[id].parent;
    if (tree_.kind(outer) == Kind::kExportStatement) {
      const NodeId keyword = tree_.child(outer, Kind::kExport);
      const NodeId default_keyword = tree_.child(outer, Kind::kDefault);
      draft_.output().blank(tree_[keyword].begin, tree_[keyword].end);
      if (default_keyword != kNoNode) {
        draft_.output().blank(tree_[default_keyword].begin, tree_[default_keyword].end);
      }
      if (tree_.parent_kind(outer) == Kind::kProgram) {
        closing += "export{" + name + (default_keyword != kNoNode ? " as default" : "") + "};";
      }
    }
    open_list(id, decorators, "let " + name + "=" + helpers_.decorate + "([");
    draft_.output().insert_after(draft_.end_of(id), std::move(closing));
  }

  void write_expression(NodeId id, const std::vector<NodeId>& decorators) {
    open_list(id, decorators, helpers_.decorate + "([");
    draft_.output().insert_after(draft_.end_of(id), closing_of_list());
  }

  std::string closing_of_list() const { return members_.empty() ? ")" : "," + members_ + ")"; }

  void open_list(NodeId id, const std::vector<NodeId>& decorators, const std::string& opening) {
    const NodeId keyword = tree_.child(id, Kind::kClassToken);
    if (decorators.empty()) {
      draft_.output().insert_before(tree_[keyword].begin, opening);
    } else {
      lists_.write_commas(decorators, opening);
    }
    lists_.move_parameters(constructor_parameters_, tree_[keyword].begin,
                           decorators.empty() ? "" : ",", helpers_.parameter);
    draft_.output().insert_before(tree_[keyword].begin, "],");
  }

  // Members.

  void visit_members(NodeId body) {
    std::vector<NodeId> decorators;
    for (NodeId id = tree_.first_child(body); id != kNoNode && !error_;
         id = tree_.next_sibling(id)) {
      const Kind kind = tree_.kind(id);
      if (kind == Kind::kDecorator) {
        decorators.push_back(id);
        continue;
      }
      if (!decorators.empty() && (kind != Kind::kMethodDefinition || draft_.is_erased(id))) {
        return stop(Code::kSyntax, "A decorator cannot stand here.", decorators.front());
      }
      if (kind == Kind::kMethodDefinition) visit_method(id, std::exchange(decorators, {}));
      if (kind == Kind::kPublicFieldDefinition && !draft_.is_erased(id)) {
        if (std::vector<NodeId> own = lists_.decorators_in(id); !own.empty()) {
          write_member(id, own, {});
        }
      }
    }
  }

  void visit_method(NodeId id, const std::vector<NodeId>& decorators) {
    std::vector<DecoratedParameter> parameters = lists_.parameters_of(id);
    const NodeId name = tree_.child(id, Field::kName);
    if (name != kNoNode && cook_name(draft_.text(name)) == "constructor") {
      if (!decorators.empty()) {
        return stop(Code::kSyntax, "A constructor cannot be decorated.", decorators.front());
      }
      constructor_parameters_ = std::move(parameters);
    } else if (!decorators.empty() || !parameters.empty()) {
      write_member(id, decorators, parameters);
    }
  }

  /// `@d static m() {}` to `;static [key(list,[d],"m",1)]() {}`.
  void write_member(NodeId id, const std::vector<NodeId>& decorators,
                    const std::vector<DecoratedParameter>& parameters) {
    const NodeId name = tree_.child(id, Field::kName);
    if (name == kNoNode || tree_.kind(name) == Kind::kPrivateName ||
        tree_.child(id, Kind::kAccessor) != kNoNode) {
      return stop(Code::kUnsupported,
                  "A private or 'accessor' member cannot be decorated; call the function instead.",
                  decorators.empty() ? id : decorators.front());
    }
    make_helpers();
    draft_.set_rewritten(id);
    int flags = tree_.kind(id) == Kind::kPublicFieldDefinition ? 2 : 0;
    std::string opening = ";";
    std::size_t begin = tree_[name].begin;
    for (NodeId in = tree_.first_child(id); in != name; in = tree_.next_sibling(in)) {
      if (tree_.kind(in) == Kind::kDecorator) continue;
      begin = std::min(begin, std::size_t{tree_[in].begin});
      if (draft_.is_erased(in)) continue;
      if (tree_.kind(in) == Kind::kStatic) flags |= 1;
      opening += std::string(draft_.text(in)) + " ";
      draft_.output().blank(tree_[in].begin, tree_[in].end);
    }
    const bool is_first = members_.empty();
    if (is_first) declared_.push_back(members_ = fresh_.make("members"));
    opening += "[" + helpers_.key + "(" + members_ + (is_first ? "=[],[" : ",[");
    if (decorators.empty()) {
      draft_.output().insert_before(begin, opening);
    } else {
      lists_.write_commas(decorators, opening);
    }
    lists_.move_parameters(parameters, tree_[name].begin, decorators.empty() ? "" : ",",
                           helpers_.parameter);
    write_name(name, flags);
  }

  void write_name(NodeId name, int flags) {
    Output& output = draft_.output();
    const std::string closing = "," + std::to_string(flags) + ")";
    const std::size_t begin = tree_[name].begin;
    if (tree_.kind(name) == Kind::kComputedPropertyName) {
      output.blank(begin, begin + 1);
      output.insert_before(begin, "],");
      output.insert_before(tree_[name].end - 1, closing);
    } else if (tree_.kind(name) == Kind::kString || tree_.kind(name) == Kind::kNumber) {
      output.insert_before(begin, "],");
      output.insert_after(draft_.end_of(name), closing + "]");
    } else {
      output.blank(begin, tree_[name].end);
      output.insert_before(begin, "]," + quoted(cook_name(draft_.text(name))) + closing + "]");
    }
  }

  // Helpers.

  void make_helpers() {
    if (!helpers_.decorate.empty()) return;
    helpers_ = {fresh_.make("decorate"), fresh_.make("key"), fresh_.make("parameter")};
  }

  void write_helpers() {
    std::string text =
        ";function " + helpers_.decorate +
        "(d,c,m=[]){for(const[k,D,f]of m){const t=f&1?c:c.prototype;let "
        "r=f&2?void 0:Object.getOwnPropertyDescriptor(t,k);for(let "
        "i=D.length;i--;)r=D[i](t,k,r)||r;"
        "if(r)Object.defineProperty(t,k,r)}for(let i=d.length;i--;)c=d[i](c)||c;return "
        "c}function " +
        helpers_.key +
        "(m,D,k,f){if(typeof k!=\"symbol\")k=`${k}`;m.push([k,D,f]);return k}function " +
        helpers_.parameter + "(i,d){return(t,k)=>{d(t,k,i)}}";
    for (std::size_t i = 0; i < declared_.size(); ++i) {
      text += (i == 0 ? "var " : ",") + declared_[i];
    }
    draft_.output().insert_before(tree_[tree_.size() - 1].end, text + ";");
  }

  void stop(Code code, std::string message, NodeId at) {
    error_ = Error{code, std::move(message), locate(draft_.source(), tree_[at].begin, {}), {}};
  }

  Draft& draft_;
  const SyntaxTree& tree_;
  FreshNames& fresh_;
  DecoratorLists lists_;
  std::optional<Error> error_;
  Helpers helpers_;
  std::vector<std::string> declared_;  ///< variables of the file, one for each class with members
  // Of the class in work.
  std::vector<DecoratedParameter> constructor_parameters_;
  std::string members_;  ///< the variable that lists its decorated members
};

}  // namespace

Result<> lower_decorators(Draft& draft, FreshNames& fresh, const std::string& file) {
  std::optional<Error> error = DecoratorWriter(draft, fresh).run();
  if (!error) return {};
  error->where.file = file;
  return fail(std::move(*error));
}

}  // namespace isopod::typescript
