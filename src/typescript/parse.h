// SPDX-License-Identifier: MIT
#pragma once

#include "isopod/result.h"
#include "typescript/repair.h"
#include "typescript/strip.h"
#include "typescript/syntax_tree.h"

namespace isopod::typescript {

/// A source whose tree means what TypeScript means by it.
struct Parsed {
  ParseText text;
  SyntaxTree tree;
};

/// Parses TypeScript. The grammar is a close relative of the language, not the language: it lacks
/// some syntax, and it joins some lines that TypeScript separates. Both are repaired here by
/// rewriting the parsed text and parsing again.
///
/// Errors: `syntax` at the first token no reading allows; `unsupported` for trees that are too deep
/// and for expressions that this parser may read differently from TypeScript.
Result<Parsed> parse_typescript(std::string_view source, const StripOptions& options);

}  // namespace isopod::typescript
