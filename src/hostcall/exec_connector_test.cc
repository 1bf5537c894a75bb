// SPDX-License-Identifier: MIT
#include "hostcall/exec_connector.h"

#include <dirent.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <condition_variable>
#include <filesystem>
#include <fstream>
#include <future>
#include <mutex>
#include <set>

#include "base/base64.h"
#include "os/files.h"

namespace isopod::hostcall {
namespace {

using protocol::Capability;
using protocol::Hostcall;
using protocol::Opcode;
using protocol::Outcome;
using protocol::Status;
using std::chrono::milliseconds;

/// The end of one call, waited for on the test's thread.
class Pending {
 public:
  Completion completion() {
    return Completion([state = state_](Outcome outcome) {
      const std::lock_guard lock(state->mutex);
      state->outcome = std::move(outcome);
      state->changed.notify_all();
    });
  }
  Outcome wait() const {
    std::unique_lock lock(state_->mutex);
    const bool has_ended = state_->changed.wait_for(lock, std::chrono::seconds(60),
                                                    [this] { return state_->outcome.has_value(); });
    EXPECT_TRUE(has_ended);
    return state_->outcome.value_or(Outcome{});
  }
  bool has_ended() const {
    const std::lock_guard lock(state_->mutex);
    return state_->outcome.has_value();
  }

 private:
  struct State {
    std::mutex mutex;
    std::condition_variable changed;
    std::optional<Outcome> outcome;
  };
  std::shared_ptr<State> state_ = std::make_shared<State>();
};

std::set<std::string> processes_with(const std::string& mark) {
  std::set<std::string> found;
  DIR* const proc = opendir("/proc");
  while (const dirent* entry = readdir(proc)) {
    const std::string name = entry->d_name;
    if (name.find_first_not_of("0123456789") != std::string::npos) continue;
    // A process that ends meanwhile cannot be read, which is as good as no mark.
    std::string line(4096, '\0');
    const int file = open(("/proc/" + name + "/cmdline").c_str(), O_RDONLY | O_CLOEXEC);
    const ssize_t count = file < 0 ? 0 : read(file, line.data(), line.size());
    if (file >= 0) close(file);
    line.resize(count < 0 ? 0 : static_cast<std::size_t>(count));
    if (line.find(mark) != std::string::npos) found.insert(name);
  }
  closedir(proc);
  return found;
}

class ExecConnectorTest : public ::testing::Test {
 protected:
  ExecConnectorTest() { make({}); }

  /// Rules of these tests: reading and running anything, but not what `denied_` names.
  void make(ExecConnector::Options options) {
    connector_.reset();
    options.surroundings = {"/tmp", {{"PATH", "/usr/bin:/bin"}, {"HOME", "/root"}, {"KEY", "k"}}};
    options.rules = {[this](const Caller&, const Need& need) -> Result<> {
                       judged_.push_back(need.target);
                       if (need.target != denied_) return {};
                       return fail(Code::kDenied, "judged: " + need.target);
                     },
                     [this](const Caller&, const std::string& program) -> Result<> {
                       if (program != denied_) return {};
                       return fail(Code::kDenied, "denied: " + program);
                     }};
    connector_ = std::make_unique<ExecConnector>(std::move(options));
  }
  /// Arguments come as text, in which a whole number has no sign.
  static Json as_sent(const Json& arguments) { return parse_json(dump_json(arguments)).value(); }
  Pending start(Opcode opcode, Json arguments, const Caller& caller = {"ext", "/ext", "1"}) {
    Pending pending;
    connector_->start(caller, {1, opcode, as_sent(arguments), 0}, pending.completion());
    return pending;
  }
  Outcome end(Opcode opcode, Json arguments) { return start(opcode, std::move(arguments)).wait(); }
  static Json script(const std::string& text, Json more = Json::object()) {
    Json arguments = {
        {"id", 1}, {"command", "sh"}, {"args", Json::array({"-c", text})}, {"encoding", "utf8"}};
    arguments.update(more);
    return arguments;
  }
  static Json spawned(const std::string& text, Json more = Json::object()) {
    Json arguments = script(text, {{"stdio", Json::array({"pipe", "pipe", "pipe"})}});
    arguments.update(more);
    return arguments;
  }
  Json run(const std::string& text, Json more = Json::object()) {
    const Outcome outcome = end(Opcode::kExecRun, script(text, std::move(more)));
    EXPECT_EQ(outcome.status, Status::kOk) << outcome.message;
    return outcome.value;
  }
  /// All events of a spawned child to its end, output joined by stream.
  struct Story {
    std::string output[3];
    Json exit;
    int ends = 0;
  };
  Story listen(int id = 1) {
    Story story;
    while (story.exit.is_null() || story.ends < 2) {
      const Outcome outcome = end(Opcode::kExecNext, {{"id", id}});
      if (outcome.status != Status::kOk) {
        ADD_FAILURE() << outcome.message;
        return story;
      }
      for (const Json& event : outcome.value["events"]) {
        if (event.contains("exit")) story.exit = event["exit"];
        if (event.contains("end")) ++story.ends;
        if (event.contains("stream")) {
          story.output[event["stream"].get<int>()] +=
              from_base64(event["data"].get<std::string>()).value();
        }
      }
    }
    return story;
  }
  void expect_refused(Opcode opcode, Json arguments, const std::string& part) {
    const Outcome outcome = end(opcode, arguments);
    EXPECT_EQ(outcome.status, Status::kError) << arguments;
    EXPECT_EQ(outcome.code, Code::kInvalidArgument) << arguments;
    EXPECT_NE(outcome.message.find(part), std::string::npos) << outcome.message;
  }

  std::string denied_ = "nothing";
  std::vector<std::string> judged_;
  std::unique_ptr<ExecConnector> connector_;
};

TEST_F(ExecConnectorTest, RunGivesOutputCodeAndSignal) {
  const Json done = run("echo out; echo err >&2; exit 3");
  EXPECT_GT(done["pid"].get<int>(), 1);
  EXPECT_EQ(done["code"], 3);
  EXPECT_EQ(done["signal"], nullptr);
  EXPECT_EQ(done["stdout"], "out\n");
  EXPECT_EQ(done["stderr"], "err\n");
  for (const char* flag : {"timed_out", "signalled", "truncated"}) EXPECT_EQ(done[flag], false);
  const Json killed = run("kill -9 $$");
  EXPECT_EQ(killed["code"], nullptr);
  EXPECT_EQ(killed["signal"], "SIGKILL");
}

TEST_F(ExecConnectorTest, InputGoesInAndBytesComeOutAsTheyWere) {
  EXPECT_EQ(run("cat", {{"input", "h\xc3\xa9"}})["stdout"], "h\xc3\xa9");
  EXPECT_EQ(
      run("cat",
          {{"input", "AP8="}, {"input_encoding", "base64"}, {"encoding", "base64"}})["stdout"],
      "AP8=");
  EXPECT_EQ(run("printf 'a\\377b'")["stdout"],
            "a\xef\xbf\xbd"
            "b");
  EXPECT_EQ(run("cat")["stdout"], "");
  EXPECT_EQ(run("exit 0", {{"input", std::string(1 << 20, 'x')}})["code"], 0);
}

TEST_F(ExecConnectorTest, TheEnvironmentAndTheDirectoryAreThoseAskedFor) {
  EXPECT_EQ(run("echo $HOME,$KEY,$A; pwd")["stdout"], "/root,,\n/tmp\n");
  EXPECT_EQ(
      run("echo $HOME,$KEY,$A; pwd", {{"env", {{"A", "1"}}}, {"cwd", "/usr/./lib/.."}})["stdout"],
      "/root,,1\n/usr\n");
  EXPECT_EQ(run("echo $0", {{"argv0", "other"}})["stdout"], "other\n");
  const Outcome loader = end(Opcode::kExecRun, script("", {{"env", {{"LD_PRELOAD", "x"}}}}));
  EXPECT_EQ(loader.status, Status::kDenied);
  EXPECT_NE(loader.message.find("LD_PRELOAD"), std::string::npos);
}

TEST_F(ExecConnectorTest, ATimeLimitEndsAChildThatHearsAndOneThatDoesNot) {
  const Json heard = run("exec sleep 100", {{"timeout_ms", 50}});
  EXPECT_EQ(heard["timed_out"], true);
  EXPECT_EQ(heard["signal"], "SIGTERM");
  EXPECT_EQ(heard["signalled"], false);
  const Json other = run("exec sleep 100", {{"timeout_ms", 50}, {"kill_signal", "SIGINT"}});
  EXPECT_EQ(other["signal"], "SIGINT");
  const Json deaf = run("trap '' TERM; while :; do sleep 1; done", {{"timeout_ms", 1000}});
  EXPECT_EQ(deaf["signal"], "SIGKILL");
}

TEST_F(ExecConnectorTest, AFloodOfOutputIsCutAndStopped) {
  const Json flood = run("yes", {{"output_max", 100'000}});
  EXPECT_EQ(flood["truncated"], true);
  EXPECT_EQ(flood["stdout"].get<std::string>().size(), 100'000u);
  EXPECT_EQ(flood["signal"], "SIGTERM");
  const Json exact = run("printf 12345; printf 12345 >&2", {{"output_max", 10}});
  EXPECT_EQ(exact["truncated"], false);
  EXPECT_EQ(run("printf 123456; printf 12345 >&2", {{"output_max", 10}})["truncated"], true);
}

TEST_F(ExecConnectorTest, OutputThatGrowsInItsEncodingIsCutAndTheCodeArrives) {
  const std::string text = "head -c 60000 /dev/zero; head -c 60000 /dev/zero >&2; exit 3";
  for (const char* encoding : {"utf8", "base64"}) {
    make({.payload_bytes_max = 100'000});
    const Json done = run(text, {{"encoding", encoding}});
    EXPECT_EQ(done["code"], 3);
    EXPECT_EQ(done["truncated"], true);
    const std::size_t size = dump_json(done).size();
    EXPECT_LE(size, 100'000U) << encoding;
    EXPECT_GT(size, 90'000U) << encoding;
    make({.payload_bytes_max = 1'000'000});
    EXPECT_EQ(run(text, {{"encoding", encoding}})["truncated"], false);
  }
  // Characters stay whole.
  make({.payload_bytes_max = 5'000});
  const Json done = run("for i in $(seq 1000); do printf '\\303\\251'; done");
  EXPECT_EQ(done["truncated"], true);
  EXPECT_EQ(done["stdout"].get<std::string>().size() % 2, 0U);
  EXPECT_EQ(done["stdout"].get<std::string>().find("\xef\xbf\xbd"), std::string::npos);
}

TEST_F(ExecConnectorTest, ARunningOneCanBeSignalledByItsId) {
  const Pending pending = start(Opcode::kExecRun, script("exec sleep 100"));
  EXPECT_EQ(end(Opcode::kExecSignal, {{"id", 1}, {"signal", ""}}).value, true);
  EXPECT_EQ(end(Opcode::kExecSignal, {{"id", 1}, {"signal", "SIGINT"}}).value, true);
  const Outcome outcome = pending.wait();
  EXPECT_EQ(outcome.value["signal"], "SIGINT");
  EXPECT_EQ(outcome.value["signalled"], true);
  EXPECT_EQ(end(Opcode::kExecSignal, {{"id", 1}, {"signal", "SIGINT"}}).value, false);
  EXPECT_EQ(run("echo again")["stdout"], "again\n");
}

TEST_F(ExecConnectorTest, ProgramsThatCannotBeStartedSayWhy) {
  Json arguments = script("");
  arguments["command"] = "no-such-program";
  Outcome outcome = end(Opcode::kExecRun, arguments);
  EXPECT_EQ(outcome.code, Code::kNotFound);
  EXPECT_EQ(outcome.message, "ENOENT: no such file or directory, spawn no-such-program");
  arguments["command"] = "/etc/passwd";
  arguments["stdio"] = Json::array({"pipe", "pipe", "ignore"});
  outcome = end(Opcode::kExecSpawn, arguments);
  EXPECT_EQ(outcome.code, Code::kIo);
  EXPECT_EQ(outcome.message, "EACCES: permission denied, spawn /etc/passwd");
  EXPECT_EQ(end(Opcode::kExecRun, script("", {{"cwd", "/nope"}})).message,
            "ENOENT: no such file or directory, chdir '/nope'");
  EXPECT_EQ(end(Opcode::kExecRun, script("", {{"cwd", "/etc/passwd"}})).message,
            "ENOTDIR: not a directory, chdir '/etc/passwd'");
}

TEST_F(ExecConnectorTest, WrongArgumentsAreErrors) {
  const auto with = [](const char* name, Json value) {
    Json arguments = script("true");
    arguments[name] = std::move(value);
    return arguments;
  };
  const Json wrong[] = {with("id", "x"),
                        with("id", -1),
                        with("command", ""),
                        with("command", "."),
                        with("command", 1),
                        with("command", "a/"),
                        with("args", "x"),
                        with("args", Json::array({1})),
                        with("cwd", "relative"),
                        with("cwd", 5),
                        with("env", "A=1"),
                        with("timeout_ms", "1"),
                        with("timeout_ms", -1),
                        with("kill_signal", "TERM"),
                        with("output_max", 1 << 30),
                        with("encoding", "latin1"),
                        with("input", 5),
                        with("args", Json::array({std::string("a\0b", 3)})),
                        Json(nullptr),
                        Json(7)};
  for (const Json& arguments : wrong) expect_refused(Opcode::kExecRun, arguments, "");
  expect_refused(Opcode::kExecSpawn, script("true"), "stdio");
  expect_refused(Opcode::kExecSpawn, spawned("", {{"stdio", Json::array({"pipe"})}}), "stdio");
  expect_refused(Opcode::kExecNext, {{"id", 9}}, "no child 9");
  expect_refused(Opcode::kExecNext, Json::object(), "id");
  expect_refused(Opcode::kExecWrite, {{"id", 9}, {"data", "x"}, {"encoding", "utf8"}}, "no child");
  expect_refused(Opcode::kExecWrite, {{"id", 9}, {"data", "x"}}, "encoding");
  expect_refused(Opcode::kExecSignal, {{"id", 9}, {"signal", "NOPE"}}, "signal");
}

/// While it lives, the process gets no more descriptors than `more`.
class FewDescriptors {
 public:
  explicit FewDescriptors(rlim_t more) {
    getrlimit(RLIMIT_NOFILE, &before_);
    const int first_free = fcntl(0, F_DUPFD_CLOEXEC, 0);
    close(first_free);
    const rlimit few = {static_cast<rlim_t>(first_free) + more, before_.rlim_max};
    setrlimit(RLIMIT_NOFILE, &few);
  }
  ~FewDescriptors() { setrlimit(RLIMIT_NOFILE, &before_); }
  FewDescriptors(const FewDescriptors&) = delete;
  FewDescriptors& operator=(const FewDescriptors&) = delete;

 private:
  rlimit before_ = {};
};

TEST_F(ExecConnectorTest, WhatIsAskedOfAChildThatCouldNotBeMadeIsAnError) {
  EXPECT_EQ(run("exit 0")["code"], 0);  // the loop is there
  // Holds the loop, so that everything below comes to it in one turn.
  std::promise<void> go;
  const Json question = as_sent({{"id", 9}, {"signal", ""}});
  connector_->start({"ext", "/ext", "1"}, {1, Opcode::kExecSignal, question, 0},
                    Completion([held = go.get_future().share()](const Outcome&) { held.wait(); }));
  const Pending child = start(Opcode::kExecSpawn, spawned("cat"));
  const Pending asked[] = {
      start(Opcode::kExecWrite, {{"id", 1}, {"data", "x"}, {"encoding", "utf8"}}),
      start(Opcode::kExecEndInput, {{"id", 1}}), start(Opcode::kExecNext, {{"id", 1}})};
  const Pending again = start(Opcode::kExecRun, script("exit 0"));
  {
    const FewDescriptors none(0);
    go.set_value();
    EXPECT_NE(child.wait().message.find("EMFILE"), std::string::npos) << child.wait().message;
    for (const Pending& call : asked) {
      EXPECT_EQ(call.wait().code, Code::kInvalidArgument);
      EXPECT_EQ(call.wait().message, "exec: there is no child 1");
    }
    // The id is free at once; what stands in the way is the same as before.
    EXPECT_NE(again.wait().message.find("EMFILE"), std::string::npos) << again.wait().message;
  }
  EXPECT_EQ(run("exit 4")["code"], 4);
}

TEST_F(ExecConnectorTest, OnlyAStartNeedsDescriptors) {
  const FewDescriptors few(8);
  EXPECT_EQ(end(Opcode::kExecSignal, {{"id", 1}, {"signal", "SIGTERM"}}).value, false);
  expect_refused(Opcode::kExecNext, {{"id", 1}}, "no child 1");
  expect_refused(Opcode::kExecEndInput, {{"id", 1}}, "no child 1");
  expect_refused(Opcode::kExecWrite, {{"id", 1}, {"data", "x"}, {"encoding", "utf8"}}, "no child");
  EXPECT_EQ(end(Opcode::kExecRun, script("exit 0")).code, Code::kQuota);
}

TEST_F(ExecConnectorTest, ASpawnedChildTellsEverythingThenItsIdIsFree) {
  const Outcome started = end(Opcode::kExecSpawn, spawned("cat; echo err >&2; exit 4"));
  ASSERT_EQ(started.status, Status::kOk);
  EXPECT_GT(started.value["pid"].get<int>(), 1);
  EXPECT_EQ(
      end(Opcode::kExecWrite, {{"id", 1}, {"data", "aGk="}, {"encoding", "base64"}}).value["bytes"],
      2);
  expect_refused(Opcode::kExecSpawn, spawned(""), "id 1");
  EXPECT_EQ(end(Opcode::kExecEndInput, {{"id", 1}}).status, Status::kOk);
  const Story story = listen();
  EXPECT_EQ(story.output[1], "hi");
  EXPECT_EQ(story.output[2], "err\n");
  EXPECT_EQ(story.exit, Json({{"code", 4}, {"signal", nullptr}}));
  expect_refused(Opcode::kExecNext, {{"id", 1}}, "no child 1");
}

TEST_F(ExecConnectorTest, TenMegabytesGoThroughASpawnedChild) {
  ASSERT_EQ(end(Opcode::kExecSpawn, spawned("cat")).status, Status::kOk);
  std::string sent;
  for (int i = 0; sent.size() < 10'000'000; ++i) sent += static_cast<char>(i * 31 + i / 251);
  const Pending written =
      start(Opcode::kExecWrite, {{"id", 1}, {"data", to_base64(sent)}, {"encoding", "base64"}});
  EXPECT_FALSE(written.has_ended());
  static_cast<void>(start(Opcode::kExecEndInput, {{"id", 1}}));
  EXPECT_TRUE(listen().output[1] == sent);
  EXPECT_EQ(written.wait().value["bytes"], sent.size());
}

TEST_F(ExecConnectorTest, OutputThatNobodyTakesMakesTheChildWait) {
  ASSERT_EQ(end(Opcode::kExecSpawn, spawned("head -c 20000000 /dev/zero")).status, Status::kOk);
  // Its exit can only come after it has written all.
  EXPECT_EQ(end(Opcode::kExecSignal, {{"id", 1}, {"signal", ""}}).value, true);
  std::size_t largest = 0;
  std::size_t total = 0;
  for (bool is_over = false; !is_over;) {
    const Outcome outcome = end(Opcode::kExecNext, {{"id", 1}});
    ASSERT_EQ(outcome.status, Status::kOk) << outcome.message;
    std::size_t size = 0;
    for (const Json& event : outcome.value["events"]) {
      if (event.contains("data")) size += from_base64(event["data"].get<std::string>())->size();
      is_over = is_over || event.contains("exit");
    }
    largest = std::max(largest, size);
    total += size;
  }
  EXPECT_EQ(total, 20'000'000u);
  EXPECT_LE(largest, ExecSpawn::kKeptBytesMax + (std::size_t{512} << 10));
}

TEST_F(ExecConnectorTest, OneNextWaitsAtATime) {
  ASSERT_EQ(end(Opcode::kExecSpawn, spawned("exec sleep 100")).status, Status::kOk);
  const Pending waiting = start(Opcode::kExecNext, {{"id", 1}});
  expect_refused(Opcode::kExecNext, {{"id", 1}}, "waits already");
  connector_->drain();
  EXPECT_FALSE(waiting.has_ended());
  EXPECT_EQ(end(Opcode::kExecSignal, {{"id", 1}, {"signal", "SIGHUP"}}).value, true);
  EXPECT_EQ(waiting.wait().status, Status::kOk);
}

TEST_F(ExecConnectorTest, ChildrenBelongToOneExtensionAndAreBounded) {
  make({.children_max = 2});
  ASSERT_EQ(end(Opcode::kExecSpawn, spawned("sleep 100", {{"id", 1}})).status, Status::kOk);
  ASSERT_EQ(end(Opcode::kExecSpawn, spawned("sleep 100", {{"id", 2}})).status, Status::kOk);
  const Outcome third = end(Opcode::kExecRun, script("true", {{"id", 3}}));
  EXPECT_EQ(third.status, Status::kDenied);
  EXPECT_EQ(third.code, Code::kQuota);
  const Caller other = {"ext", "/ext", "2"};
  EXPECT_EQ(start(Opcode::kExecSignal, {{"id", 1}, {"signal", "SIGKILL"}}, other).wait().value,
            false);
  EXPECT_EQ(start(Opcode::kExecNext, {{"id", 1}}, other).wait().code, Code::kInvalidArgument);
  EXPECT_EQ(start(Opcode::kExecRun, script("true"), other).wait().status, Status::kOk);
}

TEST_F(ExecConnectorTest, TheEndOfAnExtensionIsTheEndOfAllItsProcesses) {
  const std::string sleep = "sleep 97" + std::to_string(getpid() % 100'000 + 100'000);
  const std::string mark = sleep.substr(6);
  ASSERT_EQ(end(Opcode::kExecSpawn,
                spawned("trap '' TERM; (setsid " + sleep + " &); echo made; " + sleep))
                .status,
            Status::kOk);
  ASSERT_EQ(end(Opcode::kExecSpawn, spawned("(setsid " + sleep + " >/dev/null 2>&1 &)",
                                            {{"id", 2}, {"detached", true}}))
                .status,
            Status::kOk);
  const Pending running = start(Opcode::kExecRun, script(sleep, {{"id", 3}}));
  while (processes_with(mark).size() < 4) usleep(1000);
  EXPECT_EQ(end(Opcode::kExecNext, {{"id", 1}}).status, Status::kOk);
  const Pending waiting = start(Opcode::kExecNext, {{"id", 1}});
  connector_->release({"ext", "/ext", "1"});
  EXPECT_TRUE(processes_with(mark).empty());
  EXPECT_EQ(waiting.wait().status, Status::kCancelled);
  EXPECT_EQ(running.wait().status, Status::kCancelled);
}

TEST_F(ExecConnectorTest, AChildThatStopsItsSupervisorStillEnds) {
  const Json done = run("kill -STOP $PPID; exec sleep 100", {{"timeout_ms", 50}});
  EXPECT_EQ(done["signal"], "SIGTERM");

  make({.patience = milliseconds(200)});
  const Pending never =
      start(Opcode::kExecRun, script("trap '' TERM; while :; do kill -STOP $PPID; done"));
  usleep(20'000);
  connector_->release({"ext", "/ext", "1"});
  EXPECT_EQ(never.wait().status, Status::kCancelled);
  EXPECT_EQ(end(Opcode::kExecSignal, {{"id", 1}, {"signal", ""}}).value, false);
}

TEST_F(ExecConnectorTest, WhatIsJudgedIsTheProgramOrAllWhenTheEnvironmentChoosesIt) {
  const auto target = [&](Json more) {
    Json arguments = script("");
    arguments["command"] = "true";
    arguments.update(more);
    const Need need = connector_->need({}, {1, Opcode::kExecRun, as_sent(arguments), 0});
    EXPECT_EQ(need.capability, Capability::kExec);
    return need.target;
  };
  EXPECT_EQ(target(Json::object()), "true");
  EXPECT_EQ(target({{"command", "no-such-program"}}), "no-such-program");
  EXPECT_EQ(target({{"command", "./x/../true"}, {"cwd", "/a"}}), "/a/true");
  EXPECT_EQ(target({{"command", "/usr/../bin/true"}}), "/bin/true");
  EXPECT_EQ(target({{"env", {{"PATH", "/usr/bin:/bin"}, {"A", "1"}}}}), "true");
  EXPECT_EQ(target({{"env", {{"PATH", "/usr/bin"}}}}), "");
  EXPECT_EQ(target({{"env", {{"PAGER", "x"}}}}), "");
  EXPECT_EQ(target({{"env", {{"npm_config_prefix", "x"}}}, {"command", "/bin/true"}}), "");
  EXPECT_EQ(connector_->need({}, {1, Opcode::kExecRun, script("", {{"id", "x"}}), 0}).capability,
            Capability::kNone);
  EXPECT_EQ(connector_->need({}, {1, Opcode::kExecNext, {{"id", 1}}, 0}).capability,
            Capability::kNone);
}

TEST_F(ExecConnectorTest, ABareNameIsLookedUpInTheChildsPath) {
  const auto directory = os::TemporaryDirectory::make("exec").value();
  const std::string own = directory->path() + "/true";
  std::ofstream(own) << "#!/bin/sh\necho mine\n";
  std::filesystem::permissions(own, std::filesystem::perms(0755));
  Json arguments = script("");
  arguments.update({{"command", "true"}, {"env", {{"PATH", directory->path() + ":/usr/bin"}}}});
  EXPECT_EQ(end(Opcode::kExecRun, arguments).value["stdout"], "mine\n");
  denied_ = os::canonical_path(own).value();
  EXPECT_EQ(end(Opcode::kExecRun, arguments).message, "denied: " + denied_);
}

TEST_F(ExecConnectorTest, ALinkIsNoWayAroundADenyRuleOrToAFolder) {
  const auto directory = os::TemporaryDirectory::make("exec").value();
  const std::string link = directory->path() + "/harmless";
  const std::string shell = os::canonical_path("/bin/sh").value();
  std::filesystem::create_symlink("/bin/sh", link);
  Json arguments = script("echo reached");
  arguments["command"] = link;
  EXPECT_EQ(end(Opcode::kExecRun, arguments).value["stdout"], "reached\n");
  denied_ = shell;
  EXPECT_EQ(end(Opcode::kExecRun, arguments).message, "denied: " + shell);

  const std::string folder = directory->path() + "/folder";
  std::filesystem::create_symlink("/usr/lib", folder);
  denied_ = os::canonical_path("/usr/lib").value();
  EXPECT_EQ(end(Opcode::kExecRun, script("pwd", {{"cwd", folder}})).message, "judged: " + denied_);
  EXPECT_EQ(end(Opcode::kExecRun, script("pwd", {{"cwd", directory->path()}})).value["stdout"],
            os::canonical_path(directory->path()).value() + "\n");
}

TEST_F(ExecConnectorTest, ManyAtOnceAreAllAnswered) {
  make({.children_max = 200});
  std::vector<Pending> runs;
  for (int i = 0; i < 200; ++i) {
    runs.push_back(start(Opcode::kExecRun, script("echo " + std::to_string(i), {{"id", i}})));
  }
  for (int i = 0; i < 200; ++i) {
    EXPECT_EQ(runs[static_cast<std::size_t>(i)].wait().value["stdout"], std::to_string(i) + "\n");
  }
}

}  // namespace
}  // namespace isopod::hostcall
