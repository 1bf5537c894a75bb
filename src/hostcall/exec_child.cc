// SPDX-License-Identifier: MIT
#include "hostcall/exec_child.h"

#include <signal.h>

#include <algorithm>
#include <utility>

#include "base/base64.h"
#include "base/text.h"
#include "os/program.h"

namespace isopod::hostcall {
namespace {

Json signal_word(const os::ExitStatus& status) {
  return status.signal == 0 ? Json(nullptr) : Json(os::signal_name(status.signal));
}

Json code_number(const os::ExitStatus& status) {
  return status.signal == 0 ? Json(status.code) : Json(nullptr);
}

Completion take(std::optional<Completion>& slot) {
  Completion completion = *std::move(slot);
  slot.reset();
  return completion;
}

Error no_such_thing(const std::string& what) { return {Code::kInvalidArgument, what, {}, {}}; }

/// What a reply of `exec.run` has beside output, generously.
constexpr std::size_t kReplyOverheadBytes = std::size_t{4} << 10;

/// The size of the longest start of a UTF-8 text, in whole characters, that JSON writes in `room`
/// bytes, and how many it takes.
std::pair<std::size_t, std::size_t> written_within(std::string_view text, std::size_t room) {
  const auto written = [](char byte) -> std::size_t {
    if (byte == '"' || byte == '\\' || (byte >= '\b' && byte <= '\r' && byte != '\v')) return 2;
    return byte >= 0 && byte < ' ' ? 6 : 1;
  };
  std::size_t size = 0;
  std::size_t taken = 0;
  while (size < text.size()) {
    std::size_t end = size + 1;
    while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xc0U) == 0x80U) ++end;
    const std::size_t more = end - size - 1 + written(text[size]);
    if (taken + more > room) break;
    taken += more;
    size = end;
  }
  return {size, taken};
}

}  // namespace

// ---- every child ----

ExecChild::ExecChild(os::EventLoop& loop, const ExecCall& call, std::function<void()> settled)
    : loop_(loop),
      settled_(std::move(settled)),
      timeout_(call.timeout),
      kill_signal_(call.kill_signal) {}

void ExecChild::begin(const os::ChildOptions& options) {
  auto process = os::ChildProcess::start(loop_, options, *this);
  if (process) {
    process_ = *std::move(process);
    if (!timeout_) return;
    timer_ = loop_.start_timer(*timeout_, [this] {
      is_timed_out_ = true;
      stop();
    });
    return;
  }
  child_failed(process.error());
  child_gone();
}

void ExecChild::post(std::function<void(ExecChild&)> function) {
  loop_.post([self = weak_from_this(), function = std::move(function)] {
    if (const auto child = self.lock()) function(*child);
  });
}

void ExecChild::say_settled() {
  post([](ExecChild& child) { child.settled_(); });
}

void ExecChild::child_started(pid_t process) { started(process); }

void ExecChild::child_failed(const Error& error) {
  is_running_ = false;
  timer_.reset();
  // The id is free before the extension can know that it is.
  forget_name();
  failed(error);
}

void ExecChild::child_exited(os::ExitStatus status) {
  is_running_ = false;
  timer_.reset();
  exited(status);
}

void ExecChild::child_gone() {
  is_gone_ = true;
  say_settled();
}

bool ExecChild::signal(int number) {
  if (!is_running_ || process_ == nullptr) return false;
  is_signalled_ = true;
  return process_->signal(number);
}

void ExecChild::stop() {
  timer_.reset();
  if (!is_running_ || process_ == nullptr) return;
  process_->signal(kill_signal_);
  timer_ = loop_.start_timer(kPatience, [this] { process_->signal(SIGKILL); });
}

void ExecChild::release(std::chrono::milliseconds grace) {
  cancel({Code::kCancelled, "the extension was stopped", {}, {}});
  forget_name();
  if (process_ == nullptr) return;
  process_->end_all(grace);
  // Nobody takes the output any more, and it must not keep the end from being seen.
  process_->set_reading(os::ChildProcess::Reading::kOn);
}

void ExecChild::forget_name() {
  if (!std::exchange(is_named_, false)) return;
  say_settled();
}

void ExecChild::next(Completion completion) {
  std::move(completion).failed(no_such_thing("exec.next: this child was started by exec.run"));
}

void ExecChild::write(std::string, Completion completion) {
  std::move(completion).failed(no_such_thing("exec.write: this child was started by exec.run"));
}

void ExecChild::end_input(Completion completion) {
  std::move(completion).failed(no_such_thing("exec.end_input: this child was started by exec.run"));
}

// ---- exec.run ----

ExecRun::ExecRun(os::EventLoop& loop, ExecCall call, Completion completion,
                 std::function<void()> settled)
    : ExecChild(loop, call, std::move(settled)),
      input_(std::move(call.input)),
      encoding_(call.encoding),
      output_max_(call.output_max),
      reply_max_(call.reply_max),
      completion_(std::move(completion)) {}

void ExecRun::started(pid_t process_id) {
  process_id_ = process_id;
  if (!input_) return;
  // A child that does not want all of its input is no failure.
  process().write(*std::exchange(input_, {}), [](const Result<std::size_t>&) {});
  process().end_input();
}

void ExecRun::failed(const Error& error) {
  if (completion_) take(completion_).failed(error);
}

void ExecRun::cancel(const Error& error) { failed(error); }

void ExecRun::child_wrote(int stream, std::string_view bytes) {
  const std::size_t room = output_max_ - output_.size() - errors_.size();
  (stream == 1 ? output_ : errors_) += bytes.substr(0, room);
  if (bytes.size() <= room || is_truncated_) return;
  is_truncated_ = true;
  stop();
}

void ExecRun::child_stream_ended(int) {
  --streams_open_;
  finish_when_complete();
}

void ExecRun::exited(os::ExitStatus status) {
  status_ = status;
  finish_when_complete();
}

std::string ExecRun::encoded(std::string_view bytes, std::size_t room) {
  if (encoding_ == FsEncoding::kBase64) {
    const std::size_t bytes_max = room / 4 * 3;
    is_truncated_ = is_truncated_ || bytes.size() > bytes_max;
    return to_base64(bytes.substr(0, bytes_max));
  }
  std::string text = to_utf8(bytes);
  const std::size_t size = written_within(text, room).first;
  is_truncated_ = is_truncated_ || size < text.size();
  text.resize(size);
  return text;
}

void ExecRun::finish_when_complete() {
  if (!completion_ || !status_ || streams_open_ > 0) return;
  // The id is free before the extension can know that it is.
  forget_name();
  // However much was said, the code arrives. Errors are mostly short, so they come first.
  const std::size_t room = reply_max_ - std::min(reply_max_, kReplyOverheadBytes);
  std::string errors = encoded(errors_, room / 2);
  std::string output = encoded(output_, room - written_within(errors, room).second);
  take(completion_)
      .ok({{"pid", process_id_},
           {"code", code_number(*status_)},
           {"signal", signal_word(*status_)},
           {"stdout", std::move(output)},
           {"stderr", std::move(errors)},
           {"timed_out", is_timed_out_},
           {"signalled", is_signalled_},
           {"truncated", is_truncated_}});
}

// ---- exec.spawn ----

ExecSpawn::ExecSpawn(os::EventLoop& loop, const ExecCall& call, Completion completion,
                     std::function<void()> settled)
    : ExecChild(loop, call, std::move(settled)), spawned_(std::move(completion)) {
  for (const std::size_t stream : {1, 2}) {
    if (call.child.stdio[stream] == os::ChildOptions::Stdio::kPipe) ++streams_open_;
  }
}

void ExecSpawn::started(pid_t process_id) {
  if (spawned_) take(spawned_).ok({{"pid", process_id}});
}

void ExecSpawn::failed(const Error& error) {
  if (spawned_) take(spawned_).failed(error);
  if (next_) take(next_).failed(error);
}

void ExecSpawn::cancel(const Error& error) { failed(error); }

void ExecSpawn::child_wrote(int stream, std::string_view bytes) {
  if (!is_named()) return;
  if (stream != last_stream_) keep_text();
  last_stream_ = stream;
  text_ += bytes;
  kept_bytes_ += bytes.size();
  if (kept_bytes_ >= kKeptBytesMax) process().set_reading(os::ChildProcess::Reading::kOff);
  hand_over_later();
}

void ExecSpawn::child_stream_ended(int stream) {
  --streams_open_;
  keep({{"end", stream}});
}

void ExecSpawn::exited(os::ExitStatus status) {
  is_exited_ = true;
  keep({{"exit", {{"code", code_number(status)}, {"signal", signal_word(status)}}}});
}

void ExecSpawn::keep_text() {
  if (last_stream_ == 0) return;
  events_.push_back({{"stream", last_stream_}, {"data", to_base64(text_)}});
  last_stream_ = 0;
  text_.clear();
}

void ExecSpawn::keep(Json event) {
  if (!is_named()) return;
  keep_text();
  events_.push_back(std::move(event));
  hand_over_later();
}

void ExecSpawn::next(Completion completion) {
  if (next_) {
    return std::move(completion).failed(no_such_thing("exec.next: another one waits already"));
  }
  next_.emplace(std::move(completion));
  hand_over();
}

/// What comes in one turn of the loop goes in one reply.
void ExecSpawn::hand_over_later() {
  if (!next_ || std::exchange(is_handing_over_, true)) return;
  post([](ExecChild& child) {
    auto& self = static_cast<ExecSpawn&>(child);
    self.is_handing_over_ = false;
    self.hand_over();
  });
}

void ExecSpawn::hand_over() {
  keep_text();
  if (!next_ || events_.empty()) return;
  kept_bytes_ = 0;
  const bool was_last = is_exited_ && streams_open_ == 0;
  if (was_last) forget_name();
  Json events = std::exchange(events_, Json::array());
  take(next_).ok({{"events", std::move(events)}});
  if (!was_last) process().set_reading(os::ChildProcess::Reading::kOn);
}

void ExecSpawn::write(std::string bytes, Completion completion) {
  if (!has_process()) {
    return std::move(completion).failed(no_such_thing("exec.write: the child was never started"));
  }
  if (process().unwritten_bytes() + bytes.size() > kUnwrittenBytesMax) {
    return std::move(completion)
        .failed({Code::kBackpressure, "the child has not read what was written to it", {}, {}});
  }
  // Shared because functions must be copyable; nobody else holds it.
  const auto held = std::make_shared<Completion>(std::move(completion));
  process().write(std::move(bytes), [held](const Result<std::size_t>& written) {
    if (!written) return std::move(*held).failed(written.error());
    std::move(*held).ok({{"bytes", *written}});
  });
}

void ExecSpawn::end_input(Completion completion) {
  if (!has_process()) {
    return std::move(completion)
        .failed(no_such_thing("exec.end_input: the child was never started"));
  }
  process().end_input();
  std::move(completion).ok();
}

}  // namespace isopod::hostcall
