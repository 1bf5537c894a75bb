// SPDX-License-Identifier: MIT
#include "hostcall/module_connector.h"

#include <optional>
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

std::string directory_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos || slash == 0 ? "/" : path.substr(0, slash);
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
  // Each candidate of a resolve is judged by itself.
  if (call.opcode == Opcode::kModuleResolve) return {};
  std::string path = json_string(call.arguments, "path");
  // A file is judged by where it really is, not by the link that names it.
  if (is_plain_path(path)) path = os::canonical_path(path).value_or(path);
  if (is_own_file(caller.package_root, path)) return {};
  return {Capability::kRead, std::move(path)};
}

void ModuleConnector::start(const Caller& caller, const Hostcall& call, Completion completion) {
  if (call.opcode == Opcode::kModuleRead) return read(call, std::move(completion));
  const Json& arguments = call.arguments;
  const auto candidates = arguments.is_object() ? arguments.find("candidates") : arguments.end();
  if (!arguments.is_object() || candidates == arguments.end() || !candidates->is_array() ||
      candidates->size() > kCandidatesMax) {
    return std::move(completion)
        .failed({Code::kInvalidArgument, "module.resolve takes a list of candidates", {}, {}});
  }
  Result<Json> found = resolve(caller, *candidates);
  if (!found) return std::move(completion).failed(found.error());
  std::move(completion).ok(*std::move(found));
}

Result<Json> ModuleConnector::resolve(const Caller& caller, const Json& candidates) const {
  std::optional<Error> refused;
  std::size_t index = 0;
  for (const Json& candidate : candidates) {
    const std::size_t at = index++;
    if (!candidate.is_string()) continue;
    const std::string path = candidate.get<std::string>();
    if (!is_own_file(caller.package_root, path)) {
      // A refused candidate is not looked for: whether it exists is not the extension's to know.
      // The advice is about its folder, because the extension of the file is not known yet.
      if (Result<> allowed = may_read_(caller, path); !allowed) {
        const Result<> folder = may_read_(caller, directory_of(path));
        if (!refused) refused = folder ? allowed.error() : folder.error();
        continue;
      }
    }
    const Result<os::FileKind> kind = os::file_kind(path);
    if (!kind || *kind != os::FileKind::kFile) continue;
    Result<std::string> canonical = os::canonical_path(path);
    if (!canonical) return fail(std::move(canonical.error()));
    return Json({{"index", at}, {"path", *std::move(canonical)}});
  }
  if (refused) return fail(*std::move(refused));
  return Json(nullptr);
}

void ModuleConnector::read(const Hostcall& call, Completion completion) const {
  Result<std::string> bytes = os::read_file(json_string(call.arguments, "path"), file_bytes_max_);
  if (!bytes) return std::move(completion).failed(bytes.error());
  std::move(completion).ok({{"text", to_utf8(*bytes)}});
}

}  // namespace isopod::hostcall
