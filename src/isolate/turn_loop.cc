// SPDX-License-Identifier: MIT
#include "isolate/turn_loop.h"

#include <array>
#include <utility>
#include <vector>

#include "base/check.h"
#include "engine/exception.h"
#include "isolate/native_api.h"

namespace isopod::isolate {

using engine::Context;
using engine::Fault;
using engine::PromiseState;
using engine::Runtime;
using engine::Value;
using protocol::Answer;
using protocol::Cancel;
using protocol::Reply;
using protocol::Report;
using protocol::Request;
using protocol::Stop;
using protocol::ToIsolate;

namespace {

/// Reports go to people; a script that makes more of them, or longer ones, is not worth more
/// memory.
constexpr std::size_t kReportsPerTurnMax = 32;
constexpr std::size_t kReportBytesMax = 8192;

}  // namespace

TurnLoop::TurnLoop(const Options& options, protocol::IsolatePort& port)
    : options_(options),
      port_(port),
      started_(options.clock->monotonic()),
      timers_(options.limits.timers_max) {}

TurnLoop::~TurnLoop() {
  // Engine teardown (Runtime explains the order): every Value first.
  requests_.clear();
  request_handler_ = Value();
  cancel_handler_ = Value();
  timers_.release();
  if (loader_) loader_->release();
  if (hostcalls_) hostcalls_->release();
  context_.reset();
  runtime_.reset();
}

Result<> TurnLoop::boot() {
  const Limits& limits = options_.limits;
  auto runtime = Runtime::create({.clock = options_.clock,
                                  .heap_bytes_max = limits.heap_bytes_max,
                                  .stack_bytes_max = limits.stack_bytes_max});
  if (!runtime) return fail(std::move(runtime.error()));
  runtime_ = *std::move(runtime);
  auto context = Context::create(*runtime_);
  if (!context) return fail(std::move(context.error()));
  context_ = *std::move(context);
  hostcalls_ = std::make_unique<Hostcalls>(port_, *runtime_, *options_.clock, [this](auto waited) {
    if (turn_deadline_ == MonotonicTime::max()) return;
    turn_deadline_ += waited;
    runtime_->set_deadline(turn_deadline_);
  });
  reader_ = std::make_unique<ModuleReader>(*hostcalls_);
  loader_ = std::make_unique<modules::Loader>(*reader_, *options_.builtins);
  auto api = std::make_shared<NativeApi>(*this);
  loader_->add_native(NativeApi::kModuleName, NativeApi::names(),
                      [api](Context& in) { return api->values(in); });
  for (const NativeModule& module : options_.native_modules)
    loader_->add_native(module.name, module.exports, module.initialize);
  context_->set_module_source(*loader_);
  begin_turn();
  Result<Value> core = loader_->import_builtin(*context_, options_.boot_module);
  if (!core) return fail(std::move(core.error()));
  finish_turn();
  if (auto failed = fault()) return fail(*std::move(failed));
  if (request_handler_.is_undefined())
    return fail(Code::kInternal, "the prelude handles no requests");
  return {};
}

std::optional<Error> TurnLoop::run() {
  while (!stopping_) {
    const MonotonicTime due =
        jobs_left_ ? MonotonicTime::min() : timers_.next_due().value_or(MonotonicTime::max());
    std::optional<ToIsolate> message = hostcalls_->next(due);
    if (message) {
      begin_turn();
      handle(*message);
      if (!stopping_) finish_turn();
    } else if (jobs_left_) {
      finish_turn();
    }
    if (!stopping_) run_due_timers();
    if (auto failed = fault()) return end_with_fault(*std::move(failed));
  }
  return std::nullopt;
}

void TurnLoop::begin_turn() {
  // Jobs left over belong to the turn that made them: an endless chain must not renew its own time.
  if (!jobs_left_) turn_deadline_ = options_.clock->monotonic() + options_.limits.turn;
  runtime_->set_deadline(turn_deadline_);
}

void TurnLoop::handle(const ToIsolate& message) {
  if (const auto* reply = std::get_if<Reply>(&message))
    return hostcalls_->deliver(*context_, *reply);
  if (const auto* request = std::get_if<Request>(&message)) return start_request(*request);
  if (const auto* cancel = std::get_if<Cancel>(&message)) return cancel_request(*cancel);
  stopping_ = true;
}

void TurnLoop::start_request(const Request& request) {
  Result<Value> kind = context_->text(request.kind);
  Result<Value> payload = context_->from_json(dump_json(request.payload));
  if (!kind || !payload) return answer(request.id, fail(kind ? payload.error() : kind.error()));
  std::vector<Value> arguments;
  arguments.push_back(*std::move(kind));
  arguments.push_back(*std::move(payload));
  arguments.push_back(context_->number(static_cast<double>(request.id)));
  Result<Value> returned = context_->call(request_handler_, arguments);
  if (!returned) return answer(request.id, fail(std::move(returned.error())));
  if (returned->is_promise()) {
    requests_.emplace(request.id, *std::move(returned));
  } else {
    answer(request.id, plain_data(*returned));
  }
}

void TurnLoop::cancel_request(const Cancel& cancel) {
  if (requests_.find(cancel.request) == requests_.end() || cancel_handler_.is_undefined()) return;
  const std::array<Value, 1> arguments = {context_->number(static_cast<double>(cancel.request))};
  Result<Value> called = context_->call(cancel_handler_, arguments);
  if (!called) report(std::move(called.error()));
}

void TurnLoop::run_due_timers() {
  // Only those due now: a timer that starts another must not keep messages waiting for ever.
  const MonotonicTime now = options_.clock->monotonic();
  while (!stopping_ && runtime_->fault() == Fault::kNone) {
    std::optional<Value> callback = timers_.take_due(now);
    if (!callback) return;
    begin_turn();
    Result<Value> called = context_->call(*callback, {});
    if (!called) report(std::move(called.error()));
    finish_turn();
  }
}

void TurnLoop::finish_turn() {
  std::size_t left = options_.limits.jobs_per_turn_max;
  std::vector<Answer> answers;
  for (;;) {
    const Runtime::JobRun run = runtime_->run_jobs(left);
    left -= run.ran;
    jobs_left_ = run.queue == Runtime::JobRun::Queue::kMore;
    if (runtime_->fault() != Fault::kNone) break;
    // Answering runs script (getters, toJSON), which may make more jobs.
    const std::size_t settled = answers.size();
    settle_requests(answers);
    if (jobs_left_ || (run.ran == 0 && answers.size() == settled)) break;
  }
  if (runtime_->fault() == Fault::kNone && !jobs_left_) {
    // Before the answers: whoever waits for one may end the isolate when it comes.
    for (Error& error : runtime_->take_unhandled_rejections()) report(std::move(error));
    runtime_->clear_deadline();
    turn_deadline_ = MonotonicTime::max();
  }
  for (Answer& ready : answers) answer(ready.request, std::move(ready.value));
  if (reports_left_out_ > 0) {
    report_bounded({Code::kException,
                    std::to_string(reports_left_out_) + " more errors of this turn are left out",
                    {},
                    {}});
  }
  reports_this_turn_ = 0;
  reports_left_out_ = 0;
}

void TurnLoop::settle_requests(std::vector<Answer>& answers) {
  for (auto entry = requests_.begin(); entry != requests_.end();) {
    const PromiseState state = context_->promise_state(entry->second);
    if (state == PromiseState::kPending) {
      ++entry;
      continue;
    }
    const std::uint64_t id = entry->first;
    const Value promise = std::move(entry->second);
    entry = requests_.erase(entry);
    if (state == PromiseState::kFulfilled) {
      answers.push_back({id, plain_data(context_->promise_result(promise))});
    } else {
      answers.push_back({id, fail(context_->take_rejection(promise))});
    }
  }
}

Result<Json> TurnLoop::plain_data(const Value& value) {
  Result<std::string> text = context_->to_json(value);
  if (!text) return fail(std::move(text.error()));
  Result<Json> parsed = parse_json(*text);
  if (!parsed) return fail(Code::kNotSerializable, parsed.error().message);
  return parsed;
}

void TurnLoop::answer(std::uint64_t request, Result<Json> value) {
  // A fault answers every request by itself, with the fault as the reason.
  if (runtime_->fault() == Fault::kNone) {
    port_.tell(Answer{request, std::move(value)});
  } else {
    requests_.emplace(request, Value());
  }
}

void TurnLoop::report(Error error) {
  if (reports_this_turn_ == kReportsPerTurnMax) {
    ++reports_left_out_;
    return;
  }
  ++reports_this_turn_;
  report_bounded(std::move(error));
}

void TurnLoop::report_bounded(Error error) {
  if (runtime_->fault() != Fault::kNone) return;
  for (std::string* text : {&error.message, &error.stack}) {
    if (text->size() > kReportBytesMax) *text = text->substr(0, kReportBytesMax) + " ...";
  }
  port_.tell(Report{std::move(error)});
}

std::optional<Error> TurnLoop::fault() {
  if (stopping_ || runtime_->fault() == Fault::kNone) return std::nullopt;
  Error error = engine::describe_thrown(*context_, JS_UNDEFINED);
  if (runtime_->fault() == Fault::kTimeout) {
    error.message +=
        " of " + std::to_string(options_.limits.turn.count()) + " ms (ext.limits.turn_ms)";
  } else if (runtime_->fault() == Fault::kMemory) {
    error.message += " (ext.limits.heap_mb)";
  }
  return error;
}

std::optional<Error> TurnLoop::end_with_fault(Error error) {
  for (const auto& [id, promise] : requests_) port_.tell(Answer{id, fail(error)});
  requests_.clear();
  if (error.code == Code::kCancelled) return std::nullopt;
  return error;
}

}  // namespace isopod::isolate
