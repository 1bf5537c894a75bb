// SPDX-License-Identifier: MIT
/** `crypto`: randomness; `crypto.subtle` is a module of its own, loaded by its first use. */
import { loadBuiltin, randomFill } from "isopod:native";

const kLongestFill = 65536;
const kIntegerArrays = new Set(["Int8", "Uint8", "Int16", "Uint16", "Int32", "Uint32", "BigInt64",
  "BigUint64"].map((kind) => `${kind}Array`)).add("Uint8ClampedArray");
/** The kind of a typed array, whatever its class says; undefined for anything else. */
const arrayTag = Object.getOwnPropertyDescriptor(
  Object.getPrototypeOf(Uint8Array.prototype), Symbol.toStringTag)!.get!;

export function getRandomValues<T extends ArrayBufferView>(array: T): T {
  if (!ArrayBuffer.isView(array) || !kIntegerArrays.has(arrayTag.call(array))) {
    throw new DOMException(
      "The data argument must be an integer-type TypedArray", "TypeMismatchError");
  }
  if (array.byteLength > kLongestFill) {
    throw new DOMException(
      `The requested length exceeds ${kLongestFill} bytes`, "QuotaExceededError");
  }
  randomFill(new Uint8Array(array.buffer as ArrayBuffer, array.byteOffset, array.byteLength));
  return array;
}

export function randomUUID(): string {
  const bytes = new Uint8Array(16);
  randomFill(bytes);
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [
    hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)
  ].join("-");
}

export const crypto = {
  getRandomValues,
  randomUUID,
  get subtle(): any {
    return loadBuiltin("isopod:web/subtle").subtle;
  },
};
