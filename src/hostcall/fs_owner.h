// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "hostcall/fs_gate.h"

namespace isopod::hostcall {

/// A file that an extension holds open. Judged when it was opened; shared by the table and the
/// calls under way, so that closing it does not take it from them.
struct FsHandle {
  os::OwnedDescriptor file;
  std::string written_path;
  std::string real_path;
  bool may_write = false;  ///< whether policy allowed it to change the file
  std::mutex position;     ///< held while an operation moves where the file stands
};

/// What one running extension has of the `fs` connector: open files, and work under way. Shared by
/// the connector and that work. Any thread.
class FsOwner {
 public:
  static constexpr std::size_t kHandlesMax = 1024;

  /// The number of a new handle, never used before by this owner, or 0 when there are too many or
  /// the owner is gone.
  std::uint64_t keep(std::shared_ptr<FsHandle> handle);
  /// Null when there is no such handle.
  [[nodiscard]] std::shared_ptr<FsHandle> find(std::uint64_t number) const;
  /// Takes it out; null when there is no such handle.
  std::shared_ptr<FsHandle> take(std::uint64_t number);

  /// A piece of work under way, from before it is begun to its end.
  class Work {
   public:
    explicit Work(FsOwner& owner);
    ~Work();
    Work(const Work&) = delete;
    Work& operator=(const Work&) = delete;
    /// False when the owner is gone, and nothing may be begun for it.
    [[nodiscard]] bool may_begin() const { return may_begin_; }

   private:
    FsOwner& owner_;
    bool may_begin_;
  };

  /// Set once the owner is gone: long work ends early.
  [[nodiscard]] const std::atomic<bool>& gone() const { return gone_; }

  /// Forgets the handles, lets no new work begin and waits for the work under way.
  void release();

 private:
  // Written under the mutex; a hint without order for those who only read it.
  std::atomic<bool> gone_{false};
  mutable std::mutex mutex_;  // guards the rest
  std::condition_variable ended_;
  std::map<std::uint64_t, std::shared_ptr<FsHandle>> handles_;
  std::uint64_t next_ = 3;  // those below mean the standard streams to readers of Node's numbers
  std::size_t working_ = 0;
};

}  // namespace isopod::hostcall
