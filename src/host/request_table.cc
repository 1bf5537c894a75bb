// SPDX-License-Identifier: MIT
#include "host/request_table.h"

#include <utility>

#include "base/check.h"

namespace isopod::host {

Result<std::uint64_t> RequestTable::open(MonotonicTime::duration time) {
  const std::lock_guard lock(mutex_);
  if (closed_) return fail(*closed_);
  const std::uint64_t id = ++last_id_;
  pending_.emplace(id, Pending{.left = time, .running_since = clock_.monotonic()});
  return id;
}

void RequestTable::answer(std::uint64_t id, Result<Json> value) {
  const std::lock_guard lock(mutex_);
  const auto found = pending_.find(id);
  if (found == pending_.end()) return;
  found->second.answer = std::move(value);
  changed_.notify_all();
}

std::optional<Result<Json>> RequestTable::wait(std::uint64_t id) {
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
    if (pending.pauses > 0) {
      changed_.wait(lock);
      continue;
    }
    const MonotonicTime deadline = pending.running_since + pending.left;
    if (clock_.monotonic() >= deadline) {
      pending_.erase(found);
      return std::nullopt;
    }
    changed_.wait_until(lock, deadline);
  }
}

template <class Change>
void RequestTable::for_cause(std::uint64_t cause, Change change) {
  const std::lock_guard lock(mutex_);
  for (auto& [id, pending] : pending_) {
    if (cause == 0 || cause == id) change(pending);
  }
  changed_.notify_all();
}

void RequestTable::pause(std::uint64_t cause) {
  const MonotonicTime now = clock_.monotonic();
  for_cause(cause, [now](Pending& pending) {
    if (pending.pauses++ == 0) pending.left -= now - pending.running_since;
  });
}

void RequestTable::resume(std::uint64_t cause) {
  const MonotonicTime now = clock_.monotonic();
  for_cause(cause, [now](Pending& pending) {
    // A request opened during a call for an unknown one was never paused by it.
    if (pending.pauses == 0) return;
    if (--pending.pauses == 0) pending.running_since = now;
  });
}

void RequestTable::close(const Error& error) {
  const std::lock_guard lock(mutex_);
  if (!closed_) closed_ = error;
  changed_.notify_all();
}

}  // namespace isopod::host
