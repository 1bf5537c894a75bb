// SPDX-License-Identifier: MIT
#include "policy/coverage.h"

#include <utility>

#include "policy/grants.h"
#include "policy/path_scope.h"

namespace isopod::policy {
namespace {

/// A bare name, or a normalized absolute path; nothing for anything else.
std::optional<std::string> read_program(std::string_view text) {
  if (text.find('/') != std::string_view::npos) {
    auto path = normalize_path(text);
    return path && *path != "/" ? std::move(path) : std::nullopt;
  }
  const bool is_name =
      !text.empty() && text != "." && text != ".." && text.find('\0') == std::string_view::npos;
  return is_name ? std::optional(std::string(text)) : std::nullopt;
}

std::string_view base_name(std::string_view program) {
  return program.substr(program.rfind('/') + 1);
}

bool is_bare(std::string_view program) { return program.find('/') == std::string_view::npos; }

bool read_http(Target& target, std::string_view text, std::string_view address) {
  if (!text.empty()) {
    target.endpoint = parse_endpoint(text);
    if (!target.endpoint) return false;
    target.address = target.endpoint->address;
  }
  if (address.empty()) return true;
  const auto resolved = parse_address(address);
  // A literal host can only lead to itself.
  if (!resolved || text.empty() || (target.address && target.address != resolved)) return false;
  target.address = resolved;
  return true;
}

bool http_grant_covers(const std::string& scope, const Target& target) {
  if (scope.empty()) return !target.is_private();
  const auto granted = parse_endpoint(scope);
  if (!granted || target.is_whole) return false;
  const Endpoint& asked = *target.endpoint;
  if (granted->port != 0 && granted->port != asked.port) return false;
  if (target.address && !is_public(*target.address)) {
    const bool is_granted_localhost =
        is_localhost(*granted) && same_host(*granted, asked) && is_loopback(*target.address);
    return granted->address == target.address || is_granted_localhost;
  }
  return same_host(*granted, asked);
}

bool http_deny_touches(const std::string& scope, const Target& target) {
  const auto denied = parse_endpoint(scope);
  if (!denied) return true;
  const Endpoint& asked = *target.endpoint;
  if (denied->port != 0 && asked.port != 0 && denied->port != asked.port) return false;
  if (same_host(*denied, asked)) return true;
  if (!target.address) return false;
  return denied->address == target.address ||
         (is_localhost(*denied) && is_loopback(*target.address));
}

bool path_deny_touches(const protocol::Grant& deny, const Target& target) {
  const auto directory = normalize_path(deny.scope);
  if (!directory || is_beneath(target.text, *directory)) return true;
  return deny.capability == Capability::kWrite && is_beneath(*directory, target.text);
}

bool exec_deny_touches(const std::string& scope, const Target& target) {
  const auto program = read_program(scope);
  if (!program) return true;
  if (is_bare(*program) || is_bare(target.text)) {
    return base_name(*program) == base_name(target.text);
  }
  return *program == target.text;
}

}  // namespace

bool Target::is_private() const {
  if (address) return !is_public(*address);
  return endpoint && is_localhost(*endpoint);
}

std::optional<Target> read_target(Capability capability, std::string_view target,
                                  std::string_view address) {
  Target read{.capability = capability, .is_whole = target.empty()};
  switch (capability) {
    case Capability::kHttp:
      if (!read_http(read, target, address)) return std::nullopt;
      return read;
    case Capability::kTool:
      if (!target.empty() && target != kToolOverride) return std::nullopt;
      read.text = target;
      return read;
    case Capability::kRead:
    case Capability::kWrite:
    case Capability::kExec: break;
    default: read.is_whole = true; return read;
  }
  if (target.empty()) return read;
  auto text = capability == Capability::kExec ? read_program(target) : normalize_path(target);
  if (!text) return std::nullopt;
  read.text = std::move(*text);
  return read;
}

bool grant_covers(const protocol::Grant& grant, const Target& target) {
  if (grant.capability != target.capability) return false;
  if (grant.capability == Capability::kTool) return grant.scope == target.text;
  if (grant.capability == Capability::kHttp) return http_grant_covers(grant.scope, target);
  if (grant.scope.empty()) return true;
  if (target.is_whole) return false;
  switch (grant.capability) {
    case Capability::kRead:
    case Capability::kWrite: return path_scope_covers(grant.scope, target.text);
    case Capability::kExec: return read_program(grant.scope) == target.text;
    default: return false;
  }
}

bool deny_touches(const protocol::Grant& deny, const Target& target) {
  if (deny.capability != target.capability) return false;
  if (deny.scope.empty()) return true;
  if (deny.capability == Capability::kTool) {
    return deny.scope != kToolOverride || target.text == kToolOverride;
  }
  if (target.is_whole) return true;
  switch (deny.capability) {
    case Capability::kRead:
    case Capability::kWrite: return path_deny_touches(deny, target);
    case Capability::kExec: return exec_deny_touches(deny.scope, target);
    case Capability::kHttp: return http_deny_touches(deny.scope, target);
    default: return true;
  }
}

}  // namespace isopod::policy
