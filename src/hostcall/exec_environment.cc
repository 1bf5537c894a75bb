// SPDX-License-Identifier: MIT
#include "hostcall/exec_environment.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace isopod::hostcall {
namespace {

/// Variables of the host that tell a program nothing it may not know. A star at the end stands for
/// any rest.
constexpr std::array<std::string_view, 12> kInherited = {"COLORTERM", "HOME",     "LANG", "LC_*",
                                                         "LOGNAME",   "NO_COLOR", "PATH", "SHELL",
                                                         "TERM",      "TMPDIR",   "TZ",   "USER"};

/// What stays below an environment that the extension made itself.
constexpr std::array<std::string_view, 2> kAlways = {"HOME", "PATH"};

struct Refused {
  std::string_view pattern;
  std::string_view why;
};

constexpr std::string_view kLoader = "the loader runs code of its choice in any program";
constexpr std::string_view kShell = "shells run or split commands by it before the script starts";
constexpr std::string_view kInterpreter = "the interpreter runs code of its choice at its start";
constexpr std::string_view kGit = "git runs or replaces programs by it";

/// Variables by which a harmless program is made to run something else: whoever may start `git`
/// may not, by them, start anything. One table; a name is refused when a pattern matches it.
constexpr std::array kRefused = {
    Refused{"BASHOPTS", kShell},
    Refused{"BASH_ENV", kShell},
    Refused{"BASH_FUNC_*", kShell},
    Refused{"DYLD_*", kLoader},
    Refused{"ENV", kShell},
    Refused{"GCONV_PATH", kLoader},
    Refused{"GETCONF_DIR", kLoader},
    Refused{"GIT_CONFIG*", kGit},
    Refused{"GIT_EXEC_PATH", kGit},
    Refused{"GIT_EXTERNAL_DIFF", kGit},
    Refused{"GIT_PROXY_COMMAND", kGit},
    Refused{"GIT_SSH*", kGit},
    Refused{"GIT_TEMPLATE_DIR", kGit},
    Refused{"GLIBC_TUNABLES", kLoader},
    Refused{"IFS", kShell},
    Refused{"JAVA_TOOL_OPTIONS", kInterpreter},
    Refused{"JDK_JAVA_OPTIONS", kInterpreter},
    Refused{"LD_*", kLoader},
    Refused{"LOCPATH", kLoader},
    Refused{"LUA_INIT*", kInterpreter},
    Refused{"NODE_OPTIONS", kInterpreter},
    Refused{"OPENSSL_CONF", kLoader},
    Refused{"OPENSSL_ENGINES", kLoader},
    Refused{"OPENSSL_MODULES", kLoader},
    Refused{"PERL5*", kInterpreter},
    Refused{"PERLLIB", kInterpreter},
    Refused{"PHPRC", kInterpreter},
    Refused{"PHP_INI_SCAN_DIR", kInterpreter},
    Refused{"PROMPT_COMMAND", kShell},
    Refused{"PS4", kShell},
    Refused{"PYTHONHOME", kInterpreter},
    Refused{"PYTHONINSPECT", kInterpreter},
    Refused{"PYTHONPATH", kInterpreter},
    Refused{"PYTHONPLATLIBDIR", kInterpreter},
    Refused{"PYTHONSTARTUP", kInterpreter},
    Refused{"PYTHONUSERBASE", kInterpreter},
    Refused{"RUBYLIB", kInterpreter},
    Refused{"RUBYOPT", kInterpreter},
    Refused{"SHELLOPTS", kShell},
    Refused{"ZDOTDIR", kShell},
    Refused{"_JAVA_OPTIONS", kInterpreter},
};

bool matches(std::string_view pattern, std::string_view name) {
  if (!pattern.ends_with('*')) return pattern == name;
  return name.starts_with(pattern.substr(0, pattern.size() - 1));
}

template <class Names>
bool matches_one(const Names& patterns, std::string_view name) {
  return std::any_of(patterns.begin(), patterns.end(),
                     [name](std::string_view pattern) { return matches(pattern, name); });
}

template <class Names>
Variables chosen(const Variables& host, const Names& patterns) {
  Variables variables;
  for (const auto& [name, value] : host) {
    if (matches_one(patterns, name)) variables.emplace(name, value);
  }
  return variables;
}

tl::unexpected<Error> wrong(const std::string& what) {
  return fail(Code::kInvalidArgument, "the environment of a child " + what);
}

}  // namespace

std::string_view refusal_of_variable(std::string_view name) {
  for (const Refused& refused : kRefused) {
    if (matches(refused.pattern, name)) return refused.why;
  }
  return {};
}

Result<Variables> child_environment(const Variables& host, const Json& wanted) {
  if (wanted.is_null()) return chosen(host, kInherited);
  if (!wanted.is_object()) return wrong("must be an object of texts");
  Variables variables = chosen(host, kAlways);
  for (const auto& [name, value] : wanted.items()) {
    const std::string shown = printable(name, Sgr::kDrop);
    if (name.empty() || name.find('=') != std::string::npos ||
        name.find('\0') != std::string::npos) {
      return wrong("has a name that none can have: \"" + shown + "\"");
    }
    if (!value.is_string()) return wrong("must be texts: " + shown + " is none");
    std::string text = value.get<std::string>();
    if (text.find('\0') != std::string::npos) return wrong("has a NUL byte in " + shown);
    const std::string_view why = refusal_of_variable(name);
    if (why.empty()) {
      variables[name] = std::move(text);
      continue;
    }
    const auto own = host.find(name);
    if (own != host.end() && own->second == text) continue;
    return fail(Code::kDenied,
                "the variable " + shown + " cannot be set for a child: " + std::string(why));
  }
  return variables;
}

std::vector<std::string> environment_list(const Variables& variables) {
  std::vector<std::string> list;
  for (const auto& [name, value] : variables) list.push_back(name + "=" + value);
  return list;
}

}  // namespace isopod::hostcall
