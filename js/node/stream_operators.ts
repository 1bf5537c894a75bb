// SPDX-License-Identifier: MIT
/** `Readable.from` and the methods that treat a readable stream as a list. */
import { Buffer } from "node:buffer";
import { abortError, addMembers, checkFunction, checkSignal, invalidType, nextTick,
  nodeError,
} from "./node_errors";
import { nullValues } from "./stream_base";
import { Readable } from "./stream_readable";

const ReadableClass = Readable as any;

/** Pushes what the iterator gives until the stream is full. */
async function feed(
  stream: any, iterator: any, isAsync: boolean, setBusy: (busy: boolean) => void): Promise<void> {
  for (;;) {
    try {
      const { value, done } = isAsync ? await iterator.next() : iterator.next();
      if (done) {
        stream.push(null);
        return;
      }
      const chunk = typeof value?.then === "function" ? await value : value;
      if (chunk === null) {
        setBusy(false);
        throw nullValues();
      }
      if (stream.push(chunk)) continue;
      setBusy(false);
    } catch (error) {
      stream.destroy(error);
    }
    return;
  }
}

export function from(this: any, iterable: any, options?: any): any {
  const Type = typeof this === "function" && this.prototype instanceof Readable ? this
    : ReadableClass;
  if (typeof iterable === "string" || Buffer.isBuffer(iterable)) {
    return new Type({
      objectMode: true, ...options,
      read(this: any) {
        this.push(iterable);
        this.push(null);
      },
    });
  }
  const isAsync = typeof iterable?.[Symbol.asyncIterator] === "function";
  if (!isAsync && typeof iterable?.[Symbol.iterator] !== "function")
    throw invalidType("iterable", "an instance of Iterable", iterable);
  const iterator = isAsync ? iterable[Symbol.asyncIterator]() : iterable[Symbol.iterator]();
  const stream = new Type({ objectMode: true, highWaterMark: 1, ...options });
  let isBusy = false;
  stream._read = () => {
    if (isBusy) return;
    isBusy = true;
    feed(stream, iterator, isAsync, (busy) => { isBusy = busy; });
  };
  stream._destroy = (error: any, done: (error?: any) => void) => {
    const close = async () => {
      const hasFailed = error !== undefined && error !== null;
      if (hasFailed && typeof iterator.throw === "function") {
        const { value, done: isDone } = await iterator.throw(error);
        await value;
        if (isDone) return;
      }
      if (typeof iterator.return === "function") await (await iterator.return()).value;
    };
    close().then(() => nextTick(done, error), (failure) => nextTick(done, failure ?? error));
  };
  return stream;
}

function checkOptions(fn: any, options: any): void {
  checkFunction(fn, "fn");
  if (options !== undefined && options !== null && typeof options !== "object")
    throw invalidType("options", "of type object", options);
  checkSignal(options?.signal);
}

/** The stream's chunks; stops when the signal of the options is aborted. */
async function* chunksOf(stream: any, options: any): AsyncGenerator<any> {
  const signal = options?.signal;
  if (signal?.aborted) throw abortError(signal);
  for await (const chunk of stream) {
    if (signal?.aborted) throw abortError(signal);
    yield chunk;
  }
}

const callOptions = (options: any) =>
  ({ signal: options?.signal ?? new AbortController().signal });

async function* mapped(stream: any, fn: any, options: any): AsyncGenerator<any> {
  const given = callOptions(options);
  const running: Promise<any>[] = [];
  for await (const chunk of chunksOf(stream, options)) {
    const result = (async () => fn(chunk, given))();
    result.catch(() => {});
    running.push(result);
    if (running.length >= (options?.concurrency ?? 1)) yield await running.shift();
  }
  for (const result of running) yield await result;
}

function map(this: any, fn: any, options?: any): any {
  checkOptions(fn, options);
  return from.call(undefined, mapped(this, fn, options));
}

const generate = (make: (stream: any, fn: any, options: any) => AsyncGenerator<any>) =>
  function (this: any, fn: any, options?: any): any {
    checkOptions(fn, options);
    return from.call(undefined, make(this, fn, options));
  };

function countOf(given: any): number {
  const count = Number(given);
  if (Number.isNaN(count)) return 0;
  if (count < 0)
    throw nodeError(RangeError, "ERR_OUT_OF_RANGE",
      `The value of "number" is out of range. It must be >= 0. Received ${count}`);
  return count;
}

addMembers(Readable.prototype, {
  map,
  filter: generate(async function* (stream, fn, options) {
    for await (const chunk of chunksOf(stream, options))
      if (await fn(chunk, callOptions(options))) yield chunk;
  }),
  flatMap: generate(async function* (stream, fn, options) {
    for await (const list of mapped(stream, fn, options)) yield* list;
  }),
  take(this: any, given: any, options?: any): any {
    const count = countOf(given);
    return from.call(undefined, async function* (this: any) {
      let left = count;
      if (left <= 0) return;
      for await (const chunk of chunksOf(this, options)) {
        yield chunk;
        if (--left <= 0) return;
      }
    }.call(this));
  },
  drop(this: any, given: any, options?: any): any {
    const count = countOf(given);
    return from.call(undefined, async function* (this: any) {
      let left = count;
      for await (const chunk of chunksOf(this, options)) if (left-- <= 0) yield chunk;
    }.call(this));
  },
  async toArray(this: any, options?: any): Promise<any[]> {
    checkSignal(options?.signal);
    const all = [];
    for await (const chunk of chunksOf(this, options)) all.push(chunk);
    return all;
  },
  async forEach(this: any, fn: any, options?: any): Promise<void> {
    checkOptions(fn, options);
    for await (const _ of mapped(this, fn, options)) { /* Only the calls count. */ }
  },
  async some(this: any, fn: any, options?: any): Promise<boolean> {
    checkOptions(fn, options);
    for await (const chunk of chunksOf(this, options))
      if (await fn(chunk, callOptions(options))) return true;
    return false;
  },
  async every(this: any, fn: any, options?: any): Promise<boolean> {
    checkOptions(fn, options);
    for await (const chunk of chunksOf(this, options))
      if (!await fn(chunk, callOptions(options))) return false;
    return true;
  },
  async find(this: any, fn: any, options?: any): Promise<any> {
    checkOptions(fn, options);
    for await (const chunk of chunksOf(this, options))
      if (await fn(chunk, callOptions(options))) return chunk;
    return undefined;
  },
  async reduce(this: any, fn: any, ...rest: any[]): Promise<any> {
    const [initial, options] = rest;
    checkOptions(fn, options);
    let [value, isEmpty] = [initial, rest.length === 0];
    for await (const chunk of chunksOf(this, options)) {
      value = isEmpty ? chunk : await fn(value, chunk, callOptions(options));
      isEmpty = false;
    }
    if (isEmpty)
      throw nodeError(TypeError, "ERR_MISSING_ARGS",
        "Reduce of an empty stream requires an initial value");
    return value;
  },
});

/** A web stream with the chunks of this one, when the platform has web streams. */
function toWeb(stream: any, options: any = {}): any {
  let iterator: any;
  return new (globalThis as any).ReadableStream({
    start() { iterator = stream[Symbol.asyncIterator](); },
    async pull(controller: any) {
      const { value, done } = await iterator.next();
      if (done) controller.close();
      else controller.enqueue(Buffer.isBuffer(value) ? new Uint8Array(value) : value);
    },
    async cancel(reason: any) { stream.destroy(reason); },
  }, options.strategy ?? { highWaterMark: 0 });
}

async function* webChunks(web: any): AsyncGenerator<any> {
  const reader = web.getReader();
  let isDone = false;
  try {
    for (;;) {
      const { value, done } = await reader.read();
      isDone = done;
      if (done) return;
      yield value;
    }
  } finally {
    if (!isDone) await reader.cancel();
    reader.releaseLock();
  }
}

Object.assign(Readable, {
  from,
  wrap: (old: any, options?: any) => new ReadableClass({
    objectMode: old.readableObjectMode ?? old.objectMode ?? true,
    ...options,
    destroy(error: any, done: (error?: any) => void) {
      old.destroy?.(error);
      done(error);
    },
  }).wrap(old),
  toWeb,
  fromWeb(web: any, options: any = {}): any {
    if (typeof web?.getReader !== "function")
      throw invalidType("readableStream", "an instance of ReadableStream", web);
    return from.call(
      undefined, webChunks(web), { objectMode: false, highWaterMark: undefined, ...options });
  },
});
