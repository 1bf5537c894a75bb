// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace isopod::cli {

enum class OutputFormat { kText, kJson };

/// One thing to do with loaded extensions, in the order of the command line.
struct Action {
  enum class Kind { kCall, kCommand, kEmit } kind = Kind::kCall;
  std::string name;  ///< the tool, the event, or the whole command text
  std::string json = "{}";
};

/// A parsed command line.
struct Invocation {
  std::string command;  ///< "run", "inspect", "settings"
  std::vector<std::string> extensions = {};
  std::vector<Action> actions = {};
  std::string answers = {};             ///< `--answers`: a file or JSON text
  std::string session = {};             ///< `--session`: the file a session is kept in
  std::vector<std::string> flags = {};  ///< `--flag`: NAME or NAME=VALUE
  enum class Inspect { kRun, kStatic } inspect = Inspect::kRun;
  enum class SettingsView { kEffective, kSchema } settings_view = SettingsView::kEffective;
  enum class Repeat { kOnce, kOnChange } repeat = Repeat::kOnce;

  // Global options.
  OutputFormat format = OutputFormat::kText;
  std::string home = {};
  std::string project = {};
  std::string settings_file = {};
  enum class Settings { kUse, kIgnore } settings = Settings::kUse;
  std::optional<std::string> profile = {};
  std::vector<std::string> grants = {};
  std::optional<std::string> log_level = {};
  std::optional<std::string> placement = {};
  enum class Colour { kAutomatic, kNever } colour = Colour::kAutomatic;
};

/// What became of a command line: something to do, or a text to print and an exit code.
struct Parsed {
  std::optional<Invocation> invocation = {};
  int exit_code = 0;
  std::string out = {};
  std::string err = {};
};

/// Reads the arguments after the program's name. Loads nothing and looks at no file.
Parsed parse_command_line(const std::vector<std::string>& arguments);

}  // namespace isopod::cli
