// SPDX-License-Identifier: MIT
#pragma once

namespace isopod::cli {

/// The exit codes of `isopod`, as its documentation promises them.
enum ExitCode {
  kSuccess = 0,
  kFailed = 1,  ///< an action, a check or an extension failed
  kWrongUsage = 2,
  kRefused = 3,      ///< trust or policy refused an extension or an action; wins over kFailed
  kBrokenState = 4,  ///< broken configuration or state
};

}  // namespace isopod::cli
