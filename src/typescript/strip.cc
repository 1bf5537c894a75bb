// SPDX-License-Identifier: MIT
#include "typescript/strip.h"

#include "typescript/draft.h"
#include "typescript/erase.h"
#include "typescript/hazards.h"
#include "typescript/modules.h"
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
  ModuleShape shape = shape_module(draft, parsed->text, options.language);
  if (Result<> guarded = guard_hazards(draft, options.file); !guarded) {
    return fail(std::move(guarded.error()));
  }
  return Stripped{std::move(draft.output()).finish(), std::move(shape)};
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

}  // namespace

Result<Stripped> strip(std::string_view source, const StripOptions& options) {
  if (source.size() > kSourceBytesMax) {
    return fail(Code::kUnsupported,
                "The file is larger than " + std::to_string(kSourceBytesMax >> 20) + " MiB.",
                {options.file, 0, 0});
  }
  if (options.language == Language::kTypeScript) return strip_typescript(source, options);
  return Stripped{std::string(source), shape_javascript(source, options)};
}

}  // namespace isopod::typescript
