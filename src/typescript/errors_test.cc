// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "typescript/strip.h"

namespace isopod::typescript {
namespace {

struct Case {
  std::string_view source;
  Code code;
  int line;
  int column;
  std::string_view words;  ///< part of the message
};

void expect_all(std::initializer_list<Case> cases) {
  for (const Case& test : cases) {
    const Result<Stripped> stripped = strip(test.source, {.file = "dir/x.ts"});
    ASSERT_FALSE(stripped) << test.source << " became " << stripped->code;
    const Error& error = stripped.error();
    EXPECT_EQ(error.code, test.code) << test.source;
    EXPECT_EQ(error.where.file, "dir/x.ts");
    EXPECT_EQ(error.where.line, test.line) << test.source;
    EXPECT_EQ(error.where.column, test.column) << test.source;
    EXPECT_NE(error.message.find(test.words), std::string::npos) << error.message;
  }
}

TEST(Errors, SyntaxErrorsStandAtTheUnexpectedToken) {
  expect_all({
      {"let a = ;", Code::kSyntax, 1, 9, "';'"},
      {"function f() {\n  g(1, 2;\n}\n", Code::kSyntax, 2, 9, "';'"},
      {"const a = {\n  b: 1\n  c: 2\n}", Code::kSyntax, 3, 3, "'c'"},
      {"if (x {\n}", Code::kSyntax, 1, 7, "'{'"},
      {"function f() {\n  if (x) {\n}\n", Code::kSyntax, 4, 1, "the end of the file"},
      {"x as any = 5", Code::kSyntax, 1, 10, "'='"},
      {"let é = 'é' 5", Code::kSyntax, 1, 13, "'5'"},
      {"let e = '\xF0\x9F\x98\x80' 5", Code::kSyntax, 1, 14, "'5'"},
      {"a\r\nb\r\n)", Code::kSyntax, 3, 1, "')'"},
      {"a b", Code::kSyntax, 1, 3, "'b'"},
      {"let x = (y: T)", Code::kSyntax, 1, 11, "':'"},
      {"import typeof X from 'x'", Code::kSyntax, 1, 8, "typeof"},
  });
}

TEST(Errors, UnsupportedSyntaxIsNamedAndHasAnAlternative) {
  expect_all({
      {"x;\n  enum E { A }", Code::kUnsupported, 2, 3, "object instead"},
      {"const enum E { A }", Code::kUnsupported, 1, 1, "enum"},
      {"export namespace N { export const x = 1 }", Code::kUnsupported, 1, 8,
       "module of their own"},
      {"module N { f() }", Code::kUnsupported, 1, 1, "namespace"},
      {"class A { constructor(private x: T) {} }", Code::kUnsupported, 1, 23, "parameter property"},
      {"class A { constructor(readonly x: T) {} }", Code::kUnsupported, 1, 23,
       "parameter property"},
      {"import x = require('y')", Code::kUnsupported, 1, 1, "'import x from'"},
      {"import a = b.c", Code::kUnsupported, 1, 1, "'const a = b.c'"},
      {"export = 5", Code::kUnsupported, 1, 1, "'export default'"},
      {"@dec class A {}", Code::kUnsupported, 1, 1, "decorator"},
      {"class A { @dec() m() {} }", Code::kUnsupported, 1, 11, "decorator"},
      {"class A { accessor x = 1 }", Code::kUnsupported, 1, 11, "getter and a setter"},
      {"let x = <div>hello</div>", Code::kUnsupported, 1, 9, "JSX"},
  });
}

TEST(Errors, AmbientFormsOfUnsupportedSyntaxAreFine) {
  const Result<Stripped> stripped = strip(
      "declare enum E { A } declare namespace N { let x: 1 } import type X = require('y')", {});
  ASSERT_TRUE(stripped);
  EXPECT_EQ(stripped->code.find_first_not_of("; "), std::string::npos);
}

std::string repeat(std::string_view text, std::size_t count) {
  std::string out;
  for (std::size_t i = 0; i < count; ++i) out += text;
  return out;
}

TEST(Errors, DeepSourcesAreRefused) {
  constexpr std::size_t kMany = 100'000;
  for (const std::string& source :
       {repeat("(", kMany), repeat("[", kMany) + repeat("]", kMany),
        repeat("(", kMany) + "1" + repeat(")", kMany),
        "let x: " + repeat("A<", kMany) + "B" + repeat(">", kMany),
        repeat("{", kMany) + repeat("}", kMany), repeat("x=>", kMany) + "1",
        repeat("<T>", kMany) + "x", "x" + repeat("!", kMany)}) {
    const Result<Stripped> stripped = strip(source, {.file = "x.ts"});
    ASSERT_FALSE(stripped);
    EXPECT_TRUE(stripped.error().code == Code::kUnsupported ||
                stripped.error().code == Code::kSyntax);
    EXPECT_TRUE(strip(source, {.language = Language::kJavaScript}));
  }
}

TEST(Errors, LongChainsAreNotDeep) {
  const std::string source = repeat("a + ", kTreeDepthMax / 2) + "b";
  const Result<Stripped> stripped = strip(source, {});
  ASSERT_TRUE(stripped) << stripped.error().describe();
  EXPECT_EQ(stripped->code, source);
}

TEST(Errors, StrayBytesAreErrorsNotCrashes) {
  using namespace std::string_view_literals;
  for (const std::string_view source :
       {"a\0b"sv, "\xFF\xFE"sv, "let x: \xC3\x28 = 1"sv, "`${"sv, "/*"sv, "'"sv, "\\u"sv, "\0"sv}) {
    EXPECT_FALSE(strip(source, {})) << source;
    EXPECT_TRUE(strip(source, {.language = Language::kJavaScript}));
  }
  EXPECT_TRUE(strip("// \xFF\xC3\n'\xE2\x82'"sv, {}));
}

TEST(Errors, TooLargeSourcesAreRefused) {
  const std::string source(kSourceBytesMax + 1, ' ');
  const Result<Stripped> stripped = strip(source, {});
  ASSERT_FALSE(stripped);
  EXPECT_EQ(stripped.error().code, Code::kUnsupported);
}

TEST(Errors, ManyThreadsMayStripAtOnce) {
  std::vector<std::jthread> threads;
  std::vector<std::string> codes(4);
  for (std::string& code : codes) {
    threads.emplace_back([&code] {
      for (int i = 0; i < 20; ++i) {
        if (Result<Stripped> stripped = strip("let a: T = b as C\n(d)", {})) code = stripped->code;
      }
    });
  }
  threads.clear();
  for (const std::string& code : codes) EXPECT_EQ(code, "let a    = b ;   \n(d)");
}

}  // namespace
}  // namespace isopod::typescript
