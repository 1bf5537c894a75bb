// SPDX-License-Identifier: MIT
#include "os/program.h"

#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "os/call_error.h"

namespace isopod::os {

Result<std::string> find_program(const std::string& name, std::string_view search_path) {
  int why = ENOENT;
  while (!search_path.empty() && !name.empty() && name.find('/') == std::string::npos) {
    const std::size_t colon = search_path.find(':');
    const std::string_view directory = search_path.substr(0, colon);
    search_path.remove_prefix(colon == std::string_view::npos ? search_path.size() : colon + 1);
    if (!directory.starts_with('/')) continue;
    std::string path = std::string(directory) + (directory.ends_with('/') ? "" : "/") + name;
    struct stat status = {};
    if (::stat(path.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) continue;
    if (::access(path.c_str(), X_OK) == 0) return path;
    why = EACCES;
  }
  return fail(call_error(why, {"spawn " + name}));
}

int signal_number(std::string_view name) {
  if (!name.starts_with("SIG")) return 0;
  name.remove_prefix(3);
  if (name == "IOT") return SIGABRT;
  if (name == "POLL") return SIGIO;
  for (int number = 1; number < SIGRTMIN; ++number) {
    const char* const known = ::sigabbrev_np(number);
    if (known != nullptr && name == known) return number;
  }
  return name == "IO" ? SIGIO : 0;
}

std::string signal_name(int number) {
  if (number == SIGIO) return "SIGIO";
  const char* const name = ::sigabbrev_np(number);
  return "SIG" + (name == nullptr ? std::to_string(number) : std::string(name));
}

}  // namespace isopod::os
