// SPDX-License-Identifier: MIT
/** `structuredClone`. `transfer` detaches array buffers. */

const kErrorNames = new Set([
  "Error", "EvalError", "RangeError", "ReferenceError", "SyntaxError", "TypeError", "URIError",
]);
const typedArrayName = Object.getOwnPropertyDescriptor(
  Object.getPrototypeOf(Uint8Array.prototype), Symbol.toStringTag)!.get!;
const mapSize = Object.getOwnPropertyDescriptor(Map.prototype, "size")!.get!;
const setSize = Object.getOwnPropertyDescriptor(Set.prototype, "size")!.get!;
const bufferSize = Object.getOwnPropertyDescriptor(ArrayBuffer.prototype, "byteLength")!.get!;

/** Whether a built-in method that needs an internal slot accepts the value. */
function accepts(method: (this: any) => unknown, value: unknown): boolean {
  try {
    method.call(value);
    return true;
  } catch {
    return false;
  }
}

function refuse(value: unknown): never {
  const name = typeof value === "function" ? String(value) : typeof value === "symbol"
    ? String(value) : `#<${(value as any)?.constructor?.name ?? "Object"}>`;
  throw new DOMException(`${name} could not be cloned.`, "DataCloneError");
}

class Cloner {
  readonly copies = new Map<object, unknown>();

  clone(value: any): any {
    if (typeof value === "function" || typeof value === "symbol") refuse(value);
    if (typeof value !== "object" || value === null) return value;
    if (this.copies.has(value)) return this.copies.get(value);
    return this.cloneObject(value);
  }

  keep<T>(value: object, copy: T): T {
    this.copies.set(value, copy);
    return copy;
  }

  cloneObject(value: any): any {
    if (Array.isArray(value)) {
      return this.copyProperties(value, this.keep(value, new Array(value.length)));
    }
    if (accepts(Date.prototype.getTime, value)) return this.keep(value, new Date(value.getTime()));
    if (value instanceof RegExp) return this.keep(value, new RegExp(value.source, value.flags));
    if (accepts(mapSize, value)) return this.cloneMap(value);
    if (accepts(setSize, value)) return this.cloneSet(value);
    if (accepts(bufferSize, value)) return this.keep(value, value.slice(0));
    if (ArrayBuffer.isView(value)) return this.cloneView(value);
    if (value instanceof Error) return this.cloneError(value);
    for (const type of [Boolean, Number, String, BigInt]) {
      if (value instanceof type)
        return this.keep(value, Object(type.prototype.valueOf.call(value)));
    }
    if (isPlatformObject(value)) refuse(value);
    return this.copyProperties(value, this.keep(value, {}));
  }

  copyProperties(value: any, copy: any): any {
    for (const key of Object.keys(value)) {
      Object.defineProperty(copy, key, {
        value: this.clone(value[key]), writable: true, configurable: true, enumerable: true,
      });
    }
    return copy;
  }

  cloneMap(value: Map<any, any>): Map<any, any> {
    const copy = this.keep(value, new Map());
    for (const [key, item] of [...value]) copy.set(this.clone(key), this.clone(item));
    return copy;
  }

  cloneSet(value: Set<any>): Set<any> {
    const copy = this.keep(value, new Set());
    for (const item of [...value]) copy.add(this.clone(item));
    return copy;
  }

  cloneView(value: any): any {
    const buffer = this.clone(value.buffer);
    const name = typedArrayName.call(value);
    const Type: any = name === undefined ? DataView : (globalThis as any)[name];
    const length = name === undefined ? value.byteLength : value.length;
    return this.keep(value, new Type(buffer, value.byteOffset, length));
  }

  cloneError(value: any): Error {
    const name = kErrorNames.has(value.name) ? value.name : "Error";
    const error = this.keep(value, new (globalThis as any)[name]());
    for (const key of ["message", "stack"]) {
      const descriptor = Object.getOwnPropertyDescriptor(value, key);
      const text = descriptor === undefined ? undefined : value[key];
      if (text === undefined) continue;
      Object.defineProperty(error, key, {
        value: String(text), writable: true, configurable: true, enumerable: false,
      });
    }
    if (Object.hasOwn(value, "cause")) {
      Object.defineProperty(error, "cause", {
        value: this.clone(value.cause), writable: true, configurable: true, enumerable: false,
      });
    }
    return error;
  }
}

function isPlatformObject(value: any): boolean {
  const kinds = [Promise, WeakMap, WeakSet, WeakRef, EventTarget, Event];
  return kinds.some((kind) => value instanceof kind);
}

export function structuredClone(value: any, options: { transfer?: ArrayBuffer[] } = {}): any {
  if (arguments.length === 0) throw new TypeError("The \"value\" argument must be specified");
  const cloner = new Cloner();
  const transferred = [...(options?.transfer ?? [])];
  for (const buffer of transferred) {
    if (!accepts(bufferSize, buffer)) refuse(buffer);
    if (cloner.copies.has(buffer)) {
      throw new DOMException("An ArrayBuffer is transferred twice", "DataCloneError");
    }
    cloner.copies.set(buffer, buffer.slice(0));
  }
  const copy = cloner.clone(value);
  for (const buffer of transferred) (buffer as any).transfer?.();
  return copy;
}
