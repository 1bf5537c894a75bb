// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "os/owned_descriptor.h"
#include "os/thread.h"

namespace isopod::os {

struct FileEvent {
  enum class Type {
    kRename,  ///< something appeared, went or was moved
    kChange,  ///< content or facts of something changed
  };
  Type type = Type::kRename;
  /// Relative to the folder that is watched, or the name of the file that is. Nothing when events
  /// were lost: anything may have happened.
  std::optional<std::string> name = {};

  bool operator==(const FileEvent&) const = default;
};

/// Watches files and folders. One thread, started with the first watch, serves all of them. Any
/// thread, the destructor aside.
class FileWatcher {
 public:
  /// Folders beneath a recursive watch that are watched; those beyond are not.
  static constexpr std::size_t kFoldersMax = 4096;

  struct Request {
    const OwnedDescriptor& node;  ///< of `open_path`
    std::string name;             ///< for events of the node itself
    bool recursive = false;
    /// Whether a folder beneath may be looked into. Called before `add` returns and on the thread
    /// of the watcher.
    std::function<bool(const OwnedDescriptor& folder)> may_enter;
    /// Events, in order. Called on the thread of the watcher, never after `remove` has returned;
    /// must not call the watcher.
    std::function<void(std::vector<FileEvent>)> tell;
  };

  FileWatcher() = default;
  /// Joins the thread.
  ~FileWatcher();
  FileWatcher(const FileWatcher&) = delete;
  FileWatcher& operator=(const FileWatcher&) = delete;

  /// The number of the watch. ENOSPC when the system gives no more, EMFILE when it gives none.
  SystemResult<std::uint64_t> add(Request request);
  /// A number that is no watch does nothing.
  void remove(std::uint64_t watch);

 private:
  struct Watch {
    std::string name;
    bool recursive = false;
    bool is_folder = false;
    OwnedDescriptor root;  // of a recursive one, to open folders beneath
    std::function<bool(const OwnedDescriptor& folder)> may_enter;
    std::function<void(std::vector<FileEvent>)> tell;
    std::map<int, std::string> folders = {};  // system's number to path relative to the root
    std::vector<FileEvent> news = {};         // of the batch that is being read
  };

  // All of these with the mutex held.
  SystemResult<> start();
  void forget_watch(std::uint64_t id);
  /// Ends watching folders that were moved away from a recursive watch.
  void forget_tree(std::uint64_t id, const std::string& top);
  void forget_number(std::uint64_t id, int number);
  SystemResult<> add_node(std::uint64_t id, const OwnedDescriptor& node,
                          const std::string& relative);
  /// Watches a folder of a recursive watch and those beneath it.
  SystemResult<> add_tree(std::uint64_t id, const std::string& top);
  void read_events();
  void take_event(int number, std::uint32_t mask, const std::string& name);
  void note_loss();
  void tell_all();

  void serve();

  std::mutex mutex_;  // guards the rest; held while events are told
  OwnedDescriptor events_;
  OwnedDescriptor wake_;
  Thread thread_;
  std::uint64_t next_ = 1;
  std::map<std::uint64_t, Watch> watches_;
  // The system knows one watch per file; several of ours share it.
  std::map<int, std::set<std::uint64_t>> users_;
};

}  // namespace isopod::os
