// SPDX-License-Identifier: MIT
#include "typescript/strip.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <type_traits>

namespace isopod::typescript {
namespace {

static_assert(std::is_move_constructible_v<Stripped>);

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

TEST(Strip, ErasesAnnotations) {
  expect_all({
      {"let x: string = 'a';", "let x         = 'a';"},
      {"let x!: T;", "let x    ;"},
      {"function f(a?: number, ...b: T[]): void {}", "function f(a         , ...b     )       {}"},
      {"function f(this: T, a) {} function g(this: T) {}",
       "function f(         a) {} function g(       ) {}"},
      {"function f(x): asserts x is T {} function g(x): x is T {}",
       "function f(x)                 {} function g(x)         {}"},
      {"const f = async <T,>(x: T): Promise<T> => x;",
       "const f = async     (x   )             => x;"},
      {"try {} catch (e: unknown) {}", "try {} catch (e         ) {}"},
      {"const { a, b }: { a: 1; b: 2 } = c;", "const { a, b }                 = c;"},
      {"let s: unique symbol, t: `a${B}c`, u: typeof import('y').Z<W>;",
       "let s               , t          , u                         ;"},
      {"async function* g<T>(): AsyncGenerator<T> {}",
       "async function* g   ()                    {}"},
  });
}

TEST(Strip, ErasesCastsAndTypeArguments) {
  expect_all({
      {"x as T; y satisfies U; z as const; w!;", "x     ; y            ; z         ; w ;"},
      {"<T>x; (<any>w).y;", "   x; (     w).y;"},
      {"(a as T)++; a! = 5; a! += 5; (b as any) = 1;",
       "(a     )++; a  = 5; a  += 5; (b       ) = 1;"},
      {"a?.b!.c; a!?.[0]!;", "a?.b .c; a ?.[0] ;"},
      {"f<T>(x); new C<T>(y); t<T>`z`; f<string>; a?.<T>(b);",
       "f   (x); new C   (y); t   `z`; f        ; a?.   (b);"},
      {"x as A.B.C<D>[]; y satisfies A.B.C.D;", "x              ; y                  ;"},
      {"foo(a < b, c > (d));", "foo(a          (d));"},
      {"vi.f<typeof import(\"child_process\")>(\"x\")",
       "vi.f                                (\"x\")"},
      {"f<import(\"x\").Y>(z)", "f               (z)"},
      {"f<<T>(x: T) => void>(y)", "f                   (y)"},
      {"if (a < b && c > (d)) {}", "if (a < b && c > (d)) {}"},
      {"a < b > c", "a < b > c"},
  });
}

TEST(Strip, ErasesDeclarations) {
  expect_all({
      {"interface A<T> extends B { x: T }", ";                                "},
      {"type A<in out T> = T | 1;", ";                        "},
      {"declare const x: T; declare module 'y' { let z: 1 }",
       ";                   ;                              "},
      {"declare global { interface W {} }", ";                                "},
      {"namespace A { export interface B {} namespace C { type D = 1 } }",
       ";                                                               "},
      {"abstract class A<T> extends B<T> implements C, D {}",
       "         class A    extends B                    {}"},
      {"export default abstract class {}", "export default          class {}"},
      {"export type { A } from 'b'; export type * from 'c'; export as namespace N;",
       ";                           ;                       ;                     "},
      {"function f(a: string): void;\nfunction f(a: any) {}",
       ";                           \nfunction f(a     ) {}"},
  });
}

TEST(Strip, ErasesInClasses) {
  expect_all({
      {"class A { private readonly x: T = 1; static override y?: U; z!: V }",
       "class A {                  x    = 1; static          y    ; z     }"},
      {"class A { f?: T; declare g: U; [k: string]: any; static [k: string]: any; }",
       "class A { f    ; ;           ; ;               ;        ;               ; }"},
      {"class A { abstract x: T; abstract m(): void; protected abstract get p(): T; }",
       "class A { ;            ; ;                 ; ;                            ; }"},
      {"class A { constructor(x); constructor(y?: T) {} m(a): void; m?(a?) {} }",
       "class A { ;             ; constructor(y    ) {} ;         ; m (a ) {} }"},
      {"class A { static declare x: T; private static override async *g<T>(): any {} readonly "
       "declare b: T }",
       "class A { ;                  ;         static          async *g   ()      {} ;             "
       "        }"},
      {"class A { get p(): T { return 1 } set p(v: T) {} static { let a: T; } }",
       "class A { get p()    { return 1 } set p(v   ) {} static { let a   ; } }"},
  });
}

TEST(Strip, ElidesImportsNeverUsedAsValues) {
  expect_all({
      {"import { a, type B, c } from 'x'; a;", "import { a,           } from 'x'; a;"},
      {"import d, { e } from 'y'; let z: d; e;", "import    { e } from 'y'; let z   ; e;"},
      {"import f, * as g from 'z'; f;", "import f         from 'z'; f;"},
      {"import f, * as g from 'z'; g;", "import    * as g from 'z'; g;"},
      {"import { T } from 'x'; let y: T;", ";                      let y   ;"},
      {"import type { T } from 'x'; import type U from 'y';",
       ";                           ;                      "},
      {"import 'side'; import {} from 'k';", "import 'side'; import {} from 'k';"},
      {"import { a } from 'x'; function f(a) { return a }",
       ";                      function f(a) { return a }"},
      {"import { a } from 'x'; { a; let b }", "import { a } from 'x'; { a; let b }"},
      {"import { a } from 'x'; type T = typeof a;", ";                      ;                 "},
      {"import { a } from 'x'; const o = { a };", "import { a } from 'x'; const o = { a };"},
      {"import a from 'x'; export default a;", "import a from 'x'; export default a;"},
      {"import a from 'x'; { var a2 = () => a; }", "import a from 'x'; { var a2 = () => a; }"},
  });
}

TEST(Strip, ElidesExportsOfTypes) {
  expect_all({
      {"interface I {} export { I };", ";              ;            "},
      {"type T = 1; const v = 2; export { T, v, type U };",
       ";           const v = 2; export {    v,        };"},
      {"import { J } from 'j'; export { J };", "import { J } from 'j'; export { J };"},
      {"import type { K } from 'k'; export { K };", ";                           ;            "},
      {"declare const d: 1; export { d };", ";                   ;            "},
      {"interface I {} export default I;", ";              ;                "},
      {"interface I {} class I {} export { I };", ";              class I {} export { I };"},
      {"export { a, type B } from 'x';", "export { a,        } from 'x';"},
  });
}

TEST(Strip, KeepsContextualKeywordsAsNames) {
  for (const std::string_view source :
       {"const abstract = 1; abstract.x; abstract = 2;", "type = 5; type\nFoo = 5;", "declare\nx",
        "abstract\nclass B {}", "module.exports = 1; namespace\nx", "let of = 2, is = 3; async(of)",
        "const get = 1, set = 2, readonly = 3; class A { get\n x() {} static\n y = 1; declare\n z; "
        "readonly\n w }",
        "export { type }; var type", "x = { type, declare, abstract: 1, async foo() {} }"}) {
    EXPECT_EQ(strip_or_error(source), source);
  }
}

TEST(Strip, ModifiersMustStandOnTheLineOfTheirMember) {
  expect_all({
      {"class A { public\n x: T }", "class A { public\n x    }"},
      {"class A { private\n m() {} }", "class A { private\n m() {} }"},
      {"class A { static readonly\n y: T }", "class A { static readonly\n y    }"},
      {"class A { abstract\n x: T }", "class A { abstract\n x    }"},
  });
}

TEST(Strip, KeepsJavaScriptUntouched) {
  for (const std::string_view source :
       {"a ? (b) : c => d",
        "const r = /[/]<T>\\/(x as y)/g, t = `as ${a} <T>`; // x as T\n/* y: T */",
        "for (using x of y) {} for await (await using z of q) {}",
        "label: for (;;) { continue label }",
        "import json from './x.json' with { type: 'json' }; json; export * from 'y' with { type: "
        "'json' };",
        "class A { #x = 1; static #y; static { this.#y } async *[Symbol.iterator]() {} 'q' = 1 }",
        "a\n++b\nif (a) b; else c\ndo x; while (y) z", "1 < 2 > 3; a<b>c; x = a ? b : c ? d : e"}) {
    EXPECT_EQ(strip_or_error(source), source);
  }
}

TEST(Strip, BlanksAHashbangAndKeepsAByteOrderMark) {
  EXPECT_EQ(strip_or_error("#!/bin/x\nlet a: T"), "        \nlet a   ");
  EXPECT_EQ(strip_or_error("\xEF\xBB\xBFlet a: T"), "\xEF\xBB\xBFlet a   ");
}

TEST(Strip, KeepsColumnsBehindWideCharacters) {
  // A no-break space has the two bytes and one code unit of "é", an em space the three of "€".
  EXPECT_EQ(strip_or_error("let a: 'é€' = b"), "let a   \xC2\xA0\xE2\x80\x83  = b");
  EXPECT_EQ(strip_or_error("let a: '\xF0\x9F\x98\x80' = b"), "let a   \xE2\x80\x83   = b");
}

TEST(Strip, KeepsLineTerminatorsOfEveryKind) {
  EXPECT_EQ(strip_or_error("let a: {\r\n  b: 1\r  c: 2\xE2\x80\xA8} = d"),
            "let a   \r\n      \r      \xE2\x80\xA8  = d");
}

TEST(Strip, LeavesJavaScriptFilesAlone) {
  const std::string_view source = "#!/bin/x\nimport { unused } from 'x';\nlet a: T = <T>b; )";
  const Result<Stripped> stripped =
      strip(source, {.language = Language::kJavaScript, .file = "x.js"});
  ASSERT_TRUE(stripped);
  EXPECT_EQ(stripped->code, source);
}

TEST(Strip, AcceptsAnEmptyFile) { EXPECT_EQ(strip_or_error(""), ""); }

}  // namespace
}  // namespace isopod::typescript
