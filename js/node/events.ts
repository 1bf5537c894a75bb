// SPDX-License-Identifier: MIT
/** `EventEmitter` as in Node. */

type Listener = (...args: any[]) => void;
interface Entry {
  listener: Listener;
  isOnce: boolean;
}

export const errorMonitor = Symbol("events.errorMonitor");
export const captureRejectionSymbol = Symbol.for("nodejs.rejection");
export let defaultMaxListeners = 10;

// Subclasses written as plain functions never run the constructor, so tables are made on demand.
const tables = new WeakMap<object, Map<string | symbol, Entry[]>>();
function tableOf(emitter: object): Map<string | symbol, Entry[]> {
  let table = tables.get(emitter);
  if (table === undefined) tables.set(emitter, (table = new Map()));
  return table;
}

function checkListener(listener: unknown): asserts listener is Listener {
  if (typeof listener === "function") return;
  const error = new TypeError(`The "listener" argument must be of type function. Received ${
                  listener === null ? "null" : typeof listener}`) as any;
  error.code = "ERR_INVALID_ARG_TYPE";
  throw error;
}

function add(emitter: any, type: string | symbol, entry: Entry, atFront: boolean): void {
  checkListener(entry.listener);
  const table = tableOf(emitter);
  if (table.has("newListener")) emitter.emit("newListener", type, entry.listener);
  const list = table.get(type) ?? [];
  table.set(type, atFront ? [entry, ...list] : [...list, entry]);
}

function unhandled(error: any): never {
  if (error instanceof Error) throw error;
  const wrapped = new Error(`Unhandled error. (${String(error)})`) as any;
  wrapped.code = "ERR_UNHANDLED_ERROR";
  wrapped.context = error;
  throw wrapped;
}

// A function, not a class: Node's can be called without `new` by old-style subclasses.
export function EventEmitter(this: any, _options?: object): void {}

Object.assign(EventEmitter.prototype, {
  addListener(type: string | symbol, listener: Listener) { return this.on(type, listener); },
  on(this: any, type: string | symbol, listener: Listener) {
    add(this, type, { listener, isOnce: false }, false);
    return this;
  },
  prependListener(this: any, type: string | symbol, listener: Listener) {
    add(this, type, { listener, isOnce: false }, true);
    return this;
  },
  once(this: any, type: string | symbol, listener: Listener) {
    add(this, type, { listener, isOnce: true }, false);
    return this;
  },
  prependOnceListener(this: any, type: string | symbol, listener: Listener) {
    add(this, type, { listener, isOnce: true }, true);
    return this;
  },
  off(type: string | symbol, listener: Listener) { return this.removeListener(type, listener); },
  removeListener(this: any, type: string | symbol, listener: Listener) {
    checkListener(listener);
    const table = tableOf(this);
    const list = table.get(type) ?? [];
    const index = list.findLastIndex((entry) => entry.listener === listener);
    if (index < 0) return this;
    if (list.length === 1) table.delete(type);
    else table.set(type, list.toSpliced(index, 1));
    if (table.has("removeListener")) this.emit("removeListener", type, listener);
    return this;
  },
  removeAllListeners(this: any, type?: string | symbol) {
    const table = tableOf(this);
    const types =
      type === undefined ? [...table.keys()].filter((one) => one !== "removeListener") : [type];
    for (const one of types) {
      for (const { listener } of [...(table.get(one) ?? [])].reverse())
        this.removeListener(one, listener);
    }
    if (type === undefined) table.delete("removeListener");
    return this;
  },
  emit(this: any, type: string | symbol, ...args: any[]): boolean {
    const table = tableOf(this);
    if (type === "error" && table.has(errorMonitor)) this.emit(errorMonitor, ...args);
    const list = table.get(type);
    if (list === undefined) {
      if (type === "error") unhandled(args[0]);
      return false;
    }
    for (const entry of list) {
      if (entry.isOnce) {
        const current = table.get(type);
        if (!current?.includes(entry)) continue;
        const rest = current.filter((other) => other !== entry);
        if (rest.length > 0) table.set(type, rest);
        else table.delete(type);
      }
      Reflect.apply(entry.listener, this, args);
    }
    return true;
  },
  listeners(type: string | symbol) {
    return (tableOf(this).get(type) ?? []).map((entry) => entry.listener);
  },
  rawListeners(type: string | symbol) { return this.listeners(type); },
  listenerCount(type: string | symbol) { return (tableOf(this).get(type) ?? []).length; },
  eventNames() { return [...tableOf(this).keys()]; },
  setMaxListeners(this: any, count: number) {
    this._maxListeners = count;
    return this;
  },
  getMaxListeners() { return (this as any)._maxListeners ?? defaultMaxListeners; },
} as any);
for (const name of Object.keys(EventEmitter.prototype)) {
  Object.defineProperty(EventEmitter.prototype, name, { enumerable: false });
}

export function once(emitter: any, type: string, options: any = {}): Promise<any[]> {
  return new Promise((resolve, reject) => {
    const { signal } = options;
    const stop = () => {
      if (typeof emitter.removeListener === "function") {
        emitter.removeListener(type, onEvent);
        emitter.removeListener("error", onError);
      } else {
        emitter.removeEventListener(type, onEvent);
      }
      signal?.removeEventListener("abort", onAbort);
    };
    const onEvent = (...args: any[]) => { stop(); resolve(args); };
    const onError = (error: unknown) => { stop(); reject(error); };
    const onAbort = () => { stop(); reject(signal.reason); };
    if (signal?.aborted) return reject(signal.reason);
    signal?.addEventListener("abort", onAbort, { once: true });
    if (typeof emitter.on === "function") {
      emitter.on(type, onEvent);
      if (type !== "error") emitter.on("error", onError);
    } else {
      emitter.addEventListener(type, onEvent, { once: true });
    }
  });
}

export async function* on(emitter: any, type: string, options: any = {}): AsyncGenerator<any[]> {
  const queue: any[][] = [];
  let wake = () => {};
  let failure: { error: unknown } | undefined;
  const onEvent = (...args: any[]) => { queue.push(args); wake(); };
  const fail = (error: unknown) => { failure = { error }; wake(); };
  const onAbort = () => fail(options.signal.reason);
  options.signal?.throwIfAborted();
  options.signal?.addEventListener("abort", onAbort, { once: true });
  emitter.on(type, onEvent);
  if (type !== "error") emitter.on("error", fail);
  try {
    for (;;) {
      while (queue.length > 0) yield queue.shift()!;
      if (failure !== undefined) throw failure.error;
      await new Promise<void>((resolve) => { wake = resolve; });
    }
  } finally {
    emitter.removeListener(type, onEvent);
    emitter.removeListener("error", fail);
    options.signal?.removeEventListener("abort", onAbort);
  }
}

export const listenerCount = (emitter: any, type: string): number => emitter.listenerCount(type);
export const getEventListeners = (emitter: any, type: string): Listener[] =>
  emitter.listeners?.(type) ?? [];
export function setMaxListeners(count: number = defaultMaxListeners, ...emitters: any[]): void {
  if (emitters.length === 0) defaultMaxListeners = count;
  for (const emitter of emitters) emitter.setMaxListeners?.(count);
}
export const getMaxListeners = (emitter: any): number =>
  emitter.getMaxListeners?.() ?? defaultMaxListeners;

Object.assign(EventEmitter, {
  EventEmitter, once, on, listenerCount, getEventListeners, setMaxListeners, getMaxListeners,
  errorMonitor, captureRejectionSymbol,
});
Object.defineProperty(EventEmitter, "defaultMaxListeners", {
  get: () => defaultMaxListeners,
  set: (count: number) => { defaultMaxListeners = count; },
  enumerable: true, configurable: true,
});

export default EventEmitter;
