// SPDX-License-Identifier: MIT
/** `AbortController` and `AbortSignal`. */
import { defineHandlerProperty, Event, EventTarget } from "isopod:web/events";

const kConstruct = Symbol("construct");

interface State {
  isAborted: boolean;
  reason: unknown;
  /** Signals made of this one with `any`; each in turn follows the sources of its sources. */
  dependents: Set<AbortSignal>;
  sources: Set<AbortSignal> | undefined;
}
const states = new WeakMap<AbortSignal, State>();
const stateOf = (signal: AbortSignal): State => states.get(signal)!;

const abortError = () => new DOMException("This operation was aborted", "AbortError");

export class AbortSignal extends EventTarget {
  declare onabort: ((event: Event) => void) | null;

  constructor(token?: symbol) {
    if (token !== kConstruct) throw new TypeError("Illegal constructor");
    super();
    states.set(this, {
      isAborted: false, reason: undefined, dependents: new Set(), sources: undefined,
    });
  }

  get aborted(): boolean { return stateOf(this).isAborted; }
  get reason(): any { return stateOf(this).reason; }
  get [Symbol.toStringTag](): string { return "AbortSignal"; }

  throwIfAborted(): void {
    if (stateOf(this).isAborted) throw stateOf(this).reason;
  }

  static abort(reason: unknown = abortError()): AbortSignal {
    const signal = new AbortSignal(kConstruct);
    Object.assign(stateOf(signal), { isAborted: true, reason });
    return signal;
  }

  static timeout(milliseconds: number): AbortSignal {
    const signal = new AbortSignal(kConstruct);
    const timer: any = setTimeout(() => {
      abort(signal, new DOMException("The operation was aborted due to timeout", "TimeoutError"));
    }, milliseconds);
    timer.unref?.();
    return signal;
  }

  static any(signals: Iterable<AbortSignal>): AbortSignal {
    const given = [...signals];
    for (const source of given) {
      if (!states.has(source)) throw new TypeError("The signals must be instances of AbortSignal");
    }
    const result = new AbortSignal(kConstruct);
    const aborted = given.find((source) => source.aborted);
    if (aborted !== undefined) {
      Object.assign(stateOf(result), { isAborted: true, reason: aborted.reason });
      return result;
    }
    const sources = new Set<AbortSignal>();
    for (const source of given) {
      for (const origin of stateOf(source).sources ?? [source]) sources.add(origin);
    }
    stateOf(result).sources = sources;
    for (const source of sources) stateOf(source).dependents.add(result);
    return result;
  }
}
defineHandlerProperty(AbortSignal.prototype, "abort");

/** Marks the signal and all that depend on it before any listener runs. */
function abort(signal: AbortSignal, reason: unknown): void {
  if (stateOf(signal).isAborted) return;
  const affected = [signal, ...stateOf(signal).dependents].filter((one) => !one.aborted);
  for (const one of affected) Object.assign(stateOf(one), { isAborted: true, reason });
  stateOf(signal).dependents.clear();
  for (const one of affected) one.dispatchEvent(new Event("abort"));
}

export class AbortController {
  readonly signal = new AbortSignal(kConstruct);

  abort(reason?: unknown): void {
    abort(this.signal, reason === undefined ? abortError() : reason);
  }

  get [Symbol.toStringTag](): string { return "AbortController"; }
}
