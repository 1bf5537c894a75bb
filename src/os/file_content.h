// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "os/owned_descriptor.h"

/// Reading and writing open files. All block and repeat what the system did by halves. Two
/// operations at the position of one file at the same time are the caller's to keep apart.
namespace isopod::os {

/// Bytes from `offset`, or from where the file stands, which moves. Fewer than `length` only at the
/// end of the file.
struct ReadRange {
  std::optional<std::uint64_t> offset = {};
  std::size_t length = 0;
  std::size_t expected = 0;  ///< how much there probably is; a hint
};
SystemResult<std::string> read_bytes(const OwnedDescriptor& file, const ReadRange& range);

/// Writes all of it at `offset`, or where the file stands, which moves.
SystemResult<> write_bytes(const OwnedDescriptor& file, std::string_view bytes,
                           std::optional<std::uint64_t> offset);

SystemResult<std::uint64_t> position(const OwnedDescriptor& file);
SystemResult<> set_position(const OwnedDescriptor& file, std::uint64_t offset);

SystemResult<> truncate_file(const OwnedDescriptor& file, std::uint64_t length);
SystemResult<> sync_file(const OwnedDescriptor& file);

/// Appends everything from where `from` stands to where `to` stands. ECANCELED once `stop` is set.
struct CopyEnds {
  const OwnedDescriptor& from;
  const OwnedDescriptor& to;
};
SystemResult<> copy_content(const CopyEnds& ends, const std::atomic<bool>& stop);

}  // namespace isopod::os
