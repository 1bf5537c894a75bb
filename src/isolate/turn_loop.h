// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "engine/context.h"
#include "isolate/hostcalls.h"
#include "isolate/module_reader.h"
#include "isolate/options.h"
#include "isolate/timers.h"
#include "modules/loader.h"

namespace isopod::isolate {

/// The life of an isolate on its thread. Each turn handles one message or one due timer, runs the
/// promise jobs it caused, reports rejections nobody handled and answers the requests that settled.
/// A turn that runs too long, or out of memory, ends the isolate.
class TurnLoop {
 public:
  TurnLoop(const Options& options, protocol::IsolatePort& port);
  ~TurnLoop();
  TurnLoop(const TurnLoop&) = delete;
  TurnLoop& operator=(const TurnLoop&) = delete;

  /// Makes the runtime and runs the prelude.
  Result<> boot();

  /// Until the host says stop or the isolate faults; the fault, in that case. Pending requests have
  /// been answered with it.
  std::optional<Error> run();

  engine::Runtime& runtime() { return *runtime_; }

 private:
  friend class NativeApi;

  void handle(const protocol::ToIsolate& message);
  void start_request(const protocol::Request& request);
  void cancel_request(const protocol::Cancel& cancel);
  void run_due_timers();
  void finish_turn();
  void settle_requests(std::vector<protocol::Answer>& answers);
  void report(Error error);
  void report_bounded(Error error);
  void answer(std::uint64_t request, Result<Json> value);
  Result<Json> plain_data(const engine::Value& value);
  std::optional<Error> fault();
  std::optional<Error> end_with_fault(Error error);
  void begin_turn();

  const Options& options_;
  protocol::IsolatePort& port_;
  const MonotonicTime started_;
  std::unique_ptr<engine::Runtime> runtime_;
  std::unique_ptr<engine::Context> context_;
  std::unique_ptr<Hostcalls> hostcalls_;
  std::unique_ptr<ModuleReader> reader_;
  std::unique_ptr<modules::Loader> loader_;
  Timers timers_;
  engine::Value request_handler_;
  engine::Value cancel_handler_;
  std::map<std::uint64_t, engine::Value> requests_;  // id -> the promise of its answer
  MonotonicTime turn_deadline_ = MonotonicTime::max();
  std::size_t reports_this_turn_ = 0;
  std::size_t reports_left_out_ = 0;
  bool jobs_left_ = false;
  bool stopping_ = false;
};

}  // namespace isopod::isolate
