// SPDX-License-Identifier: MIT
/** `Readable`: chunks that wait in a queue until somebody takes them. */
import { loadBuiltin } from "isopod:native";
import { Buffer } from "node:buffer";
import { captureRejectionSymbol } from "node:events";
import { abortError, addMembers, nextTick, nodeError } from "./node_errors";
import { addAbortSignal, destroy, finished } from "./stream_finished";
import { pipe, unpipe } from "./stream_pipe";
import {
  checkChunk, commonState, construct, destroyThis, errorOrDestroy, highWaterMarkOf,
  notImplemented, Stream,
} from "./stream_base";

/** The chunks that were pushed and not read. Taking from the front costs no copying. */
class Queue {
  #items: any[] = [];
  #head = 0;

  get length(): number { return this.#items.length - this.#head; }
  get first(): any { return this.#items[this.#head]; }
  set first(chunk: any) { this.#items[this.#head] = chunk; }
  toArray(): any[] { return this.#items.slice(this.#head); }
  [Symbol.iterator](): Iterator<any> { return this.toArray()[Symbol.iterator](); }
  push(chunk: any): void { this.#items.push(chunk); }
  unshift(chunk: any): void {
    if (this.#head > 0) this.#items[--this.#head] = chunk;
    else this.#items.unshift(chunk);
  }
  shift(): any {
    const chunk = this.#items[this.#head];
    this.#items[this.#head++] = undefined;
    if (this.#head * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#head);
      this.#head = 0;
    }
    return chunk;
  }
  clear(): void {
    this.#items = [];
    this.#head = 0;
  }
}

const newDecoder = (encoding: any) =>
  new (loadBuiltin("node:string_decoder").StringDecoder)(encoding);

function createState(options: any, isDuplex: boolean): any {
  const objectMode = Boolean(options?.objectMode || (isDuplex && options?.readableObjectMode));
  const decoder = options?.encoding ? newDecoder(options.encoding) : null;
  return {
    ...commonState(options),
    objectMode,
    highWaterMark: highWaterMarkOf(options, "readable", isDuplex, objectMode),
    buffer: new Queue(),
    length: 0,
    pipes: [],
    flowing: null,
    ended: false,
    endEmitted: false,
    reading: false,
    // Whether data that comes now comes while `_read` runs.
    sync: true,
    needReadable: false,
    emittedReadable: false,
    readableListening: false,
    resumeScheduled: false,
    paused: null,
    defaultEncoding: options?.defaultEncoding || "utf8",
    awaitDrainWriters: new Set(),
    readingMore: false,
    dataEmitted: false,
    decoder,
    encoding: decoder === null ? null : options.encoding,
  };
}

/** Makes `stream` readable; what a constructor does. */
export function initReadable(stream: any, options: any, isDuplex: boolean): void {
  stream._readableState = createState(options, isDuplex);
  if (typeof options?.read === "function") stream._read = options.read;
  if (typeof options?.destroy === "function") stream._destroy = options.destroy;
  if (typeof options?.construct === "function") stream._construct = options.construct;
  if (options?.signal && !isDuplex) addAbortSignal(options.signal, stream);
}

export function startReadable(stream: any): void {
  construct(stream, () => {
    if (stream._readableState.needReadable) readMore(stream);
  });
}

export function Readable(this: any, options?: any): any {
  if (!(this instanceof Readable)) return new (Readable as any)(options);
  initReadable(this, options, false);
  (Stream as any).call(this, options);
  startReadable(this);
}
Object.setPrototypeOf(Readable.prototype, Stream.prototype);
Object.setPrototypeOf(Readable, Stream);

const isDead = (state: any): boolean => state.destroyed || state.errored !== null;

// ---- chunks come ----

function addChunk(stream: any, state: any, chunk: any, isFront: boolean): void {
  if (state.flowing && state.length === 0 && !state.sync && stream.listenerCount("data") > 0) {
    state.awaitDrainWriters.clear();
    state.dataEmitted = true;
    stream.emit("data", chunk);
  } else {
    state.length += state.objectMode ? 1 : chunk.length;
    if (isFront) state.buffer.unshift(chunk);
    else state.buffer.push(chunk);
    if (state.needReadable) scheduleReadable(stream);
  }
  readMore(stream);
}

/** The chunk of a stream of bytes, in the form in which it is kept. */
function convert(state: any, chunk: any, encoding: any, isFront: boolean): any {
  const checked = checkChunk(chunk);
  if (typeof checked !== "string") return { chunk: checked, isText: false };
  const from = encoding || state.defaultEncoding;
  if (state.encoding === from) return { chunk: checked, isText: true };
  const bytes = Buffer.from(checked, from);
  return isFront && state.encoding ? { chunk: bytes.toString(state.encoding), isText: true }
    : { chunk: bytes, isText: false };
}

function add(stream: any, given: any, encoding: any, isFront: boolean): boolean {
  const state = stream._readableState;
  let [chunk, isText] = [given, true];
  if (!state.objectMode && given !== null) {
    if (given === undefined) chunk = "";
    try {
      ({ chunk, isText } = convert(state, chunk, encoding, isFront));
    } catch (error) {
      errorOrDestroy(stream, error);
      return false;
    }
  }
  if (given === null) {
    state.reading = false;
    endOfChunks(stream, state);
  } else if (!state.objectMode && chunk.length === 0) {
    if (isFront) return hasRoom(state);
    state.reading = false;
    readMore(stream);
  } else if (isFront) {
    if (state.endEmitted) {
      errorOrDestroy(stream, nodeError(Error, "ERR_STREAM_UNSHIFT_AFTER_END_EVENT",
        "stream.unshift() after end event"));
    } else if (isDead(state)) {
      return false;
    } else {
      addChunk(stream, state, chunk, true);
    }
  } else if (state.ended) {
    errorOrDestroy(
      stream, nodeError(Error, "ERR_STREAM_PUSH_AFTER_EOF", "stream.push() after EOF"));
  } else if (isDead(state)) {
    return false;
  } else {
    state.reading = false;
    if (state.decoder && !isText) chunk = state.decoder.write(chunk);
    if (state.objectMode || chunk.length > 0) addChunk(stream, state, chunk, false);
    else readMore(stream);
  }
  return hasRoom(state);
}
const hasRoom = (state: any): boolean =>
  !state.ended && (state.length < state.highWaterMark || state.length === 0);

function endOfChunks(stream: any, state: any): void {
  if (state.ended) return;
  const rest = state.decoder?.end();
  if (rest) {
    state.buffer.push(rest);
    state.length += state.objectMode ? 1 : rest.length;
  }
  state.ended = true;
  if (state.sync) {
    scheduleReadable(stream);
  } else {
    state.needReadable = false;
    state.emittedReadable = true;
    emitReadable(stream);
  }
}

function scheduleReadable(stream: any): void {
  const state = stream._readableState;
  state.needReadable = false;
  if (state.emittedReadable) return;
  state.emittedReadable = true;
  nextTick(emitReadable, stream);
}

function emitReadable(stream: any): void {
  const state = stream._readableState;
  if (!isDead(state) && (state.length > 0 || state.ended)) {
    stream.emit("readable");
    state.emittedReadable = false;
  }
  state.needReadable = !state.flowing && !state.ended && state.length <= state.highWaterMark;
  flow(stream);
}

/** Fills the queue up to its mark, once the code that runs now is done. */
function readMore(stream: any): void {
  const state = stream._readableState;
  if (state.readingMore || !state.constructed) return;
  state.readingMore = true;
  nextTick(() => {
    while (!state.reading && !state.ended &&
           (state.length < state.highWaterMark || (state.flowing && state.length === 0))) {
      const before = state.length;
      stream.read(0);
      if (state.length === before) break;
    }
    state.readingMore = false;
  });
}

// ---- chunks go ----

function sizeToRead(state: any, wanted: number): number {
  if (wanted <= 0 || (state.length === 0 && state.ended)) return 0;
  if (state.objectMode) return 1;
  if (Number.isNaN(wanted))
    return state.flowing && state.length > 0 ? state.buffer.first.length : state.length;
  if (wanted <= state.length) return wanted;
  return state.ended ? state.length : 0;
}

const joined = (state: any, chunks: any[]): any => {
  if (state.decoder) return chunks.join("");
  return chunks.length === 1 ? chunks[0] : Buffer.concat(chunks);
};

function take(state: any, size: number): any {
  if (state.length === 0) return null;
  if (state.objectMode) return state.buffer.shift();
  if (size >= state.length) {
    const chunks = state.buffer.toArray();
    state.buffer.clear();
    return joined(state, chunks);
  }
  const chunks = [];
  for (let left = size; left > 0;) {
    const first = state.buffer.first;
    if (first.length <= left) {
      chunks.push(state.buffer.shift());
      left -= first.length;
    } else {
      chunks.push(first.slice(0, left));
      state.buffer.first = first.slice(left);
      left = 0;
    }
  }
  return joined(state, chunks);
}

function fill(stream: any, state: any): void {
  state.reading = true;
  state.sync = true;
  if (state.length === 0) state.needReadable = true;
  try {
    stream._read(state.highWaterMark);
  } catch (error) {
    errorOrDestroy(stream, error);
  }
  state.sync = false;
}

function endReadable(stream: any): void {
  const state = stream._readableState;
  if (state.endEmitted) return;
  state.ended = true;
  nextTick(() => {
    if (state.errored || state.closeEmitted || state.endEmitted || state.length > 0) return;
    state.endEmitted = true;
    stream.emit("end");
    if (stream.writable && stream.allowHalfOpen === false) {
      nextTick(() => {
        if (stream.writable && !stream.writableEnded && !stream.destroyed) stream.end();
      });
    } else if (state.autoDestroy) {
      const other = stream._writableState;
      if (!other || (other.autoDestroy && (other.finished || other.writable === false)))
        stream.destroy();
    }
  });
}

function read(this: any, given?: number): any {
  const state = this._readableState;
  const wanted = given === undefined ? NaN : Number.isInteger(given) ? given
    : Number.parseInt(given as any, 10);
  if (wanted > state.highWaterMark && wanted <= 2 ** 30)
    state.highWaterMark = 2 ** Math.ceil(Math.log2(wanted));
  if (wanted !== 0) state.emittedReadable = false;
  const isFull = state.highWaterMark === 0 ? state.length > 0 : state.length >= state.highWaterMark;
  if (wanted === 0 && state.needReadable && (isFull || state.ended)) {
    if (state.length === 0 && state.ended) endReadable(this);
    else scheduleReadable(this);
    return null;
  }
  let size = sizeToRead(state, wanted);
  if (size === 0 && state.ended) {
    if (state.length === 0) endReadable(this);
    return null;
  }
  const isWanted = state.needReadable || state.length === 0 ||
    state.length - size < state.highWaterMark;
  if (isWanted && !state.ended && !state.reading && !isDead(state) && state.constructed) {
    fill(this, state);
    if (!state.reading) size = sizeToRead(state, wanted);
  }
  const chunk = size > 0 ? take(state, size) : null;
  if (chunk === null) {
    state.needReadable = state.length <= state.highWaterMark;
    size = 0;
  } else {
    state.length -= size;
    state.awaitDrainWriters.clear();
  }
  if (state.length === 0) {
    if (!state.ended) state.needReadable = true;
    if (wanted !== size && state.ended) endReadable(this);
  }
  if (chunk !== null && !state.errorEmitted && !state.closeEmitted) {
    state.dataEmitted = true;
    this.emit("data", chunk);
  }
  return chunk;
}

// ---- flowing ----

function flow(stream: any): void {
  const state = stream._readableState;
  while (state.flowing && stream.read() !== null) { /* The chunks went out as events. */ }
}

function resume(this: any): any {
  const state = this._readableState;
  if (!state.flowing) {
    state.flowing = !state.readableListening;
    scheduleResume(this, state);
  }
  state.paused = false;
  return this;
}

function scheduleResume(stream: any, state: any): void {
  if (state.resumeScheduled) return;
  state.resumeScheduled = true;
  nextTick(() => {
    if (!state.reading) stream.read(0);
    state.resumeScheduled = false;
    stream.emit("resume");
    flow(stream);
    if (state.flowing && !state.reading) stream.read(0);
  });
}

function pause(this: any): any {
  const state = this._readableState;
  if (state.flowing !== false) {
    state.flowing = false;
    this.emit("pause");
  }
  state.paused = true;
  return this;
}

function on(this: any, type: any, listener: any): any {
  Stream.prototype.on.call(this, type, listener);
  const state = this._readableState;
  if (type === "data") {
    state.readableListening = this.listenerCount("readable") > 0;
    if (state.flowing !== false) this.resume();
  } else if (type === "readable" && !state.endEmitted && !state.readableListening) {
    state.readableListening = state.needReadable = true;
    state.flowing = false;
    state.emittedReadable = false;
    if (state.length > 0) scheduleReadable(this);
    else if (!state.reading) nextTick(() => this.read(0));
  }
  return this;
}

/** Without listeners to "readable" the stream may flow again. */
function checkListeners(stream: any): void {
  const state = stream._readableState;
  state.readableListening = stream.listenerCount("readable") > 0;
  if (state.resumeScheduled && state.paused === false) state.flowing = true;
  else if (stream.listenerCount("data") > 0) stream.resume();
  else if (!state.readableListening) state.flowing = null;
}

function removeListener(this: any, type: any, listener: any): any {
  Stream.prototype.removeListener.call(this, type, listener);
  if (type === "readable") nextTick(checkListeners, this);
  return this;
}

function setEncoding(this: any, encoding: any): any {
  const state = this._readableState;
  state.decoder = newDecoder(encoding);
  state.encoding = state.decoder.encoding;
  const text = state.buffer.toArray().map((chunk: any) => state.decoder.write(chunk)).join("");
  state.buffer.clear();
  if (text !== "") state.buffer.push(text);
  state.length = text.length;
  return this;
}

/** Takes over an old stream that only emits "data" and "end". */
function wrap(this: any, old: any): any {
  let isPaused = false;
  old.on("data", (chunk: any) => {
    if (!this.push(chunk) && old.pause) {
      isPaused = true;
      old.pause();
    }
  });
  old.on("end", () => this.push(null));
  old.on("error", (error: any) => errorOrDestroy(this, error));
  for (const type of ["close", "destroy"]) old.on(type, () => this.destroy());
  this._read = () => {
    if (isPaused && old.resume) {
      isPaused = false;
      old.resume();
    }
  };
  return this;
}

/** Chunk by chunk; leaving early destroys the stream unless told otherwise. */
async function* iterate(stream: any, options: any): AsyncGenerator<any> {
  let wake = () => {};
  let outcome: { error?: any } | undefined;
  const onReadable = () => wake();
  stream.on("readable", onReadable);
  const stop = finished(stream, { writable: false }, (error: any) => {
    outcome = { error };
    wake();
  });
  let isBroken = false;
  try {
    for (;;) {
      const chunk = stream.destroyed ? null : stream.read();
      if (chunk !== null) yield chunk;
      else if (outcome?.error) throw outcome.error;
      else if (outcome !== undefined) return;
      else await new Promise<void>((resolve) => { wake = resolve; });
    }
  } catch (error) {
    isBroken = true;
    throw error;
  } finally {
    const isFinished =
      outcome !== undefined && !outcome.error && !stream._readableState.autoDestroy;
    if ((isBroken || options?.destroyOnReturn !== false) && !isFinished) {
      destroy(stream);
    } else {
      stream.off("readable", onReadable);
      stop();
    }
  }
}

addMembers(Readable.prototype, {
  read, resume, pause, on, addListener: on, removeListener, off: removeListener, setEncoding, wrap,
  pipe, unpipe,
  push(this: any, chunk: any, encoding?: any): boolean {
    return add(this, chunk, encoding, false);
  },
  unshift(this: any, chunk: any, encoding?: any): boolean {
    return add(this, chunk, encoding, true);
  },
  _read() { throw notImplemented("_read()"); },
  removeAllListeners(this: any, type?: any): any {
    const result = Reflect.apply(Stream.prototype.removeAllListeners, this,
      type === undefined ? [] : [type]);
    if (type === "readable" || type === undefined) nextTick(checkListeners, this);
    return result;
  },
  isPaused(this: any): boolean {
    return this._readableState.paused === true || this._readableState.flowing === false;
  },
  destroy: destroyThis,
  _destroy(error: any, done: (error?: any) => void) { done(error); },
  [captureRejectionSymbol](this: any, error: any) { this.destroy(error); },
  iterator(this: any, options?: any) { return iterate(this, options); },
  [Symbol.asyncIterator](this: any) { return iterate(this, undefined); },
  async [Symbol.asyncDispose ?? Symbol.for("Symbol.asyncDispose")](this: any) {
    const error = this.readableEnded ? null : abortError();
    this.destroy(error);
    await new Promise<void>((resolve, reject) => finished(this,
      (failure: any) => (failure && failure !== error ? reject(failure) : resolve())));
  },

  get readable(): boolean {
    const state = (this as any)._readableState;
    return Boolean(state) && state.readable !== false && !state.destroyed && !state.errorEmitted &&
      !state.endEmitted;
  },
  set readable(value: boolean) {
    const state = (this as any)._readableState;
    if (state) state.readable = Boolean(value);
  },
  get readableDidRead(): boolean { return (this as any)._readableState.dataEmitted; },
  get readableAborted(): boolean {
    const state = (this as any)._readableState;
    return state.readable !== false && isDead(state) && !state.endEmitted;
  },
  get readableHighWaterMark(): number { return (this as any)._readableState.highWaterMark; },
  get readableBuffer(): any { return (this as any)._readableState?.buffer; },
  get readableFlowing(): any { return (this as any)._readableState.flowing; },
  set readableFlowing(value: any) {
    if ((this as any)._readableState) (this as any)._readableState.flowing = value;
  },
  get readableLength(): number { return (this as any)._readableState.length; },
  get readableObjectMode(): boolean { return Boolean((this as any)._readableState?.objectMode); },
  get readableEncoding(): any { return (this as any)._readableState?.encoding ?? null; },
  get readableEnded(): boolean { return Boolean((this as any)._readableState?.endEmitted); },
  get errored(): any { return (this as any)._readableState?.errored ?? null; },
  get closed(): boolean { return Boolean((this as any)._readableState?.closed); },
  get destroyed(): boolean { return Boolean((this as any)._readableState?.destroyed); },
  set destroyed(value: boolean) {
    if ((this as any)._readableState) (this as any)._readableState.destroyed = value;
  },
});
