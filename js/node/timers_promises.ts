// SPDX-License-Identifier: MIT
/** Timers that are awaited. */
import * as timers from "isopod:core";

function abortError(signal: AbortSignal): Error {
  const error = new Error("The operation was aborted", { cause: signal.reason }) as any;
  error.name = "AbortError";
  error.code = "ABORT_ERR";
  return error;
}

function wait<T>(start: (done: () => void) => any, value: T, signal?: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(abortError(signal));
    const onAbort = () => {
      timers.clearTimeout(timer);
      reject(abortError(signal!));
    };
    const timer = start(() => {
      signal?.removeEventListener("abort", onAbort);
      resolve(value);
    });
    signal?.addEventListener("abort", onAbort, { once: true });
  });
}

export const setTimeout = <T = void>(delay?: number, value?: T, options: any = {}): Promise<T> =>
  wait((done) => timers.setTimeout(done, delay), value as T, options?.signal);

export const setImmediate = <T = void>(value?: T, options: any = {}): Promise<T> =>
  wait((done) => timers.setImmediate(done), value as T, options?.signal);

export async function* setInterval<T = void>(
  delay?: number, value?: T, options: any = {}): AsyncGenerator<T> {
  for (;;) yield await setTimeout(delay, value as T, options);
}

export const scheduler = {
  wait: (delay: number, options?: any) => setTimeout(delay, undefined, options),
  yield: () => setImmediate(),
};

export default { setTimeout, setImmediate, setInterval, scheduler };
