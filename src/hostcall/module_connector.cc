// SPDX-License-Identifier: MIT
#include "hostcall/module_connector.h"

#include <optional>
#include <string>
#include <utility>

#include "base/text.h"
#include "os/files.h"

namespace isopod::hostcall {

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
  if (path == package_root) return true;  // an extension that owns one file only
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

Need ModuleConnector::need(const Caller&, const Hostcall&) const {
  // What a call needs depends on where its files really are, which `start` finds out.
  return {};
}

void ModuleConnector::start(const Caller& caller, const Hostcall& call, Completion completion) {
  Result<Json> value = Json(nullptr);
  if (call.opcode == Opcode::kModuleRead) {
    value = read(caller, json_string(call.arguments, "path"));
  } else {
    const Json& arguments = call.arguments;
    const auto candidates = arguments.is_object() ? arguments.find("candidates") : arguments.end();
    const bool is_list = arguments.is_object() && candidates != arguments.end() &&
                         candidates->is_array() && candidates->size() <= kCandidatesMax;
    value = is_list ? resolve(caller, *candidates)
                    : fail(Code::kInvalidArgument, "module.resolve takes a list of candidates");
  }
  if (!value) return std::move(completion).failed(value.error());
  std::move(completion).ok(*std::move(value));
}

Result<> ModuleConnector::judge(const Caller& caller, const std::string& real_path) const {
  if (is_own_file(caller.package_root, real_path)) return {};
  return may_read_(caller, real_path);
}

Result<Json> ModuleConnector::resolve(const Caller& caller, const Json& candidates) const {
  std::optional<Error> refused;
  std::size_t index = 0;
  for (const Json& candidate : candidates) {
    const std::size_t at = index++;
    if (!candidate.is_string()) continue;
    const std::string path = candidate.get<std::string>();
    if (Result<> named = judge(caller, path); !named) {
      // What is refused is not looked for: whether it exists is not the extension's to know. The
      // advice is about its folder, because the extension of the file is not known yet.
      const Result<> folder = judge(caller, directory_of(path));
      if (!refused) refused = folder ? named.error() : folder.error();
      continue;
    }
    const Result<os::FileKind> kind = os::file_kind(path);
    if (!kind || *kind != os::FileKind::kFile) continue;
    Result<std::string> canonical = os::canonical_path(path);
    if (!canonical) return fail(std::move(canonical.error()));
    if (Result<> really = judge(caller, *canonical); !really) {
      if (!refused) refused = really.error();
      continue;
    }
    return Json({{"index", at}, {"path", *std::move(canonical)}});
  }
  if (refused) return fail(*std::move(refused));
  return Json(nullptr);
}

Result<Json> ModuleConnector::read(const Caller& caller, const std::string& path) const {
  if (!is_plain_path(path))
    return fail(Code::kInvalidArgument, "module.read takes an absolute path");
  auto file = os::OpenedFile::open(path);
  // Only what may be read may be told apart.
  if (Result<> allowed = judge(caller, file ? (*file)->real_path() : path); !allowed) {
    return fail(std::move(allowed.error()));
  }
  if (!file) return fail(std::move(file.error()));
  Result<std::string> bytes = (*file)->read(file_bytes_max_);
  if (!bytes && bytes.error().code == Code::kPayloadTooLarge) {
    return fail(Code::kPayloadTooLarge, path + " is larger than the limit of " +
                                            std::to_string(file_bytes_max_ >> 10) +
                                            " KiB for a source file (ext.limits.payload_kb)");
  }
  if (!bytes) return fail(std::move(bytes.error()));
  return Json({{"text", to_utf8(*bytes)}});
}

}  // namespace isopod::hostcall
