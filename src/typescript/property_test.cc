// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "typescript/source_text.h"
#include "typescript/strip.h"

namespace isopod::typescript {
namespace {

// Programs are made of snippets with a known JavaScript part, joined in random order.
const std::vector<std::string> kTypeScript = {
    "let a%: T = b;",
    "x% as T\n(y);",
    "interface I% { a: 1 }",
    "type T% = { a: 'é' }\n[q%];",
    "f%<T>(u%);",
    "declare const d%: T",
    "function g%(h?: T): void {}",
    "const k% = <T>(l: T): T => l;",
    "class C% { private m%: T\n [n%] = 1 }",
    "o%!.p%;",
    "(v% satisfies W);",
    "export const e%: T = 1;",
    "import { i%, type J% } from 'x%'; i%;",
};
/// What gets a transform: longer than its source, but of the same lines.
const std::vector<std::string> kTransformed = {
    "enum E% { A, B = 'b',\n C = A + 1 }",
    "export const enum F% { 'x-y' = 1 << 2 }",
    "namespace N% { export const v: T = 1;\n export function f() { return v; } }",
    "export namespace M%.O { export let { a, b: [c] } = d, e; c = a; }",
    "class P% extends Q { constructor(private r: T, s?: T) {\n super(r); } }",
    "class S% { constructor(public readonly t = 1) { 'use strict' } accessor u: T = 1; }",
    "@d%\nexport class V% { @e(1)\n static x: T = 1; m(@f a: T, @g(2, 'h') b) {} }",
    "import i% = require('y%'); i%;",
    "import j% = k.l; export import m% = k.n;",
    "let w% = class { @d [x]() {} };",
};
const std::vector<std::string> kJavaScript = {
    "let a% = b;",
    "x%\n(y);",
    "q%[0];",
    "f%(u%);",
    "function g%(h) {}",
    "const k% = (l) => l;",
    "class C% { m%\n [n%] = 1 }",
    "o%.p%;",
    "if (a) { b } else c%;",
    "for (const r% of s) t%();",
    "`z${y%}`;",
};

std::string numbered(std::string snippet, std::size_t number) {
  for (std::size_t at = snippet.find('%'); at != std::string::npos; at = snippet.find('%')) {
    snippet.replace(at, 1, std::to_string(number));
  }
  return snippet;
}

std::string program_of(const std::vector<std::string>& snippets) {
  const auto picks = *rc::gen::container<std::vector<std::size_t>>(
      rc::gen::inRange<std::size_t>(0, snippets.size()));
  std::string program;
  for (std::size_t i = 0; i < picks.size(); ++i) {
    program += numbered(snippets[picks[i]], i);
    program +=
        *rc::gen::element<std::string>("\n", " \n ", "\r\n", " // c as T\n", "\n/* d: T\n */\n");
  }
  return program;
}

/// Each word of `code` that is also at its place in `source`, and each that is not.
void expect_words_in_place(std::string_view source, std::string_view code) {
  for (std::size_t at = 0; at < code.size();) {
    const std::string_view word = word_at(code, at);
    const bool is_inserted = word == "0";
    if (!word.empty() && !is_inserted && static_cast<unsigned char>(word.front()) < 0x80) {
      RC_ASSERT(source.substr(at, word.size()) == word);
    }
    at += word.empty() ? 1 : word.size();
  }
}

std::size_t lines_of(std::string_view text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

TEST(StripProperties, LengthLinesAndPlacesStay) {
  EXPECT_TRUE(rc::check("length, lines and places stay", [] {
    const std::string source = program_of(kTypeScript);
    const Result<Stripped> stripped = strip(source, {});
    RC_ASSERT(stripped.has_value());
    RC_ASSERT(stripped->code.size() == source.size());
    RC_ASSERT(lines_of(stripped->code) == lines_of(source));
    expect_words_in_place(source, stripped->code);
  }));
}

TEST(StripProperties, StrippingTwiceIsStrippingOnce) {
  EXPECT_TRUE(rc::check("idempotent", [] {
    const Result<Stripped> once = strip(program_of(kTypeScript), {});
    RC_ASSERT(once.has_value());
    const Result<Stripped> twice = strip(once->code, {});
    RC_ASSERT(twice.has_value());
    RC_ASSERT(twice->code == once->code);
  }));
}

std::vector<std::string> all_typescript() {
  std::vector<std::string> all = kTypeScript;
  all.insert(all.end(), kTransformed.begin(), kTransformed.end());
  return all;
}

TEST(StripProperties, TransformsKeepLinesAndMakeJavaScript) {
  EXPECT_TRUE(rc::check("lines stay, the result needs no transform", [] {
    const std::string source = program_of(all_typescript());
    const Result<Stripped> stripped = strip(source, {});
    RC_ASSERT(stripped.has_value());
    RC_ASSERT(lines_of(stripped->code) == lines_of(source));
    const Result<Stripped> twice = strip(stripped->code, {});
    RC_ASSERT(twice.has_value());
    RC_ASSERT(twice->code == stripped->code);
  }));
}

/// Bytes taken away, doubled or swapped in an otherwise good program.
std::string mutate(std::string source) {
  const auto steps = *rc::gen::container<std::vector<std::pair<std::size_t, int>>>(
      rc::gen::pair(rc::gen::inRange<std::size_t>(0, 4000), rc::gen::inRange(0, 3)));
  for (const auto& [place, step] : steps) {
    if (source.empty()) break;
    const std::size_t at = place % source.size();
    if (step == 0) source.erase(at, 1);
    if (step == 1) source.insert(at, 1, source[place / 2 % source.size()]);
    if (step == 2) std::swap(source[at], source[place / 3 % source.size()]);
  }
  return source;
}

TEST(StripProperties, MutatedProgramsAreHandled) {
  EXPECT_TRUE(rc::check("no crash, lines stay", [] {
    const std::string source = mutate(program_of(all_typescript()));
    const Result<Stripped> stripped = strip(source, {});
    if (stripped) {
      RC_ASSERT(lines_of(stripped->code) == lines_of(source));
    } else {
      RC_ASSERT(stripped.error().where.line >= 1);
    }
  }));
}

TEST(StripProperties, JavaScriptIsUnchanged) {
  EXPECT_TRUE(rc::check("identity on JavaScript", [] {
    const std::string source = program_of(kJavaScript);
    const Result<Stripped> stripped = strip(source, {});
    RC_ASSERT(stripped.has_value());
    RC_ASSERT(stripped->code == source);
  }));
}

TEST(StripProperties, AnyBytesAreHandled) {
  EXPECT_TRUE(rc::check("no crash, locations inside the file", [] {
    const std::string noise = *rc::gen::container<std::string>(rc::gen::oneOf(
        rc::gen::arbitrary<char>(),
        rc::gen::element('(', ')', '<', '>', '{', '}', '`', '\n', ':', '=', '/', ' ')));
    const std::string source = program_of(kTypeScript) + noise;
    const Result<Stripped> stripped = strip(source, {});
    if (stripped) {
      RC_ASSERT(stripped->code.size() == source.size());
    } else {
      RC_ASSERT(stripped.error().where.line >= 1);
      RC_ASSERT(stripped.error().where.column >= 1);
    }
    RC_ASSERT(strip(source, {.language = Language::kJavaScript})->code == source);
  }));
}

}  // namespace
}  // namespace isopod::typescript
