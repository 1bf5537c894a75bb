// SPDX-License-Identifier: MIT
#include "os/directory.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <cstdio>
#include <utility>
#include <vector>

#include "os/path_open.h"

namespace isopod::os {
namespace {

/// How many entries of one folder are held in memory at once.
constexpr std::size_t kEntriesAtOnce = 65'536;

EntryKind kind_of_type(int folder, const dirent& entry) {
  switch (entry.d_type) {
    case DT_REG: return EntryKind::kFile;
    case DT_DIR: return EntryKind::kDirectory;
    case DT_LNK: return EntryKind::kLink;
    case DT_FIFO: return EntryKind::kFifo;
    case DT_SOCK: return EntryKind::kSocket;
    case DT_BLK: return EntryKind::kBlock;
    case DT_CHR: return EntryKind::kCharacter;
    default: break;
  }
  struct stat status = {};
  if (::fstatat(folder, entry.d_name, &status, AT_SYMLINK_NOFOLLOW) != 0)
    return EntryKind::kUnknown;
  return kind_of_mode(status.st_mode);
}

SystemResult<> done_when(int result) {
  if (result != 0) return system_failure();
  return {};
}

SystemResult<OwnedDescriptor> open_folder(const OwnedDescriptor& folder, const char* name) {
  const int number = repeat_interrupted([&] {
    return ::openat(folder.number(), name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  });
  if (number < 0) return system_failure();
  return OwnedDescriptor(number);
}

SystemResult<OwnedDescriptor> duplicate(const OwnedDescriptor& folder) {
  // A descriptor of its own position, which `dup` would share.
  return open_folder(folder, ".");
}

/// One removal under way: the folder it is in and the way back up.
class TreeRemoval {
 public:
  TreeRemoval(const EntryName& top, const TreeVisitor& visitor) : top_(top), visitor_(visitor) {}

  SystemResult<> run() {
    if (auto entered = enter(top_.folder, top_.name); !entered) return entered;
    while (!levels_.empty()) {
      if (auto stepped = step(); !stepped) return stepped;
    }
    return {};
  }

 private:
  /// A folder on the way from the top to the current one.
  struct Level {
    std::string name;
    FileStatus status;
    std::vector<std::string> folders = {};  ///< beneath it, to be removed
    bool has_more = false;                  ///< it held more entries than are looked at at once
  };

  SystemResult<> enter(const OwnedDescriptor& parent, const std::string& name) {
    auto folder = open_folder(parent, name.c_str());
    if (!folder) return system_failure(folder.error());
    const auto status = file_status(*folder);
    if (!status) return system_failure(status.error());
    if (!visitor_.may_empty(*folder)) return system_failure(ECANCELED);
    current_ = std::move(*folder);
    levels_.push_back({name, *status});
    return remove_files();
  }

  /// Removes what is no folder from the current folder, and notes its folders.
  SystemResult<> remove_files() {
    auto own = duplicate(current_);
    if (!own) return system_failure(own.error());
    auto reader = FolderReader::start(std::move(*own));
    if (!reader) return system_failure(reader.error());
    Level& level = levels_.back();
    level.has_more = false;
    std::vector<FolderEntry> entries;
    while (true) {
      auto entry = reader->next();
      if (!entry) return system_failure(entry.error());
      if (!*entry) break;
      level.has_more = entries.size() == kEntriesAtOnce;
      if (level.has_more) break;
      entries.push_back(std::move(**entry));
    }
    for (FolderEntry& entry : entries) {
      if (entry.kind == EntryKind::kDirectory) {
        level.folders.push_back(std::move(entry.name));
      } else if (auto removed = remove_file({current_, entry.name});
                 !removed && removed.error() != ENOENT) {
        return removed;
      }
    }
    return {};
  }

  SystemResult<> step() {
    Level& level = levels_.back();
    if (!level.folders.empty()) {
      const std::string name = std::move(level.folders.back());
      level.folders.pop_back();
      auto entered = enter(current_, name);
      if (!entered && entered.error() == ENOENT) return {};
      return entered;
    }
    if (level.has_more) return remove_files();
    return leave();
  }

  SystemResult<> leave() {
    const std::string name = std::move(levels_.back().name);
    levels_.pop_back();
    if (levels_.empty()) return remove_folder({top_.folder, name});
    auto parent = open_folder(current_, "..");
    if (!parent) return system_failure(parent.error());
    const auto status = file_status(*parent);
    if (!status) return system_failure(status.error());
    // Somebody moved the folder: what is above it now is none of ours.
    if (!status->is_same_file(levels_.back().status)) return system_failure(EBUSY);
    current_ = std::move(*parent);
    return remove_folder({current_, name});
  }

  const EntryName& top_;
  const TreeVisitor& visitor_;
  OwnedDescriptor current_;
  std::vector<Level> levels_;
};

}  // namespace

SystemResult<FolderReader> FolderReader::start(OwnedDescriptor folder) {
  DIR* const stream = ::fdopendir(folder.number());
  if (stream == nullptr) return system_failure();
  static_cast<void>(folder.give_up());
  return FolderReader(stream);
}

SystemResult<std::optional<FolderEntry>> FolderReader::next() {
  while (true) {
    errno = 0;
    const dirent* const entry = ::readdir(stream_.get());
    if (entry == nullptr && errno != 0) return system_failure();
    if (entry == nullptr) return std::optional<FolderEntry>();
    std::string name = entry->d_name;
    if (name == "." || name == "..") continue;
    const EntryKind kind = kind_of_type(::dirfd(stream_.get()), *entry);
    return std::optional(FolderEntry{std::move(name), kind});
  }
}

SystemResult<> make_folder(const EntryName& entry, unsigned mode) {
  return done_when(::mkdirat(entry.folder.number(), entry.name.c_str(), static_cast<mode_t>(mode)));
}

SystemResult<> rename_entry(const EntryName& from, const EntryName& to) {
  return done_when(
      ::renameat(from.folder.number(), from.name.c_str(), to.folder.number(), to.name.c_str()));
}

SystemResult<> make_link(const EntryName& entry, const std::string& target) {
  return done_when(::symlinkat(target.c_str(), entry.folder.number(), entry.name.c_str()));
}

SystemResult<> make_hard_link(const OwnedDescriptor& file, const EntryName& entry) {
  return done_when(::linkat(AT_FDCWD, descriptor_path(file).c_str(), entry.folder.number(),
                            entry.name.c_str(), AT_SYMLINK_FOLLOW));
}

SystemResult<> remove_file(const EntryName& entry) {
  return done_when(::unlinkat(entry.folder.number(), entry.name.c_str(), 0));
}

SystemResult<> remove_folder(const EntryName& entry) {
  return done_when(::unlinkat(entry.folder.number(), entry.name.c_str(), AT_REMOVEDIR));
}

SystemResult<> remove_tree(const EntryName& entry, const TreeVisitor& visitor) {
  auto removed = remove_file(entry);
  // Linux says EISDIR, other systems EPERM.
  if (removed || (removed.error() != EISDIR && removed.error() != EPERM)) return removed;
  return TreeRemoval(entry, visitor).run();
}

}  // namespace isopod::os
