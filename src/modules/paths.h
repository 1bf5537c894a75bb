// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

/// Lexical path arithmetic on absolute POSIX paths: no look at any file system.
namespace isopod::modules {

/// `path` without ".", ".." and doubled slashes; relative to `base` (an absolute directory) unless
/// it starts with a slash.
std::string join_path(std::string_view base, std::string_view path);

/// The directory part: "/a/b.ts" -> "/a", "/a" -> "/".
std::string directory_of(std::string_view path);

/// From the last dot of the last part on: ".ts"; empty when there is none.
std::string_view extension_of(std::string_view path);

/// "file:///a%20b" for "/a b".
std::string file_url(std::string_view path);

/// The path of a "file:" URL, percent-decoded; empty when `url` is none or has a host.
std::string path_of_file_url(std::string_view url);

}  // namespace isopod::modules
