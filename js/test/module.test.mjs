// SPDX-License-Identifier: MIT
import assert from "node:assert/strict";
import { createRequire as nodeCreateRequire } from "node:module";
import { test } from "node:test";
import { createIsolate } from "../testing/support.mjs";

const { global, loadBuiltin } = createIsolate();
const Module = loadBuiltin("node:module").default;

test("createRequire takes paths and file URLs", () => {
  for (const from of ["/a b/c.ts", "file:///a%20b/c.ts", new global.URL("file:///a%20b/c.ts")])
    assert.equal(Module.createRequire(from).from, "/a b/c.ts");
  assert.equal(Module.createRequire("/dir/").from, "/dir/");
  assert.equal(Module.createRequire("/a.js")("node:path"), loadBuiltin("node:path").default);
});

test("createRequire refuses the rest with Node's words", () => {
  for (const from of ["./x", "x", "", 5, undefined, null, {}, "http://x/y"]) {
    const words = (call) => {
      try {
        return call();
      } catch (error) {
        return [error.name, error.code, error.message];
      }
    };
    assert.deepEqual(words(() => Module.createRequire(from)), words(() => nodeCreateRequire(from)));
  }
});

test("Module is its own default export and knows what is built in", () => {
  assert.equal(Module.Module, Module);
  assert.equal(Module.name, "Module");
  for (const name of ["fs", "node:fs", "fs/promises", "node:crypto"]) assert.ok(Module.isBuiltin(name), name);
  for (const name of ["isopod:core", "typebox", "nothing", "", 5]) assert.ok(!Module.isBuiltin(name), String(name));
  assert.ok(Module.builtinModules.includes("path") && !Module.builtinModules.includes("node:path"));
  assert.ok(Module.builtinModules.every((name) => !name.includes(":")));
});

test("a module object can be made and requires from its place", () => {
  const made = new Module("/x/y.js");
  assert.deepEqual([made.id, made.loaded], ["/x/y.js", false]);
  assert.equal(Module._resolveFilename("./z", { filename: "/x/y.js" }), "/x/y.js ./z");
  assert.deepEqual(Module._nodeModulePaths("/x"), ["/x/", "x"]);
  assert.throws(() => Module.register("x"), /node:module\.register is not supported/);
});
