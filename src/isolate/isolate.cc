// SPDX-License-Identifier: MIT
#include "isolate/isolate.h"

#include <mutex>
#include <utility>

#include "isolate/turn_loop.h"

namespace isopod::isolate {
namespace {

/// What a thread needs beside the stack that scripts may use: native frames below and above it.
constexpr std::size_t kNativeStackBytes = std::size_t{1} << 20;

}  // namespace

/// Shared by the handle, which interrupts, and the thread, which owns the runtime.
struct Isolate::Control {
  std::mutex mutex;  // guards both
  engine::Runtime* runtime = nullptr;
  bool interrupted = false;

  void publish(engine::Runtime* current) {
    const std::lock_guard lock(mutex);
    runtime = current;
    if (runtime != nullptr && interrupted) runtime->request_stop();
  }
};

Isolate::Isolate(std::shared_ptr<Control> control, os::Thread thread)
    : control_(std::move(control)), thread_(std::move(thread)) {}

Result<std::unique_ptr<Isolate>> Isolate::start(Options options,
                                                std::shared_ptr<protocol::IsolatePort> port) {
  auto control = std::make_shared<Control>();
  const os::Thread::Options thread_options = {
      .name = options.name, .stack_bytes = options.limits.stack_bytes_max + kNativeStackBytes};
  auto thread = os::Thread::start(
      thread_options, [control, options = std::move(options), port = std::move(port)]() mutable {
        protocol::Stopped stopped;
        {
          TurnLoop loop(options, *port);
          Result<> booted = loop.boot();
          if (booted) {
            control->publish(&loop.runtime());
            stopped.error = loop.run();
            control->publish(nullptr);
          } else {
            stopped.error = std::move(booted.error());
          }
        }
        port->tell(stopped);
      });
  if (!thread) return fail(std::move(thread.error()));
  return std::unique_ptr<Isolate>(new Isolate(std::move(control), *std::move(thread)));
}

Isolate::~Isolate() {
  interrupt();
  if (thread_.join_for(kPatience) == os::Thread::Joined::kNotYet) thread_.detach();
}

void Isolate::interrupt() {
  const std::lock_guard lock(control_->mutex);
  control_->interrupted = true;
  if (control_->runtime != nullptr) control_->runtime->request_stop();
}

os::Thread::Joined Isolate::join_for(std::chrono::milliseconds patience) {
  return thread_.join_for(patience);
}

}  // namespace isopod::isolate
