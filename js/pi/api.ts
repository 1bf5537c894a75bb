// SPDX-License-Identifier: MIT
/** `pi`: the object an extension's factory is called with. */
import { callSync, unsupportedError } from "isopod:core";
import { createBus } from "./bus";
import type { Extension } from "./extension";
import { strings } from "./strings";

const isPlainObject = (value: unknown): value is Record<string, any> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * The members and their order are those of pi. Registration works at any time, actions only once
 * loading is over, and nothing works any more when the factory has failed.
 */
export function createApi(extension: Extension): any {
  const bus = createBus();

  const registering = <F extends (...args: any[]) => any>(body: F) =>
    (...args: Parameters<F>): ReturnType<F> => {
      extension.assertUsable();
      return body(...args);
    };
  const acting = <F extends (...args: any[]) => any>(body: F) =>
    (...args: Parameters<F>): ReturnType<F> => {
      extension.assertActive();
      return body(...args);
    };
  const missing = (name: string) => acting(() => {
    throw unsupportedError(`pi.${name}`);
  });
  const put = (map: Map<string, any>) => registering((name: string, value: any) => {
    map.set(name, value);
    extension.changed();
  });
  const take = (map: Map<string, any>) => registering((name: string) => {
    if (map.delete(name)) extension.changed();
  });

  return {
    on: registering((event: string, handler: any) => extension.on(event, handler)),
    registerTool: registering((tool: any) => registerTool(extension, tool)),
    registerCommand: registering((name: string, options: any) =>
      registerCommand(extension, name, options)),
    registerShortcut: put(extension.shortcuts),
    registerFlag: registering((name: string, options: any) =>
      registerFlag(extension, name, options)),
    registerMessageRenderer: put(extension.messageRenderers),
    registerMarkdownTransformer: registering((transform: any, options?: any) =>
      extension.setMarkdownTransformer(transform, options)),
    registerEntryRenderer: put(extension.entryRenderers),
    registerToolRenderer: registering((resolver: any) => {
      extension.toolRenderers.push(resolver);
      extension.changed();
    }),
    getFlag: registering((name: string) => getFlag(extension, name)),

    sendMessage: missing("sendMessage"),
    sendUserMessage: missing("sendUserMessage"),
    appendEntry: acting((customType: string, data?: unknown) => {
      callSync("session.append_entry", { customType, data });
    }),
    setSessionName: acting((name: string) => {
      callSync("session.set_name", { name });
    }),
    getSessionName: acting(() => callSync("session.get_name", {}) ?? undefined),
    setLabel: acting((entryId: string, label?: string) => {
      callSync("session.set_label", { entryId, label });
    }),
    exec: registering((_command: string, _args: string[], options?: any) => exec(options)),
    getActiveTools: missing("getActiveTools"),
    getAllTools: missing("getAllTools"),
    getSettings: missing("getSettings"),
    setActiveTools: missing("setActiveTools"),
    getCommands: missing("getCommands"),
    setModel: async () => {
      extension.assertActive();
      throw unsupportedError("pi.setModel");
    },
    getThinkingLevel: missing("getThinkingLevel"),
    setThinkingLevel: missing("setThinkingLevel"),
    registerProvider: registering((nameOrProvider: any, config?: any) =>
      registerProvider(extension, nameOrProvider, config)),
    unregisterProvider: registering((name: string) => {
      const isKnown = extension.providers.delete(name) || extension.nativeProviders.delete(name);
      if (isKnown) extension.changed();
    }),
    registerMcpServer: put(extension.mcpServers),
    unregisterMcpServer: take(extension.mcpServers),
    getMcpServers: registering(() =>
      [...extension.mcpServers].map(([name, config]) => ({ name, config }))),
    registerVirtualModel: registering((model: any) => {
      extension.virtualModels.set(`${model.provider}/${model.id}`, model);
      extension.changed();
    }),
    unregisterVirtualModel: registering((provider: string, id: string) => {
      if (extension.virtualModels.delete(`${provider}/${id}`)) extension.changed();
    }),
    events: {
      emit: registering((channel: string, data: unknown) => bus.emit(channel, data)),
      on: registering((channel: string, handler: any) => bus.on(channel, handler)),
    },
  };
}

function registerTool(extension: Extension, tool: any): void {
  if (!isPlainObject(tool?.parameters)) {
    throw new Error(strings.toolParameters(tool?.name, extension.path));
  }
  extension.tools.set(tool.name, tool);
  extension.changed();
}

function registerCommand(extension: Extension, name: unknown, options: any): void {
  if (typeof name !== "string" || name === "") throw new Error(strings.commandName(extension.path));
  if (typeof options?.handler !== "function") {
    throw new Error(strings.commandHandler(name, extension.path));
  }
  extension.commands.set(name, { ...options });
  extension.changed();
}

function registerFlag(extension: Extension, name: string, options: any): void {
  const given = options.default;
  if (given !== undefined && typeof given !== options.type) {
    throw new Error(strings.flagDefault(name, options.type, typeof given));
  }
  extension.flags.set(name, { ...options });
  if (given !== undefined && !extension.flagValues.has(name)) extension.flagValues.set(name, given);
  extension.changed();
}

function getFlag(extension: Extension, name: string): unknown {
  return extension.flags.has(name) ? extension.flagValues.get(name) : undefined;
}

function registerProvider(extension: Extension, nameOrProvider: any, config: any): void {
  if (typeof nameOrProvider === "string") {
    if (!isPlainObject(config)) {
      throw new Error(`Provider "${nameOrProvider}" registered by extension "${extension.path}" ` +
        "must have a config object.");
    }
    extension.providers.set(nameOrProvider, config);
  } else {
    extension.nativeProviders.set(nameOrProvider.id, nameOrProvider);
  }
  extension.changed();
}

async function exec(options: any): Promise<never> {
  const limit = options?.maxBuffer;
  if (limit !== undefined && !(Number.isInteger(limit) && limit >= 0 && limit <= 536870888)) {
    throw new RangeError(strings.maxBuffer);
  }
  throw unsupportedError("pi.exec");
}
