// SPDX-License-Identifier: MIT
#include "typescript/strip.h"

#include <optional>

#include "typescript/draft.h"
#include "typescript/erase.h"
#include "typescript/hazards.h"
#include "typescript/lower.h"
#include "typescript/modules.h"
#include "typescript/outline.h"
#include "typescript/parse.h"

namespace isopod::typescript {
namespace {

Result<Stripped> strip_typescript(std::string_view source, const StripOptions& options) {
  Result<Parsed> parsed = parse_typescript(source, options);
  if (!parsed) return fail(std::move(parsed.error()));
  Draft draft(source, parsed->tree);
  if (Result<> erased = erase_types(draft, parsed->text, options.file); !erased) {
    return fail(std::move(erased.error()));
  }
  if (Result<> lowered = lower_runtime_syntax(draft, parsed->text, options.file); !lowered) {
    return fail(std::move(lowered.error()));
  }
  ModuleShape shape = shape_module(draft, parsed->text, options.language);
  if (Result<> guarded = guard_hazards(draft, options.file); !guarded) {
    return fail(std::move(guarded.error()));
  }
  std::string code = draft.output().finish();
  for (ModuleRequest& request : shape.requests) {
    request.specifier_begin = draft.output().moved(request.specifier_begin);
    request.specifier_end = draft.output().moved(request.specifier_end);
  }
  return Stripped{std::move(code), std::move(shape)};
}

/// JavaScript is read as TypeScript, of which it is nearly a subset. Where that fails, a tree with
/// errors still shows most of the shape.
ModuleShape shape_javascript(std::string_view source, const StripOptions& options) {
  if (Result<Parsed> parsed = parse_typescript(source, options)) {
    Draft draft(source, parsed->tree);
    return shape_module(draft, parsed->text, options.language);
  }
  const ParseText text(source);
  const ParseOutcome outcome = parse_tree(text.text(), OnError::kRecover);
  if (outcome.status != ParseOutcome::Status::kTree) return {};
  Draft draft(source, outcome.tree);
  return shape_module(draft, text, options.language);
}

Error too_large(std::size_t bytes_max, const std::string& what, const StripOptions& options) {
  return {Code::kUnsupported,
          what + " larger than " + std::to_string(bytes_max >> 20) + " MiB.",
          {options.file, 0, 0},
          {}};
}

/// A bundle of many megabytes would take a gigabyte to parse, so only its outline is.
Result<ModuleShape> shape_large_javascript(std::string_view source, const StripOptions& options) {
  const std::optional<Outline> outline = outline_javascript(source);
  if (!outline) {
    if (source.size() <= kSourceBytesMax) return shape_javascript(source, options);
    return fail(
        too_large(kSourceBytesMax, "The brackets of the file do not match, and it is", options));
  }
  if (outline->kept > kOutlineBytesMax) {
    return fail(
        too_large(kOutlineBytesMax, "What stands outside functions in the file is", options));
  }
  ModuleShape shape = shape_javascript(outline->text, options);
  for (const std::string& word : outline->inner_words) {
    const bool is_meta = word == "import.meta";
    if (is_meta) shape.is_module = true;
    if (!is_meta && !shape.declared_commonjs_names.contains(word))
      shape.commonjs_names.insert(word);
  }
  return shape;
}

}  // namespace

Result<Stripped> strip(std::string_view source, const StripOptions& options) {
  const bool is_typescript = options.language == Language::kTypeScript;
  const std::size_t bytes_max = is_typescript ? kSourceBytesMax : kScriptBytesMax;
  if (source.size() > bytes_max) return fail(too_large(bytes_max, "The file is", options));
  if (is_typescript) return strip_typescript(source, options);
  if (source.size() <= kWholeScriptBytesMax) {
    return Stripped{std::string(source), shape_javascript(source, options)};
  }
  Result<ModuleShape> shape = shape_large_javascript(source, options);
  if (!shape) return fail(std::move(shape.error()));
  return Stripped{std::string(source), *std::move(shape)};
}

}  // namespace isopod::typescript
