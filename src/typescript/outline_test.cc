// SPDX-License-Identifier: MIT
#include "typescript/outline.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "typescript/strip.h"

namespace isopod::typescript {
namespace {

std::string text_of(std::string_view source) {
  const std::optional<Outline> outline = outline_javascript(source);
  return outline ? outline->text : "broken";
}

TEST(Outline, BodiesOfFunctionsAreBlank) {
  EXPECT_EQ(text_of("function f(a) { b }\nclass C { m() { x } y = () => { z } }"),
            "function f(a) {   }\nclass C { m() {   } y = () => {   } }");
  EXPECT_EQ(text_of("const o = { m() { \n\"}\" }, n: 1 }"), "const o = { m() { \n    }, n: 1 }");
}

TEST(Outline, BlocksOfTheTopLevelStay) {
  for (const std::string_view source :
       {"if (a) { await b }", "for (const x of y) { require }", "try { a } catch (e) { b }",
        "label: { a }", "export { a, b as c } from 'd'", "switch (a) { case 1: b }"}) {
    EXPECT_EQ(text_of(source), source);
  }
}

TEST(Outline, BracketsInTextsAndRegularExpressionsDoNotCount) {
  for (const std::string_view source :
       {"a = '}'", "a = `}${`}` + {}}`", "// }\n/* } */", "a = /[/}]}\\//; b", "if (a) /}/.test(b)",
        "return /}/", "a = b / c; d = '}' / 2", "x = (1) / 2; y = '/'"}) {
    EXPECT_EQ(text_of(source), source);
  }
}

TEST(Outline, BracketsThatDoNotMatchAreFound) {
  for (const std::string_view source : {"}", "(", "[}", "`${", "a = '\n'", "x = /\n"}) {
    EXPECT_EQ(text_of(source), "broken") << source;
  }
}

TEST(Outline, NamesInsideFunctionsAreNoted) {
  const std::optional<Outline> outline = outline_javascript(
      "function f() { require('x'); a.module; import.meta.url; import('y') } exports.a = 1");
  ASSERT_TRUE(outline);
  EXPECT_EQ(outline->inner_words, (std::set<std::string>{"import.meta", "require"}));
}

/// A source of some megabytes that is mostly functions.
std::string bundle(std::string_view first, std::size_t bytes) {
  std::string body;
  while (body.size() < 100'000) {
    body += "if (a / 2 > 1) { return [/}/g, `${a} }`, '{', a.map((x) => { return x; })]; }\n";
  }
  std::string source(first);
  for (std::size_t i = 0; source.size() < bytes; ++i) {
    source += "\nfunction part" + std::to_string(i) + "(a) {\n" + body + "}";
  }
  return source;
}

TEST(Outline, LargeScriptsHaveTheShapeOfSmallOnes) {
  const std::string head =
      "import { a as b } from './x.js'; export const c = 1; export default function () {"
      " return require; }\nexport { b }; export * from 'y'; await c;";
  const StripOptions options = {.language = Language::kJavaScript, .file = "x.js"};
  const Result<Stripped> small = strip(head, options);
  const std::string source = bundle(head, 3u << 20);
  const Result<Stripped> large = strip(source, options);
  ASSERT_TRUE(small && large);
  EXPECT_EQ(large->code, source);
  EXPECT_EQ(large->shape.is_module, small->shape.is_module);
  EXPECT_EQ(large->shape.exports, small->shape.exports);
  EXPECT_EQ(large->shape.commonjs_names, small->shape.commonjs_names);
  EXPECT_TRUE(large->shape.has_top_level_await);
  ASSERT_EQ(large->shape.requests.size(), small->shape.requests.size());
  EXPECT_EQ(large->shape.requests[0].bindings, small->shape.requests[0].bindings);
}

TEST(Outline, SourcesBeyondTheBoundsAreRefused) {
  const std::string source = bundle("", kSourceBytesMax + 1);
  const Result<Stripped> typed = strip(source, {.file = "x.ts"});
  ASSERT_FALSE(typed);
  EXPECT_EQ(typed.error().code, Code::kUnsupported);
  EXPECT_NE(typed.error().message.find("16 MiB"), std::string::npos);
  const StripOptions script = {.language = Language::kJavaScript, .file = "x.js"};
  EXPECT_TRUE(strip(source, script));
  EXPECT_FALSE(strip("(" + source, script)) << "brackets do not match";
  EXPECT_FALSE(strip("x = '" + std::string(kOutlineBytesMax, 'x') + "'", script));
  EXPECT_FALSE(strip(std::string(kScriptBytesMax + 1, ' '), script));
}

}  // namespace
}  // namespace isopod::typescript
