// SPDX-License-Identifier: MIT
/** Randomness of `node:crypto`. */
import { Buffer } from "node:buffer";
import { randomFill as fill } from "isopod:native";
import { randomUUID as makeUUID } from "isopod:web/crypto";
import { binaryBytes } from "./crypto_bytes";
import {
  checkFunction, invalidType, nextTick, nodeError, outOfRange, received,
} from "./node_errors";

const kLongest = 2 ** 31 - 1;
type Callback = (error: Error | null, value: any) => void;

function checkSize(size: unknown): asserts size is number {
  if (typeof size !== "number") throw invalidType("size", "of type number", size);
  if (!(size >= 0 && size <= kLongest)) throw outOfRange("size", `>= 0 && <= ${kLongest}`, size);
}

export function randomBytes(size: number, callback?: Callback): any {
  checkSize(size);
  if (callback !== undefined) checkFunction(callback, "callback");
  const bytes = Buffer.alloc(Math.trunc(size));
  fill(bytes);
  if (callback === undefined) return bytes;
  nextTick(callback, null, bytes);
}

function partOf(buffer: any, offset: any, size: any): Uint8Array {
  const bytes = binaryBytes(buffer);
  if (bytes === undefined) {
    throw invalidType("buf", "an instance of ArrayBuffer or ArrayBufferView", buffer);
  }
  // Counted in elements, as in Node.
  const width: number = buffer.BYTES_PER_ELEMENT ?? 1;
  const length = bytes.length / width;
  if (typeof offset !== "number") throw invalidType("offset", "of type number", offset);
  if (!(offset >= 0 && offset <= length)) throw outOfRange("offset", `>= 0 && <= ${length}`, offset);
  const count = size ?? length - offset;
  checkSize(count);
  if (offset + count > length) throw outOfRange("size + offset", `<= ${length}`, offset + count);
  return bytes.subarray(offset * width, (offset + count) * width);
}

export function randomFillSync<T>(buffer: T, offset: number = 0, size?: number): T {
  fill(partOf(buffer, offset, size));
  return buffer;
}

export function randomFill(buffer: any, offset: any, size?: any, callback?: any): void {
  const done = [offset, size, callback].find((value) => typeof value === "function");
  checkFunction(done, "callback");
  fill(partOf(buffer, typeof offset === "number" ? offset : 0,
    typeof size === "number" ? size : undefined));
  nextTick(done, null, buffer);
}

const kRange = 2 ** 48;

export function randomInt(min: any, max?: any, callback?: any): any {
  if (max === undefined || typeof max === "function") [min, max, callback] = [0, min, max];
  if (callback !== undefined) checkFunction(callback, "callback");
  for (const [value, name] of [[min, "min"], [max, "max"]] as const) {
    if (Number.isSafeInteger(value)) continue;
    throw nodeError(TypeError, "ERR_INVALID_ARG_TYPE",
      `The "${name}" argument must be a safe integer.${received(value)}`);
  }
  if (max <= min) throw outOfRange("max", `greater than the value of "min" (${min})`, max);
  const range = max - min;
  if (range >= kRange) throw outOfRange("max - min", `<= ${kRange - 1}`, range);
  // Values above the last whole multiple of the range would make some results more likely.
  const limit = kRange - (kRange % range);
  const bytes = new Uint8Array(6);
  let value: number;
  do {
    fill(bytes);
    value = bytes.reduce((sum, byte) => sum * 256 + byte, 0);
  } while (value >= limit);
  const result = min + (value % range);
  if (callback === undefined) return result;
  nextTick(callback, null, result);
}

export function randomUUID(options?: any): string {
  if (options !== undefined && (options === null || typeof options !== "object"))
    throw invalidType("options", "of type object", options);
  return makeUUID();
}

export function timingSafeEqual(a: any, b: any): boolean {
  const [left, right] = [["buf1", a], ["buf2", b]].map(([name, value]) => {
    const bytes = binaryBytes(value);
    if (bytes !== undefined) return bytes;
    throw nodeError(TypeError, "ERR_INVALID_ARG_TYPE", `The "${name}" argument must be an ` +
      "instance of ArrayBuffer, Buffer, TypedArray, or DataView.");
  });
  if (left.length !== right.length) {
    throw nodeError(RangeError, "ERR_CRYPTO_TIMING_SAFE_EQUAL_LENGTH",
      "Input buffers must have the same byte length");
  }
  let difference = 0;
  for (let i = 0; i < left.length; i++) difference |= left[i] ^ right[i];
  return difference === 0;
}
