// SPDX-License-Identifier: MIT
/** The global names every isolate has. Cheap ones are there at once, others load on first use. */
import { info, loadBuiltin, now } from "isopod:native";
import { unsupportedError, unsupportedFunction } from "./support";
import * as timers from "./timers";

const defineProperty = Object.defineProperty;

function install(name: string, value: unknown): void {
  defineProperty(globalThis, name, {
    value, writable: true, configurable: true, enumerable: false,
  });
}

/** A global that replaces itself by `load()` when it is read, and by anything assigned to it. */
function installLazy(name: string, load: () => unknown): void {
  defineProperty(globalThis, name, {
    get() {
      const value = load();
      install(name, value);
      return value;
    },
    set(value) {
      install(name, value);
    },
    configurable: true,
    enumerable: false,
  });
}

/** Module by module: the globals it provides under the same export name. */
const kProviders: [module: string, names: string[]][] = [
  ["isopod:web/console", ["console"]],
  ["isopod:web/events", ["Event", "CustomEvent", "EventTarget"]],
  ["isopod:web/abort", ["AbortController", "AbortSignal"]],
  ["isopod:web/url", ["URL", "URLSearchParams"]],
  ["isopod:web/encoding", ["TextEncoder", "TextDecoder"]],
  ["isopod:web/structured_clone", ["structuredClone"]],
  ["isopod:web/segmenter", ["Intl"]],
  ["isopod:web/crypto", ["crypto"]],
  ["isopod:web/blob", ["Blob", "File"]],
  ["isopod:web/form_data", ["FormData"]],
  ["isopod:web/headers", ["Headers"]],
  ["isopod:web/fetch", ["Request", "Response"]],
  ["isopod:web/streams", [
    "ReadableStream", "ReadableStreamDefaultReader", "ReadableStreamDefaultController",
    "WritableStream", "WritableStreamDefaultWriter", "WritableStreamDefaultController",
    "TransformStream", "TransformStreamDefaultController", "TextDecoderStream",
    "TextEncoderStream", "ByteLengthQueuingStrategy", "CountQueuingStrategy",
  ]],
  ["node:process", ["process"]],
  ["node:buffer", ["Buffer"]],
];

const kUnsupportedClasses = [
  "WebSocket", "MessageChannel", "BroadcastChannel", "CompressionStream", "DecompressionStream",
];

/** This engine runs no WebAssembly. Code that looks whether it is there finds it, and each use says so. */
function createWebAssembly(): object {
  const namespace: any = {};
  for (const name of ["Module", "Instance", "Memory", "Table", "Global", "Tag", "Exception",
         "CompileError", "LinkError", "RuntimeError", "validate"])
    namespace[name] = unsupportedFunction(`WebAssembly.${name}`);
  for (const name of ["compile", "compileStreaming", "instantiate", "instantiateStreaming"])
    namespace[name] = async () => { throw unsupportedError(`WebAssembly.${name}`); };
  return defineProperty(namespace, Symbol.toStringTag, { value: "WebAssembly", configurable: true });
}

export function installGlobals(): void {
  install("global", globalThis);
  for (const [name, value] of Object.entries(timers)) {
    if (name !== "Timeout" && name !== "Immediate") install(name, value);
  }
  for (const [module, names] of kProviders) {
    for (const name of names) {
      installLazy(name, () => {
        const exports = loadBuiltin(module);
        return name === "process" ? exports.default : exports[name];
      });
    }
  }
  for (const name of kUnsupportedClasses) installLazy(name, () => unsupportedFunction(name));
  installLazy("navigator", () => ({
    hardwareConcurrency: 1, language: "en-US", languages: ["en-US"], platform: info.platform,
    userAgent: `isopod/${info.version}`,
  }));
  installLazy("WebAssembly", createWebAssembly);
  install("fetch", function fetch(input: unknown, init: unknown = undefined) {
    return loadBuiltin("isopod:web/fetch").fetch(input, init);
  });
  if (typeof performance === "undefined") install("performance", { now, timeOrigin: Date.now() });
  for (const name of ["gc", "print", "scriptArgs", "execArgv", "argv0"]) {
    delete (globalThis as any)[name];
  }
}
