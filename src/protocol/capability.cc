// SPDX-License-Identifier: MIT
#include "protocol/capability.h"

namespace isopod::protocol {

std::string_view to_string(Capability capability) {
  switch (capability) {
    case Capability::kNone: return "none";
    case Capability::kRead: return "read";
    case Capability::kWrite: return "write";
    case Capability::kExec: return "exec";
    case Capability::kHttp: return "http";
    case Capability::kEnv: return "env";
    case Capability::kTool: return "tool";
    case Capability::kSession: return "session";
    case Capability::kUi: return "ui";
    case Capability::kEvents: return "events";
    case Capability::kLog: return "log";
  }
  return "none";
}

std::optional<Capability> capability_from_string(std::string_view word) {
  for (const Capability capability : kCapabilities) {
    if (to_string(capability) == word) return capability;
  }
  return std::nullopt;
}

}  // namespace isopod::protocol
