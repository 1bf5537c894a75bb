// SPDX-License-Identifier: MIT
#include "hostcall/module_connector.h"

#include <string>
#include <utility>

#include "base/text.h"
#include "os/files.h"

namespace isopod::hostcall {

using protocol::Capability;
using protocol::Hostcall;
using protocol::Opcode;

namespace {

/// More candidates than any resolution makes: a call with more is a probe.
constexpr std::size_t kCandidatesMax = 4096;

bool is_beneath(std::string_view directory, std::string_view path) {
  if (directory == "/") return path.starts_with('/');
  return path.size() > directory.size() && path.starts_with(directory) &&
         path[directory.size()] == '/';
}

/// Absolute, and without parts that a lexical check could be fooled with.
bool is_plain_path(std::string_view path) {
  if (!path.starts_with('/') || path.find('\0') != std::string_view::npos) return false;
  const std::string padded = std::string(path) + "/";
  return padded.find("/../") == std::string::npos && padded.find("/./") == std::string::npos &&
         padded.find("//") == std::string::npos;
}

/// Hidden files beneath a package are configuration and credentials, not source. What package
/// managers hide beneath node_modules is source.
bool has_hidden_part(std::string_view relative) {
  return relative.find("/.") != std::string_view::npos;
}

}  // namespace

bool is_own_file(std::string_view package_root, std::string_view path) {
  if (!is_plain_path(path)) return false;
  const bool in_modules = path.find("/node_modules/") != std::string_view::npos;
  if (is_beneath(package_root, path)) {
    const std::size_t root_length = package_root == "/" ? 0 : package_root.size();
    return in_modules || !has_hidden_part(path.substr(root_length));
  }
  for (std::string_view above = package_root;;) {
    const std::string modules = std::string(above == "/" ? "" : above) + "/node_modules";
    if (is_beneath(modules, path)) return true;
    // The manifests above a package tell where it begins and what it is called.
    if (path == std::string(above == "/" ? "" : above) + "/package.json") return true;
    if (above == "/" || above.empty()) return false;
    const std::size_t slash = above.rfind('/');
    above = slash == 0 ? std::string_view("/") : above.substr(0, slash);
  }
}

Need ModuleConnector::need(const Caller& caller, const Hostcall& call) const {
  if (call.opcode == Opcode::kModuleRead) {
    std::string path = json_string(call.arguments, "path");
    if (is_own_file(caller.package_root, path)) return {};
    return {Capability::kRead, std::move(path)};
  }
  const auto candidates =
      call.arguments.is_object() ? call.arguments.find("candidates") : call.arguments.end();
  if (!call.arguments.is_object() || candidates == call.arguments.end()) return {};
  for (const Json& candidate : *candidates) {
    if (!candidate.is_string()) continue;
    std::string path = candidate.get<std::string>();
    if (!is_own_file(caller.package_root, path)) return {Capability::kRead, std::move(path)};
  }
  return {};
}

void ModuleConnector::start(const Caller&, const Hostcall& call, Completion completion) {
  if (call.opcode == Opcode::kModuleResolve) return resolve(call, std::move(completion));
  read(call, std::move(completion));
}

void ModuleConnector::resolve(const Hostcall& call, Completion completion) {
  const Json& arguments = call.arguments;
  if (!arguments.is_object() || !arguments.contains("candidates") ||
      !arguments["candidates"].is_array() || arguments["candidates"].size() > kCandidatesMax) {
    return std::move(completion)
        .failed({Code::kInvalidArgument, "module.resolve takes a list of candidates", {}, {}});
  }
  std::size_t index = 0;
  for (const Json& candidate : arguments["candidates"]) {
    if (candidate.is_string()) {
      const std::string path = candidate.get<std::string>();
      const Result<os::FileKind> kind = os::file_kind(path);
      if (kind && *kind == os::FileKind::kFile) {
        Result<std::string> canonical = os::canonical_path(path);
        if (!canonical) return std::move(completion).failed(canonical.error());
        return std::move(completion).ok({{"index", index}, {"path", *std::move(canonical)}});
      }
    }
    ++index;
  }
  std::move(completion).ok(nullptr);
}

void ModuleConnector::read(const Hostcall& call, Completion completion) const {
  Result<std::string> bytes = os::read_file(json_string(call.arguments, "path"), file_bytes_max_);
  if (!bytes) return std::move(completion).failed(bytes.error());
  std::move(completion).ok({{"text", to_utf8(*bytes)}});
}

}  // namespace isopod::hostcall
