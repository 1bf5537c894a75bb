// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include "isopod/result.h"

namespace isopod::os {

/// The absolute path of the program that a bare name means: the first executable file of that name
/// in the absolute directories of `search_path` (as PATH; "." and the like mean nothing here).
/// Errors, in the form of Node: ENOENT as `not_found`; EACCES as `io` when there are only files
/// that cannot be executed. Any thread; looks at the file system.
Result<std::string> find_program(const std::string& name, std::string_view search_path);

/// The number of a signal such as "SIGTERM"; 0 when there is none of that name.
int signal_number(std::string_view name);

/// The name of a signal, such as "SIGTERM"; "SIG" and its number when it has none.
std::string signal_name(int number);

}  // namespace isopod::os
