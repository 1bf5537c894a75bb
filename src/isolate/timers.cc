// SPDX-License-Identifier: MIT
#include "isolate/timers.h"

#include <string>

namespace isopod::isolate {

Result<std::uint64_t> Timers::start(engine::Value callback, Spec spec, MonotonicTime now) {
  if (timers_.size() >= count_max_) {
    return fail(Code::kQuota, "more than " + std::to_string(count_max_) +
                                  " timers are running (ext.limits.timers); clear some first");
  }
  const std::uint64_t id = ++last_id_;
  const auto added = timers_.emplace(id, Timer{std::move(callback), spec, {}}).first;
  enqueue(id, added->second, now);
  return id;
}

void Timers::enqueue(std::uint64_t id, Timer& timer, MonotonicTime now) {
  timer.due = now + timer.spec.delay;
  const auto key = std::pair(timer.due, ++order_);
  queue_.emplace(key, id);
  places_[id] = key;
}

void Timers::stop(std::uint64_t id) {
  const auto place = places_.find(id);
  if (place == places_.end()) return;
  queue_.erase(place->second);
  places_.erase(place);
  timers_.erase(id);
}

std::optional<MonotonicTime> Timers::next_due() const {
  if (queue_.empty()) return std::nullopt;
  return queue_.begin()->first.first;
}

std::optional<engine::Value> Timers::take_due(MonotonicTime now) {
  if (queue_.empty() || queue_.begin()->first.first > now) return std::nullopt;
  const std::uint64_t id = queue_.begin()->second;
  queue_.erase(queue_.begin());
  Timer& timer = timers_.at(id);
  engine::Value callback = timer.callback.duplicate();
  if (timer.spec.repeat == Repeat::kEvery) {
    enqueue(id, timer, now);
  } else {
    places_.erase(id);
    timers_.erase(id);
  }
  return callback;
}

void Timers::release() {
  timers_.clear();
  queue_.clear();
  places_.clear();
}

}  // namespace isopod::isolate
