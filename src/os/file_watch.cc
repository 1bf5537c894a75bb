// SPDX-License-Identifier: MIT
#include "os/file_watch.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>

#include <array>
#include <cstring>
#include <utility>

#include "os/directory.h"
#include "os/path_open.h"

namespace isopod::os {
namespace {

constexpr std::uint32_t kChanges = IN_ATTRIB | IN_MODIFY;
constexpr std::uint32_t kWatched =
    kChanges | IN_CREATE | IN_DELETE | IN_DELETE_SELF | IN_MOVE_SELF | IN_MOVED_FROM | IN_MOVED_TO;

std::string beneath(const std::string& folder, const std::string& name) {
  return folder.empty() ? name : folder + "/" + name;
}

/// More in one batch than this are told as a loss.
constexpr std::size_t kNewsMax = 4096;

void add_news(std::vector<FileEvent>& news, FileEvent event) {
  if (news.size() >= kNewsMax) news.assign(1, {FileEvent::Type::kRename, std::nullopt});
  if (news.empty() || news.back() != event) news.push_back(std::move(event));
}

}  // namespace

FileWatcher::~FileWatcher() {
  if (!thread_.joinable()) return;
  const std::uint64_t one = 1;
  // A counter that wakes the thread; it cannot be full.
  static_cast<void>(repeat_interrupted([&] { return ::write(wake_.number(), &one, sizeof one); }));
  thread_.join();
}

SystemResult<> FileWatcher::start() {
  if (thread_.joinable()) return {};
  events_ = OwnedDescriptor(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC));
  if (!events_.is_open()) return system_failure();
  wake_ = OwnedDescriptor(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (!wake_.is_open()) return system_failure();
  auto thread = Thread::start({.name = "file-watch", .stack_bytes = std::size_t{1} << 20},
                              [this] { serve(); });
  if (!thread) return system_failure(EAGAIN);
  thread_ = *std::move(thread);
  return {};
}

SystemResult<std::uint64_t> FileWatcher::add(Request request) {
  const auto status = file_status(request.node);
  if (!status) return system_failure(status.error());
  const std::lock_guard lock(mutex_);
  if (auto started = start(); !started) return system_failure(started.error());
  const std::uint64_t id = next_++;
  Watch& watch = watches_[id];
  watch.name = std::move(request.name);
  watch.is_folder = status->kind() == EntryKind::kDirectory;
  watch.recursive = request.recursive && watch.is_folder;
  watch.may_enter = std::move(request.may_enter);
  watch.tell = std::move(request.tell);
  auto added = add_node(id, request.node, "");
  if (added && watch.recursive) {
    auto root = reopen(request.node, {});
    if (root) {
      watch.root = std::move(*root);
      added = add_tree(id, "");
    } else {
      added = system_failure(root.error());
    }
  }
  watch.news.clear();  // what was there before is no news
  if (added) return id;
  forget_watch(id);
  return system_failure(added.error());
}

void FileWatcher::remove(std::uint64_t watch) {
  const std::lock_guard lock(mutex_);
  forget_watch(watch);
}

void FileWatcher::forget_watch(std::uint64_t id) {
  const auto found = watches_.find(id);
  if (found == watches_.end()) return;
  for (const auto& [number, relative] : found->second.folders) forget_number(id, number);
  watches_.erase(found);
}

void FileWatcher::forget_tree(std::uint64_t id, const std::string& top) {
  std::erase_if(watches_.at(id).folders, [&](const auto& folder) {
    const auto& [number, relative] = folder;
    const bool is_in_tree = relative == top || relative.starts_with(top + "/");
    if (is_in_tree) forget_number(id, number);
    return is_in_tree;
  });
}

void FileWatcher::forget_number(std::uint64_t id, int number) {
  const auto users = users_.find(number);
  if (users == users_.end()) return;
  users->second.erase(id);
  if (!users->second.empty()) return;
  ::inotify_rm_watch(events_.number(), number);
  users_.erase(users);
}

SystemResult<> FileWatcher::add_node(std::uint64_t id, const OwnedDescriptor& node,
                                     const std::string& relative) {
  Watch& watch = watches_.at(id);
  const int number = ::inotify_add_watch(events_.number(), descriptor_path(node).c_str(), kWatched);
  if (number < 0) return system_failure();
  watch.folders[number] = relative;
  users_[number].insert(id);
  return {};
}

SystemResult<> FileWatcher::add_tree(std::uint64_t id, const std::string& top) {
  Watch& watch = watches_.at(id);
  std::vector<std::string> open = {top};
  while (!open.empty()) {
    const std::string relative = std::move(open.back());
    open.pop_back();
    auto folder = open_folder_beneath(watch.root, relative.empty() ? "." : relative);
    // What has gone meanwhile needs no watch.
    if (!folder) continue;
    if (!relative.empty()) {
      if (watch.folders.size() >= kFoldersMax || !watch.may_enter(*folder)) continue;
      if (auto added = add_node(id, *folder, relative); !added) return added;
    }
    auto reader = FolderReader::start(std::move(*folder));
    if (!reader) return system_failure(reader.error());
    while (true) {
      auto entry = reader->next();
      if (!entry || !*entry) break;
      std::string path = beneath(relative, (*entry)->name);
      // In a folder that is new, all of it is news; it may have come before its watch did.
      add_news(watch.news, {FileEvent::Type::kRename, path});
      if ((*entry)->kind == EntryKind::kDirectory) open.push_back(std::move(path));
    }
  }
  return {};
}

void FileWatcher::serve() {
  while (true) {
    std::array<pollfd, 2> waited = {pollfd{events_.number(), POLLIN, 0},
                                    pollfd{wake_.number(), POLLIN, 0}};
    static_cast<void>(repeat_interrupted([&] { return ::poll(waited.data(), 2, -1); }));
    if (waited[1].revents != 0) return;
    const std::lock_guard lock(mutex_);
    read_events();
    tell_all();
  }
}

void FileWatcher::read_events() {
  constexpr std::size_t kBufferBytes = 64 * 1024;
  alignas(inotify_event) std::array<char, kBufferBytes> buffer;
  const ssize_t count =
      repeat_interrupted([&] { return ::read(events_.number(), buffer.data(), buffer.size()); });
  for (ssize_t at = 0; at < count;) {
    inotify_event event;
    std::memcpy(&event, buffer.data() + at, sizeof event);
    const char* const name = buffer.data() + at + sizeof event;
    at += static_cast<ssize_t>(sizeof event + event.len);
    if ((event.mask & IN_Q_OVERFLOW) != 0) {
      note_loss();
    } else {
      take_event(event.wd, event.mask, event.len > 0 ? std::string(name) : std::string());
    }
  }
}

void FileWatcher::take_event(int number, std::uint32_t mask, const std::string& name) {
  const auto users = users_.find(number);
  if (users == users_.end()) return;
  const bool is_gone = (mask & IN_IGNORED) != 0;
  for (const std::uint64_t id : std::set<std::uint64_t>(users->second)) {
    Watch& watch = watches_.at(id);
    const auto folder = watch.folders.find(number);
    if (folder == watch.folders.end()) continue;  // an event of the same batch ended it
    const std::string relative = folder->second;
    if (is_gone) {
      watch.folders.erase(folder);
      continue;
    }
    const bool is_new_folder = (mask & IN_ISDIR) != 0 && (mask & (IN_CREATE | IN_MOVED_TO)) != 0;
    // A folder beneath tells of its own end by the folder above.
    if (name.empty() && !relative.empty()) continue;
    const std::string path =
        name.empty() ? watch.name : (watch.is_folder ? beneath(relative, name) : watch.name);
    if ((mask & kChanges) != 0) add_news(watch.news, {FileEvent::Type::kChange, path});
    if ((mask & kWatched & ~kChanges) != 0) add_news(watch.news, {FileEvent::Type::kRename, path});
    if (watch.recursive && (mask & IN_ISDIR) != 0 && (mask & IN_MOVED_FROM) != 0)
      forget_tree(id, path);
    if (watch.recursive && is_new_folder) static_cast<void>(add_tree(id, path));
  }
  if (is_gone) users_.erase(number);
}

void FileWatcher::note_loss() {
  for (auto& [id, watch] : watches_) add_news(watch.news, {FileEvent::Type::kRename, {}});
}

void FileWatcher::tell_all() {
  for (auto& [id, watch] : watches_) {
    if (!watch.news.empty()) watch.tell(std::exchange(watch.news, {}));
  }
}

}  // namespace isopod::os
