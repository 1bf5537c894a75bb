// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "hostcall/connector.h"
#include "hostcall/exec_environment.h"
#include "hostcall/fs_arguments.h"
#include "os/child_process.h"

namespace isopod::hostcall {

/// What `exec` knows about the machine, taken once.
struct ExecSurroundings {
  std::string directory;  ///< where children start that name no other: absolute, normalized
  Variables variables;    ///< the host's environment
};

/// Which program a command means.
struct ExecProgram {
  std::string path;    ///< absolute, normalized; empty when there is none, see `why_not`
  std::string target;  ///< as policy is asked about it: a bare name, or `path`
  std::optional<Error> why_not = {};
  /// Whether asking twice may give two answers, because the caller says where to look.
  enum class Lookup { kFixed, kByCaller };
  Lookup lookup = Lookup::kFixed;
};

/// The arguments of `exec.run` and `exec.spawn`, read.
struct ExecCall {
  std::uint64_t id = 0;
  std::string command;
  std::optional<std::string> directory;  ///< when the call names one: absolute, normalized
  os::ChildOptions child;                ///< without the program's path
  std::optional<std::chrono::milliseconds> timeout;
  int kill_signal = 0;

  // exec.run
  std::optional<std::string> input;
  FsEncoding encoding = FsEncoding::kUtf8;
  std::size_t output_max = 0;
};

/// The most output of one `exec.run`: in base64 it still fits a message.
inline constexpr std::size_t kRunOutputMax = std::size_t{8} << 20;

/// Errors: `invalid_argument`; as `child_environment`.
Result<ExecCall> read_exec_call(const protocol::Hostcall& call,
                                const ExecSurroundings& surroundings);

/// Looks at the file system. A bare name is looked up in the child's PATH. It stands for itself
/// before policy only when the host's own PATH leads to the same file, so that a grant of `git` is
/// none for any file of that name. A name with a slash is a path, relative to the child's
/// directory.
ExecProgram find_exec_program(const ExecCall& call, const ExecSurroundings& surroundings);

}  // namespace isopod::hostcall
