// SPDX-License-Identifier: MIT
/** Reading and writing what is in files. */
import {
  buffers, checkDescriptor, checkPath, flagsOf, fromBase64, isUtf8, modeOf, O, optionsOf,
  placeOf, positionOf, toBase64, viewOf,
} from "./fs_arguments";
import { systemError, type Request } from "./fs_errors";
import type { Steps } from "./fs_run";
import { abortError, checkInteger, invalidType, nodeError, outOfRange } from "./node_errors";

// ---- open files ----

const handles = new Map<number, any>();
const kFirstDescriptor = 3;

function keepHandle(handle: any): number {
  let descriptor = kFirstDescriptor;
  while (handles.has(descriptor)) descriptor++;
  handles.set(descriptor, handle);
  return descriptor;
}

export function handleOf(descriptor: number, syscall: string): any {
  const handle = handles.get(descriptor);
  if (handle === undefined) throw systemError("EBADF", { syscall });
  return handle;
}

function* openPlace(path: any, flags: number, mode?: number): Steps<number> {
  const place = placeOf(path, "open");
  const { handle } = yield {
    operation: "fs.open", args: { path: place.absolute, flags, mode }, syscall: "open",
    path: place.given,
  };
  return keepHandle(handle);
}

export function* open(path: any, flags: any = "r", mode: any = 0o666): Steps<number> {
  checkPath(path);
  return yield* openPlace(path, flagsOf(flags), modeOf(mode, "mode", 0o666));
}

export function* close(descriptor: any): Steps<void> {
  checkDescriptor(descriptor);
  if (descriptor < kFirstDescriptor) return;
  const handle = handleOf(descriptor, "close");
  handles.delete(descriptor);
  yield { operation: "fs.close", args: { handle }, syscall: "close" };
}

/** Works on a file that is open only meanwhile. */
export function* withOpen<T>(path: any, flags: number, mode: number | undefined,
  work: (descriptor: number) => Steps<T>): Steps<T> {
  const descriptor = yield* openPlace(path, flags, mode);
  let result: T;
  try {
    result = yield* work(descriptor);
  } catch (error) {
    try {
      yield* close(descriptor);
    } catch { /* The first error says what went wrong. */ }
    throw error;
  }
  yield* close(descriptor);
  return result;
}

// ---- pieces ----

// A message is bounded, and the bound is the host's setting. Whoever meets it halves the pieces.
const kSmallestPiece = 16 * 1024;
let pieceBytes = 8 * 1024 * 1024;

const isTooLarge = (error: any): boolean => error?.code === "payload_too_large";

/** Makes the pieces smaller after a refusal; rethrows when that cannot be the reason. */
function shrink(error: any, size: number): void {
  if (!isTooLarge(error) || size <= kSmallestPiece) throw error;
  pieceBytes = Math.max(kSmallestPiece, Math.min(pieceBytes, size) >>> 1);
}

/** At most `length` bytes; fewer also when a message holds no more. */
function* readPiece(handle: any, offset: number | null, length: number): Steps<any> {
  for (;;) {
    const size = Math.min(length, pieceBytes);
    try {
      const value = yield {
        operation: "fs.read", args: { handle, offset, length: size, encoding: "base64" },
        syscall: "read",
      };
      return fromBase64(value.data);
    } catch (error) {
      shrink(error, size);
    }
  }
}

type Target = Pick<Request, "args" | "path">;

function* writePiece(target: Target, bytes: Uint8Array): Steps<void> {
  yield {
    operation: "fs.write",
    args: { ...target.args, data: toBase64(bytes), encoding: "base64" },
    syscall: target.path === undefined ? "write" : "open",
    path: target.path,
  };
}

/** All bytes at a place of an open file, or where it stands. */
function* writeAll(handle: any, bytes: Uint8Array, offset: number | null,
  signal?: AbortSignal): Steps<void> {
  for (let done = 0; done < bytes.length;) {
    if (signal?.aborted) throw abortError(signal);
    const piece = bytes.subarray(done, done + pieceBytes);
    const at = offset === null ? {} : { offset: offset + done };
    try {
      yield* writePiece({ args: { handle, ...at } }, piece);
      done += piece.length;
    } catch (error) {
      shrink(error, piece.length);
    }
  }
}

// ---- whole files ----

const decoded = (bytes: any, encoding: any): any =>
  !encoding || encoding === "buffer" ? bytes : bytes.toString(encoding);

/** From where the file stands to its end. */
function* readRest(descriptor: number, signal?: AbortSignal): Steps<any> {
  const handle = handleOf(descriptor, "fstat");
  const pieces = [];
  for (;;) {
    if (signal?.aborted) throw abortError(signal);
    const piece = yield* readPiece(handle, null, pieceBytes);
    if (piece.length === 0) break;
    pieces.push(piece);
  }
  return pieces.length === 1 ? pieces[0] : buffers().concat(pieces);
}

const descriptorOf = (value: any): number | undefined =>
  typeof value === "number" ? checkDescriptor(value)
    : typeof value?.fd === "number" && typeof value.readFile === "function" ? value.fd : undefined;

export function* readFile(path: any, given?: any): Steps<any> {
  const options = optionsOf(given, { flag: "r" });
  const { encoding, signal } = options;
  const descriptor = descriptorOf(path);
  const flags = flagsOf(options.flag);
  if (signal?.aborted) throw abortError(signal);
  if (descriptor === 0) return decoded(buffers().alloc(0), encoding);
  if (descriptor !== undefined) return decoded(yield* readRest(descriptor, signal), encoding);
  if (flags === O.RDONLY) {
    const place = placeOf(path, "open");
    const isText = isUtf8(encoding);
    try {
      const { data, bytes } = yield {
        operation: "fs.read",
        args: { path: place.absolute, encoding: isText ? "utf8" : "base64", length: pieceBytes },
        syscall: "open", path: place.given,
      };
      if (signal?.aborted) throw abortError(signal);
      if (bytes < pieceBytes) {
        if (isText || encoding === "base64") return data;
        return decoded(fromBase64(data), encoding);
      }
    } catch (error) {
      if (!isTooLarge(error)) throw error;
    }
  }
  return yield* withOpen(path, flags, 0o666, function* (file) {
    return decoded(yield* readRest(file, signal), encoding);
  });
}

// Text of so many characters is less than half a piece in any encoding of a message.
const kTextMax = 512 * 1024;

export function dataOf(data: any, encoding: any): Uint8Array {
  if (typeof data === "string") return buffers().from(data, encoding || "utf8");
  if (ArrayBuffer.isView(data)) return viewOf(data);
  throw invalidType(
    "data", "of type string or an instance of Buffer, TypedArray, or DataView", data);
}

/** What writing a whole file needs: how, and what. */
interface Writing {
  flags: number;
  mode: number | undefined;
  data: any;
  options: any;
}

/** One message, when all fits into one. */
function* writeAtOnce(path: any, { flags, mode, data, options }: Writing): Steps<boolean> {
  const place = placeOf(path, "open");
  const target = { args: { path: place.absolute, flags, mode }, path: place.given };
  const isText = typeof data === "string" && isUtf8(options.encoding ?? "utf8");
  try {
    if (isText && data.length <= kTextMax) {
      yield {
        operation: "fs.write",
        args: { ...target.args, data: data.toWellFormed(), encoding: "utf8" },
        syscall: "open", path: target.path,
      };
      return true;
    }
    const bytes = dataOf(data, options.encoding);
    if (bytes.length > pieceBytes) return false;
    yield* writePiece(target, bytes);
    return true;
  } catch (error) {
    if (!isTooLarge(error)) throw error;
    return false;
  }
}

function* writeWhole(path: any, given: any, data: any, flag: string): Steps<void> {
  const options = optionsOf(given, { encoding: "utf8", mode: 0o666, flag });
  if (options.flush !== undefined && options.flush !== null && typeof options.flush !== "boolean")
    throw invalidType("options.flush", "of type boolean", options.flush);
  if (typeof data !== "string") dataOf(data, undefined);
  const { signal } = options;
  const descriptor = descriptorOf(path);
  if (signal?.aborted) throw abortError(signal);
  if (descriptor !== undefined) {
    const bytes = dataOf(data, options.encoding);
    if (descriptor < kFirstDescriptor) return writeToLog(descriptor, bytes);
    yield* writeAll(handleOf(descriptor, "write"), bytes, null, signal);
    return;
  }
  const writing = {
    flags: flagsOf(options.flag), mode: modeOf(options.mode, "mode", 0o666), data,
    options,
  };
  checkPath(path);
  if (!options.flush && (yield* writeAtOnce(path, writing))) return;
  yield* withOpen(path, writing.flags, writing.mode, function* (file) {
    const handle = handleOf(file, "write");
    yield* writeAll(handle, dataOf(data, options.encoding), null, signal);
    if (options.flush) yield { operation: "fs.sync", args: { handle }, syscall: "fsync" };
  });
}

export const writeFile = (path: any, data: any, options?: any): Steps<void> =>
  writeWhole(path, options, data, "w");
export const appendFile = (path: any, data: any, options?: any): Steps<void> =>
  writeWhole(path, options, data, "a");

// ---- parts of open files ----

/** Standard output and error end in the log. */
function writeToLog(descriptor: number, bytes: Uint8Array): void {
  const process = (globalThis as any).process;
  if (descriptor === 0) throw systemError("EBADF", { syscall: "write" });
  process[descriptor === 2 ? "stderr" : "stdout"].write(
    buffers().from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
}

function checkView(value: any): void {
  if (!ArrayBuffer.isView(value)) {
    throw invalidType("buffer", "an instance of Buffer, TypedArray, or DataView", value);
  }
}

function checkRange(view: Uint8Array, offset: any, length: any): void {
  checkInteger(offset, "offset", 0);
  checkInteger(length, "length");
  if (offset > view.byteLength && length > 0)
    throw outOfRange("offset", `<= ${view.byteLength}`, offset);
  if (length < 0) throw outOfRange("length", ">= 0", length);
  if (length > view.byteLength - offset)
    throw outOfRange("length", `<= ${view.byteLength - offset}`, length);
}

const isPlain = (value: any): boolean =>
  value !== null && typeof value === "object" && !ArrayBuffer.isView(value);

/** `read(fd, buffer, offset, length, position)`, or options for all after the buffer. */
export function* read(descriptor: any, target: any, ...rest: any[]): Steps<number> {
  checkDescriptor(descriptor);
  let [offset, length, position] = rest;
  if (isPlain(offset)) ({ offset = 0, length, position = null } = offset);
  else if (rest.length === 1 && offset !== undefined && offset !== null)
    throw invalidType("options", "of type object", offset);
  checkView(target);
  const view = viewOf(target);
  offset ??= 0;
  checkInteger(offset, "offset", 0);
  length ??= view.byteLength - offset;
  if (length === 0) return 0;
  if (view.byteLength === 0) {
    throw nodeError(TypeError, "ERR_INVALID_ARG_VALUE",
      "The argument 'buffer' is empty and cannot be written. Received " +
        `${target.constructor?.name ?? "buffer"}(0) []`);
  }
  checkRange(view, offset, length);
  const from = positionOf(position);
  if (descriptor === 0) return 0;
  const bytes = yield* readPiece(handleOf(descriptor, "read"), from, length);
  view.set(bytes, offset);
  return bytes.length;
}

/** `write(fd, buffer, offset, length, position)` or `write(fd, text, position, encoding)`. */
export function* write(descriptor: any, data: any, ...rest: any[]): Steps<number> {
  checkDescriptor(descriptor);
  let bytes: Uint8Array;
  let position: any;
  if (ArrayBuffer.isView(data)) {
    let [offset, length] = rest;
    position = rest[2];
    if (isPlain(offset)) ({ offset = 0, length, position = null } = offset);
    const view = viewOf(data);
    offset ??= 0;
    checkInteger(offset, "offset", 0);
    length = typeof length === "number" ? length : view.byteLength - offset;
    checkRange(view, offset, length);
    bytes = view.subarray(offset, offset + length);
  } else {
    if (typeof data !== "string") {
      throw invalidType(
        "buffer", "of type string or an instance of Buffer, TypedArray, or DataView", data);
    }
    position = rest[0];
    bytes = buffers().from(data, rest[1] || "utf8");
  }
  const at = typeof position === "number" || typeof position === "bigint" ? positionOf(position)
    : null;
  if (descriptor < kFirstDescriptor) writeToLog(descriptor, bytes);
  else yield* writeAll(handleOf(descriptor, "write"), bytes, at);
  return bytes.length;
}

function checkViews(list: any): void {
  const isList = Array.isArray(list) && list.every((each) => ArrayBuffer.isView(each));
  if (!isList) throw invalidType("buffers", "an instance of ArrayBufferView[]", list);
}

export function* readv(descriptor: any, views: any, position?: any): Steps<number> {
  checkDescriptor(descriptor);
  checkViews(views);
  let at = typeof position === "number" ? position : null;
  let total = 0;
  for (const view of views) {
    if (view.byteLength === 0) continue;
    const count = yield* read(descriptor, view, 0, view.byteLength, at);
    total += count;
    if (at !== null) at += count;
    if (count < view.byteLength) break;
  }
  return total;
}

export function* writev(descriptor: any, views: any, position?: any): Steps<number> {
  checkDescriptor(descriptor);
  checkViews(views);
  const all = buffers().concat(views.map(viewOf));
  const at = typeof position === "number" ? position : null;
  return yield* write(descriptor, all, 0, all.length, at);
}

// ---- lengths, durability ----

const lengthOf = (length: any): number => {
  checkInteger(length, "len");
  return Math.max(0, length);
};

export function* ftruncate(descriptor: any, length: any = 0): Steps<void> {
  checkDescriptor(descriptor);
  const size = lengthOf(length ?? 0);
  yield {
    operation: "fs.truncate", args: { handle: handleOf(descriptor, "ftruncate"), length: size },
    syscall: "ftruncate",
  };
}

export function* truncate(path: any, length: any = 0): Steps<void> {
  if (typeof path === "number") return yield* ftruncate(path, length);
  checkPath(path);
  const size = lengthOf(length ?? 0);
  const place = placeOf(path, "open");
  yield {
    operation: "fs.truncate", args: { path: place.absolute, length: size }, syscall: "open",
    path: place.given,
  };
}

const syncing = (syscall: string) => function* (descriptor: any): Steps<void> {
  checkDescriptor(descriptor);
  if (descriptor < kFirstDescriptor) return;
  yield { operation: "fs.sync", args: { handle: handleOf(descriptor, syscall) }, syscall };
};
export const fsync = syncing("fsync");
export const fdatasync = syncing("fdatasync");

