// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "isopod/result.h"

/// The file functions the host needs. All block, all are safe to call from any thread, all
/// descriptors are closed on exec, interrupted calls are repeated. A path with a NUL byte is
/// `invalid_argument`.
namespace isopod::os {

/// The one place where `errno` becomes an `Error`. `action` is what failed, such as "read /etc/x".
/// ENOENT and ENOTDIR are `not_found`; a malformed path, a loop of links or a name too long is
/// `invalid_argument`; no space, no descriptors is `quota`; ENOMEM is `memory`; everything else,
/// such as a missing permission, is `unreadable`. The message ends in the name, as in "(EACCES)".
Error system_error(int number, std::string_view action);

enum class FileKind { kFile, kDirectory, kOther, kAbsent };

/// What `path` leads to after following links. A link that leads nowhere and a path below a file
/// are `kAbsent`. Errors: when that cannot be found out.
Result<FileKind> file_kind(const std::string& path);

/// A regular file, opened once: what is read is the file whose real path was looked at, however
/// links change meanwhile. Not for several threads at once.
class OpenedFile {
 public:
  /// Errors as `read_file`.
  static Result<std::unique_ptr<OpenedFile>> open(const std::string& path);
  ~OpenedFile();
  OpenedFile(const OpenedFile&) = delete;
  OpenedFile& operator=(const OpenedFile&) = delete;

  /// The absolute path of the opened file, without links.
  [[nodiscard]] const std::string& real_path() const { return real_path_; }
  /// The rest of the content. Errors: `payload_too_large` above `bytes_max`.
  Result<std::string> read(std::size_t bytes_max);

 private:
  OpenedFile(int number, std::string path) : number_(number), path_(std::move(path)) {}

  const int number_;
  const std::string path_;
  std::string real_path_;
};

/// The whole content of a regular file. Errors: `payload_too_large` above `bytes_max`; `unreadable`
/// for a directory, a device, a socket or a pipe (which is never waited for); as `system_error`.
Result<std::string> read_file(const std::string& path, std::size_t bytes_max);

/// The absolute path without links, "." and "..". Errors: `not_found` when it leads nowhere.
Result<std::string> canonical_path(const std::string& path);

struct DirectoryEntry {
  std::string name;
  FileKind kind = FileKind::kOther;  ///< of the entry itself; a link is `kOther`
};

/// The entries of a directory, without "." and "..", in byte order of their names. Errors:
/// `payload_too_large` above `entries_max`; as `system_error`.
Result<std::vector<DirectoryEntry>> list_directory(const std::string& path,
                                                   std::size_t entries_max = 65'536);

/// Replaces `path`, or creates it, so that a reader or a crash sees the old content or the new,
/// never a part: a new file beside it is written, synced and renamed over it. A link at `path` is
/// replaced, not followed. The new file has exactly `mode`. On failure nothing is left over and
/// `path` is as before, except when only making the replacement durable failed, at the very end.
Result<> write_file_atomically(const std::string& path, std::string_view bytes,
                               unsigned mode = 0600);

/// A new, empty, private directory that is removed with everything in it at the end. Links in it
/// are removed, not followed.
class TemporaryDirectory {
 public:
  /// In $TMPDIR, or /tmp. `prefix` starts its name.
  static Result<std::unique_ptr<TemporaryDirectory>> make(std::string_view prefix);
  ~TemporaryDirectory();
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  explicit TemporaryDirectory(std::string path) : path_(std::move(path)) {}

  std::string path_;
};

}  // namespace isopod::os
