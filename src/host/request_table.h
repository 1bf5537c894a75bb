// SPDX-License-Identifier: MIT
#pragma once

#include <condition_variable>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <set>

#include "base/clock.h"
#include "base/json.h"

namespace isopod::host {

/// The requests that one extension works on, and how much time each has left. A request's clock
/// stands still while a person or a child process is being waited for on its behalf. Any thread.
class RequestTable {
 public:
  explicit RequestTable(const Clock& clock) : clock_(clock) {}

  /// A new request with so much time to settle. Errors: after `close`, why there will be no answer.
  Result<std::uint64_t> open(MonotonicTime::duration time);

  /// The id of a request whose answer is dropped. Errors: as `open`.
  Result<std::uint64_t> unattended();

  [[nodiscard]] bool has_unattended() const;
  /// Blocks until every unattended request of now was answered, `close` is called, or the deadline.
  /// Whether it was not the deadline.
  bool wait_unattended(MonotonicTime deadline);

  /// Takes an answer. One for a request that nobody waits for any more is dropped.
  void answer(std::uint64_t id, Result<Json> value);

  /// Blocks until the request is answered or `close` is called, and forgets it. Nothing when its
  /// time, or `end`, which does not stand still, is up first.
  std::optional<Result<Json>> wait(std::uint64_t id, std::optional<MonotonicTime> end = {});

  /// A hostcall during which time does not count begins or ends. `cause` is the request it works
  /// for; 0, when that is not known, stands for all of them.
  void pause(std::uint64_t cause);
  void resume(std::uint64_t cause);

  /// No answer will come any more: every open request, and each later one, ends with `error`.
  void close(const Error& error);

 private:
  struct Pending {
    std::optional<Result<Json>> answer = {};
    MonotonicTime::duration left;
    MonotonicTime running_since;
    int pauses = 0;
  };
  /// Whether a request's clock stands still.
  [[nodiscard]] bool paused(const Pending& pending) const {
    return pending.pauses > 0 || pauses_of_all_ > 0;
  }
  template <class Change>
  void change_pauses(std::uint64_t cause, Change change);

  const Clock& clock_;
  mutable std::mutex mutex_;  // guards the rest
  std::condition_variable changed_;
  std::uint64_t last_id_ = 0;
  int pauses_of_all_ = 0;
  std::map<std::uint64_t, Pending> pending_;
  std::set<std::uint64_t> unattended_;
  std::optional<Error> closed_;
};

}  // namespace isopod::host
