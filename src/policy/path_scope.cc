// SPDX-License-Identifier: MIT
#include "policy/path_scope.h"

#include <vector>

namespace isopod::policy {

std::optional<std::string> normalize_path(std::string_view path) {
  if (!path.starts_with('/') || path.find('\0') != std::string_view::npos) return std::nullopt;
  std::vector<std::string_view> components;
  while (!path.empty()) {
    const std::size_t slash = path.find('/');
    const std::string_view component = path.substr(0, slash);
    path.remove_prefix(slash == std::string_view::npos ? path.size() : slash + 1);
    if (component.empty() || component == ".") continue;
    if (component != "..") {
      components.push_back(component);
    } else if (!components.empty()) {
      components.pop_back();
    }
  }
  if (components.empty()) return "/";
  std::string normal;
  for (const std::string_view component : components) {
    normal += '/';
    normal += component;
  }
  return normal;
}

bool is_beneath(std::string_view path, std::string_view directory) {
  if (directory == "/") return path.starts_with('/');
  if (!path.starts_with(directory)) return false;
  return path.size() == directory.size() || path[directory.size()] == '/';
}

bool path_scope_covers(std::string_view scope, std::string_view path) {
  const auto directory = normalize_path(scope);
  return directory && is_beneath(path, *directory);
}

}  // namespace isopod::policy
