// SPDX-License-Identifier: MIT
/** Streams with two halves: `Duplex`, and `Transform`, whose output is made of its input. */
import { addMembers, checkFunction, nextTick, nodeError } from "./node_errors";
import { initReadable, Readable, startReadable } from "./stream_readable";
import { notImplemented, Stream } from "./stream_base";
import { initWritable, startWritable, writableMembers } from "./stream_writable";

type Done = (error?: any, data?: any) => void;

export function Duplex(this: any, options?: any): any {
  if (!(this instanceof Duplex)) return new (Duplex as any)(options);
  initReadable(this, options, true);
  initWritable(this, options, true);
  this.allowHalfOpen = options?.allowHalfOpen !== false;
  if (options?.readable === false) {
    Object.assign(this._readableState, { readable: false, ended: true, endEmitted: true });
  }
  if (options?.writable === false) {
    Object.assign(
      this._writableState, { writable: false, ending: true, ended: true, finished: true });
  }
  (Stream as any).call(this, options);
  startReadable(this);
  startWritable(this);
}
Object.setPrototypeOf(Duplex.prototype, Readable.prototype);
Object.setPrototypeOf(Duplex, Readable);
addMembers(Duplex.prototype, writableMembers);
addMembers(Duplex.prototype, {
  get destroyed(): boolean {
    const { _readableState: input, _writableState: output } = this as any;
    return Boolean(input && output) && input.destroyed && output.destroyed;
  },
  set destroyed(value: boolean) {
    const { _readableState: input, _writableState: output } = this as any;
    if (input && output) input.destroyed = output.destroyed = value;
  },
});

const kWaiting = Symbol("waiting");

export function Transform(this: any, options?: any): any {
  if (!(this instanceof Transform)) return new (Transform as any)(options);
  // With no room on the readable side, the writable one must take what it was given.
  const given = options?.readableHighWaterMark === 0 ? {
    ...options,
    highWaterMark: undefined,
    writableHighWaterMark: options.writableHighWaterMark || 0,
  } : options;
  (Duplex as any).call(this, given);
  this._readableState.sync = false;
  this[kWaiting] = null;
  if (typeof options?.transform === "function") this._transform = options.transform;
  if (typeof options?.flush === "function") this._flush = options.flush;
  this.on("prefinish", () => { if (this._final !== flushAll) flushAll.call(this); });
}
Object.setPrototypeOf(Transform.prototype, Duplex.prototype);
Object.setPrototypeOf(Transform, Duplex);

function flushAll(this: any, done?: Done): void {
  if (typeof this._flush !== "function" || this.destroyed) {
    this.push(null);
    done?.();
    return;
  }
  this._flush((error: any, data: any) => {
    if (error) {
      if (done) done(error);
      else this.destroy(error);
      return;
    }
    if (data !== undefined && data !== null) this.push(data);
    this.push(null);
    done?.();
  });
}

addMembers(Transform.prototype, {
  _transform() { throw notImplemented("_transform()"); },
  _final: flushAll,
  _write(this: any, chunk: any, encoding: any, done: Done): void {
    const input = this._readableState;
    const length = input.length;
    this._transform(chunk, encoding, (error: any, data: any) => {
      if (error) return done(error);
      if (data !== undefined && data !== null) this.push(data);
      if (this._writableState.ended || length === input.length ||
          input.length < input.highWaterMark) done();
      else this[kWaiting] = done;
    });
  },
  _read(this: any): void {
    const done = this[kWaiting];
    this[kWaiting] = null;
    done?.();
  },
});

export function PassThrough(this: any, options?: any): any {
  if (!(this instanceof PassThrough)) return new (PassThrough as any)(options);
  (Transform as any).call(this, options);
}
Object.setPrototypeOf(PassThrough.prototype, Transform.prototype);
Object.setPrototypeOf(PassThrough, Transform);
addMembers(PassThrough.prototype, {
  _transform(chunk: any, _encoding: any, done: Done): void { done(null, chunk); },
});

/** Two ends: what is written to one is read from the other. */
export function duplexPair(options?: any): [any, any] {
  const waiting: (Done | null)[] = [null, null];
  const ends: any[] = [0, 1].map((side) => new (Duplex as any)({
    ...options,
    read() {
      const done = waiting[side];
      waiting[side] = null;
      done?.();
    },
    write(chunk: any, _encoding: any, done: Done) {
      const other = 1 - side;
      if (chunk.length === 0) return nextTick(done);
      ends[other].push(chunk);
      waiting[other] = done;
    },
    final(done: Done) {
      ends[1 - side].on("end", done);
      ends[1 - side].push(null);
    },
  }));
  return ends as [any, any];
}

/** A duplex that reads from one stream and writes to another, or reads from an iterable. */
function joinHalves(input: any, output: any): any {
  let onDrain: Done | undefined;
  const duplex = new (Duplex as any)({
    readable: input !== undefined,
    writable: output !== undefined,
    objectMode: true,
    read() { input?.resume(); },
    write(chunk: any, encoding: any, done: Done) {
      if (output.write(chunk, encoding)) done();
      else onDrain = done;
    },
    final(done: Done) { output.end(done); },
    destroy(error: any, done: Done) {
      input?.destroy(error ?? undefined);
      output?.destroy(error ?? undefined);
      done(error);
    },
  });
  const fail = (error: any) => duplex.destroy(error);
  input?.on("data", (chunk: any) => { if (!duplex.push(chunk)) input.pause(); });
  input?.on("end", () => duplex.push(null)).on("error", fail);
  input?.pause();
  output?.on("error", fail).on("drain", () => {
    const done = onDrain;
    onDrain = undefined;
    done?.();
  });
  return duplex;
}

(Duplex as any).from = function from(body: any): any {
  if (body instanceof Duplex) return body;
  if (body instanceof Readable) return joinHalves(body, undefined);
  if (typeof body?.write === "function") return joinHalves(undefined, body);
  if (body && (body.readable || body.writable) && !body[Symbol.asyncIterator])
    return joinHalves(body.readable || undefined, body.writable || undefined);
  if (typeof body === "function") {
    const input = new (PassThrough as any)({ objectMode: true });
    const output = body(input);
    checkFunction(output?.[Symbol.asyncIterator] ?? output?.[Symbol.iterator], "body");
    return joinHalves((Readable as any).from(output), input);
  }
  if (typeof body === "string" || body?.[Symbol.asyncIterator] || body?.[Symbol.iterator])
    return joinHalves((Readable as any).from(body), undefined);
  throw nodeError(TypeError, "ERR_INVALID_ARG_TYPE",
    "The \"body\" argument must be a stream, an iterable or a function.");
};
