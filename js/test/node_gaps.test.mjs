// SPDX-License-Identifier: MIT
// Smaller modules of Node, compared with Node's own call by call.
import assert from "node:assert/strict";
import * as nodeEvents from "node:events";
import * as nodeOs from "node:os";
import { StringDecoder as NodeDecoder } from "node:string_decoder";
import { test } from "node:test";
import * as nodeUrl from "node:url";
import * as nodeUtil from "node:util";
import { createRandom, seed } from "../testing/generate.mjs";
import { createIsolate } from "../testing/support.mjs";

const isolate = createIsolate();
const { global, loadBuiltin } = isolate;

/** What a call gives or throws, as plain data. */
function outcome(work) {
  try {
    return show(work());
  } catch (error) {
    return [error.name, error.code, error.message];
  }
}
function show(value) {
  if (value === undefined) return "undefined";
  if (ArrayBuffer.isView(value)) return Buffer.from(value).toString("hex");
  return JSON.parse(JSON.stringify(value, (_key, each) => (each === undefined ? null : each)));
}

/** Runs each body with our module and with Node's; the results must agree. */
function compare(name, ours, node, bodies) {
  test(name, () => {
    for (const body of bodies)
      assert.deepEqual(outcome(() => body(ours)), outcome(() => body(node)), String(body));
  });
}

// ---- util ----

const kOptions = {
  verbose: { type: "boolean", short: "v" }, name: { type: "string", short: "n" },
  many: { type: "string", multiple: true, short: "m" }, level: { type: "string", default: "low" },
  flags: { type: "boolean", multiple: true, short: "f" },
};
const kArguments = [
  [], ["-v"], ["--verbose", "--name", "x"], ["--name=x=y"], ["-nx"], ["-n", "x"], ["-vn", "x"],
  ["-vnx"], ["-ff", "-f"], ["-m", "1", "--many=2"], ["pos"], ["--", "-v", "pos"], ["--unknown"],
  ["-u"], ["--name"], ["--verbose=yes"], ["--name", "-x"], ["--no-verbose"], ["-"],
  ["--level", "high"],
  ["--many", "--", "x"], ["--=x"], ["-vx"], ["a", "-v", "b", "--name", "c", "d"],
];
compare("parseArgs", loadBuiltin("util"), nodeUtil, [
  ...kArguments.flatMap((args) => [
    ({ parseArgs }) => parseArgs({ args, options: kOptions, tokens: true }),
    ({ parseArgs }) => parseArgs({ args, options: kOptions, allowPositionals: true, tokens: true }),
    ({ parseArgs }) => parseArgs({ args, options: kOptions, strict: false, tokens: true }),
    ({ parseArgs }) =>
      parseArgs({ args, options: kOptions, allowPositionals: true, allowNegative: true }),
  ]),
  ({ parseArgs }) => parseArgs({ args: "x" }),
  ({ parseArgs }) => parseArgs({ args: [], options: { a: { type: "number" } } }).code,
]);

compare("util's small functions", loadBuiltin("util"), nodeUtil, [
  (util) => util.stripVTControlCharacters("\x1b[1;31mred\x1b[0m plain"),
  (util) => util.stripVTControlCharacters(5),
  (util) => util.styleText(["bold", "red"], "x"),
  (util) => util.getSystemErrorName(-2),
  (util) => util.getSystemErrorName(-13),
  (util) => util.getSystemErrorMap().get(-2),
  (util) => util.parseEnv("A=1\n B = two words # c\nexport C='q # q'\nD=\"a\\nb\"\n# E=1\nF=\n"),
  (util) => util.inherits(null, class {}),
  (util) => util.inherits(class {}, undefined),
  (util) => util.promisify("x"),
  (util) => util.promisify(Object.assign(() => {}, { [util.promisify.custom]: 5 })),
  (util) => util.callbackify(5),
  (util) => util._extend({ a: 1 }, { b: 2 }),
  (util) => util._extend({ a: 1 }, null),
  (util) => ["isString", "isNumber", "isNull", "isObject", "isPrimitive", "isFunction", "isRegExp"]
    .map((name) => ["x", 1, null, {}, /x/, () => {}].map((value) => util[name](value))),
  (util) => util.toUSVString("a\ud800"),
  (util) => util.format("%s %d %i %j %O %%", "a", 1.5, "2.7", { a: 1 }, [1]),
  (util) => util.types.isArgumentsObject((function () { return arguments; })()),
]);

test("promisify keeps what the function has, callbackify its this", async () => {
  const util = loadBuiltin("util");
  function named(done) { done(null, this.value, "second"); }
  const original = Object.assign(named, { extra: 1 });
  const promised = util.promisify(original);
  assert.deepEqual([promised.extra, promised.name, promised.length], [1, "named", 1]);
  assert.equal(util.promisify(promised), promised);
  assert.equal(await promised.call({ value: 5 }), 5);
  const error = await new Promise((resolve) =>
    util.callbackify(() => global.Promise.reject(null))(resolve));
  assert.deepEqual([error.code, error.reason], ["ERR_FALSY_VALUE_REJECTION", null]);
});

// ---- events ----

compare("emitters", loadBuiltin("events"), nodeEvents, [
  ({ EventEmitter }) => new EventEmitter().on("x"),
  ({ EventEmitter }) => new EventEmitter().setMaxListeners(-1),
  ({ EventEmitter }) => new EventEmitter().emit("error", "text"),
  ({ EventEmitter }) => new EventEmitter().emit("error"),
  ({ EventEmitter }) => new EventEmitter({ captureRejections: 1 }),
  ({ EventEmitter }) => {
    const emitter = new EventEmitter();
    const seen = [];
    const listener = () => seen.push("once");
    emitter.once("x", listener);
    const [raw] = emitter.rawListeners("x");
    seen.push(raw.listener === listener, emitter.listenerCount("x", listener));
    raw();
    seen.push(emitter.listenerCount("x"), emitter.eventNames());
    return seen;
  },
  ({ EventEmitter, listenerCount, getEventListeners }) => {
    const emitter = new EventEmitter();
    emitter.on("a", () => {}).on(Symbol.for("s"), () => {});
    return [listenerCount(emitter, "a"), getEventListeners(emitter, "a").length,
      emitter.eventNames().map(String), emitter.getMaxListeners()];
  },
  ({ EventEmitter, errorMonitor }) => {
    const seen = [];
    const emitter = new EventEmitter();
    emitter.on(errorMonitor, (value) => seen.push("monitor", value));
    emitter.on("error", (value) => seen.push(value));
    emitter.emit("error", "e");
    return seen;
  },
]);

test("rejections of listeners are captured when that was asked for", async () => {
  for (const { EventEmitter, captureRejectionSymbol } of [loadBuiltin("events"), nodeEvents]) {
    const emitter = new EventEmitter({ captureRejections: true });
    emitter.on("x", async () => { throw new Error("rejected"); });
    const failed = new Promise((resolve) => emitter.on("error", resolve));
    emitter.emit("x");
    assert.equal((await failed).message, "rejected");
    const own = new EventEmitter({ captureRejections: true });
    own.on("x", async () => { throw new Error("own"); });
    const told = new Promise((resolve) => {
      own[captureRejectionSymbol] = (error, ...rest) => resolve([error.message, ...rest]);
    });
    own.emit("x", 5);
    assert.deepEqual(await told, ["own", "x", 5]);
  }
});

test("once and on: signals, closing events, targets", async () => {
  for (const [events, scope] of [[loadBuiltin("events"), global], [nodeEvents, globalThis]]) {
    const emitter = new events.EventEmitter();
    const controller = new scope.AbortController();
    const waiting = events.once(emitter, "x", { signal: controller.signal });
    controller.abort();
    await assert.rejects(waiting, { name: "AbortError", code: "ABORT_ERR" });
    await assert.rejects(events.once({}, "x"), { code: "ERR_INVALID_ARG_TYPE" });
    assert.equal(emitter.listenerCount("x"), 0);
    const iterator = events.on(emitter, "data", { close: ["end"] });
    emitter.emit("data", 1);
    emitter.emit("data", 2);
    emitter.emit("end");
    const seen = [];
    for await (const [value] of iterator) seen.push(value);
    assert.deepEqual(seen, [1, 2]);
    assert.deepEqual([...emitter.eventNames()], []);
    const target = new scope.EventTarget();
    const event = events.once(target, "ping");
    target.dispatchEvent(new scope.Event("ping"));
    assert.equal((await event)[0].type, "ping");
    const failing = events.on(emitter, "data");
    const next = failing.next();
    emitter.emit("error", "broken");
    await assert.rejects(next, (error) => error === "broken");
    let calls = 0;
    const other = new scope.AbortController();
    events.addAbortListener(other.signal, () => calls++);
    other.abort();
    assert.equal(calls, 1);
  }
});

test("too many listeners are warned of once", () => {
  const fresh = createIsolate();
  const { EventEmitter } = fresh.loadBuiltin("events");
  const emitter = new EventEmitter();
  for (let i = 0; i < 12; i++) emitter.on("x", () => {});
  const [warning, ...more] = fresh.logged();
  assert.match(warning.text, /11 x listeners added to EventEmitter. MaxListeners is 10/);
  assert.deepEqual(more, []);
});

// ---- os, url ----

test("os has the numbers of Linux", () => {
  const os = loadBuiltin("os");
  assert.deepEqual({ ...os.constants.signals }, { ...nodeOs.constants.signals });
  assert.deepEqual({ ...os.constants.priority }, { ...nodeOs.constants.priority });
  for (const [name, number] of Object.entries(os.constants.errno))
    assert.equal(number, nodeOs.constants.errno[name] ?? number, name);
});

compare("file URLs and legacy URLs", loadBuiltin("url"), nodeUrl, [
  ...["file:///a/b%20c", "file:///a%2fb", "file://host/a", "http://a/b", "file:///%E6%97%A5", "/no"]
    .map((text) => ({ fileURLToPath }) => {
      try {
        return fileURLToPath(text);
      } catch (error) {
        return error.code;
      }
    }),
  ({ fileURLToPath }) => fileURLToPath(5),
  ({ pathToFileURL }) => pathToFileURL(5),
  ...["/a b/c?d#e%f", "/tmp/", "/日", "/a\\b"]
    .map((text) => ({ pathToFileURL }) => pathToFileURL(text).href),
  ...["http://user:pass@Host.com:8080/p/a?x=1&y=2#h", "https://example.com", "/path?q",
    "mailto:a@b.c", "//host/path", "http://[::1]:3000/x", "file:///etc/passwd", "a b?c d", "http://h?x",
    "", "#only", "HTTP://EXAMPLE.com/A"].flatMap((text) => [
    ({ parse }) => ({ ...parse(text) }), ({ parse }) => ({ ...parse(text, true) }),
    ({ parse, format }) => format(parse(text))]),
  ({ parse }) => parse(5),
  ({ format }) =>
    format({ protocol: "http", hostname: "a.b", port: 5, pathname: "p", query: { x: [1, 2] } }),
  ...[["http://a/b/c", "../d"], ["/one/two", "three"], ["/a/b", "/c"], ["http://a/", "http://b"],
    ["a/b/c", "../d"]].map(([from, to]) => ({ resolve }) => resolve(from, to)),
  ({ domainToUnicode }) => ["xn--fiq228c.com", "example.com"].map((name) => domainToUnicode(name)),
]);

// ---- buffer, string_decoder ----

compare("Buffer's other names", global.Buffer, Buffer, [
  (B) => B.from([1, 2, 3, 4]).readUintBE(0, 3),
  (B) => { const bytes = B.alloc(4); bytes.writeUintLE(0x010203, 1, 3); return bytes; },
  (B) => B.from("héllo").utf8Slice(1, 4),
  (B) => B.from("hello").hexSlice(),
  (B) => { const bytes = B.alloc(4); return [bytes.latin1Write("éa", 1), bytes.toString("hex")]; },
  (B) => B.copyBytesFrom(new Uint16Array([1, 2, 3]), 1),
  (B) => B.concat("x"),
  (B) => B.concat([1]),
  (B) => B.from("aGVsbG8gd29ybGQg".repeat(6), "base64").toString(),
  (B) => B.from("AQ", "base64").parent !== undefined,
]);

test("StringDecoder agrees with Node's for every encoding and cut", () => {
  const { StringDecoder } = loadBuiltin("string_decoder");
  const random = createRandom();
  const encodings = ["utf8", "utf-8", "utf16le", "ucs2", "latin1", "binary", "ascii", "base64",
    "base64url", "hex"];
  for (let i = 0; i < 600; i++) {
    const encoding = random.pick(encodings);
    const text = random.compose(["a", "é", "日", "😀", "\xff", "zz"], 6);
    const bytes = Buffer.from(text, random.pick(["utf8", "utf16le"]));
    const [mine, theirs] = [new StringDecoder(encoding), new NodeDecoder(encoding)];
    assert.equal(mine.encoding, theirs.encoding);
    const size = random.pick([1, 2, 3, 5]);
    const [got, wanted] = ["", ""].map(() => []);
    for (let at = 0; at < bytes.length; at += size) {
      got.push(mine.write(bytes.subarray(at, at + size)));
      wanted.push(theirs.write(bytes.subarray(at, at + size)));
    }
    assert.equal(got.join("") + mine.end(), wanted.join("") + theirs.end(),
      `${bytes.toString("hex")} ${encoding} ${size}, seed ${seed}`);
  }
  assert.throws(() => new StringDecoder("no-such"), { code: "ERR_UNKNOWN_ENCODING" });
  assert.throws(() => new StringDecoder().write(5), { code: "ERR_INVALID_ARG_TYPE" });
});
