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

LoadTracker::Attempt::Attempt(LoadTracker& tracker)
    : tracker_(tracker), first_(tracker.attempt_.size()) {
  ++tracker_.depth_;
}

LoadTracker::Attempt::~Attempt() {
  std::vector<std::string>& attempt = tracker_.attempt_;
  if (!succeeded_) {
    for (std::size_t i = first_; i < attempt.size(); ++i) {
      if (attempt[i].empty()) continue;
      ++tracker_.retired_[attempt[i]];
      tracker_.unfinished_.erase(attempt[i]);
    }
    attempt.resize(std::min(first_, attempt.size()));
  }
  if (--tracker_.depth_ == 0) attempt.clear();
}

void LoadTracker::started(const std::string& path) {
  attempt_.push_back(path);
  unfinished_.insert(path);
}

void LoadTracker::finished(const std::set<std::string>& paths) {
  for (const std::string& path : paths) unfinished_.erase(path);
  // What has run is whole, whatever becomes of the rest of the attempt. The places of the others
  // stay.
  for (std::string& path : attempt_) {
    if (paths.contains(path)) path.clear();
  }
}

bool LoadTracker::may_run(const std::set<std::string>& graph) const {
  const auto touches = [&graph](const auto& paths) {
    return std::any_of(paths.begin(), paths.end(),
                       [&](const std::string& path) { return graph.contains(path); });
  };
  if (!touches(unfinished_)) return true;
  return !touches(attempt_) && !touches(running_);
}

}  // namespace isopod::modules
