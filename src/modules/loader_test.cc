// SPDX-License-Identifier: MIT
#include "modules/loader.h"

#include <gtest/gtest.h>

#include <array>
#include <map>
#include <optional>

#include "engine_fixture.h"
#include "modules/paths.h"

namespace isopod::modules {
namespace {

using engine::PromiseState;
using engine::Value;

/// Files in memory. Paths are canonical already.
class MapReader final : public SourceReader {
 public:
  std::map<std::string, std::string> files;
  int finds = 0;

  Result<std::optional<FoundFile>> find(std::span<const std::string> candidates) override {
    ++finds;
    for (std::size_t i = 0; i < candidates.size(); ++i) {
      if (files.contains(candidates[i])) return std::optional(FoundFile{i, candidates[i]});
    }
    return std::optional<FoundFile>();
  }
  Result<std::string> read(const std::string& path) override {
    const auto found = files.find(path);
    if (found == files.end()) return fail(Code::kNotFound, "no file " + path);
    return found->second;
  }
};

/// Built-in modules made for the tests, compiled once.
class TestBuiltins {
 public:
  TestBuiltins() {
    add("node:path", {"join", "sep", "default"},
        "export const sep = '/'; export const join = () => 'joined'; export default { join, sep "
        "};");
    add("lib", {"shared"}, "export const shared = {};");
    add("relib", {"shared"}, "export { shared } from 'lib';");
    add("maker", {"requireFrom"}, "export { requireFrom } from 'isopod:native/modules';");
    add("isopod:core", {"secret"}, "export { secret } from 'isopod:native';");
  }
  const BuiltinTable& table() {
    if (!table_) {
      for (std::size_t i = 0; i < names_.size(); ++i)
        builtins_.push_back({names_[i], bytecode_[i], exports_[i]});
      table_.emplace(builtins_, aliases_);
    }
    return *table_;
  }

 private:
  void add(std::string_view name, std::vector<std::string_view> exports,
           const std::string& source) {
    const SystemClock clock;
    auto runtime = engine::Runtime::create({.clock = &clock}).value();
    auto context = engine::Context::create(*runtime).value();
    struct Nothing final : engine::ModuleSource {
      Result<std::string> resolve(engine::Context&, const std::string&,
                                  const std::string& s) override {
        return s;
      }
      Result<engine::Module> load(engine::Context& in, const std::string& n) override {
        return engine::Module::native(in, n, {},
                                      [](engine::Context&) { return std::vector<Value>(); });
      }
    } nothing;
    context->set_module_source(nothing);
    const std::string module_name(name);
    bytecode_.push_back(
        engine::Module::compile(*context, {source, module_name})->bytecode(*context).value());
    names_.push_back(name);
    exports_.push_back(std::move(exports));
  }
  std::vector<std::string_view> names_;
  std::vector<std::vector<std::string_view>> exports_;
  std::vector<engine::Bytecode> bytecode_;
  std::vector<Builtin> builtins_;
  const std::array<BuiltinAlias, 2> aliases_ = {BuiltinAlias{"path", "node:path"},
                                                BuiltinAlias{"old-lib", "lib"}};
  std::optional<BuiltinTable> table_;
};

const BuiltinTable& test_builtins() {
  static TestBuiltins builtins;
  return builtins.table();
}

class LoaderTest : public engine::testing::EngineTest {
 protected:
  void SetUp() override {
    start();
    context_->set_module_source(loader_);
    loader_.add_native("isopod:native", {"secret"},
                       [](engine::Context& in) -> Result<std::vector<Value>> {
                         std::vector<Value> values;
                         values.push_back(in.number(42));
                         return values;
                       });
    json("globalThis.out = null; globalThis.order = []");
  }
  void TearDown() override {
    entry_ = Value();
    loader_.release();
    EngineTest::TearDown();
  }

  /// Loads a new file, "/ext/main.ts" the first time, and gives the JSON of globalThis.out, or how
  /// loading failed.
  std::string load(const std::string& source, std::string path = {}) {
    const std::string number = loads_++ == 0 ? "" : std::to_string(loads_);
    if (path.empty()) path = "/ext/main" + number + ".ts";
    reader_.files[path] = source;
    auto promise = loader_.import_entry(*context_, path);
    if (!promise) return "error: " + describe(promise.error());
    runtime_->run_jobs(100'000);
    if (context_->promise_state(*promise) == PromiseState::kRejected) {
      return "error: " + describe(context_->take_rejection(*promise));
    }
    entry_ = context_->promise_result(*promise);
    return json("globalThis.out");
  }
  static std::string describe(const Error& error) {
    return std::string(to_string(error.code)) + " " + error.message + " " + error.where.to_string();
  }

  int loads_ = 0;
  MapReader reader_;
  Loader loader_{reader_, test_builtins()};
  Value entry_;
};

TEST_F(LoaderTest, AMissingNamedImportIsUndefined) {
  reader_.files["/ext/lib.ts"] = "export const here = 1";
  EXPECT_EQ(load("import { here, gone } from './lib'; globalThis.out = [here, typeof gone]"),
            R"([1,"undefined"])");
  EXPECT_EQ(load("import { nothing } from 'node:path'; globalThis.out = typeof nothing"),
            "\"undefined\"");
}

TEST_F(LoaderTest, AMissingDefaultImportIsUndefined) {
  reader_.files["/ext/lib.ts"] = "export const here = 1";
  EXPECT_EQ(load("import lib, { here } from './lib'; globalThis.out = [typeof lib, here]"),
            R"(["undefined",1])");
}

TEST_F(LoaderTest, NamesOfAViewStayLive) {
  reader_.files["/ext/lib.ts"] = "export let n = 0; export const up = () => { n++ }";
  EXPECT_EQ(load("import { n, up, gone } from './lib'; up(); up(); globalThis.out = [n, gone === "
                 "undefined]"),
            "[2,true]");
}

TEST_F(LoaderTest, MissingNamesAreFoundThroughStarExports) {
  reader_.files["/ext/deep.ts"] = "export const d = 4";
  reader_.files["/ext/lib.ts"] = "export * from './deep'";
  EXPECT_EQ(load("import { d, gone } from './lib'; globalThis.out = [d, typeof gone]"),
            R"([4,"undefined"])");
}

TEST_F(LoaderTest, UnusedImportsVanishSoMissingFilesDoNotMatter) {
  EXPECT_EQ(
      load("import x from './nope'; import type { T } from 'no-such-package'; globalThis.out = 1"),
      "1");
}

TEST_F(LoaderTest, AUsedMissingModuleFailsAsInNode) {
  EXPECT_EQ(load("import x from 'no-such'; globalThis.out = x"),
            "error: module_not_found Cannot find module 'no-such'\nRequire stack:\n- /ext/main.ts "
            "/ext/main.ts");
  EXPECT_EQ(load("try { await import('./no-such') } catch (e) { globalThis.out = [e.code, "
                 "e.constructor.name] }"),
            R"(["MODULE_NOT_FOUND","Error"])");
}

TEST_F(LoaderTest, CommonJsNamesLiveBesideImports) {
  EXPECT_EQ(
      load(
          "import { join } from 'path'; const p = require('node:path');\n"
          "globalThis.out = [p.join === join, typeof module, typeof exports, __dirname, __filename,"
          " import.meta.url, import.meta.dirname, import.meta.filename, typeof this]"),
      R"([true,"object","object","/ext","/ext/main.ts","file:///ext/main.ts","/ext","/ext/main.ts","undefined"])");
}

TEST_F(LoaderTest, AnAuthorMayDeclareTheCommonJsNamesHimself) {
  EXPECT_EQ(load("import path from 'node:path'; const require = 5; const exports = 6; "
                 "globalThis.out = [require, exports, typeof path]"),
            R"([5,6,"object"])");
}

TEST_F(LoaderTest, TopLevelAwaitWorksInImportedModulesToo) {
  reader_.files["/ext/slow.ts"] = "export const v = await Promise.resolve(7)";
  EXPECT_EQ(load("import { v } from './slow'; globalThis.out = v + (await 1)"), "8");
}

TEST_F(LoaderTest, CommonJsFilesRunInOrderAndOnce) {
  reader_.files["/ext/a.cjs"] = "order.push('a'); exports.a = 1";
  reader_.files["/ext/b.ts"] = "order.push('b'); export const b = 2";
  EXPECT_EQ(
      load("import { a } from './a.cjs'; import { b } from './b'; import whole from './a.cjs'; "
           "globalThis.out = [order, a, b, whole, require('./a.cjs') === whole]"),
      R"([["a","b"],1,2,{"a":1},true])");
}

TEST_F(LoaderTest, ANamespaceOfACommonJsFileHasAllItsKeys) {
  reader_.files["/ext/a.js"] = "module.exports = { x: 1, y: 2 }";
  EXPECT_EQ(load("import * as a from './a'; const b = await import('./a'); globalThis.out = [a.x, "
                 "a.default.y, b.y, Object.keys(b)]"),
            R"([1,2,2,["default","x","y"]])");
}

TEST_F(LoaderTest, ACompiledCommonJsDefaultIsItsDefault) {
  reader_.files["/ext/a.js"] =
      "Object.defineProperty(exports, '__esModule', { value: true }); exports.default = 'd'; "
      "exports.n = 1";
  EXPECT_EQ(load("import d, { n } from './a'; globalThis.out = [d, n]"), R"(["d",1])");
}

TEST_F(LoaderTest, AModuleMayAlsoWriteModuleExports) {
  reader_.files["/ext/mixed.ts"] =
      "import path from 'path'; export const a = 1; module.exports.b = path.sep";
  EXPECT_EQ(load("import { a, b } from './mixed'; globalThis.out = [a, b]"), R"([1,"/"])");
}

TEST_F(LoaderTest, CommonJsCyclesSeeWhatIsThereSoFar) {
  reader_.files["/ext/a.cjs"] =
      "exports.early = 1; exports.b = require('./b.cjs').seen; exports.late = 2";
  reader_.files["/ext/b.cjs"] = "const a = require('./a.cjs'); exports.seen = Object.keys(a)";
  EXPECT_EQ(load("import a from './a.cjs'; globalThis.out = a"),
            R"({"early":1,"b":["early"],"late":2})");
}

TEST_F(LoaderTest, RequireOfAModuleGivesItsNamespace) {
  reader_.files["/ext/lib.ts"] = "export default 1; export const n = 2";
  EXPECT_EQ(load("export {}; const lib = require('./lib'); globalThis.out = [lib.default, lib.n]"),
            "[1,2]");
  reader_.files["/ext/slow.ts"] = "export const v = await new Promise(() => {})";
  EXPECT_NE(load("export {}; try { require('./slow') } catch (e) { globalThis.out = e.message }")
                .find("top-level await"),
            std::string::npos);
}

TEST_F(LoaderTest, ACommonJsFileThatThrowsRunsAgainNextTime) {
  reader_.files["/ext/bad.cjs"] =
      "globalThis.tries = (globalThis.tries ?? 0) + 1; throw new Error('try ' + tries)";
  EXPECT_EQ(load("export {}; const seen = []; for (let i = 0; i < 2; i++) try { "
                 "require('./bad.cjs') } catch (e) { seen.push(e.message) } globalThis.out = seen"),
            R"(["try 1","try 2"])");
}

TEST_F(LoaderTest, RequireOfAModuleThatIsStillBeingLoadedIsAnError) {
  const std::string refused = "still being loaded";
  // While the graph is linked: a namespace import runs the CommonJS file early.
  reader_.files["/ext/early.cjs"] =
      "try { require('./linking.ts') } catch (e) { exports.error = e.message }";
  EXPECT_NE(
      load("import * as early from './early.cjs'; export const x = 1; globalThis.out = early.error",
           "/ext/linking.ts")
          .find(refused),
      std::string::npos);
  // While it is evaluated.
  reader_.files["/ext/late.cjs"] =
      "try { require('./running.ts') } catch (e) { exports.error = e.message }";
  EXPECT_NE(load("import { error } from './late.cjs'; export const x = 1; globalThis.out = error",
                 "/ext/running.ts")
                .find(refused),
            std::string::npos);
  // Through another module of the graph.
  reader_.files["/ext/far.cjs"] =
      "try { require('./between.ts') } catch (e) { exports.error = e.message }";
  reader_.files["/ext/between.ts"] = "import { x } from './cycle'; export const y = () => x";
  EXPECT_NE(load("import { error } from './far.cjs'; export const x = 1; globalThis.out = error",
                 "/ext/cycle.ts")
                .find(refused),
            std::string::npos);
  // A module of its own, and one that is done, are fine.
  reader_.files["/ext/apart.ts"] = "export const n = 3";
  reader_.files["/ext/asks.cjs"] = "exports.n = require('./apart').n";
  EXPECT_EQ(load("import * as asks from './asks.cjs'; globalThis.out = asks.n"), "3");
  EXPECT_EQ(load("export {}; globalThis.out = require('./apart').n"), "3");
}

TEST_F(LoaderTest, AfterAFailedGraphItsModulesAreLoadedAnew) {
  // "b" compiles and points to "a", which cannot be loaded for the want of "c".
  reader_.files["/ext/a.ts"] =
      "import { b } from './b'; import { c } from './c'; export const a = () => b() + c";
  reader_.files["/ext/b.ts"] = "import { a } from './a'; export const b = () => typeof a";
  EXPECT_EQ(load("const codes = []; for (const f of ['./a', './b']) try { await import(f) } catch "
                 "(e) { codes.push(e.code) }"
                 "globalThis.out = codes"),
            R"(["MODULE_NOT_FOUND","MODULE_NOT_FOUND"])");
  reader_.files["/ext/c.ts"] = "export const c = '!'";
  EXPECT_EQ(load("globalThis.out = (await import('./b')).b() + (await import('./a')).a()"),
            "\"functionfunction!\"");
  EXPECT_EQ(load("import { a } from './a'; globalThis.out = a()"), "\"function!\"");
}

TEST_F(LoaderTest, JsonIsImportedByNameAndWhole) {
  reader_.files["/ext/data.json"] = R"({"k":42,"list":[1]})";
  EXPECT_EQ(load("import data, { k } from './data.json'; import typed from './data.json' with { "
                 "type: 'json' };"
                 "globalThis.out = [data, k, typed.k, require('./data.json').k]"),
            R"([{"k":42,"list":[1]},42,42,42])");
  reader_.files["/ext/bad.json"] = "{";
  EXPECT_NE(load("import bad from './bad.json'; globalThis.out = bad").find("/ext/bad.json"),
            std::string::npos);
}

TEST_F(LoaderTest, TheModuleObjectOfACommonJsFileIsComplete) {
  reader_.files["/ext/a.cjs"] =
      "exports.facts = [this === module.exports, module.id === __filename, module.path, "
      "module.loaded, module.paths, require.main === undefined, "
      "require.cache[__filename] === module];";
  EXPECT_EQ(load("import { facts } from './a.cjs'; globalThis.out = facts;"),
            R"([true,true,"/ext",false,["/ext/node_modules","/node_modules"],true,true])");
}

TEST_F(LoaderTest, ModulesKnowWhoAskedForThem) {
  reader_.files["/ext/a.cjs"] =
      "require('./b.cjs'); require('./b.cjs');"
      "exports.facts = [module.children.length, module.children[0].id, module.children[0].loaded,"
      " module.children[0].parent === module, module.require('./b.cjs').b];";
  reader_.files["/ext/b.cjs"] = "exports.b = typeof module.parent;";
  EXPECT_EQ(load("globalThis.out = require('./a.cjs').facts;"),
            R"([1,"/ext/b.cjs",true,true,"object"])");
}

TEST_F(LoaderTest, WhatIsDeletedFromTheCacheRunsAgainAndWhatIsPutThereCounts) {
  reader_.files["/ext/a.cjs"] = "exports.run = (globalThis.runs = (globalThis.runs ?? 0) + 1);";
  EXPECT_EQ(load("const key = require.resolve('./a.cjs'); const first = require('./a.cjs');"
                 "delete require.cache[key]; const second = require('./a.cjs');"
                 "require.cache[key] = { exports: { run: 'replaced' } };"
                 "globalThis.out = [first.run, second.run, require('./a.cjs').run];"),
            R"([1,2,"replaced"])");
}

TEST_F(LoaderTest, AFileThatDropsItselfWhileItRunsKeepsItsExports) {
  reader_.files["/ext/a.cjs"] =
      "const n = globalThis.runs = (globalThis.runs ?? 0) + 1; exports.n = n;"
      "delete require.cache[__filename]; if (n < 3) exports.inner = require('./a.cjs').n;";
  EXPECT_EQ(load("const a = require('./a.cjs'); globalThis.out = [a.n, a.inner, runs];"),
            "[1,2,3]");
}

TEST_F(LoaderTest, RequireResolvesFromOtherFolders) {
  reader_.files["/ext/lib/a.ts"] = "export const a = 1;";
  reader_.files["/other/node_modules/pkg/index.js"] = "";
  EXPECT_EQ(load("const at = (...paths) => { try { return require.resolve('pkg', { paths }); }"
                 " catch (error) { return error.code; } };"
                 "globalThis.out = [require.resolve('./a', { paths: ['/none', '/ext/lib'] }),"
                 " at('/other/deep'), at('/ext'), at(), require.resolve('path'),"
                 " require.resolve.paths('path'), require.resolve.paths('./x'),"
                 " require.resolve.paths('x')];"),
            R"(["/ext/lib/a.ts","/other/node_modules/pkg/index.js","MODULE_NOT_FOUND",)"
            R"("MODULE_NOT_FOUND","path",null,["/ext"],["/ext/node_modules","/node_modules"]])");
}

TEST_F(LoaderTest, CommonJsFilesMayReturnEarlyAndWrapThemselves) {
  reader_.files["/ext/return.cjs"] = "exports.a = 1; if (exports.a) return; exports.b = 2;";
  reader_.files["/ext/umd.js"] =
      "(function (root, factory) {"
      " if (typeof define === 'function' && define.amd) define([], factory);"
      " else if (typeof module === 'object' && module.exports) module.exports = factory();"
      " else root.lib = factory(); })(this, function () { return { umd: true }; });";
  reader_.files["/ext/both.js"] = "exports = module.exports = class Both { static x = 1 };";
  reader_.files["/ext/getter.js"] =
      "Object.defineProperty(exports, '__esModule', { value: true });"
      "Object.defineProperty(exports, 'late', { enumerable: true, get: () => 'got' });"
      "exports.default = void 0; exports.default = 'the default';";
  EXPECT_EQ(load("import umd from './umd.js'; import Both, { x } from './both.js';"
                 "import getter, { late } from './getter.js'; import { a, b } from './return.cjs';"
                 "globalThis.out = [umd.umd, Both.name, x, getter, late, a, b === undefined];"),
            R"([true,"Both",1,"the default","got",1,true])");
}

TEST_F(LoaderTest, CommonJsThatThrewIsNotInTheCache) {
  reader_.files["/ext/a.cjs"] = "if (!globalThis.ready) throw new Error('not yet'); exports.a = 1;";
  EXPECT_EQ(load("let first; try { require('./a.cjs'); } catch (error) { first = error.message; }"
                 "globalThis.ready = true;"
                 "globalThis.out = [first, require.resolve('./a.cjs') in require.cache,"
                 " require('./a.cjs').a];"),
            R"(["not yet",false,1])");
}

TEST_F(LoaderTest, RequireOfAFileThatReplacesItsExportsGivesThose) {
  reader_.files["/ext/function.ts"] = "const f = (n: number) => n + 1; export = f;";
  reader_.files["/ext/mixed.ts"] =
      "import { sep } from 'path'; module.exports = class Mixed { static sep = sep; };";
  reader_.files["/ext/plain.mts"] = "export const a = 1; module.exports = 'replaced';";
  EXPECT_EQ(load("import f = require('./function'); import viaImport from './function';"
                 "import Mixed = require('./mixed'); import again = require('./mixed');"
                 "globalThis.out = [f(1), f === viaImport, require('./function') === f, Mixed.sep,"
                 " Mixed === again, require('./plain.mts')];"),
            R"([2,true,true,"/",true,"replaced"])");
}

TEST_F(LoaderTest, RequireOfAFileThatAddsToItsExportsGivesAllOfThem) {
  reader_.files["/ext/both.ts"] =
      "export let a = 1; export const up = () => { a++ }; exports.b = 2; export default 'd';";
  reader_.files["/ext/only.ts"] = "import { sep } from 'path'; exports.sep = sep;";
  reader_.files["/ext/asks.ts"] = "export const kind = typeof module; if (false) exports.x = 1;";
  reader_.files["/ext/star.ts"] = "export * from './both'; exports.c = 3;";
  EXPECT_EQ(load("const both = require('./both'), star = require('./star'); both.up();"
                 "globalThis.out = [both, require('./both') === both, require('./only'),"
                 " require('./asks'), star.a, star.c];"),
            R"([{"b":2,"a":2,"default":"d"},true,{"sep":"/"},{"kind":"object"},2,3])");
}

TEST_F(LoaderTest, ANamespaceOfAFileWithoutExportStatementsHasItsExportsAsDefault) {
  reader_.files["/ext/function.ts"] = "const f = () => 'called'; export = f;";
  reader_.files["/ext/names.ts"] = "export const a = 1; module.exports.b = 2;";
  EXPECT_EQ(load("import * as f from './function'; const late = await import('./function');"
                 "const names = await import('./names');"
                 "globalThis.out = [f.default(), late.default(), typeof names.default];"),
            R"(["called","called","undefined"])");
}

TEST_F(LoaderTest, TypeScriptFilesMayRequireEachOther) {
  // As pi's loader has it: who is asked while it runs gives what it has exported so far.
  reader_.files["/ext/a.ts"] =
      "import b = require('./b'); export const name = 'a';"
      "export function hoisted() { return 'hoisted'; } export const seen = [b.early, b.later()];";
  reader_.files["/ext/b.ts"] =
      "import a = require('./a'); let tooSoon = ''; try { a.name } catch (e) { tooSoon = e.name }"
      "export const early = [a.hoisted(), tooSoon]; export const later = () => typeof a.name;";
  EXPECT_EQ(load("import { seen, name } from './a'; import b = require('./b');"
                 "globalThis.out = [seen, name, b.later()];"),
            R"([[["hoisted","ReferenceError"],"string"],"a","string"])");
}

TEST_F(LoaderTest, FilesWithExportEqualsMayRequireEachOther) {
  reader_.files["/ext/a.ts"] = "import b = require('./b'); export = { name: 'a', b };";
  reader_.files["/ext/b.ts"] =
      "import a = require('./a'); const early = Object.keys(a); export = { early };";
  reader_.files["/ext/added.ts"] =
      "import x = require('./asks'); exports.early = 1; exports.got = x.ask(); export {};";
  reader_.files["/ext/asks.ts"] =
      "import added = require('./added'); export const ask = () => Object.keys(added);";
  EXPECT_EQ(
      load("import a = require('./a'); import b = require('./b'); import self = require('./main');"
           "import added = require('./added'); export const own = 1;"
           "globalThis.out = [a, a.b === b, typeof self.own, added];"),
      R"([{"name":"a","b":{"early":[]}},true,"number",{"early":1,"got":["early"]}])");
}

TEST_F(LoaderTest, NamesThatHaveNoValueYetDoNotStandInTheWayOfACycle) {
  reader_.files["/ext/a.ts"] =
      "exports.first = 1; import b = require('./b'); export const late = 2; export { b };";
  reader_.files["/ext/b.ts"] =
      "import a = require('./a'); export const early = a.first; export const later = () => a.late;";
  EXPECT_EQ(load("import a = require('./a'); globalThis.out = [a.b.early, a.b.later(), a.first];"),
            "[1,2,1]");
}

TEST_F(LoaderTest, AModuleThatIsNotLinkedYetIsNotTakenForRunning) {
  // The CommonJS file runs while "main" is loaded, when "other" is only compiled.
  reader_.files["/ext/early.cjs"] =
      "try { exports.got = require('./other').x } catch (e) { exports.error = e.message }";
  reader_.files["/ext/other.ts"] = "export const x = typeof module; exports.y = 1;";
  EXPECT_NE(load("import { x } from './other'; import * as early from './early.cjs';"
                 "globalThis.out = [x, early.error]")
                .find("still being loaded"),
            std::string::npos);
}

TEST_F(LoaderTest, RequireOfAnyPlaceIsForBuiltInModulesToGive) {
  reader_.files["/ext/lib/a.js"] = "exports.a = require.resolve('./a.js');";
  EXPECT_EQ(load("import { requireFrom } from 'isopod:native/modules'; globalThis.out = typeof "
                 "requireFrom;"),
            "error: module_not_found Cannot find module 'isopod:native/modules'\n"
            "Require stack:\n- /ext/main.ts /ext/main.ts");
  auto made = loader_.import_builtin(*context_, "maker");
  ASSERT_TRUE(made.has_value()) << made.error().describe();
  ASSERT_TRUE(context_->set(context_->global(), "maker", *std::move(made)).has_value());
  EXPECT_EQ(json("const from = maker.requireFrom; [from('/ext/lib/')('./a').a,"
                 " from('/ext/x.js')('./lib/a.js').a, from('/ext/x.js')('path').sep,"
                 " from('/x.js').cache === from('/y.js').cache]"),
            R"(["/ext/lib/a.js","/ext/lib/a.js","/",true])");
  for (const char* bad : {"'x'", "''", "undefined", "{}"})
    EXPECT_EQ(error("maker.requireFrom(" + std::string(bad) + ")").code, Code::kInvalidArgument);
}

TEST_F(LoaderTest, TheFactoryIsFoundInEveryStyle) {
  const auto factory = [&](const std::string& source, const std::string& path) {
    const std::string loaded = load(source, path);
    if (loaded.starts_with("error")) return loaded;
    auto value = context_->call(entry_, {});
    return value ? context_->to_text(*value).value_or("?") : value.error().message;
  };
  EXPECT_EQ(factory("export default () => 'default'", "/f/1.ts"), "default");
  EXPECT_EQ(factory("module.exports = function () { return 'cjs' }", "/f/2.js"), "cjs");
  EXPECT_EQ(factory("exports.default = () => 'exports.default'", "/f/3.js"), "exports.default");
  EXPECT_EQ(factory("import 'path'; module.exports = () => 'mixed'", "/f/4.ts"), "mixed");
  EXPECT_EQ(load("export const x = 1", "/f/5.ts"), "null");
  EXPECT_TRUE(entry_.is_undefined());
  EXPECT_EQ(load("", "/f/6.ts"), "null");
  EXPECT_TRUE(entry_.is_undefined());
}

TEST_F(LoaderTest, ErrorsTellTheAuthorsLineAndColumn) {
  EXPECT_EQ(load("interface A { a: string }\nconst x: A = { a: 'b' };\nthrow new Error('here')"),
            "error: exception here /ext/main.ts:3:11");
  EXPECT_EQ(load("// one\nmodule.exports = 1;\nthrow new Error('cjs')", "/ext/c.cjs"),
            "error: exception cjs /ext/c.cjs:3:11");
  EXPECT_EQ(load("const a = 1;\nconst b = 2;\nconst = 3;", "/ext/s.js"),
            "error: syntax variable name expected /ext/s.js:3:7");
  const std::string typescript = load("const a = 1;\nconst b = 2;\nconst = 3;", "/ext/s.ts");
  EXPECT_NE(typescript.find("/ext/s.ts:3:7"), std::string::npos) << typescript;
}

TEST_F(LoaderTest, LegacyNamesAreTheSameInstance) {
  EXPECT_EQ(load("import { shared } from 'lib'; import { shared as old } from 'old-lib'; "
                 "import { shared as again } from 'relib'; globalThis.out = [shared === old, "
                 "shared === again]"),
            "[true,true]");
}

TEST_F(LoaderTest, ExtensionsCannotReachInternalModules) {
  for (const char* name : {"isopod:native", "isopod:core", "isopod:other"}) {
    const std::string source =
        "try { await import('" + std::string(name) +
        "'); globalThis.out = 'reached' } catch (e) { globalThis.out = e.code }";
    EXPECT_EQ(load(source), "\"MODULE_NOT_FOUND\"") << name;
    EXPECT_EQ(load("export {}; try { require('" + std::string(name) +
                   "'); globalThis.out = 'reached' } catch (e) { globalThis.out = e.code }"),
              "\"MODULE_NOT_FOUND\"");
  }
  // Code without a file is the extension's too.
  for (const char* maker :
       {"eval(\"import('isopod:native')\")", "new Function(\"return import('isopod:native')\")()",
        "(0, eval)(\"import('isopod:core')\")"}) {
    const std::string source =
        "try { await " + std::string(maker) +
        "; globalThis.out = 'reached' } catch (e) { globalThis.out = e.code }";
    EXPECT_EQ(load(source), "\"MODULE_NOT_FOUND\"") << maker;
  }
  // The names of views and bridges are no way around either.
  for (const char* name : {"isopod:view:node:path?*", "isopod:bridge:1", "isopod:commonjs",
                           "isopod:commonjs:/ext/other.ts"}) {
    const std::string source =
        "try { await import('" + std::string(name) +
        "'); globalThis.out = 'reached' } catch (e) { globalThis.out = e.code }";
    EXPECT_EQ(load(source), "\"MODULE_NOT_FOUND\"") << name;
  }
}

TEST_F(LoaderTest, CodeWithoutAFileImportsAsItsEntryDoes) {
  reader_.files["/ext/lib.ts"] = "export const n = 5";
  EXPECT_EQ(load("globalThis.out = (await new Function(\"return import('./lib')\")()).n"), "5");
}

TEST_F(LoaderTest, BuiltInNamesMatchExactlyOrNotAtAll) {
  for (const char* name :
       {"node:pathx", "node:", "pathx", "NODE:PATH", "node:path/", "node:path/nothing"}) {
    const std::string source =
        "try { await import('" + std::string(name) +
        "'); globalThis.out = 'reached' } catch (e) { globalThis.out = e.code }";
    EXPECT_EQ(load(source), "\"MODULE_NOT_FOUND\"") << name;
  }
}

TEST_F(LoaderTest, EachFileIsReadAndTransformedOnce) {
  reader_.files["/ext/lib.ts"] =
      "globalThis.runs = (globalThis.runs ?? 0) + 1; export const a = 1, b = 2";
  reader_.files["/ext/other.ts"] = "import { a } from './lib'; export const c = a";
  EXPECT_EQ(load("import { a } from './lib'; import { b } from './lib.js'; import { c } from "
                 "'./other'; globalThis.out = [a, b, c, runs]"),
            "[1,2,1,1]");
}

}  // namespace
}  // namespace isopod::modules
