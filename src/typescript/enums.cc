// SPDX-License-Identifier: MIT
#include "typescript/enums.h"

#include <charconv>
#include <optional>
#include <set>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "typescript/source_text.h"

namespace isopod::typescript {
namespace {

bool is_plain_name(std::string_view name) {
  if (name.empty() || (name.front() >= '0' && name.front() <= '9')) return false;
  for (const char c : name) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '_' || c == '$';
    if (!plain) return false;
  }
  return true;
}

std::string member_of(const std::string& object, std::string_view name) {
  if (is_plain_name(name)) return object + "." + std::string(name);
  return object + "[" + quoted(name) + "]";
}

class EnumWriter {
 public:
  EnumWriter(Draft& draft, const Spaces& spaces)
      : draft_(draft), tree_(draft.tree()), spaces_(spaces) {}

  std::optional<Error> run() {
    for (const SpaceBody& body : spaces_.bodies()) {
      if (tree_.kind(body.declaration) == Kind::kEnumDeclaration) write_enum(body);
    }
    return std::move(error_);
  }

 private:
  /// What the value of a member without an initializer is one more than.
  enum class Previous { kNothing, kInteger, kMember, kText };

  void write_enum(const SpaceBody& body) {
    space_ = body.spaces.front();
    object_ = spaces_[space_].parameter;
    previous_ = Previous::kNothing;
    for (NodeId id = tree_.first_child(body.body); id != kNoNode && !error_;
         id = tree_.next_sibling(id)) {
      if (tree_.kind(id) == Kind::kComma) {
        draft_.output().put(tree_[id].begin, ";");
      } else if (tree_.kind(id) == Kind::kEnumAssignment) {
        write_member(tree_.child(id, Field::kName), tree_.child(id, Field::kValue));
      } else if (tree_[id].field == Field::kName) {
        write_member(id, kNoNode);
      }
    }
  }

  void write_member(NodeId name_node, NodeId value) {
    if (name_node == kNoNode) return;
    const std::string name = enum_member_name(draft_, name_node);
    if (tree_.kind(name_node) == Kind::kComputedPropertyName &&
        tree_.child(name_node, Kind::kString) == kNoNode) {
      return stop(Code::kUnsupported, "The name of an enum member cannot be computed.", name_node);
    }
    const std::string member = member_of(object_, name);
    const std::size_t begin = tree_[name_node].begin;
    if (value == kNoNode) {
      const std::optional<std::string> next = next_value();
      if (!next) return stop(Code::kSyntax, "This enum member needs a value.", name_node);
      draft_.output().blank(begin, tree_[name_node].end);
      draft_.output().insert_before(begin,
                                    object_ + "[" + member + "=" + *next + "]=" + quoted(name));
    } else {
      draft_.output().blank(begin, tree_[value].begin);
      if (is_text(value)) {
        texts_[space_].insert(name);
        draft_.output().insert_before(begin, member + "=");
      } else {
        draft_.output().insert_before(begin, object_ + "[" + member + "=");
        draft_.output().insert_after(draft_.end_of(value), "]=" + quoted(name));
      }
    }
    note(member, name, value);
  }

  void note(const std::string& member, const std::string& name, NodeId value) {
    previous_member_ = member;
    if (value == kNoNode) {
      if (previous_ == Previous::kNothing) previous_integer_ = -1;
      if (previous_ != Previous::kMember) previous_ = Previous::kInteger;
      ++previous_integer_;
    } else if (texts_[space_].contains(name) && is_text(value)) {
      previous_ = Previous::kText;
    } else {
      const std::string_view text = draft_.text(value);
      const char* end = text.data() + text.size();
      const auto [rest, code] = std::from_chars(text.data(), end, previous_integer_);
      const bool is_integer =
          code == std::errc() && rest == end && previous_integer_ < 1'000'000'000;
      previous_ = is_integer ? Previous::kInteger : Previous::kMember;
    }
  }

  std::optional<std::string> next_value() const {
    switch (previous_) {
      case Previous::kNothing: return "0";
      case Previous::kInteger: return std::to_string(previous_integer_ + 1);
      case Previous::kMember: return previous_member_ + "+1";
      case Previous::kText: return std::nullopt;
    }
    return std::nullopt;
  }

  /// True when the value is a string by its syntax: then it does not map back to the name.
  bool is_text(NodeId value) const {
    std::vector<NodeId> open = {value};
    while (!open.empty()) {
      const NodeId id = open.back();
      open.pop_back();
      switch (tree_.kind(id)) {
        case Kind::kString:
        case Kind::kTemplateString: return true;
        case Kind::kParenthesizedExpression:
          if (const NodeId inner = tree_.next_sibling(tree_.first_child(id)); inner != kNoNode) {
            open.push_back(inner);
          }
          break;
        case Kind::kAsExpression:
        case Kind::kSatisfiesExpression:
        case Kind::kNonNullExpression: open.push_back(tree_.first_child(id)); break;
        case Kind::kTypeAssertion: open.push_back(tree_.next_sibling(tree_.first_child(id))); break;
        case Kind::kBinaryExpression: {
          const NodeId mark = tree_.child(id, Field::kOperator);
          if (mark == kNoNode || draft_.text(mark) != "+") break;
          open.push_back(tree_.child(id, Field::kLeft));
          open.push_back(tree_.child(id, Field::kRight));
          break;
        }
        default:
          if (is_text_member(id)) return true;
      }
    }
    return false;
  }

  /// `A` or `E.A`, where `A` is a member that is known to be a string.
  bool is_text_member(NodeId id) const {
    const auto texts = texts_.find(space_);
    if (texts == texts_.end()) return false;
    if (tree_.kind(id) == Kind::kIdentifier) {
      return texts->second.contains(cook_name(draft_.text(id)));
    }
    if (tree_.kind(id) != Kind::kMemberExpression) return false;
    const NodeId object = tree_.first_child(id);
    const NodeId property = tree_[id].subtree_end - 1;
    return tree_.kind(object) == Kind::kIdentifier &&
           cook_name(draft_.text(object)) == spaces_[space_].name &&
           texts->second.contains(cook_name(draft_.text(property)));
  }

  void stop(Code code, std::string message, NodeId at) {
    error_ = Error{code, std::move(message), locate(draft_.source(), tree_[at].begin, {}), {}};
  }

  Draft& draft_;
  const SyntaxTree& tree_;
  const Spaces& spaces_;
  std::optional<Error> error_;
  std::size_t space_ = 0;
  std::string object_;
  Previous previous_ = Previous::kNothing;
  long previous_integer_ = 0;
  std::string previous_member_;
  std::unordered_map<std::size_t, std::set<std::string>> texts_;  ///< by space: string members
};

}  // namespace

Result<> lower_enum_members(Draft& draft, const Spaces& spaces, const std::string& file) {
  std::optional<Error> error = EnumWriter(draft, spaces).run();
  if (!error) return {};
  error->where.file = file;
  return fail(std::move(*error));
}

}  // namespace isopod::typescript
