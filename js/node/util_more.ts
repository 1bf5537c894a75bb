// SPDX-License-Identifier: MIT
/** The smaller functions of `node:util`. */
import { loadBuiltin } from "isopod:native";
import { kErrors } from "./errno";
import { checkInteger, invalidType, isSignal } from "./node_errors";

export function getSystemErrorName(number: any): string | undefined {
  checkInteger(number, "err");
  return Object.keys(kErrors).find((name) => kErrors[name][0] === -number);
}

export const getSystemErrorMap = (): Map<number, [string, string]> => new Map(
  Object.entries(kErrors).map(([name, [number, text]]) => [-number, [name, text]]));

/** The assignments of an environment file. */
export function parseEnv(content: any): Record<string, string> {
  if (typeof content !== "string") throw invalidType("content", "of type string", content);
  const values: Record<string, string> = {};
  const kLine =
    /^[ \t]*(?:export[ \t]+)?([\w.-]+)[ \t]*=[ \t]*("(?:[^"])*"|'(?:[^'])*'|`(?:[^`])*`|[^\n#]*)/gm;
  for (const [, name, raw] of content.replaceAll("\r\n", "\n").matchAll(kLine)) {
    const text = raw.trim();
    const quote = /^(["'`])([\s\S]*)\1$/.exec(text);
    const value = quote === null ? text : quote[2];
    values[name] = quote?.[1] === '"' ? value.replaceAll("\\n", "\n") : value;
  }
  return values;
}

/** Resolves when the signal is aborted. */
export async function aborted(signal: any, resource: any): Promise<void> {
  if (!isSignal(signal))
    throw invalidType("signal", "an instance of AbortSignal", signal);
  if (resource === null || typeof resource !== "object")
    throw invalidType("resource", "of type object", resource);
  if (signal.aborted) return;
  await new Promise<void>((resolve) =>
    signal.addEventListener("abort", () => resolve(), { once: true }));
}

export function _extend(target: any, source: any): any {
  return source === null || typeof source !== "object" ? target : Object.assign(target, source);
}

export const log = (...args: any[]): void => {
  const time = new Date();
  const clock = [time.getHours(), time.getMinutes(), time.getSeconds()]
    .map((part) => String(part).padStart(2, "0")).join(":");
  console.log("%s - %s", `${time.getDate()} ${time.toDateString().slice(4, 7)} ${clock}`,
    loadBuiltin("isopod:web/inspect").format(...args));
};

const tagOf = (value: unknown): string => Object.prototype.toString.call(value).slice(8, -1);
const isOfKind = (kind: string) => (value: unknown): boolean => typeof value === kind;
export const isBoolean = isOfKind("boolean");
export const isNumber = isOfKind("number");
export const isString = isOfKind("string");
export const isSymbol = isOfKind("symbol");
export const isFunction = isOfKind("function");
export const isUndefined = isOfKind("undefined");
export const isNull = (value: unknown): boolean => value === null;
export const isNullOrUndefined = (value: unknown): boolean => value === null || value === undefined;
export const isObject = (value: unknown): boolean => value !== null && typeof value === "object";
export const isPrimitive = (value: unknown): boolean =>
  value === null || (typeof value !== "object" && typeof value !== "function");
export const isRegExp = (value: unknown): boolean => tagOf(value) === "RegExp";
export const isDate = (value: unknown): boolean => tagOf(value) === "Date";
export const isError = (value: unknown): boolean =>
  tagOf(value) === "Error" || value instanceof Error;
export const isBuffer = (value: unknown): boolean =>
  loadBuiltin("node:buffer").Buffer.isBuffer(value);
