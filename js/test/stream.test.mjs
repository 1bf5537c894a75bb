// SPDX-License-Identifier: MIT
// Streams: the same scenarios run over Node's streams and over ours, and must log the same.
import assert from "node:assert/strict";
import * as nodeStream from "node:stream";
import * as nodeStreamPromises from "node:stream/promises";
import { test } from "node:test";
import { createIsolate } from "../testing/support.mjs";

const isolate = createIsolate();
const theirs = {
  ...nodeStream, promises: nodeStreamPromises, Buffer, AbortController, Error, TypeError,
  queueMicrotask,
};
const ours = {
  ...isolate.loadBuiltin("node:stream"), promises: isolate.loadBuiltin("node:stream/promises"),
  Buffer: isolate.global.Buffer, AbortController: isolate.global.AbortController,
  Error: isolate.global.Error, TypeError: isolate.global.TypeError,
};

const turn = () => new Promise((resolve) => setTimeout(resolve, 10));

function show(value) {
  if (value === null || value === undefined) return String(value);
  if (typeof value === "object" && typeof value.message === "string")
    return `${value.name}[${value.code ?? ""}]: ${value.message}`;
  if (ArrayBuffer.isView(value)) return `<${Buffer.from(value).toString("latin1")}>`;
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

async function logOf(api, scenario) {
  const entries = [];
  const log = (...values) => entries.push(values.map(show).join(" "));
  /** Logs the events of a stream under its name. */
  const watch = (name, stream) => {
    for (const type of ["end", "finish", "close", "drain", "pipe", "unpipe", "resume", "pause",
      "prefinish"]) stream.on(type, () => log(name, type));
    stream.on("error", (error) => log(name, "error", error));
    return stream;
  };
  await scenario({ ...api, log, watch, turn });
  for (let i = 0; i < 3; i++) await turn();
  return entries;
}

function compare(name, scenario) {
  test(name, async () => {
    const wanted = await logOf(theirs, scenario);
    const got = await logOf(ours, scenario);
    assert.ok(wanted.length > 0, "the scenario logs something");
    assert.deepEqual(got, wanted);
  });
}

/** A writable that takes its time, or not. */
const sink = ({ Writable, log }, options = {}) => new Writable({
  highWaterMark: 4,
  write(chunk, encoding, done) {
    log("write", chunk, encoding);
    if (options.isSlow) setTimeout(done, 1);
    else done();
  },
  ...options,
});
const source = ({ Readable, log }, chunks, options = {}) => {
  const left = [...chunks];
  return new Readable({
    highWaterMark: 4,
    read(size) {
      log("read", size);
      this.push(left.length > 0 ? left.shift() : null);
    },
    ...options,
  });
};

// ---- Readable ----

compare("a flowing stream gives its chunks, end and close", (api) => {
  api.watch("r", source(api, ["ab", "cdef", "g"])).on("data", (chunk) => api.log("data", chunk));
});

compare("a paused stream is read by size", async (api) => {
  const stream = api.watch("r", source(api, ["abc", "defgh", "i"], { highWaterMark: 3 }));
  stream.on("readable", () => {
    api.log("readable", stream.readableLength);
    for (let chunk; (chunk = stream.read(2)) !== null;) api.log("got", chunk);
  });
});

compare("read without a size gives all that is there", async (api) => {
  const stream = new api.Readable({ read() {} });
  api.watch("r", stream);
  stream.push("one");
  stream.push("two");
  api.log(stream.read(), stream.read(), stream.readableFlowing);
  stream.push("three");
  stream.push(null);
  await api.turn();
  api.log(stream.read(100), stream.readableEnded);
  await api.turn();
  api.log(stream.readableEnded, stream.destroyed, stream.readable);
});

compare("push tells when there is no more room", (api) => {
  const stream = new api.Readable({ read() {}, highWaterMark: 5 });
  api.log(stream.push("abc"), stream.push("de"), stream.push("f"), stream.readableLength);
  api.log(stream.push(""), stream.push(null));
});

compare("unshift puts a chunk back", async (api) => {
  const stream = new api.Readable({ read() {} });
  stream.push("world");
  stream.unshift("hello ");
  stream.push(null);
  api.log(stream.read(3));
  stream.unshift("HEL");
  stream.on("data", (chunk) => api.log("data", chunk)).on("end", () => api.log("end"));
});

compare("pause and resume", async (api) => {
  const stream = api.watch("r", source(api, ["a", "b", "c"], { highWaterMark: 1 }));
  stream.on("data", (chunk) => {
    api.log("data", chunk);
    stream.pause();
    api.log(stream.isPaused(), stream.readableFlowing);
    setTimeout(() => stream.resume(), 1);
  });
  await new Promise((resolve) => stream.on("close", resolve));
});

compare("setEncoding puts characters together", async (api) => {
  const bytes = api.Buffer.from("aé日😀z");
  const stream = new api.Readable({ read() {} });
  stream.setEncoding("utf8");
  for (const byte of bytes) stream.push(api.Buffer.from([byte]));
  stream.push(null);
  stream.on("data", (text) => api.log("data", text)).on("end", () => api.log("end"));
});

compare("encodings of the constructor and of push", async (api) => {
  const stream = new api.Readable({ read() {}, encoding: "hex" });
  stream.push("00ff", "hex");
  stream.push(api.Buffer.from("z"));
  stream.push("text");
  stream.push(null);
  api.log(stream.readableEncoding, stream.readableLength);
  stream.on("data", (text) => api.log("data", text));
});

compare("objects are chunks of length one", (api) => {
  const stream = source(api, [{ a: 1 }, 0, "", [2]], { objectMode: true, highWaterMark: 2 });
  stream.on("data", (chunk) => api.log("data", chunk, stream.readableLength));
  stream.on("end", () => api.log("end"));
});

compare("errors of _read, wrong chunks and pushes after the end", async (api) => {
  api.watch("throws", new api.Readable({ read() { throw new api.Error("bad read"); } })).resume();
  const late = api.watch("late", new api.Readable({ read() {} }));
  late.push(null);
  late.push("x");
  const none = api.watch("none", new api.Readable());
  none.on("error", (error) => api.log(error.code));
  none.resume();
  const wrong = new api.Readable({ read() {} });
  wrong.on("error", ({ code, name }) => api.log(code, name));
  wrong.push(5);
});

compare("destroy: error, close, once, and nothing more comes", async (api) => {
  const stream = api.watch("r", source(api, ["a", "b", "c", "d"], { highWaterMark: 1 }));
  stream.on("data", (chunk) => {
    api.log("data", chunk);
    stream.destroy(new api.Error("enough"));
    stream.destroy(new api.Error("twice"));
    api.log(stream.destroyed, stream.errored, stream.readable, stream.push("x"));
  });
  await api.turn();
  api.log(stream.closed, stream.readableAborted, stream.readableDidRead);
});

compare("_destroy may change the error and is waited for", async (api) => {
  const stream = new api.Readable({
    read() {},
    destroy(error, done) {
      api.log("destroy", error);
      setTimeout(() => done(new api.Error("other")), 1);
    },
  });
  api.watch("r", stream).destroy();
  await api.turn();
  const quiet = new api.Readable({ read() {}, emitClose: false, autoDestroy: false });
  api.watch("quiet", quiet).push(null);
  quiet.resume();
});

compare("construct comes first", async (api) => {
  const stream = new api.Readable({
    construct(done) {
      api.log("construct");
      setTimeout(done, 1);
    },
    read() {
      api.log("read");
      this.push(null);
    },
  });
  api.watch("r", stream).resume();
  await api.turn();
  const broken = api.watch("broken", new api.Writable({
    construct(done) { done(new api.Error("no")); },
    write(chunk, encoding, done) { done(); },
  }));
  broken.write("x", (error) => api.log("written", error));
});

// Promises and next ticks share one queue here, so how far a source reads ahead of an awaiting
// reader is not compared.
compare("iteration", async (outer) => {
  const { log } = outer;
  const api = { ...outer, log: (...values) => values[0] !== "read" && log(...values) };
  for await (const chunk of source(api, ["ab", "cd"])) api.log("chunk", chunk);
  const left = source(api, ["a", "b", "c"], { highWaterMark: 1 });
  left.on("error", (error) => assert.equal(error.name, "AbortError"));
  for await (const chunk of left) {
    api.log(chunk);
    break;
  }
  api.log(left.destroyed);
  const failing = new api.Readable({ read() { this.destroy(new api.Error("lost")); } });
  try {
    for await (const chunk of failing) api.log(chunk);
  } catch (error) {
    api.log("caught", error);
  }
  const kept = source(api, ["a", "b"], { highWaterMark: 1 });
  for await (const chunk of kept.iterator({ destroyOnReturn: false })) {
    api.log(chunk);
    break;
  }
  api.log(kept.destroyed);
  const closed = new api.Readable({ read() { this.destroy(); } });
  try {
    for await (const chunk of closed) api.log(chunk);
    api.log("done");
  } catch (error) {
    api.log("caught", error);
  }
});

compare("Readable.from takes iterables of any kind", async (api) => {
  const { Readable } = api;
  for (const make of [
    () => ["a", "b"], () => new Set([1, 2]), () => "text", () => api.Buffer.from("bytes"),
    () => (async function* () { yield 1; yield Promise.resolve(2); })(),
    () => [Promise.resolve("later")],
  ]) {
    const chunks = [];
    for await (const chunk of Readable.from(make())) chunks.push(show(chunk));
    api.log(chunks.join());
  }
  async function* guarded() {
    try {
      yield 1;
      yield 2;
    } finally {
      api.log("cleaned");
    }
  }
  for await (const chunk of Readable.from(guarded())) { api.log(chunk); break; }
  async function* failing() { yield 1; throw new api.Error("broken"); }
  api.watch("f", Readable.from(failing())).resume();
  api.watch("n", Readable.from([1, null, 2])).on("data", (chunk) => api.log(chunk));
  await api.turn();
  try {
    Readable.from(5);
  } catch (error) {
    api.log(error.code);
  }
});

compare("a readable as a list", async (api) => {
  const from = () => api.Readable.from([1, 2, 3, 4, 5, 6]);
  api.log(await from().map((x) => x * 2).toArray());
  api.log(await from().map(async (x) => x, { concurrency: 3 }).toArray());
  api.log(await from().filter((x) => x % 2).toArray());
  api.log(await from().flatMap((x) => [x, x]).take(3).toArray());
  api.log(await from().drop(4).toArray(), await from().some((x) => x > 5));
  api.log(await from().every((x) => x > 5), await from().find((x) => x > 3));
  api.log(await from().reduce((a, b) => a + b), await from().reduce((a, b) => a + b, 10));
  await from().forEach((x) => api.log("each", x));
  try {
    await from().map((x) => { if (x === 3) throw new api.Error("three"); return x; }).toArray();
  } catch (error) {
    api.log(error);
  }
});

// ---- Writable ----

compare("writes run one at a time, and drain comes when all are done", async (api) => {
  const stream = api.watch("w", sink(api, { isSlow: true }));
  api.log(stream.write("ab", () => api.log("first")), stream.writableNeedDrain);
  api.log(stream.write("cd", () => api.log("second")), stream.writableLength);
  await new Promise((resolve) => stream.once("drain", resolve));
  api.log(stream.write("e"));
  stream.end("f", () => api.log("ended"));
  api.log(stream.writable, stream.writableEnded, stream.writableFinished);
  await new Promise((resolve) => stream.on("close", resolve));
});

compare("synchronous writes call back in order", async (api) => {
  const stream = api.watch("w", sink(api));
  api.log(stream.write("abcdef", "latin1", () => api.log("first")));
  stream.write("g", () => api.log("second"));
  stream.end(() => api.log("ended"));
  api.queueMicrotask?.(() => {});
});

compare("cork and writev", async (api) => {
  const stream = api.watch("w", new api.Writable({
    decodeStrings: false,
    writev(chunks, done) {
      api.log("writev", chunks.map(({ chunk, encoding }) => `${chunk}/${encoding}`).join(" "));
      done();
    },
  }));
  stream.cork();
  stream.cork();
  for (const text of ["a", "b", "c"]) stream.write(text, () => api.log("written", text));
  stream.uncork();
  api.log(stream.writableCorked, stream.writableLength);
  stream.uncork();
  stream.write("single");
  stream.cork();
  stream.write("at end");
  stream.end("last");
});

compare("final is waited for", async (api) => {
  const stream = api.watch("w", sink(api, {
    final(done) {
      api.log("final");
      setTimeout(done, 1);
    },
  }));
  stream.end("x", () => api.log("ended"));
  await new Promise((resolve) => stream.on("close", resolve));
  const failing = api.watch("f", sink(api, { final(done) { done(new api.Error("final")); } }));
  failing.end((error) => api.log("ended", error));
});

compare("a failing write ends all that wait", async (api) => {
  const stream = api.watch("w", new api.Writable({
    write(chunk, encoding, done) {
      api.log("write", chunk);
      setTimeout(() => done(new api.Error("full")), 1);
    },
  }));
  stream.write("a", (error) => api.log("a", error));
  stream.write("b", (error) => api.log("b", error));
  stream.end((error) => api.log("end", error));
  await new Promise((resolve) => stream.on("close", resolve));
  api.log(stream.errored, stream.destroyed, stream.writableAborted);
  const sync = api.watch("s", new api.Writable({
    write(chunk, encoding, done) { done(new api.Error("at once")); },
  }));
  api.log(sync.write("a", (error) => api.log("a", error)));
});

compare("writes at the wrong time", async (api) => {
  const ended = api.watch("ended", sink(api));
  ended.end();
  api.log(ended.write("late", (error) => api.log("late", error)));
  const destroyed = api.watch("destroyed", sink(api));
  destroyed.destroy();
  api.log(destroyed.write("late", (error) => api.log("late", error)));
  destroyed.end((error) => api.log("end", error));
  const twice = api.watch("twice", sink(api));
  twice.end("x");
  await api.turn();
  twice.end((error) => api.log("again", error));
  for (const bad of [null, 5, undefined, {}]) {
    try {
      sink(api).write(bad);
    } catch (error) {
      api.log(error.code, error.name);
    }
  }
  try {
    sink(api).write("x", "no-such");
  } catch (error) {
    api.log(error);
  }
});

compare("destroy drops what waits", async (api) => {
  const stream = api.watch("w", sink(api, { isSlow: true }));
  for (const text of ["a", "b"]) stream.write(text, (error) => api.log(text, error));
  stream.destroy();
  await api.turn();
  api.log(stream.closed);
});

compare("a callback called twice is an error", async (api) => {
  api.watch("w", new api.Writable({
    write(chunk, encoding, done) {
      done();
      done();
    },
  })).write("x");
});

compare("setDefaultEncoding and decodeStrings", (api) => {
  const stream = sink(api, { decodeStrings: false });
  stream.setDefaultEncoding("hex");
  stream.write("ff");
  stream.write("ff", "latin1");
  sink(api).setDefaultEncoding("hex").write("4142");
});

// ---- Duplex, Transform ----

compare("a transform changes, holds back and flushes", async (api) => {
  const stream = api.watch("t", new api.Transform({
    highWaterMark: 2,
    transform(chunk, encoding, done) {
      api.log("transform", chunk);
      done(null, chunk.toString().toUpperCase());
    },
    flush(done) {
      api.log("flush");
      done(null, "!");
    },
  }));
  for (const text of ["ab", "cd", "ef"]) api.log(stream.write(text));
  stream.end();
  await api.turn();
  api.log("now read");
  stream.on("data", (chunk) => api.log("data", chunk));
});

compare("a transform that fails", async (api) => {
  api.watch("t", new api.Transform({
    transform(chunk, encoding, done) { done(new api.Error("bad chunk")); },
  })).write("x", (error) => api.log("written", error));
  api.watch("f", new api.Transform({
    transform(chunk, encoding, done) { done(); },
    flush(done) { done(new api.Error("bad flush")); },
  })).end("x");
  const none = api.watch("n", new api.Transform());
  try {
    none.write("x");
  } catch (error) {
    api.log(error);
  }
});

compare("a duplex has two ends of its own", async (api) => {
  const stream = api.watch("d", new api.Duplex({
    readableObjectMode: true,
    read() { this.push(null); },
    write(chunk, encoding, done) {
      api.log("write", chunk);
      done();
    },
  }));
  api.log(stream.readableObjectMode, stream.writableObjectMode);
  stream.on("data", () => {}).on("end", () => setTimeout(() => stream.end("x"), 1));
  await new Promise((resolve) => stream.on("close", resolve));
  const closing = api.watch("c", new api.Duplex({
    allowHalfOpen: false, read() { this.push(null); }, write(chunk, encoding, done) { done(); },
  }));
  closing.resume();
  const [a, b] = [new api.PassThrough(), new api.PassThrough()];
  a.pipe(b).on("data", (chunk) => api.log("through", chunk));
  a.end("x");
});

compare("what is an instance of what", (api) => {
  const { Readable, Writable, Duplex, Transform, PassThrough, Stream } = api;
  const all = { Readable, Writable, Duplex, Transform, PassThrough, Stream };
  for (const Type of [Readable, Writable, Duplex, Transform, PassThrough]) {
    const stream = Type({ read() {}, write() {} });
    api.log(Type.name, Object.keys(all).filter((name) => stream instanceof all[name]).join());
  }
  class Upper extends Transform {
    _transform(chunk, encoding, done) { done(null, String(chunk).toUpperCase()); }
  }
  const upper = new Upper();
  upper.on("data", (chunk) => api.log("data", chunk)).end("abc");
  api.log(upper instanceof Upper, upper instanceof Writable, {} instanceof Writable);
  function Old() { Writable.call(this); }
  Object.setPrototypeOf(Old.prototype, Writable.prototype);
  Old.prototype._write = (chunk, encoding, done) => { api.log("old", chunk); done(); };
  new Old().write("x");
});

// ---- pipe ----

compare("pipe holds the source back", async (api) => {
  const from = api.watch("r", source(api, ["abc", "def", "gh"], { highWaterMark: 3 }));
  const to = api.watch("w", sink(api, { isSlow: true, highWaterMark: 3 }));
  api.log(from.pipe(to) === to);
  await new Promise((resolve) => to.on("close", resolve));
});

compare("pipe to two, of which one is slow; unpipe", async (api) => {
  const from = source(api, ["a", "b", "c", "d"], { highWaterMark: 1 });
  const [slow, fast] = [
    sink(api, { isSlow: true, highWaterMark: 1 }), sink({ ...api, log: () => {} })];
  api.watch("slow", slow);
  api.watch("fast", fast);
  from.pipe(slow);
  from.pipe(fast, { end: false });
  await new Promise((resolve) => slow.on("close", resolve));
  api.log(fast.writableEnded);
  const other = new api.PassThrough();
  const target = sink(api);
  other.pipe(target);
  other.write("x");
  await api.turn();
  other.unpipe(target);
  api.log(other.isPaused(), other.readableFlowing);
});

compare("an error of the target unpipes", async (api) => {
  const from = api.watch("r", source(api, ["a", "b", "c"], { highWaterMark: 1 }));
  const to = api.watch("w", new api.Writable({
    write(chunk, encoding, done) { done(new api.Error("no room")); },
  }));
  from.pipe(to);
  await api.turn();
  api.log(from.destroyed, from.readableFlowing);
  sink(api).on("error", (error) => api.log(error)).pipe(to);
});

// ---- finished, pipeline ----

compare("finished tells how a stream ended", async (api) => {
  const { finished } = api;
  finished(source(api, ["a"]).resume(), (error) => api.log("readable", error));
  const written = sink(api);
  finished(written, (error) => api.log("writable", error));
  written.end("x");
  const broken = sink(api);
  finished(broken, (error) => api.log("broken", error));
  broken.destroy(new api.Error("broken"));
  const early = new api.Readable({ read() {} });
  finished(early, (error) => api.log("early", error));
  early.destroy();
  const half = new api.Duplex({ read() {}, write(chunk, encoding, done) { done(); } });
  finished(half, { readable: false }, (error) => api.log("half", error));
  half.end();
  await api.turn();
  finished(written, (error) => api.log("done before", error));
  finished(broken, (error) => api.log("broken before", error));
  const stop = finished(sink(api).end(), () => api.log("never"));
  stop();
  const controller = new api.AbortController();
  finished(new api.Readable({ read() {} }), { signal: controller.signal },
    (error) => api.log(error.name, error.code));
  controller.abort();
  try {
    finished({}, () => {});
  } catch (error) {
    api.log(error.code);
  }
});

compare("pipeline of streams", async (api) => {
  const { pipeline, PassThrough } = api;
  const run = (...parts) => new Promise((resolve) => pipeline(...parts, (error) => {
    api.log("pipeline", error);
    resolve();
  }));
  await run(source(api, ["ab", "cd"]), new PassThrough(), api.watch("w", sink(api)));
  const failing = () => new api.Transform({
    transform(chunk, encoding, done) { done(new api.Error("in the middle")); },
  });
  const [from, to] = [source(api, ["ab", "cd"]), sink(api)];
  await run(from, failing(), to);
  api.log(from.destroyed, to.destroyed, to.errored);
  const gone = source(api, ["ab"]);
  const target = sink(api, { isSlow: true });
  setTimeout(() => target.destroy(), 0);
  await run(new api.Readable({ read() {} }), target);
  api.log(gone.destroyed);
  await run([source(api, ["x"]), sink(api)]);
});

compare("pipeline of functions and iterables", async (api) => {
  const { promises, Readable } = api;
  await promises.pipeline(
    ["a", "b"],
    async function* (chunks) { for await (const chunk of chunks) yield chunk.toUpperCase(); },
    sink(api));
  api.log(await promises.pipeline(
    async function* () { yield "x"; yield "y"; },
    async (chunks) => {
      let text = "";
      for await (const chunk of chunks) text += chunk;
      return text;
    }));
  try {
    const stage = async function* () { throw new api.Error("stage"); };
    await promises.pipeline(Readable.from(["a"]), stage, sink(api));
  } catch (error) {
    api.log(error);
  }
  const open = sink(api);
  await promises.pipeline(Readable.from(["kept"]), open, { end: false });
  api.log(open.writableEnded);
  const controller = new api.AbortController();
  const waiting = promises.pipeline(new Readable({ read() {} }), sink(api),
    { signal: controller.signal });
  controller.abort();
  await waiting.catch((error) => api.log(error.name, error.code));
  try {
    api.pipeline(sink(api), () => {});
  } catch (error) {
    api.log(error);
  }
});

compare("addAbortSignal and the signal option", async (api) => {
  const controller = new api.AbortController();
  const stream = api.addAbortSignal(controller.signal, new api.Readable({ read() {} }));
  stream.on("error", (error) => api.log(error.name, error.code));
  const other = new api.Writable({ signal: controller.signal, write() {} });
  other.on("error", (error) => api.log("option", error.name));
  controller.abort();
  await api.turn();
  api.log(stream.destroyed, other.destroyed);
});

compare("promises.finished", async (api) => {
  await api.promises.finished(source(api, ["a"]).resume());
  api.log("ended");
  await api.promises.finished(new api.Readable({ read() { this.destroy(new api.Error("x")); } })
    .resume()).catch((error) => api.log(error));
});

compare("states", async (api) => {
  const stream = new api.PassThrough();
  const states = () => api.log(...["isReadable", "isErrored", "isDisturbed"].map(
    (name) => `${name} ${api.Stream[name](stream)}`), stream.destroyed, stream.closed);
  states();
  stream.end("x");
  stream.resume();
  await api.turn();
  states();
  const failed = new api.Readable({ read() {} }).on("error", () => {});
  failed.destroy(new api.Error("x"));
  await api.turn();
  api.log(api.Stream.isErrored(failed), api.Stream.isReadable(failed));
});

test("an error that nobody listens to, in a stream of the prelude, reaches the engine", () => {
  const { Readable } = ours;
  const stream = new Readable({ read() {} });
  assert.throws(() => stream.emit("error", new ours.Error("lost")), { message: "lost" });
});

test("what web streams would be needed for says so", () => {
  assert.throws(() => ours.Writable.toWeb(), /Writable.toWeb is not supported/);
  assert.throws(() => ours.compose(), /compose is not supported/);
});

test("a pipe writes to the log and does not end it", async () => {
  const fresh = createIsolate();
  const { Readable } = fresh.loadBuiltin("node:stream");
  Readable.from(["line\n"]).pipe(fresh.global.process.stdout);
  await turn();
  assert.deepEqual(fresh.logged(), [{ level: "info", text: "line" }]);
});
