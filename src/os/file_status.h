// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>

#include "os/owned_descriptor.h"

/// Facts about an open file, and changing them. Descriptors opened with O_PATH will do for all, so
/// that what is changed is what was looked at. Thread-safe; `/proc` has to be mounted.
namespace isopod::os {

enum class EntryKind {
  kFile,
  kDirectory,
  kLink,
  kFifo,
  kSocket,
  kBlock,
  kCharacter,
  kUnknown,
};
EntryKind kind_of_mode(unsigned mode);

struct FileStatus {
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  unsigned mode = 0;
  std::uint64_t links = 0;
  unsigned user = 0;
  unsigned group = 0;
  std::uint64_t special_device = 0;
  std::uint64_t size = 0;
  std::uint64_t block_size = 0;
  std::uint64_t blocks = 0;  ///< of 512 bytes
  std::int64_t access_ns = 0;
  std::int64_t modify_ns = 0;
  std::int64_t change_ns = 0;
  std::int64_t birth_ns = 0;  ///< 0 where the file system does not know

  [[nodiscard]] EntryKind kind() const { return kind_of_mode(mode); }
  [[nodiscard]] bool is_same_file(const FileStatus& other) const {
    return device == other.device && inode == other.inode;
  }
  /// Whether opening, reading and writing can neither wait for somebody nor do anything but that:
  /// regular files, directories and the devices for nothing, zeros and randomness.
  [[nodiscard]] bool is_harmless_to_open() const;
};

SystemResult<FileStatus> file_status(const OwnedDescriptor& file);

SystemResult<> change_mode(const OwnedDescriptor& file, unsigned mode);

/// Nothing leaves a time as it is. The descriptor of a link changes the link.
struct FileTimes {
  std::optional<std::int64_t> access_ns = {};
  std::optional<std::int64_t> modify_ns = {};
};
SystemResult<> change_times(const OwnedDescriptor& file, const FileTimes& times);

/// Whether the process may do what the bits 4 (read), 2 (write), 1 (execute) of `mode` say.
SystemResult<> check_access(const OwnedDescriptor& file, unsigned mode);

}  // namespace isopod::os
