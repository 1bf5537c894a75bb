// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/json.h"
#include "isopod/result.h"
#include "os/path_open.h"

namespace isopod::hostcall {

/// A path as the extension wrote it, for messages, and as it is judged and used: without empty,
/// "." and ".." parts.
struct FsPath {
  std::string written;
  std::string normal;
};

enum class FsEncoding { kUtf8, kBase64 };

/// Reads the arguments of one `fs` call, which are hostile until read. An argument that is `null`
/// is left out. Every error is `invalid_argument` and names the opcode and the argument.
class FsArguments {
 public:
  /// Borrows both.
  FsArguments(std::string_view opcode, const Json& arguments)
      : opcode_(opcode), arguments_(arguments) {}

  [[nodiscard]] bool has(const char* name) const { return find(name) != nullptr; }

  [[nodiscard]] Result<FsPath> path(const char* name) const;
  [[nodiscard]] Result<std::string> text(const char* name) const;
  /// False when it is left out.
  [[nodiscard]] Result<bool> flag(const char* name) const;
  /// A whole number from 0 to `high`.
  [[nodiscard]] Result<std::optional<std::uint64_t>> number(const char* name,
                                                            std::uint64_t high) const;
  [[nodiscard]] Result<std::uint64_t> required_number(const char* name, std::uint64_t high) const;
  /// A time in milliseconds since 1970, with fractions, as nanoseconds.
  [[nodiscard]] Result<std::optional<std::int64_t>> time_ns(const char* name) const;
  /// The bits of a mode; the kind of file in them does not count.
  [[nodiscard]] Result<unsigned> mode(const char* name, unsigned fallback) const;
  [[nodiscard]] Result<FsEncoding> encoding() const;
  /// The bytes of `data` in the encoding of `encoding`.
  [[nodiscard]] Result<std::string> data() const;
  /// Of `fs.open`, where they must be given.
  [[nodiscard]] Result<os::OpenFlags> open_flags() const;
  /// Of `fs.write`, which writes only, whatever they say; left out, they create and truncate.
  [[nodiscard]] Result<os::OpenFlags> write_flags() const;

  /// An error that names the opcode.
  [[nodiscard]] tl::unexpected<Error> wrong(const std::string& what) const;

  static constexpr std::uint64_t kOffsetMax = (std::uint64_t{1} << 53) - 1;

 private:
  [[nodiscard]] const Json* find(const char* name) const;
  [[nodiscard]] tl::unexpected<Error> mistyped(const char* name, const std::string& wanted) const;

  std::string_view opcode_;
  const Json& arguments_;
};

}  // namespace isopod::hostcall
