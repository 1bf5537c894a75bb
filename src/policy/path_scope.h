// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>

/// Scopes of `read` and `write`. Purely lexical: links are the business of the connector, which
/// opens files beneath an open directory.
namespace isopod::policy {

/// `path` without empty, "." and ".." components and without a slash at the end. ".." at the root
/// stays there. Nothing for a path that is not absolute or holds a NUL byte.
std::optional<std::string> normalize_path(std::string_view path);

/// Whether `path` is `directory` or beneath it, component by component; both as `normalize_path`
/// returns them.
bool is_beneath(std::string_view path, std::string_view directory);

/// Whether the scope of a rule, as written, covers an absolute, normalized path. A scope that is
/// not absolute covers nothing.
bool path_scope_covers(std::string_view scope, std::string_view path);

}  // namespace isopod::policy
