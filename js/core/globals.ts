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
  ["node:process", ["process"]],
  ["node:buffer", ["Buffer"]],
];

const kUnsupportedClasses = [
  "Headers", "Request", "Response", "FormData", "Blob", "File", "WebSocket",
  "MessageChannel", "BroadcastChannel", "ReadableStream", "WritableStream", "TransformStream",
  "CompressionStream", "DecompressionStream", "TextDecoderStream", "TextEncoderStream",
];

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
  install("fetch", async function fetch() {
    throw unsupportedError("fetch");
  });
  if (typeof performance === "undefined") install("performance", { now, timeOrigin: Date.now() });
  for (const name of ["gc", "print", "scriptArgs", "execArgv", "argv0"]) {
    delete (globalThis as any)[name];
  }
}
