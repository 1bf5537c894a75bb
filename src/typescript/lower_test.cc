// SPDX-License-Identifier: MIT
#include "typescript/lower.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "typescript/source_text.h"
#include "typescript/strip.h"

namespace isopod::typescript {
namespace {

std::string strip_or_error(std::string_view source) {
  const Result<Stripped> stripped = strip(source, {.file = "x.ts"});
  return stripped ? stripped->code : "error: " + stripped.error().describe();
}

struct Case {
  std::string_view source;
  std::string_view code;
};

void expect_all(std::initializer_list<Case> cases) {
  for (const Case& test : cases) EXPECT_EQ(strip_or_error(test.source), test.code);
}

/// Where `word` stands: line and column.
std::pair<int, int> place_of(std::string_view text, std::string_view word) {
  const std::size_t at = text.find(word);
  EXPECT_NE(at, std::string_view::npos) << word << " in " << text;
  if (at == std::string_view::npos) return {};
  const Location where = locate(text, at, {});
  return {where.line, where.column};
}

TEST(Lower, EnumsFillAnObject) {
  expect_all({
      {"enum E { A, B = 5, C }",
       "var E;(function(_E){_E[_E.A=0]=\"A\";_E[_E.B=5]=\"B\";_E[_E.C=6]=\"C\"})(E||(E={}));"},
      {"enum E { A = 'a', \"b-c\" = `t`, D = A + 1, 'q' = (<any>'z') }",
       "var E;(function(_E){_E.A='a';_E[\"b-c\"]=`t`;_E.D=_E.A + 1; _E.q= (     'z') "
       "})(E||(E={}));"},
      {"enum E { A = f(), B, C = E.B }",
       "var "
       "E;(function(_E){_E[_E.A=f()]=\"A\";_E[_E.B=_E.A+1]=\"B\";_E[_E.C=E.B]=\"C\"})(E||(E={}));"},
      {"const enum E {}", "var E;(function(_E){})(E||(E={}));"},
      {"declare enum E { A }", ";                   "},
  });
}

TEST(Lower, TheFirstDeclarationOfASpaceDeclaresItsVariable) {
  expect_all({
      {"export enum E {} export enum E {}",
       "export var E;(function(_E){})(E||(E={}));;(function(_E){})(E||(E={}));"},
      {"class C {} namespace C { f() }", "class C {};(function(_C){ f() })(C||(C={}));"},
      {"{ enum E {} }", "{let E;(function(_E){})(E||(E={}));}"},
      {"function f() { enum E {} }", "function f() {var E;(function(_E){})(E||(E={}));}"},
  });
}

TEST(Lower, NothingIsInsertedBehindAComment) {
  expect_all({
      {"namespace N { f() } // end\ng();", "var N;(function(_N){ f() })(N||(N={}));// end\ng();"},
      {"enum E { A = 1 // one\n, B = 2 // two\n } // end",
       "var E;(function(_E){_E[_E.A=1]=\"A\"// one\n;_E[_E.B=2]=\"B\"// two\n })(E||(E={}));// "
       "end"},
      {"class A { constructor(private a) { 'use strict' // b\n } }",
       "class A { constructor(        a) { 'use strict';this.a=a;// b\n } }"},
  });
}

TEST(Lower, NamesAreFresh) {
  const std::string code = strip_or_error("enum E { A = _E, B = A } let _E, _E2;");
  EXPECT_NE(code.find("function(_E3)"), std::string::npos) << code;
  EXPECT_NE(code.find("_E3.A=_E]"), std::string::npos) << code;
}

TEST(Lower, ExportedVariablesOfANamespaceAreMembers) {
  expect_all({
      {"namespace N { export const a = 1, b = a; }",
       "var N;(function(_N){ ;         _N.a = 1,_N.b =_N.a; })(N||(N={}));"},
      {"namespace N { export let { a, b: [c = a] } = { a }; }",
       "var N;(function(_N){ ;         ({ a:_N.a, b: [_N.c =_N.a] } = { a:_N.a}); })(N||(N={}));"},
      {"namespace N { export const a = 1 } namespace N { a; { let a; a } x.a }",
       "var N;(function(_N){ ;         _N.a = 1 })(N||(N={}));;(function(_N){_N.a; { let a; a } "
       "x.a "
       "})(N||(N={}));"},
      {"namespace N { export function f() {} f() }",
       "var N;(function(_N){        function f() {};_N.f=f;f() })(N||(N={}));"},
      {"namespace A.B { x }",
       "var A;(function(_A){var B;(function(_B){ x })(B=_A.B||(_A.B={}));})(A||(A={}));"},
      {"namespace N { export import a = M.b; a }",
       "var N;(function(_N){ ;          _N.a = M.b;_N.a })(N||(N={}));"},
  });
}

TEST(Lower, ParameterPropertiesAreAssigned) {
  expect_all({
      {"class A { constructor(private x: T, public y = 1) { f() } }",
       "class A { constructor(        x   ,        y = 1) {this.x=x,this.y=y;f() } }"},
      {"class A { constructor(readonly x) { 'use strict' } }",
       "class A { constructor(         x) { 'use strict';this.x=x;} }"},
      {"class A extends B { constructor(public x) { f(); super(x); g() } }",
       "class A extends B { constructor(       x) { f(); super(x),this.x=x; g() } }"},
      {"class A extends B { constructor(public x) { const y = super(x) } }",
       "class A extends B { constructor(       x) { const y =(super(x),this.x=x,this)} }"},
      {"class A extends B { constructor(public x) { f()\nsuper().g() } }",
       "class A extends B { constructor(       x) { f()\n;(super(),this.x=x,this).g() } }"},
  });
}

TEST(Lower, AliasesAreVariables) {
  expect_all({
      {"import x = require('y'); x;", "var    x = require('y'); x;"},
      {"import x = require('y'); let z: x;", ";                        let z   ;"},
      {"import a = b.c; import d = a.e; d;", "var    a = b.c; var    d = a.e; d;"},
      {"import a = b.c; import d = a.e;", ";               ;              "},
      {"export import x = require('y');", "export var    x = require('y');"},
      {"export import a = b.c;", "export var    a = b.c;"},
      {"export = f;", "module.exports= f;"},
      {"interface T {} export = T;", ";              ;          "},
  });
}

TEST(Lower, AccessorFieldsArePairs) {
  expect_all({
      {"class A { accessor x: T = 1; }",
       "class A {get x(){return this.#_x}set x(v){this.#_x=v}#_x= 1; }"},
      {"class A { static accessor x; }",
       "class A { static get x(){return this.#_x}static set x(v){this.#_x=v}static #_x; }"},
  });
}

TEST(Lower, DecoratorsStayOnTheirLines) {
  const std::string code = strip_or_error(
      "@one(\n  1,\n)\n@two\nexport class A {\n  @three(3)\n  private static m(@four a: T) "
      "{}\n}\n");
  EXPECT_EQ(code.substr(0, code.find(";function")),
            "let A=_decorate([one(\n  1,\n)\n,two\n     ],class A {\n"
            ";static [_key(_members=[],[three(3)\n,_parameter(0,four)],\"m\",1)]("
            "      a   ) {}\n},_members);export{A};");
}

TEST(Lower, CodeWithoutDecoratorsGetsNoHelpers) {
  EXPECT_EQ(strip_or_error("class A { m() {} }"), "class A { m() {} }");
}

TEST(Lower, LinesStayAndColumnsOfLinesWithoutInsertionsToo) {
  const std::string_view source =
      "enum E { A, B }\nnamespace N {\n  export const x = 1;\n  export function f() {\n    one();\n"
      "  }\n}\n@dec class C {\n  constructor(private y: T) {\n    two();\n  }\n  @dec m() {\n"
      "    three(); }\n}\nfour();\n";
  const std::string code = strip_or_error(source);
  for (const std::string_view word : {"one()", "two()", "three()", "four()"}) {
    EXPECT_EQ(place_of(code, word), place_of(source, word)) << word;
  }
}

TEST(Lower, PlacesOfSpecifiersAreThoseOfTheCode) {
  const Result<Stripped> stripped = strip("enum E { A } import x from 'place'; x", {});
  ASSERT_TRUE(stripped);
  const ModuleRequest& request = stripped->shape.requests.at(0);
  EXPECT_EQ(stripped->code.substr(request.specifier_begin,
                                  request.specifier_end - request.specifier_begin),
            "'place'");
  EXPECT_EQ(request.column, 28);
}

TEST(Lower, ShapeKnowsWhatTransformsExport) {
  const Result<Stripped> stripped = strip(
      "export enum E {} export enum E {} export namespace A.B { f() } export import C = A.B;"
      "import fs = require('fs'); fs; @d export class D {} @d export default class {}",
      {});
  ASSERT_TRUE(stripped);
  EXPECT_EQ(stripped->shape.exports, (std::vector<std::string>{"E", "A", "C", "D", "default"}));
  EXPECT_EQ(stripped->shape.commonjs_names, (std::set<std::string>{"require"}));
}

TEST(Lower, ExportEqualsMakesAModuleThatAssignsItsExports) {
  const Result<Stripped> stripped = strip("export = 5", {});
  ASSERT_TRUE(stripped);
  EXPECT_TRUE(stripped->shape.is_module);
  EXPECT_TRUE(stripped->shape.exports.empty());
  EXPECT_EQ(stripped->shape.commonjs_names, (std::set<std::string>{"module"}));
}

TEST(Lower, ImportsThatOnlyTransformedCodeUsesStay) {
  expect_all({
      {"import { a } from 'x'; enum E { A = a }",
       "import { a } from 'x';var E;(function(_E){_E[_E.A=a]=\"A\"})(E||(E={}));"},
  });
}

}  // namespace
}  // namespace isopod::typescript
