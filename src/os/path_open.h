// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "os/owned_descriptor.h"

/// Opening files in two steps: first a descriptor that only names the file (O_PATH) and tells where
/// it really is, then, once that was judged, the file behind that descriptor. Nothing that happens
/// to links or folders between the steps changes which file it is. Magic links of /proc are never
/// followed. All block, any thread; paths are absolute and have no NUL byte. Needs Linux 5.6 and
/// /proc.
namespace isopod::os {

enum class Follow {
  kLinks,       ///< as most operations do
  kNoLastLink,  ///< a link as last part is the file meant
};

/// The longest path the system takes.
inline constexpr std::size_t kPathBytesMax = 4095;

/// A descriptor that names what `path` leads to. Opens nothing: a pipe or device is not touched.
SystemResult<OwnedDescriptor> open_path(const std::string& path, Follow follow);

/// A descriptor that names the entry itself, a link not followed.
SystemResult<OwnedDescriptor> open_entry(const OwnedDescriptor& directory, const std::string& name);

/// A folder beneath an open one, for listing, by a relative path on which no part is a link.
SystemResult<OwnedDescriptor> open_folder_beneath(const OwnedDescriptor& directory,
                                                  const std::string& relative);

/// Where an open file really is now: absolute, without links. ENOENT when it was removed meanwhile.
SystemResult<std::string> real_path(const OwnedDescriptor& file);

/// A path that leads to the open file itself.
std::string descriptor_path(const OwnedDescriptor& file);

/// The target of the entry when it is a link, else EINVAL.
SystemResult<std::string> read_link_entry(const OwnedDescriptor& directory,
                                          const std::string& name);
/// The target of a link that was opened without following it, else EINVAL.
SystemResult<std::string> read_link(const OwnedDescriptor& link);

/// The meaning of Linux's O_* bits, as far as extensions may use them.
struct OpenFlags {
  enum class Access { kRead, kWrite, kBoth };
  Access access = Access::kRead;
  bool create = false;
  bool exclusive = false;
  bool truncate = false;
  bool append = false;
  bool no_follow = false;
  int others = 0;  ///< passed on as they are

  [[nodiscard]] bool reads() const { return access != Access::kWrite; }
  /// Whether anything may change: opening for reading can create and truncate, too.
  [[nodiscard]] bool writes() const { return access != Access::kRead || create || truncate; }
};
/// Nothing known for bits that have no place here (EINVAL), such as O_PATH and O_TMPFILE.
SystemResult<OpenFlags> parse_open_flags(std::uint64_t bits);

/// Opens the file that a descriptor of `open_path` names; `create`, `exclusive` and `no_follow` are
/// done with and ignored. Never waits: pipes and devices are opened without blocking.
SystemResult<OwnedDescriptor> reopen(const OwnedDescriptor& node, const OpenFlags& flags);

/// Makes a new regular file in an open folder. EEXIST when there is anything of that name.
struct NewFile {
  std::string name;
  OpenFlags flags;
  unsigned mode = 0666;  ///< the process's mask is taken off
};
SystemResult<OwnedDescriptor> create_file(const OwnedDescriptor& directory, const NewFile& file);

}  // namespace isopod::os
