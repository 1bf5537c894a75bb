// SPDX-License-Identifier: MIT
/** The arguments of `node:child_process`, checked and brought into one form. */
import { info } from "isopod:native";
import { unsupportedError } from "isopod:core";
import { checkSignal, invalidType, invalidValue, nodeError, outOfRange } from "./node_errors";

const kSignalNames = [
  "", "SIGHUP", "SIGINT", "SIGQUIT", "SIGILL", "SIGTRAP", "SIGABRT", "SIGBUS", "SIGFPE", "SIGKILL",
  "SIGUSR1", "SIGSEGV", "SIGUSR2", "SIGPIPE", "SIGALRM", "SIGTERM", "SIGSTKFLT", "SIGCHLD",
  "SIGCONT", "SIGSTOP", "SIGTSTP", "SIGTTIN", "SIGTTOU", "SIGURG", "SIGXCPU", "SIGXFSZ",
  "SIGVTALRM", "SIGPROF", "SIGWINCH", "SIGIO", "SIGPWR", "SIGSYS",
];

/** The name of a signal given by name or number; `""`, which only asks, for 0. */
export function signalName(signal: unknown, fallback = "SIGTERM"): string {
  if (signal === undefined || signal === null) return fallback;
  const name = typeof signal === "number" ? kSignalNames[signal] : String(signal).toUpperCase();
  if (name !== undefined && (name === "" ? signal === 0 : kSignalNames.includes(name))) return name;
  throw nodeError(TypeError, "ERR_UNKNOWN_SIGNAL", `Unknown signal: ${signal}`);
}

/** `log`: what the child writes becomes lines of the log. */
export type Stdio = "pipe" | "ignore" | "log";

export interface Start {
  file: string;
  /** With what the program is told it is called. */
  args: string[];
  stdio: [Stdio, Stdio, Stdio];
  /** The members that the hostcall takes as they are. */
  common: Record<string, unknown>;
  options: any;
}

function checkText(value: unknown, name: string): asserts value is string {
  if (typeof value !== "string") throw invalidType(name, "of type string", value);
  if (value.includes("\0"))
    throw invalidValue(name, value, "must be a string without null bytes");
}

function stdioOf(value: any, index: number): Stdio {
  if (value === undefined || value === null || value === "pipe" || value === "overlapped")
    return "pipe";
  if (value === "ignore") return "ignore";
  const isOwn = value === "inherit" || value === index || value?.fd === index;
  // There is no terminal: nothing to read, and what is written goes to the log.
  if (isOwn || value === 1 || value === 2 || value?.fd === 1 || value?.fd === 2)
    return index === 0 ? "ignore" : "log";
  if (value === "ipc" || typeof value === "number" || typeof value === "object")
    throw unsupportedError(`stdio with ${value === "ipc" ? "\"ipc\"" : "a stream or descriptor"}`);
  throw invalidValue("stdio", value);
}

function stdioList(stdio: unknown): [Stdio, Stdio, Stdio] {
  const list = Array.isArray(stdio) ? stdio : [stdio, stdio, stdio];
  if (list.slice(3).some((value) => value !== "ignore" && value !== null && value !== undefined))
    throw unsupportedError("stdio with more than three streams");
  return [stdioOf(list[0], 0), stdioOf(list[1], 1), stdioOf(list[2], 2)];
}

function directoryOf(cwd: unknown): string {
  const path = cwd instanceof URL || (cwd as any)?.href !== undefined
    ? decodeURIComponent((cwd as any).pathname) : cwd;
  checkText(path, "options.cwd");
  return path.startsWith("/") ? path : `${info.cwd}/${path}`;
}

function environmentOf(env: object): Record<string, string> {
  const texts: Record<string, string> = {};
  for (const key in env) {
    const value = (env as any)[key];
    if (value === undefined) continue;
    const text = String(value);
    checkText(key, `options.env['${key}']`);
    checkText(text, `options.env['${key}']`);
    texts[key] = text;
  }
  return texts;
}

function checkLimits({ timeout, maxBuffer }: any): void {
  const isSet = (value: unknown) => value !== undefined && value !== null;
  if (isSet(timeout) && !(Number.isInteger(timeout) && timeout >= 0))
    throw outOfRange("timeout", "an unsigned integer", timeout);
  if (isSet(maxBuffer) && !(typeof maxBuffer === "number" && maxBuffer >= 0))
    throw outOfRange("options.maxBuffer", "a positive number", maxBuffer);
}

function checkOptions(options: any): void {
  checkLimits(options);
  if (options.argv0 !== undefined && options.argv0 !== null)
    checkText(options.argv0, "options.argv0");
  const { shell } = options;
  if (shell !== undefined && shell !== null && typeof shell !== "boolean" &&
      typeof shell !== "string")
    throw invalidType("options.shell", "one of type boolean or string", shell);
  if (options.killSignal !== undefined) signalName(options.killSignal);
  if (options.uid !== undefined || options.gid !== undefined)
    throw unsupportedError("a child of another user");
  checkSignal(options.signal);
}

/** Splits `(file, args?, options?)`. */
export function splitArguments(args: unknown, options: unknown): [string[], any] {
  if (args === undefined || args === null) return [[], options ?? {}];
  if (Array.isArray(args)) return [args, options ?? {}];
  if (typeof args !== "object") throw invalidType("args", "of type object", args);
  return [[], args];
}

export function prepare(file: unknown, given: readonly unknown[], options: any): Start {
  checkText(file, "file");
  if (file === "") throw invalidValue("file", file, "cannot be empty");
  if (typeof options !== "object") throw invalidType("options", "of type object", options);
  checkOptions(options);
  const list = given.map((value, index) => {
    const text = typeof value === "string" ? value : String(value);
    checkText(text, `args[${index}]`);
    return text;
  });
  const shell = options.shell === true ? "/bin/sh" : options.shell;
  const program = shell || file;
  const rest = shell ? ["-c", [file, ...list].join(" ")] : list;
  const common: Record<string, unknown> = { command: program, args: rest };
  if (options.argv0) common.argv0 = options.argv0;
  if (options.cwd !== undefined && options.cwd !== null) common.cwd = directoryOf(options.cwd);
  if (options.env) common.env = environmentOf(options.env);
  return {
    file: program, args: [options.argv0 || program, ...rest], stdio: stdioList(options.stdio),
    common, options,
  };
}

// Even numbers; those of pi.exec are odd.
let lastId = 0;
export const nextId = (): number => (lastId += 2);
