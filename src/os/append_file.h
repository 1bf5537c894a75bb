// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "isopod/result.h"

namespace isopod::os {

/// A regular file that is only ever appended to, by one holder at a time: it is locked while it is
/// open, and a second `open` of it, by this or another process, fails. Links are followed. Not for
/// several threads at once.
class AppendFile {
 public:
  /// Opens a file that exists. Errors: `not_found`; `io` when somebody else holds it; `unreadable`
  /// for what is no regular file; as `system_error` (os/files.h).
  static Result<std::unique_ptr<AppendFile>> open(const std::string& path);

  /// Makes a file that does not exist yet, readable by its owner alone. Errors: `io` when it
  /// exists; as `system_error`.
  static Result<std::unique_ptr<AppendFile>> create(const std::string& path);

  ~AppendFile();
  AppendFile(const AppendFile&) = delete;
  AppendFile& operator=(const AppendFile&) = delete;

  /// Where the file really is, links resolved. Errors: as `system_error`.
  [[nodiscard]] Result<std::string> real_path() const;

  /// The whole content. Errors: `payload_too_large` above `bytes_max`.
  Result<std::string> read(std::size_t bytes_max) const;

  /// Appends all bytes or, on failure, none of them.
  Result<> append(std::string_view bytes);

 private:
  AppendFile(int number, std::string path) : number_(number), path_(std::move(path)) {}
  static Result<std::unique_ptr<AppendFile>> open_with(const std::string& path, int more_flags);
  Result<> hold();

  const int number_;
  const std::string path_;
};

}  // namespace isopod::os
