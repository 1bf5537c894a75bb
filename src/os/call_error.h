// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>

#include "isopod/result.h"

namespace isopod::os {

/// What an extension asked for, as Node's errors name it: `open '/x'`, `rename '/a' -> '/b'`.
struct CallName {
  std::string call;
  std::optional<std::string> path = {};
  std::optional<std::string> destination = {};
};

/// A failed operation of the system as extensions know it from Node:
/// `ENOENT: no such file or directory, open '/x'`. The code is `not_found` for ENOENT and `io` for
/// everything else.
Error call_error(int number, const CallName& name);

}  // namespace isopod::os
