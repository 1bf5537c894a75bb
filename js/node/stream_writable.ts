// SPDX-License-Identifier: MIT
/** `Writable`: chunks that go out one after the other. */
import { Buffer } from "node:buffer";
import { captureRejectionSymbol } from "node:events";
import { abortError, addMembers, nextTick, nodeError } from "./node_errors";
import { addAbortSignal, finished } from "./stream_finished";
import {
  checkChunk, commonState, construct, destroyedError, destroyThis, errorOrDestroy,
  highWaterMarkOf, multipleCallbacks, notImplemented, nullValues, Stream,
} from "./stream_base";

type Done = (error?: any) => void;
interface Waiting {
  chunk: any;
  encoding: any;
  callback: Done;
}

const noop: Done = () => {};

function createState(options: any, isDuplex: boolean): any {
  const objectMode = Boolean(options?.objectMode || (isDuplex && options?.writableObjectMode));
  return {
    ...commonState(options),
    objectMode,
    highWaterMark: highWaterMarkOf(options, "writable", isDuplex, objectMode),
    finalCalled: false,
    needDrain: false,
    ending: false,
    ended: false,
    prefinished: false,
    finished: false,
    decodeStrings: options?.decodeStrings !== false,
    defaultEncoding: options?.defaultEncoding || "utf8",
    length: 0,
    writing: false,
    corked: 0,
    // Whether the write that runs has not returned yet.
    sync: true,
    bufferProcessing: false,
    writeCallback: null as Done | null,
    writeLength: 0,
    afterWrites: null as { count: number; callback: Done } | null,
    buffered: [] as Waiting[],
    // The callbacks of writes that were not called, and whatever else `finish` waits for.
    pendingcb: 0,
    finishCallbacks: [] as Done[],
    get bufferedRequestCount() { return this.buffered.length; },
    getBuffer() { return [...this.buffered]; },
  };
}

/** Makes `stream` writable; what a constructor does. */
export function initWritable(stream: any, options: any, isDuplex: boolean): void {
  stream._writableState = createState(options, isDuplex);
  for (const name of ["write", "writev", "final"]) {
    if (typeof options?.[name] === "function") stream[`_${name}`] = options[name];
  }
  if (typeof options?.destroy === "function") stream._destroy = options.destroy;
  if (typeof options?.construct === "function") stream._construct = options.construct;
  if (options?.signal) addAbortSignal(options.signal, stream);
}

export function startWritable(stream: any): void {
  construct(stream, () => {
    const state = stream._writableState;
    if (!state.writing) writeBuffered(stream, state);
    finishMaybe(stream, state, false);
  });
}

export function Writable(this: any, options?: any): any {
  if (!(this instanceof Writable)) return new (Writable as any)(options);
  initWritable(this, options, false);
  (Stream as any).call(this, options);
  startWritable(this);
}
Object.setPrototypeOf(Writable.prototype, Stream.prototype);
Object.setPrototypeOf(Writable, Stream);
// A duplex is writable too, though its prototype is that of Readable.
Object.defineProperty(Writable, Symbol.hasInstance, {
  value(this: any, value: any): boolean {
    if (Function.prototype[Symbol.hasInstance].call(this, value)) return true;
    return this === Writable && Boolean(value) && value._writableState?.getBuffer !== undefined;
  },
  configurable: true,
  writable: true,
});

// ---- writing ----

function perform(stream: any, state: any, length: number, callback: Done,
                 start: (done: Done) => void): void {
  state.writeLength = length;
  state.writeCallback = callback;
  state.writing = true;
  state.sync = true;
  const done = (error?: any) => onWritten(stream, error);
  if (state.destroyed) done(destroyedError("write"));
  else start(done);
  state.sync = false;
}

function performOne(stream: any, state: any, one: Waiting): void {
  const length = state.objectMode ? 1 : one.chunk.length;
  perform(stream, state, length, one.callback,
    (done) => stream._write(one.chunk, one.encoding, done));
}

function performAll(stream: any, state: any, all: Waiting[]): void {
  state.pendingcb -= all.length - 1;
  const callback = (error?: any) => { for (const each of all) each.callback(error); };
  const chunks: any = all.map(({ chunk, encoding }) => ({ chunk, encoding }));
  chunks.allBuffers = all.every(({ encoding }) => encoding === "buffer");
  perform(stream, state, state.length, callback, (done) => stream._writev(chunks, done));
}

function onWritten(stream: any, error?: any): void {
  const state = stream._writableState;
  const callback = state.writeCallback;
  if (typeof callback !== "function") {
    errorOrDestroy(stream, multipleCallbacks());
    return;
  }
  const isSync = state.sync;
  state.writing = false;
  state.writeCallback = null;
  state.length -= state.writeLength;
  state.writeLength = 0;
  if (error) {
    state.errored ??= error;
    if (stream._readableState) stream._readableState.errored ??= error;
    if (isSync) nextTick(failWrite, stream, error, callback);
    else failWrite(stream, error, callback);
    return;
  }
  if (state.buffered.length > 0) writeBuffered(stream, state);
  if (!isSync) {
    afterWrites(stream, state, 1, callback);
  } else if (state.afterWrites?.callback === callback && callback === noop) {
    state.afterWrites.count++;
  } else {
    const group = { count: 1, callback };
    state.afterWrites = group;
    nextTick(() => {
      if (state.afterWrites === group) state.afterWrites = null;
      afterWrites(stream, state, group.count, callback);
    });
  }
}

function afterWrites(stream: any, state: any, count: number, callback: Done): void {
  if (!state.ending && !state.destroyed && state.length === 0 && state.needDrain) {
    state.needDrain = false;
    stream.emit("drain");
  }
  for (let i = 0; i < count; i++) {
    state.pendingcb--;
    callback(null);
  }
  if (state.destroyed) failBuffered(state);
  finishMaybe(stream, state, false);
}

function failWrite(stream: any, error: any, callback: Done): void {
  const state = stream._writableState;
  state.pendingcb--;
  callback(error);
  failBuffered(state);
  errorOrDestroy(stream, error);
}

function failBuffered(state: any): void {
  if (state.writing) return;
  for (const { chunk, callback } of state.buffered.splice(0)) {
    state.length -= state.objectMode ? 1 : chunk.length;
    callback(state.errored ?? destroyedError("write"));
  }
  callFinishCallbacks(state, state.errored ?? destroyedError("end"));
}

function callFinishCallbacks(state: any, error: any): void {
  for (const callback of state.finishCallbacks.splice(0)) callback(error);
}

function writeBuffered(stream: any, state: any): void {
  if (state.corked || state.bufferProcessing || state.destroyed || !state.constructed) return;
  if (state.buffered.length === 0) return;
  state.bufferProcessing = true;
  if (state.buffered.length > 1 && stream._writev) {
    performAll(stream, state, state.buffered.splice(0));
  } else {
    const waiting = state.buffered;
    let count = 0;
    do performOne(stream, state, waiting[count++]);
    while (count < waiting.length && !state.writing);
    waiting.splice(0, count);
  }
  state.bufferProcessing = false;
}

/** Whether the stream wants more, or the error that the write met. */
function write(stream: any, given: any, encodingOrDone: any, done: any): boolean | Error {
  const state = stream._writableState;
  const callback = typeof encodingOrDone === "function" ? encodingOrDone : (done ?? noop);
  let encoding = typeof encodingOrDone === "function" ? undefined : encodingOrDone;
  if (encoding && encoding !== "buffer" && !Buffer.isEncoding(encoding))
    throw nodeError(TypeError, "ERR_UNKNOWN_ENCODING", `Unknown encoding: ${encoding}`);
  encoding ||= state.defaultEncoding;
  if (given === null) throw nullValues();
  let chunk = given;
  if (!state.objectMode) {
    chunk = checkChunk(given);
    if (typeof chunk !== "string") {
      encoding = "buffer";
    } else if (state.decodeStrings) {
      chunk = Buffer.from(chunk, encoding);
      encoding = "buffer";
    }
  }
  const error = state.ending
    ? nodeError(Error, "ERR_STREAM_WRITE_AFTER_END", "write after end")
    : state.destroyed ? destroyedError("write") : undefined;
  if (error !== undefined) {
    nextTick(callback, error);
    errorOrDestroy(stream, error, true);
    return error;
  }
  state.pendingcb++;
  return writeOrKeep(stream, state, { chunk, encoding, callback });
}

function writeOrKeep(stream: any, state: any, one: Waiting): boolean {
  state.length += state.objectMode ? 1 : one.chunk.length;
  if (state.writing || state.corked || state.errored || !state.constructed)
    state.buffered.push(one);
  else performOne(stream, state, one);
  // A write that is done by now takes no room.
  const hasRoom = state.length < state.highWaterMark || state.length === 0;
  if (!hasRoom) state.needDrain = true;
  return hasRoom && !state.errored && !state.destroyed;
}

// ---- finishing ----

const canFinish = (state: any): boolean =>
  state.ending && !state.destroyed && state.constructed && state.length === 0 && !state.errored &&
  state.buffered.length === 0 && !state.finished && !state.writing && !state.errorEmitted &&
  !state.closeEmitted;

function callFinal(stream: any, state: any): void {
  let isCalled = false;
  const done = (error?: any) => {
    if (isCalled) return errorOrDestroy(stream, error ?? multipleCallbacks());
    isCalled = true;
    state.pendingcb--;
    if (error) {
      callFinishCallbacks(state, error);
      errorOrDestroy(stream, error, state.sync);
    } else if (canFinish(state)) {
      state.prefinished = true;
      stream.emit("prefinish");
      state.pendingcb++;
      nextTick(finish, stream, state);
    }
  };
  state.sync = true;
  state.pendingcb++;
  try {
    stream._final(done);
  } catch (error) {
    done(error);
  }
  state.sync = false;
}

function prefinish(stream: any, state: any): void {
  if (state.prefinished || state.finalCalled) return;
  if (typeof stream._final === "function" && !state.destroyed) {
    state.finalCalled = true;
    callFinal(stream, state);
  } else {
    state.prefinished = true;
    stream.emit("prefinish");
  }
}

function finishMaybe(stream: any, state: any, isSync: boolean): void {
  if (!canFinish(state)) return;
  prefinish(stream, state);
  if (state.pendingcb > 0) return;
  if (isSync) {
    state.pendingcb++;
    nextTick(() => {
      if (canFinish(state)) finish(stream, state);
      else state.pendingcb--;
    });
  } else if (canFinish(state)) {
    state.pendingcb++;
    finish(stream, state);
  }
}

function finish(stream: any, state: any): void {
  state.pendingcb--;
  state.finished = true;
  callFinishCallbacks(state, null);
  stream.emit("finish");
  if (!state.autoDestroy) return;
  const other = stream._readableState;
  if (!other || (other.autoDestroy && (other.endEmitted || other.readable === false)))
    stream.destroy();
}

function end(this: any, chunk?: any, encoding?: any, callback?: any): any {
  const state = this._writableState;
  if (typeof chunk === "function") [chunk, encoding, callback] = [undefined, undefined, chunk];
  else if (typeof encoding === "function") [encoding, callback] = [undefined, encoding];
  let error: any;
  if (chunk !== undefined && chunk !== null) {
    const result = write(this, chunk, encoding, undefined);
    if (result instanceof Error) error = result;
  }
  if (state.corked) {
    state.corked = 1;
    this.uncork();
  }
  if (error === undefined) {
    if (!state.errored && !state.ending) {
      state.ending = true;
      finishMaybe(this, state, true);
      state.ended = true;
    } else if (state.finished) {
      error = nodeError(
        Error, "ERR_STREAM_ALREADY_FINISHED", "Cannot call end after a stream was finished");
    } else if (state.destroyed) {
      error = destroyedError("end");
    }
  }
  if (typeof callback === "function") {
    if (error !== undefined) nextTick(callback, error);
    else if (state.errored) nextTick(callback, state.errored);
    else if (state.finished) nextTick(callback);
    else state.finishCallbacks.push(callback);
  }
  return this;
}

function destroy(this: any, error?: any, callback?: Done): any {
  const state = this._writableState;
  if (!state.destroyed && (state.buffered.length > 0 || state.finishCallbacks.length > 0))
    nextTick(failBuffered, state);
  return destroyThis.call(this, error, callback);
}

/** What a writable has besides its constructor; a duplex has it too. */
export const writableMembers = {
  write(this: any, chunk: any, encoding?: any, callback?: any): boolean {
    return write(this, chunk, encoding, callback) === true;
  },
  end,
  cork(this: any): void { this._writableState.corked++; },
  uncork(this: any): void {
    const state = this._writableState;
    if (state.corked === 0) return;
    state.corked--;
    if (!state.writing) writeBuffered(this, state);
  },
  setDefaultEncoding(this: any, encoding: any): any {
    const name = typeof encoding === "string" ? encoding.toLowerCase() : encoding;
    if (!Buffer.isEncoding(name))
      throw nodeError(TypeError, "ERR_UNKNOWN_ENCODING", `Unknown encoding: ${encoding}`);
    this._writableState.defaultEncoding = name;
    return this;
  },
  _write(this: any, chunk: any, encoding: any, done: Done): void {
    if (typeof this._writev !== "function") throw notImplemented("_write()");
    this._writev([{ chunk, encoding }], done);
  },
  _writev: null,
  destroy,
  _destroy(error: any, done: Done): void { done(error); },
  [captureRejectionSymbol](this: any, error: any) { this.destroy(error); },

  get writable(): boolean {
    const state = (this as any)._writableState;
    return Boolean(state) && state.writable !== false && !state.destroyed && !state.errored &&
      !state.ending && !state.ended;
  },
  set writable(value: boolean) {
    const state = (this as any)._writableState;
    if (state) state.writable = Boolean(value);
  },
  get writableFinished(): boolean { return Boolean((this as any)._writableState?.finished); },
  get writableObjectMode(): boolean { return Boolean((this as any)._writableState?.objectMode); },
  get writableBuffer(): any { return (this as any)._writableState?.getBuffer(); },
  get writableEnded(): boolean { return Boolean((this as any)._writableState?.ending); },
  get writableNeedDrain(): boolean {
    const state = (this as any)._writableState;
    return Boolean(state) && !state.destroyed && !state.ending && state.needDrain;
  },
  get writableHighWaterMark(): number { return (this as any)._writableState?.highWaterMark; },
  get writableCorked(): number { return (this as any)._writableState?.corked ?? 0; },
  get writableLength(): number { return (this as any)._writableState?.length; },
  get writableAborted(): boolean {
    const state = (this as any)._writableState;
    return state.writable !== false && (state.destroyed || state.errored !== null) &&
      !state.finished;
  },
};
addMembers(Writable.prototype, writableMembers);
addMembers(Writable.prototype, {
  pipe(this: any) {
    errorOrDestroy(this, nodeError(Error, "ERR_STREAM_CANNOT_PIPE", "Cannot pipe, not readable"));
  },
  async [Symbol.asyncDispose ?? Symbol.for("Symbol.asyncDispose")](this: any) {
    const error = this.writableFinished ? null : abortError();
    this.destroy(error);
    await new Promise<void>((resolve, reject) => finished(this,
      (failure: any) => (failure && failure !== error ? reject(failure) : resolve())));
  },
  get errored(): any { return (this as any)._writableState?.errored ?? null; },
  get closed(): boolean { return Boolean((this as any)._writableState?.closed); },
  get destroyed(): boolean { return Boolean((this as any)._writableState?.destroyed); },
  set destroyed(value: boolean) {
    if ((this as any)._writableState) (this as any)._writableState.destroyed = value;
  },
});
