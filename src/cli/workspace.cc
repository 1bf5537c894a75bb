// SPDX-License-Identifier: MIT
#include "cli/workspace.h"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <map>
#include <utility>

#include "base/json.h"
#include "host/discovery.h"
#include "host/entry.h"
#include "host/options_from_settings.h"
#include "os/files.h"
#include "settings/load.h"

extern char** environ;

namespace isopod::cli {
namespace {

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

std::string find_user_home() {
  const std::string home = variable("HOME");
  return home.starts_with('/') ? home : "/";
}

std::string absolute(const std::string& path) {
  std::error_code ignored;
  const auto whole = std::filesystem::absolute(path, ignored).lexically_normal().string();
  return whole.size() > 1 && whole.ends_with('/') ? whole.substr(0, whole.size() - 1) : whole;
}

std::map<std::string, std::string> environment() {
  std::map<std::string, std::string> variables;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    const std::size_t equals = text.find('=');
    if (equals != std::string_view::npos) {
      variables.emplace(text.substr(0, equals), text.substr(equals + 1));
    }
  }
  return variables;
}

std::vector<settings::Flag> flags_of(const Invocation& invocation) {
  std::vector<settings::Flag> flags;
  if (invocation.profile)
    flags.push_back({"ext.policy", *invocation.profile, "--extension-policy"});
  if (invocation.placement)
    flags.push_back({"ext.placement", *invocation.placement, "--placement"});
  if (invocation.log_level) flags.push_back({"log.level", *invocation.log_level, "--log-level"});
  return flags;
}

}  // namespace

Result<std::unique_ptr<Workspace>> Workspace::find(const Invocation& invocation) {
  auto workspace = std::unique_ptr<Workspace>(new Workspace());
  workspace->user_home_ = find_user_home();
  const std::string named = !invocation.home.empty() ? invocation.home : variable("ISOPOD_HOME");
  workspace->home_ = absolute(named.empty() ? workspace->user_home_ + "/.isopod" : named);
  Result<std::string> project =
      os::canonical_path(invocation.project.empty() ? "." : invocation.project);
  if (!project)
    return fail(Code::kUsage, "--project " + invocation.project + ": " + project.error().message);
  workspace->project_ = *std::move(project);
  const std::string agent = variable("PI_CODING_AGENT_DIR");
  workspace->agent_dir_ = absolute(agent.empty() ? workspace->user_home_ + "/.pi/agent" : agent);
  if (Result<> read = workspace->read_settings(invocation); !read)
    return fail(std::move(read.error()));
  return workspace;
}

Result<> Workspace::read_settings(const Invocation& invocation) {
  using Presence = settings::SettingsFile::Presence;
  settings::Sources sources;
  sources.flags = flags_of(invocation);
  if (invocation.settings == Invocation::Settings::kIgnore) {
    sources.flags.insert(sources.flags.begin(), {"ext.policy", "safe", "--ignore-settings"});
  } else {
    const bool named = !invocation.settings_file.empty();
    sources.home = settings::SettingsFile{
        named ? absolute(invocation.settings_file) : home_ + "/settings.json",
        named ? Presence::kRequired : Presence::kOptional};
    sources.project =
        settings::SettingsFile{project_ + "/.isopod/settings.json", Presence::kOptional};
    sources.environment = environment();
  }
  Result<settings::Settings> loaded = settings::load(sources);
  if (!loaded) return fail(std::move(loaded.error()));
  settings_ = *std::move(loaded);
  if (settings_.word(settings::Key::kPlacement) != "thread") {
    return fail(Code::kUsage, "placement process is not available in this version; use thread");
  }
  return {};
}

namespace {

/// "name" is true, "name=true" and "name=false" are booleans, "name=text" is text.
std::string flags_json(const std::vector<std::string>& flags) {
  Json values = Json::object();
  for (const std::string& flag : flags) {
    const std::size_t equals = flag.find('=');
    const std::string value = equals == std::string::npos ? "true" : flag.substr(equals + 1);
    Json& into = values[flag.substr(0, equals)];
    if (value == "true" || value == "false") {
      into = value == "true";
    } else {
      into = value;
    }
  }
  return dump_json(values);
}

}  // namespace

HostOptions Workspace::host_options(const Invocation& invocation) const {
  HostOptions options{.project = project_, .user_home = user_home_, .agent_dir = agent_dir_};
  host::apply_settings(settings_, options);
  options.grants = invocation.grants;
  options.flags_json = flags_json(invocation.flags);
  if (!invocation.session.empty()) options.session_file = absolute(invocation.session);
  return options;
}

Result<Workspace::Discovered> Workspace::discover() const {
  Discovered discovered;
  std::vector<std::string> folders;
  for (const std::string& path : settings_.paths(settings::Key::kPaths)) {
    // A folder that is no extension itself holds some.
    const auto entries = host::find_entries(path, user_home_);
    const bool holds_some = !entries && entries.error().code == Code::kNoEntry;
    (holds_some ? folders : discovered.paths).push_back(path);
  }
  folders.push_back(home_ + "/extensions");
  for (const std::string& folder : folders) {
    Result<std::vector<std::string>> found = host::discover(folder);
    if (!found) return fail(std::move(found.error()));
    discovered.paths.insert(discovered.paths.end(), found->begin(), found->end());
  }
  Result<std::vector<std::string>> foreign = host::discover(project_ + "/.isopod/extensions");
  if (!foreign) return fail(std::move(foreign.error()));
  discovered.not_loaded = *std::move(foreign);
  return discovered;
}

}  // namespace isopod::cli
