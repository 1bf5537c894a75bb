// SPDX-License-Identifier: MIT
#include "os/system_info.h"

#include <sys/utsname.h>

#include <cstdlib>
#include <string_view>

namespace isopod::os {

SystemInfo system_info() {
  SystemInfo info;
  utsname names = {};
  if (uname(&names) == 0) {
    info.host_name = names.nodename;
    const std::string_view machine = names.machine;
    info.architecture = machine == "x86_64"    ? "x64"
                        : machine == "aarch64" ? "arm64"
                                               : std::string(machine);
  }
  const char* temporary = std::getenv("TMPDIR");
  info.temporary_directory = temporary != nullptr && temporary[0] == '/' ? temporary : "/tmp";
  return info;
}

}  // namespace isopod::os
