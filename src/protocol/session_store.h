// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/json.h"
#include "isopod/result.h"

namespace isopod::protocol {

/// The session that the opcodes `session.*` read and append to: the seam between their connector
/// and the room that keeps sessions, which do not include each other. Any thread.
class SessionStore {
 public:
  virtual ~SessionStore() = default;

  /// Appends an entry of `type` with the members of `fields` below the leaf, makes it the leaf and
  /// returns its id. Errors: `quota` when the session is full; those of writing its file. On
  /// failure nothing was appended.
  virtual Result<std::string> append(std::string_view type, Json fields) = 0;

  /// Names the session; an empty name takes the name away.
  virtual Result<> set_name(std::string_view name) = 0;

  /// Marks an entry, or takes its mark away. Returns the id of the entry that says so. Errors:
  /// `not_found` for an entry that does not exist.
  virtual Result<std::string> set_label(const std::string& entry,
                                        const std::optional<std::string>& label) = 0;

  /// All entries in the order in which they were appended, in the format of pi's session files.
  [[nodiscard]] virtual Json entries() const = 0;

  /// Null for a session without a name.
  [[nodiscard]] virtual Json name() const = 0;

  /// {"id", "file", "directory", "cwd", "leaf", "header", "count"}; docs/hostcalls.md has the rest.
  [[nodiscard]] virtual Json info() const = 0;
};

}  // namespace isopod::protocol
