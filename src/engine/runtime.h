// SPDX-License-Identifier: MIT
#pragma once

#include <quickjs.h>

#include <atomic>
#include <cstddef>
#include <memory>
#include <vector>

#include "base/clock.h"
#include "engine/heap.h"
#include "isopod/result.h"

namespace isopod::engine {

class Context;

struct RuntimeOptions {
  const Clock* clock = nullptr;  ///< required; outlives the runtime
  std::size_t heap_bytes_max = std::size_t{256} << 20;
  /// How much of the calling thread's stack scripts may use. The thread must have more than that.
  std::size_t stack_bytes_max = std::size_t{1} << 20;
};

/// Why a runtime must not be used any more.
enum class Fault {
  kNone,
  kTimeout,  ///< the deadline passed while JavaScript ran
  kMemory,   ///< the heap limit was reached
  kStopped,  ///< `request_stop` was called
};

/// One QuickJS runtime: a heap, its limits, its job queue. It runs on one thread at a time; handing
/// it to another thread needs a happens-before edge and nothing else, because every entry renews
/// the engine's idea of the stack. `request_stop` and `heap_bytes` may be called from any thread.
///
/// After a fault the engine's state is not trusted: callers destroy the runtime.
///
/// Teardown, in this order, each step needing the one before: every Value of the runtime is
/// destroyed (the Context checks), the Context, the Runtime. `~Runtime` runs the last garbage
/// collection; in the leak-checking build of the engine it aborts when a value is still alive.
class Runtime {
 public:
  static Result<std::unique_ptr<Runtime>> create(const RuntimeOptions& options);
  ~Runtime();
  Runtime(const Runtime&) = delete;
  Runtime& operator=(const Runtime&) = delete;

  /// JavaScript that runs past `deadline` is interrupted and the runtime is faulted.
  void set_deadline(MonotonicTime deadline) { deadline_ = deadline; }
  void clear_deadline() { deadline_ = MonotonicTime::max(); }

  /// Interrupts running JavaScript at its next check and faults the runtime. Any thread.
  void request_stop() { stop_requested_.store(true, std::memory_order_relaxed); }

  /// Whether what runs now must end: a fault, or the deadline passed, which is one from then on. A
  /// native function that works for long asks now and then, because the engine cannot interrupt it.
  [[nodiscard]] bool must_end() { return past_deadline() || fault() != Fault::kNone; }

  /// kNone while the runtime may be used.
  [[nodiscard]] Fault fault() const;

  struct JobRun {
    std::size_t ran = 0;
    enum class Queue { kEmpty, kMore } queue = Queue::kEmpty;
  };
  /// Runs promise jobs until none is left, `limit` have run or the runtime faults. The deadline is
  /// checked before each job, because a chain of tiny jobs never reaches the engine's own check.
  JobRun run_jobs(std::size_t limit);

  /// Promises that were rejected without a handler since the last call, each reported once. Call it
  /// after the jobs ran: a handler attached in time removes the report.
  std::vector<Error> take_unhandled_rejections();

  void collect_garbage();

  [[nodiscard]] std::size_t heap_bytes() const { return heap_.used_bytes(); }
  [[nodiscard]] const Heap& heap() const { return heap_; }
  [[nodiscard]] JSRuntime* raw() const { return runtime_; }

 private:
  friend class Context;
  friend class Entry;
  struct Rejection {
    JSValue promise;
    JSValue reason;
  };

  explicit Runtime(const RuntimeOptions& options);
  static int interrupt_hook(JSRuntime* runtime, void* opaque);
  static void rejection_hook(JSContext* context, JSValueConst promise, JSValueConst reason,
                             bool is_handled, void* opaque);
  [[nodiscard]] bool past_deadline();
  void forget_rejection(JSValueConst promise);
  void drop_rejections();
  void lower_collection_threshold();

  const Clock& clock_;
  Heap heap_;
  JSRuntime* runtime_ = nullptr;
  Context* context_ = nullptr;
  MonotonicTime deadline_ = MonotonicTime::max();
  bool timed_out_ = false;
  int entries_ = 0;
  std::vector<Rejection> rejections_;
  // Relaxed: a request that is seen some thousand instructions later is in time.
  std::atomic<bool> stop_requested_{false};
};

/// On the stack around every entry from C++ into the engine. The outermost one tells the engine
/// where the stack is now; inner ones must not, or a script could recurse through native functions
/// for ever.
class Entry {
 public:
  explicit Entry(Runtime& runtime) : runtime_(runtime) {
    if (runtime_.entries_++ == 0) JS_UpdateStackTop(runtime_.raw());
  }
  ~Entry() { --runtime_.entries_; }
  Entry(const Entry&) = delete;
  Entry& operator=(const Entry&) = delete;

 private:
  Runtime& runtime_;
};

}  // namespace isopod::engine
