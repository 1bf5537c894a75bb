// SPDX-License-Identifier: MIT
/** `Event`, `CustomEvent` and `EventTarget` without a tree: there is one target and no path above. */

const kNone = 0;
const kAtTarget = 2;

interface State {
  target: unknown;
  phase: number;
  isCancelled: boolean;
  isStopped: boolean;
  isStoppedAtOnce: boolean;
  isPassive: boolean;
}
const states = new WeakMap<Event, State>();
const stateOf = (event: Event): State => states.get(event)!;

export class Event {
  static readonly NONE = 0;
  static readonly CAPTURING_PHASE = 1;
  static readonly AT_TARGET = 2;
  static readonly BUBBLING_PHASE = 3;

  readonly type: string;
  readonly bubbles: boolean;
  readonly cancelable: boolean;
  readonly composed: boolean;
  readonly timeStamp = performance.now();
  readonly isTrusted: boolean = false;

  constructor(type: string, options: any = {}) {
    if (arguments.length === 0) throw new TypeError('The "type" argument must be specified');
    this.type = String(type);
    this.bubbles = Boolean(options?.bubbles);
    this.cancelable = Boolean(options?.cancelable);
    this.composed = Boolean(options?.composed);
    states.set(this, {
      target: null, phase: kNone, isCancelled: false, isStopped: false, isStoppedAtOnce: false,
      isPassive: false,
    });
  }

  get target(): any { return stateOf(this).target; }
  get srcElement(): any { return stateOf(this).target; }
  get currentTarget(): any { return stateOf(this).phase === kNone ? null : stateOf(this).target; }
  get eventPhase(): number { return stateOf(this).phase; }
  get defaultPrevented(): boolean { return stateOf(this).isCancelled; }
  get returnValue(): boolean { return !stateOf(this).isCancelled; }
  get cancelBubble(): boolean { return stateOf(this).isStopped; }
  set cancelBubble(value: boolean) { if (value) this.stopPropagation(); }

  composedPath(): any[] { return stateOf(this).phase === kNone ? [] : [stateOf(this).target]; }
  stopPropagation(): void { stateOf(this).isStopped = true; }
  stopImmediatePropagation(): void {
    stateOf(this).isStopped = true;
    stateOf(this).isStoppedAtOnce = true;
  }
  preventDefault(): void {
    if (this.cancelable && !stateOf(this).isPassive) stateOf(this).isCancelled = true;
  }

  get [Symbol.toStringTag](): string { return "Event"; }
}

export class CustomEvent extends Event {
  readonly detail: any;

  constructor(type: string, options: any = {}) {
    super(type, options);
    this.detail = options?.detail ?? null;
  }

  get [Symbol.toStringTag](): string { return "CustomEvent"; }
}

interface Listener {
  callback: any;
  capture: boolean;
  once: boolean;
  passive: boolean;
  isRemoved: boolean;
}
const listenersOf = new WeakMap<EventTarget, Map<string, Listener[]>>();

const captureOf = (options: any): boolean =>
  typeof options === "boolean" ? options : Boolean(options?.capture);

export class EventTarget {
  constructor() {
    listenersOf.set(this, new Map());
  }

  addEventListener(type: string, callback: any, options: any = {}): void {
    if (callback === null || callback === undefined) return;
    const signal = typeof options === "object" ? options?.signal : undefined;
    if (signal?.aborted) return;
    const table = listenersOf.get(this)!;
    const list = table.get(String(type)) ?? [];
    const capture = captureOf(options);
    if (list.some((other) => other.callback === callback && other.capture === capture)) return;
    table.set(String(type), [...list, {
      callback, capture, once: Boolean(options?.once), passive: Boolean(options?.passive),
      isRemoved: false,
    }]);
    signal?.addEventListener("abort", () => this.removeEventListener(type, callback, options),
                             { once: true });
  }

  removeEventListener(type: string, callback: any, options: any = {}): void {
    const table = listenersOf.get(this)!;
    const capture = captureOf(options);
    const list = table.get(String(type)) ?? [];
    table.set(String(type), list.filter((listener) => {
      const isIt = listener.callback === callback && listener.capture === capture;
      if (isIt) listener.isRemoved = true;
      return !isIt;
    }));
  }

  dispatchEvent(event: Event): boolean {
    const state = states.get(event);
    if (state === undefined) {
      throw new TypeError('The "event" argument must be an instance of Event');
    }
    if (state.phase !== kNone) {
      throw new DOMException("The event is already being dispatched", "InvalidStateError");
    }
    state.target = this;
    state.phase = kAtTarget;
    for (const listener of listenersOf.get(this)!.get(event.type) ?? []) {
      if (listener.isRemoved) continue;
      if (listener.once) this.removeEventListener(event.type, listener.callback, listener);
      state.isPassive = listener.passive;
      invoke(listener.callback, this, event);
      state.isPassive = false;
      if (state.isStoppedAtOnce) break;
    }
    state.phase = kNone;
    state.isStopped = state.isStoppedAtOnce = false;
    return !state.isCancelled;
  }

  get [Symbol.toStringTag](): string { return "EventTarget"; }
}

/** A listener that throws does not disturb the others; its error is reported as unhandled. */
function invoke(callback: any, target: EventTarget, event: Event): void {
  try {
    if (typeof callback === "function") callback.call(target, event);
    else callback.handleEvent?.(event);
  } catch (error) {
    Promise.reject(error);
  }
}

/** Gives `target` an `on<type>` property that behaves as in browsers. */
export function defineHandlerProperty(prototype: object, type: string): void {
  const handlers = new WeakMap<object, { handler: any; listener: any }>();
  Object.defineProperty(prototype, `on${type}`, {
    get(this: EventTarget) {
      return handlers.get(this)?.handler ?? null;
    },
    set(this: EventTarget, handler: any) {
      const before = handlers.get(this);
      if (before !== undefined) this.removeEventListener(type, before.listener);
      handlers.delete(this);
      if (typeof handler !== "function") return;
      const listener = (event: Event) => handler.call(this, event);
      handlers.set(this, { handler, listener });
      this.addEventListener(type, listener);
    },
    configurable: true,
    enumerable: true,
  });
}
