// SPDX-License-Identifier: MIT
/** The random half of `crypto`. */
import { randomFill } from "isopod:native";
import { unsupportedError } from "isopod:core";

const kLongestFill = 65536;

export function getRandomValues<T extends ArrayBufferView>(array: T): T {
  if (!ArrayBuffer.isView(array) || array instanceof DataView || array instanceof Float32Array ||
      array instanceof Float64Array) {
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
  get subtle(): never {
    throw unsupportedError("crypto.subtle");
  },
};
