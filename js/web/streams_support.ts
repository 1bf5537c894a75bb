// SPDX-License-Identifier: MIT
/** What both ends of streams share: promises to be settled later, and queuing strategies. */

export interface Deferred<T> {
  promise: Promise<T>;
  resolve: (value: T) => void;
  reject: (reason: unknown) => void;
}

export function defer<T>(): Deferred<T> {
  let resolve!: (value: any) => void;
  let reject!: (reason: unknown) => void;
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}

const ignore = () => {};

/** A rejection that nobody looks at is no fault of the extension. */
export function handled<T extends { promise: Promise<any> }>(deferred: T): T {
  deferred.promise.then(ignore, ignore);
  return deferred;
}

export function sizeOf(strategy: any): (chunk: any) => number {
  const size = strategy?.size;
  if (size === undefined) return () => 1;
  if (typeof size !== "function") throw new TypeError("A strategy's size must be a function");
  return (chunk) => size(chunk);
}

export function highWaterMarkOf(strategy: any, fallback: number): number {
  if (strategy?.highWaterMark === undefined) return fallback;
  const mark = Number(strategy.highWaterMark);
  if (!(mark >= 0)) throw new RangeError(`Invalid highWaterMark: ${strategy.highWaterMark}`);
  return mark;
}

export class CountQueuingStrategy {
  readonly highWaterMark: number;
  constructor(options: { highWaterMark: number }) { this.highWaterMark = Number(options.highWaterMark); }
  get size(): () => number { return () => 1; }
}

export class ByteLengthQueuingStrategy {
  readonly highWaterMark: number;
  constructor(options: { highWaterMark: number }) { this.highWaterMark = Number(options.highWaterMark); }
  get size(): (chunk: any) => number { return (chunk) => chunk.byteLength; }
}
