// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "cli/invocation.h"
#include "isopod/options.h"
#include "isopod/result.h"
#include "settings/settings.h"

namespace isopod::cli {

/// Where a command runs and under which settings: the directories and the layered settings that the
/// command line, the environment and the files give. Errors of `find`: `bad_settings`, `usage`.
class Workspace {
 public:
  static Result<std::unique_ptr<Workspace>> find(const Invocation& invocation);

  [[nodiscard]] const settings::Settings& settings() const { return settings_; }
  [[nodiscard]] const std::string& home() const { return home_; }
  [[nodiscard]] const std::string& project() const { return project_; }

  /// Options for a host of this workspace; they borrow from it.
  [[nodiscard]] HostOptions host_options(const Invocation& invocation) const;

  /// The extensions to load when none is named: those of `ext.paths` and of the home. What lies in
  /// the project's `.isopod/extensions` is listed but not loaded: a repository does not decide what
  /// runs.
  struct Discovered {
    std::vector<std::string> paths;
    std::vector<std::string> not_loaded;
  };
  [[nodiscard]] Result<Discovered> discover() const;

 private:
  Workspace() = default;
  Result<> read_settings(const Invocation& invocation);

  std::string user_home_;
  std::string home_;
  std::string project_;
  std::string agent_dir_;
  settings::Settings settings_;
};

}  // namespace isopod::cli
