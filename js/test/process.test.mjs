// SPDX-License-Identifier: MIT
// `process`: its environment, its streams, and the order of ticks.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createIsolate } from "../testing/support.mjs";

const kVariables = { HOME: "/home/u", EMPTY: "", TOKEN: "t" };

/** An isolate that may see `variables`, or none when the host denies. */
function withEnvironment(variables) {
  return createIsolate({
    onCall: (operation, args) => {
      if (!operation.startsWith("env.")) return null;
      if (variables === undefined) throw { status: "denied", code: "denied", message: "needs env" };
      return operation === "env.list" ? variables : variables[args.name] ?? null;
    },
  });
}
const asked = (isolate) =>
  isolate.calls.filter(({ operation }) => operation.startsWith("env.")).map(({ args, operation }) => args.name ?? operation);

test("env: a variable is asked for once, when it is read", () => {
  const isolate = withEnvironment(kVariables);
  const { env } = isolate.global.process;
  assert.deepEqual(asked(isolate), []);
  assert.deepEqual([env.HOME, env.HOME, env.EMPTY, env.ABSENT, env.ABSENT], ["/home/u", "/home/u", "", undefined, undefined]);
  assert.deepEqual(asked(isolate), ["HOME", "EMPTY", "ABSENT"]);
  assert.deepEqual(["HOME" in env, "ABSENT" in env, Object.hasOwn(env, "EMPTY")], [true, false, true]);
  assert.equal(env.hasOwnProperty("HOME"), true);
  assert.equal(typeof env.toString, "function");
});

test("env: all of them can be listed", () => {
  const isolate = withEnvironment(kVariables);
  const { env } = isolate.global.process;
  assert.deepEqual(Object.keys(env), ["HOME", "EMPTY", "TOKEN"]);
  assert.deepEqual({ ...env }, kVariables);
  assert.equal(env.ABSENT, undefined);
  assert.deepEqual(asked(isolate), ["env.list"]);
});

test("env: writes stay in the isolate, and are text", () => {
  const isolate = withEnvironment(kVariables);
  const { env } = isolate.global.process;
  env.NEW = 5;
  env.HOME = undefined;
  delete env.TOKEN;
  Object.assign(env, { OTHER: true });
  assert.deepEqual({ ...env }, { NEW: "5", HOME: "undefined", OTHER: "true", EMPTY: "" });
  assert.throws(() => { env[Symbol("x")] = 1; }, { name: "TypeError" });
  assert.throws(() => { env.A = Symbol("x"); }, { name: "TypeError" });
  assert.deepEqual(asked(isolate), ["env.list"]);
});

test("env: what is denied is not there, and nothing throws", () => {
  const isolate = withEnvironment(undefined);
  const { env } = isolate.global.process;
  assert.equal(env.HOME, undefined);
  assert.deepEqual(Object.keys(env), []);
  assert.equal(JSON.stringify(env), "{}");
  env.HOME = "mine";
  assert.equal(env.HOME, "mine");
});

test("ticks run in order, before the promise jobs that come after the first", async () => {
  const order = await createIsolate().run(`(async () => {
    const order = [];
    process.nextTick((...args) => {
      order.push(...args);
      process.nextTick(() => order.push("inner"));
    }, "first", "and more");
    Promise.resolve().then(() => order.push("job"));
    process.nextTick(() => order.push("second"));
    await new Promise((resolve) => setTimeout(resolve, 1));
    return order;
  })()`);
  assert.deepEqual([...order], ["first", "and more", "second", "inner", "job"]);
  assert.throws(() => createIsolate().global.process.nextTick(5), { code: "ERR_INVALID_ARG_TYPE" });
});

test("stdin has ended", async () => {
  const isolate = createIsolate();
  const seen = await isolate.run(`new Promise((resolve) => {
    const seen = [];
    process.stdin.setEncoding("utf8").on("data", () => seen.push("data"));
    process.stdin.on("end", () => { seen.push("end"); resolve(seen); });
  })`);
  assert.deepEqual([...seen], ["end"]);
  assert.equal(await createIsolate().run(
    "(async () => { let count = 0; for await (const _ of process.stdin) count++; return count; })()"), 0);
  assert.equal(isolate.global.process.stdin.isTTY, undefined);
});

test("stdout is a stream without a terminal", async () => {
  const isolate = createIsolate();
  const { stdout } = isolate.global.process;
  assert.deepEqual([stdout.isTTY, stdout.columns, stdout.rows, stdout.writable], [undefined, undefined, undefined, true]);
  await new Promise((resolve) => stdout.end("last", resolve));
  assert.deepEqual(isolate.logged(), [{ level: "info", text: "last" }]);
});

test("what would change the process says so by name", () => {
  const { process } = createIsolate().global;
  assert.throws(() => process.exit(1), { code: "unsupported", message: /^process\.exit\(1\)/ });
  for (const name of ["kill", "chdir", "umask", "getuid", "abort", "memoryUsage"]) {
    assert.throws(() => process[name](1, 0), {
      code: "unsupported", message: `process.${name} is not supported by this version of isopod`,
    });
  }
});

test("warnings are logged and heard", async () => {
  const isolate = createIsolate();
  const { process } = isolate.global;
  const heard = new Promise((resolve) => process.once("warning", resolve));
  process.emitWarning("old", "DeprecationWarning", "DEP1");
  assert.equal((await heard).name, "DeprecationWarning");
  assert.deepEqual(isolate.logged(), [{ level: "warn", text: "[DEP1] DeprecationWarning: old" }]);
});

test("built-in modules can be had by name, those of the prelude alone cannot", () => {
  const { process } = createIsolate().global;
  assert.equal(typeof process.getBuiltinModule("node:path").join, "function");
  assert.equal(process.getBuiltinModule("isopod:native"), undefined);
  assert.equal(process.getBuiltinModule("isopod:core"), undefined);
  assert.equal(process.getBuiltinModule("nothing"), undefined);
});

test("WebAssembly can be looked at and says by name what is not there", async () => {
  const { global } = createIsolate();
  assert.equal(typeof global.WebAssembly, "object");
  assert.equal(String(global.WebAssembly), "[object WebAssembly]");
  assert.throws(() => new global.WebAssembly.Module(), /WebAssembly\.Module is not supported/);
  await assert.rejects(global.WebAssembly.instantiate(), /WebAssembly\.instantiate is not supported/);
  assert.equal(typeof global.navigator.userAgent, "string");
});
