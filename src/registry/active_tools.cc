// SPDX-License-Identifier: MIT
#include "registry/active_tools.h"

#include <algorithm>
#include <utility>

namespace isopod::registry {
namespace {

bool active_by_default(const Json& tool) {
  const std::string exposure = json_string(tool, "exposure", "direct");
  if (exposure != "direct" && exposure != "model-only") return false;
  const auto wish = tool.find("defaultActive");
  return wish == tool.end() || !wish->is_boolean() || wish->get<bool>();
}

}  // namespace

bool can_be_active(const Json& tool) { return json_string(tool, "exposure") != "hidden"; }

void ActiveTools::update(const Json& tools) {
  const std::lock_guard lock(mutex_);
  for (const Json& tool : tools) {
    const std::string name = json_string(tool, "name");
    if (!seen_.insert(name).second || !active_by_default(tool)) continue;
    if (std::find(names_.begin(), names_.end(), name) == names_.end()) names_.push_back(name);
  }
}

void ActiveTools::set(const std::vector<std::string>& names, const std::set<std::string>& known) {
  std::vector<std::string> kept;
  for (const std::string& name : names) {
    if (known.contains(name) && std::find(kept.begin(), kept.end(), name) == kept.end()) {
      kept.push_back(name);
    }
  }
  const std::lock_guard lock(mutex_);
  names_ = std::move(kept);
}

std::vector<std::string> ActiveTools::names() const {
  const std::lock_guard lock(mutex_);
  return names_;
}

}  // namespace isopod::registry
