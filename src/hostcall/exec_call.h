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

/// The arguments of `exec.run` and `exec.spawn`, read.
struct ExecCall {
  std::uint64_t id = 0;
  std::string command;
  std::optional<std::string> directory;  ///< when the call names one: absolute, normalized
  os::ChildOptions child;                ///< without the program's path
  bool is_any_program = false;           ///< by its environment, see `chooses_programs`
  std::optional<std::chrono::milliseconds> timeout;
  int kill_signal = 0;

  // exec.run
  std::optional<std::string> input;
  FsEncoding encoding = FsEncoding::kUtf8;
  std::size_t output_max = 0;
  std::size_t reply_max = 0;  ///< bytes of the encoded reply
};

/// The most output of one `exec.run`: in base64 it still fits a message.
inline constexpr std::size_t kRunOutputMax = std::size_t{8} << 20;

/// Errors: `invalid_argument`; as `child_environment`.
Result<ExecCall> read_exec_call(const protocol::Hostcall& call,
                                const ExecSurroundings& surroundings);

/// What policy is asked about: a bare name for itself, a name with a slash as a path from the
/// child's directory, absolute and normalized. Empty, which is all programs, when the extension
/// gives the child an environment that chooses programs: so a bare name always means what the
/// host's own PATH leads to, and a grant of `git` is none for any file of that name. Does not look
/// at the file system.
std::string exec_target(const ExecCall& call);

/// The program's absolute, normalized path, looked up in the child's PATH. Looks at the file
/// system. Errors: as `os::find_program`.
Result<std::string> find_exec_program(const ExecCall& call);

}  // namespace isopod::hostcall
