// SPDX-License-Identifier: MIT
#include "host/request_table.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/check.h"

namespace isopod::host {

Result<std::uint64_t> RequestTable::open(MonotonicTime::duration time) {
  const std::lock_guard lock(mutex_);
  if (closed_) return fail(*closed_);
  const std::uint64_t id = ++last_id_;
  pending_.emplace(id, Pending{.left = time, .running_since = clock_.monotonic()});
  return id;
}

Result<std::uint64_t> RequestTable::unattended() {
  const std::lock_guard lock(mutex_);
  if (closed_) return fail(*closed_);
  unattended_.insert(++last_id_);
  return last_id_;
}

bool RequestTable::has_unattended() const {
  const std::lock_guard lock(mutex_);
  return !unattended_.empty() && !closed_;
}

bool RequestTable::wait_unattended(MonotonicTime deadline) {
  std::unique_lock lock(mutex_);
  const std::uint64_t last = last_id_;
  const auto none_left = [&] {
    return unattended_.empty() || *unattended_.begin() > last || closed_;
  };
  while (!none_left() && clock_.monotonic() < deadline) changed_.wait_until(lock, deadline);
  return none_left();
}

void RequestTable::answer(std::uint64_t id, Result<Json> value) {
  const std::lock_guard lock(mutex_);
  if (unattended_.erase(id) > 0) changed_.notify_all();
  const auto found = pending_.find(id);
  if (found == pending_.end()) return;
  found->second.answer = std::move(value);
  changed_.notify_all();
}

std::optional<Result<Json>> RequestTable::wait(std::uint64_t id, std::optional<MonotonicTime> end) {
  std::unique_lock lock(mutex_);
  for (;;) {
    const auto found = pending_.find(id);
    ISOPOD_CHECK(found != pending_.end(), "only the thread that opened a request waits for it");
    Pending& pending = found->second;
    if (pending.answer) {
      Result<Json> value = *std::move(pending.answer);
      pending_.erase(found);
      return value;
    }
    if (closed_) {
      pending_.erase(found);
      return Result<Json>(fail(*closed_));
    }
    if (paused(pending) && !end) {
      changed_.wait(lock);
      continue;
    }
    MonotonicTime deadline =
        paused(pending) ? *end : MonotonicTime(pending.running_since + pending.left);
    if (end) deadline = std::min(deadline, *end);
    if (clock_.monotonic() >= deadline) {
      pending_.erase(found);
      return std::nullopt;
    }
    changed_.wait_until(lock, deadline);
  }
}

template <class Change>
void RequestTable::change_pauses(std::uint64_t cause, Change change) {
  const std::lock_guard lock(mutex_);
  if (closed_) return;
  const MonotonicTime now = clock_.monotonic();
  std::vector<bool> before;
  for (const auto& [id, pending] : pending_) before.push_back(paused(pending));
  if (cause == 0) change(pauses_of_all_);
  if (const auto found = pending_.find(cause); found != pending_.end())
    change(found->second.pauses);
  std::size_t index = 0;
  for (auto& [id, pending] : pending_) {
    const bool was_paused = before[index++];
    if (!was_paused && paused(pending)) pending.left -= now - pending.running_since;
    if (was_paused && !paused(pending)) pending.running_since = now;
  }
  changed_.notify_all();
}

void RequestTable::pause(std::uint64_t cause) {
  change_pauses(cause, [](int& pauses) { ++pauses; });
}

void RequestTable::resume(std::uint64_t cause) {
  change_pauses(cause, [](int& pauses) {
    if (pauses > 0) --pauses;
  });
}

void RequestTable::close(const Error& error) {
  const std::lock_guard lock(mutex_);
  if (!closed_) closed_ = error;
  changed_.notify_all();
}

}  // namespace isopod::host
