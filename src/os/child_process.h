// SPDX-License-Identifier: MIT
#pragma once

#include <sys/types.h>

#include <array>
#include <chrono>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "isopod/result.h"
#include "os/event_loop.h"
#include "os/owned_descriptor.h"

namespace isopod::os {

/// How a process ended: by itself, or by a signal when `signal` is not 0.
struct ExitStatus {
  int code = 0;
  int signal = 0;
};

struct ChildOptions {
  std::string program;                   ///< an absolute path
  std::vector<std::string> arguments;    ///< the first is what the program is told it is called
  std::vector<std::string> environment;  ///< "NAME=value"
  std::string directory;                 ///< an absolute path
  enum class Stdio { kIgnore, kPipe };
  std::array<Stdio, 3> stdio = {Stdio::kIgnore, Stdio::kPipe, Stdio::kPipe};
  /// Whether descendants may outlive the child. They never outlive this object.
  enum class Family { kEndsWithChild, kOutlivesChild };
  Family family = Family::kEndsWithChild;
};

/// A program that runs, and all processes that come of it, under a supervisor (child_supervisor.h).
/// Lives on the thread of its loop, where everything is called.
class ChildProcess {
 public:
  /// What a child says, on the loop's thread. The child may be destroyed later, but not within one
  /// of these calls.
  class Listener {
   public:
    virtual ~Listener() = default;
    virtual void child_started(pid_t process) = 0;
    /// It could not be started. Only `child_gone` follows.
    virtual void child_failed(const Error& error) = 0;
    /// Stream 1 or 2.
    virtual void child_wrote(int stream, std::string_view bytes) = 0;
    virtual void child_stream_ended(int stream) = 0;
    virtual void child_exited(ExitStatus status) = 0;
    /// It, all its descendants and its supervisor are gone, and the streams have ended. The last
    /// call.
    virtual void child_gone() = 0;
  };

  /// Starts the supervisor; what becomes of the program is said later. Errors: `not_found` or `io`
  /// in the form of Node, when the system gives no process, pipe or descriptor.
  static Result<std::unique_ptr<ChildProcess>> start(EventLoop& loop, const ChildOptions& options,
                                                     Listener& listener);

  /// Before `child_gone`, this ends the supervisor and the child at once; descendants are then only
  /// ended when `end_all` got the time for it. Waits for no one but the supervisor.
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  /// `written` is called once, perhaps at once, with the number of bytes when the pipe took them
  /// all. Errors: `io` (EPIPE) when nobody reads any more, or there is no pipe or no more of it.
  using Written = std::function<void(Result<std::size_t>)>;
  void write(std::string bytes, Written written);
  /// Closes the child's input once all is written.
  void end_input();
  [[nodiscard]] std::size_t unwritten_bytes() const { return unwritten_bytes_; }

  /// Signals the child alone. False when it is gone.
  bool signal(int number);
  /// Ends the child and all descendants: SIGTERM now and SIGKILL after `grace`, SIGKILL at once
  /// when it is zero.
  void end_all(std::chrono::milliseconds grace);

  /// Whether output is taken from the pipes. A child whose output is not taken has to wait.
  enum class Reading { kOn, kOff };
  void set_reading(Reading reading);

  /// How long descendants may outlive their child without being asked to end, and how long they
  /// have after they were.
  static constexpr std::chrono::milliseconds kLinger{250};
  static constexpr std::chrono::milliseconds kGrace{2000};

 private:
  struct Output {
    OwnedDescriptor pipe;
    std::unique_ptr<EventLoop::Watch> watch;
  };
  struct Write {
    std::string bytes;
    std::size_t done = 0;
    Written written;
  };

  ChildProcess(EventLoop& loop, Listener& listener) : loop_(loop), listener_(listener) {}
  Result<> launch(const ChildOptions& options);
  Result<> watch_supervisor();
  void tell_supervisor(int kind, int value);
  void take_reports();
  void supervisor_ended();
  void bury_supervisor();
  void read_output(int stream);
  void end_output(int stream);
  void set_watches();
  void write_some();
  void give_up_input(int error_number);
  void say_if_gone();

  EventLoop& loop_;
  Listener& listener_;
  std::string name_;
  OwnedDescriptor supervisor_;
  std::unique_ptr<EventLoop::Watch> supervisor_watch_;
  OwnedDescriptor control_;
  std::unique_ptr<EventLoop::Watch> control_watch_;
  OwnedDescriptor input_;
  std::unique_ptr<EventLoop::Watch> input_watch_;
  std::array<Output, 3> outputs_;  // the first is not used
  std::deque<Write> writes_;
  std::size_t unwritten_bytes_ = 0;
  Reading reading_ = Reading::kOn;
  bool is_input_ending_ = false;
  bool is_started_ = false;
  bool has_failed_ = false;
  bool is_exited_ = false;
  bool is_supervised_ = true;
  bool is_gone_said_ = false;
};

}  // namespace isopod::os
