// SPDX-License-Identifier: MIT
#include "typescript/modules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>

#include "typescript/strip.h"

namespace isopod::typescript {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

ModuleShape shape_of(std::string_view source, Language language = Language::kTypeScript) {
  Result<Stripped> stripped = strip(source, {.language = language, .file = "x.ts"});
  EXPECT_TRUE(stripped) << stripped.error().describe();
  return stripped ? std::move(stripped->shape) : ModuleShape{};
}

TEST(Modules, DescribesImports) {
  const ModuleShape shape = shape_of(
      "import d, { a, b as c, 'x y' as z, default as e } from \"./m\";\n"
      "import * as n from 'n'; import 'side';\nuse(d, a, c, z, e, n);");
  ASSERT_EQ(shape.requests.size(), 3u);
  EXPECT_EQ(shape.requests[0].specifier, "./m");
  EXPECT_EQ(shape.requests[0].kind, RequestKind::kImport);
  EXPECT_THAT(shape.requests[0].bindings,
              ElementsAre(Binding{"default", "d"}, Binding{"a", "a"}, Binding{"b", "c"},
                          Binding{"x y", "z"}, Binding{"default", "e"}));
  EXPECT_THAT(shape.requests[1].bindings, ElementsAre(Binding{"*", "n"}));
  EXPECT_THAT(shape.requests[2].bindings, IsEmpty());
  EXPECT_EQ(shape.requests[1].line, 2);
  EXPECT_EQ(shape.requests[1].column, 20);
  EXPECT_TRUE(shape.is_module);
}

TEST(Modules, SpecifiersCanBeFoundInTheCode) {
  const std::string source = "let x: T; import { a } from 'm\\u0061'; a;";
  const Result<Stripped> stripped = strip(source, {});
  ASSERT_TRUE(stripped);
  const ModuleRequest& request = stripped->shape.requests.at(0);
  EXPECT_EQ(request.specifier, "ma");
  EXPECT_EQ(stripped->code.substr(request.specifier_begin,
                                  request.specifier_end - request.specifier_begin),
            "'m\\u0061'");
}

TEST(Modules, ElidedImportsAreNotRequests) {
  const ModuleShape shape =
      shape_of("import { T, v } from 'a'; import { U } from 'b'; import type W from 'c'; v as U");
  ASSERT_EQ(shape.requests.size(), 1u);
  EXPECT_THAT(shape.requests[0].bindings, ElementsAre(Binding{"v", "v"}));
  EXPECT_TRUE(shape_of("import type W from 'c'").is_module);
}

TEST(Modules, JavaScriptKeepsUnusedImports) {
  const ModuleShape shape = shape_of("import { a } from 'x'", Language::kJavaScript);
  ASSERT_EQ(shape.requests.size(), 1u);
  EXPECT_THAT(shape.requests[0].bindings, ElementsAre(Binding{"a", "a"}));
}

TEST(Modules, DescribesReexports) {
  const ModuleShape shape =
      shape_of("export { a as b, default } from 'x'; export * from 'y'; export * as ns from 'z';");
  ASSERT_EQ(shape.requests.size(), 3u);
  EXPECT_EQ(shape.requests[0].kind, RequestKind::kReexport);
  EXPECT_THAT(shape.requests[0].bindings,
              ElementsAre(Binding{"a", "b"}, Binding{"default", "default"}));
  EXPECT_TRUE(shape.requests[1].star_reexport);
  EXPECT_THAT(shape.requests[2].bindings, ElementsAre(Binding{"*", "ns"}));
  EXPECT_THAT(shape.exports, ElementsAre("b", "default", "ns"));
}

TEST(Modules, ListsExports) {
  const ModuleShape shape = shape_of(
      "export const a = 1, { b, c: [d = 2, ...e], ...f } = g; export function h() {} export class "
      "I {}\n"
      "export interface J {} export type K = 1; export default 1; const l = 1; export { l as m, l "
      "as 'n o' };");
  EXPECT_THAT(shape.exports, ElementsAre("a", "b", "d", "e", "f", "h", "I", "default", "m", "n o"));
}

TEST(Modules, ReadsImportAttributes) {
  const ModuleShape shape = shape_of("import a from './a.json' with { type: 'json' }; a");
  ASSERT_EQ(shape.requests.size(), 1u);
  EXPECT_THAT(shape.requests[0].attributes,
              ElementsAre(std::pair<std::string, std::string>("type", "json")));
}

TEST(Modules, FindsTopLevelAwait) {
  for (const std::string_view source :
       {"await x", "for await (const a of b) {}", "await using a = b",
        "for (await using a of b) {}", "if (a) { await b }"}) {
    EXPECT_TRUE(shape_of(source).has_top_level_await) << source;
    EXPECT_TRUE(shape_of(source).is_module) << source;
  }
  for (const std::string_view source :
       {"async () => await x", "async function f() { for await (const a of b) {} }",
        "class A { async m() { await x } }", "async () => { for (await using a of b) {} }"}) {
    EXPECT_FALSE(shape_of(source).has_top_level_await) << source;
    EXPECT_FALSE(shape_of(source).is_module) << source;
  }
}

TEST(Modules, TellsModulesFromScripts) {
  EXPECT_TRUE(shape_of("import.meta.url").is_module);
  EXPECT_TRUE(shape_of("export {}").is_module);
  EXPECT_FALSE(shape_of("module.exports = import('x')").is_module);
}

TEST(Modules, FindsCommonjsNames) {
  EXPECT_THAT(shape_of("const a = require('a'); module.exports = a").commonjs_names,
              ElementsAre("module", "require"));
  EXPECT_THAT(shape_of("exports.a = __dirname + __filename").commonjs_names,
              ElementsAre("__dirname", "__filename", "exports"));
  EXPECT_THAT(shape_of("f({ require }); typeof module").commonjs_names,
              ElementsAre("module", "require"));
}

TEST(Modules, DeclaredNamesAreNotCommonjsNames) {
  for (const std::string_view source :
       {"import { createRequire } from 'module'; const require = createRequire(import.meta.url); "
        "require('x')",
        "require('x'); { var require }", "function module() {} module()",
        "import * as exports from 'x'; exports.y", "function f(require) { require('x') }",
        "(module) => module.exports", "try {} catch (exports) { exports }",
        "for (const require of x) require()",
        "x.require(); ({ module: 1 }); class A { exports() {} }", "{ let module = 1; module }",
        "(function require() { require() })", "let x: module.exports",
        "({ a: [require] }) => require", "const { module } = x; module"}) {
    EXPECT_THAT(shape_of(source).commonjs_names, IsEmpty()) << source;
  }
}

TEST(Modules, InnerDeclarationsDoNotHideOuterUses) {
  EXPECT_THAT(shape_of("function f(require) {} require('x')").commonjs_names,
              ElementsAre("require"));
  EXPECT_THAT(shape_of("function f(a = require('x')) { { let require } }").commonjs_names,
              ElementsAre("require"));
}

TEST(Modules, BrokenJavaScriptStillHasAShape) {
  const ModuleShape shape =
      shape_of("import a from 'x';\nexport const b = 1;\nlet = = 5;\n", Language::kJavaScript);
  EXPECT_TRUE(shape.is_module);
  EXPECT_EQ(shape.requests.size(), 1u);
}

TEST(Modules, ComparisonsInJavaScriptCountAsUses) {
  EXPECT_THAT(shape_of("f(a < require, b > (c))", Language::kJavaScript).commonjs_names,
              ElementsAre("require"));
}

}  // namespace
}  // namespace isopod::typescript
