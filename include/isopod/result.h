// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>

namespace isopod {

/// Every way in which something isopod does can fail. The words returned by `to_string` are stable:
/// they appear in `--json` output, in the ledger and as `code` of JavaScript errors.
enum class Code {
  kInvalidArgument,  ///< the caller passed something malformed
  kNotFound,         ///< a file, tool, command or extension of that name does not exist
  kUnreadable,       ///< a file exists but could not be read
  kIo,               ///< the system refused a file or process operation; the message has its name
  kNoEntry,          ///< a directory or package names no extension entry file
  kSyntax,           ///< source text that is not valid JavaScript or TypeScript
  kUnsupported,      ///< valid, but this version does not do it (the message names it)
  kModuleNotFound,   ///< an import that resolves to nothing
  kNoFactory,        ///< the entry module's default export is not a function
  kLoadFailed,       ///< the module body or the factory threw or rejected
  kException,        ///< JavaScript threw
  kTimeout,          ///< a deadline passed
  kMemory,           ///< the heap limit was reached
  kStackOverflow,    ///< the stack limit was reached
  kPayloadTooLarge,  ///< a message larger than its limit
  kNotSerializable,  ///< a value that cannot be plain data (a cycle, a BigInt)
  kDenied,           ///< policy or trust said no
  kBackpressure,     ///< a lane or bound is full; retry later
  kQuota,            ///< a quota is used up
  kShuttingDown,     ///< the host drains; no new work
  kCancelled,        ///< whoever asked lost interest, or the isolate ended first
  kDeadlock,         ///< isolates wait for each other
  kFaulted,          ///< the extension's isolate was destroyed after a fault
  kBadSettings,      ///< a settings file or value that cannot be used
  kUsage,            ///< a wrong command line
  kInternal,         ///< a bug of isopod
};

/// The stable word of a code, such as "module_not_found".
std::string_view to_string(Code code);

/// The code of a stable word; `Code::kInternal` for a word that is none.
Code code_from_string(std::string_view word);

/// Where in JavaScript or TypeScript source something happened. Lines and columns count from 1;
/// 0 means unknown.
struct Location {
  std::string file;
  int line = 0;
  int column = 0;

  /// "file:line:column" with the unknown parts left out; empty when the file is unknown.
  [[nodiscard]] std::string to_string() const;
};

/// A failure as a value. `message` is one sentence or more for a person: what happened and, where
/// that helps, what to do. `stack` is the JavaScript stack when there was one.
struct Error {
  Code code = Code::kInternal;
  std::string message;
  Location where = {};
  std::string stack = {};

  /// "message (file:line:column)", without the parenthesis when the place is unknown or already
  /// part of the message.
  [[nodiscard]] std::string describe() const;
};

/// What a fallible function returns: a value or an `Error`. Ignoring one is a compiler warning,
/// which the build turns into an error.
template <class T = void>
class [[nodiscard]] Result : public tl::expected<T, Error> {
 public:
  using tl::expected<T, Error>::expected;
  using value_type = T;
};

/// `return fail(Code::kNotFound, "no such tool");`
inline tl::unexpected<Error> fail(Code code, std::string message, Location where = {}) {
  return tl::unexpected<Error>(Error{code, std::move(message), std::move(where), {}});
}

/// `return fail(std::move(other.error()));`
inline tl::unexpected<Error> fail(Error error) { return tl::unexpected<Error>(std::move(error)); }

}  // namespace isopod
