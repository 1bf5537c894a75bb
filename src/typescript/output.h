// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace isopod::typescript {

/// A copy of the source in which ranges become white space and a few bytes become punctuation. That
/// changes neither length nor lines: a character of n bytes becomes white space of n bytes and of
/// as many UTF-16 code units, so columns do not change either.
///
/// Text can also be inserted between two tokens. It has no line break, so lines stay. It takes the
/// place of blanks next to it as far as there are any, so that columns stay where possible.
class Output {
 public:
  explicit Output(std::string_view source) : source_(source), text_(source) {}

  /// Makes [begin, end) white space. Line terminators stay.
  void blank(std::size_t begin, std::size_t end);

  /// Writes ASCII `text` at `at`. Takes effect in `finish`, after all blanking, in the order of
  /// calls.
  void put(std::size_t at, std::string_view text) { puts_.emplace_back(at, text); }

  /// Inserts `text` right before the token that begins at `at`, or right behind the one that ends
  /// there. Of several insertions at one token, the later one stands closer to it.
  void insert_before(std::size_t at, std::string text);
  void insert_after(std::size_t at, std::string text);

  /// As `insert_before`, with the output of some ranges of the source behind the text, spaces in
  /// between. The ranges hold no line break and become white space where they stood.
  using Range = std::pair<std::size_t, std::size_t>;
  void move_before(std::size_t at, std::string text, std::vector<Range> pieces);

  /// The result; and then, where a byte of the source stands in it.
  [[nodiscard]] std::string finish();
  [[nodiscard]] std::size_t moved(std::size_t at) const;

 private:
  enum class Side { kBehind, kBefore };
  struct Insertion {
    std::size_t at;
    Side side;
    std::size_t order;
    std::string text;
    std::vector<Range> pieces;
  };
  /// From source byte `from` on, bytes stand `by` bytes later (modulo 2^64).
  struct Shift {
    std::size_t from;
    std::size_t by;
  };

  void write(std::size_t at, char byte);
  void sort_insertions();
  void resolve_moves();
  std::string take_piece(Range piece);
  std::string splice();

  std::string_view source_;
  std::string text_;
  std::vector<std::pair<std::size_t, std::string>> puts_;
  std::vector<Insertion> insertions_;
  std::vector<Shift> shifts_;
};

}  // namespace isopod::typescript
