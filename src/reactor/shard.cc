// SPDX-License-Identifier: MIT
#include "reactor/shard.h"

#include <algorithm>
#include <thread>
#include <utility>

namespace isopod::reactor {
namespace {

/// Messages taken from one lane before the next lane has its turn.
constexpr int kMessagesPerTurn = 64;

}  // namespace

void Shard::Bell::ring() {
  {
    const std::lock_guard lock(mutex);
    rung = true;
  }
  ringing.notify_one();
}

void Shard::Bell::wait() {
  std::unique_lock lock(mutex);
  ringing.wait(lock, [this] { return rung; });
  rung = false;
}

Result<std::unique_ptr<Shard>> Shard::start() {
  auto shard = std::unique_ptr<Shard>(new Shard());
  auto thread = os::Thread::start({.name = "isopod-shard"}, [self = shard.get()] { self->run(); });
  if (!thread) return fail(std::move(thread.error()));
  shard->thread_ = *std::move(thread);
  return shard;
}

Shard::~Shard() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  bell_->ring();
  thread_.join();
}

std::shared_ptr<CompatLane> Shard::add(CompatLaneOptions options, Handler handler) {
  auto lane = std::make_shared<CompatLane>(options, [bell = bell_] { bell->ring(); });
  const std::lock_guard lock(mutex_);
  lanes_.push_back({lane, std::make_shared<Handler>(std::move(handler))});
  return lane;
}

void Shard::remove(const std::shared_ptr<CompatLane>& lane) {
  removals_.fetch_add(1, std::memory_order_relaxed);
  const std::lock_guard serving(serving_);
  removals_.fetch_sub(1, std::memory_order_relaxed);
  std::shared_ptr<Handler> handler;
  {
    const std::lock_guard lock(mutex_);
    for (const Served& served : lanes_) {
      if (served.lane == lane) handler = served.handler;
    }
    std::erase_if(lanes_, [&](const Served& served) { return served.lane == lane; });
  }
  if (!handler) return;
  // As many as are waiting now: an isolate that was left behind may go on sending.
  for (std::size_t left = lane->depth().messages; left > 0; --left) {
    std::optional<Result<protocol::ToHost>> message = lane->poll();
    if (!message) return;
    (*handler)(*std::move(message));
  }
}

void Shard::run() {
  for (;;) {
    bell_->wait();
    while (serve_each_lane() == Progress::kSomething) {
      while (removals_.load(std::memory_order_relaxed) > 0) std::this_thread::yield();
    }
    const std::lock_guard lock(mutex_);
    if (stopping_) return;
  }
}

Shard::Progress Shard::serve_each_lane() {
  const std::lock_guard serving(serving_);
  std::vector<Served> lanes;
  {
    const std::lock_guard lock(mutex_);
    lanes = lanes_;
  }
  Progress progress = Progress::kNothing;
  for (const Served& served : lanes) {
    for (int taken = 0; taken < kMessagesPerTurn; ++taken) {
      if (removals_.load(std::memory_order_relaxed) > 0) return Progress::kSomething;
      std::optional<Result<protocol::ToHost>> message = served.lane->poll();
      if (!message) break;
      progress = Progress::kSomething;
      (*served.handler)(*std::move(message));
    }
  }
  return progress;
}

}  // namespace isopod::reactor
