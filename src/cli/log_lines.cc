// SPDX-License-Identifier: MIT
#include "cli/log_lines.h"

#include "base/text.h"

namespace isopod::cli {

int LogLines::rank(std::string_view level) {
  if (level == "error") return 0;
  if (level == "warn") return 1;
  return level == "info" ? 2 : 3;
}

void LogLines::write(std::string_view level, std::string_view source, std::string_view text) {
  if (source == "isopod" && rank(level) > least_) return;
  const Style style = rank(level) == 0   ? Style::kRed
                      : rank(level) == 1 ? Style::kYellow
                                         : Style::kDim;
  std::string shown = printable(text, Sgr::kKeep);
  // A line of its own could pretend to be somebody else's.
  for (std::size_t at = shown.find('\n'); at != std::string::npos; at = shown.find('\n', at + 1)) {
    shown.insert(at + 1, "    ");
  }
  const std::string line =
      terminal_.styled(style, "[" + printable(source, Sgr::kDrop) + "]") + " " + shown + "\n";
  const std::lock_guard lock(mutex_);
  terminal_.write(line);
}

}  // namespace isopod::cli
