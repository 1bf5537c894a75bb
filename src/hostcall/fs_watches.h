// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "hostcall/completion.h"
#include "hostcall/fs_gate.h"
#include "os/file_watch.h"

namespace isopod::hostcall {

/// The watches of all extensions, and the calls that wait for them. Any thread.
class FsWatches {
 public:
  static constexpr std::size_t kWatchesMax = 128;  ///< of one extension
  static constexpr std::size_t kNewsMax = 1024;    ///< events that wait to be fetched, per watch

  explicit FsWatches(const MayAccess& may_access) : may_access_(may_access) {}
  ~FsWatches();
  FsWatches(const FsWatches&) = delete;
  FsWatches& operator=(const FsWatches&) = delete;

  struct Request {
    const FsNode& node;
    os::CallName name;
    std::string file_name;  ///< for events of the watched file itself
    bool recursive = false;
  };
  /// The number of the new watch. Blocks. Errors: as `call_error`.
  Result<std::uint64_t> add(const Caller& caller, Request request);

  /// Ends the call with the events that there are, or as soon as there are some. Does not block.
  void next(const Caller& caller, std::uint64_t number, Completion completion);

  /// Whether there was such a watch. Blocks.
  bool remove(const Caller& caller, std::uint64_t number);
  /// Ends the watches of an extension. Blocks.
  void release(const Caller& caller);
  /// Ends the calls that wait, and those to come, as `cancelled`.
  void drain();

 private:
  class News;
  struct Watch {
    std::shared_ptr<News> news;
    std::uint64_t watcher_number = 0;  // 0 until it is watched
  };

  [[nodiscard]] std::shared_ptr<News> find(const Caller& caller, std::uint64_t number);
  void end(const Watch& watch);

  const MayAccess& may_access_;
  std::mutex mutex_;                                               // guards the next three
  std::map<std::string, std::map<std::uint64_t, Watch>> watches_;  // by the caller's instance
  std::uint64_t next_ = 1;
  bool draining_ = false;
  os::FileWatcher watcher_;  // last: its thread uses the rest
};

}  // namespace isopod::hostcall
