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
  if (import.specifier.starts_with("node:")) {
    return fail(Code::kModuleNotFound, "No such built-in module: " + std::string(import.specifier));
  }
  Result<std::optional<std::string>> found = std::optional<std::string>();
  const std::string from_url = path_of_file_url(import.specifier);
  if (!from_url.empty() || is_path(import.specifier)) {
    const std::string_view path = from_url.empty() ? import.specifier : std::string_view(from_url);
    found = find_file(join_path(directory_of(import.base), path));
  } else if (import.specifier.starts_with('#')) {
    return resolve_private(import);
  } else if (const auto package = split_package_name(import.specifier)) {
    found = find_package(import, *package);
  }
  if (!found) return fail(std::move(found.error()));
  if (!*found) return not_found(import);
  return Resolved{nullptr, *std::move(*found)};
}

std::vector<std::string> Resolver::package_folders(std::string_view start) {
  std::vector<std::string> folders;
  for (std::string directory(start);; directory = directory_of(directory)) {
    if (!directory.ends_with("/node_modules"))
      folders.push_back(join_path(directory, "node_modules"));
    if (directory == "/") return folders;
  }
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
  for (const std::string& folder : package_folders(directory_of(import.base)))
    roots.push_back(join_path(folder, package.name));
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
  return find_self(import, package);
}

Result<std::optional<std::string>> Resolver::find_self(const Import& import,
                                                       const PackageName& package) {
  auto manifest = own_manifest(import.base);
  if (!manifest || !*manifest) return manifest;
  Result<const Json*> own = package_json(**manifest);
  if (!own) return fail(std::move(own.error()));
  // A package can be imported by its own name only as far as it says what it exports.
  if (json_string(**own, "name") != package.name || !(*own)->contains("exports"))
    return std::optional<std::string>();
  return find_in_package(**manifest, import, package.subpath);
}

Result<std::optional<std::string>> Resolver::find_in_package(const std::string& manifest,
                                                             const Import& import,
                                                             const std::string& subpath) {
  const std::string root = directory_of(manifest);
  Result<const Json*> package = package_json(manifest);
  if (!package) return fail(std::move(package.error()));
  const PackageTarget target = resolve_exports(**package, subpath, import.importer);
  switch (target.kind) {
    case PackageTarget::Kind::kPath: {
      const std::string path = join_path(root, target.path);
      auto file = find_file(path);
      if (!file || *file) return file;
      return fail(Code::kModuleNotFound, "Cannot find module '" + path + "'\nRequire stack:\n- " +
                                             std::string(import.base));
    }
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

Result<Resolved> Resolver::resolve_private(const Import& import) {
  auto manifest = own_manifest(import.base);
  if (!manifest) return fail(std::move(manifest.error()));
  if (!*manifest) return not_found(import);
  Result<const Json*> package = package_json(**manifest);
  if (!package) return fail(std::move(package.error()));
  const auto target = resolve_imports(**package, import.specifier, import.importer);
  if (!target) {
    return fail(Code::kModuleNotFound, "Package import specifier \"" +
                                           std::string(import.specifier) +
                                           "\" is not defined in package " + **manifest +
                                           " imported from " + std::string(import.base));
  }
  if (!target->starts_with("./")) {
    // Another package or a built-in module; not one more private name, which could go in circles.
    if (split_package_name(*target)) return resolve({*target, import.base, import.importer});
    return not_found(import);
  }
  auto file = find_file(join_path(directory_of(**manifest), *target));
  if (!file) return fail(std::move(file.error()));
  return *file ? Resolved{nullptr, **std::move(file)} : Result<Resolved>(not_found(import));
}

Result<std::optional<std::string>> Resolver::own_manifest(std::string_view path) {
  std::vector<std::string> manifests;
  for (std::string directory = directory_of(path);; directory = directory_of(directory)) {
    manifests.push_back(join_path(directory, "package.json"));
    if (directory == "/" || directory.ends_with("/node_modules")) break;
  }
  auto found = reader_.find(manifests);
  if (!found) return fail(std::move(found.error()));
  return *found ? std::optional((*found)->path) : std::nullopt;
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
