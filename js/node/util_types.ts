// SPDX-License-Identifier: MIT
/** Checks of what a value is, by its internal slots. */
const probe = (body: (value: any) => unknown) => (value: unknown): boolean => {
  try {
    body(value);
    return true;
  } catch {
    return false;
  }
};
const getter = (prototype: object, name: string | symbol) =>
  Object.getOwnPropertyDescriptor(prototype, name)!.get!;
const typedArrayName = getter(Object.getPrototypeOf(Uint8Array.prototype), Symbol.toStringTag);
const nameOf = (value: unknown): string | undefined => typedArrayName.call(value);
const tagOf = (value: unknown): string => Object.prototype.toString.call(value).slice(8, -1);

const sizes = { map: getter(Map.prototype, "size"), set: getter(Set.prototype, "size") };
const lengths = {
  array: getter(ArrayBuffer.prototype, "byteLength"),
  shared: getter(SharedArrayBuffer.prototype, "byteLength"),
};

export const isMap = probe((value) => sizes.map.call(value));
export const isSet = probe((value) => sizes.set.call(value));
export const isWeakMap = probe((value) => WeakMap.prototype.has.call(value, {}));
export const isWeakSet = probe((value) => WeakSet.prototype.has.call(value, {}));
export const isDate = probe((value) => Date.prototype.getTime.call(value));
export const isRegExp = (value: any): boolean =>
  typeof value === "object" && value !== null && value instanceof RegExp;
export const isArrayBuffer = probe((value) => lengths.array.call(value));
export const isSharedArrayBuffer = probe((value) => lengths.shared.call(value));
export const isAnyArrayBuffer = (value: unknown): boolean =>
  isArrayBuffer(value) || isSharedArrayBuffer(value);
export const isArrayBufferView = (value: unknown): boolean => ArrayBuffer.isView(value);
export const isDataView = (value: unknown): boolean =>
  ArrayBuffer.isView(value) && nameOf(value) === undefined;
export const isTypedArray = (value: unknown): boolean => nameOf(value) !== undefined;
const isArrayNamed = (name: string) => (value: unknown): boolean => nameOf(value) === name;
export const isUint8Array = isArrayNamed("Uint8Array");
export const isUint8ClampedArray = isArrayNamed("Uint8ClampedArray");
export const isUint16Array = isArrayNamed("Uint16Array");
export const isUint32Array = isArrayNamed("Uint32Array");
export const isInt8Array = isArrayNamed("Int8Array");
export const isInt16Array = isArrayNamed("Int16Array");
export const isInt32Array = isArrayNamed("Int32Array");
export const isFloat32Array = isArrayNamed("Float32Array");
export const isFloat64Array = isArrayNamed("Float64Array");
export const isBigInt64Array = isArrayNamed("BigInt64Array");
export const isBigUint64Array = isArrayNamed("BigUint64Array");
export const isPromise = (value: any): boolean =>
  typeof value === "object" && value !== null && value instanceof Promise;
export const isNativeError = (value: any): boolean =>
  value instanceof Error || tagOf(value) === "Error";
export const isAsyncFunction = (value: unknown): boolean =>
  typeof value === "function" && /Async/.test(tagOf(value));
export const isGeneratorFunction = (value: unknown): boolean =>
  typeof value === "function" && /Generator/.test(tagOf(value));
export const isGeneratorObject = (value: unknown): boolean => tagOf(value) === "Generator";
export const isMapIterator = (value: unknown): boolean => tagOf(value) === "Map Iterator";
export const isSetIterator = (value: unknown): boolean => tagOf(value) === "Set Iterator";
const isBoxed = (type: any, kind: string) => (value: any): boolean =>
  typeof value === "object" && value !== null && value instanceof type &&
  typeof value.valueOf() === kind;
export const isNumberObject = isBoxed(Number, "number");
export const isStringObject = isBoxed(String, "string");
export const isBooleanObject = isBoxed(Boolean, "boolean");
export const isBigIntObject = isBoxed(BigInt, "bigint");
export const isSymbolObject = isBoxed(Symbol, "symbol");
export const isBoxedPrimitive = (value: unknown): boolean =>
  isNumberObject(value) || isStringObject(value) || isBooleanObject(value) ||
  isBigIntObject(value) || isSymbolObject(value);
/** A proxy cannot be told from its target by code of the language. */
export const isProxy = (): boolean => false;
export const isExternal = (): boolean => false;
export const isModuleNamespaceObject = (value: any): boolean =>
  typeof value === "object" && value !== null && value[Symbol.toStringTag] === "Module";
export const isArgumentsObject = (value: unknown): boolean => tagOf(value) === "Arguments";
export const isKeyObject = (value: any): boolean => tagOf(value) === "KeyObject";
export const isCryptoKey = (value: any): boolean => tagOf(value) === "CryptoKey";

export default {
  isArgumentsObject, isKeyObject, isCryptoKey,
  isMap, isSet, isWeakMap, isWeakSet, isDate, isRegExp, isArrayBuffer, isSharedArrayBuffer,
  isAnyArrayBuffer, isArrayBufferView, isDataView, isTypedArray, isUint8Array, isUint8ClampedArray,
  isUint16Array, isUint32Array, isInt8Array, isInt16Array, isInt32Array, isFloat32Array,
  isFloat64Array, isBigInt64Array, isBigUint64Array, isPromise, isNativeError, isAsyncFunction,
  isGeneratorFunction, isGeneratorObject, isMapIterator, isSetIterator, isNumberObject,
  isStringObject, isBooleanObject, isBigIntObject, isSymbolObject, isBoxedPrimitive, isProxy,
  isExternal, isModuleNamespaceObject,
};
