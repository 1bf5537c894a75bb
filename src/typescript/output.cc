// SPDX-License-Identifier: MIT
#include "typescript/output.h"

#include <algorithm>
#include <cctype>
#include <iterator>
#include <utility>

#include "typescript/source_text.h"

namespace isopod::typescript {
namespace {

/// White space of `length` bytes: a space, a no-break space, an em space, or an em space and a
/// space for a character that takes two UTF-16 code units.
constexpr std::string_view kBlanks[] = {"", " ", "\xC2\xA0", "\xE2\x80\x83", "\xE2\x80\x83 "};

bool is_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '$' ||
         (static_cast<unsigned char>(c) & 0x80) != 0;
}

}  // namespace

void Output::blank(std::size_t begin, std::size_t end) {
  for (std::size_t i = begin; i < end;) {
    const std::size_t length = sequence_length(source_, i);
    const bool stays = source_[i] == '\n' || source_[i] == '\r' || is_wide_line_break(source_, i);
    if (!stays) text_.replace(i, length, kBlanks[length]);
    i += length;
  }
}

void Output::write(std::size_t at, char byte) {
  // The byte may lie inside the blank of a longer character: that one becomes plain spaces.
  std::size_t begin = at;
  while (begin > 0 && at - begin < 3 && (static_cast<unsigned char>(text_[begin]) & 0xC0) == 0x80)
    --begin;
  const std::size_t length = sequence_length(text_, begin);
  if (length > 1 && at < begin + length)
    std::fill_n(text_.begin() + static_cast<long>(begin), length, ' ');
  text_[at] = byte;
}

void Output::insert_before(std::size_t at, std::string text) {
  insertions_.push_back({at, Side::kBefore, insertions_.size(), std::move(text), {}});
}

void Output::insert_after(std::size_t at, std::string text) {
  insertions_.push_back({at, Side::kBehind, insertions_.size(), std::move(text), {}});
}

void Output::move_before(std::size_t at, std::string text, std::vector<Range> pieces) {
  insertions_.push_back(
      {at, Side::kBefore, insertions_.size(), std::move(text), std::move(pieces)});
}

/// What stands behind a token comes before what stands before the next one; of two texts behind a
/// token, the later one is closer to it and so comes first.
void Output::sort_insertions() {
  std::sort(insertions_.begin(), insertions_.end(), [](const Insertion& a, const Insertion& b) {
    if (a.at != b.at) return a.at < b.at;
    if (a.side != b.side) return a.side == Side::kBehind;
    return a.side == Side::kBehind ? a.order > b.order : a.order < b.order;
  });
}

/// The output of a range, taken out of its place.
std::string Output::take_piece(Range piece) {
  const auto [begin, end] = piece;
  std::string taken;
  std::size_t from = begin;
  const auto first = std::lower_bound(
      insertions_.begin(), insertions_.end(), begin,
      [](const Insertion& insertion, std::size_t at) { return insertion.at < at; });
  for (auto it = first; it != insertions_.end() && it->at <= end; ++it) {
    const bool inside = (it->at > begin || it->side == Side::kBefore) &&
                        (it->at < end || it->side == Side::kBehind);
    if (!inside) continue;
    taken.append(text_, from, it->at - from);
    taken += std::exchange(it->text, {});
    from = it->at;
  }
  taken.append(text_, from, end - from);
  blank(begin, end);
  return taken;
}

void Output::resolve_moves() {
  for (Insertion& insertion : insertions_) {
    for (std::size_t i = 0; i < insertion.pieces.size(); ++i) {
      insertion.text += (i == 0 ? "" : " ") + take_piece(insertion.pieces[i]);
    }
  }
}

std::string Output::finish() {
  for (const auto& [at, text] : puts_) {
    for (std::size_t i = 0; i < text.size(); ++i) write(at + i, text[i]);
  }
  if (insertions_.empty()) return std::move(text_);
  sort_insertions();
  resolve_moves();
  return splice();
}

std::string Output::splice() {
  std::string result;
  std::size_t done = 0;  // So much of `text_` stands in the result.
  for (std::size_t i = 0; i < insertions_.size();) {
    const std::size_t at = insertions_[i].at;
    std::string text;
    for (; i < insertions_.size() && insertions_[i].at == at; ++i) text += insertions_[i].text;
    if (text.empty()) continue;
    const std::size_t right_end = i < insertions_.size() ? insertions_[i].at : text_.size();
    std::size_t right = at;
    while (right < right_end && text_[right] == ' ' && right - at < text.size()) ++right;
    if (right > at && right < text_.size() && is_word(text.back()) && is_word(text_[right]))
      --right;
    std::size_t left = at;
    while (left > done && text_[left - 1] == ' ' && right - left < text.size()) --left;
    if (left < at && left > 0 && is_word(text_[left - 1]) && is_word(text.front())) ++left;
    result.append(text_, done, left - done);
    result += text;
    done = right;
    shifts_.push_back({right, result.size() - right});
  }
  result.append(text_, done);
  return result;
}

std::size_t Output::moved(std::size_t at) const {
  const auto behind =
      std::upper_bound(shifts_.begin(), shifts_.end(), at,
                       [](std::size_t place, const Shift& shift) { return place < shift.from; });
  return behind == shifts_.begin() ? at : at + std::prev(behind)->by;
}

}  // namespace isopod::typescript
