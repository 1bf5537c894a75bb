// SPDX-License-Identifier: MIT
#include <unistd.h>
#include <csignal>
#include <cstdlib>
#include <string>
#include <vector>

#include "cli/exit_code.h"
#include "cli/inspect_command.h"
#include "cli/invocation.h"
#include "cli/report.h"
#include "cli/run_command.h"
#include "cli/terminal.h"

namespace {

using isopod::Code;
using isopod::Error;
using isopod::Result;
using isopod::cli::Invocation;
using isopod::cli::Terminal;

int exit_code_of(const Error& error) {
  switch (error.code) {
    case Code::kUsage: return isopod::cli::kWrongUsage;
    case Code::kBadSettings: return isopod::cli::kBrokenState;
    default: return isopod::cli::kFailed;
  }
}

Result<int> carry_out(const Invocation& invocation) {
  if (invocation.command == "inspect") return isopod::cli::inspect(invocation);
  if (invocation.command == "settings") return isopod::cli::show_settings(invocation);
  return isopod::cli::run(invocation);
}

int real_main(int count, char** arguments) {
  // A reader that went away is seen by write(), not by dying.
  std::signal(SIGPIPE, SIG_IGN);
  const auto parsed = isopod::cli::parse_command_line({arguments + 1, arguments + count});
  const Invocation::Colour colour =
      parsed.invocation ? parsed.invocation->colour : Invocation::Colour::kAutomatic;
  const Terminal out(Terminal::Stream::kOut, colour);
  const Terminal err(Terminal::Stream::kErr, colour);
  if (!parsed.invocation) {
    out.write(parsed.out);
    err.write(parsed.err);
    return parsed.exit_code;
  }
  const Result<int> code = carry_out(*parsed.invocation);
  if (code) return *code;
  err.write(isopod::cli::describe(err, "isopod", code.error()));
  return exit_code_of(code.error());
}

}  // namespace

int main(int count, char** arguments) {
  const int code = real_main(count, arguments);
  // An isolate that hangs in the engine may still be running on its thread; static objects must not
  // be taken from under it.
  _exit(code);
}
