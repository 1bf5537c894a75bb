// SPDX-License-Identifier: MIT
/** `WritableStream`: a queue of writes to a sink, one at a time. */
import { defer, handled, highWaterMarkOf, sizeOf, type Deferred } from "./streams_support";

interface Write {
  chunk: any;
  size: number;
  done: Deferred<void>;
}
const kConstruct = Symbol("construct");

class Core {
  state: "writable" | "closing" | "closed" | "errored" = "writable";
  error: unknown;
  writer: WritableStreamDefaultWriter | undefined;
  readonly closed = handled(defer<void>());
  readonly abortController = new AbortController();
  ready: Deferred<void>;
  #queue: Write[] = [];
  #queued = 0;
  #isBusy = true;
  #sink: any;
  #controller: any;
  #closing: Deferred<void> | undefined;

  constructor(readonly size: (chunk: any) => number, readonly highWaterMark: number) {
    this.ready = handled(defer<void>());
    if (highWaterMark > 0) this.ready.resolve();
  }

  start(sink: any, controller: any): void {
    this.#sink = sink;
    this.#controller = controller;
    const started = sink.start === undefined ? undefined
      : Reflect.apply(sink.start, sink, [controller]);
    Promise.resolve(started).then(() => {
      this.#isBusy = false;
      this.#advance();
    }, (error) => this.fail(error));
  }

  get desiredSize(): number | null {
    if (this.state === "errored") return null;
    return this.state === "closed" ? 0 : this.highWaterMark - this.#queued;
  }

  write(chunk: any): Promise<void> {
    if (this.state === "errored") return Promise.reject(this.error);
    if (this.state !== "writable")
      return Promise.reject(new TypeError("Invalid state: WritableStream is closed"));
    let size;
    try {
      size = Number(this.size(chunk));
    } catch (error) {
      this.fail(error);
      return Promise.reject(error);
    }
    const done = handled(defer<void>());
    this.#queue.push({ chunk, size, done });
    this.#queued += size;
    if (this.desiredSize! <= 0 && size > 0) this.#holdBack();
    this.#advance();
    return done.promise;
  }

  #holdBack(): void {
    this.ready.resolve();
    this.ready = handled(defer<void>());
  }

  #advance(): void {
    if (this.#isBusy || this.state === "errored" || this.state === "closed") return;
    const write = this.#queue[0];
    if (write === undefined) {
      if (this.state === "closing") this.#finish();
      return;
    }
    this.#isBusy = true;
    this.#perform("write", [write.chunk, this.#controller]).then(() => {
      this.#isBusy = false;
      this.#queue.shift();
      this.#queued = this.#queue.length === 0 ? 0 : this.#queued - write.size;
      write.done.resolve();
      if (this.state === "writable" && this.desiredSize! > 0) this.ready.resolve();
      this.#advance();
    }, (error) => {
      this.#isBusy = false;
      write.done.reject(error);
      this.fail(error);
    });
  }

  async #perform(name: string, args: any[]): Promise<void> {
    const method = this.#sink?.[name];
    if (method !== undefined) await Reflect.apply(method, this.#sink, args);
  }

  #finish(): void {
    this.#isBusy = true;
    this.#perform("close", []).then(() => {
      if (this.state !== "closing") return;
      this.state = "closed";
      this.#closing!.resolve();
      this.closed.resolve();
    }, (error) => this.fail(error));
  }

  close(): Promise<void> {
    if (this.state === "errored") return Promise.reject(this.error);
    if (this.state !== "writable")
      return Promise.reject(new TypeError("Invalid state: WritableStream is closed"));
    this.state = "closing";
    this.#closing = handled(defer<void>());
    this.ready.resolve();
    this.#advance();
    return this.#closing.promise;
  }

  fail(error: unknown): void {
    if (this.state === "errored" || this.state === "closed") return;
    this.state = "errored";
    this.error = error;
    for (const { done } of this.#queue.splice(0)) done.reject(error);
    this.#closing?.reject(error);
    this.ready.reject(error);
    const ready = handled(defer<void>());
    ready.reject(error);
    this.ready = ready;
    this.closed.reject(error);
  }

  async abort(reason: unknown): Promise<void> {
    if (this.state === "errored" || this.state === "closed") return;
    this.abortController.abort(reason);
    this.fail(reason);
    await this.#perform("abort", [reason]);
  }
}

let coreOf: (stream: WritableStream) => Core;

export class WritableStreamDefaultController {
  #core: Core;

  constructor(token: symbol, core: Core) {
    if (token !== kConstruct) throw new TypeError("Illegal constructor");
    this.#core = core;
  }

  get signal(): AbortSignal { return this.#core.abortController.signal; }
  error(reason?: unknown): void { this.#core.fail(reason); }
}

export class WritableStreamDefaultWriter {
  #stream: WritableStream | undefined;

  constructor(stream: WritableStream) {
    const core = coreOf(stream);
    if (core.writer !== undefined) throw new TypeError("Invalid state: WritableStream is locked");
    core.writer = this;
    this.#stream = stream;
  }

  get closed(): Promise<void> { return this.#core?.closed.promise ?? Promise.reject(released()); }
  get ready(): Promise<void> { return this.#core?.ready.promise ?? Promise.reject(released()); }
  get desiredSize(): number | null {
    if (this.#core === undefined) throw released();
    return this.#core.desiredSize;
  }
  get #core(): Core | undefined { return this.#stream && coreOf(this.#stream); }

  write(chunk?: any): Promise<void> { return this.#core?.write(chunk) ?? Promise.reject(released()); }
  close(): Promise<void> { return this.#core?.close() ?? Promise.reject(released()); }
  abort(reason?: unknown): Promise<void> {
    return this.#core?.abort(reason) ?? Promise.reject(released());
  }
  releaseLock(): void {
    if (this.#core !== undefined) this.#core.writer = undefined;
    this.#stream = undefined;
  }
}

const released = () => new TypeError("Invalid state: The writer is not attached to a stream");

export class WritableStream {
  #core: Core;

  static {
    coreOf = (stream) => stream.#core;
  }

  constructor(sink: any = {}, strategy: any = {}) {
    if (sink === null) throw new TypeError("The sink must be an object");
    for (const name of ["start", "write", "close", "abort"]) {
      if (sink[name] !== undefined && typeof sink[name] !== "function")
        throw new TypeError(`The sink's ${name} must be a function`);
    }
    this.#core = new Core(sizeOf(strategy), highWaterMarkOf(strategy, 1));
    this.#core.start(sink, new WritableStreamDefaultController(kConstruct, this.#core));
  }

  get locked(): boolean { return this.#core.writer !== undefined; }
  getWriter(): WritableStreamDefaultWriter { return new WritableStreamDefaultWriter(this); }
  abort(reason?: unknown): Promise<void> {
    if (this.locked) return Promise.reject(new TypeError("Invalid state: WritableStream is locked"));
    return this.#core.abort(reason);
  }
  close(): Promise<void> {
    if (this.locked) return Promise.reject(new TypeError("Invalid state: WritableStream is locked"));
    return this.#core.close();
  }
  get [Symbol.toStringTag](): string { return "WritableStream"; }
}
