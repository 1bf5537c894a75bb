// SPDX-License-Identifier: MIT
#include "typescript/repair.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "typescript/source_text.h"

namespace isopod::typescript {
namespace {

constexpr std::size_t kBracketScanBytesMax = 64u << 10;

constexpr std::array<std::string_view, 9> kModifiers = {"declare",   "abstract", "override",
                                                        "readonly",  "public",   "private",
                                                        "protected", "static",   "async"};

bool is_modifier(std::string_view word) {
  return std::find(kModifiers.begin(), kModifiers.end(), word) != kModifiers.end();
}

bool is_type_only_modifier(std::string_view word) {
  return is_modifier(word) && word != "static" && word != "async";
}

/// A word that ends before some position, only white space in between.
struct Word {
  std::string_view text;
  std::size_t begin = 0;
};

Word previous_word(std::string_view text, std::size_t before) {
  const std::size_t end = skip_space_back(text, before);
  const std::string_view word = word_before(text, end);
  return {word, end - word.size()};
}

char previous_mark(std::string_view text, std::size_t before) {
  const std::size_t end = skip_space_back(text, before);
  return end > 0 ? text[end - 1] : '\0';
}

/// One past the bracket that closes the one at `open`, or npos. Strings are skipped, and so is the
/// `>` of an arrow.
std::size_t find_close(std::string_view text, std::size_t open) {
  std::size_t depth = 0;
  const std::size_t end = std::min(text.size(), open + kBracketScanBytesMax);
  for (std::size_t i = open; i < end; ++i) {
    const char c = text[i];
    if (c == '"' || c == '\'' || c == '`') {
      const std::size_t close = text.find(c, i + 1);
      if (close == std::string_view::npos) return close;
      i = close;
    } else if (c == '(' || c == '[' || c == '{' || c == '<') {
      ++depth;
    } else if (c == ')' || c == ']' || c == '}' || (c == '>' && text[i - 1] != '=')) {
      if (--depth == 0) return i + 1;
    }
  }
  return std::string_view::npos;
}

}  // namespace

ParseText::ParseText(std::string_view source) : source_(source), text_(source) {
  // The grammar knows no line that ends in a lone carriage return, and takes NUL for the end of the
  // source. Strings and comments may hold either.
  for (std::size_t i = 0; i < text_.size(); ++i) {
    if (text_[i] == '\0') text_[i] = '\x01';
    if (text_[i] == '\r' && (i + 1 == text_.size() || text_[i + 1] != '\n')) text_[i] = '\n';
  }
  join_type_imports();
}

/// `typeof import("x")` and `<import("x")` in type arguments confuse the grammar, plain names do
/// not. Only the parsed text changes, so it does no harm that strings and comments are rewritten as
/// well.
void ParseText::join_type_imports() {
  static constexpr std::string_view kImport = "import(";
  static constexpr std::string_view kSpecifierMarks = "@./:#-_~$%";
  for (std::size_t at = text_.find(kImport); at != std::string::npos;
       at = text_.find(kImport, at + 1)) {
    const std::string_view before = std::string_view(text_).substr(0, at);
    if (!before.ends_with("typeof ") && !before.ends_with("<")) continue;
    const std::size_t open = at + kImport.size() - 1;
    const char quote = open + 1 < text_.size() ? text_[open + 1] : '\0';
    if (quote != '"' && quote != '\'') continue;
    std::size_t end = open + 2;
    while (end < text_.size() && (std::isalnum(static_cast<unsigned char>(text_[end])) != 0 ||
                                  kSpecifierMarks.find(text_[end]) != std::string_view::npos)) {
      ++end;
    }
    if (text_.substr(end, 2) != std::string{quote, ')'}) continue;
    std::fill(text_.begin() + static_cast<long>(open), text_.begin() + static_cast<long>(end) + 2,
              '_');
  }
}

bool ParseText::join_names(std::size_t dot) {
  if (word_before(text_, dot).empty() || word_at(text_, dot + 1).empty()) return false;
  text_[dot] = '_';
  return true;
}

void ParseText::hide(std::size_t begin, std::size_t end) {
  for (std::size_t i = begin; i < end; ++i) {
    if (text_[i] != '\n' && text_[i] != '\r') text_[i] = ' ';
  }
}

void ParseText::erase(std::size_t begin, std::size_t end) {
  hide(begin, end);
  erased_.emplace_back(begin, end);
}

bool ParseText::insert_semicolon(std::size_t after, std::size_t at) {
  if (after >= at || !has_line_break(text_, after, at)) return false;
  std::size_t room = at - 1;
  if (text_[room] != ' ' && text_[room] != '\t') room = after;
  if (text_[room] == '\n' || text_[room] == '\r') {
    // A semicolon in place of the break would become part of a comment that ends there.
    const std::size_t line = text_.rfind('\n', room == 0 ? 0 : room - 1);
    if (text_.find("//", line == std::string::npos ? 0 : line) < room) return false;
  } else if (text_[room] != ' ' && text_[room] != '\t') {
    return false;
  }
  text_[room] = ';';
  return true;
}

bool ParseText::repair(std::size_t after, std::size_t at) {
  return repair_abstract_name(at) || repair_exported_type_name(at) ||
         repair_nested_type_parameters(at) || repair_export_type_star(at) ||
         repair_export_import_type(at) || repair_anonymous_abstract_class(at) ||
         repair_static_index_signature(at) || repair_tuple_label(at) || repair_variance(at) ||
         repair_modifiers(at) || repair_import_type_arguments(at) || repair_export_attributes(at) ||
         repair_using(at) || repair_import_type_alias(at) || repair_static_accessor(at) ||
         repair_export_import_require(at) || insert_semicolon(after, at);
}

/// `abstract = 1`: at the start of a statement the grammar takes it for a keyword.
bool ParseText::repair_abstract_name(std::size_t at) {
  const Word word = previous_word(text_, at);
  if (word.text != "abstract" || !word_at(text_, at).empty()) return false;
  if (at < text_.size() && (text_[at] == '[' || text_[at] == '#' || text_[at] == '*')) return false;
  text_[word.begin] = '_';
  return true;
}

/// `[new: string]`, `[object?: T]`: keywords as the labels of a tuple.
bool ParseText::repair_tuple_label(std::size_t at) {
  if (at >= text_.size() || (text_[at] != ':' && text_[at] != '?')) return false;
  const Word label = previous_word(text_, text_[at] == ':' && previous_mark(text_, at) == '?'
                                              ? skip_space_back(text_, at) - 1
                                              : at);
  const char mark = previous_mark(text_, label.begin);
  if (label.text.empty() || label.text.front() == '_' || (mark != '[' && mark != ',')) return false;
  if (std::isalpha(static_cast<unsigned char>(label.text.front())) == 0) return false;
  text_[label.begin] = '_';
  return true;
}

/// `export { type }`, `export { type as name }`: here `type` is a plain name.
bool ParseText::repair_exported_type_name(std::size_t at) {
  Word word = previous_word(text_, at);
  if (word.text == "as") word = previous_word(text_, word.begin);
  if (word.text != "type") return false;
  const std::size_t open = text_.rfind('{', word.begin);
  if (open == std::string::npos || previous_word(text_, open).text != "export") return false;
  text_[word.begin] = '_';
  return true;
}

/// `f<<T>(x: T) => void>`: the type parameters behind `<<` are hidden, they are erased anyway.
bool ParseText::repair_nested_type_parameters(std::size_t at) {
  const std::size_t shift = at == 0 ? std::string::npos : text_.rfind("<<", at - 1);
  if (shift == std::string::npos || has_line_break(text_, shift, at)) return false;
  const std::size_t close = find_close(text_, shift + 1);
  if (close == std::string_view::npos || text_.substr(close, 1) != "(") return false;
  hide(shift + 1, close);
  return true;
}

/// `export type * from "x"`, `export type * as ns from "x"`.
bool ParseText::repair_export_type_star(std::size_t at) {
  if (at >= text_.size() || text_[at] != '*') return false;
  const Word type = previous_word(text_, at);
  const Word exported = previous_word(text_, type.begin);
  if (type.text != "type" || exported.text != "export") return false;
  hide(type.begin, type.begin + type.text.size());
  type_exports_.insert(exported.begin);
  return true;
}

/// `export import type A = require("x")`.
bool ParseText::repair_export_import_type(std::size_t at) {
  Word name = previous_word(text_, at);
  Word type = previous_word(text_, name.begin);
  if (type.text != "type") {
    name = {word_at(text_, at), at};
    type = previous_word(text_, at);
  }
  const Word import = previous_word(text_, type.begin);
  const Word exported = previous_word(text_, import.begin);
  if (type.text != "type" || import.text != "import" || exported.text != "export") return false;
  erase(exported.begin, exported.begin + exported.text.size());
  return true;
}

/// Modifiers of a class member in an order the grammar does not know, such as `static declare x`.
/// An `abstract` or `declare` is moved to the front, which decides that the member vanishes.
bool ParseText::repair_modifiers(std::size_t at) {
  std::vector<Word> run;
  for (Word word = previous_word(text_, at); is_modifier(word.text);
       word = previous_word(text_, word.begin)) {
    if (has_line_break(text_, word.begin, at)) break;
    run.push_back(word);
  }
  if (std::none_of(run.begin(), run.end(),
                   [](const Word& word) { return is_type_only_modifier(word.text); })) {
    return false;
  }
  const std::size_t begin = run.back().begin;
  const auto has = [&](std::string_view text) {
    return std::any_of(run.begin(), run.end(), [&](const Word& word) { return word.text == text; });
  };
  const std::string vanishing = has("abstract") ? "abstract" : has("declare") ? "declare" : "";
  if (!vanishing.empty()) {
    if (run.size() == 1) return false;
    const std::size_t end = run.front().begin + run.front().text.size();
    hide(begin, end);
    text_.replace(begin, vanishing.size(), vanishing);
    return true;
  }
  for (const Word& word : run) {
    if (is_type_only_modifier(source_.substr(word.begin, word.text.size()))) {
      erase(word.begin, word.begin + word.text.size());
    }
  }
  // The member must not become a part of the field above it.
  if (text_[begin] == ' ') text_[begin] = ';';
  return true;
}

/// `static [key: string]: T`.
bool ParseText::repair_static_index_signature(std::size_t at) {
  if (at >= text_.size() || text_[at] != ':') return false;
  const Word key = previous_word(text_, at);
  if (key.text.empty() || previous_mark(text_, key.begin) != '[') return false;
  Word word = previous_word(text_, skip_space_back(text_, key.begin) - 1);
  if (word.text == "readonly") word = previous_word(text_, word.begin);
  if (word.text != "static") return false;
  erase(word.begin, word.begin + word.text.size());
  return true;
}

/// `export default abstract class {` and `... class extends Base {`.
bool ParseText::repair_anonymous_abstract_class(std::size_t at) {
  for (const Word& keyword :
       {previous_word(text_, at), previous_word(text_, previous_word(text_, at).begin)}) {
    const Word abstract = previous_word(text_, keyword.begin);
    const Word exported = previous_word(text_, abstract.begin);
    if (keyword.text != "class" || abstract.text != "abstract" || exported.text != "default")
      continue;
    erase(abstract.begin, abstract.begin + abstract.text.size());
    return true;
  }
  return false;
}

/// `<in T>`, `<out T>`, `<in out T>`.
bool ParseText::repair_variance(std::size_t at) {
  const std::string_view here = word_at(text_, at);
  const Word before = previous_word(text_, at);
  const Word found = here == "in" || here == "out" ? Word{here, at} : before;
  if (found.text != "in" && found.text != "out") return false;
  const char mark = previous_mark(text_, found.begin);
  const Word outer = previous_word(text_, found.begin);
  if (mark != '<' && mark != ',' && mark != '/' && outer.text != "in" && outer.text != "const")
    return false;
  hide(found.begin, found.begin + found.text.size());
  return true;
}

/// `import("x").Name<T>` as a type: the arguments are hidden, the type around them is erased
/// anyway.
bool ParseText::repair_import_type_arguments(std::size_t at) {
  std::size_t begin = at;
  if (at >= text_.size() || text_[at] != '<') {
    begin = text_.rfind('<', at);
    if (begin == std::string::npos || has_line_break(text_, begin, at)) return false;
  }
  Word name = previous_word(text_, begin);
  if (name.text.empty()) return false;
  while (previous_mark(text_, name.begin) == '.') {
    const std::size_t dot = skip_space_back(text_, name.begin) - 1;
    if (previous_mark(text_, dot) == ')') {
      const std::size_t open = text_.rfind('(', dot);
      if (open == std::string::npos || previous_word(text_, open).text != "import") return false;
      const std::size_t close = find_close(text_, begin);
      if (close == std::string_view::npos) return false;
      hide(begin, close);
      return true;
    }
    name = previous_word(text_, dot);
    if (name.text.empty()) return false;
  }
  return false;
}

/// `export * from "x" with { type: "json" }`: JavaScript, so it stays in the output.
bool ParseText::repair_export_attributes(std::size_t at) {
  const std::size_t with = word_at(text_, at) == "with" ? at : text_.rfind("with", at);
  if (with == std::string::npos || with > at || word_at(text_, with) != "with") return false;
  const char quote = previous_mark(text_, with);
  const std::size_t open = skip_trivia(text_, with + 4);
  if ((quote != '"' && quote != '\'') || open >= text_.size() || text_[open] != '{') return false;
  const std::size_t close = find_close(text_, open);
  if (close == std::string_view::npos) return false;
  hide(with, close);
  return true;
}

/// `for (using x of y)`, `for (await using x of y)`: read as `const`.
bool ParseText::repair_using(std::size_t at) {
  Word found = previous_word(text_, at);
  if (found.text != "using") found = previous_word(text_, found.begin);
  if (found.text != "using") return false;
  text_.replace(found.begin, found.text.size(), "const");
  const Word await = previous_word(text_, found.begin);
  if (await.text != "await" || previous_mark(text_, await.begin) == 'r') return true;
  hide(await.begin, await.begin + await.text.size());
  await_usings_.insert(found.begin);
  return true;
}

/// `import type A = B.C`, also exported: read without `type`, and erased. The error is noticed at
/// the `=` or behind it.
bool ParseText::repair_import_type_alias(std::size_t at) {
  const std::size_t line = text_.rfind('\n', at == 0 ? 0 : at - 1);
  const std::size_t from = line == std::string::npos ? 0 : line + 1;
  const std::size_t type = text_.rfind("type", at);
  if (type == std::string::npos || type < from || word_at(text_, type) != "type") return false;
  const Word import = previous_word(text_, type);
  const std::size_t name = skip_trivia(text_, type + 4);
  const std::size_t equals = skip_trivia(text_, name + word_at(text_, name).size());
  if (import.text != "import" || word_at(text_, name).empty() || equals >= text_.size() ||
      text_[equals] != '=') {
    return false;
  }
  hide(type, type + 4);
  type_aliases_.insert(import.begin);
  const Word exported = previous_word(text_, import.begin);
  if (exported.text == "export") erase(exported.begin, exported.begin + exported.text.size());
  return true;
}

/// `static accessor x`: read without `static`, which stays in the output.
bool ParseText::repair_static_accessor(std::size_t at) {
  Word accessor = previous_word(text_, at);
  if (accessor.text != "accessor") accessor = previous_word(text_, accessor.begin);
  const Word modifier = previous_word(text_, accessor.begin);
  if (accessor.text != "accessor" || modifier.text != "static") return false;
  hide(modifier.begin, modifier.begin + modifier.text.size());
  static_accessors_.insert(accessor.begin);
  return true;
}

/// `export import x = require("y")`: the grammar knows a name behind the `=` only, so the call is
/// read as one.
bool ParseText::repair_export_import_require(std::size_t at) {
  if (at >= text_.size() || text_[at] != '(') return false;
  const Word require = previous_word(text_, at);
  if (require.text != "require" || previous_mark(text_, require.begin) != '=') return false;
  const Word name = previous_word(text_, skip_space_back(text_, require.begin) - 1);
  const Word import = previous_word(text_, name.begin);
  const std::size_t close = find_close(text_, at);
  if (import.text != "import" || previous_word(text_, import.begin).text != "export" ||
      close == std::string_view::npos || has_line_break(text_, require.begin, close)) {
    return false;
  }
  const std::size_t end = require.begin + require.text.size();
  std::fill(text_.begin() + static_cast<long>(end), text_.begin() + static_cast<long>(close), '_');
  return true;
}

}  // namespace isopod::typescript
