// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/clock.h"
#include "base/json.h"
#include "base/random.h"
#include "protocol/session_store.h"
#include "registry/session_format.h"

namespace isopod::registry {

/// Where a session is kept beyond the process. Called by one session, one call at a time.
class SessionJournal {
 public:
  virtual ~SessionJournal() = default;

  /// Appends whole lines: all of the text or, on failure, nothing of it.
  virtual Result<> append(std::string_view text) = 0;

  /// Puts `text` in the place of all that was there, or leaves it as it was.
  virtual Result<> replace(std::string_view text) = 0;
};

/// A session: an append-only tree of entries in pi's format. An entry's parent is the leaf at the
/// time; moving the leaf to an earlier entry starts a branch there. Nothing is written before the
/// first entry is appended, so a session that was only read leaves its file as it was. Any thread.
class Session final : public protocol::SessionStore {
 public:
  struct Origin {
    std::string cwd;                                    ///< the directory the session is about
    std::string file = {};                              ///< where it is kept; empty: in memory
    std::string text = {};                              ///< what the file holds now
    std::unique_ptr<SessionJournal> journal = nullptr;  ///< null: in memory
  };
  /// Errors: those of `parse_session`; `quota` when the text is longer than kBytesMax.
  static Result<std::unique_ptr<Session>> open(const Clock& clock, Random& random, Origin origin);

  /// What was wrong with the lines of the file.
  [[nodiscard]] const std::vector<SessionProblem>& problems() const { return problems_; }

  // SessionStore.
  Result<std::string> append(std::string_view type, Json fields) override;
  Result<> set_name(std::string_view name) override;
  Result<std::string> set_label(const std::string& entry,
                                const std::optional<std::string>& label) override;
  [[nodiscard]] Json entries() const override;
  [[nodiscard]] Json name() const override;
  [[nodiscard]] Json info() const override;

  /// Appends a message of the conversation.
  Result<std::string> append_message(Json message);

  /// Null for an entry that does not exist.
  [[nodiscard]] Json entry(const std::string& id) const;
  [[nodiscard]] std::optional<std::string> leaf() const;
  [[nodiscard]] std::optional<std::string> label(const std::string& id) const;

  /// The entries from a root to `from`, or to the leaf. Empty for an entry that does not exist.
  [[nodiscard]] Json branch(const std::optional<std::string>& from = std::nullopt) const;

  /// Makes an earlier entry the leaf; nothing: the next entry is a root. Errors: `not_found`.
  Result<> move_leaf(const std::optional<std::string>& to);

  /// Whether drafts for entries (registry/composition_rules.h) can be appended now: well formed,
  /// and every edit is of an entry on the branch that gives content to a model. Errors:
  /// `invalid_argument`.
  [[nodiscard]] Result<> check(const Json& drafts) const;

  static constexpr std::size_t kBytesMax = std::size_t{64} << 20;

 private:
  Session(const Clock& clock, Random& random, Origin origin);
  Result<> read(std::string_view text);
  void remember(Json entry);
  Result<> write(const std::string& line);
  [[nodiscard]] std::string free_id();
  [[nodiscard]] const Json* find(const std::string& id) const;
  [[nodiscard]] std::vector<const Json*> path_to(const std::optional<std::string>& id) const;

  const Clock& clock_;
  Random& random_;
  const std::string cwd_;
  const std::string file_;
  std::vector<SessionProblem> problems_;

  mutable std::mutex mutex_;  // guards the rest
  const std::unique_ptr<SessionJournal> journal_;
  Json header_;
  std::vector<Json> entries_;
  std::unordered_map<std::string, std::size_t> places_;  // of ids in entries_
  std::unordered_map<std::string, std::string> labels_;
  std::optional<std::string> leaf_;
  std::size_t bytes_ = 0;
  // What the file lacks before the next line: the header, the end of a cut line. With kReplace the
  // whole text, because the file is of an older version.
  enum class Owed { kPrefix, kReplace } owed_ = Owed::kPrefix;
  std::string owed_text_;
};

}  // namespace isopod::registry
