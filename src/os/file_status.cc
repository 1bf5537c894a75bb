// SPDX-License-Identifier: MIT
#include "os/file_status.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <limits>
#include <string>

#include "os/path_open.h"

namespace isopod::os {
namespace {

constexpr std::int64_t kNanosecondsPerSecond = 1'000'000'000;

std::int64_t nanoseconds(const statx_timestamp& time) {
  constexpr std::int64_t kSecondsMax =
      std::numeric_limits<std::int64_t>::max() / kNanosecondsPerSecond - 1;
  if (time.tv_sec > kSecondsMax) return std::numeric_limits<std::int64_t>::max();
  if (time.tv_sec < -kSecondsMax) return std::numeric_limits<std::int64_t>::min();
  return time.tv_sec * kNanosecondsPerSecond + static_cast<std::int64_t>(time.tv_nsec);
}

timespec to_timespec(const std::optional<std::int64_t>& time_ns) {
  if (!time_ns) return {0, UTIME_OMIT};
  std::int64_t seconds = *time_ns / kNanosecondsPerSecond;
  std::int64_t rest = *time_ns % kNanosecondsPerSecond;
  if (rest < 0) {
    rest += kNanosecondsPerSecond;
    --seconds;
  }
  return {seconds, rest};
}

}  // namespace

EntryKind kind_of_mode(unsigned mode) {
  switch (mode & S_IFMT) {
    case S_IFREG: return EntryKind::kFile;
    case S_IFDIR: return EntryKind::kDirectory;
    case S_IFLNK: return EntryKind::kLink;
    case S_IFIFO: return EntryKind::kFifo;
    case S_IFSOCK: return EntryKind::kSocket;
    case S_IFBLK: return EntryKind::kBlock;
    case S_IFCHR: return EntryKind::kCharacter;
    default: return EntryKind::kUnknown;
  }
}

bool FileStatus::is_harmless_to_open() const {
  constexpr unsigned kMemoryDevices = 1;
  switch (kind()) {
    case EntryKind::kFile:
    case EntryKind::kDirectory: return true;
    case EntryKind::kCharacter: break;
    default: return false;
  }
  if (major(special_device) != kMemoryDevices) return false;
  switch (minor(special_device)) {
    case 3:  // null
    case 5:  // zero
    case 7:  // full
    case 8:  // random
    case 9:  // urandom
      return true;
    default: return false;
  }
}

SystemResult<FileStatus> file_status(const OwnedDescriptor& file) {
  struct statx status = {};
  constexpr unsigned kWanted = STATX_BASIC_STATS | STATX_BTIME;
  if (::statx(file.number(), "", AT_EMPTY_PATH, kWanted, &status) != 0) return system_failure();
  return FileStatus{.device = makedev(status.stx_dev_major, status.stx_dev_minor),
                    .inode = status.stx_ino,
                    .mode = status.stx_mode,
                    .links = status.stx_nlink,
                    .user = status.stx_uid,
                    .group = status.stx_gid,
                    .special_device = makedev(status.stx_rdev_major, status.stx_rdev_minor),
                    .size = status.stx_size,
                    .block_size = status.stx_blksize,
                    .blocks = status.stx_blocks,
                    .access_ns = nanoseconds(status.stx_atime),
                    .modify_ns = nanoseconds(status.stx_mtime),
                    .change_ns = nanoseconds(status.stx_ctime),
                    .birth_ns = nanoseconds(status.stx_btime)};
}

SystemResult<> change_mode(const OwnedDescriptor& file, unsigned mode) {
  if (::chmod(descriptor_path(file).c_str(), static_cast<mode_t>(mode)) != 0)
    return system_failure();
  return {};
}

SystemResult<> change_times(const OwnedDescriptor& file, const FileTimes& times) {
  const timespec both[2] = {to_timespec(times.access_ns), to_timespec(times.modify_ns)};
  if (::utimensat(AT_FDCWD, descriptor_path(file).c_str(), both, 0) != 0) return system_failure();
  return {};
}

SystemResult<> check_access(const OwnedDescriptor& file, unsigned mode) {
  static_assert(R_OK == 4 && W_OK == 2 && X_OK == 1 && F_OK == 0);
  if (::faccessat(AT_FDCWD, descriptor_path(file).c_str(), static_cast<int>(mode), 0) != 0)
    return system_failure();
  return {};
}

}  // namespace isopod::os
