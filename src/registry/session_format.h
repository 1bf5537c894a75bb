// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/json.h"
#include "base/random.h"
#include "isopod/result.h"

/// The format of pi's session files: JSON lines, the first of them the header, every other an entry
/// that names its parent. Version 1 had no ids, version 2 another name for one role; both are read
/// as version 3.
namespace isopod::registry {

constexpr int kSessionVersion = 3;

/// Something wrong with a line of a session file. The line counts from 1; 0 is the file as a whole.
struct SessionProblem {
  std::size_t line = 0;
  std::string message;
};

/// A session as its text says it is.
struct SessionText {
  Json header = nullptr;  ///< null for an empty text
  std::vector<Json> entries = {};
  std::vector<SessionProblem> problems = {};
  /// Whether the last line is whole. What is appended to a cut one starts on a line of its own.
  enum class End { kWhole, kCut } end = End::kWhole;
  /// The text in the current version, when it was in an older one; lines that could not be read are
  /// in it as they were. Empty otherwise.
  std::string migrated = {};
};

/// Reads a session file. A line that is no entry is a problem and is left out, never the rest.
/// Errors: `invalid_argument` when the first readable line is no session header.
Result<SessionText> parse_session(std::string_view text, Random& random);

/// One line of a session file, with its line break.
std::string session_line(const Json& value);

/// The time as entries have it: "2026-01-31T12:00:00.000Z".
std::string session_time(WallTime time);

/// Eight hexadecimal digits.
std::string random_entry_id(Random& random);

/// A UUID that sorts by time (RFC 9562, version 7), as pi's session ids are.
std::string new_session_id(WallTime time, Random& random);

}  // namespace isopod::registry
