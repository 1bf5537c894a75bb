// SPDX-License-Identifier: MIT
#include "settings/file.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "base/json_strict.h"
#include "base/text.h"
#include "os/files.h"

namespace isopod::settings {
namespace {

constexpr std::size_t kFileBytesMax = 1024 * 1024;
constexpr std::size_t kWarningsMax = 20;
constexpr JsonLimits kLimits = {.depth_max = 16};
constexpr std::string_view kHint = " (--ignore-settings starts without it)";

std::string shown(std::string_view name) {
  constexpr std::size_t kShownBytesMax = 100;
  std::string text = printable(name.substr(0, kShownBytesMax), Sgr::kDrop);
  return name.size() > kShownBytesMax ? text + "..." : text;
}

tl::unexpected<Error> broken(const std::string& path, std::string_view why) {
  return fail(Code::kBadSettings,
              "cannot use " + path + ": " + std::string(why) + std::string(kHint));
}

tl::unexpected<Error> broken_at(Location where, std::string_view why) {
  std::string message = where.to_string() + ": " + std::string(why) + std::string(kHint);
  return fail(Code::kBadSettings, std::move(message), std::move(where));
}

/// Walks the object of a settings file. Keys are visited in the order of the text, so that the n-th
/// visited one stands at the n-th offset.
class Reader {
 public:
  Reader(std::string_view text, const std::string& path)
      : text_(text), path_(path), offsets_(json_key_offsets(text)) {}

  Result<> read(const Json& object, const std::string& prefix) {
    for (const auto& [key, value] : object.items()) {
      const std::size_t place = next_key_++;
      if (auto done = read_member(prefix + key, value, place); !done) return done;
    }
    return {};
  }

  FileContent take() {
    if (unknown_ > kWarningsMax) {
      content_.warnings.push_back(path_ + ": " + std::to_string(unknown_ - kWarningsMax) +
                                  " more unknown settings");
    }
    return std::move(content_);
  }

 private:
  Result<> read_member(const std::string& name, const Json& value, std::size_t place) {
    if (name == "$schema") return skip(value);
    if (name + "." == kExtensionPrefix && value.is_object()) return read_extensions(value);
    if (auto reference = find(name)) return add(std::move(*reference), value, place);
    if (value.is_object()) return read(value, name + ".");
    if (is_section(name)) return broken_at(where(place), shown(name) + " must be an object");
    warn_unknown(name, place);
    return skip(value);
  }

  /// Below "extensions" the keys are ids, whatever they look like.
  Result<> read_extensions(const Json& object) {
    for (const auto& [id, value] : object.items()) {
      const std::size_t place = next_key_++;
      const std::string name = std::string(kExtensionPrefix) + id;
      // A name such as "ID.compat" may also be a dotted key.
      const auto dotted = find(name);
      if (dotted && !value.is_object()) {
        if (auto done = add(*dotted, value, place); !done) return done;
      } else if (!value.is_object() || id.empty()) {
        return broken_at(where(place), shown(name) + " must be an object");
      } else if (auto done = read_extension(value, id, {}); !done) {
        return done;
      }
    }
    return {};
  }

  Result<> read_extension(const Json& object, const std::string& id, const std::string& prefix) {
    for (const auto& [key, value] : object.items()) {
      const std::size_t place = next_key_++;
      const std::string suffix = prefix + key;
      Result<> done;
      if (const Setting* const found = find_per_extension(suffix); found != nullptr) {
        done = add({found, id}, value, place);
      } else if (value.is_object()) {
        done = read_extension(value, id, suffix + ".");
      } else {
        warn_unknown(std::string(kExtensionPrefix) + id + "." + suffix, place);
        done = skip(value);
      }
      if (!done) return done;
    }
    return {};
  }

  Result<> add(Reference reference, const Json& json, std::size_t place) {
    Location location = where(place);
    for (const Entry& entry : content_.entries) {
      const bool is_same = entry.reference.setting == reference.setting &&
                           entry.reference.extension == reference.extension;
      if (is_same) {
        return broken_at(std::move(location), shown(name_of(reference)) +
                                                  " is set twice, first in line " +
                                                  std::to_string(entry.line));
      }
    }
    if (content_.entries.size() == kEntriesMax) {
      return broken_at(std::move(location),
                       "there are more than " + std::to_string(kEntriesMax) + " settings");
    }
    auto value = value_from_json(*reference.setting, json);
    if (!value) return broken_at(std::move(location), value.error().message);
    content_.entries.push_back({std::move(reference), std::move(*value), location.line});
    return skip(json);
  }

  /// Keys within a value are no settings, but they have offsets.
  Result<> skip(const Json& value) {
    next_key_ += count_json_keys(value);
    return {};
  }

  void warn_unknown(const std::string& name, std::size_t place) {
    if (++unknown_ > kWarningsMax) return;
    const std::string similar = nearest(name);
    content_.warnings.push_back(where(place).to_string() + ": there is no setting " + shown(name) +
                                (similar.empty() ? "" : "; did you mean " + shown(similar) + "?"));
  }

  [[nodiscard]] Location where(std::size_t place) const {
    const TextPosition position = position_of(text_, offsets_.at(place));
    return {path_, position.line, position.column};
  }

  /// Bounds the work on a hostile file: each entry is compared with the others and located.
  static constexpr std::size_t kEntriesMax = 1024;

  std::string_view text_;
  const std::string& path_;
  std::vector<std::size_t> offsets_;
  std::size_t next_key_ = 0;
  std::size_t unknown_ = 0;
  FileContent content_;
};

}  // namespace

Result<FileContent> parse_settings(std::string_view text, const std::string& path) {
  if (text.find_first_not_of(" \t\r\n") == std::string_view::npos) {
    return broken(path, "it is empty; an empty settings file is {}");
  }
  const auto json = parse_json_strict(text, kLimits);
  if (!json) {
    const Location& where = json.error().where;
    if (where.line == 0) return broken(path, json.error().message);
    return broken_at({path, where.line, where.column}, json.error().message);
  }
  if (!json->is_object()) return broken(path, "it holds no JSON object");
  Reader reader(text, path);
  if (auto done = reader.read(*json, {}); !done) return fail(std::move(done.error()));
  return reader.take();
}

Result<std::optional<FileContent>> read_settings(const std::string& path) {
  const auto text = os::read_file(path, kFileBytesMax);
  if (!text && text.error().code == Code::kNotFound) return std::optional<FileContent>();
  if (!text) return fail(Code::kBadSettings, text.error().message + std::string(kHint));
  auto content = parse_settings(*text, path);
  if (!content) return fail(std::move(content.error()));
  return std::optional(std::move(*content));
}

}  // namespace isopod::settings
