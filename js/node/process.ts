// SPDX-License-Identifier: MIT
/**
 * `process`: facts about the isolate. There is no process that an extension could change or end:
 * `exit` throws instead of returning, so that the code behind it does not run, and the host and the
 * other extensions go on.
 */
import { info, loadBuiltin, now } from "isopod:native";
import { notify, unsupportedError, unsupportedFunction } from "isopod:core";
import EventEmitter from "node:events";
import { createEnvironment } from "./process_env";

const missing = (name: string) => unsupportedFunction(`process.${name}`);
const noop = () => {};
const enqueue = globalThis.queueMicrotask;
const emitter = (EventEmitter as any).prototype;

// Ticks run before the promise jobs that are queued after the first of them. Those queued before it
// cannot be overtaken here.
const ticks: [callback: (...args: any[]) => void, args: any[]][] = [];

function runTicks(): void {
  while (ticks.length > 0) {
    const [callback, args] = ticks.shift()!;
    try {
      Reflect.apply(callback, undefined, args);
    } catch (error) {
      // The error is reported, and the ticks behind it still run.
      if (ticks.length > 0) enqueue(runTicks);
      throw error;
    }
  }
}

export function nextTick(callback: (...args: any[]) => void, ...args: any[]): void {
  if (typeof callback !== "function") {
    const error = new TypeError('The "callback" argument must be of type function.') as any;
    error.code = "ERR_INVALID_ARG_TYPE";
    throw error;
  }
  if (ticks.push([callback, args]) === 1) enqueue(runTicks);
}

/** Output to the terminal becomes a line of the log, without the newline that ends it. */
function createOutput(level: string, fd: number): any {
  const output: any = Object.create(emitter);
  const finish = (chunk?: any, encoding?: any, done?: any) => {
    const callback = [chunk, encoding, done].find((given) => typeof given === "function");
    if (chunk !== undefined && chunk !== null && chunk !== callback) output.write(chunk);
    if (callback !== undefined) nextTick(callback);
    return output;
  };
  return Object.assign(output, {
    fd,
    writable: true,
    writableLength: 0,
    writableHighWaterMark: 16384,
    write(chunk: any, encoding?: any, done?: any): boolean {
      const text = typeof chunk === "string" ? chunk : new TextDecoder().decode(chunk);
      notify("log.write", { level, text: text.endsWith("\n") ? text.slice(0, -1) : text });
      const callback = typeof encoding === "function" ? encoding : done;
      if (typeof callback === "function") nextTick(callback, null);
      return true;
    },
    end: finish, cork: noop, uncork: noop, destroy: () => output,
    hasColors: () => false, getColorDepth: () => 1,
  });
}

/** Nobody types: the stream ends as soon as somebody listens. */
function createInput(): any {
  const input: any = Object.create(emitter);
  const chain = () => input;
  let isEnding = false;
  const end = () => {
    if (isEnding) return input;
    isEnding = true;
    nextTick(() => {
      input.readable = false;
      input.readableEnded = true;
      input.emit("end");
      input.emit("close");
    });
    return input;
  };
  const listen = (name: string) => (type: string, listener: any) => {
    emitter[name].call(input, type, listener);
    return type === "data" || type === "readable" ? end() : input;
  };
  return Object.assign(input, {
    fd: 0, readable: true, readableEnded: false,
    on: listen("on"), addListener: listen("on"), once: listen("once"),
    setEncoding: chain, resume: end, pause: chain, ref: chain, unref: chain,
    read: () => {
      end();
      return null;
    },
    pipe(target: any) {
      input.once("end", () => target.end());
      end();
      return target;
    },
    async *[Symbol.asyncIterator]() { end(); },
  });
}

declare const kGuestModules: string[];

/** What the host lets the extension see of its environment; writes stay in the isolate. */
export const env: Record<string, string | undefined> = createEnvironment();

export const platform = info.platform;
export const arch = info.arch;
export const pid = info.pid;
export const ppid = 0;
export const version = "v22.19.0";
export const versions = { node: "22.19.0", isopod: info.version };
export const release = { name: "node" };
export const argv = ["isopod", "extension"];
export const argv0 = "isopod";
export const execArgv: string[] = [];
// There is no runtime to point to. Extensions look for one whose name they know, and find the
// agent by its own name where the name is that of a runtime.
export const execPath = "node";
export const title = "isopod";
export const exitCode = undefined;
export const features = {
  inspector: false, debug: false, uv: false, ipv6: true, tls: true, typescript: "strip",
};
export const config = {};
export const stdout = createOutput("info", 1);
export const stderr = createOutput("error", 2);
export const stdin = createInput();

export const cwd = (): string => info.cwd;
export const uptime = (): number => now() / 1000;

export function emitWarning(warning: any, type?: any, code?: any): void {
  const options = typeof type === "object" && type !== null ? type : { type, code };
  const error = warning instanceof Error ? warning : new Error(String(warning));
  if (error !== warning) error.name = String(options.type ?? "Warning");
  if (options.code !== undefined && typeof options.code !== "function") (error as any).code = options.code;
  const mark = (error as any).code === undefined ? "" : `[${(error as any).code}] `;
  notify("log.write", { level: "warn", text: `${mark}${error.name}: ${error.message}` });
  nextTick(() => process.emit("warning", error));
}

export function hrtime(before?: [number, number]): [number, number] {
  const time = now();
  let seconds = Math.trunc(time / 1000);
  let nanoseconds = Math.trunc((time % 1000) * 1e6);
  if (before !== undefined) {
    seconds -= before[0];
    nanoseconds -= before[1];
    if (nanoseconds < 0) {
      seconds -= 1;
      nanoseconds += 1e9;
    }
  }
  return [seconds, nanoseconds];
}
hrtime.bigint = (): bigint => BigInt(Math.trunc(now() * 1e6));

/** An extension cannot end its host. What it runs now ends with this error. */
export function exit(code?: number): never {
  throw unsupportedError(`process.exit(${code ?? ""}): ending the process`);
}
export const reallyExit = exit;
export const abort = missing("abort");
export const kill = missing("kill");
export const chdir = missing("chdir");
export const umask = missing("umask");
export const memoryUsage = missing("memoryUsage");
export const cpuUsage = missing("cpuUsage");
export const resourceUsage = missing("resourceUsage");
export const binding = missing("binding");
export const dlopen = missing("dlopen");
export const getuid = missing("getuid");
export const geteuid = missing("geteuid");
export const getgid = missing("getgid");
export const getegid = missing("getegid");
export const getgroups = missing("getgroups");
export const loadEnvFile = missing("loadEnvFile");

/** The built-in module of a name, or nothing; only what could also be imported. */
export function getBuiltinModule(name: string): any {
  const found = typeof name === "string" && kGuestModules.includes(name);
  if (!found) return undefined;
  const exports = loadBuiltin(name);
  return exports.default ?? exports;
}

const process: any = Object.create(emitter);
Object.assign(process, {
  env, platform, arch, pid, ppid, version, versions, release, argv, argv0, execArgv, execPath,
  title, exitCode, features, config, stdout, stderr, stdin, cwd, uptime, nextTick, emitWarning,
  hrtime, exit, reallyExit, abort, kill, chdir, umask, memoryUsage, cpuUsage, resourceUsage,
  binding, dlopen, getuid, geteuid, getgid, getegid, getgroups, loadEnvFile, getBuiltinModule,
});
Object.defineProperty(process, Symbol.toStringTag, { value: "process", configurable: true });
for (const name of ["on", "once", "off", "emit", "addListener", "removeListener",
       "removeAllListeners", "prependListener", "listeners", "listenerCount", "eventNames"]) {
  Object.defineProperty(process, name, {
    value: emitter[name].bind(process), writable: true, configurable: true,
  });
}

export const {
  on,
  once,
  off,
  emit,
  addListener,
  removeListener,
  removeAllListeners,
  prependListener,
  listeners,
  listenerCount,
  eventNames,
} = process;
export default process;
