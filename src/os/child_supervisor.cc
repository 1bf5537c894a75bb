// SPDX-License-Identifier: MIT
#include "os/child_supervisor.h"

#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "os/descendants.h"

// The code below runs in a copy of a process with many threads, of which only this one was copied:
// any lock may be held for ever. So it calls nothing but functions that are safe in a signal
// handler, allocates nothing and runs no destructor that does.

namespace isopod::os::supervisor {
namespace {

constexpr int kControl = 3;
constexpr int kFirstForeign = 4;
constexpr int kOutOfTheWay = 16;  // above all fixed numbers
constexpr int kPauseShortMs = 10;
constexpr int kPauseLongMs = 1000;

struct StartFailure {
  std::int32_t kind;
  std::int32_t number;
};

std::int64_t now_ms() {
  timespec time = {};
  ::clock_gettime(CLOCK_MONOTONIC, &time);
  return std::int64_t{time.tv_sec} * 1000 + time.tv_nsec / 1'000'000;
}

void send_report(Report::Kind kind, int value) {
  const Report report = {kind, value};
  ::send(kControl, &report, sizeof report, MSG_DONTWAIT | MSG_NOSIGNAL);
}

/// Puts the plan's descriptors at 0 to 3 and closes all others. False when the system has none
/// left.
bool arrange_descriptors(const Plan& plan) {
  std::array<int, 4> sources = {plan.stdio[0], plan.stdio[1], plan.stdio[2], plan.control};
  for (std::size_t i = 0; i < sources.size(); ++i) {
    int& source = sources[i];
    if (source < 0) source = ::open("/dev/null", (i == 0 ? O_RDONLY : O_WRONLY) | O_CLOEXEC);
    source = source < 0 ? -1 : ::fcntl(source, F_DUPFD_CLOEXEC, kOutOfTheWay);
    if (source < 0) return false;
  }
  for (int target = 0; target < kControl; ++target) {
    if (::dup2(sources[static_cast<std::size_t>(target)], target) < 0) return false;
  }
  if (::dup3(sources[kControl], kControl, O_CLOEXEC) < 0) return false;
  return ::syscall(SYS_close_range, kFirstForeign, ~0U, 0) == 0;
}

/// The last steps before the program, in a process that shares memory with the supervisor.
[[noreturn]] void become_program(const Plan& plan, int failures) {
  struct sigaction plain = {};
  plain.sa_handler = SIG_DFL;
  for (int number = 1; number <= SIGRTMAX; ++number) ::sigaction(number, &plain, nullptr);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (plan.is_detached) {
    ::setsid();
  } else {
    ::setpgid(0, 0);
  }
  StartFailure failure = {Report::kNoDirectory, 0};
  if (::chdir(plan.directory) == 0) {
    sigset_t none;
    ::sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    ::execve(plan.program, plan.arguments, plan.environment);
    failure.kind = Report::kNoStart;
  }
  failure.number = errno;
  static_cast<void>(::write(failures, &failure, sizeof failure) > 0);
  ::_exit(127);
}

/// The child's process id, or -1 after the failure was reported.
pid_t start_child(const Plan& plan) {
  std::array<int, 2> failures = {-1, -1};
  pid_t child = ::pipe2(failures.data(), O_CLOEXEC) == 0 ? 0 : -1;
  if (child == 0) {
    // This process has one thread, and the child only calls the system until it is the program or
    // gone, so sharing memory is safe. A plain fork would copy the host's page tables once more.
    child = ::vfork();
    if (child == 0) become_program(plan, failures[1]);
  }
  if (child < 0) {
    send_report(Report::kNoStart, errno);
    return -1;
  }
  ::close(failures[1]);
  StartFailure failure = {};
  const bool has_failed = ::read(failures[0], &failure, sizeof failure) == sizeof failure;
  ::close(failures[0]);
  if (!has_failed) {
    send_report(Report::kStarted, child);
    return child;
  }
  while (::waitpid(child, nullptr, 0) < 0 && errno == EINTR) continue;
  send_report(static_cast<Report::Kind>(failure.kind), failure.number);
  return -1;
}

/// What the supervisor is doing about its descendants.
enum class Phase { kWatching, kLingering, kTerminating, kKilling };

class Watcher {
 public:
  Watcher(const Plan& plan, pid_t child, int signals)
      : plan_(plan), child_(child), signals_(signals) {}

  /// Returns when no descendant is left.
  void run() {
    while (reap()) {
      act();
      wait();
    }
  }

 private:
  /// Buries the dead. False when nobody is left, alive or dead: orphans come to this process, so
  /// one without children has no descendants.
  bool reap() {
    while (true) {
      int status = 0;
      const pid_t ended = ::waitpid(-1, &status, WNOHANG | __WALL);
      if (ended < 0) return errno != ECHILD;
      if (ended == 0) return true;
      if (ended != child_) continue;
      child_ = -1;
      if (WIFSIGNALED(status)) {
        send_report(Report::kEndedBySignal, WTERMSIG(status));
      } else {
        send_report(Report::kEndedByItself, WEXITSTATUS(status));
      }
    }
  }

  void act() {
    if (child_ < 0 && !plan_.is_detached && phase_ == Phase::kWatching) {
      phase_ = Phase::kLingering;
      deadline_ = now_ms() + plan_.linger_ms;
    }
    if (phase_ == Phase::kWatching || now_ms() < deadline_) return;
    if (phase_ == Phase::kLingering) {
      terminate(plan_.grace_ms);
    } else {
      phase_ = Phase::kKilling;
      descendants::kill_all(plan_.is_detached ? 0 : group_);
      // What cannot be killed (another user's, or stuck in the kernel) is asked ever more rarely.
      pause_ms_ = std::min(pause_ms_ * 2, kPauseLongMs);
      deadline_ = now_ms() + pause_ms_;
    }
  }

  void terminate(int grace_ms) {
    if (phase_ == Phase::kKilling) return;
    // Asked a second time, only an earlier end changes anything.
    const std::int64_t deadline = now_ms() + std::max(grace_ms, 0);
    const bool is_first = phase_ != Phase::kTerminating;
    deadline_ = is_first ? deadline : std::min(deadline_, deadline);
    phase_ = Phase::kTerminating;
    if (is_first && grace_ms > 0) descendants::terminate_all(plan_.is_detached ? 0 : group_);
  }

  void wait() {
    std::array<pollfd, 2> waited = {pollfd{signals_, POLLIN, 0},
                                    pollfd{is_host_there_ ? kControl : -1, POLLIN, 0}};
    int timeout = -1;
    if (phase_ != Phase::kWatching) {
      timeout = static_cast<int>(std::clamp<std::int64_t>(deadline_ - now_ms(), 0, 60'000));
    }
    if (::poll(waited.data(), waited.size(), timeout) <= 0) return;
    if (waited[0].revents != 0) take_signal();
    if (waited[1].revents != 0) take_command();
  }

  void take_signal() {
    signalfd_siginfo info = {};
    if (::read(signals_, &info, sizeof info) != sizeof info) return;
    // With SIGCONT the host makes sure that commands are heard. Any other signal means the end: the
    // host's thread is gone, or somebody wants this to stop.
    const bool is_end = info.ssi_signo != SIGCHLD && info.ssi_signo != SIGCONT;
    if (is_end) terminate(plan_.grace_ms);
  }

  void take_command() {
    Command command = {};
    const ssize_t count = ::recv(kControl, &command, sizeof command, MSG_DONTWAIT);
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (count != sizeof command) {
      is_host_there_ = false;
      terminate(plan_.grace_ms);
    } else if (command.kind == Command::kEndAll) {
      terminate(command.value);
    } else if (child_ > 0) {
      // Not yet buried, so the number is still the child's.
      ::kill(child_, command.value);
    }
  }

  const Plan& plan_;
  pid_t child_;
  const pid_t group_ = child_;
  const int signals_;
  Phase phase_ = Phase::kWatching;
  std::int64_t deadline_ = 0;
  int pause_ms_ = kPauseShortMs;
  bool is_host_there_ = true;
};

[[noreturn]] void supervise(const Plan& plan, pid_t host) {
  sigset_t all;
  ::sigfillset(&all);
  ::sigprocmask(SIG_SETMASK, &all, nullptr);
  struct sigaction plain = {};
  plain.sa_handler = SIG_DFL;
  ::sigaction(SIGCHLD, &plain, nullptr);  // A host that ignores it would have no exit status here.
  ::setsid();
  ::prctl(PR_SET_NAME, "isopod-child");
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  // A child of the same user could otherwise read the host's memory in this copy of it.
  ::prctl(PR_SET_DUMPABLE, 0);
  if (::getppid() != host || !arrange_descriptors(plan)) ::_exit(1);
  const int signals = ::signalfd(-1, &all, SFD_CLOEXEC | SFD_NONBLOCK);
  const pid_t child = signals < 0 ? -1 : start_child(plan);
  if (child < 0) ::_exit(1);
  // Whoever reads what the child writes waits for the last who has it open.
  for (int number = 0; number < kControl; ++number) ::close(number);
  // No directory stays in use for the supervisor's sake. It is no harm when it does.
  static_cast<void>(::chdir("/") == 0);
  Watcher(plan, child, signals).run();
  ::_exit(0);
}

}  // namespace

Made make(const Plan& plan) {
  const pid_t host = ::getpid();
  Made made;
  // As fork, with three differences: no handlers of other libraries run, the process is named by a
  // descriptor from the start, and no SIGCHLD reaches whoever else lives in the host's process.
  const long process =
      ::syscall(SYS_clone, CLONE_PIDFD, nullptr, &made.descriptor, nullptr, nullptr);
  if (process == 0) supervise(plan, host);
  made.process = static_cast<pid_t>(process);
  return made;
}

}  // namespace isopod::os::supervisor
