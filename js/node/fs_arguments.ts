// SPDX-License-Identifier: MIT
/** The arguments of file operations: paths, flags, modes, times, options. */
import { info, loadBuiltin } from "isopod:native";
import { systemError } from "./fs_errors";
import { checkInteger, checkSignal, invalidType, invalidValue, nodeError } from "./node_errors";

export const buffers = (): any => loadBuiltin("node:buffer").Buffer;

// ---- paths ----

/** A path as it was given, for messages, and as the host wants it. */
export interface Place {
  given: string;
  absolute: string;
}

function textOfPath(value: any, name: string): string {
  if (typeof value === "string") return value;
  if (value instanceof Uint8Array || ArrayBuffer.isView(value))
    return buffers().from(value.buffer, value.byteOffset, value.byteLength).toString();
  if (typeof value?.href === "string" && typeof value.protocol === "string" &&
      value.path === undefined) return loadBuiltin("node:url").fileURLToPath(value);
  throw invalidType(name, "of type string or an instance of Buffer or URL", value);
}

export function checkPath(value: any, name = "path"): string {
  const text = textOfPath(value, name);
  if (text.includes("\0")) {
    throw invalidValue(
      name, value, "must be a string, Uint8Array, or URL without null bytes");
  }
  return text;
}

/** The folder that relative paths start from. */
const currentFolder = (): string => {
  const process = loadBuiltin("node:process").default;
  return typeof process?.cwd === "function" ? process.cwd() : info.cwd;
};

export function absolutePath(text: string): string {
  const { resolve } = loadBuiltin("node:path");
  return text.startsWith("/") ? resolve(text) : resolve(currentFolder(), text);
}

export function placeOf(value: any, syscall: string, name = "path"): Place {
  const given = checkPath(value, name);
  if (given === "") throw systemError("ENOENT", { syscall, path: given });
  return { given, absolute: absolutePath(given) };
}

// ---- flags, modes, numbers ----

export const O = {
  RDONLY: 0, WRONLY: 1, RDWR: 2, CREAT: 64, EXCL: 128, TRUNC: 512, APPEND: 1024, SYNC: 1052672,
};

const kFlags: Record<string, number> = {
  __proto__: null as any,
  r: O.RDONLY, rs: O.RDONLY | O.SYNC, sr: O.RDONLY | O.SYNC,
  "r+": O.RDWR, "rs+": O.RDWR | O.SYNC, "sr+": O.RDWR | O.SYNC,
  w: O.WRONLY | O.CREAT | O.TRUNC, wx: O.WRONLY | O.CREAT | O.TRUNC | O.EXCL,
  xw: O.WRONLY | O.CREAT | O.TRUNC | O.EXCL,
  "w+": O.RDWR | O.CREAT | O.TRUNC, "wx+": O.RDWR | O.CREAT | O.TRUNC | O.EXCL,
  "xw+": O.RDWR | O.CREAT | O.TRUNC | O.EXCL,
  a: O.WRONLY | O.CREAT | O.APPEND, ax: O.WRONLY | O.CREAT | O.APPEND | O.EXCL,
  xa: O.WRONLY | O.CREAT | O.APPEND | O.EXCL, as: O.WRONLY | O.CREAT | O.APPEND | O.SYNC,
  sa: O.WRONLY | O.CREAT | O.APPEND | O.SYNC,
  "a+": O.RDWR | O.CREAT | O.APPEND, "ax+": O.RDWR | O.CREAT | O.APPEND | O.EXCL,
  "xa+": O.RDWR | O.CREAT | O.APPEND | O.EXCL, "as+": O.RDWR | O.CREAT | O.APPEND | O.SYNC,
  "sa+": O.RDWR | O.CREAT | O.APPEND | O.SYNC,
};

export function flagsOf(value: any, name = "flags"): number {
  if (typeof value === "number") {
    checkInteger(value, name, -2147483648, 2147483647);
    return value;
  }
  if (value === undefined || value === null) return O.RDONLY;
  return kFlags[value] ?? (() => { throw invalidValue(name, value); })();
}

export function modeOf(value: any, name: string, fallback?: number): number | undefined {
  let mode = value ?? fallback;
  if (value === undefined || value === null) {
    if (fallback !== undefined) return fallback;
  }
  if (typeof mode === "string") {
    if (!/^[0-7]+$/.test(mode)) {
      throw invalidValue(
        name, value, "must be a 32-bit unsigned integer or an octal string");
    }
    mode = Number.parseInt(mode, 8);
  }
  checkInteger(mode, name, 0, 4294967295);
  return mode;
}

export function checkDescriptor(value: any): number {
  checkInteger(value, "fd", 0, 2147483647);
  return value;
}

/** Milliseconds since 1970 of a time given in seconds, as text of a number, or as a Date. */
export function timeOf(value: any, name = "time"): number {
  if (typeof value === "string" && Number.isFinite(+value)) return +value * 1000;
  if (typeof value === "number") return Number.isFinite(value) ? value * 1000 : Date.now();
  if (Object.prototype.toString.call(value) === "[object Date]") return value.getTime();
  throw invalidType(name, "an instance of Date or an Time in seconds", value);
}

/** The bits of `access` and `copyFile`. */
export function bitsOf(value: any): number {
  const bits = value ?? 0;
  if (!Number.isInteger(bits))
    throw nodeError(TypeError, "ERR_INVALID_ARG_TYPE", "mode must be int32 or null/undefined");
  if (bits < 0 || bits > 7)
    throw nodeError(RangeError, "ERR_OUT_OF_RANGE", "mode is out of range: >= 0 && <= 7");
  return bits;
}

/** Where in a file; `null` is where it stands. */
export function positionOf(value: any, name = "position"): number | null {
  if (value === undefined || value === null) return null;
  if (typeof value === "bigint") return value < 0n ? null : Number(value);
  if (typeof value !== "number")
    throw invalidType(name, "an integer or null", value);
  checkInteger(value, name, Number.MIN_SAFE_INTEGER);
  return value < 0 ? null : value;
}

// ---- options ----

export function checkEncoding(encoding: any): void {
  if (encoding && encoding !== "buffer" && !isUtf8(encoding) && !buffers().isEncoding(encoding))
    throw invalidValue("encoding", encoding, "is invalid encoding");
}

export const isUtf8 = (encoding: any): boolean =>
  encoding === "utf8" || encoding === "utf-8" ||
  (typeof encoding === "string" && /^utf-?8$/i.test(encoding));

/** Options as an object; text is an encoding. */
export function optionsOf(given: any, defaults: any = {}): any {
  if (given === undefined || given === null || typeof given === "function") return defaults;
  if (typeof given !== "string" && typeof given !== "object")
    throw invalidType("options", "one of type string or object", given);
  const options = typeof given === "string" ? { ...defaults, encoding: given }
    : { ...defaults, ...given };
  checkEncoding(options.encoding);
  checkSignal(options.signal);
  return options;
}

/** A name or path in the encoding that was asked for. */
export function inEncoding(text: string, encoding: any): any {
  if (encoding === undefined || encoding === null || isUtf8(encoding)) return text;
  const bytes = buffers().from(text);
  return encoding === "buffer" ? bytes : bytes.toString(encoding);
}

// ---- bytes ----

export function viewOf(value: any): Uint8Array {
  return value instanceof Uint8Array ? value
    : new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
}

const toNative = (Uint8Array.prototype as any).toBase64;
const fromNative = (Uint8Array as any).fromBase64;

export function toBase64(bytes: Uint8Array): string {
  if (toNative !== undefined) return Reflect.apply(toNative, bytes, []);
  return buffers().from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");
}

/** A Buffer of what the host sent. */
export function fromBase64(text: string): any {
  if (fromNative === undefined) return buffers().from(text, "base64");
  return buffers().from(Reflect.apply(fromNative, Uint8Array, [text]).buffer);
}
