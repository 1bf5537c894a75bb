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
import { createNativeCrypto } from "./native_crypto.mjs";
import { createNativeModules } from "./native_modules.mjs";
import { createNativeZlib } from "./native_zlib.mjs";

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

/** The realm of an isolate, and the way of plain data into it. */
function createRealm(start) {
  const context = vm.createContext({
    DOMException, atob, btoa, queueMicrotask,
    performance: { now: () => performance.now() - start, timeOrigin: Date.now() },
  });
  const run = (code) => vm.runInContext(code, context);
  const parse = run("(text) => JSON.parse(text)");
  // The isolate may replace `then`; the engine does not care, and neither may this fake.
  const then = run("Promise.prototype.then");
  return {
    context,
    run,
    global: run("globalThis"),
    Uint8Array: run("Uint8Array"),
    Promise: run("Promise"),
    enter: (value) => (value === undefined ? undefined : parse(JSON.stringify(value ?? null))),
    settle: (promise) => new Promise((resolve, reject) =>
      Reflect.apply(then, promise, [resolve, reject])),
  };
}

function promiseState(promise) {
  const text = nodeInspect(promise);
  if (text.includes("<pending>")) return ["pending", undefined];
  return [text.includes("<rejected>") ? "rejected" : "fulfilled", undefined];
}

/** The module isopod:native. `hooks` receives what the prelude registers. */
function createNative(realm, { start, info, calls, timers, hooks, onCall, loadBuiltin, loadEntry }) {
  let lastTimer = 0;
  const perform = (operation, args, cause) => {
    const plainArgs = args === undefined ? undefined : JSON.parse(JSON.stringify(args));
    calls.push({ operation, args: plainArgs, cause });
    try {
      const value = onCall(operation, plainArgs);
      return value instanceof Promise ? value : realm.enter(value ?? null);
    } catch (outcome) {
      throw hooks.makeError(outcome);
    }
  };
  /** `onCall` may give a promise, for an operation that waits. */
  const performLater = (operation, args, cause) => new realm.Promise((resolve, reject) => {
    const value = perform(operation, args, cause);
    if (!(value instanceof Promise)) return resolve(value);
    value.then((later) => resolve(realm.enter(later ?? null)),
      (outcome) => reject(hooks.makeError(outcome)));
  });
  const decode = (bytes, fatal) =>
    new TextDecoder("utf-8", { fatal, ignoreBOM: true }).decode(bytes);
  return {
    hostcall: performLater,
    hostcallSync: perform,
    setErrorFactory: (make) => { hooks.makeError = make; },
    onRequest: (handler) => { hooks.request = handler; },
    onCancel: (handler) => { hooks.cancel = handler; },
    startTimer(callback, milliseconds, repeat) {
      timers.set(++lastTimer, (repeat ? setInterval : setTimeout)(callback, milliseconds));
      return lastTimer;
    },
    stopTimer(id) {
      clearTimeout(timers.get(id));
      timers.delete(id);
    },
    now: () => performance.now() - start,
    importEntry: () => new realm.Promise((resolve) => resolve(loadEntry())),
    loadBuiltin,
    utf8Encode: (text) => new realm.Uint8Array(Buffer.from(text, "utf8")),
    utf8Decode: decode,
    randomFill: (bytes) => {
      bytes.set(webcrypto.getRandomValues(new Uint8Array(bytes.length)));
    },
    promiseState,
    info: { ...kInfo, ...info },
  };
}

const nameForGuests = (name) =>
  (name.startsWith("isopod:") ? undefined : table.get(name)?.name);

/** Evaluates built-in modules in the realm, each once, when they are first asked for. */
function createLoader(realm, loaded, native, builtins) {
  let nativeCrypto;
  return function loadBuiltin(name) {
    if (name === "isopod:native") return native();
    if (name in builtins) return builtins[name];
    if (name === "isopod:native/crypto") return nativeCrypto ??= createNativeCrypto(realm);
    if (name === "isopod:native/zlib") return createNativeZlib(realm);
    if (name === "isopod:native/modules") return createNativeModules(loadBuiltin, nameForGuests);
    const module = table.get(name);
    if (module === undefined) throw new Error(`no built-in module ${name}`);
    if (!loaded.has(module.name)) {
      const holder = { exports: {} };
      loaded.set(module.name, holder);
      vm.runInContext(`(function (require, module, exports) {${sourceOf(module)}\n})`,
        realm.context, { filename: module.name })(loadBuiltin, holder, holder.exports);
    }
    return loaded.get(module.name).exports;
  };
}

/**
 * An isolate. `entry` gets its global object and `loadBuiltin` and returns the factory candidate;
 * `onCall(operation, args)` gives the value of a hostcall or throws a plain outcome object;
 * `builtins` are modules that stand in for built-in ones, by name.
 */
export function createIsolate({ info = {}, entry, onCall = () => null, builtins = {} } = {}) {
  const start = performance.now();
  const realm = createRealm(start);
  const [calls, timers, loaded, hooks] = [[], new Map(), new Map(), {}];
  const loadBuiltin = createLoader(realm, loaded, () => native, builtins);
  const loadEntry = () => entry?.({ global: realm.global, loadBuiltin }) ?? undefined;
  const native = createNative(realm, {
    start, info, calls, timers, hooks, onCall, loadBuiltin, loadEntry,
  });
  loadBuiltin("isopod:core");

  let lastRequest = 0;
  return {
    global: realm.global,
    loadBuiltin,
    calls,
    run: realm.run,
    isLoaded: (name) => loaded.has(name),
    /** The texts written to the log. */
    logged: () => calls.filter((call) => call.operation === "log.write").map((call) => call.args),
    /** The answer as the host sees it: JSON. */
    async request(kind, payload, id = ++lastRequest) {
      const value = await realm.settle(hooks.request(kind, realm.enter(payload ?? {}), id));
      return value === undefined ? null : JSON.parse(JSON.stringify(value) ?? "null");
    },
    cancel: (id) => hooks.cancel(id),
    load(flags) {
      return this.request("load", { path: "/ext/probe.ts", id: "probe", flags });
    },
    close() {
      for (const timer of timers.values()) clearTimeout(timer);
    },
  };
}
