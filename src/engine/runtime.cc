// SPDX-License-Identifier: MIT
#include "engine/runtime.h"

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "engine/context.h"
#include "engine/exception.h"

namespace isopod::engine {

Runtime::Runtime(const RuntimeOptions& options)
    : clock_(*options.clock), heap_(options.heap_bytes_max) {
  runtime_ = JS_NewRuntime2(&Heap::functions(), &heap_);
  if (runtime_ == nullptr) return;
  JS_SetRuntimeOpaque(runtime_, this);
  JS_SetMaxStackSize(runtime_, options.stack_bytes_max);
  JS_SetInterruptHandler(runtime_, interrupt_hook, this);
  JS_SetHostPromiseRejectionTracker(runtime_, rejection_hook, this);
}

Result<std::unique_ptr<Runtime>> Runtime::create(const RuntimeOptions& options) {
  ISOPOD_CHECK(options.clock != nullptr, "a runtime needs a clock");
  auto runtime = std::unique_ptr<Runtime>(new Runtime(options));
  if (runtime->runtime_ == nullptr) {
    return fail(Code::kMemory, "the heap limit is too small for a JavaScript runtime");
  }
  return runtime;
}

Runtime::~Runtime() {
  if (runtime_ == nullptr) return;
  ISOPOD_CHECK(context_ == nullptr, "the context is destroyed before its runtime");
  Entry entry(*this);
  drop_rejections();
  JS_RunGC(runtime_);
  JS_FreeRuntime(runtime_);
}

Fault Runtime::fault() const {
  if (heap_.exhausted()) return Fault::kMemory;
  if (timed_out_) return Fault::kTimeout;
  if (stop_requested_.load(std::memory_order_relaxed)) return Fault::kStopped;
  return Fault::kNone;
}

bool Runtime::past_deadline() {
  if (deadline_ != MonotonicTime::max() && clock_.monotonic() > deadline_) timed_out_ = true;
  return timed_out_;
}

int Runtime::interrupt_hook(JSRuntime*, void* opaque) {
  auto& self = *static_cast<Runtime*>(opaque);
  return self.past_deadline() || self.fault() != Fault::kNone ? 1 : 0;
}

void Runtime::rejection_hook(JSContext* context, JSValueConst promise, JSValueConst reason,
                             bool is_handled, void* opaque) {
  auto& self = *static_cast<Runtime*>(opaque);
  if (is_handled) return self.forget_rejection(promise);
  self.rejections_.push_back({JS_DupValue(context, promise), JS_DupValue(context, reason)});
}

void Runtime::forget_rejection(JSValueConst promise) {
  const auto found =
      std::find_if(rejections_.begin(), rejections_.end(), [&](const Rejection& entry) {
        return JS_VALUE_GET_PTR(entry.promise) == JS_VALUE_GET_PTR(promise);
      });
  if (found == rejections_.end()) return;
  const Rejection handled = *found;
  rejections_.erase(found);
  JS_FreeValueRT(runtime_, handled.promise);
  JS_FreeValueRT(runtime_, handled.reason);
}

Runtime::JobRun Runtime::run_jobs(std::size_t limit) {
  Entry entry(*this);
  JobRun run;
  while (JS_IsJobPending(runtime_)) {
    if (run.ran == limit || past_deadline() || fault() != Fault::kNone) {
      run.queue = JobRun::Queue::kMore;
      break;
    }
    JSContext* context = nullptr;
    // A job that throws has rejected its promise already; what is left here is an interruption,
    // which `fault` tells, or nothing anybody could act on.
    if (JS_ExecutePendingJob(runtime_, &context) < 0 && context != nullptr) {
      JS_FreeValue(context, JS_GetException(context));
    }
    ++run.ran;
  }
  lower_collection_threshold();
  return run;
}

void Runtime::lower_collection_threshold() {
  // The engine lets the heap grow by half before it collects again. Near the limit that would
  // refuse an allocation while garbage is still lying around, so collect no later than half way to
  // it.
  const std::size_t counted = JS_GetGCThreshold(runtime_);
  const std::size_t headroom = heap_.limit_bytes() - std::min(heap_.limit_bytes(), heap_bytes());
  const std::size_t latest = heap_bytes() + headroom / 2;
  if (counted > latest) JS_SetGCThreshold(runtime_, latest);
}

std::vector<Error> Runtime::take_unhandled_rejections() {
  std::vector<Error> errors;
  if (rejections_.empty() || context_ == nullptr) return errors;
  Entry entry(*this);
  // Describing a reason may run script, which may reject more promises: walk a list of our own.
  std::vector<Rejection> taken = std::exchange(rejections_, {});
  for (const Rejection& rejection : taken) {
    errors.push_back(describe_thrown(*context_, rejection.reason));
    JS_FreeValueRT(runtime_, rejection.promise);
    JS_FreeValueRT(runtime_, rejection.reason);
  }
  return errors;
}

void Runtime::drop_rejections() {
  for (const Rejection& rejection : std::exchange(rejections_, {})) {
    JS_FreeValueRT(runtime_, rejection.promise);
    JS_FreeValueRT(runtime_, rejection.reason);
  }
}

void Runtime::collect_garbage() {
  Entry entry(*this);
  JS_RunGC(runtime_);
}

}  // namespace isopod::engine
