// SPDX-License-Identifier: MIT
import assert from "node:assert/strict";
import { test } from "node:test";
import * as nodeZlib from "node:zlib";
import { createRandom } from "../testing/generate.mjs";
import { createIsolate } from "../testing/support.mjs";

const isolate = createIsolate();
const { global, loadBuiltin } = isolate;
const zlib = loadBuiltin("node:zlib");
const kPairs = [["gzip", "gunzip"], ["deflate", "inflate"], ["deflateRaw", "inflateRaw"],
  ["gzip", "unzip"], ["deflate", "unzip"]];

function outcome(call) {
  try {
    const value = call();
    return ArrayBuffer.isView(value) ? Buffer.from(value).toString("hex") : value;
  } catch (error) {
    return [error.name, error.code, error.errno, error.message];
  }
}
function agree(uses) {
  for (const use of uses)
    assert.deepEqual(outcome(() => use(zlib)), outcome(() => use(nodeZlib)), String(use));
}

test("what is compressed is Node's, and comes back", () => {
  const random = createRandom();
  for (const [write, read] of kPairs) {
    for (const text of ["", "a", "x".repeat(300_000), random.compose(["alpha", "é", "\n", "🙂"], 500)]) {
      agree([(z) => z[`${write}Sync`](text), (z) => z[`${write}Sync`](text, { level: 1, memLevel: 9 })]);
      const packed = nodeZlib[`${write}Sync`](text);
      assert.equal(zlib[`${read}Sync`](packed).toString(), text);
    }
  }
});

test("broken data and broken arguments end as in Node", () => {
  const gzip = nodeZlib.gzipSync("hello hello hello");
  const zipped = nodeZlib.deflateSync("hello hello hello");
  const flipped = Buffer.from(gzip);
  flipped[flipped.length - 6] ^= 1;
  agree([
    (z) => z.gunzipSync("abc"), (z) => z.gunzipSync(gzip.subarray(0, 15)), (z) => z.gunzipSync(""),
    (z) => z.inflateSync(gzip), (z) => z.inflateRawSync(Buffer.from([0xff, 0xff])),
    (z) => z.unzipSync(""), (z) => z.unzipSync("zzzz"), (z) => z.gunzipSync(flipped),
    (z) => z.gunzipSync(Buffer.concat([gzip, gzip])), (z) => z.gunzipSync(Buffer.concat([gzip, Buffer.alloc(5)])),
    (z) => z.inflateSync(Buffer.concat([zipped, Buffer.from("xx")])),
    (z) => z.gunzipSync(gzip, { maxOutputLength: 5 }), (z) => z.gunzipSync(gzip, { maxOutputLength: 17 }),
    (z) => z.gunzipSync(gzip.subarray(0, 15), { finishFlush: 2 }),
    (z) => z.gunzipSync(5), (z) => z.gunzipSync(null), (z) => z.gunzipSync(),
    (z) => z.gunzipSync(new Uint8Array(gzip).buffer),
    (z) => z.gzipSync("a", { level: 10 }), (z) => z.gzipSync("a", { level: "1" }),
    (z) => z.gzipSync("a", { windowBits: 7 }), (z) => z.gzipSync("a", { windowBits: 8 }),
    (z) => z.gzipSync("a", { memLevel: 0 }), (z) => z.gzipSync("a", { strategy: 9 }),
    (z) => z.gzipSync("a", { chunkSize: 1 }), (z) => z.gzipSync("a", { maxOutputLength: 0 }),
    (z) => z.gzipSync("a", { level: NaN }), (z) => z.gzipSync("a", { finishFlush: 9 }),
    (z) => z.gzipSync("a", { flush: -1 }), (z) => z.deflateSync("a", null),
    (z) => z.deflateSync("a", { dictionary: "x" }),
    (z) => z.inflateSync(nodeZlib.deflateSync("aaa", { dictionary: Buffer.from("aaa") })),
    (z) => z.inflateSync(nodeZlib.deflateSync("aaa", { dictionary: Buffer.from("aaa") }), { dictionary: Buffer.from("aaa") }),
    (z) => z.gunzip(gzip), (z) => z.gunzip(gzip, {}, 5),
  ]);
});

test("data that expands beyond the heap's share is an error", () => {
  const bomb = nodeZlib.gzipSync(Buffer.alloc(5 << 20));
  assert.throws(() => zlib.gunzipSync(bomb), { name: "RangeError", code: "ERR_BUFFER_TOO_LARGE" });
  assert.throws(() => zlib.gunzipSync(bomb, { maxOutputLength: 1 << 30 }), { code: "ERR_BUFFER_TOO_LARGE" });
  assert.equal(zlib.gunzipSync(nodeZlib.gzipSync(Buffer.alloc(4 << 20))).length, 4 << 20);
});

test("callback and promise forms do the same, later", async () => {
  const { promisify } = loadBuiltin("node:util");
  for (const [write, read] of kPairs) {
    const packed = await promisify(zlib[write])("text ".repeat(50_000));
    assert.equal((await promisify(zlib[read])(packed)).toString(), "text ".repeat(50_000));
    assert.equal((await promisify(zlib[write])("x", { level: 9 })).toString("hex"),
      nodeZlib[`${write}Sync`]("x", { level: 9 }).toString("hex"));
  }
  await assert.rejects(promisify(zlib.gunzip)("abc"), { code: "Z_DATA_ERROR", errno: -3 });
  let called = false;
  const done = new Promise((resolve) => zlib.gzip("x", () => resolve(called = true)));
  assert.equal(called, false);
  await done;
  assert.throws(() => zlib.gzip("x", { level: 99 }, () => {}), { code: "ERR_OUT_OF_RANGE" });
});

test("constants, codes and checksums are Node's", () => {
  for (const [name, value] of Object.entries(zlib.constants)) {
    if (name !== "ZLIB_VERNUM") assert.equal(value, nodeZlib.constants[name], name);
  }
  assert.deepEqual({ ...zlib.codes }, { ...nodeZlib.codes });
  agree([(z) => z.crc32("hello"), (z) => z.crc32("lo", z.crc32("hel")), (z) => z.crc32(new Uint8Array(3))]);
  assert.throws(() => zlib.crc32(5), { code: "ERR_INVALID_ARG_TYPE" });
});

test("brotli says it is missing, and streams are not loaded for whole data", () => {
  assert.throws(() => zlib.brotliCompressSync("a"), /node:zlib\.brotliCompressSync is not supported/);
  const fresh = createIsolate();
  const other = fresh.loadBuiltin("node:zlib");
  other.gunzipSync(other.gzipSync("a"));
  assert.equal({} instanceof other.Gzip, false);
  assert.equal(fresh.isLoaded("node:stream"), false);
});

const collect = (stream) => new Promise((resolve, reject) => {
  const parts = [];
  stream.on("data", (part) => parts.push(Buffer.from(part)));
  stream.on("end", () => resolve(Buffer.concat(parts)));
  stream.on("error", reject);
});

test("streams compress, decompress, tell errors and their names", async () => {
  for (const [write, read] of kPairs) {
    const name = (kind) => `create${kind[0].toUpperCase()}${kind.slice(1)}`;
    const packer = zlib[name(write)]();
    const packed = collect(packer);
    packer.write("some ");
    packer.write(Buffer.from("text"));
    packer.end();
    assert.equal(nodeZlib[`${read}Sync`](await packed).toString(), "some text");
    assert.equal(packer.bytesWritten, 9);
    const unpacker = zlib[name(read)]();
    const text = collect(unpacker);
    unpacker.end(await packed);
    assert.equal((await text).toString(), "some text");
  }
  assert.ok(zlib.createGzip() instanceof zlib.Gzip && new zlib.Gunzip() instanceof zlib.Gunzip);
  assert.ok(!(zlib.createGzip() instanceof zlib.Gunzip));
  const broken = zlib.createGunzip();
  broken.end(nodeZlib.gzipSync("text").subarray(0, 12));
  await assert.rejects(collect(broken), { code: "Z_BUF_ERROR", message: "unexpected end of file" });
  const large = zlib.createGunzip();
  large.end(nodeZlib.gzipSync(Buffer.alloc(1 << 20)));
  assert.equal((await collect(large)).length, 1 << 20);
});
