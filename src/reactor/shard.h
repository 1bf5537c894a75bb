// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "isopod/result.h"
#include "os/thread.h"
#include "protocol/message.h"
#include "reactor/compat_lane.h"

namespace isopod::reactor {

/// A host thread that serves the lanes of a set of isolates: takes their messages, a few of each in
/// turn so that none starves, and hands them to the lane's handler. Sleeps while nothing arrives.
/// All functions may be called from any thread but the shard's own.
class Shard {
 public:
  static Result<std::unique_ptr<Shard>> start();
  ~Shard();
  Shard(const Shard&) = delete;
  Shard& operator=(const Shard&) = delete;

  /// Called on the shard's thread for each message. An Error is text that is no message.
  using Handler = std::function<void(Result<protocol::ToHost>)>;

  /// A new lane served by this shard. The handler is kept until `remove`.
  std::shared_ptr<CompatLane> add(CompatLaneOptions options, Handler handler);

  /// Hands over what still waits in the lane, on this thread. After it returns the handler is not
  /// running and is never called again.
  void remove(const std::shared_ptr<CompatLane>& lane);

 private:
  struct Served {
    std::shared_ptr<CompatLane> lane;
    std::shared_ptr<Handler> handler;
  };
  /// The doorbell, shared with lanes that may outlive the shard.
  struct Bell {
    std::mutex mutex;  // guards rung
    std::condition_variable ringing;
    bool rung = false;

    void ring();
    void wait();
  };

  Shard() : bell_(std::make_shared<Bell>()) {}
  void run();
  enum class Progress { kNothing, kSomething };
  Progress serve_each_lane();

  const std::shared_ptr<Bell> bell_;
  std::mutex mutex_;    // guards lanes_ and stopping_
  std::mutex serving_;  // held while handlers run, so that remove() can wait for them
  // How many wait for serving_: a busy shard lets them in between two messages. A hint that orders
  // nothing, the mutex does: relaxed.
  std::atomic<int> removals_{0};
  std::vector<Served> lanes_;
  bool stopping_ = false;
  os::Thread thread_;
};

}  // namespace isopod::reactor
