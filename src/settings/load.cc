// SPDX-License-Identifier: MIT
#include "settings/load.h"

#include <string_view>
#include <utility>

#include "base/text.h"
#include "settings/file.h"

namespace isopod::settings {
namespace {

std::string directory_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) return {};
  return path.substr(0, slash + 1);
}

std::string resolved_path(const std::string& path, const std::string& directory,
                          const Sources& sources) {
  if (path.starts_with("~/")) {
    const auto home = sources.environment.find("HOME");
    if (home != sources.environment.end() && !home->second.empty()) {
      return home->second + path.substr(1);
    }
  }
  return path.starts_with('/') ? path : directory + path;
}

/// `directory` ends in a slash, or is empty where relative paths stay as they are.
Value resolved(Value value, const std::string& directory, const Sources& sources) {
  if (auto* const paths = std::get_if<Paths>(&value); paths != nullptr) {
    for (std::string& path : *paths) path = resolved_path(path, directory, sources);
  }
  return value;
}

std::string place_of(const std::string& path, const Entry& entry) {
  return path + ":" + std::to_string(entry.line);
}

/// The content of a file; nothing when it may be and is absent.
Result<std::optional<FileContent>> read_layer(const std::optional<SettingsFile>& file,
                                              Settings& settings) {
  if (!file) return std::optional<FileContent>();
  auto content = read_settings(file->path);
  if (!content) return fail(std::move(content.error()));
  if (!*content && file->presence == SettingsFile::Presence::kRequired) {
    return fail(Code::kBadSettings, "there is no settings file " + file->path);
  }
  if (*content) {
    for (std::string& warning : (*content)->warnings) settings.warn(std::move(warning));
  }
  return content;
}

Result<> apply_home(const Sources& sources, Settings& settings) {
  auto content = read_layer(sources.home, settings);
  if (!content) return fail(std::move(content.error()));
  if (!*content) return {};
  const std::string directory = directory_of(sources.home->path);
  for (Entry& entry : (*content)->entries) {
    settings.set(entry.reference, resolved(std::move(entry.value), directory, sources),
                 {Layer::kHome, place_of(sources.home->path, entry)});
  }
  return {};
}

std::string why_ignored(const Setting& setting) {
  switch (setting.project) {
    case ProjectRule::kIgnored: return "only the user can set it";
    case ProjectRule::kSmaller: return "a project may only lower it";
    case ProjectRule::kEarlierWord: return "a project may only make it stricter";
    case ProjectRule::kOnlyTrue: return "a project may only make it true";
  }
  return {};
}

std::string ignored(const std::string& place, const Reference& reference) {
  return printable(place + ": " + name_of(reference), Sgr::kDrop) +
         " is ignored: " + why_ignored(*reference.setting);
}

/// Whether a layer above the project gave exactly this value.
bool is_decided(const Settings& user, const Reference& reference) {
  const Settings::Slot* const own = user.own_slot(reference);
  return own != nullptr && own->origin.layer > Layer::kProject;
}

/// `home` holds defaults and home only, `settings` also what the user said in the environment and
/// as flags. A general value competes with `home`; one for an extension, being the stronger kind,
/// must not loosen anything the user said anywhere.
Result<> apply_project(const Sources& sources, const Settings& home, Settings& settings) {
  auto content = read_layer(sources.project, settings);
  if (!content) return fail(std::move(content.error()));
  if (!*content) return {};
  const Settings user = settings;
  const std::string directory = directory_of(sources.project->path);
  for (Entry& entry : (*content)->entries) {
    const Reference& reference = entry.reference;
    const std::string place = place_of(sources.project->path, entry);
    const Settings& before = reference.extension.empty() ? home : user;
    const Value& current = before.slot(reference).value;
    Value proposed = resolved(std::move(entry.value), directory, sources);
    if (proposed == current) continue;
    if (!may_tighten(*reference.setting, current, proposed)) {
      settings.warn(ignored(place, reference));
    } else if (!is_decided(user, reference)) {
      settings.set(reference, std::move(proposed), {Layer::kProject, place});
    }
  }
  return {};
}

void warn_unknown_variables(const Sources& sources, Settings& settings) {
  std::vector<std::string> known;
  for (const Setting& entry : table()) known.push_back(environment_name(entry));
  const std::vector<std::string_view> names(known.begin(), known.end());
  for (const auto& [name, text] : sources.environment) {
    if (!name.starts_with("ISOPOD_EXT_") && !name.starts_with("ISOPOD_LOG_")) continue;
    const std::string_view similar = nearest_name(name, names);
    if (similar == name) continue;
    settings.warn("the environment variable " + printable(name, Sgr::kDrop) + " is no setting" +
                  (similar.empty() ? "" : "; did you mean " + std::string(similar) + "?"));
  }
}

Result<> apply_environment(const Sources& sources, Settings& settings) {
  for (const Setting& entry : table()) {
    const std::string name = environment_name(entry);
    const auto found = sources.environment.find(name);
    if (found == sources.environment.end() || found->second.empty()) continue;
    auto value = value_from_text(entry, found->second);
    if (!value) {
      return fail(Code::kBadSettings,
                  "the environment variable " + name + " is wrong: " + value.error().message);
    }
    settings.set({&entry, {}}, resolved(std::move(*value), {}, sources),
                 {Layer::kEnvironment, name});
  }
  warn_unknown_variables(sources, settings);
  return {};
}

Result<> apply_flags(const Sources& sources, Settings& settings) {
  for (const Flag& flag : sources.flags) {
    const auto reference = find(flag.name);
    if (!reference) {
      const std::string similar = nearest(flag.name);
      return fail(Code::kUsage, flag.option + ": there is no setting " +
                                    printable(flag.name, Sgr::kDrop) +
                                    (similar.empty() ? "" : "; did you mean " + similar + "?"));
    }
    auto value = value_from_text(*reference->setting, flag.text);
    if (!value) return fail(Code::kUsage, flag.option + ": " + value.error().message);
    settings.set(*reference, resolved(std::move(*value), {}, sources), {Layer::kFlag, flag.option});
  }
  return {};
}

}  // namespace

Result<Settings> load(const Sources& sources) {
  Settings settings;
  if (auto done = apply_home(sources, settings); !done) return fail(std::move(done.error()));
  const Settings home = settings;
  if (auto done = apply_environment(sources, settings); !done) return fail(std::move(done.error()));
  if (auto done = apply_flags(sources, settings); !done) return fail(std::move(done.error()));
  if (auto done = apply_project(sources, home, settings); !done)
    return fail(std::move(done.error()));
  return settings;
}

}  // namespace isopod::settings
