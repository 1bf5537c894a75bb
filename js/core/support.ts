// SPDX-License-Identifier: MIT
/** What every other built-in needs from the core: errors, hostcalls and request bookkeeping. */
import { hostcall, hostcallSync, loadBuiltin, type Outcome } from "isopod:native";

/** A hostcall that did not end in `ok`, as the extension sees it. */
export class HostcallError extends Error {
  code: string;
  status: string;
  retryable: boolean;

  constructor(outcome: Outcome) {
    super(outcome.message);
    this.code = outcome.code;
    this.status = outcome.status;
    this.retryable = outcome.code === "backpressure";
  }
}
Object.defineProperty(HostcallError.prototype, "name", {
  value: "HostcallError", configurable: true, writable: true, enumerable: false,
});

/** The error of something that exists in the platform or in pi, but not here. */
export function unsupportedError(name: string): Error & { code: string } {
  const error = new Error(`${name} is not supported by this version of isopod`) as any;
  error.code = "unsupported";
  return error;
}

const stubs = new WeakSet<object>();

/** Whether something is there in name only. */
export const isUnsupported = (value: any): boolean =>
  typeof value === "function" && stubs.has(value);

/** A function that can be imported and named, and says so when it is called. */
export function unsupportedFunction(name: string): any {
  const stub = function (): never {
    throw unsupportedError(name);
  };
  stubs.add(stub);
  Object.defineProperty(stub, "name", { value: name.slice(name.lastIndexOf(".") + 1) });
  return stub;
}

// The requests that run now. Asynchronous code does not say for which request it runs, so a call
// is attributed to a request only when that is certain: it runs synchronously under the request,
// or exactly one request is open.
const openRequests = new Map<number, OpenRequest>();
let runningRequest = 0;

/** One request of the host. Its signal is made only when somebody wants to see it. */
export class OpenRequest {
  #controller: AbortController | undefined;
  #cancelled: { reason: unknown } | undefined;

  constructor(readonly id: number) {
    openRequests.set(id, this);
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      const Controller = loadBuiltin("isopod:web/abort").AbortController;
      this.#controller = new Controller() as AbortController;
      if (this.#cancelled) this.#controller.abort(this.#cancelled.reason);
    }
    return this.#controller.signal;
  }

  cancel(reason: unknown): void {
    this.#cancelled ??= { reason };
    this.#controller?.abort(reason);
  }

  end(): void {
    openRequests.delete(this.id);
  }
}

export function cancelRequest(id: number, reason: unknown): void {
  openRequests.get(id)?.cancel(reason);
}

/** Runs `work` so that the hostcalls it makes synchronously are attributed to the request. */
export function withRequest<T>(id: number, work: () => T): T {
  const before = runningRequest;
  runningRequest = id;
  try {
    return work();
  } finally {
    runningRequest = before;
  }
}

/** For `withRequest`: what runs is known to belong to none. */
export const kNoRequest = -1;

/** The request that runs now; 0 when it is known that none does, undefined when nobody knows. */
export function currentRequest(): number | undefined {
  if (runningRequest === kNoRequest) return 0;
  if (runningRequest !== 0) return runningRequest;
  if (openRequests.size !== 1) return undefined;
  for (const id of openRequests.keys()) return id;
  return undefined;
}

export function call(operation: string, args: unknown, cause = currentRequest()): Promise<any> {
  return cause === undefined ? hostcall(operation, args) : hostcall(operation, args, cause);
}

export function callSync(operation: string, args: unknown, cause = currentRequest()): any {
  return cause === undefined ? hostcallSync(operation, args) : hostcallSync(operation, args, cause);
}

const ignore = () => {};
const promiseThen = Promise.prototype.then;
const apply = Reflect.apply;

/** A hostcall whose outcome nobody waits for; a failure is dropped (the host has recorded it). */
export function notify(operation: string, args: unknown, cause = currentRequest()): void {
  try {
    apply(promiseThen, call(operation, args, cause), [ignore, ignore]);
  } catch {
    // Arguments that are no plain data are a failure like any other.
  }
}
