// SPDX-License-Identifier: MIT
#include "hostcall/exec_connector.h"

#include <cerrno>
#include <optional>
#include <thread>
#include <utility>

#include "os/call_error.h"
#include "os/files.h"
#include "os/program.h"

namespace isopod::hostcall {

using protocol::Capability;
using protocol::Hostcall;
using protocol::Opcode;

namespace {

/// How often an end is looked for that cannot say itself when it comes.
constexpr std::chrono::milliseconds kLookAgain{5};

bool is_start(Opcode opcode) { return opcode == Opcode::kExecRun || opcode == Opcode::kExecSpawn; }

std::string key_of(const Caller& caller) { return caller.extension + '\n' + caller.instance; }

/// To signal a child that is over is no mistake, only late; the other calls need one.
void no_child(Opcode opcode, std::uint64_t id, Completion completion) {
  if (opcode == Opcode::kExecSignal) return std::move(completion).ok(false);
  std::move(completion)
      .failed({Code::kInvalidArgument, "exec: there is no child " + std::to_string(id), {}, {}});
}

}  // namespace

Need ExecConnector::need(const Caller&, const Hostcall& call) const {
  if (!is_start(call.opcode)) return {};
  const Result<ExecCall> read = read_exec_call(call, options_.surroundings);
  // What cannot be read is not started either; `start` says what is wrong with it.
  if (!read) return {};
  return {Capability::kExec, exec_target(*read)};
}

void ExecConnector::start(const Caller& caller, const Hostcall& call, Completion completion) {
  if (is_start(call.opcode)) return launch(caller, call, std::move(completion));
  manage(caller, call, std::move(completion));
}

Result<os::EventLoop*> ExecConnector::loop() {
  const std::lock_guard lock(mutex_);
  if (!loop_) {
    auto started = os::EventLoop::start("isopod-exec");
    if (!started) return fail(std::move(started.error()));
    loop_ = *std::move(started);
  }
  return loop_.get();
}

os::EventLoop* ExecConnector::started_loop() {
  const std::lock_guard lock(mutex_);
  return loop_.get();
}

// ---- starting ----

Result<> ExecConnector::judge_directory(const Caller& caller, ExecCall& call) const {
  if (!call.directory || *call.directory == options_.surroundings.directory) return {};
  const std::string& directory = *call.directory;
  const auto may_read = [&](const std::string& path) {
    return options_.rules.judge(caller, {Capability::kRead, path});
  };
  if (Result<> allowed = may_read(directory); !allowed) return allowed;
  const Result<os::FileKind> kind = os::file_kind(directory);
  const auto refused = [&directory](int number) {
    return fail(os::call_error(number, {"chdir", directory}));
  };
  if (!kind) return refused(EACCES);
  if (*kind == os::FileKind::kAbsent) return refused(ENOENT);
  if (*kind != os::FileKind::kDirectory) return refused(ENOTDIR);
  Result<std::string> real = os::canonical_path(directory);
  if (!real) return refused(EACCES);
  if (Result<> allowed = may_read(*real); !allowed) return allowed;
  // The directory that was judged is the one that is entered, wherever links lead by then.
  call.child.directory = *std::move(real);
  return {};
}

Result<> ExecConnector::judge(const Caller& caller, ExecCall& call) const {
  if (Result<> allowed = judge_directory(caller, call); !allowed) return allowed;
  Result<std::string> program = find_exec_program(call);
  if (!program) return fail(std::move(program.error()));
  const Result<std::string> real = os::canonical_path(*program);
  if (real) {
    if (Result<> allowed = options_.rules.check_denied(caller, *real); !allowed) return allowed;
  }
  call.child.program = *std::move(program);
  return {};
}

void ExecConnector::launch(const Caller& caller, const Hostcall& call, Completion completion) {
  Result<ExecCall> read = read_exec_call(call, options_.surroundings);
  if (!read) return std::move(completion).failed(read.error());
  read->reply_max = options_.payload_bytes_max;
  if (Result<> allowed = judge(caller, *read); !allowed) {
    return std::move(completion).failed(allowed.error());
  }
  const Result<os::EventLoop*> event_loop = loop();
  if (!event_loop) return std::move(completion).failed(event_loop.error());
  struct Start {
    std::string key;
    ExecCall call;
    Completion completion;
    bool is_run;
  };
  // Shared because functions must be copyable; nobody else holds it.
  auto held = std::make_shared<Start>(Start{key_of(caller), *std::move(read), std::move(completion),
                                            call.opcode == Opcode::kExecRun});
  (*event_loop)->post([this, held, event_loop = *event_loop] {
    Family& family = families_[held->key];
    const std::uint64_t id = held->call.id;
    if (Result<> admitted = admit(family, id); !admitted) {
      return std::move(held->completion).failed(admitted.error());
    }
    const os::ChildOptions child_options = held->call.child;
    auto settled = [this, key = held->key] { clean(key); };
    std::shared_ptr<ExecChild> child;
    if (held->is_run) {
      child = std::make_shared<ExecRun>(*event_loop, std::move(held->call),
                                        std::move(held->completion), std::move(settled));
    } else {
      child = std::make_shared<ExecSpawn>(*event_loop, held->call, std::move(held->completion),
                                          std::move(settled));
    }
    family.named.insert_or_assign(id, child);
    family.all.push_back(child);
    child->begin(child_options);
  });
}

Result<> ExecConnector::admit(const Family& family, std::uint64_t id) const {
  const auto other = family.named.find(id);
  if (other != family.named.end() && other->second->is_named()) {
    return fail(Code::kInvalidArgument,
                "exec: the id " + std::to_string(id) + " is that of a child that is not over");
  }
  if (family.all.size() >= options_.children_max) {
    return fail(Code::kQuota, "exec: the extension has " + std::to_string(family.all.size()) +
                                  " children already, and may have no more at a time");
  }
  return {};
}

// ---- what is asked of a child ----

void ExecConnector::manage(const Caller& caller, const Hostcall& call, Completion completion) {
  const FsArguments arguments(protocol::info(call.opcode).name, call.arguments);
  const Result<std::uint64_t> id = arguments.required_number("id", FsArguments::kOffsetMax);
  if (!id) return std::move(completion).failed(id.error());
  std::string text;
  if (call.opcode == Opcode::kExecWrite || call.opcode == Opcode::kExecSignal) {
    Result<std::string> given =
        call.opcode == Opcode::kExecWrite ? arguments.data() : arguments.text("signal");
    if (!given) return std::move(completion).failed(given.error());
    text = *std::move(given);
  }
  const int number = call.opcode == Opcode::kExecSignal ? os::signal_number(text) : 0;
  if (call.opcode == Opcode::kExecSignal && number == 0 && !text.empty()) {
    return std::move(completion)
        .failed(Error(arguments.wrong("signal must be the name of a signal, or empty").value()));
  }
  os::EventLoop* const event_loop = started_loop();
  // Without a loop nothing was ever started, and nothing is started for a question.
  if (event_loop == nullptr) return no_child(call.opcode, *id, std::move(completion));
  const auto held = std::make_shared<Completion>(std::move(completion));
  event_loop->post([this, held, key = key_of(caller), id = *id, opcode = call.opcode,
                    text = std::move(text), number]() mutable {
    const std::shared_ptr<ExecChild> child = find(key, id);
    if (!child) return no_child(opcode, id, std::move(*held));
    if (opcode == Opcode::kExecSignal) {
      const bool is_asked_only = number == 0;
      return std::move(*held).ok(is_asked_only ? child->is_running() : child->signal(number));
    }
    if (opcode == Opcode::kExecNext) return child->next(std::move(*held));
    if (opcode == Opcode::kExecWrite) return child->write(std::move(text), std::move(*held));
    child->end_input(std::move(*held));
  });
}

std::shared_ptr<ExecChild> ExecConnector::find(const std::string& key, std::uint64_t id) {
  const auto family = families_.find(key);
  if (family == families_.end()) return nullptr;
  const auto child = family->second.named.find(id);
  // One that has lost its name stays in the map until `clean` runs.
  const bool is_there = child != family->second.named.end() && child->second->is_named();
  return is_there ? child->second : nullptr;
}

void ExecConnector::clean(const std::string& key) {
  const auto found = families_.find(key);
  if (found == families_.end()) return;
  Family& family = found->second;
  std::erase_if(family.named, [](const auto& entry) { return !entry.second->is_named(); });
  // A child that is over but still has a name keeps its output for `exec.next`.
  std::erase_if(family.all,
                [](const auto& child) { return child->is_gone() && !child->is_named(); });
  if (family.all.empty()) families_.erase(found);
}

// ---- the end ----

void ExecConnector::end_family(const std::string& key) {
  const auto found = families_.find(key);
  if (found == families_.end()) return;
  // A copy: a child that ends at once changes the family.
  const std::vector<std::shared_ptr<ExecChild>> children = found->second.all;
  for (const auto& child : children) child->release(options_.grace);
}

void ExecConnector::release_all(const std::vector<std::string>& keys) {
  loop_->run([this, &keys] {
    for (const std::string& key : keys) end_family(key);
  });
  const auto is_over = [this, &keys] {
    bool over = true;
    loop_->run([this, &keys, &over] {
      for (const std::string& key : keys) over = over && !families_.contains(key);
    });
    return over;
  };
  const auto deadline = std::chrono::steady_clock::now() + options_.patience;
  while (!is_over() && std::chrono::steady_clock::now() < deadline) {
    std::this_thread::sleep_for(kLookAgain);
  }
  // What does not end by then is stuck in the kernel, or its supervisor was stopped.
  loop_->run([this, &keys] {
    for (const std::string& key : keys) families_.erase(key);
  });
}

void ExecConnector::release(const Caller& caller) {
  if (started_loop() != nullptr) release_all({key_of(caller)});
}

ExecConnector::~ExecConnector() {
  if (!loop_) return;
  std::vector<std::string> keys;
  loop_->run([this, &keys] {
    for (const auto& [key, family] : families_) keys.push_back(key);
  });
  release_all(keys);
}

}  // namespace isopod::hostcall
