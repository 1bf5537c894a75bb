// SPDX-License-Identifier: MIT
#include "cli/terminal.h"

#include <unistd.h>

#include <cerrno>
#include <cstdlib>

namespace isopod::cli {
namespace {

const char* code_of(Style style) {
  switch (style) {
    case Style::kPlain: return "";
    case Style::kBold: return "\x1b[1m";
    case Style::kDim: return "\x1b[2m";
    case Style::kRed: return "\x1b[31m";
    case Style::kGreen: return "\x1b[32m";
    case Style::kYellow: return "\x1b[33m";
  }
  return "";
}

bool colours_wanted(Invocation::Colour colour) {
  const char* no_color = std::getenv("NO_COLOR");
  if (no_color != nullptr && no_color[0] != '\0') return false;
  return colour == Invocation::Colour::kAutomatic;
}

}  // namespace

Terminal::Terminal(Stream stream, Invocation::Colour colour)
    : descriptor_(stream == Stream::kOut ? STDOUT_FILENO : STDERR_FILENO),
      is_terminal_(isatty(descriptor_) == 1),
      colours_(is_terminal_ && colours_wanted(colour)) {}

std::string Terminal::styled(Style style, std::string_view text) const {
  if (!colours_ || style == Style::kPlain) return std::string(text);
  return std::string(code_of(style)) + std::string(text) + "\x1b[0m";
}

void Terminal::write(std::string_view text) const {
  while (!text.empty()) {
    const ssize_t written = ::write(descriptor_, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

}  // namespace isopod::cli
