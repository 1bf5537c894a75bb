// SPDX-License-Identifier: MIT
#include "hostcall/fs_owner.h"

#include <utility>

namespace isopod::hostcall {

std::uint64_t FsOwner::keep(std::shared_ptr<FsHandle> handle) {
  const std::lock_guard lock(mutex_);
  if (gone_ || handles_.size() >= kHandlesMax) return 0;
  handles_.emplace(next_, std::move(handle));
  return next_++;
}

std::shared_ptr<FsHandle> FsOwner::find(std::uint64_t number) const {
  const std::lock_guard lock(mutex_);
  const auto found = handles_.find(number);
  return found == handles_.end() ? nullptr : found->second;
}

std::shared_ptr<FsHandle> FsOwner::take(std::uint64_t number) {
  const std::lock_guard lock(mutex_);
  const auto node = handles_.extract(number);
  return node.empty() ? nullptr : node.mapped();
}

FsOwner::Work::Work(FsOwner& owner) : owner_(owner) {
  const std::lock_guard lock(owner_.mutex_);
  may_begin_ = !owner_.gone_;
  if (may_begin_) ++owner_.working_;
}

FsOwner::Work::~Work() {
  if (!may_begin_) return;
  const std::lock_guard lock(owner_.mutex_);
  if (--owner_.working_ == 0) owner_.ended_.notify_all();
}

void FsOwner::release() {
  std::map<std::uint64_t, std::shared_ptr<FsHandle>> closed;
  std::unique_lock lock(mutex_);
  gone_ = true;
  closed.swap(handles_);
  ended_.wait(lock, [this] { return working_ == 0; });
  lock.unlock();
  closed.clear();
}

}  // namespace isopod::hostcall
