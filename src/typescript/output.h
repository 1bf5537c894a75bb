// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace isopod::typescript {

/// A copy of the source in which ranges become white space and a few bytes become punctuation. Its
/// length and lines never change. A character of n bytes becomes white space of n bytes and of as
/// many UTF-16 code units, so columns do not change either.
class Output {
 public:
  explicit Output(std::string_view source) : source_(source), text_(source) {}

  /// Makes [begin, end) white space. Line terminators stay.
  void blank(std::size_t begin, std::size_t end);

  /// Writes ASCII `text` at `at`. Takes effect in `finish`, after all blanking, in the order of
  /// calls.
  void put(std::size_t at, std::string_view text) { puts_.emplace_back(at, text); }

  [[nodiscard]] std::string finish() &&;

 private:
  void write(std::size_t at, char byte);

  std::string_view source_;
  std::string text_;
  std::vector<std::pair<std::size_t, std::string>> puts_;
};

}  // namespace isopod::typescript
