// SPDX-License-Identifier: MIT
/** Arguments of `node:crypto` as bytes. */
import { Buffer } from "node:buffer";
import { invalidType, invalidValue } from "./node_errors";

export const viewOf = (data: ArrayBufferView): Uint8Array =>
  new Uint8Array(data.buffer as ArrayBuffer, data.byteOffset, data.byteLength);

const lengthOf = Object.getOwnPropertyDescriptor(ArrayBuffer.prototype, "byteLength")!.get!;
const sharedLengthOf =
  Object.getOwnPropertyDescriptor(SharedArrayBuffer.prototype, "byteLength")!.get!;

/** By what it is, not by its class. */
function isBuffer(value: any): value is ArrayBuffer {
  if (value === null || typeof value !== "object") return false;
  for (const length of [lengthOf, sharedLengthOf]) {
    try {
      Reflect.apply(length, value, []);
      return true;
    } catch {
      // Not of this kind.
    }
  }
  return false;
}

/** The bytes of a Buffer, typed array, DataView or ArrayBuffer; undefined for anything else. */
export function binaryBytes(value: any): Uint8Array | undefined {
  if (ArrayBuffer.isView(value)) return viewOf(value);
  return isBuffer(value) ? new Uint8Array(value) : undefined;
}

function encoded(text: string, encoding: any): Uint8Array {
  if (encoding === "hex" && text.length % 2 === 1) {
    throw invalidValue("encoding", encoding, `is invalid for data of length ${text.length}`);
  }
  return Buffer.from(text, Buffer.isEncoding(encoding) ? encoding : "utf8");
}

/** What `update` takes. */
export function dataBytes(value: any, encoding?: any): Uint8Array {
  if (typeof value === "string") return encoded(value, encoding);
  if (ArrayBuffer.isView(value)) return viewOf(value);
  throw invalidType(
    "data", "of type string or an instance of Buffer, TypedArray, or DataView", value);
}

/** What keys, salts and passwords may be. */
export function secretBytes(value: any, name: string, kinds =
  "of type string or an instance of ArrayBuffer, Buffer, TypedArray, or DataView"): Uint8Array {
  if (typeof value === "string") return Buffer.from(value, "utf8");
  const bytes = binaryBytes(value);
  if (bytes === undefined) throw invalidType(name, kinds, value);
  return bytes;
}

/** The result of an operation: a Buffer, or text in the encoding asked for. */
export function output(bytes: Uint8Array, encoding?: any): any {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Buffer.isEncoding(encoding) ? buffer.toString(encoding) : buffer;
}

/** Native calls take portions, so that each ends soon. */
const kPortion = 1 << 20;
export function inPortions(bytes: Uint8Array, take: (portion: Uint8Array) => void): void {
  if (bytes.length <= kPortion) {
    take(bytes);
    return;
  }
  for (let start = 0; start < bytes.length; start += kPortion) {
    take(bytes.subarray(start, start + kPortion));
  }
}
