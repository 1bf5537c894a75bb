// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include "base/log.h"
#include "cli/invocation.h"

namespace isopod::cli {

enum class Style { kPlain, kBold, kDim, kRed, kGreen, kYellow };

/// Writes for people. Colours only on a terminal, and never with NO_COLOR or --no-color.
class Terminal {
 public:
  enum class Stream { kOut, kErr };
  Terminal(Stream stream, Invocation::Colour colour);

  [[nodiscard]] bool is_terminal() const { return is_terminal_; }
  /// `text` in a style, or as it is where colours do not belong.
  [[nodiscard]] std::string styled(Style style, std::string_view text) const;
  /// Writes and flushes. A closed pipe is not an error of ours.
  void write(std::string_view text) const;

 private:
  int descriptor_;
  bool is_terminal_;
  bool colours_;
};

}  // namespace isopod::cli
