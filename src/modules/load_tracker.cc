// SPDX-License-Identifier: MIT
#include "modules/load_tracker.h"

#include <algorithm>

#include "modules/paths.h"

namespace isopod::modules {

std::string LoadTracker::name_of(const std::string& path) const {
  const auto retired = retired_.find(path);
  std::string name = path;
  for (int i = 0; retired != retired_.end() && i < retired->second; ++i) name.insert(0, "/.");
  return name;
}

std::string LoadTracker::path_of(const std::string& name) { return join_path("/", name); }

LoadTracker::Attempt::Attempt(LoadTracker& tracker) : tracker_(tracker) {
  if (tracker_.depth_++ == 0) tracker_.attempt_.clear();
}

LoadTracker::Attempt::~Attempt() {
  if (--tracker_.depth_ > 0 || succeeded_) return;
  for (const std::string& path : tracker_.attempt_) {
    ++tracker_.retired_[path];
    tracker_.unfinished_.erase(path);
  }
  tracker_.attempt_.clear();
}

void LoadTracker::started(const std::string& path) {
  attempt_.push_back(path);
  unfinished_.insert(path);
}

void LoadTracker::finished(const std::set<std::string>& paths) {
  for (const std::string& path : paths) unfinished_.erase(path);
  // What has run is whole, whatever becomes of the rest of the attempt.
  std::erase_if(attempt_, [&](const std::string& path) { return paths.contains(path); });
}

bool LoadTracker::any_unfinished(const std::set<std::string>& paths) const {
  return std::any_of(paths.begin(), paths.end(),
                     [this](const std::string& path) { return unfinished_.contains(path); });
}

}  // namespace isopod::modules
