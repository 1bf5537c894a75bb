// SPDX-License-Identifier: MIT
/** `node:util`. */
import { promiseState } from "isopod:native";
import { unsupportedFunction } from "isopod:core";
import {
  format, formatWithOptions, inspect, usePromiseState,
} from "isopod:web/inspect";
import types from "node:util/types";
import { isDeepStrictEqual } from "./deep_equal";

usePromiseState(promiseState);

export { format, formatWithOptions, inspect, isDeepStrictEqual, types };

const kCustomPromisify = Symbol.for("nodejs.util.promisify.custom");

function checkFunction(value: unknown, name: string): asserts value is Function {
  if (typeof value === "function") return;
  const error = new TypeError(`The "${name}" argument must be of type function. Received ${
                  value === null ? "null" : typeof value}`) as any;
  error.code = "ERR_INVALID_ARG_TYPE";
  throw error;
}

export function promisify(original: any): any {
  checkFunction(original, "original");
  const custom = (original as any)[kCustomPromisify];
  if (custom !== undefined) return custom;
  return function (this: any, ...args: any[]) {
    return new Promise((resolve, reject) => {
      original.call(this, ...args, (error: unknown, ...values: unknown[]) => {
        if (error) reject(error);
        else resolve(values[0]);
      });
    });
  };
}
promisify.custom = kCustomPromisify;

export function callbackify(original: any): any {
  checkFunction(original, "original");
  return function (this: any, ...args: any[]) {
    const callback = args.pop();
    checkFunction(callback, "last argument");
    original.apply(this, args)
      .then(
        (value: unknown) => queueMicrotask(() => callback(null, value)),
        (error: unknown) => queueMicrotask(
          () => callback(error ?? new Error("Promise was rejected with a falsy value"))),
      );
  };
}

export function inherits(constructor: any, parent: any): void {
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

export const stripVTControlCharacters = (text: string): string =>
  text.replace(/[\u001b\u009b](?:\][^\u0007\u001b\u009c]*(?:\u0007|\u001b\\|\u009c)|[[\]()#;?]*(?:\d{1,4}(?:;\d{0,4})*)?[\dA-PR-TZcf-nq-uy=><~])/g, "");

export const toUSVString = (text: unknown): string => String(text).toWellFormed();

export function styleText(style: string | string[], text: string): string {
  let open = "";
  let close = "";
  for (const name of [style].flat()) {
    const codes = inspect.colors[name];
    if (codes === undefined)
      throw new TypeError(
        `The argument 'format' must be one of the known styles. Received '${name}'`);
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
export const aborted = missing("aborted");
export const getCallSites = missing("getCallSites");
export const getSystemErrorMap = missing("getSystemErrorMap");
export const getSystemErrorName = missing("getSystemErrorName");
export const parseArgs = missing("parseArgs");
export const parseEnv = missing("parseEnv");
export const transferableAbortController = missing("transferableAbortController");
export const transferableAbortSignal = missing("transferableAbortSignal");

export default {
  format, formatWithOptions, inspect, isDeepStrictEqual, types, promisify, callbackify, inherits,
  deprecate, debuglog, debug, stripVTControlCharacters, toUSVString, styleText, isArray,
  TextEncoder, TextDecoder, MIMEParams, MIMEType, aborted, getCallSites, getSystemErrorMap,
  getSystemErrorName, parseArgs, parseEnv, transferableAbortController, transferableAbortSignal,
};
