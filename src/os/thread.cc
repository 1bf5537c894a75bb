// SPDX-License-Identifier: MIT
#include "os/thread.h"

#include <climits>
#include <ctime>
#include <memory>
#include <utility>

#include "base/check.h"
#include "os/files.h"

namespace isopod::os {
namespace {

void* run_body(void* opaque) {
  const std::unique_ptr<std::function<void()>> body(static_cast<std::function<void()>*>(opaque));
  (*body)();
  return nullptr;
}

}  // namespace

Result<Thread> Thread::start(const Options& options, std::function<void()> body) {
  auto owned = std::make_unique<std::function<void()>>(std::move(body));
  pthread_attr_t attributes;
  ISOPOD_CHECK(pthread_attr_init(&attributes) == 0, "thread attributes can always be made");
  int failed = pthread_attr_setstacksize(&attributes, options.stack_bytes);
  Thread thread;
  if (failed == 0) failed = pthread_create(&thread.handle_, &attributes, run_body, owned.get());
  pthread_attr_destroy(&attributes);
  if (failed != 0) return fail(Code::kQuota, system_error(failed, "start a thread").message);
  static_cast<void>(owned.release());
  thread.running_ = true;
  pthread_setname_np(thread.handle_, options.name.substr(0, 15).c_str());
  return thread;
}

Thread::~Thread() {
  ISOPOD_CHECK(!running_, "a thread is joined or detached before it is forgotten");
}

Thread::Thread(Thread&& other) noexcept
    : handle_(other.handle_), running_(std::exchange(other.running_, false)) {}

Thread& Thread::operator=(Thread&& other) noexcept {
  ISOPOD_CHECK(!running_, "a thread is joined or detached before it is forgotten");
  handle_ = other.handle_;
  running_ = std::exchange(other.running_, false);
  return *this;
}

void Thread::join() {
  if (std::exchange(running_, false)) pthread_join(handle_, nullptr);
}

Thread::Joined Thread::join_for(std::chrono::milliseconds patience) {
  if (!running_) return Joined::kYes;
  timespec until = {};
  clock_gettime(CLOCK_MONOTONIC, &until);
  constexpr long kNanosecondsPerSecond = 1'000'000'000;
  const auto nanoseconds = until.tv_nsec + (patience.count() % 1000) * 1'000'000;
  until.tv_sec += patience.count() / 1000 + nanoseconds / kNanosecondsPerSecond;
  until.tv_nsec = nanoseconds % kNanosecondsPerSecond;
  if (pthread_clockjoin_np(handle_, nullptr, CLOCK_MONOTONIC, &until) != 0) return Joined::kNotYet;
  running_ = false;
  return Joined::kYes;
}

void Thread::detach() {
  if (std::exchange(running_, false)) pthread_detach(handle_);
}

}  // namespace isopod::os
