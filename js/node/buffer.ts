// SPDX-License-Identifier: MIT
/** `Buffer`: byte arrays with text encodings, and numbers at any offset. */
import { utf8Encode } from "isopod:native";
import { unsupportedError, unsupportedFunction } from "isopod:core";
import { invalidType } from "./node_errors";

type Encoding = "utf8" | "utf16le" | "latin1" | "ascii" | "base64" | "base64url" | "hex";

const kNames: Record<string, Encoding> = {
  __proto__: null as any,
  utf8: "utf8", "utf-8": "utf8", ucs2: "utf16le", "ucs-2": "utf16le", utf16le: "utf16le",
  "utf-16le": "utf16le", latin1: "latin1", binary: "latin1", ascii: "ascii", base64: "base64",
  base64url: "base64url", hex: "hex",
};

function fail(Type: any, code: string, message: string): never {
  const error = new Type(message);
  error.code = code;
  throw error;
}

function encodingOf(name: unknown): Encoding {
  if (name === undefined || name === null || name === "") return "utf8";
  return kNames[String(name).toLowerCase()] ??
    fail(TypeError, "ERR_UNKNOWN_ENCODING", `Unknown encoding: ${name}`);
}

const kBase64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const kBase64Values = new Int8Array(128).fill(-1);
for (let i = 0; i < 64; i++) kBase64Values[kBase64.charCodeAt(i)] = i;
kBase64Values[0x2d] = 62;
kBase64Values[0x5f] = 63;

// The engine's own way between bytes and base64, where it has one.
const nativeToBase64 = (Uint8Array.prototype as any).toBase64;
const nativeFromBase64 = (Uint8Array as any).fromBase64;
const kNativeMin = 64;

/** Lenient as in Node: both alphabets, other characters skipped, the first "=" ends it. */
function fromBase64(text: string): Uint8Array {
  if (nativeFromBase64 !== undefined && text.length >= kNativeMin) {
    try {
      return Reflect.apply(nativeFromBase64, Uint8Array, [text]);
    } catch { /* Not in the strict form; the lenient way below takes it. */ }
  }
  const bytes = new Uint8Array(Math.ceil((text.length * 3) / 4));
  let length = 0;
  let bits = 0;
  let held = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 0x3d) break;
    const value = code < 128 ? kBase64Values[code] : -1;
    if (value < 0) continue;
    bits = ((bits << 6) | value) & 0xffffff;
    held += 6;
    if (held < 8) continue;
    held -= 8;
    bytes[length++] = (bits >> held) & 0xff;
  }
  return bytes.subarray(0, length);
}

function toBase64(bytes: Uint8Array, isUrl: boolean): string {
  if (nativeToBase64 !== undefined) {
    return Reflect.apply(nativeToBase64, bytes,
      isUrl ? [{ alphabet: "base64url", omitPadding: true }] : []);
  }
  let text = "";
  for (let i = 0; i < bytes.length; i += 3) {
    const left = bytes.length - i;
    const group =
      (bytes[i] << 16) | ((left > 1 ? bytes[i + 1] : 0) << 8) | (left > 2 ? bytes[i + 2] : 0);
    text += kBase64[group >> 18] + kBase64[(group >> 12) & 63];
    text += left > 1 ? kBase64[(group >> 6) & 63] : isUrl ? "" : "=";
    text += left > 2 ? kBase64[group & 63] : isUrl ? "" : "=";
  }
  return isUrl ? text.replaceAll("+", "-").replaceAll("/", "_") : text;
}

function fromHex(text: string): Uint8Array {
  const match = /^(?:[0-9a-fA-F]{2})*/.exec(text)![0];
  const bytes = new Uint8Array(match.length / 2);
  for (let i = 0; i < bytes.length; i++) bytes[i] = parseInt(match.slice(2 * i, 2 * i + 2), 16);
  return bytes;
}

function fromUnits(text: string, width: 1 | 2): Uint8Array {
  const bytes = new Uint8Array(text.length * width);
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    bytes[i * width] = unit & 0xff;
    if (width === 2) bytes[i * 2 + 1] = unit >> 8;
  }
  return bytes;
}

function encode(text: string, encoding: Encoding): Uint8Array {
  switch (encoding) {
    case "utf8": return utf8Encode(text);
    case "utf16le": return fromUnits(text, 2);
    case "hex": return fromHex(text);
    case "base64": case "base64url": return fromBase64(text);
    default: return fromUnits(text, 1);
  }
}

function textOfBytes(bytes: Uint8Array, mask: number): string {
  let text = "";
  for (let i = 0; i < bytes.length; i += 4096) {
    text += String.fromCharCode(...Array.from(bytes.subarray(i, i + 4096), (byte) => byte & mask));
  }
  return text;
}

const utf8Decoder = new TextDecoder("utf-8", { ignoreBOM: true });

function textOfUnits(bytes: Uint8Array): string {
  let text = "";
  for (let i = 0; i + 1 < bytes.length; i += 2)
    text += String.fromCharCode(bytes[i] | (bytes[i + 1] << 8));
  return text;
}

function decode(bytes: Uint8Array, encoding: Encoding): string {
  switch (encoding) {
    case "utf8": return utf8Decoder.decode(bytes);
    case "utf16le": return textOfUnits(bytes);
    case "hex": return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    case "base64": return toBase64(bytes, false);
    case "base64url": return toBase64(bytes, true);
    case "ascii": return textOfBytes(bytes, 0x7f);
    default: return textOfBytes(bytes, 0xff);
  }
}

const asBuffer = (bytes: Uint8Array): Buffer =>
  Object.setPrototypeOf(bytes, BufferClass.prototype);

const kLargestSize = 2 ** 32;

function checkSize(size: unknown): void {
  if (typeof size !== "number") {
    fail(TypeError, "ERR_INVALID_ARG_TYPE",
      `The "size" argument must be of type number. Received ${
        size === null ? "null" : typeof size}`);
  }
  if (!(size >= 0 && size <= kLargestSize)) {
    fail(RangeError, "ERR_OUT_OF_RANGE",
      `The value of "size" is out of range. It must be >= 0 && <= ${kLargestSize}. Received ${
        size}`);
  }
}

function fromValue(value: any, second?: any, third?: any): Buffer {
  if (typeof value === "string") return asBuffer(new Uint8Array(encode(value, encodingOf(second))));
  if (/^\[object (Shared)?ArrayBuffer\]$/.test(Object.prototype.toString.call(value))) {
    return asBuffer(new Uint8Array(value as ArrayBuffer, second, third));
  }
  if (ArrayBuffer.isView(value) || Array.isArray(value))
    return asBuffer(Uint8Array.from(value as any));
  if (value?.type === "Buffer" && Array.isArray(value.data))
    return asBuffer(Uint8Array.from(value.data));
  const primitive = value?.valueOf?.();
  if (primitive !== null && primitive !== undefined && primitive !== value) {
    return fromValue(primitive, second, third);
  }
  if (typeof value === "object" && value !== null && typeof value.length === "number") {
    return asBuffer(Uint8Array.from(value));
  }
  return fail(TypeError, "ERR_INVALID_ARG_TYPE",
    "The first argument must be of type string or an instance of Buffer, ArrayBuffer, or Array or " +
      `an Array-like Object. Received ${
        value === null || value === undefined ? value :
                                                `type ${typeof value} (${String(value)})`}`);
}

/** A needle for the search functions: bytes, text or one byte. */
function needleOf(value: any, encoding: any): Uint8Array {
  if (typeof value === "number") return Uint8Array.of(value & 0xff);
  return typeof value === "string" ? encode(value, encodingOf(encoding)) : value;
}

function find(bytes: Uint8Array, needle: Uint8Array, from: number, step: 1 | -1): number {
  const last = bytes.length - needle.length;
  for (let i = Math.min(from, step < 0 ? last : from); i >= 0 && i <= last; i += step) {
    let length = 0;
    while (length < needle.length && bytes[i + length] === needle[length]) length++;
    if (length === needle.length) return i;
  }
  return -1;
}

class BufferClass extends Uint8Array {
  static poolSize = 8192;

  static alloc(size: number, fill?: any, encoding?: any): Buffer {
    checkSize(size);
    const buffer = asBuffer(new Uint8Array(size));
    return fill === undefined ? buffer : (buffer as any).fill(fill, encoding);
  }
  static allocUnsafe(size: number): Buffer { return BufferClass.alloc(size); }
  static allocUnsafeSlow(size: number): Buffer { return BufferClass.alloc(size); }
  static from(value: any, second?: any, third?: any): any {
    return fromValue(value, second, third);
  }
  static of(...items: number[]): any { return asBuffer(Uint8Array.of(...items)); }
  static isBuffer(value: unknown): boolean { return value instanceof BufferClass; }
  static isEncoding(name: unknown): boolean {
    return typeof name === "string" && kNames[name.toLowerCase()] !== undefined;
  }
  static byteLength(value: any, encoding?: any): number {
    return typeof value === "string" ? encode(value, encodingOf(encoding)).length :
                                       value.byteLength;
  }
  static copyBytesFrom(view: any, offset = 0, length = view.length - offset): any {
    if (!ArrayBuffer.isView(view) || view instanceof DataView) {
      fail(TypeError, "ERR_INVALID_ARG_TYPE",
        'The "view" argument must be an instance of TypedArray.');
    }
    const part = (view as any).slice(offset, offset + length);
    return asBuffer(new Uint8Array(part.buffer, part.byteOffset, part.byteLength));
  }
  static compare(a: Uint8Array, b: Uint8Array): -1 | 0 | 1 {
    const length = Math.min(a.length, b.length);
    for (let i = 0; i < length; i++) if (a[i] !== b[i]) return a[i] < b[i] ? -1 : 1;
    return a.length === b.length ? 0 : a.length < b.length ? -1 : 1;
  }
  static concat(list: Uint8Array[], total?: number): Buffer {
    if (!Array.isArray(list)) throw invalidType("list", "an instance of Array", list);
    for (const [index, item] of list.entries()) {
      if (!ArrayBuffer.isView(item))
        throw invalidType(`list[${index}]`, "an instance of Buffer or Uint8Array", item);
    }
    const size = total ?? list.reduce((sum, item) => sum + item.length, 0);
    const result = BufferClass.alloc(size);
    let offset = 0;
    for (const item of list) {
      if (offset >= size) break;
      const part = item.subarray(0, size - offset);
      result.set(part, offset);
      offset += part.length;
    }
    return result;
  }

  toString(encoding?: any, start = 0, end = this.length): string {
    return decode(this.subarray(Math.max(0, start), Math.max(0, end)), encodingOf(encoding));
  }
  toLocaleString(encoding?: any): string { return this.toString(encoding); }
  toJSON() { return { type: "Buffer", data: Array.from(this) }; }
  equals(other: Uint8Array): boolean { return BufferClass.compare(this, other) === 0; }
  compare(
    target: Uint8Array, targetStart = 0, targetEnd = target.length, start = 0, end = this.length) {
    return BufferClass.compare(this.subarray(start, end), target.subarray(targetStart, targetEnd));
  }
  copy(target: Uint8Array, targetStart = 0, start = 0, end = this.length): number {
    const part = Uint8Array.prototype.subarray.call(this, start, end)
      .subarray(0, Math.max(0, target.length - targetStart));
    target.set(part, targetStart);
    return part.length;
  }
  subarray(start?: number, end?: number): any { return asBuffer(super.subarray(start, end)); }
  slice(start?: number, end?: number): any { return this.subarray(start, end); }

  write(text: string, offset?: any, length?: any, encoding?: any): number {
    if (typeof offset === "string") [offset, length, encoding] = [0, undefined, offset];
    else if (typeof length === "string") [length, encoding] = [undefined, length];
    const start = offset ?? 0;
    const room = Math.min(length ?? Infinity, this.length - start);
    let bytes = encode(text, encodingOf(encoding));
    if (bytes.length > room) {
      let end = room;
      // Half a character is not written.
      if (encodingOf(encoding) === "utf8") while (end > 0 && (bytes[end] & 0xc0) === 0x80) end--;
      bytes = bytes.subarray(0, end);
    }
    this.set(bytes, start);
    return bytes.length;
  }

  fill(value: any, offset?: any, end?: any, encoding?: any): any {
    if (typeof offset === "string") [offset, encoding] = [0, offset];
    else if (typeof end === "string") [end, encoding] = [undefined, end];
    const needle = needleOf(value, encoding);
    if (needle.length === 0) return super.fill(0, offset, end);
    const [from, to] = [offset ?? 0, Math.min(end ?? this.length, this.length)];
    for (let i = from; i < to; i++) this[i] = needle[(i - from) % needle.length];
    return this;
  }

  indexOf(value: any, from: any = 0, encoding?: any): number {
    if (typeof from === "string") [from, encoding] = [0, from];
    return find(
      this, needleOf(value, encoding), from < 0 ? Math.max(0, this.length + from) : from, 1);
  }
  lastIndexOf(value: any, from: any = this.length, encoding?: any): number {
    if (typeof from === "string") [from, encoding] = [this.length, from];
    return find(this, needleOf(value, encoding), from < 0 ? this.length + from : from, -1);
  }
  includes(value: any, from: any = 0, encoding?: any): boolean {
    return this.indexOf(value, from, encoding) !== -1;
  }

  swap16(): this { return swap(this, 2); }
  swap32(): this { return swap(this, 4); }
  swap64(): this { return swap(this, 8); }

  readUIntLE(offset: number, width: number): number { return readBytes(this, offset, width, true); }
  readUIntBE(offset: number, width: number): number {
    return readBytes(this, offset, width, false);
  }
  readIntLE(offset: number, width: number): number {
    return signed(this.readUIntLE(offset, width), width);
  }
  readIntBE(offset: number, width: number): number {
    return signed(this.readUIntBE(offset, width), width);
  }
  writeUIntLE(value: number, offset: number, width: number): number {
    return writeBytes(this, value, { offset, width, isLittle: true });
  }
  writeUIntBE(value: number, offset: number, width: number): number {
    return writeBytes(this, value, { offset, width, isLittle: false });
  }
  writeIntLE(value: number, offset: number, width: number): number {
    return this.writeUIntLE(value < 0 ? value + 256 ** width : value, offset, width);
  }
  writeIntBE(value: number, offset: number, width: number): number {
    return this.writeUIntBE(value < 0 ? value + 256 ** width : value, offset, width);
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    const shown =
      Array.from(super.subarray(0, 50), (byte) => byte.toString(16).padStart(2, "0")).join(" ");
    const rest = this.length - 50;
    return `<Buffer ${shown}${rest > 0 ? ` ... ${rest} more byte${rest > 1 ? "s" : ""}` : ""}>`;
  }
}

function swap<T extends Uint8Array>(bytes: T, width: number): T {
  if (bytes.length % width !== 0) {
    fail(
      RangeError, "ERR_INVALID_BUFFER_SIZE", `Buffer size must be a multiple of ${width * 8}-bits`);
  }
  for (let i = 0; i < bytes.length; i += width) bytes.subarray(i, i + width).reverse();
  return bytes;
}

function checkOffset(bytes: Uint8Array, offset: number, width: number): void {
  if (Number.isInteger(offset) && offset >= 0 && offset + width <= bytes.length) return;
  fail(RangeError, "ERR_OUT_OF_RANGE",
    `The value of "offset" is out of range. It must be >= 0 and <= ${
      bytes.length - width}. Received ${offset}`);
}

function readBytes(bytes: Uint8Array, offset: number, width: number, isLittle: boolean): number {
  checkOffset(bytes, offset, width);
  let value = 0;
  for (let i = 0; i < width; i++)
    value = value * 256 + bytes[isLittle ? offset + width - 1 - i : offset + i];
  return value;
}

function signed(value: number, width: number): number {
  return value >= 2 ** (8 * width - 1) ? value - 256 ** width : value;
}

function writeBytes(bytes: Uint8Array, value: number,
  place: { offset: number; width: number; isLittle: boolean }): number {
  const { offset, width, isLittle } = place;
  checkOffset(bytes, offset, width);
  for (let i = 0; i < width; i++) {
    bytes[isLittle ? offset + i : offset + width - 1 - i] = value % 256;
    value = Math.floor(value / 256);
  }
  return offset + width;
}

/** The readers and writers of fixed width are those of DataView under Node's names. */
const kNumbers: [name: string, method: string, width: number][] = [
  ["Int8", "Int8", 1], ["UInt8", "Uint8", 1], ["Int16", "Int16", 2], ["UInt16", "Uint16", 2],
  ["Int32", "Int32", 4], ["UInt32", "Uint32", 4], ["Float", "Float32", 4], ["Double", "Float64", 8],
  ["BigInt64", "BigInt64", 8], ["BigUInt64", "BigUint64", 8],
];
const kRanges: Record<string, [number, number]> = {
  Int8: [-128, 127], UInt8: [0, 255], Int16: [-32768, 32767], UInt16: [0, 65535],
  Int32: [-2147483648, 2147483647], UInt32: [0, 4294967295],
};

function define(name: string, value: unknown): void {
  Object.defineProperty(BufferClass.prototype, name, { value, writable: true, configurable: true });
}

const viewOf = (bytes: Uint8Array): any =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

for (const [name, method, width] of kNumbers) {
  for (const order of width === 1 ? [""] : ["LE", "BE"]) {
    const read = function (this: Uint8Array, offset = 0) {
      checkOffset(this, offset, width);
      return viewOf(this)[`get${method}`](offset, order === "LE");
    };
    const write = function (this: Uint8Array, value: any, offset = 0) {
      const range = kRanges[name];
      if (range !== undefined && (value < range[0] || value > range[1])) {
        fail(RangeError, "ERR_OUT_OF_RANGE",
          `The value of "value" is out of range. It must be >= ${range[0]} and <= ${
            range[1]}. Received ${value}`);
      }
      checkOffset(this, offset, width);
      viewOf(this)[`set${method}`](offset, value, order === "LE");
      return offset + width;
    };
    define(`read${name}${order}`, read);
    define(`write${name}${order}`, write);
    if (name.includes("UInt")) {
      define(`read${name.replace("UInt", "Uint")}${order}`, read);
      define(`write${name.replace("UInt", "Uint")}${order}`, write);
    }
  }
}

/** The forms by encoding, and other old names. */
const kAnyBuffer = BufferClass.prototype as any;
for (const name of ["ascii", "base64", "base64url", "latin1", "hex", "ucs2", "utf8"]) {
  define(`${name}Slice`, function (this: any, start?: number, end?: number) {
    return this.toString(name, start, end);
  });
  define(`${name}Write`, function (this: any, text: string, offset?: number, length?: number) {
    return this.write(text, offset, length, name);
  });
}
for (const name of ["readUIntLE", "readUIntBE", "writeUIntLE", "writeUIntBE"])
  define(name.replace("UInt", "Uint"), kAnyBuffer[name]);
define("inspect", kAnyBuffer[Symbol.for("nodejs.util.inspect.custom")]);
Object.defineProperty(kAnyBuffer, "parent", {
  get(this: any) { return this instanceof BufferClass ? this.buffer : undefined; },
});
Object.defineProperty(kAnyBuffer, "offset", {
  get(this: any) { return this instanceof BufferClass ? this.byteOffset : undefined; },
});
Object.defineProperty(BufferClass, "name", { value: "Buffer" });
Object.defineProperty(BufferClass, Symbol.species, { get: () => BufferClass });

/** Callable without `new`, as the oldest code does. */
export const Buffer: any = new Proxy(BufferClass, {
  apply: (_class, _this, [value, second, third]) => construct(value, second, third),
  construct: (_class, [value, second, third], newTarget) =>
    newTarget === Buffer ? construct(value, second, third)
      : Reflect.construct(BufferClass, [value, second, third], newTarget),
});
type Buffer = any;
define("constructor", Buffer);

function construct(value: any, second: any, third: any): any {
  return typeof value === "number" ? BufferClass.alloc(value) : fromValue(value, second, third);
}

export const constants = { MAX_LENGTH: kLargestSize, MAX_STRING_LENGTH: 536870888 };
export const kMaxLength = constants.MAX_LENGTH;
export const kStringMaxLength = constants.MAX_STRING_LENGTH;
export const INSPECT_MAX_BYTES = 50;
export const atob = globalThis.atob;
export const btoa = globalThis.btoa;
export const isUtf8 = (bytes: Uint8Array): boolean => {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
};
export const isAscii = (bytes: Uint8Array): boolean =>
  Array.from(bytes).every((byte) => byte < 0x80);
export const Blob = unsupportedFunction("node:buffer.Blob");
export const File = unsupportedFunction("node:buffer.File");
export const SlowBuffer = unsupportedFunction("node:buffer.SlowBuffer");
export const resolveObjectURL = unsupportedFunction("node:buffer.resolveObjectURL");
export function transcode(bytes: Uint8Array, from: string, to: string): any {
  if (!BufferClass.isEncoding(from) || !BufferClass.isEncoding(to)) {
    throw unsupportedError(`node:buffer.transcode from ${from} to ${to}`);
  }
  return fromValue(decode(bytes, encodingOf(from)), to);
}

export default {
  Buffer, constants, kMaxLength, kStringMaxLength, INSPECT_MAX_BYTES, atob, btoa, isUtf8, isAscii,
  Blob, File, SlowBuffer, resolveObjectURL, transcode,
};
