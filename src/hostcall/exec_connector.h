// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "hostcall/connector.h"
#include "hostcall/exec_call.h"
#include "hostcall/exec_child.h"
#include "os/event_loop.h"

namespace isopod::hostcall {

/// What `exec` asks policy. Both are called on the caller's shard; the Error is `denied`.
struct ExecRules {
  /// Whether something is allowed; says what would grant it.
  std::function<Result<>(const Caller&, const Need&)> judge;
  /// Whether a deny rule touches a program's real path. Grants name programs as they are called,
  /// so what a link leads to needs no grant of its own, but no deny rule is to be got around by
  /// one.
  std::function<Result<>(const Caller&, const std::string& program)> check_denied;
};

/// `exec.*` (docs/hostcalls.md): programs without a shell, with an environment made for them, under
/// a supervisor that lets none of their descendants escape. What is judged is the program, by its
/// bare name or its path, and the directory it starts in; what a program then does is not.
/// Maturity: alpha. Posture: hostile commands, arguments, environments and children; a child that
/// runs as the same user can still do what that user can.
class ExecConnector final : public Connector {
 public:
  struct Options {
    ExecSurroundings surroundings = {};
    ExecRules rules = {};
    std::size_t payload_bytes_max = std::size_t{16} << 20;  ///< of a reply
    std::size_t children_max = 32;         ///< of one extension, until their last process is gone
    std::chrono::milliseconds grace{500};  ///< from SIGTERM to SIGKILL when an extension ends
    std::chrono::milliseconds patience{3000};  ///< how long `release` waits for its processes
  };
  explicit ExecConnector(Options options) : options_(std::move(options)) {}
  ~ExecConnector() override;

  [[nodiscard]] std::string_view name() const override { return "exec"; }
  [[nodiscard]] Need need(const Caller& caller, const protocol::Hostcall& call) const override;
  void start(const Caller& caller, const protocol::Hostcall& call, Completion completion) override;
  void release(const Caller& caller) override;

 private:
  /// The children of one extension, in the order they were started. On the loop's thread.
  struct Family {
    std::map<std::uint64_t, std::shared_ptr<ExecChild>> named;
    std::vector<std::shared_ptr<ExecChild>> all;
  };

  /// The loop, made when it is first needed. Any thread.
  Result<os::EventLoop*> loop();
  /// The loop, or null while nothing has needed it. Any thread.
  os::EventLoop* started_loop();
  [[nodiscard]] Result<> judge(const Caller& caller, ExecCall& call) const;
  [[nodiscard]] Result<> judge_directory(const Caller& caller, ExecCall& call) const;
  void launch(const Caller& caller, const protocol::Hostcall& call, Completion completion);
  void manage(const Caller& caller, const protocol::Hostcall& call, Completion completion);

  // On the loop's thread.
  [[nodiscard]] Result<> admit(const Family& family, std::uint64_t id) const;
  [[nodiscard]] std::shared_ptr<ExecChild> find(const std::string& key, std::uint64_t id);
  void clean(const std::string& key);
  void end_family(const std::string& key);

  void release_all(const std::vector<std::string>& keys);

  const Options options_;
  std::map<std::string, Family> families_;  // the loop's thread only; by Caller::instance

  std::mutex mutex_;  // guards loop_ until it is made
  std::unique_ptr<os::EventLoop> loop_;
};

}  // namespace isopod::hostcall
