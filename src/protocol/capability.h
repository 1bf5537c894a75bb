// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace isopod::protocol {

/// What policy grants. `kNone` marks opcodes that need no grant: loading an extension's own files
/// and registering what it offers.
enum class Capability {
  kNone,
  kRead,
  kWrite,
  kExec,
  kHttp,
  kEnv,
  kTool,
  kSession,
  kUi,
  kEvents,
  kLog,
};

/// Every capability that can be granted, in the order in which people see them.
inline constexpr std::array kCapabilities = {
    Capability::kRead,   Capability::kWrite, Capability::kExec,    Capability::kHttp,
    Capability::kEnv,    Capability::kTool,  Capability::kSession, Capability::kUi,
    Capability::kEvents, Capability::kLog,
};

/// The stable word of a capability, such as "read"; "none" for `kNone`.
std::string_view to_string(Capability capability);

/// The capability of a stable word, or nothing for a word that is none.
std::optional<Capability> capability_from_string(std::string_view word);

/// A capability with its scope, written `read`, `read:DIR`, `exec:git`, `http:HOST[:PORT]`,
/// `tool:override`. An empty scope means all of it.
struct Grant {
  Capability capability = Capability::kNone;
  std::string scope = {};

  bool operator==(const Grant&) const = default;
};

}  // namespace isopod::protocol
