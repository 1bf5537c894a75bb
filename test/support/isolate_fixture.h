// SPDX-License-Identifier: MIT
#pragma once

#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/random.h"
#include "engine/module.h"
#include "engine_fixture.h"
#include "isolate/native_api.h"
#include "isolate/options.h"
#include "isolate/turn_loop.h"
#include "modules/builtins.h"
#include "protocol/compat_codec.h"
#include "protocol/port.h"

namespace isopod::isolate::testing {

using engine::testing::StepClock;

/// The bytes 1, 2, 3... over and over.
class CountingRandom final : public Random {
 public:
  void fill(std::span<std::uint8_t> bytes) override {
    for (std::uint8_t& byte : bytes) byte = ++last_;
  }

 private:
  std::uint8_t last_ = 0;
};

/// The host's side of an isolate as a script, on the isolate's own thread. `take` gives the
/// messages in order; with none left it moves the clock to the deadline, so that timers run
/// without waiting, and says Stop when nothing can ever happen again. Every message goes through
/// bytes, because the two sides share nothing.
class ScriptedPort final : public protocol::IsolatePort {
 public:
  explicit ScriptedPort(StepClock& clock) : clock_(clock) {}

  /// Called for each hostcall that was taken; may `send`.
  std::function<void(const protocol::Hostcall&)> on_hostcall = {};
  std::function<void(const protocol::Answer&)> on_answer = {};
  /// While set, every hostcall is refused with it.
  std::optional<Error> refusal = {};
  /// How long each message to the isolate travels.
  std::chrono::nanoseconds transit{};
  /// After so many deadlines that passed without a message the script ends.
  int deadlines_max = 1000;

  std::vector<protocol::Hostcall> hostcalls = {};
  std::vector<protocol::Answer> answers = {};
  std::vector<Error> reports = {};
  int stopped = 0;

  void send(const protocol::ToIsolate& message) {
    incoming_.push_back(protocol::compat::encode(message));
  }
  /// The one answer of a request, or a failure that says how many there were.
  Result<Json> answer_of(std::uint64_t request) const {
    Result<Json> value = fail(Code::kInternal, "no answer");
    int count = 0;
    for (const protocol::Answer& answer : answers) {
      if (answer.request != request) continue;
      value = answer.value;
      ++count;
    }
    EXPECT_EQ(count, 1) << "answers to request " << request;
    return value;
  }

  Result<> submit(const protocol::Hostcall& call) override {
    if (refusal) return fail(*refusal);
    hostcalls.push_back(std::get<protocol::Hostcall>(through_bytes(call)));
    if (on_hostcall) on_hostcall(protocol::Hostcall(hostcalls.back()));
    return {};
  }
  void tell(const protocol::Answer& answer) override {
    answers.push_back(std::get<protocol::Answer>(through_bytes(answer)));
    if (on_answer) on_answer(protocol::Answer(answers.back()));
  }
  void tell(const protocol::Report& report) override {
    reports.push_back(std::get<protocol::Report>(through_bytes(report)).error);
  }
  void tell(const protocol::Stopped&) override { ++stopped; }
  std::optional<protocol::ToIsolate> take(MonotonicTime deadline) override {
    if (!incoming_.empty()) {
      const std::string text = std::move(incoming_.front());
      incoming_.pop_front();
      clock_.advance(transit);
      return protocol::compat::decode_to_isolate(text).value();
    }
    if (deadline == MonotonicTime::max() || ++deadlines_ > deadlines_max) return protocol::Stop{};
    if (deadline > clock_.monotonic()) clock_.advance(deadline - clock_.monotonic());
    return std::nullopt;
  }

 private:
  static protocol::ToHost through_bytes(const protocol::ToHost& message) {
    return protocol::compat::decode_to_host(protocol::compat::encode(message)).value();
  }

  StepClock& clock_;
  std::deque<std::string> incoming_;
  int deadlines_ = 0;
};

/// A prelude made for a test: the built-in "isopod:core" with everything of "isopod:native"
/// imported by name, and "lib", which exports `shared`.
class TestPrelude {
 public:
  explicit TestPrelude(const std::string& boot_source) {
    std::string imports;
    for (const std::string& name : NativeApi::names()) imports += name + ", ";
    core_ =
        compile("isopod:core", "import { " + imports + "} from 'isopod:native'; " + boot_source);
    lib_ = compile("lib", "export const shared = { name: 'lib' };");
    builtins_ = {modules::Builtin{"isopod:core", core_, {}}, modules::Builtin{"lib", lib_, kNames}};
  }
  TestPrelude(const TestPrelude&) = delete;
  TestPrelude& operator=(const TestPrelude&) = delete;

  const modules::BuiltinTable& table() const { return table_; }

 private:
  /// Imports are resolved when the bytecode is linked, in the isolate.
  struct EmptySource final : engine::ModuleSource {
    Result<std::string> resolve(engine::Context&, const std::string&,
                                const std::string& specifier) override {
      return specifier;
    }
    Result<engine::Module> load(engine::Context& context, const std::string& name) override {
      return engine::Module::native(context, name, {},
                                    [](engine::Context&) { return std::vector<engine::Value>(); });
    }
  };
  static engine::Bytecode compile(const std::string& name, const std::string& source) {
    const SystemClock clock;
    auto runtime = engine::Runtime::create({.clock = &clock}).value();
    auto context = engine::Context::create(*runtime).value();
    EmptySource nothing;
    context->set_module_source(nothing);
    return engine::Module::compile(*context, {source, name}).value().bytecode(*context).value();
  }

  static constexpr std::array<std::string_view, 1> kNames = {"shared"};
  engine::Bytecode core_;
  engine::Bytecode lib_;
  std::array<modules::Builtin, 2> builtins_ = {};
  modules::BuiltinTable table_{builtins_, {}};
};

/// A turn loop on the test's own thread, with a clock that stands still unless a timer is waited
/// for. Send messages to `port_`, then `run`.
class TurnLoopTest : public ::testing::Test {
 protected:
  /// Runs `source` as the prelude.
  Result<> boot(const std::string& source, Limits limits = {}) {
    loop_.reset();
    prelude_ = std::make_unique<TestPrelude>(source);
    options_ = {.name = "test",
                .limits = limits,
                .builtins = &prelude_->table(),
                .info = {{"mode", "print"}, {"pid", 7}},
                .clock = &clock_,
                .random = &random_};
    loop_ = std::make_unique<TurnLoop>(options_, port_);
    return loop_->boot();
  }
  /// As `boot`, for preludes that must come up.
  void start(const std::string& source, Limits limits = {}) {
    const Result<> booted = boot(source, limits);
    ASSERT_TRUE(booted.has_value()) << booted.error().describe();
  }
  /// Until the script of `port_` is over; the fault, if the isolate had one.
  std::optional<Error> run() { return loop_->run(); }

  void request(std::uint64_t id, Json payload = nullptr, std::string kind = "do") {
    port_.send(protocol::Request{id, std::move(kind), std::move(payload)});
  }
  /// The answer of a prelude to one request with this payload.
  Result<Json> ask(Json payload = nullptr) {
    const std::uint64_t id = ++asked_;
    request(id, std::move(payload));
    EXPECT_EQ(run().value_or(Error{.message = "no fault"}).message, "no fault");
    return port_.answer_of(id);
  }
  /// What a script that is the body of the request handler answers, in a new isolate.
  Result<Json> answer_to(const std::string& body, Json payload = nullptr) {
    start("onRequest((kind, payload, id) => { " + body + " });");
    return ask(std::move(payload));
  }

  StepClock clock_;
  CountingRandom random_;
  ScriptedPort port_{clock_};
  std::unique_ptr<TestPrelude> prelude_;
  Options options_;
  std::unique_ptr<TurnLoop> loop_;
  std::uint64_t asked_ = 0;
};

}  // namespace isopod::isolate::testing
