// SPDX-License-Identifier: MIT
// Runs the bundled prelude in a fresh vm context against a fake of the native module.
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { fileURLToPath } from "node:url";
import * as vm from "node:vm";
import { webcrypto } from "node:crypto";
import { inspect as nodeInspect } from "node:util";
import * as esbuild from "esbuild";

const here = path.dirname(fileURLToPath(import.meta.url));

/** Bundles once per test process; ISOPOD_PRELUDE names bundles that are built already. */
function bundles() {
  let folder = process.env.ISOPOD_PRELUDE;
  if (folder === undefined) {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "isopod-prelude-"));
    process.on("exit", () => fs.rmSync(folder, { recursive: true, force: true }));
    execFileSync(process.execPath, [path.join(here, "..", "build.mjs"), folder]);
  }
  const modules = JSON.parse(fs.readFileSync(path.join(folder, "manifest.json"), "utf8"));
  const table = new Map();
  for (const module of modules) {
    const file = path.join(folder, module.file);
    for (const name of [module.name, ...module.aliases]) table.set(name, { ...module, file });
  }
  return { modules, table };
}

const { modules, table } = bundles();
export const builtinModules = modules;

const compiled = new Map();
function sourceOf(module) {
  let code = compiled.get(module.name);
  if (code === undefined) {
    const text = fs.readFileSync(module.file, "utf8");
    code = esbuild.transformSync(text, {
      format: "cjs", target: "es2023", logLevel: "error",
      define: { "import.meta.url": '"file:///builtin.js"' },
    }).code;
    compiled.set(module.name, code);
  }
  return code;
}

export const kInfo = {
  cwd: "/work/project", home: "/home/tester", tempDir: "/tmp", agentDir: "/home/tester/.pi/agent",
  platform: "linux", arch: "x64", hostname: "box", version: "0.0.1", mode: "print", hasUI: false,
  pid: 7,
};

/**
 * An isolate. `entry` is the factory candidate, or a function of the isolate that returns it;
 * `onCall(operation, args)` gives the value of a hostcall or throws a plain outcome object.
 */
export function createIsolate({ info = {}, entry, onCall = () => null } = {}) {
  const calls = [];
  const timers = new Map();
  let makeError, handleRequest, handleCancel, lastTimer = 0, lastRequest = 0;
  const start = performance.now();

  const perform = (operation, args, cause) => {
    const plainArgs = args === undefined ? undefined : JSON.parse(JSON.stringify(args));
    calls.push({ operation, args: plainArgs, cause });
    try {
      return onCall(operation, plainArgs) ?? null;
    } catch (outcome) {
      throw makeError(outcome);
    }
  };

  const context = vm.createContext({
    DOMException, atob, btoa, queueMicrotask,
    performance: { now: () => performance.now() - start, timeOrigin: Date.now() },
  });
  const global = vm.runInContext("globalThis", context);
  const ContextUint8Array = vm.runInContext("Uint8Array", context);
  const ContextPromise = vm.runInContext("Promise", context);
  // The isolate may replace `then`; the engine does not care, and neither may this fake.
  const contextThen = ContextPromise.prototype.then;
  const settle = (promise) =>
    new Promise((resolve, reject) => Reflect.apply(contextThen, promise, [resolve, reject]));
  const intoContext = vm.runInContext("(text) => JSON.parse(text)", context);
  const toContext = (value) =>
    (value === undefined ? undefined : intoContext(JSON.stringify(value ?? null)));

  const native = {
    hostcall: (operation, args, cause) =>
      new ContextPromise((resolve) => resolve(toContext(perform(operation, args, cause)))),
    hostcallSync: (operation, args, cause) => toContext(perform(operation, args, cause)),
    setErrorFactory: (make) => {
      makeError = make;
    },
    onRequest: (handler) => {
      handleRequest = handler;
    },
    onCancel: (handler) => {
      handleCancel = handler;
    },
    startTimer(callback, milliseconds, repeat) {
      const id = ++lastTimer;
      timers.set(id, (repeat ? setInterval : setTimeout)(callback, milliseconds));
      return id;
    },
    stopTimer(id) {
      clearTimeout(timers.get(id));
      timers.delete(id);
    },
    now: () => performance.now() - start,
    importEntry: () =>
      new ContextPromise((resolve) => resolve(entry?.({ global, loadBuiltin }) ?? undefined)),
    loadBuiltin: (name) => loadBuiltin(name),
    utf8Encode: (text) =>
      new ContextUint8Array(Buffer.from(String(text).toWellFormed?.() ?? text, "utf8")),
    utf8Decode: (bytes, fatal) =>
      new TextDecoder("utf-8", { fatal, ignoreBOM: true }).decode(bytes),
    randomFill: (bytes) => {
      bytes.set(webcrypto.getRandomValues(new Uint8Array(bytes.length)));
    },
    promiseState: (promise) => {
      const text = nodeInspect(promise);
      if (text.includes("<pending>")) return ["pending", undefined];
      return [text.includes("<rejected>") ? "rejected" : "fulfilled", undefined];
    },
    info: {...kInfo, ...info },
  };

  const loaded = new Map();
  function loadBuiltin(name) {
    if (name === "isopod:native") return native;
    const module = table.get(name);
    if (module === undefined) throw new Error(`no built-in module ${name}`);
    if (!loaded.has(module.name)) {
      const exports = { exports: {} };
      loaded.set(module.name, exports);
      vm.runInContext(`(function (require, module, exports) {${sourceOf(module)}\n})`, context, {
        filename: module.name,
      })(loadBuiltin, exports, exports.exports);
    }
    return loaded.get(module.name).exports;
  }
  loadBuiltin("isopod:core");

  return {
    global,
    loadBuiltin,
    calls,
    run: (code) => vm.runInContext(code, context),
    isLoaded: (name) => loaded.has(name),
    /** The texts written to the log. */
    logged: () => calls.filter((call) => call.operation === "log.write").map((call) => call.args),
    /** The answer as the host sees it: JSON. */
    async request(kind, payload, id = ++lastRequest) {
      const value = await settle(handleRequest(kind, toContext(payload ?? {}), id));
      return value === undefined ? null : JSON.parse(JSON.stringify(value) ?? "null");
    },
    cancel: (id) => handleCancel(id),
    load: function (flags) {
      return this.request("load", { path: "/ext/probe.ts", id: "probe", flags });
    },
    close() {
      for (const timer of timers.values()) clearTimeout(timer);
    },
  };
}
