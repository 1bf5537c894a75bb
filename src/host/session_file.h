// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string>

#include "base/clock.h"
#include "base/log.h"
#include "base/random.h"
#include "isopod/result.h"
#include "registry/session.h"

namespace isopod::host {

/// What a host's session needs from around it.
struct SessionPlace {
  std::string cwd;
  std::string file;  ///< empty: in memory
};

/// A new session, or the one a file of pi's format holds. The file is locked until the session
/// ends; one that does not exist is made when the first entry is appended. What is wrong with its
/// lines goes to the log. Errors: `invalid_argument` for a relative path or a file that is no
/// session; `not_found` when its directory does not exist; `quota` when it is too large; those of
/// os::AppendFile.
Result<std::unique_ptr<registry::Session>> open_session(const SessionPlace& place,
                                                        const Clock& clock, Random& random,
                                                        LogSink& log);

}  // namespace isopod::host
