// SPDX-License-Identifier: MIT
/** Keys derived from passwords and other keys. */
import { newHmac, newPbkdf2 } from "isopod:native/crypto";
import { startTimer } from "isopod:native";
import { Buffer } from "node:buffer";
import { secretBytes } from "./crypto_bytes";
import { invalidDigest, withDigest } from "./crypto_hash";
import { KeyObject, secretOf } from "./crypto_key_object";
import { checkFunction, checkInteger, invalidType, nodeError, outOfRange } from "./node_errors";

type Callback = (error: Error | null, key?: any) => void;
type Work = () => Uint8Array | undefined;

const kLongest = 2 ** 31 - 1;

function preparePbkdf2(
  password: any, salt: any, iterations: any, size: any, digest: any): Work {
  if (typeof digest !== "string") throw invalidType("digest", "of type string", digest);
  const passwordBytes = secretBytes(password, "password");
  const saltBytes = secretBytes(salt, "salt");
  checkInteger(iterations, "iterations", 1, kLongest);
  checkInteger(size, "keylen", 0, kLongest);
  return withDigest(() => newPbkdf2(digest, passwordBytes, saltBytes, iterations, size),
    () => invalidDigest(digest));
}

function finish(work: Work): Uint8Array {
  for (;;) {
    const key = work();
    if (key !== undefined) return key;
  }
}

export function pbkdf2Sync(
  password: any, salt: any, iterations: number, size: number, digest: string): any {
  return Buffer.from(finish(preparePbkdf2(password, salt, iterations, size, digest)));
}

/** Portions of work in one turn of the isolate: some twenty milliseconds. */
const kPortionsPerTurn = 20;

/** There is one thread: work without waiting is done between other turns. */
function workLater(work: Work, done: (key: Uint8Array) => void): void {
  startTimer(() => {
    for (let i = 0; i < kPortionsPerTurn; i++) {
      const key = work();
      if (key !== undefined) return done(key);
    }
    workLater(work, done);
  }, 0, false);
}

export function pbkdf2(password: any, salt: any, iterations: any, size: any, digest: any,
  callback?: Callback): void {
  if (typeof digest === "function") [digest, callback] = [undefined, digest];
  checkFunction(callback, "callback");
  const work = preparePbkdf2(password, salt, iterations, size, digest);
  workLater(work, (key) => callback(null, Buffer.from(key)));
}

// ---- HKDF (RFC 5869) ----

const kInfoMax = 1024;

function keyed(digest: string, key: Uint8Array, parts: Uint8Array[]): Uint8Array {
  const running = withDigest(() => newHmac(digest, key), () => invalidDigest(digest));
  for (const part of parts) running.update(part);
  return running.finish();
}

export function hkdfSync(digest: any, secret: any, salt: any, info: any, size: any): ArrayBuffer {
  if (typeof digest !== "string") throw invalidType("digest", "of type string", digest);
  const secretKey = secret instanceof KeyObject ? secretOf(secret) : secretBytes(secret, "ikm",
    "of type string or an instance of SecretKeyObject, ArrayBuffer, TypedArray, DataView, or Buffer");
  const saltBytes = secretBytes(salt, "salt");
  const infoBytes = secretBytes(info, "info");
  checkInteger(size, "length", 0, kLongest);
  if (infoBytes.length > kInfoMax) {
    throw outOfRange("info", `must not contain more than ${kInfoMax} bytes`, infoBytes.length);
  }
  const extracted = keyed(digest, saltBytes, [secretKey]);
  if (size > 255 * extracted.length)
    throw nodeError(RangeError, "ERR_CRYPTO_INVALID_KEYLEN", "Invalid key length");
  const key = new Uint8Array(size);
  let block = new Uint8Array(0);
  for (let number = 1, filled = 0; filled < size; number++, filled += block.length) {
    block = new Uint8Array(keyed(digest, extracted, [block, infoBytes, Uint8Array.of(number)]));
    key.set(block.subarray(0, size - filled), filled);
  }
  return key.buffer;
}

export function hkdf(
  digest: any, secret: any, salt: any, info: any, size: any, callback: Callback): void {
  checkFunction(callback, "callback");
  const key = hkdfSync(digest, secret, salt, info, size);
  startTimer(() => callback(null, key), 0, false);
}
