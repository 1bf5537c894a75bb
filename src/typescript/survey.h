// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace isopod::typescript {

/// One call expression.
struct SurveyedCall {
  /// The callee as a chain of names, "pi.exec" or "fetch"; starts with "." when what it begins with
  /// is no name, as in "f().then" -> ".then".
  std::string callee;
  std::optional<std::string> literal;  ///< the first argument, when it is a plain string literal
  std::string tool_name;               ///< `name: "..."` of an object that is the first argument
};

/// What a file visibly uses, as far as reading it tells: code can always hide what it does.
struct Survey {
  std::set<std::string> chains;         ///< every member chain, "process.env.HOME"
  std::vector<SurveyedCall> calls;      ///< in source order
  std::set<std::string> destructured;   ///< names taken out of objects, `const {ui} = ctx`
  std::set<std::string> imported_late;  ///< literal specifiers of `require` and `import()`
  bool computes_imports = false;        ///< `import(x)` or `require(x)` of something computed
  bool evaluates_text = false;          ///< `eval` or `new Function`
  std::string factory_parameter;        ///< the first parameter of `export default function`
};

/// Reads JavaScript (the output of `strip`). Never fails: what cannot be parsed is left out.
Survey survey(std::string_view code);

}  // namespace isopod::typescript
