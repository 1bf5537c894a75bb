// SPDX-License-Identifier: MIT
#include "modules/resolver.h"

#include <array>

#include "modules/paths.h"

namespace isopod::modules {
namespace {

constexpr std::array<std::string_view, 8> kImpliedExtensions = {".js",  ".mjs", ".cjs", ".ts",
                                                                ".tsx", ".mts", ".cts", ".json"};

/// What TypeScript authors write for a file that will be compiled: "./x.js" for x.ts.
struct Compiled {
  std::string_view written;
  std::string_view source;
};
constexpr std::array<Compiled, 5> kCompiled = {Compiled{".js", ".ts"}, Compiled{".js", ".tsx"},
                                               Compiled{".jsx", ".tsx"}, Compiled{".mjs", ".mts"},
                                               Compiled{".cjs", ".cts"}};

/// The files that a path without a package around it may mean, in the order of preference.
std::vector<std::string> file_candidates(const std::string& path) {
  std::vector<std::string> candidates = {path};
  const std::string_view extension = extension_of(path);
  for (const Compiled& entry : kCompiled) {
    if (entry.written != extension) continue;
    candidates.push_back(path.substr(0, path.size() - extension.size()) +
                         std::string(entry.source));
  }
  for (const std::string_view implied : kImpliedExtensions)
    candidates.push_back(path + std::string(implied));
  return candidates;
}

std::vector<std::string> index_candidates(const std::string& directory) {
  std::vector<std::string> candidates;
  for (const std::string_view implied : kImpliedExtensions) {
    candidates.push_back(join_path(directory, "index" + std::string(implied)));
  }
  return candidates;
}

tl::unexpected<Error> not_found(const Resolver::Import& import) {
  return fail(Code::kModuleNotFound,
              "Cannot find module '" + std::string(import.specifier) + "'\nRequire stack:\n- " +
                  std::string(import.base),
              {std::string(import.base), 0, 0});
}

bool is_path(std::string_view specifier) {
  return specifier.starts_with("./") || specifier.starts_with("../") ||
         specifier.starts_with('/') || specifier == "." || specifier == "..";
}

}  // namespace

std::span<const std::string_view> implied_extensions() { return kImpliedExtensions; }

Result<Resolved> Resolver::resolve(const Import& import) {
  if (const Builtin* builtin = builtins_.find(import.specifier);
      builtin != nullptr && !import.specifier.starts_with(kInternalPrefix)) {
    return Resolved{builtin, {}};
  }
  Result<std::optional<std::string>> found = std::optional<std::string>();
  const std::string from_url = path_of_file_url(import.specifier);
  if (!from_url.empty() || is_path(import.specifier)) {
    const std::string_view path = from_url.empty() ? import.specifier : std::string_view(from_url);
    found = find_file(join_path(directory_of(import.base), path));
  } else if (import.specifier.starts_with('#')) {
    found = find_private_import(import);
  } else if (const auto package = split_package_name(import.specifier)) {
    found = find_package(import, *package);
  }
  if (!found) return fail(std::move(found.error()));
  if (!*found) return not_found(import);
  return Resolved{nullptr, *std::move(*found)};
}

Result<std::optional<std::string>> Resolver::find_file(const std::string& path) {
  auto file = reader_.find(file_candidates(path));
  if (!file) return fail(std::move(file.error()));
  if (*file) return std::optional((*file)->path);
  const std::array<std::string, 1> manifest = {join_path(path, "package.json")};
  auto found = reader_.find(manifest);
  if (!found) return fail(std::move(found.error()));
  if (*found) {
    Result<const Json*> package = package_json((*found)->path);
    if (!package) return fail(std::move(package.error()));
    const std::string main = json_string(**package, "main");
    if (!main.empty()) {
      auto entry = reader_.find(file_candidates(join_path(path, main)));
      if (!entry) return fail(std::move(entry.error()));
      if (*entry) return std::optional((*entry)->path);
    }
  }
  auto index = reader_.find(index_candidates(path));
  if (!index) return fail(std::move(index.error()));
  return *index ? std::optional((*index)->path) : std::nullopt;
}

Result<std::optional<std::string>> Resolver::find_package(const Import& import,
                                                          const PackageName& package) {
  std::vector<std::string> roots;
  for (std::string directory = directory_of(import.base);; directory = directory_of(directory)) {
    if (!directory.ends_with("/node_modules")) {
      roots.push_back(join_path(directory, "node_modules/" + package.name));
    }
    if (directory == "/") break;
  }
  std::vector<std::string> manifests;
  for (const std::string& root : roots) manifests.push_back(root + "/package.json");
  auto found = reader_.find(manifests);
  if (!found) return fail(std::move(found.error()));
  if (*found) return find_in_package((*found)->path, import, package.subpath);
  // A folder without package.json is a package too, by its index file.
  for (const std::string& root : roots) {
    auto entry = find_file(join_path(root, package.subpath));
    if (!entry || *entry) return entry;
  }
  return std::optional<std::string>();
}

Result<std::optional<std::string>> Resolver::find_in_package(const std::string& manifest,
                                                             const Import& import,
                                                             const std::string& subpath) {
  const std::string root = directory_of(manifest);
  Result<const Json*> package = package_json(manifest);
  if (!package) return fail(std::move(package.error()));
  const PackageTarget target = resolve_exports(**package, subpath, import.importer);
  switch (target.kind) {
    case PackageTarget::Kind::kPath: return find_file(join_path(root, target.path));
    case PackageTarget::Kind::kNotExported:
      return fail(Code::kModuleNotFound,
                  "Package subpath '" + subpath + "' is not defined by \"exports\" in " + manifest);
    case PackageTarget::Kind::kNoExports: break;
  }
  if (subpath != ".") return find_file(join_path(root, subpath));
  for (const std::string& main : main_candidates(**package)) {
    auto entry = find_file(join_path(root, main));
    if (!entry || *entry) return entry;
  }
  return std::optional<std::string>();
}

Result<std::optional<std::string>> Resolver::find_private_import(const Import& import) {
  std::vector<std::string> manifests;
  for (std::string directory = directory_of(import.base);; directory = directory_of(directory)) {
    manifests.push_back(join_path(directory, "package.json"));
    if (directory == "/" || directory.ends_with("/node_modules")) break;
  }
  auto found = reader_.find(manifests);
  if (!found) return fail(std::move(found.error()));
  if (!*found) return std::optional<std::string>();
  Result<const Json*> package = package_json((*found)->path);
  if (!package) return fail(std::move(package.error()));
  const auto target = resolve_imports(**package, import.specifier, import.importer);
  if (!target) return std::optional<std::string>();
  if (target->starts_with("./")) return find_file(join_path(directory_of((*found)->path), *target));
  if (const auto name = split_package_name(*target)) return find_package(import, *name);
  return std::optional<std::string>();
}

Result<const Json*> Resolver::package_json(const std::string& path) {
  if (const auto known = packages_.find(path); known != packages_.end()) return &known->second;
  Result<std::string> text = reader_.read(path);
  if (!text) return fail(std::move(text.error()));
  Result<Json> parsed = parse_json(*text);
  if (!parsed || !parsed->is_object()) {
    const std::string why = parsed ? "it is not an object" : parsed.error().message;
    return fail(Code::kSyntax, "Invalid package.json: " + why, {path, 0, 0});
  }
  return &packages_.emplace(path, *std::move(parsed)).first->second;
}

}  // namespace isopod::modules
