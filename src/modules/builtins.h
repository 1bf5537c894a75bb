// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace isopod::modules {

/// A module that is part of isopod: its bytecode, made by the same build as the engine that reads
/// it.
struct Builtin {
  std::string_view name;  ///< canonical, such as "node:path"
  std::span<const std::uint8_t> bytecode;
  std::span<const std::string_view> exports;  ///< in the order of their definition
};

struct BuiltinAlias {
  std::string_view alias;
  std::string_view name;
};

/// The table of built-in modules. Names match exactly or not at all: the table is a security
/// boundary. Borrows what it is made of; immutable, any thread.
class BuiltinTable {
 public:
  BuiltinTable(std::span<const Builtin> builtins, std::span<const BuiltinAlias> aliases)
      : builtins_(builtins), aliases_(aliases) {}

  /// The module that `specifier` names, canonically or by an alias; null when none does.
  [[nodiscard]] const Builtin* find(std::string_view specifier) const;

  [[nodiscard]] std::span<const Builtin> all() const { return builtins_; }

 private:
  std::span<const Builtin> builtins_;
  std::span<const BuiltinAlias> aliases_;
};

/// The built-in modules compiled into this binary (the target isopod_prelude defines it).
const BuiltinTable& prelude();

/// Names with this prefix are isopod's own: built-in modules may import them, extensions may not.
inline constexpr std::string_view kInternalPrefix = "isopod:";

}  // namespace isopod::modules
