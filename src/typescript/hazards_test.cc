// SPDX-License-Identifier: MIT
#include "typescript/hazards.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "typescript/strip.h"

namespace isopod::typescript {
namespace {

std::string strip_or_error(std::string_view source) {
  const Result<Stripped> stripped =
      strip(source, {.language = Language::kTypeScript, .file = "x.ts"});
  return stripped ? stripped->code : "error: " + stripped.error().describe();
}

struct Case {
  std::string_view source;
  std::string_view code;
};

void expect_all(std::initializer_list<Case> cases) {
  for (const Case& test : cases) EXPECT_EQ(strip_or_error(test.source), test.code);
}

TEST(Hazards, CastAtTheEndOfALineEndsTheStatement) {
  expect_all({
      {"x as T\n(y)", "x ;   \n(y)"},
      {"x as T\n[0]", "x ;   \n[0]"},
      {"x as T\n[a] = b", "x ;   \n[a] = b"},
      {"const a = b satisfies C\n`d`", "const a = b ;          \n`d`"},
      {"() => x as T\n(y)", "() => x ;   \n(y)"},
      {"x as T // c\n(y)", "x ;    // c\n(y)"},
      {"x as T\n++y", "x ;   \n++y"},
      {"{ x as T }", "{ x      }"},
  });
}

TEST(Hazards, OperatorsContinueACast) {
  expect_all({
      {"x as T\n+ y", "x     \n+ y"},
      {"x!\n(y)", "x \n(y)"},
      {"new C!(x)", "new C (x)"},
      {"f<T>\n(y)", "f   \n(y)"},
      {"let a: T\n(y)", "let a;  \n(y)"},
  });
}

TEST(Hazards, ErasedStatementsKeepTheirNeighboursApart) {
  expect_all({
      {"a\ninterface X {}\n(b)", "a\n;             \n(b)"},
      {"a\ntype X = 1\n[b]", "a\n;         \n[b]"},
      {"a\ndeclare const x: T\n`b`", "a\n;                 \n`b`"},
      {"type A = B\n[c]", ";         \n[c]"},
  });
}

TEST(Hazards, ErasedMembersKeepTheirNeighboursApart) {
  expect_all({
      {"class A { a\n declare b: T\n [c] = 1 }", "class A { a\n ;           \n [c] = 1 }"},
      {"class A { a = 1\n public [b] = 2 }", "class A { a = 1\n ;      [b] = 2 }"},
      {"class A { a = 1\n private *g() {} }", "class A { a = 1\n ;       *g() {} }"},
      {"class A { a = 1\n public in: T }", "class A { a = 1\n ;      in    }"},
      {"class A { a = 1\n readonly override [b] = 2 }",
       "class A { a = 1\n ;                 [b] = 2 }"},
      {"class A { get?: T\n foo() {} }", "class A { get;   \n foo() {} }"},
      {"class A { static: T\n foo() {} }", "class A { static;  \n foo() {} }"},
      {"class A { a = b as T\n [c] = 1 }", "class A { a = b ;   \n [c] = 1 }"},
      {"class A { a: T\n b: U }", "class A { a   \n b    }"},
  });
}

TEST(Hazards, ParenthesesOfArrowsMoveOverLineBreaks) {
  expect_all({
      {"(a): {\n b: 1 } => c", "(a    \n      ) => c"},
      {"(a)\n: T => c", "(a \n  ) => c"},
      {"async <\nT>(x: T) => x", "async (\n   x   ) => x"},
      {"return1(<\nT>(x) => x)", "return1((\n   x) => x)"},
  });
  EXPECT_EQ(strip_or_error("(a): T\n => x"),
            "error: A line break is not allowed before '=>'. (x.ts:2:2)");
}

TEST(Hazards, CastsAtTheStartOfAnExpression) {
  expect_all({
      {"function f() { return <T>\n x }", "function f() { return 0, \n x }"},
      {"throw <T>\n x", "throw 0, \n x"},
      {"function f() { return <T>x }", "function f() { return    x }"},
      {"() => <T>{}", "() => 0||{}"},
      {"() => <T>x", "() =>    x"},
      {"<T>{ a: 1 }.b", "0||{ a: 1 }.b"},
      {"<T>function () {}()", "0||function () {}()"},
      {"a = <T>{}", "a =    {}"},
  });
  EXPECT_EQ(strip_or_error("function* f() { yield <T>\n x }").substr(0, 39),
            "error: A line break after '<T>' would e");
}

TEST(Hazards, AContinuedTypeIsNotCutOff) {
  expect_all({
      {"type A =\n | B\n | C\nx", ";       \n    \n    \nx"},
      {"interface F {\n (a): b\n <T>(c): d\n}\nx", ";            \n       \n          \n \nx"},
      {"function f(x): asserts x\n(y)", ";                       \n(y)"},
  });
}

TEST(Hazards, NothingIsGuessed) {
  for (const std::string_view source :
       {"a + b as T * c", "x = a ? b ? (c = d) : T => e : (f = g) : h => i", "new C<T>!(x)",
        "f<x, y>>g<y>", "f<x>.g", "a < b * 2 > `c`"}) {
    const Result<Stripped> stripped = strip(source, {.file = "x.ts"});
    ASSERT_FALSE(stripped) << source << " became " << stripped->code;
    EXPECT_EQ(stripped.error().code, Code::kUnsupported) << stripped.error().describe();
  }
  EXPECT_EQ(strip_or_error("x as T + 1; (a + b as T) * c; y = x as T"),
            "x      + 1; (a + b     ) * c; y = x     ");
}

}  // namespace
}  // namespace isopod::typescript
