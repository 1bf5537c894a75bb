// SPDX-License-Identifier: MIT
/**
 * The streams of the web platform, after the Streams standard; what is left out is reading into
 * buffers of the caller (BYOB), and says so.
 */
import { unsupportedError } from "isopod:core";
import { defer, handled, sizeOf, highWaterMarkOf, type Deferred } from "./streams_support";
import { WritableStream } from "./streams_writable";

export {
  ByteLengthQueuingStrategy, CountQueuingStrategy,
} from "./streams_support";
export {
  WritableStream, WritableStreamDefaultController, WritableStreamDefaultWriter,
} from "./streams_writable";

type Result = IteratorResult<any, any>;
const kConstruct = Symbol("construct");

/** The state of a stream and everything that happens to it. Never handed to the guest. */
class Core {
  state: "readable" | "closed" | "errored" = "readable";
  error: unknown;
  disturbed = false;
  reader: ReadableStreamDefaultReader | undefined;
  readonly queue: { chunk: any; size: number }[] = [];
  readonly waiting: Deferred<Result>[] = [];
  readonly closed = handled(defer<void>());
  #queued = 0;
  #isStarted = false;
  #isPulling = false;
  #pullsAgain = false;
  #closeRequested = false;
  #source: any;

  constructor(readonly size: (chunk: any) => number, readonly highWaterMark: number) {}

  start(source: any, controller: any): void {
    this.#source = source;
    const started = source.start === undefined ? undefined
      : Reflect.apply(source.start, source, [controller]);
    Promise.resolve(started).then(() => {
      this.#isStarted = true;
      this.pull(controller);
    }, (error) => this.fail(error));
  }

  get desiredSize(): number | null {
    if (this.state === "errored") return null;
    return this.state === "closed" ? 0 : this.highWaterMark - this.#queued;
  }

  get canEnqueue(): boolean {
    return this.state === "readable" && !this.#closeRequested;
  }

  pull(controller: any): void {
    const wants = this.canEnqueue && this.#isStarted &&
      (this.waiting.length > 0 || this.desiredSize! > 0);
    if (!wants || this.#source?.pull === undefined) return;
    if (this.#isPulling) {
      this.#pullsAgain = true;
      return;
    }
    this.#isPulling = true;
    const source = this.#source;
    new Promise((resolve) => resolve(Reflect.apply(source.pull, source, [controller]))).then(() => {
      this.#isPulling = false;
      if (!this.#pullsAgain) return;
      this.#pullsAgain = false;
      this.pull(controller);
    }, (error) => this.fail(error));
  }

  enqueue(chunk: any, controller: any): void {
    if (!this.canEnqueue) throw new TypeError("Invalid state: Controller is already closed");
    if (this.waiting.length > 0) {
      this.waiting.shift()!.resolve({ value: chunk, done: false });
    } else {
      let size;
      try {
        size = Number(this.size(chunk));
        if (!(size >= 0) || size === Infinity) throw new RangeError("The chunk has no valid size");
      } catch (error) {
        this.fail(error);
        throw error;
      }
      this.queue.push({ chunk, size });
      this.#queued += size;
    }
    this.pull(controller);
  }

  requestClose(): void {
    if (!this.canEnqueue) throw new TypeError("Invalid state: Controller is already closed");
    this.#closeRequested = true;
    if (this.queue.length === 0) this.close();
  }

  close(): void {
    if (this.state !== "readable") return;
    this.state = "closed";
    this.#source = undefined;
    for (const { resolve } of this.waiting.splice(0)) resolve({ value: undefined, done: true });
    this.closed.resolve();
  }

  fail(error: unknown): void {
    if (this.state !== "readable") return;
    this.state = "errored";
    this.error = error;
    this.#drop();
    this.#source = undefined;
    for (const { reject } of this.waiting.splice(0)) reject(error);
    this.closed.reject(error);
  }

  #drop(): void {
    this.queue.length = 0;
    this.#queued = 0;
  }

  read(controller: any): Promise<Result> {
    this.disturbed = true;
    if (this.queue.length > 0) {
      const { chunk, size } = this.queue.shift()!;
      this.#queued = this.queue.length === 0 ? 0 : this.#queued - size;
      if (this.#closeRequested && this.queue.length === 0) this.close();
      else this.pull(controller);
      return Promise.resolve({ value: chunk, done: false });
    }
    if (this.state === "closed") return Promise.resolve({ value: undefined, done: true });
    if (this.state === "errored") return Promise.reject(this.error);
    const waiting = defer<Result>();
    this.waiting.push(waiting);
    this.pull(controller);
    return waiting.promise;
  }

  async cancel(reason: unknown): Promise<void> {
    this.disturbed = true;
    if (this.state === "closed") return;
    if (this.state === "errored") throw this.error;
    const source = this.#source;
    this.#drop();
    this.close();
    if (source?.cancel !== undefined) await Reflect.apply(source.cancel, source, [reason]);
  }
}

let coreOf: (stream: ReadableStream) => Core;
let controllerOf: (stream: ReadableStream) => ReadableStreamDefaultController;

/** Whether a stream was read from or cancelled; for bodies. */
export const isDisturbed = (stream: ReadableStream): boolean => coreOf(stream).disturbed;

export class ReadableStreamDefaultController {
  #core: Core;

  constructor(token: symbol, core: Core) {
    if (token !== kConstruct) throw new TypeError("Illegal constructor");
    this.#core = core;
  }

  get desiredSize(): number | null { return this.#core.desiredSize; }
  /** Buffers of the caller are never offered here. */
  get byobRequest(): null { return null; }
  enqueue(chunk?: any): void { this.#core.enqueue(chunk, this); }
  close(): void { this.#core.requestClose(); }
  error(reason?: unknown): void { this.#core.fail(reason); }
}

export class ReadableStreamDefaultReader {
  #stream: ReadableStream | undefined;
  #closed: Promise<void>;

  constructor(stream: ReadableStream) {
    const core = coreOf(stream);
    if (core.reader !== undefined) throw new TypeError("Invalid state: ReadableStream is locked");
    core.reader = this;
    this.#stream = stream;
    this.#closed = core.closed.promise;
  }

  get closed(): Promise<void> { return this.#closed; }

  read(): Promise<Result> {
    if (this.#stream === undefined) return Promise.reject(released());
    return coreOf(this.#stream).read(controllerOf(this.#stream));
  }

  cancel(reason?: unknown): Promise<void> {
    if (this.#stream === undefined) return Promise.reject(released());
    return coreOf(this.#stream).cancel(reason);
  }

  releaseLock(): void {
    if (this.#stream === undefined) return;
    const core = coreOf(this.#stream);
    for (const { reject } of core.waiting.splice(0)) reject(released());
    core.reader = undefined;
    this.#stream = undefined;
    const closed = handled(defer<void>());
    closed.reject(released());
    this.#closed = closed.promise;
  }
}

const released = () => new TypeError("Invalid state: The reader is not attached to a stream");

export class ReadableStream {
  #core: Core;
  #controller: ReadableStreamDefaultController;

  static {
    coreOf = (stream) => stream.#core;
    controllerOf = (stream) => stream.#controller;
  }

  constructor(source: any = {}, strategy: any = {}) {
    if (source === null) throw new TypeError("The source must be an object");
    for (const name of ["start", "pull", "cancel"]) {
      if (source[name] !== undefined && typeof source[name] !== "function")
        throw new TypeError(`The source's ${name} must be a function`);
    }
    if (source.type !== undefined && String(source.type) !== "bytes")
      throw new TypeError(`The source's type '${source.type}' is invalid`);
    const isBytes = source.type !== undefined;
    this.#core = new Core(sizeOf(strategy), highWaterMarkOf(strategy, isBytes ? 0 : 1));
    this.#controller = new ReadableStreamDefaultController(kConstruct, this.#core);
    this.#core.start(source, this.#controller);
  }

  get locked(): boolean { return this.#core.reader !== undefined; }

  cancel(reason?: unknown): Promise<void> {
    if (this.locked) return Promise.reject(new TypeError("Invalid state: ReadableStream is locked"));
    return this.#core.cancel(reason);
  }

  getReader(options: any = {}): ReadableStreamDefaultReader {
    if (options?.mode !== undefined) throw unsupportedError('ReadableStream.getReader({ mode: "byob" })');
    return new ReadableStreamDefaultReader(this);
  }

  tee(): [ReadableStream, ReadableStream] {
    return tee(this);
  }

  async pipeTo(destination: WritableStream, options: any = {}): Promise<void> {
    if (!(destination instanceof WritableStream))
      throw new TypeError("The destination must be a WritableStream");
    if (this.locked || destination.locked) throw new TypeError("Invalid state: a stream is locked");
    return pipe(this, destination, options ?? {});
  }

  pipeThrough(pair: any, options: any = {}): ReadableStream {
    handled({ promise: this.pipeTo(pair.writable, options) });
    return pair.readable;
  }

  async *values(options: any = {}): AsyncGenerator<any> {
    const reader = this.getReader();
    let isOver = false;
    try {
      for (;;) {
        const { value, done } = await reader.read();
        if (done) {
          isOver = true;
          return;
        }
        yield value;
      }
    } catch (error) {
      isOver = true;
      throw error;
    } finally {
      if (!isOver && !options?.preventCancel) await reader.cancel();
      reader.releaseLock();
    }
  }

  [Symbol.asyncIterator](options?: any): AsyncGenerator<any> { return this.values(options); }
  get [Symbol.toStringTag](): string { return "ReadableStream"; }

  static from(iterable: any): ReadableStream {
    const start = iterable?.[Symbol.asyncIterator] ?? iterable?.[Symbol.iterator];
    if (typeof start !== "function") throw new TypeError("The value is not iterable");
    const iterator = Reflect.apply(start, iterable, []);
    return new ReadableStream({
      async pull(controller: any) {
        const { value, done } = await iterator.next();
        if (done) controller.close();
        else controller.enqueue(await value);
      },
      async cancel(reason: unknown) {
        await iterator.return?.(reason);
      },
    }, { highWaterMark: 0 });
  }
}

function tee(stream: ReadableStream): [ReadableStream, ReadableStream] {
  const reader = stream.getReader();
  const controllers: any[] = [];
  const reasons: unknown[] = [undefined, undefined];
  const isCancelled = [false, false];
  const cancelled = handled(defer<void>());
  let reading: Promise<void> | undefined;
  const pull = (): Promise<void> => {
    reading ??= reader.read().then(({ value, done }) => {
      reading = undefined;
      controllers.forEach((controller, index) => {
        if (isCancelled[index]) return;
        if (done) controller.close();
        else controller.enqueue(value);
      });
      if (done) cancelled.resolve();
    }, (error) => {
      for (const controller of controllers) controller.error(error);
      cancelled.resolve();
    });
    return reading;
  };
  const branch = (index: number) => new ReadableStream({
    start(controller: any) { controllers[index] = controller; },
    pull,
    cancel(reason: unknown) {
      isCancelled[index] = true;
      reasons[index] = reason;
      if (isCancelled[1 - index]) reader.cancel(reasons).then(cancelled.resolve, cancelled.reject);
      return cancelled.promise;
    },
  }, { highWaterMark: 0 });
  const branches: [ReadableStream, ReadableStream] = [branch(0), branch(1)];
  handled({ promise: reader.closed }).promise.then(undefined, (error) => {
    for (const controller of controllers) controller.error(error);
    cancelled.resolve();
  });
  return branches;
}

async function pipe(source: ReadableStream, destination: WritableStream, options: any): Promise<void> {
  const { preventClose, preventAbort, preventCancel, signal } = options;
  const reader = source.getReader();
  const writer = destination.getWriter();
  const aborted = defer<never>();
  handled(aborted);
  const onAbort = () => aborted.reject(signal.reason);
  if (signal?.aborted) onAbort();
  else signal?.addEventListener("abort", onAbort, { once: true });
  // Which end failed decides which other end is told.
  let failed: "source" | "destination" | "both" = "both";
  const from = async <T>(end: "source" | "destination", work: Promise<T>): Promise<T> => {
    try {
      return await Promise.race([work, aborted.promise]);
    } catch (error) {
      failed = signal?.aborted ? "both" : end;
      throw error;
    }
  };
  try {
    for (;;) {
      await from("destination", writer.ready);
      const { value, done } = await from("source", reader.read());
      if (done) break;
      handled({ promise: writer.write(value) });
    }
    await from("destination", preventClose ? writer.ready : writer.close());
  } catch (error) {
    if (!preventAbort && failed !== "destination") await writer.abort(error).catch(() => {});
    if (!preventCancel && failed !== "source") await reader.cancel(error).catch(() => {});
    throw error;
  } finally {
    signal?.removeEventListener("abort", onAbort);
    reader.releaseLock();
    writer.releaseLock();
  }
}

export class TransformStreamDefaultController {
  #readable: ReadableStreamDefaultController;
  #fail: (reason: unknown) => void;
  #end: () => void;

  constructor(token: symbol, readable: ReadableStreamDefaultController,
    fail: (reason: unknown) => void, end: () => void) {
    if (token !== kConstruct) throw new TypeError("Illegal constructor");
    this.#readable = readable;
    this.#fail = fail;
    this.#end = end;
  }

  get desiredSize(): number | null { return this.#readable.desiredSize; }
  enqueue(chunk?: any): void { this.#readable.enqueue(chunk); }
  error(reason?: unknown): void { this.#fail(reason); }
  terminate(): void {
    this.#readable.close();
    this.#end();
  }
}

export class TransformStream {
  readonly readable: ReadableStream;
  readonly writable: WritableStream;

  constructor(transformer: any = {}, writableStrategy: any = {}, readableStrategy: any = {}) {
    let readable!: ReadableStreamDefaultController;
    let writable: any;
    // Writing waits until the readable end wants something.
    let wanted = defer<void>();
    this.readable = new ReadableStream({
      start(controller: any) { readable = controller; },
      pull() { wanted.resolve(); },
      cancel(reason: unknown) {
        writable.error(reason);
        wanted.resolve();
        return transformer?.cancel?.(reason);
      },
    }, { highWaterMark: 0, ...readableStrategy });
    const fail = (reason: unknown) => {
      readable.error(reason);
      writable.error(reason);
      wanted.resolve();
    };
    const end = () => {
      writable.error(new TypeError("Invalid state: TransformStream has been terminated"));
      wanted.resolve();
    };
    const own = new TransformStreamDefaultController(kConstruct, readable, fail, end);
    const guarded = async (work: () => unknown) => {
      try {
        await work();
      } catch (error) {
        fail(error);
        throw error;
      }
    };
    this.writable = new WritableStream({
      start: (controller: any) => {
        writable = controller;
        return transformer?.start?.(own);
      },
      write: async (chunk: any) => {
        if (!isWanted(this.readable) && !isOver(this.readable)) {
          wanted = defer<void>();
          await wanted.promise;
        }
        await guarded(() => (transformer?.transform === undefined ? own.enqueue(chunk)
          : transformer.transform(chunk, own)));
      },
      close: () => guarded(async () => {
        await transformer?.flush?.(own);
        if (!isOver(this.readable)) readable.close();
      }),
      abort: (reason: unknown) => {
        readable.error(reason);
        return transformer?.cancel?.(reason);
      },
    }, writableStrategy);
  }

  get [Symbol.toStringTag](): string { return "TransformStream"; }
}

const isWanted = (stream: ReadableStream): boolean =>
  coreOf(stream).waiting.length > 0 || coreOf(stream).desiredSize! > 0;
const isOver = (stream: ReadableStream): boolean => !coreOf(stream).canEnqueue;

export class TextDecoderStream {
  readonly #decoder: TextDecoder;
  readonly #transform: TransformStream;

  constructor(label?: string, options?: any) {
    this.#decoder = new TextDecoder(label, options);
    this.#transform = new TransformStream({
      transform: (chunk: any, controller: any) => {
        const text = this.#decoder.decode(chunk, { stream: true });
        if (text !== "") controller.enqueue(text);
      },
      flush: (controller: any) => {
        const text = this.#decoder.decode();
        if (text !== "") controller.enqueue(text);
      },
    });
  }

  get encoding(): string { return this.#decoder.encoding; }
  get fatal(): boolean { return this.#decoder.fatal; }
  get ignoreBOM(): boolean { return this.#decoder.ignoreBOM; }
  get readable(): ReadableStream { return this.#transform.readable; }
  get writable(): WritableStream { return this.#transform.writable; }
}

export class TextEncoderStream {
  readonly #transform: TransformStream;

  constructor() {
    const encoder = new TextEncoder();
    // A high surrogate may find its other half in the next chunk.
    let half = "";
    this.#transform = new TransformStream({
      transform(chunk: any, controller: any) {
        const text = half + String(chunk);
        half = /[\ud800-\udbff]$/.test(text) ? text.slice(-1) : "";
        const whole = half === "" ? text : text.slice(0, -1);
        if (whole !== "") controller.enqueue(encoder.encode(whole));
      },
      flush(controller: any) {
        if (half !== "") controller.enqueue(encoder.encode(half));
      },
    });
  }

  get encoding(): string { return "utf-8"; }
  get readable(): ReadableStream { return this.#transform.readable; }
  get writable(): WritableStream { return this.#transform.writable; }
}
