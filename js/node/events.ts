// SPDX-License-Identifier: MIT
/** `EventEmitter` as in Node. */
import { loadBuiltin } from "isopod:native";
import { unsupportedFunction } from "isopod:core";
import { abortError, checkFunction, checkSignal, invalidType, outOfRange } from "./node_errors";

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
  checkFunction(listener, "listener");
}

/** The emitter's way of hearing of promises of listeners that are rejected. */
const kCapture = Symbol("captureRejections");
let captureRejections = false;

/** Warns once for each event of an emitter that gathers more listeners than it should. */
const warned = new WeakMap<object, Set<string | symbol>>();
function checkCount(emitter: any, type: string | symbol, count: number): void {
  const most = emitter.getMaxListeners?.() ?? defaultMaxListeners;
  if (!(most > 0 && count > most) || warned.get(emitter)?.has(type)) return;
  const types = warned.get(emitter) ?? new Set();
  warned.set(emitter, types.add(type));
  (globalThis as any).process?.emitWarning?.(
    `Possible EventEmitter memory leak detected. ${count} ${String(type)} listeners added to ${
      emitter.constructor?.name ?? "an emitter"}. MaxListeners is ${
      most}. Use emitter.setMaxListeners() to increase limit`);
}

function add(emitter: any, type: string | symbol, entry: Entry, atFront: boolean): void {
  checkListener(entry.listener);
  const table = tableOf(emitter);
  if (table.has("newListener")) emitter.emit("newListener", type, entry.listener);
  const list = table.get(type) ?? [];
  table.set(type, atFront ? [entry, ...list] : [...list, entry]);
  if (list.length >= defaultMaxListeners || emitter._maxListeners !== undefined)
    checkCount(emitter, type, list.length + 1);
}

function failLater(emitter: any, type: string | symbol, args: any[], error: unknown): void {
  if (typeof emitter[captureRejectionSymbol] === "function") {
    emitter[captureRejectionSymbol](error, type, ...args);
    return;
  }
  const before = emitter[kCapture];
  emitter[kCapture] = false;
  try {
    emitter.emit("error", error);
  } finally {
    emitter[kCapture] = before;
  }
}

/** Hears of the failure of a listener that is an async function. */
function capture(emitter: any, type: string | symbol, args: any[], result: any): void {
  if (typeof result?.then !== "function") return;
  result.then(undefined, (error: unknown) =>
    queueMicrotask(() => failLater(emitter, type, args, error)));
}

function unhandled(error: any): never {
  if (error instanceof Error) throw error;
  const shown = loadBuiltin("isopod:web/inspect").inspect(error);
  const wrapped = new Error(`Unhandled error. (${shown})`) as any;
  wrapped.code = "ERR_UNHANDLED_ERROR";
  wrapped.context = error;
  throw wrapped;
}

// A function, not a class: Node's can be called without `new` by old-style subclasses.
export function EventEmitter(this: any, options?: any): void {
  const wanted = options?.captureRejections;
  if (wanted !== undefined && typeof wanted !== "boolean")
    throw invalidType("options.captureRejections", "of type boolean", wanted);
  if (wanted ?? captureRejections) {
    Object.defineProperty(this, kCapture, { value: true, writable: true, configurable: true });
  }
}

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
      const result = Reflect.apply(entry.listener, this, args);
      if (result !== undefined && result !== null && this[kCapture])
        capture(this, type, args, result);
    }
    return true;
  },
  listeners(type: string | symbol) {
    return (tableOf(this).get(type) ?? []).map((entry) => entry.listener);
  },
  rawListeners(this: any, type: string | symbol) {
    return (tableOf(this).get(type) ?? []).map((entry) => {
      if (!entry.isOnce) return entry.listener;
      const wrapper = (...args: any[]) => {
        this.removeListener(type, entry.listener);
        return Reflect.apply(entry.listener, this, args);
      };
      return Object.assign(wrapper, { listener: entry.listener });
    });
  },
  listenerCount(type: string | symbol, listener?: Listener) {
    const list = tableOf(this).get(type) ?? [];
    return listener === undefined ? list.length
      : list.filter((entry) => entry.listener === listener).length;
  },
  eventNames() { return [...tableOf(this).keys()]; },
  setMaxListeners(this: any, count: number) {
    checkMaximum(count);
    this._maxListeners = count;
    return this;
  },
  getMaxListeners() { return (this as any)._maxListeners ?? defaultMaxListeners; },
} as any);
for (const name of Object.keys(EventEmitter.prototype)) {
  Object.defineProperty(EventEmitter.prototype, name, { enumerable: false });
}

function checkMaximum(count: any): void {
  if (typeof count !== "number") throw invalidType("setMaxListeners", "of type number", count);
  if (!(count >= 0)) throw outOfRange("setMaxListeners", ">= 0", count);
}

const isEmitter = (value: any): boolean => typeof value?.on === "function";
const isTarget = (value: any): boolean => typeof value?.addEventListener === "function";

function checkEmitter(emitter: any): void {
  if (!isEmitter(emitter) && !isTarget(emitter))
    throw invalidType("emitter", "an instance of EventEmitter", emitter);
}

export async function once(emitter: any, type: any, options: any = {}): Promise<any[]> {
  const { signal } = options ?? {};
  checkSignal(signal);
  if (signal?.aborted) throw abortError(signal);
  checkEmitter(emitter);
  return new Promise((resolve, reject) => {
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
    const onAbort = () => { stop(); reject(abortError(signal)); };
    signal?.addEventListener("abort", onAbort, { once: true });
    if (typeof emitter.on === "function") {
      emitter.on(type, onEvent);
      if (type !== "error") emitter.on("error", onError);
    } else {
      emitter.addEventListener(type, onEvent, { once: true });
    }
  });
}

/** The events from now on, as an async iterator. */
export function on(emitter: any, type: any, options: any = {}): any {
  const { signal, close = [] } = options ?? {};
  checkSignal(signal);
  if (signal?.aborted) throw abortError(signal);
  checkEmitter(emitter);
  const queue: any[][] = [];
  const waiting: { resolve: (result: any) => void; reject: (error: unknown) => void }[] = [];
  let failure: { error: unknown } | undefined;
  let isOver = false;
  const add = (name: any, listener: Listener) =>
    (isEmitter(emitter) ? emitter.on(name, listener) : emitter.addEventListener(name, listener));
  const remove = (name: any, listener: Listener) => (isEmitter(emitter)
    ? emitter.removeListener(name, listener) : emitter.removeEventListener(name, listener));
  const onEvent = (...args: any[]) => {
    const first = waiting.shift();
    if (first !== undefined) first.resolve({ value: args, done: false });
    else queue.push(args);
  };
  const stop = () => {
    isOver = true;
    remove(type, onEvent);
    if (type !== "error" && isEmitter(emitter)) remove("error", fail);
    for (const name of close) remove(name, finish);
    signal?.removeEventListener("abort", onAbort);
  };
  const finish = () => {
    stop();
    for (const each of waiting.splice(0)) each.resolve({ value: undefined, done: true });
    return Promise.resolve({ value: undefined, done: true });
  };
  const fail = (error: unknown) => {
    const first = waiting.shift();
    if (first !== undefined) first.reject(error);
    else failure = { error };
    finish();
  };
  const onAbort = () => fail(abortError(signal));
  add(type, onEvent);
  if (type !== "error" && isEmitter(emitter)) add("error", fail);
  for (const name of close) add(name, finish);
  signal?.addEventListener("abort", onAbort, { once: true });
  return {
    next() {
      if (queue.length > 0) return Promise.resolve({ value: queue.shift(), done: false });
      if (failure !== undefined) {
        const { error } = failure;
        failure = undefined;
        return Promise.reject(error);
      }
      if (isOver) return finish();
      return new Promise((resolve, reject) => waiting.push({ resolve, reject }));
    },
    return: finish,
    throw(error: any) {
      if (!(error instanceof Error))
        throw invalidType("EventEmitter.AsyncIterator", "an instance of Error", error);
      fail(error);
    },
    [Symbol.asyncIterator]() { return this; },
  };
}

export const listenerCount = (emitter: any, type: string): number =>
  emitter.listenerCount?.(type) ?? getEventListeners(emitter, type).length;
export const getEventListeners = (emitter: any, type: string): Listener[] =>
  emitter.listeners?.(type) ?? [];
export function setMaxListeners(count: number = defaultMaxListeners, ...emitters: any[]): void {
  checkMaximum(count);
  if (emitters.length === 0) defaultMaxListeners = count;
  for (const emitter of emitters) emitter.setMaxListeners?.(count);
}
export const getMaxListeners = (emitter: any): number =>
  emitter.getMaxListeners?.() ?? defaultMaxListeners;

/** Calls the listener when the signal is aborted, at once if it is; the result takes it back. */
export function addAbortListener(signal: AbortSignal, listener: any): any {
  if (signal === undefined) throw invalidType("signal", "an instance of AbortSignal", signal);
  checkSignal(signal, "signal");
  checkFunction(listener, "listener");
  if (signal.aborted) queueMicrotask(() => listener());
  else signal.addEventListener("abort", listener, { once: true });
  return {
    [Symbol.dispose ?? Symbol.for("Symbol.dispose")]: () =>
      signal.removeEventListener("abort", listener),
  };
}

export const usingDomains = false;
export const init = EventEmitter;
export const EventEmitterAsyncResource =
  unsupportedFunction("node:events.EventEmitterAsyncResource");
export { captureRejections };

Object.assign(EventEmitter, {
  addAbortListener, EventEmitterAsyncResource, init, usingDomains,
  EventEmitter, once, on, listenerCount, getEventListeners, setMaxListeners, getMaxListeners,
  errorMonitor, captureRejectionSymbol,
});
Object.defineProperty(EventEmitter, "defaultMaxListeners", {
  get: () => defaultMaxListeners,
  set: (count: number) => { defaultMaxListeners = count; },
  enumerable: true, configurable: true,
});
Object.defineProperty(EventEmitter, "captureRejections", {
  get: () => captureRejections,
  set: (value: boolean) => {
    if (typeof value !== "boolean")
      throw invalidType("EventEmitter.captureRejections", "of type boolean", value);
    captureRejections = value;
  },
  enumerable: true, configurable: true,
});

export default EventEmitter;
