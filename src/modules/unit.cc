// SPDX-License-Identifier: MIT
#include "modules/unit.h"

#include <utility>

#include "modules/paths.h"

namespace isopod::modules {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

typescript::Language language_of(const std::string& path) {
  const std::string_view extension = extension_of(path);
  const bool typed =
      extension == ".ts" || extension == ".mts" || extension == ".cts" || extension == ".tsx";
  return typed ? typescript::Language::kTypeScript : typescript::Language::kJavaScript;
}

}  // namespace

Unit::Kind kind_of(const std::string& path, const typescript::ModuleShape& shape) {
  const std::string_view extension = extension_of(path);
  if (extension == ".json") return Unit::Kind::kJson;
  if (extension == ".mjs" || extension == ".mts") return Unit::Kind::kModule;
  return shape.is_module ? Unit::Kind::kModule : Unit::Kind::kCommonJs;
}

Result<const Unit*> UnitCache::get(const std::string& path) {
  if (const auto known = units_.find(path); known != units_.end()) return known->second.get();
  Result<std::string> source = reader_.read(path);
  if (!source) return fail(std::move(source.error()));
  auto unit = std::make_unique<Unit>();
  if (extension_of(path) == ".json") {
    unit->kind = Unit::Kind::kJson;
    const bool marked = source->starts_with(kByteOrderMark);
    unit->code = marked ? source->substr(kByteOrderMark.size()) : *std::move(source);
  } else {
    auto stripped = typescript::strip(*source, {.language = language_of(path), .file = path});
    if (!stripped) return fail(std::move(stripped.error()));
    unit->kind = kind_of(path, stripped->shape);
    unit->code = std::move(stripped->code);
    unit->shape = std::move(stripped->shape);
  }
  return units_.emplace(path, std::move(unit)).first->second.get();
}

}  // namespace isopod::modules
