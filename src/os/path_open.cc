// SPDX-License-Identifier: MIT
#include "os/path_open.h"

#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include <array>

namespace isopod::os {
namespace {

/// How often a look-up is repeated that a rename elsewhere in the system disturbed.
constexpr int kDisturbedMax = 32;

SystemResult<OwnedDescriptor> open_resolved(int directory, const std::string& path, int flags,
                                            std::uint64_t resolve) {
  open_how how = {};
  how.flags = static_cast<std::uint64_t>(flags) | O_CLOEXEC;
  how.resolve = resolve | RESOLVE_NO_MAGICLINKS;
  for (int attempt = 0;; ++attempt) {
    const long number = repeat_interrupted(
        [&] { return ::syscall(SYS_openat2, directory, path.c_str(), &how, sizeof how); });
    if (number >= 0) return OwnedDescriptor(static_cast<int>(number));
    if (errno != EAGAIN || attempt == kDisturbedMax) return system_failure();
  }
}

SystemResult<std::string> link_text(int directory, const char* name) {
  std::array<char, PATH_MAX> text = {};
  const ssize_t length = ::readlinkat(directory, name, text.data(), text.size());
  if (length < 0) return system_failure();
  return std::string(text.data(), static_cast<std::size_t>(length));
}

bool leads_to(const std::string& path, const OwnedDescriptor& file) {
  struct stat there = {};
  struct stat here = {};
  return ::lstat(path.c_str(), &there) == 0 && ::fstat(file.number(), &here) == 0 &&
         there.st_dev == here.st_dev && there.st_ino == here.st_ino;
}

int access_bits(OpenFlags::Access access) {
  switch (access) {
    case OpenFlags::Access::kRead: return O_RDONLY;
    case OpenFlags::Access::kWrite: return O_WRONLY;
    case OpenFlags::Access::kBoth: return O_RDWR;
  }
  return O_RDONLY;
}

int open_bits(const OpenFlags& flags) {
  return access_bits(flags.access) | (flags.truncate ? O_TRUNC : 0) |
         (flags.append ? O_APPEND : 0) | flags.others | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;
}

}  // namespace

SystemResult<OwnedDescriptor> open_path(const std::string& path, Follow follow) {
  if (path.size() > kPathBytesMax) return system_failure(ENAMETOOLONG);
  return open_resolved(AT_FDCWD, path, O_PATH | (follow == Follow::kLinks ? 0 : O_NOFOLLOW), 0);
}

SystemResult<OwnedDescriptor> open_entry(const OwnedDescriptor& directory,
                                         const std::string& name) {
  return open_resolved(directory.number(), name, O_PATH | O_NOFOLLOW, 0);
}

SystemResult<OwnedDescriptor> open_folder_beneath(const OwnedDescriptor& directory,
                                                  const std::string& relative) {
  return open_resolved(directory.number(), relative, O_RDONLY | O_DIRECTORY | O_NOFOLLOW,
                       RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS);
}

std::string descriptor_path(const OwnedDescriptor& file) {
  return "/proc/self/fd/" + std::to_string(file.number());
}

SystemResult<std::string> real_path(const OwnedDescriptor& file) {
  auto path = link_text(AT_FDCWD, descriptor_path(file).c_str());
  if (!path) return path;
  // What was never beneath this root, or no longer is, has no path to be judged by.
  if (!path->starts_with('/')) return system_failure(ENOENT);
  // The system marks a removed file so, but a file may also have such a name.
  if (path->ends_with(" (deleted)") && !leads_to(*path, file)) return system_failure(ENOENT);
  return path;
}

SystemResult<std::string> read_link_entry(const OwnedDescriptor& directory,
                                          const std::string& name) {
  return link_text(directory.number(), name.c_str());
}

SystemResult<std::string> read_link(const OwnedDescriptor& link) {
  auto text = link_text(link.number(), "");
  // Of a descriptor that is no link the system says that there is nothing of the name "".
  if (!text && text.error() == ENOENT) return system_failure(EINVAL);
  return text;
}

SystemResult<OpenFlags> parse_open_flags(std::uint64_t bits) {
  constexpr std::uint64_t kPassedOn = O_SYNC | O_DSYNC | O_DIRECTORY | O_NOATIME;
  constexpr std::uint64_t kAlwaysSo = O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
  constexpr std::uint64_t kUnderstood =
      O_ACCMODE | O_CREAT | O_EXCL | O_TRUNC | O_APPEND | O_NOFOLLOW | kPassedOn | kAlwaysSo;
  if ((bits & ~kUnderstood) != 0 || (bits & O_ACCMODE) == O_ACCMODE) return system_failure(EINVAL);
  OpenFlags flags;
  if ((bits & O_ACCMODE) == O_WRONLY) flags.access = OpenFlags::Access::kWrite;
  if ((bits & O_ACCMODE) == O_RDWR) flags.access = OpenFlags::Access::kBoth;
  flags.create = (bits & O_CREAT) != 0;
  flags.exclusive = flags.create && (bits & O_EXCL) != 0;
  flags.truncate = (bits & O_TRUNC) != 0;
  flags.append = (bits & O_APPEND) != 0;
  flags.no_follow = (bits & O_NOFOLLOW) != 0;
  flags.others = static_cast<int>(bits & kPassedOn);
  return flags;
}

SystemResult<OwnedDescriptor> reopen(const OwnedDescriptor& node, const OpenFlags& flags) {
  const std::string path = descriptor_path(node);
  const int number = repeat_interrupted([&] { return ::open(path.c_str(), open_bits(flags)); });
  if (number < 0) return system_failure();
  return OwnedDescriptor(number);
}

SystemResult<OwnedDescriptor> create_file(const OwnedDescriptor& directory, const NewFile& file) {
  const int bits = open_bits(file.flags) | O_CREAT | O_EXCL | O_NOFOLLOW;
  const int number = repeat_interrupted(
      [&] { return ::openat(directory.number(), file.name.c_str(), bits, file.mode); });
  if (number < 0) return system_failure();
  return OwnedDescriptor(number);
}

}  // namespace isopod::os
