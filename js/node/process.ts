// SPDX-License-Identifier: MIT
/** `process`: facts about the isolate. There is no process to change. */
import { info, now } from "isopod:native";
import { notify, unsupportedError, unsupportedFunction } from "isopod:core";
import EventEmitter from "node:events";

const missing = (name: string) => unsupportedFunction(`process.${name}`);
const noop = () => {};

/** Output to the terminal becomes a line of the log, without the newline that ends it. */
function createOutput(level: string, fd: number): any {
  const output: any = Object.create((EventEmitter as any).prototype);
  return Object.assign(output, {
    fd,
    isTTY: false,
    writable: true,
    write(chunk: any, encoding?: any, done?: any): boolean {
      const text = typeof chunk === "string" ? chunk : new TextDecoder().decode(chunk);
      notify("log.write", { level, text: text.endsWith("\n") ? text.slice(0, -1) : text });
      const callback = typeof encoding === "function" ? encoding : done;
      if (typeof callback === "function") queueMicrotask(() => callback(null));
      return true;
    },
    end: noop, cork: noop, uncork: noop,
  });
}

function createInput(): any {
  const input: any = Object.create((EventEmitter as any).prototype);
  const chain = () => input;
  return Object.assign(input, {
    fd: 0, isTTY: false, isRaw: false, readable: false,
    setEncoding: chain, resume: chain, pause: chain, ref: chain, unref: chain, setRawMode: chain,
    read: () => null,
  });
}

// Without the `env` capability no variable is visible; assignments stay inside the isolate.
export const env: Record<string, string | undefined> = new Proxy(Object.create(null), {
  set(target, name, value) {
    target[name] = String(value);
    return true;
  },
});

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
export const execPath = "isopod";
export const title = "isopod";
export const exitCode = undefined;
export const features = {};
export const config = {};
export const stdout = createOutput("info", 1);
export const stderr = createOutput("error", 2);
export const stdin = createInput();

export const cwd = (): string => info.cwd;
export const uptime = (): number => now() / 1000;
export const nextTick = (callback: (...args: any[]) => void, ...args: any[]): void => {
  queueMicrotask(() => callback(...args));
};
export const emitWarning = (warning: any): void => {
  notify("log.write", { level: "warn", text: `Warning: ${warning?.message ?? warning}` });
};

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

const process: any = Object.create((EventEmitter as any).prototype);
Object.assign(process, {
  env, platform, arch, pid, ppid, version, versions, release, argv, argv0, execArgv, execPath,
  title, exitCode, features, config, stdout, stderr, stdin, cwd, uptime, nextTick, emitWarning,
  hrtime, exit, reallyExit, abort, kill, chdir, umask, memoryUsage, cpuUsage, resourceUsage,
  binding, dlopen,
});
Object.defineProperty(process, Symbol.toStringTag, { value: "process", configurable: true });
for (const name of ["on", "once", "off", "emit", "addListener", "removeListener",
       "removeAllListeners", "listeners", "listenerCount"]) {
  Object.defineProperty(process, name, {
    value: (EventEmitter as any).prototype[name].bind(process), writable: true, configurable: true,
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
  listeners,
  listenerCount
} = process;
export default process;
