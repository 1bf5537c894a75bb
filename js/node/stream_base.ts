// SPDX-License-Identifier: MIT
/** What readable and writable streams share: how they are constructed, destroyed and closed. */
import { Buffer } from "node:buffer";
import { addMembers, invalidType, nextTick, nodeError, outOfRange } from "./node_errors";
import EventEmitter, { captureRejectionSymbol } from "node:events";

type Done = (error?: any) => void;

// Node 22's bytes and, for streams of objects, objects.
let defaultBytes = 64 * 1024;
let defaultObjects = 16;

export const getDefaultHighWaterMark = (objectMode?: boolean): number =>
  objectMode ? defaultObjects : defaultBytes;
export function setDefaultHighWaterMark(objectMode: boolean, value: number): void {
  if (!Number.isInteger(value) || value < 0) throw outOfRange("value", ">= 0", value);
  if (objectMode) defaultObjects = value;
  else defaultBytes = value;
}

/** The bound of one half; `side` is "readable" or "writable", which a duplex may set apart. */
export function highWaterMarkOf(options: any, side: string, isDuplex: boolean,
                                objectMode: boolean): number {
  const own = isDuplex ? `${side}HighWaterMark` : undefined;
  const value = options?.highWaterMark ?? (own === undefined ? undefined : options?.[own]);
  if (value === undefined || value === null) return getDefaultHighWaterMark(objectMode);
  if (!Number.isInteger(value) || value < 0) {
    const name = options.highWaterMark != null || own === undefined ? "highWaterMark" : own;
    throw nodeError(TypeError, "ERR_INVALID_ARG_VALUE",
      `The property 'options.${name}' is invalid. Received ${String(value)}`);
  }
  return value;
}

/** The fields of a half's state that destroying looks at. */
export const commonState = (options: any) => ({
  constructed: true,
  destroyed: false,
  errored: null as any,
  errorEmitted: false,
  closed: false,
  closeEmitted: false,
  emitClose: options?.emitClose !== false,
  autoDestroy: options?.autoDestroy !== false,
});

const halvesOf = (stream: any): any[] =>
  [stream._readableState, stream._writableState].filter((half) => half != null);
const mark = (stream: any, values: object): void => {
  for (const half of halvesOf(stream)) Object.assign(half, values);
};

function recordError(stream: any, error: any): void {
  if (!error) return;
  for (const half of halvesOf(stream)) half.errored ??= error;
}

function emitError(stream: any, error: any): void {
  const halves = halvesOf(stream);
  if (halves.some((half) => half.errorEmitted)) return;
  mark(stream, { errorEmitted: true });
  stream.emit("error", error);
}

function emitClose(stream: any): void {
  mark(stream, { closeEmitted: true });
  if (halvesOf(stream).some((half) => half.emitClose)) stream.emit("close");
}

const kDestroyWaiting = Symbol("destroyWaiting");
const kConstructWaiting = Symbol("constructWaiting");

function runDestroy(stream: any, error: any, callback?: Done): void {
  let isDone = false;
  const done = (failure?: any) => {
    if (isDone) return;
    isDone = true;
    recordError(stream, failure);
    mark(stream, { closed: true });
    callback?.(failure);
    nextTick(() => {
      if (failure) emitError(stream, failure);
      emitClose(stream);
    });
  };
  try {
    stream._destroy(error || null, done);
  } catch (thrown) {
    done(thrown);
  }
}

/** `stream.destroy`, for both halves. */
export function destroyThis(this: any, error?: any, callback?: Done): any {
  if (halvesOf(this).some((half) => half.destroyed)) {
    callback?.();
    return this;
  }
  recordError(this, error);
  mark(this, { destroyed: true });
  if (halvesOf(this).every((half) => half.constructed)) runDestroy(this, error, callback);
  else this[kDestroyWaiting] = (late: any) => runDestroy(this, error ?? late, callback);
  return this;
}

/** Reports an error the way the stream's `autoDestroy` asks for. */
export function errorOrDestroy(stream: any, error: any, isSync = false): void {
  const halves = halvesOf(stream);
  if (halves.some((half) => half.destroyed)) return;
  if (halves.some((half) => half.autoDestroy)) {
    stream.destroy(error);
    return;
  }
  if (!error) return;
  recordError(stream, error);
  if (isSync) nextTick(emitError, stream, error);
  else emitError(stream, error);
}

/** Runs `_construct`, if there is one, before anything else; `ready` runs when it succeeded. */
export function construct(stream: any, ready: () => void): void {
  if (typeof stream._construct !== "function") return;
  mark(stream, { constructed: false });
  if (stream[kConstructWaiting] !== undefined) {
    stream[kConstructWaiting].push(ready);
    return;
  }
  stream[kConstructWaiting] = [ready];
  nextTick(() => {
    let isCalled = false;
    const done = (error?: any) => {
      if (isCalled) return errorOrDestroy(stream, error ?? multipleCallbacks());
      isCalled = true;
      mark(stream, { constructed: true });
      if (halvesOf(stream).some((half) => half.destroyed)) stream[kDestroyWaiting]?.(error);
      else if (error) errorOrDestroy(stream, error, true);
      else nextTick(() => { for (const each of stream[kConstructWaiting]) each(); });
    };
    try {
      stream._construct((error?: any) => nextTick(done, error));
    } catch (error) {
      nextTick(done, error);
    }
  });
}

export const multipleCallbacks = () =>
  nodeError(Error, "ERR_MULTIPLE_CALLBACK", "Callback called multiple times");
export const destroyedError = (name: string) => nodeError(
  Error, "ERR_STREAM_DESTROYED", `Cannot call ${name} after a stream was destroyed`);
export const nullValues = () => nodeError(
  TypeError, "ERR_STREAM_NULL_VALUES", "May not write null values to stream");
export const notImplemented = (name: string) => nodeError(
  Error, "ERR_METHOD_NOT_IMPLEMENTED", `The ${name} method is not implemented`);

/** The chunk of a stream of bytes as a Buffer or text; throws for anything else. */
export function checkChunk(chunk: any): any {
  if (typeof chunk === "string" || Buffer.isBuffer(chunk)) return chunk;
  if (ArrayBuffer.isView(chunk))
    return Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  throw invalidType("chunk",
    "of type string or an instance of Buffer, TypedArray, or DataView", chunk);
}

// The oldest kind of stream: an emitter of "data" and "end" that can be piped.
export function Stream(this: any, options?: any): void {
  (EventEmitter as any).call(this, options);
}
Object.setPrototypeOf(Stream.prototype, (EventEmitter as any).prototype);
Object.setPrototypeOf(Stream, EventEmitter);
addMembers(Stream.prototype, {
  pipe(this: any, target: any, options: any = {}) {
    const onData = (chunk: any) => {
      if (target.writable && target.write(chunk) === false) this.pause?.();
    };
    const onDrain = () => { if (this.readable) this.resume?.(); };
    const onEnd = () => { if (options.end !== false) target.end(); };
    const stop = () => {
      this.removeListener("data", onData);
      this.removeListener("end", onEnd);
      target.removeListener("drain", onDrain);
    };
    this.on("data", onData);
    this.on("end", onEnd);
    target.on("drain", onDrain);
    for (const type of ["end", "close"]) this.once(type, stop);
    target.once("close", stop);
    target.emit("pipe", this);
    return target;
  },
  [captureRejectionSymbol](this: any, error: any) { this.destroy?.(error); },
});
