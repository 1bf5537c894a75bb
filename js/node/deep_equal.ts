// SPDX-License-Identifier: MIT
/** Structural equality as `assert.deepStrictEqual` and, loosely, `assert.deepEqual` mean it. */
import types from "node:util/types";

type Pairs = [object, object][];

const tagOf = (value: object): string => Object.prototype.toString.call(value);

function ownKeys(value: object): (string | symbol)[] {
  const symbols = Object.getOwnPropertySymbols(value)
    .filter((symbol) => Object.prototype.propertyIsEnumerable.call(value, symbol));
  return [...Object.keys(value), ...symbols];
}

class Comparison {
  readonly open: Pairs = [];

  constructor(readonly isStrict: boolean) {}

  equal(a: any, b: any): boolean {
    if (Object.is(a, b)) return true;
    if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) {
      // eslint-disable-next-line eqeqeq
      return !this.isStrict && typeof a !== "object" && typeof b !== "object" && a == b;
    }
    if (this.isStrict && Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return false;
    if (tagOf(a) !== tagOf(b) || Array.isArray(a) !== Array.isArray(b)) return false;
    if (this.open.some(([x, y]) => x === a && y === b)) return true;
    this.open.push([a, b]);
    const result = this.sameContent(a, b) && this.sameProperties(a, b);
    this.open.pop();
    return result;
  }

  sameContent(a: any, b: any): boolean {
    if (Array.isArray(a) && a.length !== b.length) return false;
    if (types.isDate(a)) return types.isDate(b) && Object.is(a.getTime(), b.getTime());
    if (types.isRegExp(a)) return String(a) === String(b) && a.lastIndex === b.lastIndex;
    if (types.isNativeError(a)) return a.name === b.name && a.message === b.message;
    if (types.isBoxedPrimitive(a)) return Object.is(a.valueOf(), b.valueOf());
    if (types.isMap(a)) return types.isMap(b) && this.sameMap(a, b);
    if (types.isSet(a)) return types.isSet(b) && this.sameSet(a, b);
    if (types.isAnyArrayBuffer(a)) return sameBytes(new Uint8Array(a), new Uint8Array(b));
    if (types.isDataView(a)) {
      return sameBytes(new Uint8Array(a.buffer, a.byteOffset, a.byteLength),
                       new Uint8Array(b.buffer, b.byteOffset, b.byteLength));
    }
    return !(types.isWeakMap(a) || types.isWeakSet(a) || types.isPromise(a));
  }

  sameProperties(a: any, b: any): boolean {
    const keys = ownKeys(a);
    if (keys.length !== ownKeys(b).length) return false;
    return keys.every((key) => Object.prototype.propertyIsEnumerable.call(b, key) &&
      this.equal(a[key], b[key]));
  }

  sameMap(a: Map<any, any>, b: Map<any, any>): boolean {
    if (a.size !== b.size) return false;
    const rest = new Map(b);
    for (const [key, value] of a) {
      if (rest.has(key) && this.equal(value, rest.get(key))) {
        rest.delete(key);
        continue;
      }
      const match =
        [...rest].find(([other, item]) => this.equal(key, other) && this.equal(value, item));
      if (match === undefined) return false;
      rest.delete(match[0]);
    }
    return true;
  }

  sameSet(a: Set<any>, b: Set<any>): boolean {
    if (a.size !== b.size) return false;
    const rest = new Set(b);
    for (const item of a) {
      if (rest.delete(item)) continue;
      const match = [...rest].find((other) => this.equal(item, other));
      if (match === undefined) return false;
      rest.delete(match);
    }
    return true;
  }
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

export const isDeepStrictEqual = (a: unknown, b: unknown): boolean =>
  new Comparison(true).equal(a, b);
export const isDeepEqual = (a: unknown, b: unknown): boolean => new Comparison(false).equal(a, b);
