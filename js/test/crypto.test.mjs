// SPDX-License-Identifier: MIT
import assert from "node:assert/strict";
import * as nodeCrypto from "node:crypto";
import { test } from "node:test";
import { createRandom } from "../testing/generate.mjs";
import { createIsolate } from "../testing/support.mjs";

const isolate = createIsolate();
const { global, loadBuiltin } = isolate;
const crypto = loadBuiltin("node:crypto");
const { Buffer } = global;

/** What a call gives or throws, comparable between realms. */
function outcome(call) {
  try {
    const value = call();
    return ArrayBuffer.isView(value) ? Array.from(value) : value;
  } catch (error) {
    return [error.name, error.code, error.message];
  }
}
/** Both modules do the same with `use(crypto, Buffer)`. */
function agree(uses) {
  for (const use of uses) {
    assert.deepEqual(
      outcome(() => use(crypto, Buffer)), outcome(() => use(nodeCrypto, globalThis.Buffer)),
      String(use));
  }
}

test("hashes agree with Node's, in all encodings and portions", () => {
  const random = createRandom();
  for (const name of ["md5", "sha1", "sha224", "sha256", "sha384", "sha512", "sha3-256", "RSA-SHA256"]) {
    for (const encoding of ["hex", "base64", "base64url", "latin1", "binary", undefined]) {
      const parts = Array.from({ length: random.below(5) }, () => random.compose(["a", "é", "日", "🙂", "\n", "xyz"], 20));
      agree([(c) => {
        const hash = c.createHash(name);
        for (const part of parts) hash.update(part);
        return hash.digest(encoding);
      }]);
    }
  }
});

test("hash input is text, any view, in any encoding", () => {
  agree([
    (c) => c.createHash("md5").update("00ff", "hex").digest("hex"),
    (c) => c.createHash("md5").update("zz", "hex").digest("hex"),
    (c) => c.createHash("md5").update("abc", "hex").digest("hex"),
    (c) => c.createHash("md5").update("aGk=", "base64").digest("hex"),
    (c) => c.createHash("md5").update("é", "latin1").digest("hex"),
    (c) => c.createHash("md5").update("é", "utf16le").digest("hex"),
    (c) => c.createHash("md5").update("é", "no such encoding").digest("hex"),
    (c) => c.createHash("md5").update(new Uint16Array([1, 2, 3])).digest("hex"),
    (c) => c.createHash("md5").update(new DataView(new ArrayBuffer(5), 2)).digest("hex"),
    (c, B) => c.createHash("md5").update(B.from("abcdef").subarray(2, 4)).digest("hex"),
    (c) => c.createHash("md5").update("a".repeat(3 << 20)).digest("hex"),
    (c) => c.createHash("md5").update(new ArrayBuffer(2)),
    (c) => c.createHash("md5").update(),
    (c) => c.createHash("md5").update(null),
    (c) => c.createHash("md5").update(1),
    (c) => c.createHash("md5").update({}),
  ]);
});

test("hashes are finished once and copied before", () => {
  agree([
    (c) => { const h = c.createHash("md5"); h.digest(); return h.digest(); },
    (c) => { const h = c.createHash("md5"); h.digest(); return h.update("a"); },
    (c) => { const h = c.createHash("md5"); h.digest(); return h.copy(); },
    (c) => {
      const h = c.createHash("md5").update("a");
      const copied = h.copy().update("b");
      return [h.update("b").digest("hex"), copied.digest("hex"), copied instanceof c.Hash];
    },
    (c) => c.createHash("nope"), (c) => c.createHash(), (c) => c.createHash(1),
    (c) => c.createHash("sha256", { outputLength: 5 }).digest(),
    (c) => c.createHash("sha256", { outputLength: 32 }).digest("hex"),
    (c) => c.createHash("md5").digest("buffer"), (c) => c.createHash("md5").digest("what"),
  ]);
  assert.ok(Buffer.isBuffer(crypto.createHash("md5").digest()));
});

test("one-shot hash", () => {
  assert.equal(crypto.hash("sha1", "abc"), "a9993e364706816aba3e25717850c26c9cd0d89d");
  assert.equal(crypto.hash("md5", Buffer.from("abc"), "base64"), "kAFQmDzST7DWlj99KOF/cg==");
  assert.equal(crypto.hash("md5", "abc", "buffer").length, 16);
  assert.throws(() => crypto.hash("md5", 5), { code: "ERR_INVALID_ARG_TYPE" });
  assert.throws(() => crypto.hash("none", ""), { message: "Digest method not supported" });
  const names = crypto.getHashes();
  assert.ok(names.includes("sha256") && names.includes("md5"));
});

test("keyed hashes agree with Node's", () => {
  agree([
    (c) => c.createHmac("sha256", "key").update("data").digest("hex"),
    (c) => c.createHmac("sha512", new Uint8Array(300)).update("data").digest("base64"),
    (c) => c.createHmac("md5", new ArrayBuffer(3)).digest("hex"),
    (c) => c.createHmac("md5", c.createSecretKey("key", "utf8")).update("x").digest("hex"),
    (c) => { const h = c.createHmac("md5", "k"); h.digest(); return h.digest("hex"); },
    (c) => { const h = c.createHmac("md5", "k"); h.digest(); return h.update("a"); },
    (c) => c.createHmac("md5", "k").update(1), (c) => c.createHmac("md5", "k") instanceof c.Hmac,
    (c) => c.createHmac("nope", "k"), (c) => c.createHmac("md5"), (c) => c.createHmac("md5", 1),
    (c) => c.createHmac("md5", null), (c) => c.createHmac(1, "k"),
  ]);
});

test("secret keys are objects that keep their bytes", () => {
  const bytes = Buffer.from("secret");
  const key = crypto.createSecretKey(bytes);
  bytes.fill(0);
  assert.equal(key.export().toString(), "secret");
  assert.deepEqual([key.type, key.symmetricKeySize], ["secret", 6]);
  assert.equal(key.export({ format: "jwk" }).k, "c2VjcmV0");
  assert.equal(key.equals(crypto.createSecretKey("secret", "utf8")), true);
  assert.equal(key.equals(crypto.createSecretKey("Secret", "utf8")), false);
});

test("derived keys agree with Node's", () => {
  agree([
    (c) => c.pbkdf2Sync("pass", "salt", 1000, 64, "sha512"),
    (c) => c.pbkdf2Sync(new Uint8Array(5), new DataView(new ArrayBuffer(4)), 1, 33, "sha256"),
    (c) => c.pbkdf2Sync("a", "b", 1, 0, "md5"), (c) => c.pbkdf2Sync("a", "b", 0, 1, "md5"),
    (c) => c.pbkdf2Sync("a", "b", 1, -1, "md5"), (c) => c.pbkdf2Sync("a", "b", 1, 1, "nope"),
    (c) => c.pbkdf2Sync("a", "b", 1, 1), (c) => c.pbkdf2Sync(1, "b", 1, 1, "md5"),
    (c) => c.pbkdf2Sync("a", 1, 1, 1, "md5"), (c) => c.pbkdf2Sync("a", "b", "1", 1, "md5"),
    (c) => c.pbkdf2Sync("a", "b", 1.5, 1, "md5"), (c) => c.pbkdf2("a", "b", 1, 1, "md5"),
    (c) => c.scryptSync("a", "b", 10), (c) => c.scryptSync("a", "b", 10, { N: 16, r: 1, p: 2 }),
    (c) => c.scryptSync("a", "b", 10, { cost: 4, blockSize: 1, parallelization: 2 }),
    (c) => c.scryptSync("a", "b", 10, { N: 4, cost: 8 }), (c) => c.scryptSync("a", "b", -1),
    (c) => c.scryptSync("a", "b"), (c) => c.scryptSync("a", "b", 0),
    (c) => c.scryptSync("a", "b", 10, { N: "1" }), (c) => c.scryptSync("a", "b", 10, { N: -1 }),
    (c) => new Uint8Array(c.hkdfSync("sha256", "key", "salt", "info", 100)),
    (c) => new Uint8Array(c.hkdfSync("sha1", "", "", "", 0)),
    (c) => c.hkdfSync("nope", "key", "salt", "info", 16),
    (c) => c.hkdfSync("sha256", "key", "salt", "info", 100000),
    (c) => c.hkdfSync("sha256", "key", "salt", "x".repeat(2000), 10),
    (c) => c.hkdfSync("sha256", 1, "salt", "", 10),
  ]);
  assert.throws(() => crypto.scryptSync("a", "b", 10, { N: 2 ** 20 }),
    { name: "RangeError", code: "ERR_CRYPTO_INVALID_SCRYPT_PARAMS" });
});

test("derivations call back later, and promisify", async () => {
  const { promisify } = loadBuiltin("node:util");
  let called = false;
  const waited = new Promise((resolve, reject) => {
    crypto.pbkdf2("a", "b", 50000, 8, "sha1", (error, key) => {
      called = true;
      error ? reject(error) : resolve(key);
    });
  });
  assert.equal(called, false);
  assert.equal((await waited).toString("hex"),
    nodeCrypto.pbkdf2Sync("a", "b", 50000, 8, "sha1").toString("hex"));
  const key = await promisify(crypto.scrypt)("a", "b", 8, { N: 16 });
  assert.equal(key.toString("hex"), nodeCrypto.scryptSync("a", "b", 8, { N: 16 }).toString("hex"));
  assert.equal((await promisify(crypto.scrypt)("a", "b", 8)).length, 8);
  await assert.rejects(promisify(crypto.scrypt)("a", "b", 8, { N: 2 ** 22 }),
    { code: "ERR_CRYPTO_INVALID_SCRYPT_PARAMS" });
  const derived = await promisify(crypto.hkdf)("sha256", "key", "salt", "info", 8);
  assert.deepEqual([...new Uint8Array(derived)],
    [...new Uint8Array(nodeCrypto.hkdfSync("sha256", "key", "salt", "info", 8))]);
});

test("randomness: sizes, ranges, fills and their errors are Node's", async () => {
  agree([
    (c) => c.randomBytes(-1), (c) => c.randomBytes("1"), (c) => c.randomBytes(2 ** 40),
    (c) => c.randomBytes(1, 1), (c) => c.randomBytes(0).length, (c) => c.randomBytes(1.5).length,
    (c) => c.randomBytes(NaN), (c) => c.randomInt(1, 1), (c) => c.randomInt("a"),
    (c) => c.randomInt(0, 2 ** 49), (c) => c.randomInt(1.5), (c) => c.randomInt(5, 3),
    (c) => c.randomInt(1), (c) => c.randomFillSync(1), (c, B) => c.randomFillSync(B.alloc(3), 5),
    (c, B) => c.randomFillSync(B.alloc(3), 1, 5), (c, B) => c.randomFillSync(B.alloc(3), -1),
    (c) => c.randomFillSync(new ArrayBuffer(3)).byteLength, (c) => c.randomUUID(1),
    (c) => c.timingSafeEqual("a", "b"), (c, B) => c.timingSafeEqual(B.alloc(1), B.alloc(2)),
    (c, B) => c.timingSafeEqual(B.alloc(1), "x"), (c, B) => c.timingSafeEqual(B.from("a"), B.from("b")),
    (c, B) => c.timingSafeEqual(B.from("a"), B.from("a")),
  ]);
  const filled = crypto.randomFillSync(new Uint32Array(64), 32, 16);
  assert.ok(filled.subarray(0, 32).every((n) => n === 0) && filled.subarray(48).every((n) => n === 0));
  assert.ok(filled.subarray(32, 48).some((n) => n !== 0));
  const { promisify } = loadBuiltin("node:util");
  assert.equal((await promisify(crypto.randomBytes)(5)).length, 5);
  assert.equal((await promisify(crypto.randomFill)(Buffer.alloc(9), 1, 2)).length, 9);
  assert.match(crypto.randomUUID(), /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

test("getRandomValues fills integer arrays up to its quota", () => {
  const { getRandomValues } = global.crypto;
  assert.ok(getRandomValues(new global.Uint32Array(100)).some((n) => n > 0xffff));
  assert.ok(getRandomValues(new global.BigUint64Array(4)).every((n) => typeof n === "bigint"));
  for (const bad of [new global.Float32Array(1), new global.DataView(new ArrayBuffer(1)), [], null])
    assert.throws(() => getRandomValues(bad), { name: "TypeMismatchError" });
  assert.throws(() => getRandomValues(new global.Uint8Array(65537)), { name: "QuotaExceededError" });
});

test("subtle digests and signs as the platform does", async () => {
  const { subtle } = global.crypto;
  const hex = (buffer) => globalThis.Buffer.from(new Uint8Array(buffer)).toString("hex");
  const data = new TextEncoder().encode("data");
  for (const name of ["SHA-1", "sha-256", "SHA-384", "SHA-512"]) {
    assert.equal(hex(await subtle.digest(name, data)),
      hex(await nodeCrypto.webcrypto.subtle.digest(name, data)));
  }
  const key = await subtle.importKey(
    "raw", new Uint8Array([1, 2, 3]), { name: "HMAC", hash: "SHA-256" }, false, ["sign", "verify"]);
  assert.equal(key.type, "secret");
  assert.equal(key.algorithm.length, 24);
  const signature = await subtle.sign("HMAC", key, data);
  assert.equal(hex(signature), nodeCrypto.createHmac("sha256", new Uint8Array([1, 2, 3])).update("data").digest("hex"));
  assert.equal(await subtle.verify("HMAC", key, signature, data), true);
  assert.equal(await subtle.verify("HMAC", key, new Uint8Array(32), data), false);
  assert.equal(await subtle.verify("HMAC", key, new Uint8Array(3), data), false);
  await assert.rejects(subtle.exportKey("raw", key), /not extractable/);
  await assert.rejects(subtle.digest("MD5", data), { name: "NotSupportedError" });
  await assert.rejects(subtle.digest("SHA-256", "text"), { name: "TypeError" });
  await assert.rejects(subtle.sign("HMAC", {}, data), { name: "TypeError" });
  await assert.rejects(subtle.importKey("raw", data, { name: "HMAC", hash: "SHA-1" }, true, []),
    { name: "SyntaxError" });
  await assert.rejects(subtle.encrypt({}, key, data), /crypto\.subtle\.encrypt is not supported/);
  const verifier = await subtle.importKey("raw", data, { name: "HMAC", hash: "SHA-1" }, true, ["verify"]);
  await assert.rejects(subtle.sign("HMAC", verifier, data), { name: "InvalidAccessError" });
  assert.equal(hex(await subtle.exportKey("raw", verifier)), hex(data));
  const made = await subtle.generateKey({ name: "HMAC", hash: "SHA-512" }, true, ["sign"]);
  assert.equal((await subtle.exportKey("raw", made)).byteLength, 128);
  assert.equal(typeof crypto.subtle.digest, "function");
});

test("what is missing says its name, and streams are not loaded for a hash", () => {
  for (const name of ["createSign", "generateKeyPairSync", "createECDH", "X509Certificate"]) {
    assert.throws(() => crypto[name](),
      { message: `node:crypto.${name} is not supported by this version of isopod` });
  }
  const fresh = createIsolate();
  fresh.loadBuiltin("node:crypto").createHash("md5").update("a").digest();
  assert.equal(fresh.isLoaded("node:stream"), false);
  assert.equal(fresh.isLoaded("isopod:web/subtle"), false);
});
