// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace isopod::typescript {

/// The text that is parsed: the source with small rewrites of equal length, so that every byte
/// keeps its position. They make up for what the grammar lacks. What a rewrite hides from the tree
/// and must not reach the output either is noted in `erased`.
class ParseText {
 public:
  explicit ParseText(std::string_view source);

  [[nodiscard]] std::string_view source() const { return source_; }
  [[nodiscard]] std::string_view text() const { return text_; }

  /// Ranges that the stripper erases although no node of the tree covers them as a type.
  [[nodiscard]] const std::vector<std::pair<std::size_t, std::size_t>>& erased() const {
    return erased_;
  }
  /// Where an `export` begins that concerns types only.
  [[nodiscard]] const std::set<std::size_t>& type_exports() const { return type_exports_; }
  /// Where the keyword of an `await using` declaration stands.
  [[nodiscard]] const std::set<std::size_t>& await_usings() const { return await_usings_; }

  /// Where the `import` of an `import type A = B.C` stands.
  [[nodiscard]] const std::set<std::size_t>& type_aliases() const { return type_aliases_; }
  /// Where the `accessor` of a `static accessor` field stands; the tree does not show `static`.
  [[nodiscard]] const std::set<std::size_t>& static_accessors() const { return static_accessors_; }

  /// Separates the token at `at` from the one that ends at `after` by a `;`. False when there is no
  /// line break between them, for then JavaScript inserts no semicolon there either, or no room.
  bool insert_semicolon(std::size_t after, std::size_t at);

  /// Makes the dot at `dot` part of a name, for `x as A.B.C`, where the grammar ends the type too
  /// early. False when it does not stand between two names.
  bool join_names(std::size_t dot);

  /// Takes [begin, end) out of the tree and out of the output.
  void erase(std::size_t begin, std::size_t end);

  /// Tries every known gap of the grammar on a text whose token at `at`, the next one behind
  /// `after`, could not be parsed. False when none applies.
  bool repair(std::size_t after, std::size_t at);

 private:
  void hide(std::size_t begin, std::size_t end);

  void join_type_imports();
  bool repair_abstract_name(std::size_t at);
  bool repair_tuple_label(std::size_t at);
  bool repair_exported_type_name(std::size_t at);
  bool repair_nested_type_parameters(std::size_t at);
  bool repair_export_type_star(std::size_t at);
  bool repair_export_import_type(std::size_t at);
  bool repair_modifiers(std::size_t at);
  bool repair_static_index_signature(std::size_t at);
  bool repair_anonymous_abstract_class(std::size_t at);
  bool repair_variance(std::size_t at);
  bool repair_import_type_arguments(std::size_t at);
  bool repair_export_attributes(std::size_t at);
  bool repair_using(std::size_t at);
  bool repair_import_type_alias(std::size_t at);
  bool repair_static_accessor(std::size_t at);
  bool repair_export_import_require(std::size_t at);

  std::string_view source_;
  std::string text_;
  std::vector<std::pair<std::size_t, std::size_t>> erased_;
  std::set<std::size_t> type_exports_;
  std::set<std::size_t> await_usings_;
  std::set<std::size_t> type_aliases_;
  std::set<std::size_t> static_accessors_;
};

}  // namespace isopod::typescript
