// SPDX-License-Identifier: MIT
#include "settings/describe.h"

#include <string_view>
#include <utility>

#include "settings/table.h"
#include "settings/value.h"

namespace isopod::settings {
namespace {

constexpr std::string_view kExtensionsSection = "ext.extensions";

Json leaf_schema(const Setting& setting) {
  Json leaf = {{"description", setting.help}};
  switch (setting.type) {
    case Type::kBoolean: leaf["type"] = "boolean"; break;
    case Type::kInteger:
      leaf["type"] = "integer";
      leaf["minimum"] = setting.min;
      leaf["maximum"] = setting.max;
      break;
    case Type::kWord:
      leaf["type"] = "string";
      leaf["enum"] = setting.words;
      break;
    case Type::kPaths:
      leaf["type"] = "array";
      leaf["items"] = {{"type", "string"}, {"minLength", 1}};
      break;
  }
  leaf["default"] = to_json(default_value(setting));
  return leaf;
}

Json section_schema() {
  return Json{{"type", "object"}, {"properties", Json::object()}, {"additionalProperties", false}};
}

/// Puts `leaf` below nested sections, as "a.b.c" says.
void put(Json& section, std::string_view name, Json leaf) {
  const std::size_t dot = name.find('.');
  if (dot == std::string_view::npos) {
    section["properties"][std::string(name)] = std::move(leaf);
    return;
  }
  Json& child = section["properties"][std::string(name.substr(0, dot))];
  if (child.is_null()) child = section_schema();
  put(child, name.substr(dot + 1), std::move(leaf));
}

std::string_view suffix_of(const Setting& setting) { return setting.name.substr(4); }

std::string escaped_dots(std::string_view text) {
  std::string pattern;
  for (const char c : text) pattern += c == '.' ? std::string("\\.") : std::string(1, c);
  return pattern;
}

std::string project_note(const Setting& setting) {
  switch (setting.project) {
    case ProjectRule::kIgnored: return "no";
    case ProjectRule::kSmaller: return "lower only";
    case ProjectRule::kEarlierWord: return "stricter only";
    case ProjectRule::kOnlyTrue: return "`true` only";
  }
  return {};
}

std::string values_note(const Setting& setting) {
  if (setting.type == Type::kBoolean) return "`true`, `false`";
  if (setting.type == Type::kPaths) return "list of paths";
  if (setting.type == Type::kInteger) {
    return std::to_string(setting.min) + " to " + std::to_string(setting.max);
  }
  std::string list;
  for (const std::string_view word : setting.words) {
    list += (list.empty() ? "`" : ", `") + std::string(word) + "`";
  }
  return list;
}

std::string row(const Setting& setting) {
  return "| `" + std::string(setting.name) + "` | " + std::string(setting.help) + " | `" +
         dump_json(to_json(default_value(setting))) + "` | " + values_note(setting) + " | " +
         project_note(setting) + " | " +
         (setting.per_extension == PerExtension::kYes ? "yes" : "") + " |\n";
}

constexpr std::string_view kIntroduction = R"(# Settings

<!-- Made from src/settings/table.cc. Do not edit; `ISOPOD_UPDATE_DOCS=1 test_settings` writes it anew. -->

Settings come from these places; a later one wins:

1. the defaults below;
2. `settings.json` in the home of isopod (`--home`, `$ISOPOD_HOME` or `~/.isopod`), or the file given
   with `--settings`;
3. `.isopod/settings.json` of the project, which may only tighten: what would loosen is ignored, with a
   warning;
4. environment variables: `ext.limits.heap_mb` is `ISOPOD_EXT_LIMITS_HEAP_MB`; an empty variable counts
   as not set; paths are separated by colons;
5. options of the command line.

A settings file is one JSON object. Keys may be nested, dotted, or both:

```json
{
  "ext": { "limits": { "heap_mb": 128 } },
  "ext.policy": "safe",
  "ext.extensions.my-extension.limits.turn_ms": 1000
}
```

A file that cannot be used (wrong syntax, a key twice, a value of the wrong type or out of its range)
is an error that names the line; nothing runs, and the file is left as it is. An unknown key is a
warning. `--ignore-settings` starts on defaults in the profile `safe`. `isopod settings` shows every
effective value and where it comes from; `isopod settings schema` prints a JSON schema for editors.

The last column says whether `ext.extensions.ID.` may carry the setting for one extension, as in the
example. Such a value wins over the general one; `ext.compat` is true for an extension when either is.
In `ext.paths`, `~/` is the home directory of the user, and a relative path in a file is relative to the
directory of that file.

| setting | meaning | default | values | project may set | per extension |
|---|---|---|---|---|---|
)";

}  // namespace

Json schema() {
  Json root = section_schema();
  root["properties"]["$schema"] = {{"type", "string"}};
  Json extension = section_schema();
  Json patterns = Json::object();
  for (const Setting& setting : table()) {
    const Json leaf = leaf_schema(setting);
    root["properties"][std::string(setting.name)] = leaf;
    put(root, setting.name, leaf);
    if (setting.per_extension == PerExtension::kNo) continue;
    put(extension, suffix_of(setting), leaf);
    patterns["^ext\\.extensions\\..+\\." + escaped_dots(suffix_of(setting)) + "$"] = leaf;
  }
  put(root, kExtensionsSection,
      {{"description", "settings of single extensions, by id"},
       {"type", "object"},
       {"additionalProperties", std::move(extension)}});
  root["patternProperties"] = std::move(patterns);
  Json document = {{"$schema", "https://json-schema.org/draft/2020-12/schema"},
                   {"title", "isopod settings"}};
  document.update(root);
  return document;
}

std::string markdown() {
  std::string page(kIntroduction);
  for (const Setting& setting : table()) page += row(setting);
  return page;
}

}  // namespace isopod::settings
