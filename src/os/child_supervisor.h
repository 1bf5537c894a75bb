// SPDX-License-Identifier: MIT
#pragma once

#include <sys/types.h>

#include <array>
#include <cstdint>

/// The process that stands between the host and one child, and what the two say to each other.
///
/// It is a copy of the host that never returns to the host's code: it lets go of every descriptor,
/// starts the child, adopts whatever of the child's descendants loses its parent, and ends when
/// none of them is left. It ends them itself (SIGTERM, after a grace SIGKILL) when the host asks or
/// is gone, and when the child is gone and was not detached. New sessions, process groups and
/// double forks do not help a descendant: it is found by who its parent is.
///
/// What it cannot hold is a descendant of another user (setuid programs), and one that kills the
/// supervisor itself; the child proper ends with its supervisor even then.
namespace isopod::os::supervisor {

/// Everything the supervisor needs, prepared before it is made: it may not allocate memory.
struct Plan {
  const char* program = nullptr;  ///< absolute
  char* const* arguments = nullptr;
  char* const* environment = nullptr;
  const char* directory = nullptr;          ///< absolute
  std::array<int, 3> stdio = {-1, -1, -1};  ///< the child's; -1 is /dev/null
  int control = -1;                         ///< a SOCK_SEQPACKET socket to the host
  bool is_detached = false;  ///< descendants may outlive the child, in their own session
  int linger_ms = 0;         ///< how long descendants may outlive a child that is not detached
  int grace_ms = 0;          ///< between SIGTERM and SIGKILL when nobody says otherwise
};

/// From the supervisor to the host, one per packet.
struct Report {
  enum Kind : std::int32_t {
    kStarted,        ///< `value` is the child's process id
    kNoDirectory,    ///< the directory cannot be entered; `value` is the errno
    kNoStart,        ///< the program cannot be started; `value` is the errno
    kEndedByItself,  ///< `value` is the exit code
    kEndedBySignal,  ///< `value` is the signal
  };
  std::int32_t kind = kStarted;
  std::int32_t value = 0;
};

/// From the host to the supervisor, one per packet. The end of the socket is the end of the host.
struct Command {
  enum Kind : std::int32_t {
    kSignalChild,  ///< `value` is the signal; nothing happens when the child is gone
    kEndAll,       ///< the child and all its descendants; `value` is the grace in milliseconds
  };
  std::int32_t kind = kSignalChild;
  std::int32_t value = 0;
};

struct Made {
  pid_t process = -1;
  int descriptor = -1;  ///< of the process, closed on exec; readable when it has ended
};

/// Makes a supervisor. Returns in the host only; -1 and errno when the system gives no process. The
/// process sends no SIGCHLD and is waited for by its descriptor with __WALL. The caller has all
/// signals blocked, and its thread stays for as long as supervisors are to live.
Made make(const Plan& plan);

}  // namespace isopod::os::supervisor
