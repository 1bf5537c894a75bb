// SPDX-License-Identifier: MIT
/** Timers as in Node: `Timeout` objects that also work as numbers. */
import { startTimer, stopTimer } from "isopod:native";
import { currentRequest, kNoRequest, withRequest } from "./support";

const kLongestDelay = 2147483647;
const apply = Reflect.apply;

/** What Node does with a delay: anything that is not in 1..2^31-1 becomes 1. */
function delayOf(milliseconds: unknown): number {
  const delay = Number(milliseconds);
  return delay >= 1 && delay <= kLongestDelay ? Math.trunc(delay) : 1;
}

function checkCallback(callback: unknown): void {
  if (typeof callback === "function") return;
  const error = new TypeError(
                  `The "callback" argument must be of type function. Received ${
                    callback === null ? "null" : typeof callback}`,
                  ) as any;
  error.code = "ERR_INVALID_ARG_TYPE";
  throw error;
}

const running = new Map<number, Timeout>();
let lastNumber = 0;

export class Timeout {
  #callback: (...args: any[]) => void;
  #delay: number;
  #repeat: boolean;
  #args: any[];
  #native = 0;
  #number = ++lastNumber;
  #referenced = true;
  // What a timer does belongs to the request that set it, whichever is open when it fires.
  readonly #request = currentRequest() || kNoRequest;

  constructor(callback: (...args: any[]) => void, delay: number, repeat: boolean, args: any[]) {
    this.#callback = callback;
    this.#delay = delay;
    this.#repeat = repeat;
    this.#args = args;
    this.#start();
  }

  #start(): void {
    running.set(this.#number, this);
    this.#native = startTimer(() => this.#fire(), this.#delay, this.#repeat);
  }

  #fire(): void {
    if (!this.#repeat) {
      running.delete(this.#number);
      this.#native = 0;
    }
    withRequest(this.#request, () => apply(this.#callback, this, this.#args));
  }

  ref(): this {
    this.#referenced = true;
    return this;
  }

  unref(): this {
    this.#referenced = false;
    return this;
  }

  hasRef(): boolean {
    return this.#referenced;
  }

  refresh(): this {
    if (this.#native !== 0) stopTimer(this.#native);
    this.#start();
    return this;
  }

  close(): this {
    if (this.#native !== 0) stopTimer(this.#native);
    this.#native = 0;
    running.delete(this.#number);
    return this;
  }

  [Symbol.toPrimitive](): number {
    return this.#number;
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

export class Immediate extends Timeout {
  constructor(callback: (...args: any[]) => void, args: any[]) {
    super(callback, 0, false, args);
  }
}

export function setTimeout(callback: any, milliseconds?: unknown, ...args: any[]): Timeout {
  checkCallback(callback);
  return new Timeout(callback, delayOf(milliseconds), false, args);
}

export function setInterval(callback: any, milliseconds?: unknown, ...args: any[]): Timeout {
  checkCallback(callback);
  return new Timeout(callback, delayOf(milliseconds), true, args);
}

export function setImmediate(callback: any, ...args: any[]): Immediate {
  checkCallback(callback);
  return new Immediate(callback, args);
}

/** Accepts a timer object or its number, and ignores everything else, as Node does. */
function clear(timer: unknown): void {
  if (timer instanceof Timeout) {
    timer.close();
  } else if (typeof timer === "number" || typeof timer === "string") {
    running.get(Number(timer))?.close();
  }
}

export const clearTimeout = function clearTimeout(timer?: unknown): void { clear(timer); };
export const clearInterval = function clearInterval(timer?: unknown): void { clear(timer); };
export const clearImmediate = function clearImmediate(timer?: unknown): void { clear(timer); };
