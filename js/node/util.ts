// SPDX-License-Identifier: MIT
/** `node:util`. */
import { promiseState } from "isopod:native";
import { unsupportedFunction } from "isopod:core";
import {
  format, formatWithOptions, inspect, usePromiseState,
} from "isopod:web/inspect";
import types from "node:util/types";
import { isDeepStrictEqual } from "./deep_equal";
import { checkFunction, invalidType, nodeError } from "./node_errors";
import {
  _extend, aborted, getSystemErrorMap, getSystemErrorName, isBoolean, isBuffer, isDate, isError,
  isFunction, isNull, isNullOrUndefined, isNumber, isObject, isPrimitive, isRegExp, isString,
  isSymbol, isUndefined, log, parseEnv,
} from "./util_more";
import { parseArgs } from "./util_parse_args";

usePromiseState(promiseState);

export {
  format, formatWithOptions, inspect, isDeepStrictEqual, parseArgs, types,
  _extend, aborted, getSystemErrorMap, getSystemErrorName, isBoolean, isBuffer, isDate, isError,
  isFunction, isNull, isNullOrUndefined, isNumber, isObject, isPrimitive, isRegExp, isString,
  isSymbol, isUndefined, log, parseEnv,
};

const kCustomPromisify = Symbol.for("nodejs.util.promisify.custom");

export function promisify(original: any): any {
  checkFunction(original, "original");
  const custom = (original as any)[kCustomPromisify];
  if (custom !== undefined) {
    checkFunction(custom, "util.promisify.custom");
    return Object.defineProperty(custom, kCustomPromisify, {
      value: custom, enumerable: false, writable: false, configurable: true,
    });
  }
  const promised = function (this: any, ...args: any[]) {
    return new Promise((resolve, reject) => {
      Reflect.apply(original, this, [...args, (error: unknown, ...values: unknown[]) => {
        if (error) reject(error);
        else resolve(values[0]);
      }]);
    });
  };
  Object.setPrototypeOf(promised, Object.getPrototypeOf(original));
  Object.defineProperty(promised, kCustomPromisify, {
    value: promised, enumerable: false, writable: false, configurable: true,
  });
  return Object.defineProperties(promised, Object.getOwnPropertyDescriptors(original));
}
promisify.custom = kCustomPromisify;

function rejectedWith(reason: unknown): unknown {
  if (reason) return reason;
  const error: any =
    nodeError(Error, "ERR_FALSY_VALUE_REJECTION", "Promise was rejected with falsy value");
  error.reason = reason;
  return error;
}

export function callbackify(original: any): any {
  checkFunction(original, "original");
  const called = function (this: any, ...args: any[]) {
    const callback = args.pop();
    checkFunction(callback, "last argument");
    const call = (...values: unknown[]) =>
      queueMicrotask(() => Reflect.apply(callback, this, values));
    Reflect.apply(original, this, args)
      .then((value: unknown) => call(null, value), (reason: unknown) => call(rejectedWith(reason)));
  };
  return Object.defineProperty(called, "name", { value: `${original.name}Callbackified` });
}

export function inherits(constructor: any, parent: any): void {
  checkFunction(constructor, "ctor");
  checkFunction(parent, "superCtor");
  if (parent.prototype === undefined)
    throw invalidType("superCtor.prototype", "of type object", parent.prototype);
  Object.defineProperty(
    constructor, "super_", { value: parent, writable: true, configurable: true });
  Object.setPrototypeOf(constructor.prototype, parent.prototype);
}

const warned = new Set<string>();
export function deprecate<F extends Function>(fn: F, message: string, code?: string): F {
  const key = code ?? message;
  return function (this: any, ...args: any[]) {
    if (!warned.has(key)) {
      warned.add(key);
      console.warn(`DeprecationWarning: ${message}`);
    }
    return fn.apply(this, args);
  } as any;
}

/** Debug output is switched on by an environment variable, which an isolate does not see. */
export function debuglog(_section: string): any {
  const log: any = () => {};
  log.enabled = false;
  return log;
}
export const debug = debuglog;

export function stripVTControlCharacters(text: any): string {
  if (typeof text !== "string") throw invalidType("str", "of type string", text);
  return text.replace(/[\u001b\u009b](?:\][^\u0007\u001b\u009c]*(?:\u0007|\u001b\\|\u009c)|[[\]()#;?]*(?:\d{1,4}(?:;\d{0,4})*)?[\dA-PR-TZcf-nq-uy=><~])/g, "");
}

export const toUSVString = (text: unknown): string => String(text).toWellFormed();

/** `options` says for which stream; here every text is styled. */
export function styleText(style: string | string[], text: any, _options?: any): string {
  if (typeof text !== "string") throw invalidType("text", "of type string", text);
  let open = "";
  let close = "";
  for (const name of [style].flat()) {
    const codes = inspect.colors[name];
    if (codes === undefined)
      throw nodeError(TypeError, "ERR_INVALID_ARG_VALUE",
        `The argument 'format' must be one of: ${
          Object.keys(inspect.colors).map((each) => `'${each}'`).join(", ")}. Received '${name}'`);
    open += `\x1b[${codes[0]}m`;
    close = `\x1b[${codes[1]}m${close}`;
  }
  return open + text + close;
}

export const isArray = Array.isArray;
export const TextEncoder = globalThis.TextEncoder;
export const TextDecoder = globalThis.TextDecoder;

const missing = (name: string) => unsupportedFunction(`node:util.${name}`);
export const MIMEParams = missing("MIMEParams");
export const MIMEType = missing("MIMEType");
export const _errnoException = missing("_errnoException");
export const _exceptionWithHostPort = missing("_exceptionWithHostPort");
export const getCallSites = missing("getCallSites");
export const transferableAbortController = missing("transferableAbortController");
export const transferableAbortSignal = missing("transferableAbortSignal");

export default {
  _errnoException, _exceptionWithHostPort, _extend, aborted, callbackify, debug, debuglog,
  deprecate, format, formatWithOptions, getCallSites, getSystemErrorMap, getSystemErrorName,
  inherits, inspect, isArray, isBoolean, isBuffer, isDate, isDeepStrictEqual, isError, isFunction,
  isNull, isNullOrUndefined, isNumber, isObject, isPrimitive, isRegExp, isString, isSymbol,
  isUndefined, log, MIMEParams, MIMEType, parseArgs, parseEnv, promisify, stripVTControlCharacters,
  styleText, TextDecoder, TextEncoder, toUSVString, transferableAbortController,
  transferableAbortSignal, types,
};
