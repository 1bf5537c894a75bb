// SPDX-License-Identifier: MIT
#pragma once

#include "cli/invocation.h"
#include "isopod/result.h"

namespace isopod::cli {

/// `isopod inspect`: what one extension registers and which capabilities it needs; with `--static`
/// only the latter, without running a line of it. Returns the exit code. Errors: `usage` and
/// `bad_settings`, before anything was loaded.
Result<int> inspect(const Invocation& invocation);

}  // namespace isopod::cli
