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
      {"if (a) enum E { A }", Code::kUnsupported, 1, 8, "top level"},
      {"enum E { [f()] = 1 }", Code::kUnsupported, 1, 10, "cannot be computed"},
      {"namespace N {\n  import { a } from 'b'; a }", Code::kUnsupported, 2, 3, "top of the file"},
      {"namespace N { const a = 1; export { a } }", Code::kUnsupported, 1, 28, "declarations"},
      {"namespace N { export default 5 }", Code::kUnsupported, 1, 15, "declarations"},
      {"class A { accessor [x] = 1 }", Code::kUnsupported, 1, 11, "getter and a setter"},
      {"class A { @dec #m() {} }", Code::kUnsupported, 1, 11, "call the function"},
      {"class A { @dec accessor m = 1 }", Code::kUnsupported, 1, 11, "call the function"},
      {"class A { m(@dec(`\n`) a) {} }", Code::kUnsupported, 1, 13, "simpler"},
      {"class A { m(@dec(() => {\na\nb }) a) {} }", Code::kUnsupported, 1, 13, "simpler"},
      {"let x = <div>hello</div>", Code::kUnsupported, 1, 9, "JSX"},
  });
}

TEST(Errors, MisusedRuntimeSyntaxIsAnError) {
  expect_all({
      {"enum E {\n  A = 'a',\n  B }", Code::kSyntax, 3, 3, "needs a value"},
      {"class A { m(private x: T) {} }", Code::kSyntax, 1, 13, "constructor"},
      {"function f(readonly x: T) {}", Code::kSyntax, 1, 12, "constructor"},
      {"class A { constructor(private { x }: T) {} }", Code::kSyntax, 1, 23, "plain name"},
      {"class A { @dec constructor() {} }", Code::kSyntax, 1, 11, "cannot be decorated"},
      {"class A { @dec static {} }", Code::kSyntax, 1, 23, "'{'"},
  });
}

TEST(Errors, AmbientFormsOfUnsupportedSyntaxAreFine) {
  const Result<Stripped> stripped = strip(
      "declare enum E { A } declare namespace N { let x: 1 } import type X = require('y'); import "
      "type Y = A.B; export import type Z = A.B;",
      {});
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

TEST(Errors, HostileTransformsAreBounded) {
  constexpr std::size_t kMany = 20'000;
  std::string members;
  std::string merged;
  for (std::size_t i = 0; i < kMany; ++i) {
    members += "m" + std::to_string(i) + ",";
    if (i < kMany / 4) merged += "namespace N{export let a" + std::to_string(i) + "=1}";
  }
  const Result<Stripped> huge = strip("enum E{" + members + "}", {});
  ASSERT_TRUE(huge) << huge.error().describe();
  EXPECT_LT(huge->code.size(), 10 * members.size());
  // Every body knows the names of all others: that is refused beyond a bound.
  const Result<Stripped> too_many = strip(merged, {});
  ASSERT_FALSE(too_many);
  EXPECT_EQ(too_many.error().code, Code::kUnsupported);
  EXPECT_NE(too_many.error().message.find("merged"), std::string::npos);
  // A long name must not be copied to each of its uses.
  const std::string name(kMany, 'n');
  const Result<Stripped> longed =
      strip("namespace " + name + "{export let a;" + repeat("a;", kMany) + "}", {});
  ASSERT_TRUE(longed) << longed.error().describe();
  EXPECT_LT(longed->code.size(), 20 * kMany);
  for (const std::string& source :
       {"namespace a" + repeat(".a", 5'000) + "{x}",
        repeat("namespace a{", 2'000) + repeat("}", 2'000), repeat("@d ", kMany) + "class A {}",
        "class A { m(" + repeat("@d ", kMany) + "a) {} }",
        "class A { " + repeat("@d x;", kMany) + "}",
        "class A { constructor(" + repeat("public a,", kMany) + ") {} }",
        "class A extends B { constructor(public a) {" + repeat("super();", kMany) + "} }",
        repeat("import a = b.c;", kMany) + "a",
        "enum E{a=" + repeat("(", 3'000) + "1" + repeat(")", 3'000) + "}",
        "enum E{a=" + repeat("'a'+", 3'000) + "1}"}) {
    const Result<Stripped> stripped = strip(source, {});
    EXPECT_LT(stripped ? stripped->code.size() : 0, 40 * source.size());
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
