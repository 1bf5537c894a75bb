// SPDX-License-Identifier: MIT
#include "reactor/bounded_queue.h"

#include <algorithm>
#include <utility>

namespace isopod::reactor {

BoundedQueue::Push BoundedQueue::push(std::string& message) {
  {
    const std::lock_guard lock(mutex_);
    const bool room_for_bytes = messages_.empty() || (bytes_ <= bounds_.bytes_max &&
                                                      message.size() <= bounds_.bytes_max - bytes_);
    if (messages_.size() >= bounds_.messages_max || !room_for_bytes) return Push::kFull;
    append(std::move(message));
  }
  arrived_.notify_one();
  return Push::kTaken;
}

void BoundedQueue::push_reserved(std::string message) {
  {
    const std::lock_guard lock(mutex_);
    append(std::move(message));
  }
  arrived_.notify_one();
}

void BoundedQueue::append(std::string message) {
  bytes_ += message.size();
  messages_.push_back(std::move(message));
  messages_peak_ = std::max(messages_peak_, messages_.size());
}

std::string BoundedQueue::take_front() {
  std::string message = std::move(messages_.front());
  messages_.pop_front();
  bytes_ -= message.size();
  return message;
}

std::optional<std::string> BoundedQueue::try_pop() {
  const std::lock_guard lock(mutex_);
  if (messages_.empty()) return std::nullopt;
  return take_front();
}

std::optional<std::string> BoundedQueue::pop(MonotonicTime deadline) {
  std::unique_lock lock(mutex_);
  const auto ready = [this] { return !messages_.empty(); };
  if (deadline == MonotonicTime::max()) {
    arrived_.wait(lock, ready);
  } else if (!arrived_.wait_until(lock, deadline, ready)) {
    return std::nullopt;
  }
  return take_front();
}

BoundedQueue::Depth BoundedQueue::depth() const {
  const std::lock_guard lock(mutex_);
  return {messages_.size(), bytes_, messages_peak_};
}

}  // namespace isopod::reactor
