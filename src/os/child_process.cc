// SPDX-License-Identifier: MIT
#include "os/child_process.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <cerrno>
#include <utility>

#include "base/check.h"
#include "os/call_error.h"
#include "os/child_supervisor.h"

namespace isopod::os {

using supervisor::Command;
using supervisor::Report;

namespace {

constexpr std::size_t kChunkBytes = 64 * 1024;

/// How much a child can write in one go before others get their turn.
constexpr int kChunksPerTurn = 4;

/// More than a pipe holds. What still comes after its child is gone comes from somebody else.
constexpr int kChunksAtEnd = 32;

std::vector<char*> pointers_to(const std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  pointers.reserve(texts.size() + 1);
  // The system's interface forgot the const; it does not write.
  for (const std::string& text : texts) pointers.push_back(const_cast<char*>(text.c_str()));
  pointers.push_back(nullptr);
  return pointers;
}

struct Pipe {
  OwnedDescriptor to_read;
  OwnedDescriptor to_write;
};

Result<Pipe> make_pipe(const std::string& name) {
  std::array<int, 2> ends = {-1, -1};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return fail(call_error(errno, {"spawn " + name}));
  return Pipe{OwnedDescriptor(ends[0]), OwnedDescriptor(ends[1])};
}

}  // namespace

Result<std::unique_ptr<ChildProcess>> ChildProcess::start(EventLoop& loop,
                                                          const ChildOptions& options,
                                                          Listener& listener) {
  ISOPOD_CHECK(loop.is_current(), "children are started on their loop's thread");
  auto child = std::unique_ptr<ChildProcess>(new ChildProcess(loop, listener));
  child->name_ = options.arguments.empty() ? options.program : options.arguments.front();
  if (Result<> launched = child->launch(options); !launched) {
    return fail(std::move(launched.error()));
  }
  if (Result<> watched = child->watch_supervisor(); !watched) {
    return fail(std::move(watched.error()));
  }
  return child;
}

Result<> ChildProcess::launch(const ChildOptions& options) {
  std::array<Pipe, 3> pipes;
  for (std::size_t i = 0; i < pipes.size(); ++i) {
    if (options.stdio[i] == ChildOptions::Stdio::kIgnore) continue;
    Result<Pipe> made = make_pipe(name_);
    if (!made) return fail(std::move(made.error()));
    pipes[i] = *std::move(made);
  }
  std::array<int, 2> ends = {-1, -1};
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) != 0) {
    return fail(call_error(errno, {"spawn " + name_}));
  }
  control_ = OwnedDescriptor(ends[0]);
  const OwnedDescriptor theirs(ends[1]);
  const std::vector<char*> arguments = pointers_to(options.arguments);
  const std::vector<char*> environment = pointers_to(options.environment);
  const supervisor::Made made = supervisor::make(
      {.program = options.program.c_str(),
       .arguments = arguments.data(),
       .environment = environment.data(),
       .directory = options.directory.c_str(),
       .stdio = {pipes[0].to_read.number(), pipes[1].to_write.number(), pipes[2].to_write.number()},
       .control = theirs.number(),
       .is_detached = options.family == ChildOptions::Family::kOutlivesChild,
       .linger_ms = static_cast<int>(kLinger.count()),
       .grace_ms = static_cast<int>(kGrace.count())});
  if (made.process < 0) return fail(call_error(errno, {"spawn " + name_}));
  supervisor_ = OwnedDescriptor(made.descriptor);
  input_ = std::move(pipes[0].to_write);
  outputs_[1].pipe = std::move(pipes[1].to_read);
  outputs_[2].pipe = std::move(pipes[2].to_read);
  return {};
}

Result<> ChildProcess::watch_supervisor() {
  auto ended =
      loop_.watch(supervisor_.number(), EventLoop::Interest::kRead, [this] { supervisor_ended(); });
  if (!ended) return fail(std::move(ended.error()));
  supervisor_watch_ = *std::move(ended);
  auto reports =
      loop_.watch(control_.number(), EventLoop::Interest::kRead, [this] { take_reports(); });
  if (!reports) return fail(std::move(reports.error()));
  control_watch_ = *std::move(reports);
  if (!input_.is_open()) return {};
  // The watch that makes it non-blocking comes only when there is something to write.
  const int flags = ::fcntl(input_.number(), F_GETFL);
  ::fcntl(input_.number(), F_SETFL, flags | O_NONBLOCK);
  return {};
}

ChildProcess::~ChildProcess() {
  supervisor_watch_.reset();
  control_watch_.reset();
  input_watch_.reset();
  for (Output& output : outputs_) output.watch.reset();
  if (!is_supervised_ || !supervisor_.is_open()) return;
  // The child ends with its supervisor: it asked the system for that.
  ::syscall(SYS_pidfd_send_signal, supervisor_.number(), SIGKILL, nullptr, 0);
  bury_supervisor();
}

void ChildProcess::bury_supervisor() {
  siginfo_t info = {};
  while (::waitid(P_PIDFD, static_cast<id_t>(supervisor_.number()), &info, WEXITED | __WALL) != 0 &&
         errno == EINTR) {
  }
  supervisor_ = {};
}

// ---- what the supervisor says ----

void ChildProcess::take_reports() {
  while (true) {
    Report report;
    const ssize_t count = ::recv(control_.number(), &report, sizeof report, MSG_DONTWAIT);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0 && errno == EAGAIN) return;
    if (count != sizeof report) {
      control_watch_.reset();  // The end of the supervisor is heard by its own descriptor.
      return;
    }
    switch (report.kind) {
      case Report::kStarted:
        is_started_ = true;
        listener_.child_started(report.value);
        set_watches();
        write_some();
        break;
      case Report::kNoDirectory:
      case Report::kNoStart:
        has_failed_ = true;
        listener_.child_failed(call_error(
            report.value, {(report.kind == Report::kNoStart ? "spawn " : "chdir for ") + name_}));
        break;
      default:
        is_exited_ = true;
        listener_.child_exited(report.kind == Report::kEndedBySignal
                                   ? ExitStatus{.code = 0, .signal = report.value}
                                   : ExitStatus{.code = report.value, .signal = 0});
    }
  }
}

void ChildProcess::supervisor_ended() {
  if (control_watch_) take_reports();
  supervisor_watch_.reset();
  control_watch_.reset();
  bury_supervisor();
  is_supervised_ = false;
  if (!is_started_ && !has_failed_) {
    has_failed_ = true;
    listener_.child_failed(call_error(EAGAIN, {"spawn " + name_}));
  }
  if (has_failed_) {
    outputs_[1] = {};
    outputs_[2] = {};
  } else if (!is_exited_) {
    // Somebody ended the supervisor, and so the child.
    is_exited_ = true;
    listener_.child_exited({.code = 0, .signal = SIGKILL});
  }
  give_up_input(EPIPE);
  for (const int stream : {1, 2}) {
    if (reading_ == Reading::kOn) read_output(stream);
  }
  say_if_gone();
}

// ---- output ----

void ChildProcess::set_watches() {
  for (const int stream : {1, 2}) {
    Output& output = outputs_[static_cast<std::size_t>(stream)];
    if (reading_ == Reading::kOff || !is_started_ || !output.pipe.is_open()) {
      output.watch.reset();
    } else if (!output.watch) {
      auto watch = loop_.watch(output.pipe.number(), EventLoop::Interest::kRead, [this, stream] {
        read_output(stream);
        say_if_gone();
      });
      ISOPOD_CHECK(watch.has_value(), "a pipe can always be waited for");
      output.watch = *std::move(watch);
    }
  }
}

void ChildProcess::set_reading(Reading reading) {
  if (reading_ == reading) return;
  reading_ = reading;
  set_watches();
  if (reading == Reading::kOff || is_supervised_) return;
  // Nobody is left who could make a pipe readable, so it is looked at once more.
  for (const int stream : {1, 2}) read_output(stream);
  say_if_gone();
}

void ChildProcess::read_output(int stream) {
  Output& output = outputs_[static_cast<std::size_t>(stream)];
  std::array<char, kChunkBytes> chunk;
  for (int turn = 0; output.pipe.is_open() && reading_ == Reading::kOn; ++turn) {
    if (turn == kChunksPerTurn && is_supervised_) return;
    if (turn == kChunksAtEnd) return end_output(stream);
    const ssize_t count = ::read(output.pipe.number(), chunk.data(), chunk.size());
    if (count > 0) {
      listener_.child_wrote(stream, {chunk.data(), static_cast<std::size_t>(count)});
    } else if (count < 0 && errno == EINTR) {
      continue;
    } else if (count < 0 && errno == EAGAIN && is_supervised_) {
      return;
    } else {
      // Without a supervisor nobody of this child is left: whoever else has the pipe open is not
      // waited for.
      end_output(stream);
    }
  }
}

void ChildProcess::end_output(int stream) {
  Output& output = outputs_[static_cast<std::size_t>(stream)];
  output.watch.reset();
  output.pipe = {};
  listener_.child_stream_ended(stream);
}

void ChildProcess::say_if_gone() {
  if (is_supervised_ || is_gone_said_) return;
  if (outputs_[1].pipe.is_open() || outputs_[2].pipe.is_open()) return;
  is_gone_said_ = true;
  listener_.child_gone();
}

// ---- input ----

void ChildProcess::write(std::string bytes, Written written) {
  if (!input_.is_open() || is_input_ending_) {
    return written(fail(call_error(EPIPE, {"write"})));
  }
  unwritten_bytes_ += bytes.size();
  writes_.push_back({std::move(bytes), 0, std::move(written)});
  if (is_started_ && !input_watch_) write_some();
}

void ChildProcess::end_input() {
  is_input_ending_ = true;
  if (is_started_ && writes_.empty()) give_up_input(EPIPE);
}

void ChildProcess::write_some() {
  while (!writes_.empty()) {
    Write& first = writes_.front();
    const std::size_t rest = first.bytes.size() - first.done;
    const ssize_t count =
        rest == 0 ? 0 : ::write(input_.number(), first.bytes.data() + first.done, rest);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0 && errno != EAGAIN) return give_up_input(errno);
    if (count < 0) {
      if (input_watch_) return;
      auto watch =
          loop_.watch(input_.number(), EventLoop::Interest::kWrite, [this] { write_some(); });
      ISOPOD_CHECK(watch.has_value(), "a pipe can always be waited for");
      input_watch_ = *std::move(watch);
      return;
    }
    first.done += static_cast<std::size_t>(count);
    unwritten_bytes_ -= static_cast<std::size_t>(count);
    if (first.done < first.bytes.size()) continue;
    const Write finished = std::move(first);
    writes_.pop_front();
    finished.written(finished.bytes.size());
  }
  input_watch_.reset();
  if (is_input_ending_) give_up_input(EPIPE);
}

void ChildProcess::give_up_input(int error_number) {
  input_watch_.reset();
  input_ = {};
  unwritten_bytes_ = 0;
  for (std::deque<Write> writes = std::exchange(writes_, {}); Write & write : writes) {
    write.written(fail(call_error(error_number, {"write"})));
  }
}

// ---- the end ----

void ChildProcess::tell_supervisor(int kind, int value) {
  const Command command = {kind, value};
  ::send(control_.number(), &command, sizeof command, MSG_DONTWAIT | MSG_NOSIGNAL);
  // A child may have stopped it, being of the same user.
  ::syscall(SYS_pidfd_send_signal, supervisor_.number(), SIGCONT, nullptr, 0);
}

bool ChildProcess::signal(int number) {
  if (is_exited_ || has_failed_ || !is_supervised_) return false;
  tell_supervisor(Command::kSignalChild, number);
  return true;
}

void ChildProcess::end_all(std::chrono::milliseconds grace) {
  if (!is_supervised_) return;
  tell_supervisor(Command::kEndAll, static_cast<int>(grace.count()));
}

}  // namespace isopod::os
