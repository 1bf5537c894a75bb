// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace isopod::os {

/// Facts about the machine that extensions may know.
struct SystemInfo {
  std::string host_name;
  std::string architecture;         ///< as Node says it: "x64", "arm64", else the kernel's word
  std::string temporary_directory;  ///< $TMPDIR, or /tmp
};

SystemInfo system_info();

}  // namespace isopod::os
