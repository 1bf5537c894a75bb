// SPDX-License-Identifier: MIT
#include "os/files.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

namespace isopod::os {
namespace {

/// Repeats a call that a signal interrupted.
template <class Call>
auto retry(Call call) {
  auto result = call();
  while (result == -1 && errno == EINTR) result = call();
  return result;
}

/// An open descriptor, closed at the end.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() {
    // Linux closes the descriptor even when close() reports EINTR, so it is never repeated.
    if (number_ >= 0) ::close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  [[nodiscard]] int number() const { return number_; }
  [[nodiscard]] bool is_open() const { return number_ >= 0; }

 private:
  int number_;
};

struct CloseDirectory {
  void operator()(DIR* stream) const { ::closedir(stream); }
};

Code code_of(int number) {
  switch (number) {
    case ENOENT:
    case ENOTDIR: return Code::kNotFound;
    case EINVAL:
    case ELOOP:
    case ENAMETOOLONG: return Code::kInvalidArgument;
    case EMFILE:
    case ENFILE:
    case ENOSPC:
    case EDQUOT:
    case EFBIG: return Code::kQuota;
    case ENOMEM: return Code::kMemory;
    default: return Code::kUnreadable;
  }
}

/// The system would see such a path only up to the NUL, a different path from the one judged.
Result<> check_path(const std::string& path) {
  if (path.find('\0') != std::string::npos) {
    return fail(Code::kInvalidArgument, "a path contains a NUL byte");
  }
  return {};
}

FileKind kind_of_mode(mode_t mode) {
  if (S_ISREG(mode)) return FileKind::kFile;
  return S_ISDIR(mode) ? FileKind::kDirectory : FileKind::kOther;
}

Result<> expect_regular(int descriptor, const std::string& path) {
  struct stat status = {};
  if (::fstat(descriptor, &status) != 0) return fail(system_error(errno, "read " + path));
  if (S_ISREG(status.st_mode)) return {};
  const std::string what = S_ISDIR(status.st_mode) ? "a directory" : "no regular file";
  return fail(Code::kUnreadable, "cannot read " + path + ": it is " + what);
}

Result<> write_all(int descriptor, std::string_view bytes, const std::string& path) {
  while (!bytes.empty()) {
    const ssize_t written = retry([&] { return ::write(descriptor, bytes.data(), bytes.size()); });
    if (written < 0) return fail(system_error(errno, "write " + path));
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

std::string directory_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

/// Makes a rename durable.
Result<> sync_directory(const std::string& path) {
  const Descriptor directory(
      retry([&] { return ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); }));
  if (!directory.is_open()) return fail(system_error(errno, "open " + path));
  // Some file systems cannot sync a directory and say EINVAL; there is nothing better to do there.
  if (retry([&] { return ::fsync(directory.number()); }) != 0 && errno != EINVAL) {
    return fail(system_error(errno, "sync " + path));
  }
  return {};
}

Result<> write_and_sync(int descriptor, std::string_view bytes, unsigned mode,
                        const std::string& path) {
  if (auto written = write_all(descriptor, bytes, path); !written) return written;
  if (::fchmod(descriptor, static_cast<mode_t>(mode)) != 0) {
    return fail(system_error(errno, "set the mode of " + path));
  }
  if (retry([&] { return ::fsync(descriptor); }) != 0) {
    return fail(system_error(errno, "sync " + path));
  }
  return {};
}

FileKind kind_of_entry(int directory, const dirent& entry) {
  if (entry.d_type == DT_REG) return FileKind::kFile;
  if (entry.d_type == DT_DIR) return FileKind::kDirectory;
  if (entry.d_type != DT_UNKNOWN) return FileKind::kOther;
  struct stat status = {};
  if (::fstatat(directory, entry.d_name, &status, AT_SYMLINK_NOFOLLOW) != 0)
    return FileKind::kOther;
  return kind_of_mode(status.st_mode);
}

}  // namespace

Error system_error(int number, std::string_view action) {
  std::string message = "cannot " + std::string(action) + ": ";
  const char* const description = ::strerrordesc_np(number);
  const char* const name = ::strerrorname_np(number);
  message += description != nullptr ? description : "error " + std::to_string(number);
  if (name != nullptr) message += " (" + std::string(name) + ")";
  return Error{code_of(number), std::move(message), {}, {}};
}

Result<FileKind> file_kind(const std::string& path) {
  if (auto checked = check_path(path); !checked) return fail(std::move(checked.error()));
  struct stat status = {};
  if (::stat(path.c_str(), &status) == 0) return kind_of_mode(status.st_mode);
  if (errno == ENOENT || errno == ENOTDIR) return FileKind::kAbsent;
  return fail(system_error(errno, "look at " + path));
}

Result<std::unique_ptr<OpenedFile>> OpenedFile::open(const std::string& path) {
  if (auto checked = check_path(path); !checked) return fail(std::move(checked.error()));
  // Without O_NONBLOCK, opening a pipe would wait for a writer before its kind can be seen.
  const int number =
      retry([&] { return ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY); });
  if (number < 0) return fail(system_error(errno, "read " + path));
  auto file = std::unique_ptr<OpenedFile>(new OpenedFile(number, path));
  if (auto regular = expect_regular(number, path); !regular) {
    return fail(std::move(regular.error()));
  }
  const std::string link = "/proc/self/fd/" + std::to_string(number);
  std::array<char, PATH_MAX> real = {};
  const ssize_t length = ::readlink(link.c_str(), real.data(), real.size());
  if (length < 0) return fail(system_error(errno, "find where " + path + " really is"));
  file->real_path_.assign(real.data(), static_cast<std::size_t>(length));
  return file;
}

OpenedFile::~OpenedFile() { ::close(number_); }

Result<std::string> OpenedFile::read(std::size_t bytes_max) {
  constexpr std::size_t kChunkBytes = 64 * 1024;
  std::string content;
  while (true) {
    const std::size_t before = content.size();
    content.resize(before + kChunkBytes);
    const ssize_t count =
        retry([&] { return ::read(number_, content.data() + before, kChunkBytes); });
    if (count < 0) return fail(system_error(errno, "read " + path_));
    content.resize(before + static_cast<std::size_t>(count));
    if (content.size() > bytes_max) {
      return fail(Code::kPayloadTooLarge, "cannot read " + path_ + ": it is larger than " +
                                              std::to_string(bytes_max) + " bytes");
    }
    if (count == 0) return content;
  }
}

Result<std::string> read_file(const std::string& path, std::size_t bytes_max) {
  auto file = OpenedFile::open(path);
  if (!file) return fail(std::move(file.error()));
  return (*file)->read(bytes_max);
}

Result<std::string> canonical_path(const std::string& path) {
  if (auto checked = check_path(path); !checked) return fail(std::move(checked.error()));
  const std::unique_ptr<char, decltype(&std::free)> resolved(::realpath(path.c_str(), nullptr),
                                                             &std::free);
  if (resolved == nullptr) return fail(system_error(errno, "find " + path));
  return std::string(resolved.get());
}

Result<std::vector<DirectoryEntry>> list_directory(const std::string& path,
                                                   std::size_t entries_max) {
  if (auto checked = check_path(path); !checked) return fail(std::move(checked.error()));
  const int descriptor =
      retry([&] { return ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); });
  if (descriptor < 0) return fail(system_error(errno, "list " + path));
  const std::unique_ptr<DIR, CloseDirectory> stream(::fdopendir(descriptor));
  if (stream == nullptr) {
    const Descriptor closed_here(descriptor);
    return fail(system_error(errno, "list " + path));
  }
  std::vector<DirectoryEntry> entries;
  while (true) {
    errno = 0;
    const dirent* const entry = ::readdir(stream.get());
    if (entry == nullptr && errno != 0) return fail(system_error(errno, "list " + path));
    if (entry == nullptr) break;
    std::string name = entry->d_name;
    if (name == "." || name == "..") continue;
    if (entries.size() == entries_max) {
      return fail(Code::kPayloadTooLarge, "cannot list " + path + ": it has more than " +
                                              std::to_string(entries_max) + " entries");
    }
    entries.push_back({std::move(name), kind_of_entry(descriptor, *entry)});
  }
  std::sort(entries.begin(), entries.end(),
            [](const DirectoryEntry& a, const DirectoryEntry& b) { return a.name < b.name; });
  return entries;
}

Result<> write_file_atomically(const std::string& path, std::string_view bytes, unsigned mode) {
  if (auto checked = check_path(path); !checked) return checked;
  std::string temporary = path + ".XXXXXX";
  {
    const Descriptor file(retry([&] { return ::mkostemp(temporary.data(), O_CLOEXEC); }));
    if (!file.is_open()) return fail(system_error(errno, "write " + path));
    if (auto written = write_and_sync(file.number(), bytes, mode, path); !written) {
      ::unlink(temporary.c_str());
      return written;
    }
  }
  if (::rename(temporary.c_str(), path.c_str()) != 0) {
    const int number = errno;
    ::unlink(temporary.c_str());
    return fail(system_error(number, "write " + path));
  }
  return sync_directory(directory_of(path));
}

Result<std::unique_ptr<TemporaryDirectory>> TemporaryDirectory::make(std::string_view prefix) {
  const char* const root = std::getenv("TMPDIR");
  std::string path = root != nullptr && *root == '/' ? root : "/tmp";
  path += '/';
  path += prefix;
  path += "XXXXXX";
  if (::mkdtemp(path.data()) == nullptr)
    return fail(system_error(errno, "make a directory " + path));
  return std::unique_ptr<TemporaryDirectory>(new TemporaryDirectory(std::move(path)));
}

TemporaryDirectory::~TemporaryDirectory() {
  std::error_code
      ignored;  // Nobody could act on it, and a leftover in a temporary place is harmless.
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace isopod::os
