// SPDX-License-Identifier: MIT
#include "host/background.h"

#include <string>
#include <system_error>
#include <thread>
#include <utility>

namespace isopod::host {

Result<> Background::run(std::function<void()> work) {
  {
    const std::lock_guard lock(mutex_);
    if (running_ >= running_max_) {
      return fail(Code::kBackpressure, "the host already does " + std::to_string(running_max_) +
                                           " things for extensions; try again later");
    }
    ++running_;
  }
  const auto end = [this] {
    // Notified under the lock: once it is free, whoever waits may destroy this object.
    const std::lock_guard lock(mutex_);
    --running_;
    ended_.notify_all();
  };
  try {
    std::thread([work = std::move(work), end] {
      work();
      end();
    }).detach();
  } catch (const std::system_error& error) {
    end();
    return fail(Code::kInternal, std::string("no thread for the call: ") + error.what());
  }
  return {};
}

void Background::wait() {
  std::unique_lock lock(mutex_);
  ended_.wait(lock, [this] { return running_ == 0; });
}

bool Background::wait_until(MonotonicTime deadline) {
  std::unique_lock lock(mutex_);
  return ended_.wait_until(lock, deadline, [this] { return running_ == 0; });
}

}  // namespace isopod::host
