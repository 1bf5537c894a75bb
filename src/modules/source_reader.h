// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>

#include "isopod/result.h"

namespace isopod::modules {

/// One of several paths that exists.
struct FoundFile {
  std::size_t index = 0;  ///< which of the candidates
  std::string path;       ///< canonical: absolute, no links, no "." or ".."
};

/// The seam through which source files are found and read. In an isolate it is the `module.*`
/// hostcalls (the host decides what may be read); in tests a map. Used on the isolate's thread.
class SourceReader {
 public:
  virtual ~SourceReader() = default;

  /// The first of `candidates` (absolute paths) that is a regular file, or nothing. Errors: policy.
  virtual Result<std::optional<FoundFile>> find(std::span<const std::string> candidates) = 0;

  /// The text of a file as UTF-8; ill-formed bytes are already U+FFFD. Errors: not_found,
  /// unreadable, payload_too_large, denied.
  virtual Result<std::string> read(const std::string& path) = 0;
};

}  // namespace isopod::modules
