// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

namespace isopod {

enum class LogLevel { kError, kWarn, kInfo, kDebug };

/// Where lines for people go: stderr in the program, a list in tests. The library itself never
/// prints. Implementations are safe to call from any thread and keep a line whole.
class LogSink {
 public:
  virtual ~LogSink() = default;
  /// `source` names who speaks: an extension's id, or "isopod". `text` may hold any bytes.
  virtual void write(LogLevel level, std::string_view source, std::string_view text) = 0;
};

}  // namespace isopod
