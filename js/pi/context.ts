// SPDX-License-Identifier: MIT
/** `ctx`: made afresh for each request. Members and their order are those of pi. */
import { info } from "isopod:native";
import { createModelRegistry } from "./model_registry";
import { unsupportedError } from "./platform";
import { createSessionView } from "./session_view";
import { createUi } from "./ui";

export interface Request {
  readonly id: number;
  readonly signal: AbortSignal;
}

/** A getter that makes its value when it is first read. */
function lazily<T>(make: () => T): () => T {
  let value: { made: T } | undefined;
  return () => (value ??= { made: make() }).made;
}

const define = (target: object, name: string, get: () => unknown, enumerable = true) =>
  Object.defineProperty(target, name, { get, enumerable, configurable: true });

const reject = (name: string) => async () => {
  throw unsupportedError(`ctx.${name}`);
};

export function createContext(request: Request, systemPrompt = ""): any {
  const ctx = {};
  define(ctx, "ui", lazily(() => createUi(request.id, info.hasUI)));
  define(ctx, "mode", () => info.mode);
  define(ctx, "hasUI", () => info.hasUI);
  define(ctx, "cwd", () => info.cwd);
  define(ctx, "sessionManager", lazily(() => createSessionView(info.cwd)));
  define(ctx, "modelRegistry", lazily(createModelRegistry));
  define(ctx, "model", () => undefined);
  define(ctx, "scopedModels", () => []);
  define(ctx, "thinkingLevel", () => "off");
  return Object.defineProperties(ctx, members({
    isIdle: () => true,
    isProjectTrusted: () => false,
    signal: { get: () => request.signal },
    abort: () => {},
    hasPendingMessages: () => false,
    shutdown: () => {},
    getContextUsage: () => undefined,
    compact: () => {
      throw unsupportedError("ctx.compact");
    },
    getSystemPrompt: () => systemPrompt,
  }));
}

function members(values: Record<string, any>): PropertyDescriptorMap {
  const descriptors: PropertyDescriptorMap = {};
  for (const [name, value] of Object.entries(values)) {
    descriptors[name] = typeof value === "function"
      ? { value, enumerable: true, configurable: true, writable: true }
      : { ...value, enumerable: true, configurable: true };
  }
  return descriptors;
}

/** What `execute` gets: calling other tools needs an agent, which this host does not run. */
export function createToolContext(request: Request): any {
  const ctx = createContext(request);
  define(ctx, "tools", () => {
    throw unsupportedError("ctx.tools");
  }, false);
  return Object.defineProperty(ctx, "executeTool", {
    value: reject("executeTool"), enumerable: false, configurable: true, writable: true,
  });
}

export function createCommandContext(request: Request): any {
  return Object.defineProperties(createContext(request), members({
    getSystemPromptOptions: () => ({}),
    waitForIdle: async () => {},
    newSession: reject("newSession"),
    fork: reject("fork"),
    navigateTree: reject("navigateTree"),
    switchSession: reject("switchSession"),
    reload: reject("reload"),
  }));
}

/** The small context of `project_trust`, which runs before there is a session. */
export function createTrustContext(request: Request): any {
  const { select, confirm, input, notify } = createUi(request.id, info.hasUI);
  return {
    cwd: info.cwd, mode: info.mode, hasUI: info.hasUI, ui: { select, confirm, input, notify },
  };
}
