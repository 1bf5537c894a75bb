// SPDX-License-Identifier: MIT
#pragma once

#include "cli/invocation.h"
#include "isopod/result.h"

namespace isopod::cli {

/// `isopod run`: loads extensions, does the actions in order, prints what came of it. Returns the
/// exit code. Errors: `usage` and `bad_settings`, before anything was loaded.
Result<int> run(const Invocation& invocation);

/// `isopod settings`: the settings in effect, or the schema of a settings file.
Result<int> show_settings(const Invocation& invocation);

}  // namespace isopod::cli
