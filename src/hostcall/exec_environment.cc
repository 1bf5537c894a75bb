// SPDX-License-Identifier: MIT
#include "hostcall/exec_environment.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "base/text.h"

namespace isopod::hostcall {
namespace {

/// Variables of the host that tell a program nothing it may not know. Here and below a star, one at
/// most, stands for any text.
constexpr std::array<std::string_view, 12> kInherited = {"COLORTERM", "HOME",     "LANG", "LC_*",
                                                         "LOGNAME",   "NO_COLOR", "PATH", "SHELL",
                                                         "TERM",      "TMPDIR",   "TZ",   "USER"};

/// What stays below an environment that the extension made itself.
constexpr std::array<std::string_view, 2> kAlways = {"HOME", "PATH"};

/// Of a PATH that an extension gives.
constexpr std::size_t kPathBytesMax = std::size_t{4} << 10;
constexpr std::ptrdiff_t kPathEntriesMax = 64;

struct Entry {
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
    Entry{"BASHOPTS", kShell},
    Entry{"BASH_ENV", kShell},
    Entry{"BASH_FUNC_*", kShell},
    Entry{"DYLD_*", kLoader},
    Entry{"ENV", kShell},
    Entry{"GCONV_PATH", kLoader},
    Entry{"GETCONF_DIR", kLoader},
    Entry{"GIT_CONFIG*", kGit},
    Entry{"GIT_EXEC_PATH", kGit},
    Entry{"GIT_EXTERNAL_DIFF", kGit},
    Entry{"GIT_PROXY_COMMAND", kGit},
    Entry{"GIT_SSH*", kGit},
    Entry{"GIT_TEMPLATE_DIR", kGit},
    Entry{"GLIBC_TUNABLES", kLoader},
    Entry{"IFS", kShell},
    Entry{"JAVA_TOOL_OPTIONS", kInterpreter},
    Entry{"JDK_JAVA_OPTIONS", kInterpreter},
    Entry{"LD_*", kLoader},
    Entry{"LOCPATH", kLoader},
    Entry{"LUA_INIT*", kInterpreter},
    Entry{"NODE_OPTIONS", kInterpreter},
    Entry{"OPENSSL_CONF", kLoader},
    Entry{"OPENSSL_ENGINES", kLoader},
    Entry{"OPENSSL_MODULES", kLoader},
    Entry{"PERL5*", kInterpreter},
    Entry{"PERLLIB", kInterpreter},
    Entry{"PHPRC", kInterpreter},
    Entry{"PHP_INI_SCAN_DIR", kInterpreter},
    Entry{"PROMPT_COMMAND", kShell},
    Entry{"PS4", kShell},
    Entry{"PYTHONHOME", kInterpreter},
    Entry{"PYTHONINSPECT", kInterpreter},
    Entry{"PYTHONPATH", kInterpreter},
    Entry{"PYTHONPLATLIBDIR", kInterpreter},
    Entry{"PYTHONSTARTUP", kInterpreter},
    Entry{"PYTHONUSERBASE", kInterpreter},
    Entry{"RUBYLIB", kInterpreter},
    Entry{"RUBYOPT", kInterpreter},
    Entry{"SHELLOPTS", kShell},
    Entry{"ZDOTDIR", kShell},
    Entry{"_JAVA_OPTIONS", kInterpreter},
};

constexpr std::string_view kChoiceOfPath = "it says where programs are found";
constexpr std::string_view kChoiceOfHome =
    "programs find their configuration, and the commands in it, by it";
constexpr std::string_view kChoiceOfCommand = "its value is a command that programs run";
constexpr std::string_view kChoiceOfGit =
    "git finds its configuration, and the commands in it, by it";
constexpr std::string_view kChoiceOfModules = "code is loaded from where it says";
constexpr std::string_view kChoiceOfBuild =
    "package managers and build tools take programs and their options from it";

/// Variables by which a program is made to run others, as many callers have reason to: they are not
/// refused, but a grant for one program does not cover them. A letter stands for its other case
/// too, because some programs do not tell the two apart.
constexpr std::array kChoosing = {
    Entry{"*ASKPASS", kChoiceOfCommand},
    Entry{"*BROWSER", kChoiceOfCommand},
    Entry{"*EDITOR", kChoiceOfCommand},
    Entry{"*FLAGS", kChoiceOfBuild},
    Entry{"*PAGER", kChoiceOfCommand},
    Entry{"*_OPTIONS", kChoiceOfBuild},
    Entry{"*_OPTS", kChoiceOfBuild},
    Entry{"*_RSH", kChoiceOfCommand},
    Entry{"AR", kChoiceOfBuild},
    Entry{"AS", kChoiceOfBuild},
    Entry{"AWS_CONFIG_FILE", kChoiceOfHome},
    Entry{"BUNDLE_*", kChoiceOfBuild},
    Entry{"CARGO", kChoiceOfBuild},
    Entry{"CARGO_ALIAS_*", kChoiceOfBuild},
    Entry{"CARGO_BUILD_*", kChoiceOfBuild},
    Entry{"CARGO_HOME", kChoiceOfBuild},
    Entry{"CARGO_REGISTR*", kChoiceOfBuild},
    Entry{"CARGO_TARGET_*", kChoiceOfBuild},
    Entry{"CC", kChoiceOfBuild},
    Entry{"CCACHE_*", kChoiceOfBuild},
    Entry{"CGO_*", kChoiceOfBuild},
    Entry{"CLASSPATH", kChoiceOfModules},
    Entry{"CMAKE_*", kChoiceOfBuild},
    Entry{"COMPILER_PATH", kChoiceOfBuild},
    Entry{"CONDA_*", kChoiceOfBuild},
    Entry{"COREPACK_*", kChoiceOfBuild},
    Entry{"CPP", kChoiceOfBuild},
    Entry{"CURL_HOME", kChoiceOfHome},
    Entry{"CXX", kChoiceOfBuild},
    Entry{"DENO_*", kChoiceOfBuild},
    Entry{"DOCKER_CONFIG", kChoiceOfHome},
    Entry{"EMACSLOADPATH", kChoiceOfModules},
    Entry{"EXINIT", kChoiceOfCommand},
    Entry{"FCEDIT", kChoiceOfCommand},
    Entry{"FZF_DEFAULT_*", kChoiceOfCommand},
    Entry{"GCC_EXEC_PREFIX", kChoiceOfBuild},
    Entry{"GEM_*", kChoiceOfModules},
    Entry{"GH_CONFIG_DIR", kChoiceOfHome},
    Entry{"GIO_EXTRA_MODULES", kChoiceOfModules},
    Entry{"GIT_ALLOW_PROTOCOL", kChoiceOfGit},
    Entry{"GIT_ATTR_SOURCE", kChoiceOfGit},
    Entry{"GIT_COMMON_DIR", kChoiceOfGit},
    Entry{"GIT_CONFIG*", kChoiceOfGit},
    Entry{"GIT_DIR", kChoiceOfGit},
    Entry{"GIT_PROTOCOL_FROM_USER", kChoiceOfGit},
    Entry{"GIT_TEMPLATE_DIR", kChoiceOfGit},
    Entry{"GIT_WORK_TREE", kChoiceOfGit},
    Entry{"GOAUTH", kChoiceOfBuild},
    Entry{"GOCACHE*", kChoiceOfBuild},
    Entry{"GOENV", kChoiceOfBuild},
    Entry{"GOMODCACHE", kChoiceOfBuild},
    Entry{"GOPATH", kChoiceOfBuild},
    Entry{"GOPROXY", kChoiceOfBuild},
    Entry{"GOROOT", kChoiceOfBuild},
    Entry{"GOTOOL*", kChoiceOfBuild},
    Entry{"GOVCS", kChoiceOfBuild},
    Entry{"GOWORK", kChoiceOfBuild},
    Entry{"GRADLE_*", kChoiceOfBuild},
    Entry{"GTK_MODULES", kChoiceOfModules},
    Entry{"GTK_PATH", kChoiceOfModules},
    Entry{"HG", kChoiceOfCommand},
    Entry{"HGMERGE", kChoiceOfCommand},
    Entry{"HGRCPATH", kChoiceOfHome},
    Entry{"HOME", kChoiceOfHome},
    Entry{"INPUTRC", kChoiceOfHome},
    Entry{"IPYTHONDIR", kChoiceOfHome},
    Entry{"IRBRC", kChoiceOfHome},
    Entry{"JAVA_HOME", kChoiceOfModules},
    Entry{"KUBECONFIG", kChoiceOfHome},
    Entry{"LD", kChoiceOfBuild},
    Entry{"LESS", kChoiceOfCommand},
    Entry{"LESSCLOSE", kChoiceOfCommand},
    Entry{"LESSKEY*", kChoiceOfCommand},
    Entry{"LESSOPEN", kChoiceOfCommand},
    Entry{"LUA_CPATH*", kChoiceOfModules},
    Entry{"LUA_PATH*", kChoiceOfModules},
    Entry{"MAKE", kChoiceOfBuild},
    Entry{"MAKEFILES", kChoiceOfBuild},
    Entry{"MAKEOVERRIDES", kChoiceOfBuild},
    Entry{"MANOPT", kChoiceOfCommand},
    Entry{"MAVEN_*", kChoiceOfBuild},
    Entry{"NM", kChoiceOfBuild},
    Entry{"NODE_PATH", kChoiceOfModules},
    Entry{"NODE_REPL_EXTERNAL_MODULE", kChoiceOfModules},
    Entry{"NPM_*", kChoiceOfBuild},
    Entry{"NVIM_APPNAME", kChoiceOfHome},
    Entry{"NVM_DIR", kChoiceOfBuild},
    Entry{"OCAMLPATH", kChoiceOfModules},
    Entry{"PATH", kChoiceOfPath},
    Entry{"PIP_*", kChoiceOfBuild},
    Entry{"PNPM_*", kChoiceOfBuild},
    Entry{"PYENV_*", kChoiceOfBuild},
    Entry{"PYTEST_ADDOPTS", kChoiceOfBuild},
    Entry{"PYTEST_PLUGINS", kChoiceOfModules},
    Entry{"PYTHONBREAKPOINT", kChoiceOfCommand},
    Entry{"PYTHONEXECUTABLE", kChoiceOfModules},
    Entry{"PYTHONPYCACHEPREFIX", kChoiceOfModules},
    Entry{"PYTHONWARNINGS", kChoiceOfModules},
    Entry{"QT_PLUGIN_PATH", kChoiceOfModules},
    Entry{"RBENV_*", kChoiceOfBuild},
    Entry{"RIPGREP_CONFIG_PATH", kChoiceOfHome},
    Entry{"RSYNC_CONNECT_PROG", kChoiceOfCommand},
    Entry{"RUSTC*", kChoiceOfBuild},
    Entry{"RUSTDOC*", kChoiceOfBuild},
    Entry{"RUSTUP_*", kChoiceOfBuild},
    Entry{"R_ENVIRON*", kChoiceOfModules},
    Entry{"R_LIBS*", kChoiceOfModules},
    Entry{"R_PROFILE*", kChoiceOfModules},
    Entry{"SHELL", kChoiceOfCommand},
    Entry{"SSH_SK_*", kChoiceOfCommand},
    Entry{"SVN_SSH", kChoiceOfCommand},
    Entry{"TCLLIBPATH", kChoiceOfModules},
    Entry{"TERMINAL", kChoiceOfCommand},
    Entry{"TS_NODE_*", kChoiceOfBuild},
    Entry{"UV_*", kChoiceOfBuild},
    Entry{"VIM", kChoiceOfHome},
    Entry{"VIMINIT", kChoiceOfCommand},
    Entry{"VIMRUNTIME", kChoiceOfHome},
    Entry{"VIRTUAL_ENV", kChoiceOfModules},
    Entry{"VISUAL", kChoiceOfCommand},
    Entry{"VOLTA_*", kChoiceOfBuild},
    Entry{"WGETRC", kChoiceOfHome},
    Entry{"XDG_CACHE_HOME", kChoiceOfHome},
    Entry{"XDG_CONFIG_*", kChoiceOfHome},
    Entry{"XDG_DATA_*", kChoiceOfHome},
    Entry{"XDG_STATE_HOME", kChoiceOfHome},
    Entry{"YARN_*", kChoiceOfBuild},
};

bool matches(std::string_view pattern, std::string_view name) {
  const std::size_t star = pattern.find('*');
  if (star == std::string_view::npos) return pattern == name;
  const std::string_view start = pattern.substr(0, star);
  const std::string_view end = pattern.substr(star + 1);
  return name.size() >= start.size() + end.size() && name.starts_with(start) && name.ends_with(end);
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

/// Programs are looked up on a thread that other extensions need too.
bool is_too_long_a_search(std::string_view path) {
  return path.size() > kPathBytesMax ||
         std::count(path.begin(), path.end(), ':') >= kPathEntriesMax;
}

tl::unexpected<Error> wrong(const std::string& what) {
  return fail(Code::kInvalidArgument, "the environment of a child " + what);
}

}  // namespace

std::string_view refusal_of_variable(std::string_view name) {
  for (const Entry& refused : kRefused) {
    if (matches(refused.pattern, name)) return refused.why;
  }
  return {};
}

std::string_view choice_of_variable(std::string_view name) {
  std::string upper(name);
  for (char& letter : upper) {
    if (letter >= 'a' && letter <= 'z') letter = static_cast<char>(letter - 'a' + 'A');
  }
  for (const Entry& choosing : kChoosing) {
    if (matches(choosing.pattern, upper)) return choosing.why;
  }
  return {};
}

bool chooses_programs(const Variables& host, const Json& wanted) {
  if (!wanted.is_object()) return false;
  const auto chooses = [&host](const auto& variable) {
    const auto own = host.find(variable.key());
    const bool is_the_hosts = own != host.end() && variable.value() == own->second;
    return !is_the_hosts && !choice_of_variable(variable.key()).empty();
  };
  const auto variables = wanted.items();
  return std::any_of(variables.begin(), variables.end(), chooses);
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
    const auto own = host.find(name);
    const bool is_the_hosts = own != host.end() && own->second == text;
    if (name == "PATH" && !is_the_hosts && is_too_long_a_search(text)) {
      return wrong("has a PATH of more than " + std::to_string(kPathBytesMax >> 10) + " KiB or " +
                   std::to_string(kPathEntriesMax) + " directories");
    }
    const std::string_view why = refusal_of_variable(name);
    if (why.empty()) {
      variables[name] = std::move(text);
      continue;
    }
    if (is_the_hosts) continue;
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
