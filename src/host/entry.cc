// SPDX-License-Identifier: MIT
#include "host/entry.h"

#include <array>
#include <optional>
#include <utility>

#include "base/json.h"
#include "base/text.h"
#include "os/files.h"

namespace isopod::host {
namespace {

constexpr std::size_t kManifestBytesMax = std::size_t{1} << 20;
/// How far above a file its package.json may stand.
constexpr int kPackageDepthMax = 5;

std::string directory_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == 0 ? "/" : path.substr(0, slash);
}

/// Ids are shown to people everywhere, so they hold nothing that could drive a terminal.
std::string id_from(const std::string& name) {
  std::string id = printable(name, Sgr::kDrop);
  for (char& c : id) {
    if (c == '\n' || c == '\t') c = ' ';
  }
  return id;
}

std::string stem_of(const std::string& path) {
  const std::string name = path.substr(path.rfind('/') + 1);
  const std::size_t dot = name.rfind('.');
  const std::string stem = dot == std::string::npos || dot == 0 ? name : name.substr(0, dot);
  // "index" says nothing; its folder is what people call the extension.
  if (stem != "index") return stem;
  const std::string folder = directory_of(path);
  return folder == "/" ? stem : folder.substr(folder.rfind('/') + 1);
}

bool is_file(const std::string& path) {
  const Result<os::FileKind> kind = os::file_kind(path);
  return kind && *kind == os::FileKind::kFile;
}

/// The manifest of a directory, or nothing when it has none.
Result<std::optional<Json>> manifest_of(const std::string& directory) {
  const std::string path = directory + "/package.json";
  if (!is_file(path)) return std::optional<Json>();
  Result<std::string> text = os::read_file(path, kManifestBytesMax);
  if (!text) return fail(std::move(text.error()));
  Result<Json> parsed = parse_json(*text);
  if (!parsed)
    return fail(Code::kSyntax, "package.json is " + parsed.error().message, {path, 0, 0});
  if (!parsed->is_object())
    return fail(Code::kSyntax, "package.json is not an object", {path, 0, 0});
  return std::optional(*std::move(parsed));
}

bool is_at_or_above(const std::string& directory, const std::string& path) {
  return directory == "/" || path == directory || path.starts_with(directory + "/");
}

/// The directory whose package.json a file belongs to, or the file's own directory, or the file.
std::string package_root_of(const std::string& file, const std::string& user_home) {
  const std::string own = directory_of(file);
  if (is_at_or_above(own, user_home)) return file;
  std::string directory = own;
  for (int depth = 0; depth < kPackageDepthMax; ++depth) {
    if (is_at_or_above(directory, user_home)) break;
    if (is_file(directory + "/package.json")) return directory;
    if (directory[directory.rfind('/') + 1] == '.') break;
    directory = directory_of(directory);
  }
  return own;
}

/// The entries that a manifest lists; empty when it lists none.
std::vector<std::string> listed_entries(const Json& manifest) {
  std::vector<std::string> entries;
  const auto pi = manifest.find("pi");
  if (pi == manifest.end() || !pi->is_object()) return entries;
  const auto listed = pi->find("extensions");
  if (listed == pi->end() || !listed->is_array()) return entries;
  for (const Json& entry : *listed) {
    if (!entry.is_string()) return {};
    entries.push_back(entry.get<std::string>());
  }
  return entries;
}

Result<std::vector<Entry>> entries_of_package(const std::string& root, const Json& manifest) {
  const std::vector<std::string> listed = listed_entries(manifest);
  const std::string name = json_string(manifest, "name");
  std::vector<Entry> entries;
  for (const std::string& relative : listed) {
    Result<std::string> path = os::canonical_path(root + "/" + relative);
    if (!path || !is_file(*path)) continue;
    const std::string stem = stem_of(*path);
    const std::string id = name.empty() ? stem : listed.size() == 1 ? name : name + "/" + stem;
    entries.push_back({id_from(id), *std::move(path), root});
  }
  if (entries.empty() && !listed.empty()) {
    return fail(Code::kNoEntry, "none of the files that pi.extensions lists exists",
                {root + "/package.json", 0, 0});
  }
  return entries;
}

Result<std::vector<Entry>> entries_of_directory(const std::string& directory) {
  Result<std::optional<Json>> manifest = manifest_of(directory);
  if (!manifest) return fail(std::move(manifest.error()));
  const std::string name = *manifest ? json_string(**manifest, "name") : std::string();
  if (*manifest) {
    Result<std::vector<Entry>> entries = entries_of_package(directory, **manifest);
    if (!entries || !entries->empty()) return entries;
  }
  for (const char* index : {"/index.ts", "/index.js"}) {
    Result<std::string> path = os::canonical_path(directory + index);
    if (!path || !is_file(*path)) continue;
    const std::string id = name.empty() ? stem_of(*path) : name;
    return std::vector<Entry>{{id_from(id), *std::move(path), directory}};
  }
  return fail(Code::kNoEntry,
              "the directory has no extension: no package.json with pi.extensions, no index.ts, no "
              "index.js",
              {directory, 0, 0});
}

}  // namespace

Result<std::vector<Entry>> find_entries(const std::string& path, const std::string& user_home) {
  Result<std::string> canonical = os::canonical_path(path);
  if (!canonical) {
    // A loop of links, a name too long: it is there, and cannot be read.
    if (canonical.error().code != Code::kNotFound) {
      return fail(Code::kUnreadable, canonical.error().message);
    }
    return fail(Code::kNotFound, "there is no file or directory " + path);
  }
  Result<os::FileKind> kind = os::file_kind(*canonical);
  if (!kind) return fail(std::move(kind.error()));
  if (*kind == os::FileKind::kDirectory) return entries_of_directory(*canonical);
  if (*kind != os::FileKind::kFile)
    return fail(Code::kUnreadable, *canonical + " is neither a file nor a directory");
  const std::string root = package_root_of(*canonical, user_home);
  return std::vector<Entry>{{id_from(stem_of(*canonical)), *canonical, root}};
}

}  // namespace isopod::host
