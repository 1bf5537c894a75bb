// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "isopod/result.h"

namespace isopod::typescript {

/// Larger TypeScript sources are refused: parsing takes up to 80 bytes of memory for a byte of
/// source, and seconds for some megabytes.
inline constexpr std::size_t kSourceBytesMax = 16u << 20;
/// A JavaScript source that is larger than this is not parsed whole: the bodies of its functions
/// are only searched for the names of CommonJS.
inline constexpr std::size_t kWholeScriptBytesMax = 1u << 20;
/// So much of such a source may stand outside functions. Larger JavaScript sources than the second
/// figure are refused at once: a copy or two of the source is what they take.
inline constexpr std::size_t kOutlineBytesMax = 16u << 20;
inline constexpr std::size_t kScriptBytesMax = 256u << 20;
/// Deeper syntax trees are refused. A chain `a + b + c + ...` of n operands is n deep.
inline constexpr std::size_t kTreeDepthMax = 20'000;

enum class Language {
  kTypeScript,
  /// The code comes back byte for byte; only its shape is computed. Nothing is elided and no error
  /// of the tree is reported: the engine will report it, with its own words.
  kJavaScript,
};

/// One name of an import or re-export. `imported` is a name, "default" or "*" (the namespace).
/// `local` is the name in this file; for a re-export, the name under which it is exported.
struct Binding {
  std::string imported;
  std::string local;

  friend bool operator==(const Binding&, const Binding&) = default;
};

enum class RequestKind {
  kImport,    ///< `import ... from "x"` and `import "x"` (no bindings)
  kReexport,  ///< `export { a as b } from "x"`, `export * as ns from "x"`, `export * from "x"`
};

/// A static import or export-from that survives elision.
struct ModuleRequest {
  std::string specifier;  ///< with escapes resolved
  RequestKind kind = RequestKind::kImport;
  std::vector<Binding> bindings;
  bool star_reexport = false;  ///< `export * from "x"`
  /// `with { type: "json" }` as pairs of key and value. Not known for re-exports.
  std::vector<std::pair<std::string, std::string>> attributes;
  /// The string literal of the specifier, quotes included, as bytes of the stripped code.
  std::size_t specifier_begin = 0;
  std::size_t specifier_end = 0;
  int line = 0;  ///< where the specifier stands, as in `Location`
  int column = 0;
};

/// What a module loader must know about a file without running it.
struct ModuleShape {
  /// The source has import or export syntax at its top level (also when only types are meant),
  /// `import.meta`, or top-level await.
  bool is_module = false;
  bool has_top_level_await = false;  ///< `await`, `for await`, `await using` outside any function
  std::vector<ModuleRequest> requests;  ///< in source order
  /// Names this file itself exports, "default" and `export * as ns` included, in source order; not
  /// those that `export * from` would add.
  std::vector<std::string> exports;
  /// Which of require, module, exports, __dirname and __filename occur as a free name, that is,
  /// outside every scope that declares them, and are not declared at the top level of the file.
  /// In a JavaScript file above `kWholeScriptBytesMax` every such name inside a function is free.
  std::set<std::string> commonjs_names;
  /// Which of them the top level of the file declares.
  std::set<std::string> declared_commonjs_names;
};

struct Stripped {
  std::string code;
  ModuleShape shape;
};

struct StripOptions {
  Language language = Language::kTypeScript;
  std::string file = {};  ///< for the locations of errors
};

/// Turns TypeScript into JavaScript by overwriting what is only a type with white space. The code
/// has the lines of the source, and every token that survives keeps its line and column (counted in
/// UTF-16 code units). Where white space alone would let two statements join or split, a few bytes
/// of the erased text become a `;`, a parenthesis or a no-op operator instead.
///
/// What has a meaning at run time (enums, namespaces, parameter properties, aliases, `export =`,
/// `accessor` fields, decorators) is rewritten around the author's code: lines stay here too, but
/// columns behind inserted text of the same line may grow.
///
/// Imports that are never used as a value disappear, as in Babel's TypeScript transform: jiti loads
/// pi's extensions that way.
///
/// Errors: `syntax` for source that is no TypeScript, located at the token an author would look at;
/// `unsupported` for syntax that needs a transform this version lacks (the message names it and
/// says what to write instead), for a tree deeper than `kTreeDepthMax` and for a source beyond the
/// bounds above. Lines and columns count from 1, columns in UTF-16 code units.
///
/// Any bytes may be passed in. Safe to call from several threads at once.
Result<Stripped> strip(std::string_view source, const StripOptions& options);

}  // namespace isopod::typescript
