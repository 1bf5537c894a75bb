// SPDX-License-Identifier: MIT
#include "os/work_pool.h"

#include <utility>

namespace isopod::os {

WorkPool::~WorkPool() {
  std::deque<std::function<void()>> forgotten;
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
    forgotten.swap(queue_);
    changed_.notify_all();
  }
  // Outside the lock: what the work holds may do anything when it is dropped.
  forgotten.clear();
  for (Thread& thread : threads_) thread.join();
}

bool WorkPool::has_thread_for_one_more() {
  if (free_ > queue_.size() || threads_.size() == options_.threads_max) return true;
  auto thread = Thread::start({.name = options_.name, .stack_bytes = std::size_t{1} << 20},
                              [this] { serve(); });
  // Fewer threads than wished for do as well; none do not.
  if (thread) threads_.push_back(*std::move(thread));
  return !threads_.empty();
}

WorkPool::Post WorkPool::post(std::function<void()> work) {
  const std::lock_guard lock(mutex_);
  if (ending_ || queue_.size() >= options_.queue_max || !has_thread_for_one_more())
    return Post::kFull;
  queue_.push_back(std::move(work));
  changed_.notify_one();
  return Post::kTaken;
}

void WorkPool::serve() {
  std::unique_lock lock(mutex_);
  while (true) {
    ++free_;
    changed_.wait(lock, [this] { return ending_ || !queue_.empty(); });
    --free_;
    if (ending_) return;
    std::function<void()> work = std::move(queue_.front());
    queue_.pop_front();
    lock.unlock();
    work();
    work = nullptr;  // what it holds ends here, not under the lock
    lock.lock();
  }
}

}  // namespace isopod::os
