// SPDX-License-Identifier: MIT
#pragma once

#include <mutex>
#include <string>
#include <string_view>

#include "cli/terminal.h"

namespace isopod::cli {

/// Lines of the log on stderr: "[source] text". Lines of an extension's console always pass;
/// isopod's own pass from the level on. Any thread.
class LogLines {
 public:
  LogLines(const Terminal& terminal, std::string_view least)
      : terminal_(terminal), least_(rank(least)) {}
  void write(std::string_view level, std::string_view source, std::string_view text);

 private:
  static int rank(std::string_view level);

  const Terminal& terminal_;
  const int least_;
  std::mutex mutex_;  // keeps lines whole
};

}  // namespace isopod::cli
