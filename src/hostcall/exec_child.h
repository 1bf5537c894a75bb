// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "hostcall/completion.h"
#include "hostcall/exec_call.h"
#include "os/child_process.h"
#include "os/event_loop.h"

namespace isopod::hostcall {

/// One child of an extension, from its start to the end of its last descendant. Everything on the
/// loop's thread. Shared by its owner and by functions it has posted to the loop, which may come to
/// run after the owner has let go of it and then do nothing.
class ExecChild : public os::ChildProcess::Listener,
                  public std::enable_shared_from_this<ExecChild> {
 public:
  /// `settled` is called, in a posted function, whenever `is_named` or `is_gone` has changed.
  ExecChild(os::EventLoop& loop, const ExecCall& call, std::function<void()> settled);

  /// Starts the process. Once; the child ends its own calls, also when this fails.
  void begin(const os::ChildOptions& options);

  /// Whether the extension can still name it by its id.
  [[nodiscard]] bool is_named() const { return is_named_; }
  /// Whether no process of it is left.
  [[nodiscard]] bool is_gone() const { return is_gone_; }
  [[nodiscard]] bool is_running() const { return is_running_; }

  /// False when it has ended.
  bool signal(int number);
  /// Ends the calls that wait for it, as `cancelled`, its name, and all its processes.
  void release(std::chrono::milliseconds grace);

  virtual void next(Completion completion);
  virtual void write(std::string bytes, Completion completion);
  virtual void end_input(Completion completion);

  void child_started(pid_t process) final;
  void child_failed(const Error& error) final;
  void child_exited(os::ExitStatus status) final;
  void child_gone() final;

  /// After the first signal of a time limit or an output limit comes SIGKILL.
  static constexpr std::chrono::seconds kPatience{5};

 protected:
  virtual void started(pid_t process) = 0;
  virtual void failed(const Error& error) = 0;
  virtual void exited(os::ExitStatus status) = 0;
  virtual void cancel(const Error& error) = 0;

  /// Signals it, and kills it when that does not end it soon.
  void stop();
  void forget_name();
  /// False when the system had no room for it; then there is no `process` to talk to.
  [[nodiscard]] bool has_process() const { return process_ != nullptr; }
  [[nodiscard]] os::ChildProcess& process() { return *process_; }
  void post(std::function<void(ExecChild&)> function);

  bool is_timed_out_ = false;
  bool is_signalled_ = false;

 private:
  void say_settled();

  os::EventLoop& loop_;
  const std::function<void()> settled_;
  const std::optional<std::chrono::milliseconds> timeout_;
  const int kill_signal_;
  std::unique_ptr<os::EventLoop::Timer> timer_;
  bool is_named_ = true;
  bool is_gone_ = false;
  bool is_running_ = true;
  std::unique_ptr<os::ChildProcess> process_;  // null when it could not be made
};

/// `exec.run`: collects everything and ends the call once.
class ExecRun final : public ExecChild {
 public:
  ExecRun(os::EventLoop& loop, ExecCall call, Completion completion, std::function<void()> settled);

  void child_wrote(int stream, std::string_view bytes) override;
  void child_stream_ended(int stream) override;

 private:
  void started(pid_t process) override;
  void failed(const Error& error) override;
  void exited(os::ExitStatus status) override;
  void cancel(const Error& error) override;
  void finish_when_complete();
  /// As much of the bytes as `room` bytes of a reply can carry.
  [[nodiscard]] std::string encoded(std::string_view bytes, std::size_t room);

  std::optional<std::string> input_;
  const FsEncoding encoding_;
  const std::size_t output_max_;
  const std::size_t reply_max_;
  std::optional<Completion> completion_;
  pid_t process_id_ = 0;
  std::string output_;
  std::string errors_;
  bool is_truncated_ = false;
  int streams_open_ = 2;
  std::optional<os::ExitStatus> status_;
};

/// `exec.spawn`: keeps events until `exec.next` takes them. The child waits while many are kept.
class ExecSpawn final : public ExecChild {
 public:
  ExecSpawn(os::EventLoop& loop, const ExecCall& call, Completion completion,
            std::function<void()> settled);

  void next(Completion completion) override;
  void write(std::string bytes, Completion completion) override;
  void end_input(Completion completion) override;
  void child_wrote(int stream, std::string_view bytes) override;
  void child_stream_ended(int stream) override;

  static constexpr std::size_t kKeptBytesMax = std::size_t{1} << 20;
  static constexpr std::size_t kUnwrittenBytesMax = std::size_t{32} << 20;

 private:
  void started(pid_t process) override;
  void failed(const Error& error) override;
  void exited(os::ExitStatus status) override;
  void cancel(const Error& error) override;
  void hand_over_later();
  void hand_over();

  std::optional<Completion> spawned_;
  std::optional<Completion> next_;
  Json events_ = Json::array();
  int last_stream_ = 0;  // of the output that `text_` collects, not yet an event; or 0
  std::string text_;
  std::size_t kept_bytes_ = 0;
  int streams_open_ = 0;
  bool is_exited_ = false;
  bool is_handing_over_ = false;

  void keep(Json event);
  void keep_text();
};

}  // namespace isopod::hostcall
