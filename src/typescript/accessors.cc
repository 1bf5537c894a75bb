// SPDX-License-Identifier: MIT
#include "typescript/accessors.h"

#include <string>

#include "typescript/source_text.h"

namespace isopod::typescript {
namespace {

/// The getter and the setter, and the private field whose initializer follows.
void write_accessor(Draft& draft, NodeId field, bool is_static, FreshNames& fresh) {
  const SyntaxTree& tree = draft.tree();
  const NodeId accessor = tree.child(field, Kind::kAccessor);
  const NodeId name = tree.child(field, Field::kName);
  const std::string key(draft.text(name));
  const bool is_word = tree.kind(name) == Kind::kPropertyName;
  const std::string modifier = is_static ? "static " : "";
  const std::string holder = "this.#" + fresh.make(is_word ? cook_name(key) : "field");
  draft.output().blank(tree[accessor].begin, tree[name].end);
  draft.output().insert_before(tree[accessor].begin, "get " + key + "(){return " + holder + "}" +
                                                         modifier + "set " + key + "(v){" + holder +
                                                         "=v}" + modifier + holder.substr(5));
}

}  // namespace

Result<> lower_accessors(Draft& draft, const ParseText& text, FreshNames& fresh,
                         const std::string& file) {
  const SyntaxTree& tree = draft.tree();
  for (NodeId id = 0; id < tree.size(); ++id) {
    if (tree.kind(id) != Kind::kPublicFieldDefinition || draft.is_erased(id)) continue;
    const NodeId accessor = tree.child(id, Kind::kAccessor);
    const NodeId name = tree.child(id, Field::kName);
    if (accessor == kNoNode || name == kNoNode) continue;
    const bool is_computed = tree.kind(name) == Kind::kComputedPropertyName;
    if (is_computed || has_line_break(draft.text(name), 0, draft.text(name).size())) {
      return fail(Code::kUnsupported,
                  "An 'accessor' field with a computed name is not supported; write a getter and "
                  "a setter instead.",
                  locate(draft.source(), tree[accessor].begin, file));
    }
    const bool is_static = tree.child(id, Kind::kStatic) != kNoNode ||
                           text.static_accessors().contains(tree[accessor].begin);
    write_accessor(draft, id, is_static, fresh);
  }
  return {};
}

}  // namespace isopod::typescript
