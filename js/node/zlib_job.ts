// SPDX-License-Identifier: MIT
/** Compression of something whole, and what streams share with it. */
import { newStream, type CompressionStream } from "isopod:native/zlib";
import { startTimer } from "isopod:native";
import { Buffer } from "node:buffer";
import { binaryBytes } from "./crypto_bytes";
import { checkFunction, invalidType, nodeError } from "./node_errors";
import { codes, compresses, constants, settingsOf, type Kind, type Settings } from "./zlib_options";

const { Z_BUF_ERROR, Z_FINISH, Z_OK, Z_STREAM_END, Z_SYNC_FLUSH } = constants;
/** What one native call gets: each is copied, and work on it is not interrupted. */
const kPortion = 64 * 1024;
/** Portions in one turn of work that nobody waits for. */
const kPortionsPerTurn = 16;

function statusError(status: number, message: string): Error {
  const error: any = new Error(message);
  error.errno = status;
  error.code = codes[status] ?? "Z_STREAM_ERROR";
  return error;
}
export const endOfFile = (): Error => statusError(Z_BUF_ERROR, "unexpected end of file");

/** A native stream that is fed in portions. */
export class Engine {
  readonly #stream: CompressionStream;
  readonly settings: Settings;
  readonly #kind: Kind;
  bytesWritten = 0;
  hasEnded = false;

  constructor(kind: Kind, options: any) {
    this.#kind = kind;
    const all = this.settings = settingsOf(kind, options);
    this.#stream = newStream(
      kind, all.level + 1, all.windowBits, all.memLevel, all.strategy, all.dictionary);
  }

  /** Works on `input` until it is used up, and until all that it gives has come out. */
  * work(input: Uint8Array, flush: number): Generator<Uint8Array, void, void> {
    for (let at = 0; ;) {
      const portion = input.subarray(at, at + kPortion);
      const isLast = at + portion.length === input.length;
      const [output, consumed, status, message] =
        this.#stream.work(portion, isLast ? flush : constants.Z_NO_FLUSH);
      at += consumed;
      this.bytesWritten += consumed;
      this.hasEnded = status === Z_STREAM_END;
      if (status !== Z_OK && status !== Z_STREAM_END && status !== Z_BUF_ERROR)
        throw statusError(status, message);
      yield output;
      // After the end there may be another member of a gzip; the native half knows.
      const isStuck = output.length === 0 && consumed === 0;
      const isDone = at === input.length && (this.hasEnded || output.length < kPortion);
      if (isStuck || isDone) return;
    }
  }

  /** Whether data that ends here is whole. */
  isComplete(flush: number): boolean {
    return compresses(this.#kind) || this.hasEnded || flush === Z_SYNC_FLUSH ||
      flush !== Z_FINISH;
  }

  close(): void {
    this.#stream.close();
  }
}

function inputOf(data: any): Uint8Array {
  if (typeof data === "string") return Buffer.from(data, "utf8");
  const bytes = binaryBytes(data);
  if (bytes !== undefined) return bytes;
  throw invalidType("buffer",
    "of type string or an instance of Buffer, TypedArray, DataView, or ArrayBuffer", data);
}

/** Yields between portions and returns the whole result. */
function * whole(kind: Kind, input: Uint8Array, options: any): Generator<void, any, void> {
  const engine = new Engine(kind, options);
  try {
    const { outputMax, finishFlush } = engine.settings;
    const parts: Uint8Array[] = [];
    let length = 0;
    for (const part of engine.work(input, finishFlush)) {
      parts.push(part);
      length += part.length;
      if (length > outputMax) {
        throw nodeError(RangeError, "ERR_BUFFER_TOO_LARGE",
          `Cannot create a Buffer larger than ${outputMax} bytes`);
      }
      yield;
    }
    if (!engine.isComplete(finishFlush)) throw endOfFile();
    const result = Buffer.concat(parts, length);
    return options?.info ? { buffer: result, engine } : result;
  } finally {
    engine.close();
  }
}

export function runNow(kind: Kind, data: any, options: any): any {
  const steps = whole(kind, inputOf(data), options);
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

export function runLater(kind: Kind, data: any, options: any, callback?: any): void {
  if (typeof options === "function") [options, callback] = [undefined, options];
  checkFunction(callback, "callback");
  const input = inputOf(data);
  settingsOf(kind, options);
  const steps = whole(kind, input, options);
  const turn = () => {
    let step: IteratorResult<void, any> = { done: false, value: undefined };
    try {
      for (let i = 0; i < kPortionsPerTurn && !step.done; i++) step = steps.next();
    } catch (error) {
      return callback(error);
    }
    if (step.done) callback(null, step.value);
    else startTimer(turn, 0, false);
  };
  startTimer(turn, 0, false);
}
