// SPDX-License-Identifier: MIT
#include "isopod/host.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <deque>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/json.h"
#include "isopod/user_interface.h"
#include "os/files.h"

namespace isopod {
namespace {

using std::chrono::milliseconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

/// A tool that answers with the text of a JavaScript expression.
std::string tool(const std::string& name, const std::string& expression) {
  return "pi.registerTool({ name: '" + name +
         "', label: '', description: '', parameters: { type: 'object' },"
         " execute: async (id, args, signal, update, ctx) => ({ content: [{ type: 'text',"
         " text: String(await (" +
         expression + ")) }], details: {} }) });";
}

/// A person who keeps every question until the test answers it.
class SlowPerson final : public UserInterface {
 public:
  void ask(const Prompt& prompt, std::function<void(PromptAnswer)> answer) override {
    const std::lock_guard lock(mutex_);
    prompts_.push_back(prompt);
    answers_.push_back(std::move(answer));
    asked_.notify_all();
  }
  void show(const Notice& notice) override {
    const std::lock_guard lock(mutex_);
    shown_.push_back(notice.extension + " " + notice.method + " " + notice.json);
  }
  /// The next question and the way to answer it.
  std::pair<Prompt, std::function<void(PromptAnswer)>> next() {
    std::unique_lock lock(mutex_);
    if (!asked_.wait_for(lock, std::chrono::minutes(1), [this] { return !answers_.empty(); })) {
      ADD_FAILURE() << "nobody asks";
      return {{}, [](const PromptAnswer&) {}};
    }
    auto question = std::pair(std::move(prompts_.front()), std::move(answers_.front()));
    prompts_.pop_front();
    answers_.pop_front();
    return question;
  }
  std::vector<std::string> shown() {
    const std::lock_guard lock(mutex_);
    return shown_;
  }

 private:
  std::mutex mutex_;  // guards the rest
  std::condition_variable asked_;
  std::deque<Prompt> prompts_;
  std::deque<std::function<void(PromptAnswer)>> answers_;
  std::vector<std::string> shown_;
};

class HostTest : public ::testing::Test {
 protected:
  void SetUp() override {
    directory_ = os::TemporaryDirectory::make("isopod-host-").value();
    const std::string top = os::canonical_path(directory_->path()).value();
    root_ = top + "/work";
    std::filesystem::create_directories(root_);
    options_ = {.project = root_, .user_home = top + "/home", .agent_dir = top + "/home/agent"};
    options_.limits.turn = milliseconds(60'000);
    options_.limits.settle = milliseconds(60'000);
    options_.limits.event_settle = milliseconds(60'000);
    options_.limits.load = milliseconds(60'000);
    options_.log = [this](auto level, auto source, auto text) {
      const std::lock_guard lock(mutex_);
      log_ += std::string(level) + " " + std::string(source) + " " + std::string(text) + "\n";
    };
  }
  void TearDown() override {
    if (!host_) return;
    expect_figures_add_up();
    host_.reset();
  }

  Host& host() {
    if (!host_) host_ = Host::create(options_).value();
    return *host_;
  }
  std::string at(const std::string& name) const { return root_ + "/" + name; }
  void write(const std::string& name, const std::string& text) {
    std::filesystem::create_directories(std::filesystem::path(at(name)).parent_path());
    std::ofstream(at(name)) << text;
  }
  /// Writes an extension with this factory body and loads it.
  ExtensionInfo load(const std::string& id, const std::string& body) {
    write(id + ".ts", "export default async (pi: any) => { " + body + " };");
    return host().load(at(id + ".ts"));
  }
  /// Loads one that must come up.
  void start(const std::string& id, const std::string& body) {
    const ExtensionInfo info = load(id, body);
    ASSERT_TRUE(info.ok) << info.error.describe();
  }
  /// The text of a tool's result, or "code: message".
  std::string call(const std::string& name, const std::string& arguments = "{}") {
    return text_of(host().call_tool(name, arguments));
  }
  static std::string text_of(const Result<std::string>& result) {
    if (!result) return std::string(to_string(result.error().code)) + ": " + result.error().message;
    return parse_json(*result).value()["content"][0]["text"];
  }
  Json emit(const std::string& type, const Json& event = Json::object()) {
    const auto value = host().emit(type, dump_json(event));
    EXPECT_TRUE(value.has_value()) << value.error().describe();
    return parse_json(value.value_or("null")).value();
  }
  std::string log() {
    const std::lock_guard lock(mutex_);
    return log_;
  }
  void expect_figures_add_up() {
    const HostcallFigures figures = host().hostcalls();
    EXPECT_EQ(figures.issued, figures.ok + figures.error + figures.denied + figures.timeout +
                                  figures.cancelled + figures.in_flight);
    EXPECT_EQ(figures.issued, figures.fast + figures.compat);
  }

  std::unique_ptr<os::TemporaryDirectory> directory_;
  std::string root_;
  HostOptions options_;
  std::mutex mutex_;  // guards log_
  std::string log_;
  std::unique_ptr<Host> host_;
};

// ---- creating ----

TEST_F(HostTest, OptionsThatCannotBeAreErrors) {
  HostOptions relative = options_;
  relative.project = "here";
  EXPECT_EQ(Host::create(relative).error().code, Code::kInvalidArgument);
  HostOptions profile = options_;
  profile.profile = "reckless";
  EXPECT_EQ(Host::create(profile).error().code, Code::kUsage);
  HostOptions grants = options_;
  grants.grants = {"read,fly"};
  EXPECT_EQ(Host::create(grants).error().code, Code::kUsage);
}

TEST_F(HostTest, AHostWithoutExtensionsHasNothing) {
  EXPECT_TRUE(host().extensions().empty());
  EXPECT_EQ(host().hostcalls().issued, 0U);
  EXPECT_EQ(call("any"), "not_found: Tool any not found; no loaded extension registers one");
  EXPECT_EQ(emit("turn_start", {{"n", 1}})["event"]["n"], 1);
}

// ---- loading ----

TEST_F(HostTest, ALoadedExtensionIsListedWithWhatItRegisters) {
  start("hello", tool("greet", "'hi'") + "pi.registerCommand('wave', { handler() {} });");
  const std::vector<ExtensionInfo> all = host().extensions();
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].id, "hello");
  EXPECT_EQ(all[0].path, at("hello.ts"));
  EXPECT_TRUE(all[0].ok);
  EXPECT_EQ(all[0].lane, "compat");
  EXPECT_EQ(all[0].lane_reason, "opcode_without_codec");
  EXPECT_GT(all[0].load_time.count(), 0);
  const Json registrations = parse_json(host().registrations("hello").value()).value();
  EXPECT_EQ(registrations["tools"][0]["name"], "greet");
  EXPECT_EQ(registrations["commands"][0]["name"], "wave");
  EXPECT_EQ(host().registrations("other").error().code, Code::kNotFound);
}

TEST_F(HostTest, AFailedExtensionStaysListedAndHarmsNoOther) {
  start("first", tool("one", "1"));
  EXPECT_EQ(load("throws", tool("one", "'stolen'") + "throw new Error('no luck');").error.code,
            Code::kLoadFailed);
  write("syntax.ts", "export default (pi) => { const = 1 };");
  EXPECT_EQ(host().load(at("syntax.ts")).error.code, Code::kSyntax);
  write("nothing.ts", "export const x = 1;");
  EXPECT_EQ(host().load(at("nothing.ts")).error.code, Code::kNoFactory);
  EXPECT_EQ(host().load(at("absent.ts")).error.code, Code::kNotFound);
  start("last", tool("two", "2"));
  EXPECT_EQ(call("one"), "1");
  EXPECT_EQ(call("two"), "2");
  std::vector<std::string> ids;
  for (const ExtensionInfo& info : host().extensions()) {
    ids.push_back(info.id + (info.ok ? "+" : "-"));
  }
  EXPECT_THAT(
      ids, ElementsAre("first+", "throws-", "syntax-", "nothing-", at("absent.ts") + "-", "last+"));
  EXPECT_EQ(host().registrations("throws").error().code, Code::kLoadFailed);
}

TEST_F(HostTest, ALoadThatLoopsOrNeverSettlesIsOutOfTime) {
  options_.limits.turn = milliseconds(100);
  options_.limits.load = milliseconds(300);
  const ExtensionInfo loops = load("loops", "for (;;);");
  EXPECT_EQ(loops.error.code, Code::kTimeout);
  EXPECT_THAT(loops.error.message, HasSubstr("ext.limits.turn_ms"));
  const ExtensionInfo hangs = load("hangs", "await new Promise(() => {});");
  EXPECT_EQ(hangs.error.code, Code::kTimeout);
  EXPECT_THAT(hangs.error.message, HasSubstr("ext.limits.load_ms"));
}

TEST_F(HostTest, APackageOfSeveralLoadsEach) {
  write("pkg/package.json", R"({"name":"pkg","pi":{"extensions":["a.ts","b.ts"]}})");
  write("pkg/a.ts", "export default (pi: any) => { " + tool("a", "'a'") + " };");
  write("pkg/b.ts", "export default (pi: any) => { " + tool("b", "'b'") + " };");
  EXPECT_TRUE(host().load(at("pkg")).ok);
  EXPECT_EQ(call("a") + call("b"), "ab");
  EXPECT_EQ(host().extensions()[0].id, "pkg/a");
}

TEST_F(HostTest, OfAPackageTheFirstThatFailedIsTold) {
  write("pkg/package.json", R"({"name":"pkg","pi":{"extensions":["a.ts","b.ts","c.ts"]}})");
  write("pkg/a.ts", "export default (pi: any) => { " + tool("a", "'a'") + " };");
  write("pkg/b.ts", "throw new Error('b broke');");
  write("pkg/c.ts", "export default (pi: any) => { " + tool("c", "'c'") + " };");
  const ExtensionInfo info = host().load(at("pkg"));
  EXPECT_FALSE(info.ok);
  EXPECT_EQ(info.id, "pkg/b");
  EXPECT_EQ(call("a") + call("c"), "ac");
}

TEST_F(HostTest, GrantsHoldForNamedExtensionsOnly) {
  options_.grants = {"read"};
  const std::string outside = directory_->path() + "/outside.ts";
  std::ofstream(outside) << "export const x = 'read';";
  const std::string read = "import('" + outside + "').then((m) => m.x, (error) => error.message)";
  write("found.ts", "export default (pi: any) => { " + tool("found", read) + " };");
  ASSERT_TRUE(host().load(at("found.ts"), Host::Origin::kDiscovered).ok);
  start("named", tool("named", read));
  EXPECT_EQ(call("named"), "read");
  EXPECT_THAT(call("found"), HasSubstr("read"));
  EXPECT_NE(call("found"), "read");
}

TEST_F(HostTest, TheSameIdTwiceIsNumbered) {
  start("same", tool("one", "1"));
  EXPECT_EQ(host().load(at("same.ts")).id, "same-2");
  EXPECT_EQ(host().load(at("same.ts")).id, "same-3");
  EXPECT_EQ(call("one"), "1");
}

TEST_F(HostTest, ExtensionsLoadedAtOnceHaveIdsOfTheirOwn) {
  write("same.ts", "export default (pi: any) => { pi.on('ping', () => {}); };");
  Host& shared = host();
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] { EXPECT_TRUE(shared.load(at("same.ts")).ok); });
  }
  for (auto& thread : threads) thread.join();
  std::set<std::string> ids;
  for (const ExtensionInfo& info : host().extensions()) ids.insert(info.id);
  EXPECT_EQ(ids.size(), 8U);
}

// ---- calling ----

TEST_F(HostTest, UnknownNamesComeWithTheNearest) {
  start("names", tool("search_files", "1") + "pi.registerCommand('deploy', { handler() {} });");
  EXPECT_EQ(call("serch_files"),
            "not_found: Tool serch_files not found; did you mean search_files?");
  EXPECT_EQ(call("zzz"), "not_found: Tool zzz not found; there are: search_files");
  EXPECT_EQ(host().run_command("/deplyo now").error().message,
            "Command /deplyo not found; did you mean deploy?");
}

TEST_F(HostTest, ArgumentsMustBeJson) {
  start("one", tool("echo", "JSON.stringify(args)"));
  EXPECT_EQ(call("echo", R"({"a":[1,"x"]})"), R"({"a":[1,"x"]})");
  EXPECT_THAT(call("echo", "{"), HasSubstr("invalid_argument: the tool's arguments are"));
  EXPECT_EQ(host().emit("turn_start", "[]").error().code, Code::kInvalidArgument);
  EXPECT_EQ(host().emit("turn_start", "{").error().code, Code::kInvalidArgument);
}

TEST_F(HostTest, AToolThatThrowsGivesAnErrorResultAndACommandThatThrowsAnError) {
  start("bad",
        tool("throws", "(() => { throw new Error('broken'); })()") +
            "pi.registerCommand('throws', { handler() { throw new Error('broken too'); } });");
  const Json result = parse_json(host().call_tool("throws", "{}").value()).value();
  EXPECT_EQ(result["isError"], true);
  EXPECT_EQ(result["content"][0]["text"], "broken");
  const Result<> command = host().run_command("throws");
  ASSERT_FALSE(command.has_value());
  EXPECT_EQ(command.error().code, Code::kException);
  EXPECT_EQ(command.error().message, "broken too");
  EXPECT_EQ(command.error().where.file, at("bad.ts"));
}

TEST_F(HostTest, CommandsGetTheTextAfterTheirName) {
  start("commands",
        "let said = []; pi.registerCommand('say', { handler: async (args: string) => {"
        " said.push(args); } });" +
            tool("said", "JSON.stringify(said)"));
  for (const char* text : {"/say", "say a  b ", "/say /say"}) {
    EXPECT_TRUE(host().run_command(text).has_value()) << text;
  }
  EXPECT_EQ(call("said"), R"(["","a  b ","/say"])");
  EXPECT_EQ(host().run_command("").error().code, Code::kNotFound);
}

TEST_F(HostTest, EventsAreComposedInLoadOrderAndErrorsAreListed) {
  start("one",
        "pi.on('tool_call', (event: any) => { event.input.seen = ['one']; });"
        "pi.on('turn_start', () => { throw new Error('handler broke'); });");
  start("two",
        "pi.on('tool_call', (event: any) => { event.input.seen.push('two');"
        " return { block: true, reason: 'no' }; });");
  start("three", "pi.on('tool_call', (event: any) => { event.input.seen.push('three'); });");
  const Json blocked = emit("tool_call", {{"type", "tool_call"}, {"input", Json::object()}});
  EXPECT_EQ(blocked["result"]["block"], true);
  EXPECT_EQ(dump_json(blocked["event"]["input"]["seen"]), R"(["one","two"])");
  EXPECT_EQ(emit("turn_start")["errors"].size(), 1U);
}

// ---- limits and faults ----

TEST_F(HostTest, AToolThatLoopsEndsItsExtensionOnly) {
  options_.limits.turn = milliseconds(100);
  start("loops", tool("loop", "(() => { for (;;); })()") + tool("other", "1"));
  start("good", tool("good", "'fine'"));
  EXPECT_THAT(call("loop"), HasSubstr("timeout: "));
  EXPECT_THAT(call("other"), HasSubstr("faulted: the extension loops was ended after a fault"));
  EXPECT_EQ(call("good"), "fine");
}

TEST_F(HostTest, AToolThatNeverSettlesIsOutOfTimeAndAborted) {
  options_.limits.settle = milliseconds(200);
  start("hangs", "let aborted = false;" +
                     tool("hang",
                          "new Promise(() => signal.addEventListener('abort', () => { aborted ="
                          " true; }))") +
                     tool("aborted", "aborted"));
  EXPECT_EQ(call("hang"),
            "timeout: the tool hang of hangs did not finish within 200 ms (ext.limits.settle_ms)");
  EXPECT_EQ(call("aborted"), "true");
}

TEST_F(HostTest, EachExtensionHasItsOwnLimits) {
  options_.limits_of = [limits = options_.limits](std::string_view id) {
    ExtensionLimits own = limits;
    if (id == "small") own.timers = 2;
    return own;
  };
  const std::string timers =
      tool("ID",
           "(() => { try { for (let i = 0; i < 3; i++) setTimeout(() => {}, 1e6); return"
           " 'all'; } catch (error) { return (error as any).code; } })()");
  start("small", std::string(timers).replace(timers.find("ID"), 2, "small"));
  start("large", std::string(timers).replace(timers.find("ID"), 2, "large"));
  EXPECT_EQ(call("small"), "quota");
  EXPECT_EQ(call("large"), "all");
}

TEST_F(HostTest, AHeapLimitEndsTheExtensionWithMemory) {
  options_.limits.heap_bytes = std::size_t{16} << 20;
  start("eats", tool("eat",
                     "(() => { const all = []; for (;;) all.push(new Array(1000).fill(1));"
                     " })()"));
  EXPECT_THAT(call("eat"), HasSubstr("memory: "));
  EXPECT_THAT(call("eat"), HasSubstr("faulted: "));
}

TEST_F(HostTest, ErrorsOutsideCallsAreLoggedWithTheirExtension) {
  start("late", tool("start", "void setTimeout(() => { throw new Error('in a timer'); }, 1)") +
                    tool("wait", "new Promise((resolve) => setTimeout(resolve, 50))"));
  call("start");
  call("wait");
  EXPECT_THAT(log(), HasSubstr("error late in a timer"));
}

// ---- a person ----

TEST_F(HostTest, PromptsReachThePersonAndTimeStandsStill) {
  SlowPerson person;
  options_.user_interface = &person;
  options_.limits.settle = milliseconds(100);
  start("asks", tool("ask", "ctx.ui.select('Which?', ['red', 'green'])"));
  std::thread answering([&] {
    const auto [prompt, answer] = person.next();
    EXPECT_EQ(prompt.extension, "asks");
    EXPECT_EQ(prompt.title, "Which?");
    EXPECT_THAT(prompt.options, ElementsAre("red", "green"));
    std::this_thread::sleep_for(milliseconds(300));
    answer({.given = true, .confirmed = false, .text = "green"});
  });
  EXPECT_EQ(call("ask"), "green");
  answering.join();
  host_.reset();
}

TEST_F(HostTest, NoticesAreShownAndNobodyIsAskedWithoutAPerson) {
  start("alone", tool("ask", "ctx.ui.confirm('Sure?', 'Really?')"));
  EXPECT_EQ(call("ask"), "false");
  host_.reset();
  SlowPerson person;
  options_.user_interface = &person;
  start("shows", tool("show", "(ctx.ui.notify('done', 'warning'), 1)"));
  EXPECT_EQ(call("show"), "1");
  host().shutdown();
  ASSERT_EQ(person.shown().size(), 1U);
  EXPECT_THAT(person.shown()[0], HasSubstr("shows notify {"));
  host_.reset();
}

TEST_F(HostTest, AnAnswerAfterTheHostIsGoneHarmsNobody) {
  SlowPerson person;
  options_.user_interface = &person;
  options_.drain = milliseconds(0);
  start("asks", tool("ask", "(ctx.ui.confirm('Sure?', 'Really?'), 'asked')"));
  EXPECT_EQ(call("ask"), "asked");
  const auto [prompt, answer] = person.next();
  EXPECT_EQ(host().hostcalls().in_flight, 1U);
  host_.reset();
  answer({.given = true, .confirmed = true, .text = {}});
  EXPECT_EQ(prompt.kind, Prompt::Kind::kConfirm);
}

// ---- policy and figures ----

TEST_F(HostTest, FiguresAddUpAndNameTheCodesOfFailures) {
  start("busy", tool("busy",
                     "(async () => { for (let i = 0; i < 20; i++) pi.appendEntry('t', { i });"
                     " for (let i = 0; i < 3; i++) try { pi.setLabel('nope', 'l'); } catch {}"
                     " console.log('line'); try { await import('/etc/passwd'); } catch {}"
                     " return ctx.sessionManager.getEntries().length; })()"));
  EXPECT_EQ(call("busy"), "20");
  host().shutdown();
  const HostcallFigures figures = host().hostcalls();
  EXPECT_EQ(figures.in_flight, 0U);
  EXPECT_GE(figures.ok, 21U);
  EXPECT_GE(figures.denied, 1U);
  EXPECT_EQ(figures.by_code.at("denied"), figures.denied);
  std::uint64_t failures = 0;
  for (const auto& [code, count] : figures.by_code) failures += count;
  EXPECT_EQ(failures, figures.issued - figures.ok);
  EXPECT_EQ(figures.compat, figures.issued);
}

TEST_F(HostTest, RefusedCallsCountAsIssuedAndEnded) {
  options_.limits.pending_calls = 4;
  SlowPerson person;
  options_.user_interface = &person;
  start("floods", tool("flood",
                       "(async () => { const said: any = {}; const all = [];"
                       " for (let i = 0; i < 10; i++) all.push(ctx.ui.input('n' + i).then((value:"
                       " any) => { said[value] = (said[value] ?? 0) + 1; }, (error: any) => {"
                       " said[error.code] = (said[error.code] ?? 0) + 1; }));"
                       " await Promise.all(all); return JSON.stringify(said); })()"));
  std::thread answering([&] {
    for (int i = 0; i < 4; ++i) {
      person.next().second({.given = true, .confirmed = false, .text = "ok"});
    }
  });
  EXPECT_EQ(call("flood"), R"({"backpressure":6,"ok":4})");
  answering.join();
  EXPECT_EQ(host().hostcalls().by_code.at("backpressure"), 6U);
  expect_figures_add_up();
  host_.reset();
}

// ---- many threads ----

TEST_F(HostTest, CallsFromManyThreadsAtOnce) {
  for (int i = 0; i < 4; ++i) {
    const std::string n = std::to_string(i);
    start("ext" + n, "let calls = 0;" +
                         tool("tool" + n,
                              "(async () => { pi.appendEntry('e', {});"
                              " await null; return args.n + ++calls * 0;"
                              " })()") +
                         "pi.on('turn_start', () => {}); pi.registerCommand('c" + n +
                         "', { handler() {} });");
  }
  Host& shared = host();
  std::atomic<int> wrong = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&, t] {
      for (int round = 0; round < 25; ++round) {
        const std::string n = std::to_string((t + round) % 4);
        const std::string value = std::to_string(t * 1000 + round);
        if (text_of(shared.call_tool("tool" + n, "{\"n\":" + value + "}")) != value) ++wrong;
        if (!shared.run_command("c" + n)) ++wrong;
        if (round % 5 == 0 && !shared.emit("turn_start", "{}")) ++wrong;
        const HostcallFigures figures = shared.hostcalls();
        if (figures.issued < figures.ok + figures.in_flight) ++wrong;
        if (shared.extensions().size() != 4) ++wrong;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
  EXPECT_GE(host().hostcalls().ok, 200U);
}

// ---- shutting down ----

TEST_F(HostTest, AfterShutdownEverythingIsRefusedAndTheListStays) {
  start("one", tool("one", "1") + "pi.on('session_shutdown', () => console.log('bye'));" +
                   "pi.registerCommand('c', { handler() {} });");
  host().shutdown();
  host().shutdown();
  EXPECT_THAT(log(), HasSubstr("one bye"));
  EXPECT_THAT(call("one"), HasSubstr("shutting_down: "));
  EXPECT_EQ(host().run_command("c").error().code, Code::kShuttingDown);
  EXPECT_EQ(host().emit("turn_start", "{}").error().code, Code::kShuttingDown);
  EXPECT_EQ(load("two", "").error.code, Code::kShuttingDown);
  EXPECT_EQ(host().extensions().size(), 2U);
  EXPECT_TRUE(host().registrations("one").has_value());
  EXPECT_EQ(host().hostcalls().in_flight, 0U);
}

TEST_F(HostTest, ShutdownEndsCallsThatRun) {
  options_.drain = milliseconds(10);
  start("hangs", tool("hang", "(console.log('hanging'), new Promise(() => {}))"));
  start("loops", tool("loop", "(async () => { console.log('looping'); await null; for (;;); })()"));
  Host& shared = host();
  std::vector<std::string> ended(2);
  std::thread hanging([&] { ended[0] = text_of(shared.call_tool("hang", "{}")); });
  std::thread looping([&] { ended[1] = text_of(shared.call_tool("loop", "{}")); });
  while (log().find("hanging") == std::string::npos || log().find("looping") == std::string::npos) {
    std::this_thread::sleep_for(milliseconds(1));
  }
  shared.shutdown();
  hanging.join();
  looping.join();
  EXPECT_THAT(ended[0], HasSubstr("cancelled: "));
  EXPECT_THAT(ended[1], HasSubstr("cancelled: "));
}

TEST_F(HostTest, ShutdownWhileManyThreadsCall) {
  start("busy",
        tool("busy", "(async () => { pi.appendEntry('e', {}); await null; return 'ok'; })()"));
  Host& shared = host();
  std::atomic<int> odd = 0;
  std::atomic<int> served = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&] {
      for (;;) {
        const auto result = shared.call_tool("busy", "{}");
        if (result) {
          ++served;
          continue;
        }
        const Code code = result.error().code;
        if (code != Code::kShuttingDown && code != Code::kCancelled) ++odd;
        return;
      }
    });
  }
  while (served < 50) std::this_thread::sleep_for(milliseconds(1));
  shared.shutdown();
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(odd, 0);
}

TEST_F(HostTest, ShutdownEndsAnExtensionThatIsLoading) {
  options_.limits.load = std::chrono::minutes(10);
  Host& shared = host();
  ExtensionInfo info;
  write("slow.ts",
        "console.log('body'); await new Promise(() => {}); export default (pi: any) => {};");
  std::thread loading([&] { info = shared.load(at("slow.ts")); });
  while (log().find("body") == std::string::npos) std::this_thread::sleep_for(milliseconds(1));
  shared.shutdown();
  loading.join();
  EXPECT_FALSE(info.ok);
  EXPECT_EQ(info.error.code, Code::kShuttingDown);
  EXPECT_EQ(host().hostcalls().in_flight, 0U);
  EXPECT_GE(host().hostcalls().issued, 2U);
}

}  // namespace
}  // namespace isopod
