// SPDX-License-Identifier: MIT
#include "typescript/output.h"

#include <algorithm>

#include "typescript/source_text.h"

namespace isopod::typescript {
namespace {

/// White space of `length` bytes: a space, a no-break space, an em space, or an em space and a
/// space for a character that takes two UTF-16 code units.
constexpr std::string_view kBlanks[] = {"", " ", "\xC2\xA0", "\xE2\x80\x83", "\xE2\x80\x83 "};

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

std::string Output::finish() && {
  for (const auto& [at, text] : puts_) {
    for (std::size_t i = 0; i < text.size(); ++i) write(at + i, text[i]);
  }
  return std::move(text_);
}

}  // namespace isopod::typescript
