// SPDX-License-Identifier: MIT
/** Errors as Node words them. */
import { loadBuiltin } from "isopod:native";

const inspect = (value: unknown, options: object = {}): string =>
  loadBuiltin("isopod:web/inspect").inspect(value, options);

export function nodeError(Type: any, code: string, message: string): Error & { code: string } {
  const error = new Type(message);
  error.code = code;
  return error;
}

/** The end of a message that tells what came instead: ` Received type number (5)`. */
export function received(value: any): string {
  if (value === null || value === undefined) return ` Received ${value}`;
  if (typeof value === "function") return ` Received function ${value.name}`;
  if (typeof value === "object") {
    const name = value.constructor?.name;
    return name ? ` Received an instance of ${name}` : ` Received ${inspect(value, { depth: -1 })}`;
  }
  const shown = inspect(value);
  const short = shown.length > 28 ? `${shown.slice(0, 25)}...` : shown;
  return ` Received type ${typeof value} (${short})`;
}

/** `expected` is a phrase such as "of type string"; a name with a dot is that of a property. */
export function invalidType(name: string, expected: string, value: unknown): Error {
  const kind = name.includes(".") ? "property" : "argument";
  const subject = name.endsWith(" argument") ? `The ${name}` : `The "${name}" ${kind}`;
  return nodeError(TypeError, "ERR_INVALID_ARG_TYPE",
    `${subject} must be ${expected}.${received(value)}`);
}

export function invalidValue(name: string, value: unknown, reason = "is invalid"): Error {
  const kind = name.includes(".") ? "property" : "argument";
  const shown = inspect(value);
  return nodeError(TypeError, "ERR_INVALID_ARG_VALUE",
    `The ${kind} '${name}' ${reason}. Received ${
      shown.length > 128 ? `${shown.slice(0, 128)}...` : shown}`);
}

/** Digits in groups of three, as Node writes large numbers in messages about ranges. */
function grouped(value: number | bigint): string {
  const isLarge =
    typeof value === "bigint" || (Number.isInteger(value) && Math.abs(value) > 2 ** 32);
  if (!isLarge) return inspect(value);
  const text = String(value).replace(/\B(?=(\d{3})+$)/g, "_");
  return typeof value === "bigint" ? `${text}n` : text;
}

export function outOfRange(name: string, range: string, value: any): Error {
  const shown = typeof value === "number" || typeof value === "bigint" ? grouped(value)
    : inspect(value);
  return nodeError(RangeError, "ERR_OUT_OF_RANGE",
    `The value of "${name}" is out of range. It must be ${range}. Received ${shown}`);
}

export function checkFunction(
  value: unknown, name: string): asserts value is (...args: any[]) => any {
  if (typeof value !== "function") throw invalidType(name, "of type function", value);
}

export function checkInteger(value: unknown, name: string, low = Number.MIN_SAFE_INTEGER,
  high = Number.MAX_SAFE_INTEGER): asserts value is number {
  if (typeof value !== "number") throw invalidType(name, "of type number", value);
  if (!Number.isInteger(value)) throw outOfRange(name, "an integer", value);
  if (value < low || value > high) throw outOfRange(name, `>= ${low} && <= ${high}`, value);
}

export const isSignal = (value: any): boolean =>
  value !== null && typeof value === "object" && "aborted" in value;

export function checkSignal(signal: any, name = "options.signal"): void {
  if (signal !== undefined && !isSignal(signal))
    throw invalidType(name, "an instance of AbortSignal", signal);
}

export function abortError(signal?: AbortSignal): Error & { code: string } {
  const options = signal === undefined ? undefined : { cause: signal.reason };
  const error: any = new Error("The operation was aborted", options);
  error.name = "AbortError";
  error.code = "ABORT_ERR";
  return error;
}

/** Gives `target` the members of `source`, hidden from enumeration like those of a class. */
export function addMembers(target: object, source: object): void {
  for (const key of Reflect.ownKeys(source)) {
    const property = Object.getOwnPropertyDescriptor(source, key)!;
    Object.defineProperty(target, key, { ...property, enumerable: false });
  }
}

/** Calls back as `process.nextTick` does here: before timers, after the code that runs now. */
const enqueue = globalThis.queueMicrotask;
export function nextTick(callback: (...args: any[]) => void, ...args: any[]): void {
  enqueue(() => callback(...args));
}
