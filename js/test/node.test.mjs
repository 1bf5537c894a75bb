// SPDX-License-Identifier: MIT
import assert from "node:assert/strict";
import * as nodeUtil from "node:util";
import { test } from "node:test";
import { createRandom, seed } from "../testing/generate.mjs";
import { builtinModules, createIsolate, kInfo } from "../testing/support.mjs";

const isolate = createIsolate();
const { global, loadBuiltin } = isolate;
const plain = (value) => JSON.parse(JSON.stringify(value));

test("every built-in module evaluates, and node modules agree in default and named form", () => {
  for (const { name, aliases } of builtinModules) {
    const namespace = loadBuiltin(name);
    for (const alias of aliases) assert.equal(loadBuiltin(alias), namespace, alias);
    if (!name.startsWith("node:")) continue;
    assert.ok(namespace.default !== undefined, `${name} has a default export`);
    for (const key of Object.keys(namespace)) {
      if (key === "default" || key === "defaultMaxListeners") continue;
      assert.equal(namespace.default[key], namespace[key], `${name}.${key}`);
    }
  }
});

test("no name is claimed by two modules, and guests have no name for the internal ones", () => {
  const names = builtinModules.flatMap(({ name, aliases }) => [name, ...aliases]);
  assert.equal(new Set(names).size, names.length);
  for (const { name, aliases } of builtinModules) {
    if (name.startsWith("isopod:")) assert.deepEqual(aliases, []);
  }
});

// ---- os, process ----

test("os tells what the host told", () => {
  const os = loadBuiltin("node:os");
  assert.deepEqual(
    [os.homedir(), os.tmpdir(), os.hostname(), os.platform(), os.arch(), os.type(), os.EOL],
    [kInfo.home, kInfo.tempDir, kInfo.hostname, "linux", "x64", "Linux", "\n"]);
  assert.equal(os.userInfo().username, "tester");
  assert.throws(() => os.networkInterfaces(),
    { message: "node:os.networkInterfaces is not supported by this version of isopod" });
});

test("output streams of the process write to the log", async () => {
  const fresh = createIsolate();
  const { process } = fresh.global;
  assert.equal(process.stdout.write("line\n"), true);
  await new Promise((resolve) => process.stderr.write("no newline", resolve));
  assert.deepEqual(
    fresh.logged(), [{ level: "info", text: "line" }, { level: "error", text: "no newline" }]);
});

test("process has time, next ticks and listeners", async () => {
  const { process } = global;
  const [seconds, nanoseconds] = process.hrtime(process.hrtime());
  assert.ok(seconds === 0 && nanoseconds >= 0);
  assert.equal(typeof process.hrtime.bigint(), "bigint");
  assert.equal(await new Promise((resolve) => process.nextTick(resolve, "ticked")), "ticked");
  const seen = [];
  process.on("custom", (value) => seen.push(value));
  process.emit("custom", 1);
  assert.deepEqual(seen, [1]);
});

// ---- events ----

test("an EventEmitter keeps order, once and the snapshot of a running emit", () => {
  const { EventEmitter } = loadBuiltin("node:events");
  const emitter = new EventEmitter();
  const seen = [];
  const late = () => seen.push("late");
  emitter.on("x", () => { seen.push("a"); emitter.on("x", late); });
  emitter.once("x", () => seen.push("once"));
  emitter.prependListener("x", () => seen.push("first"));
  assert.equal(emitter.emit("x"), true);
  assert.deepEqual(seen, ["first", "a", "once"]);
  emitter.removeListener("x", late);
  assert.equal(emitter.listenerCount("x"), 2);
  assert.equal(emitter.emit("y"), false);
  emitter.removeAllListeners();
  assert.deepEqual([...emitter.eventNames()], []);
});

test("an error event nobody listens to is thrown", () => {
  const { EventEmitter } = loadBuiltin("events");
  const emitter = new EventEmitter();
  assert.throws(() => emitter.emit("error", new global.Error("lost")), { message: "lost" });
  assert.throws(() => emitter.emit("error", "text"), { code: "ERR_UNHANDLED_ERROR" });
  emitter.on("error", () => {});
  assert.equal(emitter.emit("error", new global.Error("caught")), true);
});

test("classes and old-style functions can extend EventEmitter", () => {
  const seen = isolate.run(`((EventEmitter) => {
    const seen = [];
    class Child extends EventEmitter {}
    function Old() { EventEmitter.call(this); }
    Object.setPrototypeOf(Old.prototype, EventEmitter.prototype);
    for (const emitter of [new Child(), new Old()]) emitter.on("x", (value) => seen.push(value)).emit("x", emitter instanceof EventEmitter);
    return seen.join();
  })`)(loadBuiltin("events").default);
  assert.equal(seen, "true,true");
});

test("events.once and events.on wait for an emitter", async () => {
  const events = loadBuiltin("events");
  const emitter = new events.EventEmitter();
  const next = events.once(emitter, "x");
  emitter.emit("x", 1, 2);
  assert.deepEqual(plain(await next), [1, 2]);
  const failing = events.once(emitter, "x");
  emitter.emit("error", "bad");
  await assert.rejects(failing, (error) => error === "bad");
  const iterator = events.on(emitter, "y");
  const first = iterator.next();
  emitter.emit("y", 5);
  assert.deepEqual(plain((await first).value), [5]);
  await iterator.return();
  assert.equal(emitter.listenerCount("y"), 0);
});

// ---- util ----

test("promisify, callbackify, inherits and the custom symbol", async () => {
  const util = loadBuiltin("util");
  assert.equal(await util.promisify((value, done) => done(null, value + 1))(1), 2);
  await assert.rejects(util.promisify((done) => done("no"))(), (error) => error === "no");
  const custom = Object.assign(() => {}, { [util.promisify.custom]: () => "custom" });
  assert.equal(util.promisify(custom)(), "custom");
  assert.equal(await new Promise((resolve) => util.callbackify(async (value) => value * 2)(
                                   4, (_error, value) => resolve(value))),
    8);
  assert.throws(() => util.promisify(1), { code: "ERR_INVALID_ARG_TYPE" });
  assert.equal(
    util.stripVTControlCharacters("\x1b[31mred\x1b[0m \x1b]8;;x\x07l\x1b]8;;\x07"), "red l");
  assert.equal(util.styleText("red", "x"), "\x1b[31mx\x1b[39m");
  assert.equal(util.debuglog("x").enabled, false);
});

test("isDeepStrictEqual agrees with Node's on pairs of values", () => {
  const { isDeepStrictEqual } = loadBuiltin("util");
  const values = [
    "1", "'1'", "0", "-0", "NaN", "null", "undefined", "{}", "[]", "[1,2]", "[1,,2]", "{a:1}",
    "{a:undefined}", "{a:{b:[1]}}", "new Map([[1,2]])", "new Map([[{a:1},2]])", "new Set([1,2])",
    "new Set([2,1])", "new Set([{a:1}])", "new Date(1)", "new Date(2)", "/a/g", "/a/",
    "Object('s')", "'s'", "new Uint8Array([1])", "new Int8Array([1])", "new Error('a')",
    "new Error('b')", "new TypeError('a')", "Object.create(null)",
    "(() => { const a = {}; a.a = a; return a; })()", "1n", "Symbol.iterator", "Math.max"
  ];
  for (const a of values) {
    for (const b of values) {
      const mine = isDeepStrictEqual(isolate.run(`(${a})`), isolate.run(`(${b})`));
      assert.equal(
        mine, nodeUtil.isDeepStrictEqual(eval(`(${a})`), eval(`(${b})`)), `${a} and ${b}`);
    }
  }
});

test("util.types looks at what a value is, not at what it says", () => {
  const { types } = loadBuiltin("util");
  const forged = isolate.run("Object.create(Map.prototype)");
  assert.deepEqual(
    [
      types.isMap(forged), types.isMap(isolate.run("new Map()")),
      types.isDate(isolate.run("new Date()")), types.isPromise(isolate.run("Promise.resolve()")),
      types.isUint8Array(isolate.run("new Uint8Array()")), types.isRegExp(isolate.run("/x/")),
      types.isAsyncFunction(isolate.run("async () => {}"))
    ],
    [false, true, true, true, true, true, true]);
});

// ---- assert ----

test("assert passes what holds and throws an AssertionError otherwise", async () => {
  const check = loadBuiltin("assert").default;
  check(1);
  check.deepStrictEqual(isolate.run("({ a: [1] })"), isolate.run("({ a: [1] })"));
  check.equal(1, "1");
  check.throws(() => { throw new global.TypeError("bad"); }, /bad/);
  check.throws(() => { throw new global.TypeError("bad"); }, global.TypeError);
  await check.rejects(
    global.Promise.reject(new global.Error("async")), isolate.run("({ message: 'async' })"));
  for (const body
         of [() => check(0), () => check.strictEqual(1, 2), () => check.strict.equal(1, "1"),
            () => check.deepEqual({}, { a: 1 }),
            () => check.throws(() => {}), () => check.fail("x"), () => check.match("a", /b/)]) {
    assert.throws(body, { code: "ERR_ASSERTION", name: "AssertionError" });
  }
});

// ---- buffer ----

test("Buffer encodes and decodes text as Node's does", () => {
  const random = createRandom();
  const pieces = ["a", "é", "日", "😀", "+", "/", "=", "-", "_", "0", "f", "zz", " ", "\n", "\xff"];
  const names = ["utf8", "utf16le", "latin1", "ascii", "base64", "base64url", "hex"];
  for (let i = 0; i < 3000; i++) {
    const [from, to] = [random.pick(names), random.pick(names)];
    // What Node makes of non-ASCII characters inside base64 depends on how it stores the text.
    const text = random.compose(
      from.startsWith("base64") ? pieces.filter((piece) => /^[ -~\n]$/.test(piece)) : pieces, 10);
    const mine = global.Buffer.from(text, from);
    const theirs = Buffer.from(text, from);
    const what = `${JSON.stringify(text)} ${from} ${to}, seed ${seed}`;
    assert.deepEqual([...mine], [...theirs], what);
    assert.equal(mine.toString(to), theirs.toString(to), what);
    assert.equal(global.Buffer.byteLength(text), Buffer.byteLength(text));
    const needle = random.compose(pieces, 2);
    for (const search of ["indexOf", "lastIndexOf", "includes"])
      assert.equal(mine[search](needle), theirs[search](needle),
        `${search} ${JSON.stringify(needle)} in ${what}`);
  }
});

test("Buffer reads and writes numbers as Node's does", () => {
  const kinds = [
    "UInt8", "Int8", "UInt16LE", "UInt16BE", "Int16LE", "Int32BE", "UInt32LE", "UInt32BE",
    "FloatLE", "DoubleBE", "BigInt64LE", "BigUInt64BE"
  ];
  const bytes = Array.from({ length: 16 }, (_, i) => (i * 37 + 200) % 256);
  const [mine, theirs] = [global.Buffer.from(bytes), Buffer.from(bytes)];
  for (const kind of kinds) {
    for (let offset = 0; offset < 8; offset++)
      assert.equal(
        mine[`read${kind}`](offset), theirs[`read${kind}`](offset), `${kind} at ${offset}`);
    assert.throws(() => mine[`read${kind}`](16), { code: "ERR_OUT_OF_RANGE" });
    const value = kind.startsWith("Big") ? 5n : 5;
    assert.equal(mine[`write${kind}`](value, 1), theirs[`write${kind}`](value, 1));
    assert.deepEqual([...mine], [...theirs], kind);
  }
  for (const width of [1, 3, 6]) {
    assert.equal(mine.readUIntBE(2, width), theirs.readUIntBE(2, width));
    assert.equal(mine.readIntLE(2, width), theirs.readIntLE(2, width));
    mine.writeIntBE(-2, 4, width);
    theirs.writeIntBE(-2, 4, width);
    assert.deepEqual([...mine], [...theirs]);
  }
  assert.throws(() => mine.writeUInt8(256), { code: "ERR_OUT_OF_RANGE" });
});

test("Buffer joins, cuts, compares, fills and shows as Node's does", () => {
  const run = (B) => {
    const a = B.from("abc");
    const shared = a.subarray(1);
    shared[0] = 0x78;
    return [
      B.concat([a, B.from([1, 2])]).toString("hex"),
      B.concat([a], 2).toString(),
      a.toString(),
      a.slice(-1).toString(),
      B.compare(B.from("a"), B.from("b")),
      a.equals(B.from("axc")),
      B.alloc(5, "xy").toString(),
      B.alloc(3).fill(7).toString("hex"),
      JSON.stringify(a),
      B.isBuffer(a),
      B.isBuffer(new Uint8Array(1)),
      B.isEncoding("UTF-8"),
      B.isEncoding("no"),
      a.write("zz", 2),
      a.toString(),
      B.from([1, 2, 3, 4]).swap16().toString("hex"),
      a.copy(B.alloc(2), 0),
      B.from(new Uint8Array([9]).buffer).length,
      B.from(B.from("q")).toString(),
      B.from("é").subarray(0, 1).toString(),
      B.from({ type: "Buffer", data: [65] }).toString(),
      a.constructor === B,
    ];
  };
  assert.deepEqual(run(global.Buffer), run(Buffer));
  assert.equal(loadBuiltin("util").inspect(global.Buffer.from("abc")), "<Buffer 61 62 63>");
  assert.throws(() => global.Buffer.from("a", "no-such"), { code: "ERR_UNKNOWN_ENCODING" });
  assert.throws(() => global.Buffer.from(5), { code: "ERR_INVALID_ARG_TYPE" });
  assert.throws(() => global.Buffer.alloc(-1), { code: "ERR_OUT_OF_RANGE" });
});

test("StringDecoder puts characters together that arrive in pieces", () => {
  const { StringDecoder } = loadBuiltin("string_decoder");
  const decoder = new StringDecoder("utf8");
  assert.equal(decoder.write(Uint8Array.of(0xe6, 0x97)), "");
  assert.equal(decoder.write(Uint8Array.of(0xa5, 0x41)), "日A");
  assert.equal(decoder.end(Uint8Array.of(0xe6)), "\ufffd");
});

// ---- others ----

test("awaited timers give their value and can be aborted", async () => {
  const timers = loadBuiltin("timers/promises");
  assert.equal(await timers.setTimeout(1, "v"), "v");
  assert.equal(await timers.setImmediate("i"), "i");
  const controller = new global.AbortController();
  const waiting = timers.setTimeout(1000, undefined, { signal: controller.signal });
  controller.abort();
  await assert.rejects(waiting, { name: "AbortError", code: "ABORT_ERR" });
});

test("createRequire finds built-in modules and nothing else", () => {
  const require = loadBuiltin("module").createRequire("/ext/a.ts");
  assert.equal(require("node:path"), loadBuiltin("path").default);
  assert.equal(require("os"), loadBuiltin("os").default);
  assert.equal(require("typebox"), loadBuiltin("typebox"));
  assert.equal(require.resolve("fs"), "fs");
  for (const name of ["./x", "left-pad", "node:typebox", "isopod:core", "node:isopod:core", "isopod:native"]) {
    assert.throws(() => require(name), { code: "MODULE_NOT_FOUND" }, name);
  }
});

test("net knows addresses, crypto knows randomness", () => {
  const net = loadBuiltin("net");
  assert.deepEqual(
    ["1.2.3.4", "::1", "1.2.3", "::ffff:1.2.3.4", "1::2::3", "fe80::1%eth0", "256.1.1.1", ""].map(
      (text) => net.isIP(text)),
    [4, 6, 0, 6, 0, 6, 0, 0]);
  const crypto = loadBuiltin("crypto");
  assert.equal(crypto.randomBytes(8).length, 8);
  for (let i = 0; i < 100; i++) assert.ok(crypto.randomInt(3) < 3);
  assert.equal(crypto.timingSafeEqual(global.Buffer.from("a"), global.Buffer.from("a")), true);
  assert.throws(() => crypto.createSign("sha256"),
    { message: "node:crypto.createSign is not supported by this version of isopod" });
});
