// SPDX-License-Identifier: MIT
#include "os/thread.h"

#include <signal.h>

#include <array>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <utility>

#include "base/check.h"
#include "os/files.h"

namespace isopod::os {
namespace {

/// Signals that a thread raises by what it does itself; blocked ones would end the process without
/// its crash handler.
constexpr std::array kOwnSignals = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGSYS, SIGABRT};

/// Blocks all others on this thread while it lives; a thread begins with the mask of its maker.
class BlockedSignals {
 public:
  BlockedSignals() {
    sigset_t others;
    sigfillset(&others);
    for (const int number : kOwnSignals) sigdelset(&others, number);
    pthread_sigmask(SIG_BLOCK, &others, &before_);
  }
  ~BlockedSignals() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  BlockedSignals(const BlockedSignals&) = delete;
  BlockedSignals& operator=(const BlockedSignals&) = delete;

 private:
  sigset_t before_ = {};
};

void* run_body(void* opaque) {
  const std::unique_ptr<std::function<void()>> body(static_cast<std::function<void()>*>(opaque));
  (*body)();
  return nullptr;
}

}  // namespace

/// Says that the body has returned. Waited for in place of the system's timed joins, which not
/// every system has and which hide the join from thread checkers.
struct Thread::End {
  std::mutex mutex;  // guards reached
  std::condition_variable changed;
  bool reached = false;

  void reach() {
    const std::lock_guard lock(mutex);
    reached = true;
    changed.notify_all();
  }
};

Result<Thread> Thread::start(const Options& options, std::function<void()> body) {
  auto end = std::make_shared<End>();
  auto owned = std::make_unique<std::function<void()>>([end, body = std::move(body)]() mutable {
    body();
    body = nullptr;  // what the body holds is gone before the end is told
    end->reach();
  });
  pthread_attr_t attributes;
  ISOPOD_CHECK(pthread_attr_init(&attributes) == 0, "thread attributes can always be made");
  int failed = pthread_attr_setstacksize(&attributes, options.stack_bytes);
  Thread thread;
  if (failed == 0) {
    const BlockedSignals blocked;
    failed = pthread_create(&thread.handle_, &attributes, run_body, owned.get());
  }
  pthread_attr_destroy(&attributes);
  if (failed != 0) return fail(Code::kQuota, system_error(failed, "start a thread").message);
  static_cast<void>(owned.release());
  thread.running_ = true;
  thread.end_ = std::move(end);
  pthread_setname_np(thread.handle_, options.name.substr(0, 15).c_str());
  return thread;
}

Thread::~Thread() {
  ISOPOD_CHECK(!running_, "a thread is joined or detached before it is forgotten");
}

Thread::Thread(Thread&& other) noexcept
    : handle_(other.handle_),
      running_(std::exchange(other.running_, false)),
      end_(std::move(other.end_)) {}

Thread& Thread::operator=(Thread&& other) noexcept {
  ISOPOD_CHECK(!running_, "a thread is joined or detached before it is forgotten");
  handle_ = other.handle_;
  running_ = std::exchange(other.running_, false);
  end_ = std::move(other.end_);
  return *this;
}

void Thread::join() {
  if (std::exchange(running_, false)) pthread_join(handle_, nullptr);
}

Thread::Joined Thread::join_for(std::chrono::milliseconds patience) {
  if (!running_) return Joined::kYes;
  {
    std::unique_lock lock(end_->mutex);
    if (!end_->changed.wait_for(lock, patience, [this] { return end_->reached; }))
      return Joined::kNotYet;
  }
  join();
  return Joined::kYes;
}

void Thread::detach() {
  if (std::exchange(running_, false)) pthread_detach(handle_);
}

}  // namespace isopod::os
