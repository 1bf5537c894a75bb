// SPDX-License-Identifier: MIT
#include "os/append_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <climits>

#include "os/files.h"

namespace isopod::os {
namespace {

constexpr mode_t kPrivate = 0600;

/// Repeats a call that a signal interrupted.
template <class Call>
auto retry(Call call) {
  auto result = call();
  while (result == -1 && errno == EINTR) result = call();
  return result;
}

}  // namespace

Result<std::unique_ptr<AppendFile>> AppendFile::open(const std::string& path) {
  return open_with(path, 0);
}

Result<std::unique_ptr<AppendFile>> AppendFile::create(const std::string& path) {
  return open_with(path, O_CREAT | O_EXCL);
}

Result<std::unique_ptr<AppendFile>> AppendFile::open_with(const std::string& path, int more_flags) {
  if (path.find('\0') != std::string::npos) {
    return fail(Code::kInvalidArgument, "a path contains a NUL byte");
  }
  // Without O_NONBLOCK opening a pipe would wait for its other end.
  const int flags = O_RDWR | O_APPEND | O_CLOEXEC | O_NOCTTY | O_NONBLOCK | more_flags;
  const int number = retry([&] { return ::open(path.c_str(), flags, kPrivate); });
  if (number < 0 && errno == EEXIST) {
    return fail(Code::kIo, "cannot make " + path + ": somebody else made it meanwhile (EEXIST)");
  }
  if (number < 0 && errno == EISDIR) {
    return fail(Code::kUnreadable, "cannot append to " + path + ": it is a directory");
  }
  if (number < 0) return fail(system_error(errno, "open " + path));
  auto file = std::unique_ptr<AppendFile>(new AppendFile(number, path));
  if (Result<> held = file->hold(); !held) return fail(std::move(held.error()));
  return file;
}

Result<std::string> AppendFile::real_path() const {
  std::array<char, PATH_MAX> target = {};
  const std::string link = "/proc/self/fd/" + std::to_string(number_);
  const ssize_t length = ::readlink(link.c_str(), target.data(), target.size());
  if (length < 0) return fail(system_error(errno, "find out where " + path_ + " is"));
  return std::string(target.data(), static_cast<std::size_t>(length));
}

Result<> AppendFile::hold() {
  struct stat status = {};
  if (::fstat(number_, &status) != 0) return fail(system_error(errno, "open " + path_));
  if (!S_ISREG(status.st_mode)) {
    return fail(Code::kUnreadable, "cannot append to " + path_ + ": it is no regular file");
  }
  if (retry([&] { return ::flock(number_, LOCK_EX | LOCK_NB); }) != 0) {
    if (errno != EWOULDBLOCK) return fail(system_error(errno, "lock " + path_));
    return fail(Code::kIo, path_ + " is in use by another process");
  }
  return {};
}

AppendFile::~AppendFile() { ::close(number_); }

Result<std::string> AppendFile::read(std::size_t bytes_max) const {
  std::string bytes;
  std::array<char, 65536> block = {};
  for (;;) {
    const auto offset = static_cast<off_t>(bytes.size());
    const ssize_t count =
        retry([&] { return ::pread(number_, block.data(), block.size(), offset); });
    if (count < 0) return fail(system_error(errno, "read " + path_));
    if (count == 0) return bytes;
    bytes.append(block.data(), static_cast<std::size_t>(count));
    if (bytes.size() > bytes_max) {
      return fail(Code::kPayloadTooLarge,
                  path_ + " is larger than " + std::to_string(bytes_max) + " bytes");
    }
  }
}

Result<> AppendFile::append(std::string_view bytes) {
  struct stat before = {};
  if (::fstat(number_, &before) != 0) return fail(system_error(errno, "write " + path_));
  while (!bytes.empty()) {
    const ssize_t count = retry([&] { return ::write(number_, bytes.data(), bytes.size()); });
    if (count < 0) {
      Error error = system_error(errno, "write " + path_);
      // The lock keeps others from having appended behind what is taken back.
      if (::ftruncate(number_, before.st_size) != 0) {
        error.message += "; part of the new line may be in the file";
      }
      return fail(std::move(error));
    }
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return {};
}

}  // namespace isopod::os
