// SPDX-License-Identifier: MIT
#include "modules/package.h"

#include <algorithm>

namespace isopod::modules {
namespace {

bool applies(std::string_view condition, Importer importer) {
  if (condition == "default" || condition == "node" || condition == "module-sync") return true;
  return condition == (importer == Importer::kImport ? "import" : "require");
}

/// A target of `exports` or `imports`: text, a list of alternatives, or conditions.
std::optional<std::string> choose(const Json& target, std::string_view star, Importer importer) {
  if (target.is_string()) {
    std::string path = target.get<std::string>();
    for (std::size_t at = path.find('*'); at != std::string::npos;
         at = path.find('*', at + star.size())) {
      path.replace(at, 1, star);
    }
    return path;
  }
  if (target.is_array()) {
    for (const Json& alternative : target) {
      if (auto path = choose(alternative, star, importer)) return path;
    }
  }
  if (target.is_object()) {
    for (const auto& [condition, inner] : target.items()) {
      if (!applies(condition, importer)) continue;
      if (auto path = choose(inner, star, importer)) return path;
    }
  }
  return std::nullopt;
}

/// The entry of a map of subpaths or of "#names" that `key` means: exact, else the longest pattern.
std::optional<std::string> look_up(const Json& map, std::string_view key, Importer importer) {
  if (const auto exact = map.find(std::string(key)); exact != map.end()) {
    return choose(*exact, {}, importer);
  }
  const Json* best = nullptr;
  std::size_t best_length = 0;
  std::string_view star;
  for (const auto& [pattern, target] : map.items()) {
    const std::size_t at = pattern.find('*');
    if (at == std::string::npos) continue;
    const std::string_view before = std::string_view(pattern).substr(0, at);
    const std::string_view after = std::string_view(pattern).substr(at + 1);
    if (key.size() < before.size() + after.size() || !key.starts_with(before) ||
        !key.ends_with(after)) {
      continue;
    }
    if (best != nullptr && before.size() < best_length) continue;
    best = &target;
    best_length = before.size();
    star = key.substr(before.size(), key.size() - before.size() - after.size());
  }
  return best == nullptr ? std::nullopt : choose(*best, star, importer);
}

bool has_subpath_keys(const Json& exports) {
  return exports.is_object() && !exports.empty() && exports.begin().key().starts_with('.');
}

}  // namespace

std::optional<PackageName> split_package_name(std::string_view specifier) {
  if (specifier.empty() || specifier.front() == '.' || specifier.front() == '/' ||
      specifier.front() == '#') {
    return std::nullopt;
  }
  std::size_t end = specifier.find('/');
  if (specifier.front() == '@') {
    if (end == std::string_view::npos) return std::nullopt;
    end = specifier.find('/', end + 1);
  }
  PackageName split{std::string(specifier.substr(0, end)), "."};
  if (end != std::string_view::npos) split.subpath = "./" + std::string(specifier.substr(end + 1));
  return split;
}

PackageTarget resolve_exports(const Json& package, std::string_view subpath, Importer importer) {
  const auto exports = package.find("exports");
  if (exports == package.end() || exports->is_null()) return {};
  std::optional<std::string> path;
  if (has_subpath_keys(*exports)) {
    path = look_up(*exports, subpath, importer);
  } else if (subpath == ".") {
    path = choose(*exports, {}, importer);
  }
  if (!path || !path->starts_with("./")) return {PackageTarget::Kind::kNotExported, {}};
  return {PackageTarget::Kind::kPath, *std::move(path)};
}

std::optional<std::string> resolve_imports(const Json& package, std::string_view name,
                                           Importer importer) {
  const auto imports = package.find("imports");
  if (imports == package.end() || !imports->is_object()) return std::nullopt;
  return look_up(*imports, name, importer);
}

std::vector<std::string> main_candidates(const Json& package) {
  std::vector<std::string> candidates;
  const std::string main = json_string(package, "main");
  if (!main.empty()) candidates.push_back(main);
  candidates.emplace_back("./index");
  return candidates;
}

}  // namespace isopod::modules
