// SPDX-License-Identifier: MIT
/** `pi`: the object an extension's factory is called with. */
import { callSync, notify } from "isopod:core";
import { info } from "isopod:native";
import { act, actSync, agentState, agentStateWithOffers, allTools, tell } from "./agent";
import { exec } from "./exec";
import type { Extension } from "./extension";
import { strings } from "./strings";

const isPlainObject = (value: unknown): value is Record<string, any> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

type Body = (...args: any[]) => any;

/** What may be called when. */
class Guards {
  constructor(readonly extension: Extension) {}

  /** Works at any time, until the factory has failed. */
  readonly registering = <F extends Body>(body: F): F => {
    const guarded = (...args: any[]) => {
      this.extension.assertUsable();
      return body(...args);
    };
    return guarded as F;
  };

  /** Works only once loading is over. */
  readonly acting = <F extends Body>(body: F): F => {
    const guarded = (...args: any[]) => {
      this.extension.assertActive();
      return body(...args);
    };
    return guarded as F;
  };

  readonly put = (map: Map<string, any>): Body => this.registering((name: string, value: any) => {
    map.set(name, value);
    this.extension.changed();
  });

  readonly take = (map: Map<string, any>): Body => this.registering((name: string) => {
    if (map.delete(name)) this.extension.changed();
  });
}

/** The members and their order are those of pi. */
export function createApi(extension: Extension): any {
  const guards = new Guards(extension);
  return {
    ...offeringMembers(extension, guards),
    ...actionMembers(extension, guards),
    ...providerMembers(extension, guards),
    events: busMembers(extension, guards),
  };
}

function offeringMembers(extension: Extension, { registering, put }: Guards) {
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
  };
}

function actionMembers(extension: Extension, { registering, acting }: Guards) {
  return {
    sendMessage: acting((message: unknown, options?: unknown) =>
      tell("send_message", { message, options })),
    sendUserMessage: acting((content: unknown, options?: unknown) =>
      tell("send_user_message", { content, options })),
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
    exec: registering((command: string, args: string[], options?: any) =>
      exec(command, args, options, info.cwd)),
    getActiveTools: acting(() => {
      extension.flush();
      return agentState().activeTools ?? [];
    }),
    getAllTools: acting(() => getAllTools(extension)),
    getSettings: acting(() => agentState().settings ?? {}),
    setActiveTools: acting((names: string[]) => {
      extension.flush();
      actSync("set_active_tools", { names });
    }),
    getCommands: acting(() => {
      extension.flush();
      const state = agentStateWithOffers();
      return [...state.extensionCommands, ...(state.commands ?? [])];
    }),
    setModel: async (model: unknown) => {
      extension.assertActive();
      return act("set_model", { model });
    },
    getThinkingLevel: acting(() => agentState().thinkingLevel ?? "off"),
    setThinkingLevel: acting((level: string) => {
      actSync("set_thinking_level", { level });
    }),
  };
}

function getAllTools(extension: Extension): any[] {
  extension.flush();
  return allTools(agentStateWithOffers()).map((tool) => ({
    name: tool.name,
    description: tool.description,
    parameters: tool.parameters,
    promptGuidelines: tool.promptGuidelines,
    exposure: tool.exposure ?? "direct",
    sourceInfo: tool.sourceInfo,
  }));
}

function providerMembers(extension: Extension, { registering, put, take }: Guards) {
  const { providers, nativeProviders, mcpServers, virtualModels } = extension;
  return {
    registerProvider: registering((nameOrProvider: any, config?: any) =>
      registerProvider(extension, nameOrProvider, config)),
    unregisterProvider: registering((name: string) => {
      if (providers.delete(name) || nativeProviders.delete(name)) extension.changed();
    }),
    registerMcpServer: put(mcpServers),
    unregisterMcpServer: take(mcpServers),
    getMcpServers: registering(() => [...mcpServers].map(([name, config]) => ({ name, config }))),
    registerVirtualModel: registering((model: any) => {
      virtualModels.set(`${model.provider}/${model.id}`, model);
      extension.changed();
    }),
    unregisterVirtualModel: registering((provider: string, id: string) => {
      if (virtualModels.delete(`${provider}/${id}`)) extension.changed();
    }),
  };
}

function busMembers({ bus }: Extension, { registering }: Guards) {
  return {
    emit: registering((channel: string, data: unknown) => {
      bus.emit(channel, data);
      notify("events.emit", { channel, data });
    }),
    on: registering((channel: string, handler: any) => bus.on(channel, handler)),
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
