// SPDX-License-Identifier: MIT
/** `node:assert`. */
import { inspect } from "isopod:web/inspect";
import { isDeepEqual, isDeepStrictEqual } from "./deep_equal";

export class AssertionError extends Error {
  readonly code = "ERR_ASSERTION";
  actual: unknown;
  expected: unknown;
  operator: string;
  generatedMessage: boolean;

  constructor(
    options: { message?: string; actual?: unknown; expected?: unknown; operator?: string }) {
    super(options.message ??
      `${inspect(options.actual)} ${options.operator} ${inspect(options.expected)}`);
    this.name = "AssertionError";
    this.actual = options.actual;
    this.expected = options.expected;
    this.operator = options.operator ?? "fail";
    this.generatedMessage = options.message === undefined;
  }
}

type Message = string | Error | undefined;

function require(holds: boolean, message: Message,
  details: { actual?: unknown; expected?: unknown; operator: string; text?: string }): void {
  if (holds) return;
  if (message instanceof Error) throw message;
  throw new AssertionError({ ...details, message: message ?? details.text });
}

const comparison = (operator: string, holds: (a: any, b: any) => boolean, text: string) =>
  (actual: unknown, expected: unknown, message?: Message) =>
    require(holds(actual, expected), message, {
      actual, expected, operator, text: `${text}\n\n${inspect(actual)} !== ${inspect(expected)}\n`,
    });

export function ok(value?: unknown, message?: Message): void {
  require(Boolean(value), message, {
    actual: value, expected: true, operator: "==",
    text: "The expression evaluated to a falsy value",
  });
}

// eslint-disable-next-line eqeqeq
export const equal = comparison(
  "==", (a, b) => a == b || (a !== a && b !== b), "Expected values to be loosely equal:");
// eslint-disable-next-line eqeqeq
export const notEqual =
  comparison("!=", (a, b) => a != b, "Expected values not to be loosely equal:");
export const strictEqual =
  comparison("strictEqual", Object.is, "Expected values to be strictly equal:");
export const notStrictEqual = comparison(
  "notStrictEqual", (a, b) => !Object.is(a, b), "Expected values not to be strictly equal:");
export const deepEqual =
  comparison("deepEqual", isDeepEqual, "Expected values to be loosely deep-equal:");
export const notDeepEqual = comparison(
  "notDeepEqual", (a, b) => !isDeepEqual(a, b), "Expected values not to be loosely deep-equal:");
export const deepStrictEqual =
  comparison("deepStrictEqual", isDeepStrictEqual, "Expected values to be strictly deep-equal:");
export const notDeepStrictEqual = comparison("notDeepStrictEqual",
  (a, b) => !isDeepStrictEqual(a, b), "Expected values not to be strictly deep-equal:");

export function match(text: string, pattern: RegExp, message?: Message): void {
  require(pattern.test(text), message, {
    actual: text,
    expected: pattern,
    operator: "match",
    text: `The input did not match the regular expression ${pattern}. Input:\n\n${inspect(text)}\n`
  });
}
export function doesNotMatch(text: string, pattern: RegExp, message?: Message): void {
  require(!pattern.test(text), message, {
    actual: text,
    expected: pattern,
    operator: "doesNotMatch",
    text: `The input was expected to not match the regular expression ${pattern}. Input:\n\n${
      inspect(text)}\n`
  });
}

export function fail(message: Message = "Failed"): never {
  if (message instanceof Error) throw message;
  throw new AssertionError({ message, operator: "fail" });
}

export function ifError(value: unknown): void {
  if (value === null || value === undefined) return;
  throw new AssertionError({
    actual: value,
    expected: null,
    operator: "ifError",
    message: `ifError got unwanted exception: ${(value as any)?.message ?? inspect(value)}`
  });
}

/** Whether the error is what the caller expects: a class, a pattern, an object or a predicate. */
function isExpected(error: any, expected: any): boolean {
  if (expected === undefined || typeof expected === "string") return true;
  if (expected instanceof RegExp) return expected.test(String(error));
  if (typeof expected === "function") {
    if (expected.prototype !== undefined && error instanceof expected) return true;
    if (expected === Error || Error.isPrototypeOf(expected)) return false;
    return expected.call({}, error) === true;
  }
  return Object.keys(expected).every(
    (key) => expected[key] instanceof RegExp && typeof error[key] === "string" ?
      expected[key].test(error[key]) :
      isDeepStrictEqual(error[key], expected[key]));
}

function checkThrown(
  thrown: { error: unknown }|undefined, expected: any, message: Message, operator: string): void {
  const text = typeof expected === "string" ? expected : message;
  if (thrown === undefined) {
    const what = operator === "throws" ? "exception" : "rejection";
    require(false, text instanceof Error ? text : undefined,
      { operator, text: `Missing expected ${what}${text ? `: ${text}` : "."}` });
    return;
  }
  if (isExpected(thrown.error, expected)) return;
  if (expected instanceof RegExp || typeof expected === "object") {
    require(false, message, {
      actual: thrown.error,
      expected,
      operator,
      text: `The error did not match the expectation ${inspect(expected)}. Received:\n\n${
        inspect(String(thrown.error))}\n`
    });
  }
  throw thrown.error;
}

export function throws(body: () => unknown, expected?: any, message?: Message): void {
  let thrown: { error: unknown } | undefined;
  try {
    body();
  } catch (error) {
    thrown = { error };
  }
  checkThrown(thrown, expected, message, "throws");
}

export async function rejects(body: any, expected?: any, message?: Message): Promise<void> {
  let thrown: { error: unknown } | undefined;
  try {
    await (typeof body === "function" ? body() : body);
  } catch (error) {
    thrown = { error };
  }
  checkThrown(thrown, expected, message, "rejects");
}

export function doesNotThrow(body: () => unknown): void {
  body();
}
export async function doesNotReject(body: any): Promise<void> {
  await (typeof body === "function" ? body() : body);
}

const assert: any = (value?: unknown, message?: Message) => ok(value, message);
Object.assign(assert, {
  AssertionError, ok, equal, notEqual, strictEqual, notStrictEqual, deepEqual, notDeepEqual,
  deepStrictEqual, notDeepStrictEqual, match, doesNotMatch, fail, ifError, throws, rejects,
  doesNotThrow, doesNotReject,
});
export const strict: any = (value?: unknown, message?: Message) => ok(value, message);
Object.assign(strict, assert, {
  equal: strictEqual, notEqual: notStrictEqual, deepEqual: deepStrictEqual,
  notDeepEqual: notDeepStrictEqual, strict,
});
assert.strict = strict;
export default assert;
