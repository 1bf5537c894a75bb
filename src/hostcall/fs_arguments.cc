// SPDX-License-Identifier: MIT
#include "hostcall/fs_arguments.h"

#include <cmath>
#include <utility>

#include "base/base64.h"
#include "policy/path_scope.h"

namespace isopod::hostcall {
namespace {

constexpr unsigned kModeBits = 07777;

std::string kind_of(const Json* value) {
  if (value == nullptr) return "it is missing";
  return std::string("it is a ") + value->type_name();
}

/// A whole number that JavaScript can hold, written in any way.
std::optional<std::uint64_t> whole_number(const Json& value) {
  if (value.is_number_unsigned()) return value.get<std::uint64_t>();
  if (value.is_number_integer()) {
    const auto number = value.get<std::int64_t>();
    return number >= 0 ? std::optional(static_cast<std::uint64_t>(number)) : std::nullopt;
  }
  const double number = value.get<double>();
  const bool is_whole = number >= 0 && number <= static_cast<double>(FsArguments::kOffsetMax) &&
                        std::trunc(number) == number;
  return is_whole ? std::optional(static_cast<std::uint64_t>(number)) : std::nullopt;
}

}  // namespace

const Json* FsArguments::find(const char* name) const {
  if (!arguments_.is_object()) return nullptr;
  const auto found = arguments_.find(name);
  return found == arguments_.end() || found->is_null() ? nullptr : &*found;
}

tl::unexpected<Error> FsArguments::wrong(const std::string& what) const {
  return fail(Code::kInvalidArgument, std::string(opcode_) + ": " + what);
}

tl::unexpected<Error> FsArguments::mistyped(const char* name, const std::string& wanted) const {
  return wrong(std::string(name) + " must be " + wanted + "; " + kind_of(find(name)));
}

Result<std::string> FsArguments::text(const char* name) const {
  const Json* const value = find(name);
  if (value == nullptr || !value->is_string()) return mistyped(name, "a string");
  const auto& text = value->get_ref<const std::string&>();
  if (text.find('\0') != std::string::npos)
    return wrong(std::string(name) + " must not contain a NUL byte");
  return text;
}

Result<FsPath> FsArguments::path(const char* name) const {
  Result<std::string> written = text(name);
  if (!written) return fail(std::move(written.error()));
  auto normal = policy::normalize_path(*written);
  if (!normal) return wrong(std::string(name) + " must be an absolute path");
  return FsPath{*std::move(written), *std::move(normal)};
}

Result<bool> FsArguments::flag(const char* name) const {
  const Json* const value = find(name);
  if (value == nullptr) return false;
  if (!value->is_boolean()) return mistyped(name, "true or false");
  return value->get<bool>();
}

Result<std::optional<std::uint64_t>> FsArguments::number(const char* name,
                                                         std::uint64_t high) const {
  const Json* const value = find(name);
  if (value == nullptr) return std::optional<std::uint64_t>();
  if (!value->is_number()) return mistyped(name, "a number");
  const auto number = whole_number(*value);
  if (!number || *number > high)
    return wrong(std::string(name) + " must be a whole number from 0 to " + std::to_string(high));
  return number;
}

Result<std::uint64_t> FsArguments::required_number(const char* name, std::uint64_t high) const {
  if (!has(name)) return mistyped(name, "a number");
  auto value = number(name, high);
  if (!value) return fail(std::move(value.error()));
  return **value;
}

Result<std::optional<std::int64_t>> FsArguments::time_ns(const char* name) const {
  // What a 64-bit count of nanoseconds holds is a little more.
  constexpr double kMillisecondsMax = 9.2e12;
  constexpr double kNanosecondsPerMillisecond = 1e6;
  const Json* const value = find(name);
  if (value == nullptr) return std::optional<std::int64_t>();
  if (!value->is_number()) return mistyped(name, "a number");
  const double milliseconds = value->get<double>();
  if (!(std::fabs(milliseconds) <= kMillisecondsMax))
    return wrong(std::string(name) + " is out of range");
  // In two steps, because a double cannot hold today in nanoseconds.
  const double whole = std::floor(milliseconds);
  const auto rest = std::llround((milliseconds - whole) * kNanosecondsPerMillisecond);
  return std::optional(static_cast<std::int64_t>(whole) * 1'000'000 + rest);
}

Result<unsigned> FsArguments::mode(const char* name, unsigned fallback) const {
  constexpr std::uint64_t kStatusModeMax = 0xffff;
  auto value = number(name, kStatusModeMax);
  if (!value) return fail(std::move(value.error()));
  return static_cast<unsigned>(value->value_or(fallback)) & kModeBits;
}

Result<FsEncoding> FsArguments::encoding() const {
  Result<std::string> name = text("encoding");
  if (!name) return fail(std::move(name.error()));
  if (*name == "utf8") return FsEncoding::kUtf8;
  if (*name == "base64") return FsEncoding::kBase64;
  return wrong("encoding must be \"utf8\" or \"base64\"");
}

Result<std::string> FsArguments::data() const {
  const Result<FsEncoding> given = encoding();
  if (!given) return fail(given.error());
  const Json* const value = find("data");
  if (value == nullptr || !value->is_string()) return mistyped("data", "a string");
  const auto& text = value->get_ref<const std::string&>();
  if (*given == FsEncoding::kUtf8) return text;
  auto bytes = from_base64(text);
  if (!bytes) return wrong("data is no base64");
  return *std::move(bytes);
}

Result<os::OpenFlags> FsArguments::open_flags() const {
  constexpr std::uint64_t kFlagsMax = 0x7fffffff;
  const Result<std::uint64_t> bits = required_number("flags", kFlagsMax);
  if (!bits) return fail(bits.error());
  auto flags = os::parse_open_flags(*bits);
  if (!flags) return wrong("flags holds bits that are not supported here");
  return *flags;
}

Result<os::OpenFlags> FsArguments::write_flags() const {
  Result<os::OpenFlags> flags = os::OpenFlags{.create = true, .truncate = true};
  if (has("flags")) flags = open_flags();
  if (flags) flags->access = os::OpenFlags::Access::kWrite;
  return flags;
}

}  // namespace isopod::hostcall
