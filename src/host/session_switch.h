// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string>

#include "base/clock.h"
#include "base/log.h"
#include "base/random.h"
#include "registry/session.h"

namespace isopod::host {

/// Makes the sessions that `newSession`, `fork` and `switchSession` lead to. A session on disk is
/// followed by one in the same folder, one in memory by one in memory.
class SessionSwitch {
 public:
  SessionSwitch(std::string cwd, const Clock& clock, Random& random, LogSink& log)
      : cwd_(std::move(cwd)), clock_(clock), random_(random), log_(log) {}

  using Made = Result<std::shared_ptr<registry::Session>>;

  /// An empty session beside `current`.
  Made fresh(const registry::Session& current) const;

  /// A copy of the way to an entry: with it (`kAt`), or up to what it answers (`kBefore`). Errors:
  /// `not_found` for an entry that does not exist; those of writing the file.
  enum class Position { kBefore, kAt };
  Made fork(const registry::Session& current, const std::string& entry, Position position) const;

  /// The session in a file. Errors: those of open_session; `not_found` when there is no file.
  Made open(const std::string& file) const;

 private:
  /// A new file's path beside the current one's; empty in memory.
  [[nodiscard]] std::string beside(const registry::Session& current) const;

  const std::string cwd_;
  const Clock& clock_;
  Random& random_;
  LogSink& log_;
};

}  // namespace isopod::host
