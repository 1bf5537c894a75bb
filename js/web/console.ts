// SPDX-License-Identifier: MIT
/** `console`: formats as Node does and hands each text to the host's log. */
import { loadBuiltin, now } from "isopod:native";
import { notify } from "isopod:core";

type Level = "debug" | "info" | "warn" | "error";

let inspection: any;

/** Loaded when something other than a single plain string is printed. */
function inspector(): any {
  return (inspection ??= loadBuiltin("isopod:web/inspect"));
}

function textOf(args: unknown[]): string {
  if (args.length === 0) return "";
  if (args.length === 1 && typeof args[0] === "string") return args[0];
  return inspector().format(...args);
}

class Console {
  #indentation = "";
  #counts = new Map<string, number>();
  #timers = new Map<string, number>();

  #write(level: Level, text: string): void {
    const indent = this.#indentation;
    notify("log.write", {
      level, text: indent === "" ? text : indent + text.replaceAll("\n", `\n${indent}`),
    });
  }

  // Own members, bound: extensions take them off the object (`const { log } = console`).
  log = (...args: unknown[]) => this.#write("info", textOf(args));
  info = (...args: unknown[]) => this.#write("info", textOf(args));
  debug = (...args: unknown[]) => this.#write("debug", textOf(args));
  warn = (...args: unknown[]) => this.#write("warn", textOf(args));
  error = (...args: unknown[]) => this.#write("error", textOf(args));

  trace = (...args: unknown[]) => {
    const text = textOf(args);
    const stack = String(new Error().stack ?? "").split("\n").filter((line) => line.trim() !== "");
    const frames = stack.filter((line) => /^\s+at /.test(line)).slice(1).join("\n");
    this.#write(
      "error", `Trace${text === "" ? "" : `: ${text}`}${frames === "" ? "" : `\n${frames}`}`);
  };
  dir = (value: unknown, options?: object) =>
    this.#write("info", inspector().inspect(value, options));
  dirxml = (...args: unknown[]) => this.log(...args);

  assert = (condition?: unknown, ...args: unknown[]) => {
    if (condition) return;
    if (typeof args[0] === "string") args[0] = `Assertion failed: ${args[0]}`;
    else args.unshift("Assertion failed");
    this.warn(...args);
  };

  count = (label: unknown = "default") => {
    const name = String(label);
    const count = (this.#counts.get(name) ?? 0) + 1;
    this.#counts.set(name, count);
    this.log(`${name}: ${count}`);
  };
  countReset = (label: unknown = "default") => {
    if (!this.#counts.delete(String(label))) this.warn(`Count for '${label}' does not exist`);
  };

  time = (label: unknown = "default") => {
    const name = String(label);
    if (this.#timers.has(name)) this.warn(`Label '${name}' already exists for console.time()`);
    else this.#timers.set(name, now());
  };
  timeLog = (label: unknown = "default", ...args: unknown[]) => this.#logTimer(String(label), args);
  timeEnd = (label: unknown = "default") => {
    this.#logTimer(String(label), []);
    this.#timers.delete(String(label));
  };

  #logTimer(name: string, args: unknown[]): void {
    const start = this.#timers.get(name);
    if (start === undefined) {
      this.warn(`No such label '${name}' for console.timeLog()`);
      return;
    }
    const elapsed = now() - start;
    const text = elapsed >= 1000 ? `${(elapsed / 1000).toFixed(3)}s` : `${elapsed.toFixed(3)}ms`;
    this.log(`${name}: ${text}`, ...args);
  }

  group = (...args: unknown[]) => {
    if (args.length > 0) this.log(...args);
    this.#indentation += "  ";
  };
  groupCollapsed = (...args: unknown[]) => this.group(...args);
  groupEnd = () => {
    this.#indentation = this.#indentation.slice(2);
  };

  table = (data: any, columns?: string[]) => {
    const table = typeof data === "object" && data !== null ? tableOf(data, columns) : undefined;
    this.log(table ?? data);
  };
}

const kIndexColumn = "(index)";
const kValuesColumn = "Values";

function tableOf(data: any, chosen?: string[]): string {
  const show = (value: unknown) => inspector().inspect(value, { depth: 0, breakLength: Infinity });
  const entries: [string, any][] = data instanceof Map || data instanceof Set
    ? [...data].map((value, index) => [String(index), value]) : Object.entries(data);
  const columns: string[] = chosen === undefined ? [] : [...chosen];
  let hasValues = false;
  for (const [, row] of entries) {
    if (typeof row !== "object" || row === null) hasValues = true;
    else if (chosen === undefined) {
      for (const name of Object.keys(row)) if (!columns.includes(name)) columns.push(name);
    }
  }
  const header = [kIndexColumn, ...columns, ...(hasValues ? [kValuesColumn] : [])];
  const rows = entries.map(([index, row]) => {
    const isRecord = typeof row === "object" && row !== null;
    const cells =
      columns.map((name) => (isRecord && Object.hasOwn(row, name) ? show(row[name]) : ""));
    return [index, ...cells, ...(hasValues ? [isRecord ? "" : show(row)] : [])];
  });
  const widths =
    header.map((name, i) => Math.max(name.length, ...rows.map((row) => row[i].length)) + 2);
  const line = (cells: string[]) =>
    `│${cells.map((cell, i) => ` ${cell}`.padEnd(widths[i])).join("│")}│`;
  const rule = (left: string, middle: string, right: string) =>
    left + widths.map((width) => "─".repeat(width)).join(middle) + right;
  return [
    rule("┌", "┬", "┐"), line(header), rule("├", "┼", "┤"), ...rows.map(line), rule("└", "┴", "┘"),
  ].join("\n");
}

export const console: any = new Console();
Object.defineProperty(console, Symbol.toStringTag, { value: "console", configurable: true });
