// SPDX-License-Identifier: MIT
/**
 * File operations are written once, as generators that yield their hostcalls; here they are run in
 * the three ways Node has: at once, with a promise, with a callback.
 */
import { call, callSync, currentRequest } from "isopod:core";
import { nodeErrorOf, type Request } from "./fs_errors";
import { checkFunction, nextTick, nodeError } from "./node_errors";

/** `wait` is for the answer of code of the extension, which may be a promise. */
export type Steps<T = any> = Generator<Request | { wait: any }, T, any>;

export function runSync<T>(steps: Steps<T>): T {
  let step = steps.next();
  while (!step.done) {
    const request = step.value;
    if ("wait" in request) {
      if (typeof request.wait?.then === "function") {
        throw nodeError(TypeError, "ERR_INVALID_RETURN_VALUE",
          'Expected boolean to be returned from the "filter" function but got an instance of ' +
            "Promise.");
      }
      step = steps.next(request.wait);
      continue;
    }
    let value: any;
    let failure: { error: unknown } | undefined;
    try {
      value = callSync(request.operation, request.args);
    } catch (error) {
      failure = { error: nodeErrorOf(error, request) };
    }
    step = failure === undefined ? steps.next(value) : steps.throw(failure.error);
  }
  return step.value;
}

function advance(steps: Steps, step: IteratorResult<any, any>, cause: number | undefined,
  settle: { resolve: (value: any) => void; reject: (error: any) => void }): void {
  if (step.done) {
    settle.resolve(step.value);
    return;
  }
  const request = step.value;
  const go = (next: () => IteratorResult<any, any>) => {
    try {
      advance(steps, next(), cause, settle);
    } catch (error) {
      settle.reject(error);
    }
  };
  const onValue = (value: any) => go(() => steps.next(value));
  const onFailure = (error: any) =>
    go(() => steps.throw("wait" in request ? error : nodeErrorOf(error, request)));
  let promise: Promise<any>;
  try {
    promise = "wait" in request ? Promise.resolve(request.wait)
      : call(request.operation, request.args, cause);
  } catch (error) {
    onFailure(error);
    return;
  }
  promise.then(onValue, onFailure);
}

export function runAsync<T>(steps: Steps<T>): Promise<T> {
  return new Promise((resolve, reject) =>
    advance(steps, steps.next(), currentRequest(), { resolve, reject }));
}

/** Wrong arguments are thrown, failures of the system go to the callback. */
export function runCallback(steps: Steps, callback: (error: any, ...values: any[]) => void,
  valuesOf: (value: any) => any[] = (value) => (value === undefined ? [] : [value]),
  afterError: any[] = []): void {
  const settle = {
    resolve: (value: any) => nextTick(callback, null, ...valuesOf(value)),
    reject: (error: any) => nextTick(callback, error, ...afterError),
  };
  let first;
  try {
    first = steps.next();
  } catch (error: any) {
    if (error?.syscall === undefined) throw error;
    settle.reject(error);
    return;
  }
  advance(steps, first, currentRequest(), settle);
}

type Operation = (...args: any[]) => Steps;

const named = (name: string, fn: any): any => Object.defineProperty(fn, "name", { value: name });

export const syncOf = (name: string, operation: Operation): any =>
  named(name, (...args: any[]) => runSync(operation(...args)));

export const promiseOf = (name: string, operation: Operation): any =>
  named(name, (...args: any[]) => runAsync(operation(...args)));

/** The callback is the last argument. */
export const callbackOf = (name: string, operation: Operation,
  valuesOf?: (value: any) => any[]): any =>
  named(name, (...args: any[]) => {
    const callback = args.pop();
    // Whatever is there instead is an argument before a callback that is missing.
    checkFunction(typeof callback === "function" ? callback : undefined, "cb");
    runCallback(operation(...args), callback, valuesOf);
  });
