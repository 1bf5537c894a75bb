// SPDX-License-Identifier: MIT
/** `node:crypto`: randomness. Hashes and ciphers are not there yet. */
import { unsupportedFunction } from "isopod:core";
import { crypto as webcrypto, getRandomValues, randomUUID } from "isopod:web/crypto";
import { randomFill as fill } from "isopod:native";

export { getRandomValues, randomUUID, webcrypto };
export const subtle = undefined;

export function randomBytes(
  size: number, callback?: (error: null, bytes: Uint8Array) => void): any {
  const bytes = Buffer.alloc(size);
  fill(bytes);
  if (callback === undefined) return bytes;
  queueMicrotask(() => callback(null, bytes));
}

export function randomFillSync<T extends Uint8Array>(
  bytes: T, offset = 0, size = bytes.length - offset): T {
  fill(bytes.subarray(offset, offset + size));
  return bytes;
}

const kRandomRange = 2 ** 48;

export function randomInt(
  min: number, max?: any, callback?: (error: null, value: number) => void): any {
  if (max === undefined || typeof max === "function") [min, max, callback] = [0, min, max];
  const range = max - min;
  if (!Number.isSafeInteger(min) || !Number.isSafeInteger(max) || range <= 0 ||
    range >= kRandomRange) {
    const error = new RangeError(`The value of "max" is out of range. Received ${max}`) as any;
    error.code = "ERR_OUT_OF_RANGE";
    throw error;
  }
  // Values above the last whole multiple of the range would make some results more likely.
  const limit = kRandomRange - (kRandomRange % range);
  const bytes = new Uint8Array(6);
  let value: number;
  do {
    fill(bytes);
    value = bytes.reduce((sum, byte) => sum * 256 + byte, 0);
  } while (value >= limit);
  const result = min + (value % range);
  if (callback === undefined) return result;
  queueMicrotask(() => callback(null, result));
}

export function timingSafeEqual(a: Uint8Array, b: Uint8Array): boolean {
  if (a.byteLength !== b.byteLength) {
    const error = new RangeError("Input buffers must have the same byte length") as any;
    error.code = "ERR_CRYPTO_TIMING_SAFE_EQUAL_LENGTH";
    throw error;
  }
  let difference = 0;
  for (let i = 0; i < a.length; i++) difference |= a[i] ^ b[i];
  return difference === 0;
}

const missing = (name: string) => unsupportedFunction(`node:crypto.${name}`);
export const Certificate = missing("Certificate");
export const X509Certificate = missing("X509Certificate");
export const createCipheriv = missing("createCipheriv");
export const createDecipheriv = missing("createDecipheriv");
export const createHash = missing("createHash");
export const createHmac = missing("createHmac");
export const createPrivateKey = missing("createPrivateKey");
export const createPublicKey = missing("createPublicKey");
export const createSecretKey = missing("createSecretKey");
export const createSign = missing("createSign");
export const createVerify = missing("createVerify");
export const generateKeyPair = missing("generateKeyPair");
export const generateKeyPairSync = missing("generateKeyPairSync");
export const getCiphers = missing("getCiphers");
export const getHashes = missing("getHashes");
export const hash = missing("hash");
export const hkdfSync = missing("hkdfSync");
export const pbkdf2 = missing("pbkdf2");
export const pbkdf2Sync = missing("pbkdf2Sync");
export const privateDecrypt = missing("privateDecrypt");
export const publicEncrypt = missing("publicEncrypt");
export const scrypt = missing("scrypt");
export const scryptSync = missing("scryptSync");
export const sign = missing("sign");
export const verify = missing("verify");

export default {
  getRandomValues, randomUUID, webcrypto, subtle, randomBytes, randomFillSync, randomInt,
  timingSafeEqual, Certificate, X509Certificate, createCipheriv, createDecipheriv, createHash,
  createHmac, createPrivateKey, createPublicKey, createSecretKey, createSign, createVerify,
  generateKeyPair, generateKeyPairSync, getCiphers, getHashes, hash, hkdfSync, pbkdf2, pbkdf2Sync,
  privateDecrypt, publicEncrypt, scrypt, scryptSync, sign, verify,
};
