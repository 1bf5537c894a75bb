// SPDX-License-Identifier: MIT
#include "os/descendants.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>

namespace isopod::os::descendants {
namespace {

constexpr std::size_t kProcessesMax = 1 << 17;
constexpr int kFreezePassesMax = 64;

struct Process {
  pid_t id;
  pid_t parent;
  char state;
  bool is_descendant;
};

struct Status {
  pid_t parent = -1;
  char state = 0;
};

pid_t read_number(const char* text) {
  pid_t number = 0;
  for (; *text >= '0' && *text <= '9'; ++text) {
    if (number > 100'000'000) return -1;
    number = number * 10 + (*text - '0');
  }
  return number;
}

/// Writes "NUMBER/stat".
void write_path(std::array<char, 32>& path, pid_t process) {
  std::array<char, 16> digits = {};
  std::size_t count = 0;
  do {
    digits[count++] = static_cast<char>('0' + process % 10);
    process /= 10;
  } while (process > 0);
  std::size_t at = 0;
  while (count > 0) path[at++] = digits[--count];
  for (const char* rest = "/stat"; *rest != 0; ++rest) path[at++] = *rest;
  path[at] = 0;
}

/// The parent is -1 when the process is gone.
Status read_status(int proc, pid_t process) {
  std::array<char, 32> path = {};
  write_path(path, process);
  const int file = ::openat(proc, path.data(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return {};
  std::array<char, 256> text = {};
  const ssize_t count = ::read(file, text.data(), text.size() - 1);
  ::close(file);
  // "ID (NAME) STATE PARENT ...", where the name is up to 15 bytes of the process's own choice.
  ssize_t at = count - 1;
  while (at >= 0 && text[static_cast<std::size_t>(at)] != ')') --at;
  if (at < 0 || at + 4 >= count) return {};
  const char* const rest = text.data() + at + 2;
  return {read_number(rest + 2), rest[0]};
}

/// What getdents64 writes.
struct Entry {
  std::uint64_t inode;
  std::int64_t next;
  std::uint16_t size;
  std::uint8_t type;
  char name[1];
};

/// All processes of the machine that /proc shows, in memory of the table's own.
class Table {
 public:
  Table() {
    void* const memory = ::mmap(nullptr, kProcessesMax * sizeof(Process), PROT_READ | PROT_WRITE,
                                MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory != MAP_FAILED) processes_ = static_cast<Process*>(memory);
    proc_ = ::open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  }
  ~Table() {
    if (processes_ != nullptr) ::munmap(processes_, kProcessesMax * sizeof(Process));
    if (proc_ >= 0) ::close(proc_);
  }
  Table(const Table&) = delete;
  Table& operator=(const Table&) = delete;

  /// False when /proc tells nothing.
  bool read() {
    count_ = 0;
    if (processes_ == nullptr || proc_ < 0 || ::lseek(proc_, 0, SEEK_SET) != 0) return false;
    alignas(Entry) std::array<char, 16384> buffer;
    while (true) {
      const long length = ::syscall(SYS_getdents64, proc_, buffer.data(), buffer.size());
      if (length <= 0) break;
      for (long at = 0; at < length;) {
        const auto* const entry = reinterpret_cast<const Entry*>(buffer.data() + at);
        at += entry->size;
        add(read_number(entry->name));
      }
    }
    mark_descendants();
    return count_ > 0;
  }

  /// Signals each descendant that is not dead already, or only those that are not stopped either.
  /// Returns how many may still be running: one that waits in the kernel makes no processes.
  enum class Which { kAll, kRunning };
  int signal(int number, Which which) {
    int signalled = 0;
    for (std::size_t i = 0; i < count_; ++i) {
      const Process& process = processes_[i];
      if (!process.is_descendant || process.state == 'Z' || process.state == 'X') continue;
      if (which == Which::kRunning && (process.state == 'T' || process.state == 't')) continue;
      if (signal_one(process, number) && process.state != 'D') ++signalled;
    }
    return signalled;
  }

 private:
  void add(pid_t process) {
    if (process <= 0 || process == self_ || count_ == kProcessesMax) return;
    const Status status = read_status(proc_, process);
    if (status.parent < 0) return;
    processes_[count_++] = {process, status.parent, status.state, status.parent == self_};
  }

  void mark_descendants() {
    for (bool has_changed = true; has_changed;) {
      has_changed = false;
      for (std::size_t i = 0; i < count_; ++i) {
        if (processes_[i].is_descendant || !is_marked(processes_[i].parent)) continue;
        processes_[i].is_descendant = true;
        has_changed = true;
      }
    }
  }

  /// /proc lists by ascending number, so the table is sorted.
  [[nodiscard]] bool is_marked(pid_t id) const {
    std::size_t low = 0;
    for (std::size_t high = count_; low < high;) {
      const std::size_t middle = low + (high - low) / 2;
      if (processes_[middle].id < id) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low < count_ && processes_[low].id == id && processes_[low].is_descendant;
  }

  /// The number may have become another process's since the table was read. The descriptor holds
  /// on to one process, and one with the same parent, or adopted by this process, is ours.
  bool signal_one(const Process& process, int number) {
    const auto holder = static_cast<int>(::syscall(SYS_pidfd_open, process.id, 0));
    if (holder < 0) return false;
    const pid_t parent = read_status(proc_, process.id).parent;
    const bool is_ours = parent == process.parent || parent == self_;
    const bool is_sent =
        is_ours && ::syscall(SYS_pidfd_send_signal, holder, number, nullptr, 0) == 0;
    ::close(holder);
    return is_sent;
  }

  const pid_t self_ = ::getpid();
  Process* processes_ = nullptr;
  int proc_ = -1;
  std::size_t count_ = 0;
};

}  // namespace

void terminate_all(pid_t group) {
  Table table;
  if (!table.read()) {
    if (group > 0) ::kill(-group, SIGTERM);
    return;
  }
  table.signal(SIGTERM, Table::Which::kAll);
  table.signal(SIGCONT, Table::Which::kAll);
}

void kill_all(pid_t group) {
  Table table;
  for (int pass = 0; pass < kFreezePassesMax; ++pass) {
    if (!table.read()) {
      if (group > 0) ::kill(-group, SIGKILL);
      return;
    }
    if (table.signal(SIGSTOP, Table::Which::kRunning) == 0) break;
  }
  table.signal(SIGKILL, Table::Which::kAll);
}

}  // namespace isopod::os::descendants
