// SPDX-License-Identifier: MIT
#include "cli/invocation.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <sstream>
#include <string_view>

#include "base/text.h"
#include "cli/exit_code.h"

namespace isopod::cli {
namespace {

/// Commands of the contract that this version does not have yet.
constexpr std::array<std::string_view, 10> kLaterCommands = {
    "test", "trust", "lane", "ledger", "policy", "doctor", "mcp", "hook", "setup", "bench"};
constexpr std::array<std::string_view, 3> kCommands = {"run", "inspect", "settings"};
/// Global options that take a value, so that it is not mistaken for a command.
constexpr std::array<std::string_view, 9> kValueOptions = {
    "--home",  "--project",   "--settings", "-e", "--extension", "--extension-policy",
    "--allow", "--placement", "--log-level"};
/// Options of the contract that this version does not have yet.
constexpr std::array<std::string_view, 4> kLaterOptions = {"--ext-compat-lane", "--record",
                                                           "--replay", "--discover"};

constexpr const char* kAbout =
    "isopod runs coding-agent extensions (TypeScript, JavaScript) in QuickJS isolates, without "
    "Node.";

Parsed wrong_usage(const std::string& message) {
  return {.exit_code = kWrongUsage, .err = "isopod: " + message + "\nTry: isopod --help\n"};
}

/// An action with one or two values; the second is JSON.
void add_action(CLI::App& app, Invocation& into, Action::Kind kind, const std::string& option,
                const char* help) {
  const bool takes_json = kind != Action::Kind::kCommand;
  app.add_option_function<std::vector<std::string>>(
         option,
         [&into, kind](const std::vector<std::string>& values) {
           Action action{kind, values[0]};
           if (values.size() > 1) action.json = values[1];
           into.actions.push_back(std::move(action));
         },
         help)
      ->expected(1, takes_json ? 2 : 1)
      ->allow_extra_args(false)
      ->trigger_on_parse()
      ->type_name(takes_json ? "NAME [JSON]" : "\"NAME ARGUMENTS\"");
}

void add_global_options(CLI::App& app, Invocation& into, std::vector<std::string>& extensions) {
  app.add_option("--home", into.home,
                 "Where isopod keeps its files (default $ISOPOD_HOME or ~/.isopod)")
      ->type_name("DIR");
  app.add_option("--project", into.project, "The directory extensions work in (default: this one)")
      ->type_name("DIR");
  app.add_option("--settings", into.settings_file, "A settings file instead of the one in the home")
      ->type_name("FILE");
  app.add_flag_callback(
      "--ignore-settings", [&into] { into.settings = Invocation::Settings::kIgnore; },
      "Defaults only, in the profile safe");
  app.add_option("-e,--extension", extensions, "Load this extension too (repeatable)")
      ->type_name("PATH")
      ->expected(1)
      ->take_all();
  app.add_option("--extension-policy", into.profile, "safe, balanced or permissive")
      ->type_name("PROFILE");
  app.add_option("--allow", into.grants, "Grant for this run: CAP[:SCOPE][,...] or all")
      ->type_name("GRANTS")
      ->expected(1)
      ->take_all();
  app.add_option("--placement", into.placement, "thread (worker processes come later)")
      ->type_name("WHERE");
  app.add_flag_callback(
      "--json", [&into] { into.format = OutputFormat::kJson; }, "Print one JSON document");
  app.add_option("--log-level", into.log_level, "error, warn, info or debug")->type_name("LEVEL");
  app.add_flag_callback(
      "--no-color", [&into] { into.colour = Invocation::Colour::kNever; }, "No colours");
}

void add_commands(CLI::App& app, Invocation& into) {
  CLI::App* run =
      app.add_subcommand("run", "Load extensions, then call tools, run commands, fire events");
  run->add_option("EXT", into.extensions, "Extensions: files, directories or packages");
  add_action(*run, into, Action::Kind::kCall, "--call", "Call a tool");
  add_action(*run, into, Action::Kind::kCommand, "--command", "Run a slash command");
  add_action(*run, into, Action::Kind::kEmit, "--emit", "Fire an event");
  run->add_option("--answers", into.answers, "Answers to prompts, consumed in order")
      ->type_name("FILE|JSON");
  run->add_option("--session", into.session,
                  "Continue the session in this file, or begin one there")
      ->type_name("FILE");
  run->add_option("--flag", into.flags, "Set a flag that extensions register (repeatable)")
      ->type_name("NAME[=VALUE]")
      ->expected(1)
      ->take_all();
  run->add_flag_callback(
      "--watch", [&into] { into.repeat = Invocation::Repeat::kOnChange; }, "Run again on change");

  CLI::App* inspect = app.add_subcommand("inspect", "Show what an extension registers");
  inspect->add_option("EXT", into.extensions, "The extension");
  inspect->add_flag_callback(
      "--static", [&into] { into.inspect = Invocation::Inspect::kStatic; },
      "Only look: run no line of it");

  CLI::App* settings =
      app.add_subcommand("settings", "Show the settings in effect and where they come from");
  settings->add_subcommand("schema", "Print the JSON schema of a settings file")->callback([&into] {
    into.settings_view = Invocation::SettingsView::kSchema;
  });
  for (CLI::App* command : {run, inspect, settings}) {
    command->fallthrough();
    command->callback([&into, command] { into.command = command->get_name(); });
  }
}

/// The first argument that is neither an option nor the value of one.
std::optional<std::string> find_command(const std::vector<std::string>& arguments) {
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string& argument = arguments[i];
    if (!argument.starts_with('-')) return argument;
    if (std::find(kValueOptions.begin(), kValueOptions.end(), argument) != kValueOptions.end()) ++i;
  }
  return std::nullopt;
}

/// A clear answer for what exists in the contract but not in this version, and for typing mistakes.
std::optional<Parsed> reject_unknown(const std::vector<std::string>& arguments) {
  for (const std::string& argument : arguments) {
    const std::string option = argument.substr(0, argument.find('='));
    if (std::find(kLaterOptions.begin(), kLaterOptions.end(), option) != kLaterOptions.end()) {
      return wrong_usage(option + " is not available in this version");
    }
  }
  const std::optional<std::string> command = find_command(arguments);
  if (!command || std::find(kCommands.begin(), kCommands.end(), *command) != kCommands.end()) {
    return std::nullopt;
  }
  if (std::find(kLaterCommands.begin(), kLaterCommands.end(), *command) != kLaterCommands.end()) {
    return wrong_usage("the command " + *command + " is not available in this version");
  }
  const std::string_view nearest = nearest_name(*command, kCommands);
  return wrong_usage("there is no command " + printable(*command, Sgr::kDrop) +
                     (nearest.empty() ? "" : "; did you mean " + std::string(nearest) + "?"));
}

/// CLI11 takes "[...]" apart as a list of its own; a leading space keeps JSON arrays whole.
std::string shielded(const std::string& argument) {
  return argument.starts_with('[') && argument.ends_with(']') ? " " + argument : argument;
}

std::string unshielded(const std::string& path) {
  return path.starts_with(" [") && path.ends_with(']') ? path.substr(1) : path;
}

std::optional<Parsed> check(const Invocation& invocation) {
  for (const Action& action : invocation.actions) {
    if (action.name.empty() || action.name.starts_with("--")) {
      return wrong_usage("--call, --command and --emit take a name, not \"" + action.name + "\"");
    }
  }
  if (invocation.command == "inspect" && invocation.extensions.size() != 1) {
    return wrong_usage("inspect takes one extension");
  }
  return std::nullopt;
}

Parsed finish(const CLI::App& app, const CLI::ParseError& error) {
  std::ostringstream out;
  std::ostringstream err;
  const int code = app.exit(error, out, err);
  if (code == 0) return {.out = out.str()};
  return wrong_usage(error.what());
}

}  // namespace

Parsed parse_command_line(const std::vector<std::string>& arguments) {
  if (auto rejected = reject_unknown(arguments)) return *std::move(rejected);
  Invocation invocation;
  std::vector<std::string> by_option;
  CLI::App app(kAbout, "isopod");
  app.set_version_flag("--version", "isopod " ISOPOD_VERSION);
  app.get_formatter()->column_width(34);
  add_global_options(app, invocation, by_option);
  add_commands(app, invocation);
  // CLI11 takes the arguments in reverse.
  std::vector<std::string> reversed;
  for (auto argument = arguments.rbegin(); argument != arguments.rend(); ++argument) {
    reversed.push_back(shielded(*argument));
  }
  try {
    app.parse(std::move(reversed));
  } catch (const CLI::ParseError& error) {
    return finish(app, error);
  }
  if (invocation.command.empty()) return {.exit_code = kWrongUsage, .err = app.help()};
  invocation.extensions.insert(invocation.extensions.end(), by_option.begin(), by_option.end());
  for (std::string& path : invocation.extensions) path = unshielded(path);
  if (auto wrong = check(invocation)) return *std::move(wrong);
  return {.invocation = std::move(invocation)};
}

}  // namespace isopod::cli
