// SPDX-License-Identifier: MIT
#include "cli/watch.h"

#include <chrono>
#include <filesystem>
#include <map>
#include <system_error>
#include <thread>

namespace isopod::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::milliseconds kLookEvery{250};
constexpr std::size_t kFilesMax = 10'000;

using Snapshot = std::map<std::string, fs::file_time_type>;

bool is_source(const fs::path& path) {
  static constexpr const char* kExtensions[] = {".ts",  ".mts", ".cts", ".js",
                                                ".mjs", ".cjs", ".json"};
  for (const char* extension : kExtensions) {
    if (path.extension() == extension) return true;
  }
  return false;
}

void look(const std::string& folder, Snapshot& into) {
  std::error_code error;
  fs::recursive_directory_iterator entry(folder, fs::directory_options::skip_permission_denied,
                                         error);
  for (; !error && entry != fs::recursive_directory_iterator(); entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    std::error_code ignored;
    if (entry->is_directory(ignored) && (name.starts_with('.') || name == "node_modules")) {
      entry.disable_recursion_pending();
    } else if (is_source(entry->path()) && into.size() < kFilesMax) {
      into[entry->path().string()] = entry->last_write_time(ignored);
    }
  }
}

Snapshot look_at_all(const std::vector<std::string>& folders) {
  Snapshot snapshot;
  for (const std::string& folder : folders) look(folder, snapshot);
  return snapshot;
}

}  // namespace

void wait_for_change(const std::vector<std::string>& folders) {
  const Snapshot before = look_at_all(folders);
  do {
    std::this_thread::sleep_for(kLookEvery);
  } while (look_at_all(folders) == before);
}

}  // namespace isopod::cli
