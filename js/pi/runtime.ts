// SPDX-License-Identifier: MIT
/** Answers the host's requests: loads the extension and runs its tools, commands and handlers. */
import { isUnsupported, OpenRequest, withRequest } from "isopod:core";
import { importEntry, loadBuiltin } from "isopod:native";
import { markReplaced } from "./agent";
import { createApi } from "./api";
import { createCommandContext, createContext, type Request } from "./context";
import { dispatch } from "./events";
import { describe, Extension } from "./extension";
import { strings } from "./strings";
import { callTool, prepareCall } from "./tools";

let extension: Extension | undefined;

function loaded(): Extension {
  if (extension === undefined) throw new Error("no extension is loaded in this isolate");
  return extension;
}

const isClass = (factory: Function) =>
  /^class\b/.test(Function.prototype.toString.call(factory));

async function load({ path, flags }: { path: string; flags?: Record<string, unknown> }) {
  if (extension !== undefined) throw new Error("this isolate has loaded its extension already");
  const current = (extension = new Extension(path));
  try {
    const factory = await importEntry(path);
    if (typeof factory !== "function") {
      throw Object.assign(new Error(strings.noFactory(path)), { code: "no_factory" });
    }
    if (isClass(factory)) throw new TypeError(strings.classFactory(factory.name));
    await factory(createApi(current));
  } catch (error) {
    current.discard();
    throw error;
  }
  current.commit(flags ?? {});
  return describe(current);
}

async function runCommand({ name, args }: any, request: Request): Promise<null> {
  const command = loaded().commands.get(name);
  if (command === undefined) throw new Error(`Command ${name} not found`);
  await command.handler(args ?? "", createCommandContext(request));
  return null;
}

async function complete({ name, prefix }: any): Promise<unknown> {
  const command = loaded().commands.get(name);
  if (command === undefined) throw new Error(`Command ${name} not found`);
  return (await command.getArgumentCompletions?.(prefix ?? "")) ?? null;
}

async function pressShortcut({ key }: any, request: Request): Promise<null> {
  const shortcut = loaded().shortcuts.get(key);
  if (shortcut === undefined) throw new Error(`Shortcut ${key} not found`);
  await shortcut.handler(createContext(request));
  return null;
}

/** Those of the names in built-in modules that throw when they are called, as "module: name". */
function findUnsupported(imports: { module: string; names: string[] }[]): string[] {
  return imports.flatMap(({ module, names }) => {
    const exported = loadBuiltin(module);
    return names
      .filter((name) => name !== "*" && name !== "default" && isUnsupported(exported[name]))
      .map((name) => `${module}: ${name}`);
  });
}

const kHandlers: Record<string, (payload: any, request: Request) => unknown> = {
  __proto__: null as any,
  load,
  describe: () => describe(loaded()),
  prepare_tool: ({ name, args }) => prepareCall(loaded(), name, args),
  tool: (payload, request) => callTool(loaded(), payload, request),
  command: runCommand,
  event: ({ type, event }, request) => dispatch(loaded(), type, event, request),
  complete,
  shortcut: pressShortcut,
  unsupported: ({ imports }) => findUnsupported(imports),
  bus: ({ channel, data }) => {
    extension?.bus.emit(channel, data);
    return null;
  },
  stale: () => {
    extension?.bus.clear();
    markReplaced();
    return null;
  },
};

export async function answer(kind: string, payload: any, id: number): Promise<unknown> {
  const handler = kHandlers[kind];
  if (handler === undefined) throw new Error(`unknown request kind ${kind}`);
  const request = new OpenRequest(id);
  try {
    return await withRequest(id, () => handler(payload, request));
  } finally {
    request.end();
  }
}
