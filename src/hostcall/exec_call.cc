// SPDX-License-Identifier: MIT
#include "hostcall/exec_call.h"

#include <signal.h>

#include <array>
#include <utility>

#include "base/base64.h"
#include "os/program.h"
#include "policy/path_scope.h"

namespace isopod::hostcall {

using protocol::Opcode;
using Stdio = os::ChildOptions::Stdio;

namespace {

Result<std::vector<std::string>> read_texts(const FsArguments& arguments, const Json& given,
                                            const char* name) {
  const auto found = given.find(name);
  const std::string rule = std::string(name) + " must be a list of strings without NUL bytes";
  if (found == given.end() || !found->is_array()) return arguments.wrong(rule);
  std::vector<std::string> texts;
  for (const Json& text : *found) {
    if (!text.is_string()) return arguments.wrong(rule);
    texts.push_back(text.get<std::string>());
    if (texts.back().find('\0') != std::string::npos) return arguments.wrong(rule);
  }
  return texts;
}

Result<> read_command(const FsArguments& arguments, const Json& given, ExecCall& call) {
  Result<std::string> command = arguments.text("command");
  if (!command) return fail(std::move(command.error()));
  if (command->empty() || *command == "." || *command == ".." || command->ends_with('/')) {
    return arguments.wrong("command must name a program");
  }
  call.command = *std::move(command);
  Result<std::vector<std::string>> list = read_texts(arguments, given, "args");
  if (!list) return fail(std::move(list.error()));
  std::string called = call.command;
  if (arguments.has("argv0")) {
    Result<std::string> argv0 = arguments.text("argv0");
    if (!argv0) return fail(std::move(argv0.error()));
    called = *std::move(argv0);
  }
  call.child.arguments = *std::move(list);
  call.child.arguments.insert(call.child.arguments.begin(), std::move(called));
  return {};
}

Result<> read_limits(const FsArguments& arguments, ExecCall& call) {
  auto timeout = arguments.number("timeout_ms", FsArguments::kOffsetMax);
  if (!timeout) return fail(std::move(timeout.error()));
  if (timeout->value_or(0) > 0) call.timeout = std::chrono::milliseconds(**timeout);
  call.kill_signal = SIGTERM;
  if (!arguments.has("kill_signal")) return {};
  Result<std::string> name = arguments.text("kill_signal");
  if (!name) return fail(std::move(name.error()));
  call.kill_signal = os::signal_number(*name);
  if (call.kill_signal == 0) return arguments.wrong("kill_signal must be the name of a signal");
  return {};
}

Result<> read_run(const FsArguments& arguments, const Json& given, ExecCall& call) {
  Result<FsEncoding> encoding = arguments.encoding();
  if (!encoding) return fail(std::move(encoding.error()));
  call.encoding = *encoding;
  auto output_max = arguments.number("output_max", kRunOutputMax);
  if (!output_max) return fail(std::move(output_max.error()));
  call.output_max = static_cast<std::size_t>(output_max->value_or(kRunOutputMax));
  if (!arguments.has("input")) return {};
  const Json data = {{"data", given.at("input")},
                     {"encoding", given.value("input_encoding", Json("utf8"))}};
  Result<std::string> input = FsArguments("exec.run", data).data();
  if (!input) return fail(std::move(input.error()));
  call.input = *std::move(input);
  call.child.stdio = {Stdio::kPipe, Stdio::kPipe, Stdio::kPipe};
  return {};
}

Result<> read_spawn(const FsArguments& arguments, const Json& given, ExecCall& call) {
  Result<bool> detached = arguments.flag("detached");
  if (!detached) return fail(std::move(detached.error()));
  if (*detached) call.child.family = os::ChildOptions::Family::kOutlivesChild;
  Result<std::vector<std::string>> stdio = read_texts(arguments, given, "stdio");
  if (!stdio) return fail(std::move(stdio.error()));
  const std::string rule = "stdio must be three of \"pipe\" and \"ignore\"";
  if (stdio->size() != call.child.stdio.size()) return arguments.wrong(rule);
  for (std::size_t i = 0; i < stdio->size(); ++i) {
    const std::string& word = (*stdio)[i];
    if (word != "pipe" && word != "ignore") return arguments.wrong(rule);
    call.child.stdio[i] = word == "pipe" ? Stdio::kPipe : Stdio::kIgnore;
  }
  return {};
}

std::string search_path_of(const ExecCall& call) {
  for (const std::string& variable : call.child.environment) {
    if (variable.starts_with("PATH=")) return variable.substr(5);
  }
  return {};
}

bool has_slash(const ExecCall& call) { return call.command.find('/') != std::string::npos; }

/// Of a command with a slash.
std::string path_of(const ExecCall& call) {
  const bool is_absolute = call.command.starts_with('/');
  return policy::normalize_path(is_absolute ? call.command
                                            : call.child.directory + "/" + call.command)
      .value_or("/");
}

}  // namespace

Result<ExecCall> read_exec_call(const protocol::Hostcall& call,
                                const ExecSurroundings& surroundings) {
  const FsArguments arguments(protocol::info(call.opcode).name, call.arguments);
  const Json given = call.arguments.is_object() ? call.arguments : Json::object();
  ExecCall read;
  Result<std::uint64_t> id = arguments.required_number("id", FsArguments::kOffsetMax);
  if (!id) return fail(std::move(id.error()));
  read.id = *id;
  if (Result<> done = read_command(arguments, given, read); !done) return fail(done.error());
  if (arguments.has("cwd")) {
    Result<FsPath> directory = arguments.path("cwd");
    if (!directory) return fail(std::move(directory.error()));
    read.directory = directory->normal;
  }
  read.child.directory = read.directory.value_or(surroundings.directory);
  const Json wanted = given.value("env", Json(nullptr));
  Result<Variables> variables = child_environment(surroundings.variables, wanted);
  if (!variables) return fail(std::move(variables.error()));
  read.is_any_program = chooses_programs(surroundings.variables, wanted);
  read.child.environment = environment_list(*variables);
  if (Result<> done = read_limits(arguments, read); !done) return fail(done.error());
  Result<> rest = call.opcode == Opcode::kExecRun ? read_run(arguments, given, read)
                                                  : read_spawn(arguments, given, read);
  if (!rest) return fail(std::move(rest.error()));
  return read;
}

std::string exec_target(const ExecCall& call) {
  if (call.is_any_program) return {};
  return has_slash(call) ? path_of(call) : call.command;
}

Result<std::string> find_exec_program(const ExecCall& call) {
  if (has_slash(call)) return path_of(call);
  Result<std::string> found = os::find_program(call.command, search_path_of(call));
  if (!found) return found;
  return policy::normalize_path(*found).value_or("/");
}

}  // namespace isopod::hostcall
