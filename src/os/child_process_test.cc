// SPDX-License-Identifier: MIT
#include "os/child_process.h"

#include <dirent.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <condition_variable>
#include <fstream>
#include <map>
#include <mutex>
#include <optional>
#include <set>

#include "os/files.h"

namespace isopod::os {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// A child that is watched from the test's thread.
class Watched final : public ChildProcess::Listener {
 public:
  Watched(EventLoop& loop, const ChildOptions& options) : loop_(loop) {
    loop_.run([&] {
      auto started = ChildProcess::start(loop_, options, *this);
      if (started) {
        child_ = *std::move(started);
      } else {
        failed_ = started.error();
        is_gone_ = true;
      }
    });
  }
  ~Watched() override {
    loop_.run([this] { child_.reset(); });
  }

  void child_started(pid_t process) override {
    set([&] { process_ = process; });
  }
  void child_failed(const Error& error) override {
    set([&] { failed_ = error; });
  }
  void child_wrote(int stream, std::string_view bytes) override {
    set([&] { output_[stream] += bytes; });
    if (pause_at_ != 0 && output_[stream].size() >= pause_at_) {
      child_->set_reading(ChildProcess::Reading::kOff);
    }
  }
  void child_stream_ended(int stream) override {
    set([&] { ended_.insert(stream); });
  }
  void child_exited(ExitStatus status) override {
    set([&] { status_ = status; });
  }
  void child_gone() override {
    set([&] { is_gone_ = true; });
  }

  /// False when the condition does not come to hold in a generous time.
  template <class Condition>
  bool wait(Condition condition) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, seconds(60), condition);
  }
  bool wait_until_gone() {
    return wait([this] { return is_gone_; });
  }
  bool wait_for_output(const std::string& text) {
    return wait([this, &text] { return output_[1].find(text) != std::string::npos; });
  }
  void on_loop(const std::function<void(ChildProcess&)>& function) {
    loop_.run([&] { function(*child_); });
  }

  EventLoop& loop_;
  std::unique_ptr<ChildProcess> child_;
  std::size_t pause_at_ = 0;
  std::mutex mutex_;  // guards the rest while the child is alive
  std::condition_variable changed_;
  std::optional<pid_t> process_;
  std::optional<Error> failed_;
  std::map<int, std::string> output_;
  std::set<int> ended_;
  std::optional<ExitStatus> status_;
  bool is_gone_ = false;

 private:
  template <class Change>
  void set(Change change) {
    const std::lock_guard lock(mutex_);
    change();
    changed_.notify_all();
  }
};

ChildOptions shell(const std::string& script) {
  return {.program = "/bin/sh",
          .arguments = {"sh", "-c", script},
          .environment = {"PATH=/usr/bin:/bin"},
          .directory = "/tmp"};
}

bool is_alive(pid_t process) {
  std::ifstream status("/proc/" + std::to_string(process) + "/stat");
  std::string text;
  std::getline(status, text);
  const std::size_t end = text.rfind(')');
  return end != std::string::npos && text[end + 2] != 'Z';
}

std::string command_line(const std::string& process) {
  std::string line(4096, '\0');
  const int file = open(("/proc/" + process + "/cmdline").c_str(), O_RDONLY | O_CLOEXEC);
  const ssize_t count = file < 0 ? 0 : read(file, line.data(), line.size());
  if (file >= 0) close(file);
  line.resize(count < 0 ? 0 : static_cast<std::size_t>(count));
  return line;
}

/// Processes that carry a mark in their command line.
std::set<pid_t> processes_with(const std::string& mark) {
  std::set<pid_t> found;
  DIR* const proc = opendir("/proc");
  while (const dirent* entry = readdir(proc)) {
    const pid_t process = std::atoi(entry->d_name);
    if (process <= 0 || process == getpid()) continue;
    // A process that ends meanwhile cannot be read, which is as good as no mark.
    const std::string line = command_line(entry->d_name);
    if (line.find(mark) != std::string::npos && is_alive(process)) found.insert(process);
  }
  closedir(proc);
  return found;
}

std::size_t open_descriptors() {
  std::size_t count = 0;
  DIR* const folder = opendir("/proc/self/fd");
  while (readdir(folder) != nullptr) ++count;
  closedir(folder);
  return count;
}

class ChildProcessTest : public ::testing::Test {
 protected:
  std::unique_ptr<EventLoop> loop_ = EventLoop::start("children").value();
};

TEST_F(ChildProcessTest, OutputExitCodeAndOrder) {
  Watched child(*loop_, shell("echo out; echo err >&2; exit 7"));
  ASSERT_TRUE(child.wait_until_gone());
  EXPECT_GT(child.process_.value_or(0), 1);
  EXPECT_EQ(child.output_[1], "out\n");
  EXPECT_EQ(child.output_[2], "err\n");
  EXPECT_EQ(child.ended_, (std::set<int>{1, 2}));
  EXPECT_EQ(child.status_->code, 7);
  EXPECT_EQ(child.status_->signal, 0);
}

TEST_F(ChildProcessTest, WhatAChildSeesIsWhatWasAskedFor) {
  ChildOptions options = shell(
      "echo $0 $A; pwd; [ \"$(ps -o pgid= -p $$ | tr -d ' ')\" = $$ ] && echo own group;"
      "cat; ls /proc/self/fd | tr '\\n' ' '; grep -E 'Sig(Blk|Ign)' /proc/self/status");
  options.arguments[0] = "sh";
  options.environment.push_back("A=b c");
  signal(SIGUSR1, SIG_IGN);
  Watched child(*loop_, options);
  ASSERT_TRUE(child.wait_until_gone());
  signal(SIGUSR1, SIG_DFL);
  EXPECT_EQ(child.output_[1],
            "sh b c\n/tmp\nown group\n0 1 2 3 "  // 3 is the folder that ls reads
            "SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n");
}

TEST_F(ChildProcessTest, WhatCannotBeStartedSaysWhy) {
  ChildOptions options = shell("");
  options.program = "/no/such/program";
  options.arguments = {"prog"};
  Watched missing(*loop_, options);
  ASSERT_TRUE(missing.wait_until_gone());
  EXPECT_EQ(missing.failed_->code, Code::kNotFound);
  EXPECT_EQ(missing.failed_->message, "ENOENT: no such file or directory, spawn prog");
  EXPECT_FALSE(missing.status_.has_value());
  EXPECT_TRUE(missing.ended_.empty());

  options.program = "/etc/passwd";
  Watched refused(*loop_, options);
  ASSERT_TRUE(refused.wait_until_gone());
  EXPECT_EQ(refused.failed_->code, Code::kIo);
  EXPECT_EQ(refused.failed_->message, "EACCES: permission denied, spawn prog");

  options.program = "/bin/true";
  options.directory = "/no/such/folder";
  Watched nowhere(*loop_, options);
  ASSERT_TRUE(nowhere.wait_until_gone());
  EXPECT_EQ(nowhere.failed_->message, "ENOENT: no such file or directory, chdir for prog");

  options.directory = "/";
  options.environment.push_back("BIG=" + std::string(1 << 20, 'x'));
  Watched too_big(*loop_, options);
  ASSERT_TRUE(too_big.wait_until_gone());
  EXPECT_EQ(too_big.failed_->message, "E2BIG: argument list too long, spawn prog");
}

TEST_F(ChildProcessTest, ASignalEndsTheChildAndIsReported) {
  Watched child(*loop_, shell("echo ready; exec sleep 1000"));
  ASSERT_TRUE(child.wait_for_output("ready"));
  child.on_loop([](ChildProcess& it) { EXPECT_TRUE(it.signal(SIGUSR1)); });
  ASSERT_TRUE(child.wait_until_gone());
  EXPECT_EQ(child.status_->signal, SIGUSR1);
  child.on_loop([](ChildProcess& it) { EXPECT_FALSE(it.signal(SIGTERM)); });
}

TEST_F(ChildProcessTest, TenMegabytesGoThroughAndBack) {
  ChildOptions options = shell("exec cat");
  options.stdio[0] = ChildOptions::Stdio::kPipe;
  std::string sent;
  for (int i = 0; sent.size() < 10'000'000; ++i) sent += static_cast<char>(i * 7 + i / 256);
  Watched child(*loop_, options);
  std::optional<Result<std::size_t>> written;
  child.on_loop([&](ChildProcess& it) {
    it.write(sent, [&](Result<std::size_t> result) { written = std::move(result); });
    it.write("", [](const Result<std::size_t>& result) { EXPECT_EQ(result.value_or(9), 0u); });
    it.end_input();
    it.write("late", [](const Result<std::size_t>& result) {
      EXPECT_EQ(result.error().message, "EPIPE: broken pipe, write");
    });
  });
  ASSERT_TRUE(child.wait_until_gone());
  EXPECT_EQ(written->value_or(0), sent.size());
  EXPECT_TRUE(child.output_[1] == sent);
}

TEST_F(ChildProcessTest, WritingToWhomDoesNotReadIsAnError) {
  ChildOptions options = shell("exec <&-; echo closed; exec sleep 1000");
  options.stdio[0] = ChildOptions::Stdio::kPipe;
  Watched child(*loop_, options);
  ASSERT_TRUE(child.wait_for_output("closed"));
  std::optional<Result<std::size_t>> written;
  child.on_loop([&](ChildProcess& it) {
    it.write("x", [&](Result<std::size_t> result) { written = std::move(result); });
  });
  ASSERT_TRUE(written.has_value());
  EXPECT_EQ(written->error().code, Code::kIo);
  child.on_loop([](ChildProcess& it) { it.end_all(milliseconds(0)); });
  ASSERT_TRUE(child.wait_until_gone());
}

TEST_F(ChildProcessTest, AChildWhoseOutputIsNotTakenWaits) {
  ChildOptions options = shell("head -c 3000000 /dev/zero; echo done >&2");
  std::unique_ptr<Watched> child;
  loop_->run([&] {
    child = std::make_unique<Watched>(*loop_, options);
    child->pause_at_ = 1;
  });
  ASSERT_TRUE(child->wait([&] { return child->output_[1].size() > 0; }));
  EXPECT_FALSE(child->status_.has_value());
  EXPECT_LT(child->output_[1].size(), 1'000'000u);
  child->on_loop([&](ChildProcess& it) {
    child->pause_at_ = 0;
    it.set_reading(ChildProcess::Reading::kOn);
  });
  ASSERT_TRUE(child->wait_until_gone());
  EXPECT_EQ(child->output_[1].size(), 3'000'000u);
  EXPECT_EQ(child->output_[2], "done\n");
}

TEST_F(ChildProcessTest, OutputThatWaitsWhenTheChildIsGoneIsNotLost) {
  std::unique_ptr<Watched> child;
  loop_->run([&] {
    child = std::make_unique<Watched>(*loop_, shell("echo kept"));
    child->child_->set_reading(ChildProcess::Reading::kOff);
  });
  ASSERT_TRUE(child->wait([&] { return child->status_.has_value(); }));
  while (is_alive(child->process_.value())) usleep(1000);
  EXPECT_FALSE(child->is_gone_);
  child->on_loop([](ChildProcess& it) { it.set_reading(ChildProcess::Reading::kOn); });
  ASSERT_TRUE(child->wait_until_gone());
  EXPECT_EQ(child->output_[1], "kept\n");
}

/// Runs a script that leaves processes behind, ends it in some way, and looks for them.
class DescendantsTest : public ChildProcessTest {
 protected:
  static std::string mark() { return "sleep 98" + std::to_string(getpid() % 100'000 + 100'000); }
};

TEST_F(DescendantsTest, NewSessionsAndDoubleForksDoNotOutliveTheirChild) {
  const std::string sleep = mark();
  Watched child(*loop_, shell("setsid " + sleep + " & (setsid sh -c '" + sleep + " & " + sleep +
                              " &' &); nohup " + sleep + " >/dev/null 2>&1 & echo made"));
  ASSERT_TRUE(child.wait_for_output("made"));
  ASSERT_TRUE(child.wait_until_gone());
  EXPECT_EQ(child.status_->code, 0);
  EXPECT_TRUE(processes_with(sleep.substr(6)).empty());
}

TEST_F(DescendantsTest, WhoIgnoresTermIsKilled) {
  const std::string sleep = mark();
  Watched child(*loop_, shell("trap '' TERM; (setsid " + sleep + " &); echo made; " + sleep));
  ASSERT_TRUE(child.wait_for_output("made"));
  while (processes_with(sleep.substr(6)).size() < 2) usleep(1000);
  child.on_loop([](ChildProcess& it) { it.end_all(milliseconds(50)); });
  ASSERT_TRUE(child.wait_until_gone());
  EXPECT_EQ(child.status_->signal, SIGKILL);
  EXPECT_TRUE(processes_with(sleep.substr(6)).empty());
}

TEST_F(DescendantsTest, StoppedOnesHearIt) {
  Watched child(*loop_,
                shell("trap 'echo heard; exit 3' TERM; echo ready; kill -STOP $$; sleep 9"));
  ASSERT_TRUE(child.wait_for_output("ready"));
  child.on_loop([](ChildProcess& it) { it.end_all(seconds(30)); });
  ASSERT_TRUE(child.wait_until_gone());
  EXPECT_EQ(child.output_[1], "ready\nheard\n");
}

TEST_F(DescendantsTest, ManyThatMakeMoreAreAllEnded) {
  const std::string sleep = mark();
  // Each of 40 loops makes processes for as long as it lives, in sessions of their own.
  Watched child(*loop_,
                shell("i=0; while [ $i -lt 40 ]; do setsid sh -c 'trap \"\" TERM; n=0; while [ $n "
                      "-lt 2000 ]; do (" +
                      sleep +
                      " &); n=$((n+1)); sleep 0.05; done' & "
                      "i=$((i+1)); done; echo made; wait"));
  ASSERT_TRUE(child.wait_for_output("made"));
  while (processes_with(sleep.substr(6)).size() < 150) usleep(10'000);
  child.on_loop([](ChildProcess& it) { it.end_all(milliseconds(0)); });
  ASSERT_TRUE(child.wait_until_gone());
  EXPECT_TRUE(processes_with(sleep.substr(6)).empty());
}

TEST_F(DescendantsTest, ADetachedChildsFamilyOutlivesItUntilItIsEnded) {
  const std::string sleep = mark();
  ChildOptions options = shell(sleep + " >/dev/null 2>&1 & echo $!");
  options.family = ChildOptions::Family::kOutlivesChild;
  Watched child(*loop_, options);
  ASSERT_TRUE(child.wait([&] { return child.status_ && child.ended_.size() == 2; }));
  // Longer than descendants of other children have.
  std::this_thread::sleep_for(2 * ChildProcess::kLinger);
  EXPECT_TRUE(is_alive(std::stoi(child.output_[1])));
  EXPECT_FALSE(child.is_gone_);
  child.on_loop([](ChildProcess& it) { it.end_all(milliseconds(1000)); });
  ASSERT_TRUE(child.wait_until_gone());
  EXPECT_TRUE(processes_with(sleep.substr(6)).empty());
}

TEST_F(DescendantsTest, WhoKillsTheSupervisorEndsWithIt) {
  ChildOptions options = shell("read line; kill -KILL $PPID; exec sleep 1000");
  options.stdio[0] = ChildOptions::Stdio::kPipe;
  Watched child(*loop_, options);
  ASSERT_TRUE(child.wait([&] { return child.process_.has_value(); }));
  child.on_loop([](ChildProcess& it) { it.write("go\n", [](const Result<std::size_t>&) {}); });
  ASSERT_TRUE(child.wait_until_gone());
  EXPECT_EQ(child.status_->signal, SIGKILL);
  while (is_alive(child.process_.value())) usleep(1000);
}

TEST_F(DescendantsTest, NothingOutlivesAHostThatIsKilled) {
  const std::string sleep = mark();
  const pid_t host = fork();
  ASSERT_GE(host, 0);
  if (host == 0) {
    auto loop = EventLoop::start("host").value();
    Watched child(*loop, shell("(setsid " + sleep + " &); exec " + sleep));
    pause();
    _exit(0);
  }
  while (processes_with(sleep.substr(6)).size() < 2) usleep(1000);
  kill(host, SIGKILL);
  waitpid(host, nullptr, 0);
  for (int i = 0; i < 30'000 && !processes_with(sleep.substr(6)).empty(); ++i) usleep(1000);
  EXPECT_TRUE(processes_with(sleep.substr(6)).empty());
}

TEST_F(ChildProcessTest, AHostsOwnWaitingIsNotDisturbed) {
  Watched child(*loop_, shell("exit 0"));
  ASSERT_TRUE(child.wait_until_gone());
  EXPECT_EQ(waitpid(-1, nullptr, WNOHANG), -1);
  EXPECT_EQ(errno, ECHILD);
}

TEST_F(ChildProcessTest, ThousandsLeaveNothingOpenAndNobodyDead) {
  const ChildOptions options = {
      .program = "/bin/true", .arguments = {"true"}, .environment = {}, .directory = "/"};
  const int count = getenv("ISOPOD_MANY") != nullptr ? 10'000 : 1'000;
  {
    Watched first(*loop_, options);
    ASSERT_TRUE(first.wait_until_gone());
  }
  const std::size_t before = open_descriptors();
  for (int i = 0; i < count; ++i) {
    Watched child(*loop_, options);
    ASSERT_TRUE(child.wait_until_gone());
    ASSERT_EQ(child.status_->code, 0);
  }
  EXPECT_EQ(open_descriptors(), before);
  EXPECT_EQ(waitpid(-1, nullptr, WNOHANG | __WALL), -1);
}

TEST_F(ChildProcessTest, ManyAtOnce) {
  std::vector<std::unique_ptr<Watched>> children;
  for (int i = 0; i < 200; ++i) {
    children.push_back(std::make_unique<Watched>(
        *loop_, shell("cat /proc/self/stat >/dev/null; exit " + std::to_string(i % 100))));
  }
  for (int i = 0; i < 200; ++i) {
    ASSERT_TRUE(children[static_cast<std::size_t>(i)]->wait_until_gone());
    EXPECT_EQ(children[static_cast<std::size_t>(i)]->status_->code, i % 100);
  }
}

}  // namespace
}  // namespace isopod::os
