// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "base/json.h"
#include "isopod/result.h"
#include "protocol/opcode.h"

/// What travels between an isolate and its host, as plain data. A message shares nothing with
/// either side: it can always be written as bytes and read back (codec.h), and tests force it to
/// be.
namespace isopod::protocol {

/// How a hostcall ended. Every issued hostcall ends in exactly one of these.
enum class Status { kOk, kError, kDenied, kTimeout, kCancelled };

std::string_view to_string(Status status);
std::optional<Status> status_from_string(std::string_view word);

struct Outcome {
  Status status = Status::kOk;
  Json value = nullptr;         ///< the result, when `status` is `kOk`
  Code code = Code::kInternal;  ///< why not, otherwise
  std::string message = {};     ///< for a person; empty when `status` is `kOk`

  static Outcome ok(Json value = nullptr) { return {Status::kOk, std::move(value), {}, {}}; }
  /// The outcome of a failed hostcall. The code decides the status: `timeout` and `cancelled` are
  /// themselves; `denied`, `backpressure`, `quota` and `shutting_down` were refused before anything
  /// was done and are `kDenied`; everything else is `kError`. The message is `error.describe()`;
  /// the stack stays where it is.
  static Outcome failed(const Error& error);
};

// ---- isolate to host ----

/// One request of an isolate to its host.
struct Hostcall {
  std::uint64_t number = 0;  ///< per isolate, from 1, without gaps
  Opcode opcode = Opcode::kLogWrite;
  Json arguments = nullptr;
  std::uint64_t cause = 0;  ///< the `Request` being worked on when it was issued, or 0
};

/// The end of a `Request`: the handler's value, or why there is none.
struct Answer {
  std::uint64_t request = 0;
  Result<Json> value = Json(nullptr);
};

/// Something went wrong outside any request: an unhandled rejection or a throwing timer. The
/// isolate goes on. Reported once each.
struct Report {
  Error error;
};

/// The isolate is gone for good. `error` says why, when it was not asked to stop. Last message.
struct Stopped {
  std::optional<Error> error;
};

using ToHost = std::variant<Hostcall, Answer, Report, Stopped>;

// ---- host to isolate ----

/// The outcome of the hostcall with that number.
struct Reply {
  std::uint64_t number = 0;
  Outcome outcome;
};

/// Work for the extension, such as "load" or "tool". Ends in one `Answer`.
struct Request {
  std::uint64_t id = 0;  ///< from 1
  std::string kind;
  Json payload = nullptr;
};

/// Nobody waits for that request any more. Its answer will be dropped.
struct Cancel {
  std::uint64_t request = 0;
};

/// End the isolate: no further JavaScript runs.
struct Stop {};

using ToIsolate = std::variant<Reply, Request, Cancel, Stop>;

}  // namespace isopod::protocol
