// SPDX-License-Identifier: MIT
#include "os/event_loop.h"

#include <pthread.h>
#include <sys/eventfd.h>
#include <uv.h>

#include <algorithm>
#include <cerrno>
#include <condition_variable>
#include <mutex>
#include <utility>
#include <vector>

#include "base/check.h"
#include "os/files.h"
#include "os/owned_descriptor.h"
#include "os/thread.h"

namespace isopod::os {

struct EventLoop::Core {
  uv_loop_t loop = {};
  uv_async_t wake = {};
  Thread thread;
  pthread_t loop_thread = {};  // written by the loop before `start` returns, then constant

  std::mutex mutex;  // guards the rest
  std::condition_variable changed;
  std::vector<std::function<void()>> posted;
  bool is_ready = false;
  bool is_stopping = false;

  void run_posted();
  void run();
};

struct EventLoop::Watch::State {
  uv_poll_t handle = {};
  std::function<void()> ready;
};

struct EventLoop::Timer::State {
  uv_timer_t handle = {};
  std::function<void()> expired;
};

namespace {

/// The library below needs a few descriptors at its start and ends the process when there are none,
/// so they are taken and given back before it is asked. Other threads may still be faster; the
/// number leaves room for them.
Result<> check_free_descriptors() {
  constexpr std::size_t kFreeDescriptors = 32;
  std::vector<OwnedDescriptor> taken;
  while (taken.size() < kFreeDescriptors) {
    taken.emplace_back(::eventfd(0, EFD_CLOEXEC));
    if (taken.back().is_open()) continue;
    return fail(Code::kQuota, system_error(errno, "start an event loop").message +
                                  "; the process must have " + std::to_string(kFreeDescriptors) +
                                  " free descriptors for it");
  }
  return {};
}

template <class Handle>
uv_handle_t* base_of(Handle* handle) {
  return reinterpret_cast<uv_handle_t*>(handle);
}

/// A callback may destroy what it belongs to, so a state lives on until the loop lets go of it,
/// which is never before the callback has returned.
template <class State>
void close_and_free(State* state) {
  state->handle.data = state;
  uv_close(base_of(&state->handle),
           [](uv_handle_t* handle) { delete static_cast<State*>(handle->data); });
}

}  // namespace

void EventLoop::Core::run_posted() {
  std::vector<std::function<void()>> functions;
  bool stop = false;
  {
    const std::lock_guard lock(mutex);
    functions.swap(posted);
    stop = is_stopping;
  }
  for (auto& function : functions) {
    function();
    function = nullptr;  // What it holds goes in order too.
  }
  if (!stop) return;
  {
    const std::lock_guard lock(mutex);
    if (!posted.empty()) {
      uv_async_send(&wake);
      return;
    }
  }
  if (uv_is_closing(base_of(&wake)) == 0) uv_close(base_of(&wake), nullptr);
}

void EventLoop::Core::run() {
  {
    const std::lock_guard lock(mutex);
    loop_thread = pthread_self();
    is_ready = true;
    changed.notify_all();
  }
  uv_run(&loop, UV_RUN_DEFAULT);
}

EventLoop::EventLoop() : core_(std::make_unique<Core>()) {}

Result<std::unique_ptr<EventLoop>> EventLoop::start(const std::string& name) {
  if (Result<> free = check_free_descriptors(); !free) return fail(std::move(free.error()));
  auto event_loop = std::unique_ptr<EventLoop>(new EventLoop());
  Core* const core = event_loop->core_.get();
  if (const int failed = uv_loop_init(&core->loop); failed != 0) {
    return fail(system_error(-failed, "start an event loop"));
  }
  core->wake.data = core;
  const int failed = uv_async_init(&core->loop, &core->wake, [](uv_async_t* handle) {
    static_cast<Core*>(handle->data)->run_posted();
  });
  if (failed != 0) {
    uv_loop_close(&core->loop);
    return fail(system_error(-failed, "start an event loop"));
  }
  Result<Thread> thread = Thread::start({.name = name}, [core] { core->run(); });
  if (!thread) {
    uv_close(base_of(&core->wake), nullptr);
    uv_run(&core->loop, UV_RUN_DEFAULT);
    uv_loop_close(&core->loop);
    return fail(std::move(thread.error()));
  }
  core->thread = *std::move(thread);
  std::unique_lock lock(core->mutex);
  core->changed.wait(lock, [core] { return core->is_ready; });
  lock.unlock();
  return event_loop;
}

EventLoop::~EventLoop() {
  if (!core_->is_ready) return;  // It did not come to life.
  ISOPOD_CHECK(!is_current(), "an event loop is not destroyed on its own thread");
  {
    const std::lock_guard lock(core_->mutex);
    core_->is_stopping = true;
    uv_async_send(&core_->wake);
  }
  core_->thread.join();
  ISOPOD_CHECK(uv_loop_close(&core_->loop) == 0,
               "all watches and timers are gone before their loop");
}

void EventLoop::post(std::function<void()> function) {
  const std::lock_guard lock(core_->mutex);
  core_->posted.push_back(std::move(function));
  // Under the lock: the loop closes `wake` only after it has seen, under it, that nothing waits.
  uv_async_send(&core_->wake);
}

void EventLoop::run(const std::function<void()>& function) {
  if (is_current()) return function();
  std::mutex mutex;
  std::condition_variable changed;
  bool is_done = false;
  post([&] {
    function();
    const std::lock_guard lock(mutex);
    is_done = true;
    changed.notify_all();
  });
  std::unique_lock lock(mutex);
  changed.wait(lock, [&is_done] { return is_done; });
}

bool EventLoop::is_current() const {
  return pthread_equal(core_->loop_thread, pthread_self()) != 0;
}

Result<std::unique_ptr<EventLoop::Watch>> EventLoop::watch(int descriptor, Interest interest,
                                                           std::function<void()> ready) {
  ISOPOD_CHECK(is_current(), "descriptors are watched on the loop's own thread");
  auto state = std::make_unique<Watch::State>();
  state->ready = std::move(ready);
  if (const int failed = uv_poll_init(&core_->loop, &state->handle, descriptor); failed != 0) {
    Error error = system_error(-failed, "wait for a descriptor");
    error.code = Code::kIo;
    return fail(std::move(error));
  }
  state->handle.data = state.get();
  // A failed descriptor is reported by a status instead of events; both mean: try it and see.
  const int failed =
      uv_poll_start(&state->handle, interest == Interest::kRead ? UV_READABLE : UV_WRITABLE,
                    [](uv_poll_t* handle, int /*status*/, int /*events*/) {
                      static_cast<Watch::State*>(handle->data)->ready();
                    });
  ISOPOD_CHECK(failed == 0, "a new watch can always be started");
  return std::unique_ptr<Watch>(new Watch(state.release()));
}

EventLoop::Watch::~Watch() {
  uv_poll_stop(&state_->handle);
  close_and_free(state_);
}

std::unique_ptr<EventLoop::Timer> EventLoop::start_timer(std::chrono::milliseconds delay,
                                                         std::function<void()> expired) {
  ISOPOD_CHECK(is_current(), "timers are started on the loop's own thread");
  auto* const state = new Timer::State;
  state->expired = std::move(expired);
  uv_timer_init(&core_->loop, &state->handle);
  state->handle.data = state;
  uv_update_time(&core_->loop);
  uv_timer_start(
      &state->handle,
      [](uv_timer_t* handle) { static_cast<Timer::State*>(handle->data)->expired(); },
      static_cast<std::uint64_t>(std::max<std::int64_t>(delay.count(), 0)), 0);
  return std::unique_ptr<Timer>(new Timer(state));
}

EventLoop::Timer::~Timer() {
  uv_timer_stop(&state_->handle);
  close_and_free(state_);
}

}  // namespace isopod::os
