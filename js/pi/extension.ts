// SPDX-License-Identifier: MIT
/** What the extension of this isolate has registered, and what becomes of it as loading ends. */
import { callSync, notify } from "isopod:core";
import { assertCurrent } from "./agent";
import { createBus } from "./bus";
import { strings } from "./strings";

export type Handler = (event: any, ctx: any) => unknown;
export type Phase = "loading" | "active" | "failed";

const kDefaultSurfaces = ["user", "assistant", "assistant-thinking"];

export class Extension {
  phase: Phase = "loading";
  flagValues = new Map<string, unknown>();

  tools = new Map<string, any>();
  commands = new Map<string, any>();
  flags = new Map<string, any>();
  shortcuts = new Map<string, any>();
  handlers = new Map<string, Handler[]>();
  messageRenderers = new Map<string, any>();
  entryRenderers = new Map<string, any>();
  toolRenderers: any[] = [];
  markdownTransformer: { transform: any; messageTypes: string[] } | undefined;
  providers = new Map<string, any>();
  nativeProviders = new Map<string, any>();
  virtualModels = new Map<string, any>();
  mcpServers = new Map<string, any>();
  readonly bus = createBus();

  #updatePending = false;

  constructor(readonly path: string) {}

  /** Throws when the factory failed: what it registered was discarded with it. */
  assertUsable(): void {
    assertCurrent();
    if (this.phase === "failed") throw new Error(strings.failedToLoad(this.path));
  }

  /** For actions, which need the session that exists only once loading is over. */
  assertActive(): void {
    this.assertUsable();
    if (this.phase === "loading") throw new Error(strings.notInitialized);
  }

  commit(flagValues: Record<string, unknown>): void {
    for (const [name, value] of Object.entries(flagValues)) this.flagValues.set(name, value);
    this.phase = "active";
  }

  discard(): void {
    this.phase = "failed";
    for (const map of [
      this.tools, this.commands, this.flags, this.shortcuts, this.handlers, this.messageRenderers,
      this.entryRenderers, this.providers, this.nativeProviders, this.virtualModels,
      this.mcpServers,
    ]) map.clear();
    this.bus.clear();
    this.toolRenderers = [];
    this.markdownTransformer = undefined;
  }

  /** Tells the host about a change after loading, once for all changes of the same turn. */
  changed(): void {
    if (this.phase !== "active" || this.#updatePending) return;
    this.#updatePending = true;
    queue(() => {
      if (!this.#updatePending) return;
      this.#updatePending = false;
      notify("registry.update", { registrations: describe(this) });
    });
  }

  /** Tells the host at once about changes it has not heard of. */
  flush(): void {
    if (!this.#updatePending) return;
    this.#updatePending = false;
    callSync("registry.update", { registrations: describe(this) });
  }

  on(event: string, handler: Handler): () => void {
    // A fresh array for each change: a dispatch under way keeps the list it began with.
    this.handlers.set(event, [...(this.handlers.get(event) ?? []), handler]);
    this.changed();
    let isRegistered = true;
    return () => {
      if (!isRegistered) return;
      isRegistered = false;
      const list = [...(this.handlers.get(event) ?? [])];
      const index = list.indexOf(handler);
      if (index >= 0) list.splice(index, 1);
      if (list.length > 0) this.handlers.set(event, list);
      else this.handlers.delete(event);
      this.changed();
    };
  }

  setMarkdownTransformer(transform: any, options: any): void {
    const messageTypes = options?.messageTypes ?? kDefaultSurfaces;
    this.markdownTransformer = { transform, messageTypes: [...messageTypes] };
    this.changed();
  }
}

const queue = queueMicrotask;

/** A JSON view of a value: functions become "[function]", cycles are cut. */
export function plain(value: any, above: any[] = []): any {
  if (typeof value === "function") return "[function]";
  if (typeof value === "bigint" || typeof value === "symbol") return String(value);
  if (typeof value !== "object" || value === null) return value;
  if (above.includes(value)) return "[cut]";
  const inside = [...above, value];
  if (Array.isArray(value)) return value.map((item) => plain(item ?? null, inside));
  if (value instanceof Map) return plain(Object.fromEntries(value), above);
  if (value instanceof Set) return plain([...value], above);
  const view: Record<string, any> = {};
  for (const name of Object.keys(value)) view[name] = plain(value[name], inside);
  return view;
}

/** The registrations, in the form the host records and compares. */
export function describe(extension: Extension): any {
  const handlers: Record<string, number> = {};
  for (const [event, list] of extension.handlers) handlers[event] = list.length;
  const transformer = extension.markdownTransformer;
  return {
    tools: [...extension.tools.values()].map((tool) => ({
      name: tool.name,
      label: tool.label,
      description: tool.description,
      parameters: plain(tool.parameters),
      fields: Object.keys(tool).sort(),
      promptSnippet: tool.promptSnippet,
      promptGuidelines: plain(tool.promptGuidelines),
      exposure: tool.exposure,
      executionMode: tool.executionMode,
      defaultActive: tool.defaultActive,
      renderShell: tool.renderShell,
    })),
    commands: [...extension.commands].map(([name, command]) => ({
      name,
      description: command.description,
      hasCompletions: typeof command.getArgumentCompletions === "function",
    })),
    flags: [...extension.flags].map(([name, flag]) => ({
      name, type: flag.type, default: flag.default, description: flag.description,
    })),
    shortcuts: [...extension.shortcuts].map(([key, shortcut]) => ({
      key, description: shortcut?.description,
    })),
    handlers,
    messageRenderers: [...extension.messageRenderers.keys()],
    entryRenderers: [...extension.entryRenderers.keys()],
    toolRenderers: extension.toolRenderers.length,
    markdownTransformers: transformer === undefined ? [] : [transformer.messageTypes],
    providers: [...extension.providers].map(([name, config]) => ({ name, config: plain(config) })),
    nativeProviders: [...extension.nativeProviders.values()].map(({ id, name }) => ({ id, name })),
    virtualModels: [...extension.virtualModels.values()].map((model) => plain(model)),
    mcpServers: [...extension.mcpServers].map(([name, config]) => ({
      name, config: plain(config),
    })),
  };
}
