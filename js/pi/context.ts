// SPDX-License-Identifier: MIT
/** `ctx`: made afresh for each request. Members and their order are those of pi. */
import { info } from "isopod:native";
import {
  act, agentState, agentStateWithOffers, allTools, assertCurrent, tell,
} from "./agent";
import { createModelRegistry } from "./model_registry";
import { call as hostcall, unsupportedError } from "./platform";
import { createSessionView } from "./session_view";
import { errorResult } from "./tools";
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

export function createContext(request: Request, systemPrompt?: string): any {
  return contextFor(request, { systemPrompt, guard: assertCurrent });
}

interface Making {
  systemPrompt?: string;
  signal?: AbortSignal;
  /** Throws where the context must not be used any more. */
  guard(): void;
}

function contextFor(request: Request, { systemPrompt, signal, guard }: Making): any {
  const ctx = {};
  const getter = (name: string, get: () => unknown) => define(ctx, name, () => {
    guard();
    return get();
  });
  getter("ui", lazily(() => createUi(request.id, info.hasUI)));
  getter("mode", () => info.mode);
  getter("hasUI", () => info.hasUI);
  getter("cwd", () => info.cwd);
  getter("sessionManager", lazily(() => createSessionView(info.cwd)));
  getter("modelRegistry", lazily(createModelRegistry));
  getter("model", () => agentState().model ?? undefined);
  getter("scopedModels", () => agentState().scopedModels ?? []);
  getter("thinkingLevel", () => agentState().thinkingLevel ?? "off");
  return addMembers(ctx, guard, {
    isIdle: () => agentState().idle ?? true,
    isProjectTrusted: () => agentState().projectTrusted ?? false,
    signal: { get: () => signal },
    abort: () => tell("abort"),
    hasPendingMessages: () => agentState().pendingMessages ?? false,
    shutdown: () => tell("shutdown"),
    getContextUsage: () => agentState().contextUsage ?? undefined,
    compact: (options?: any) => compact(options),
    getSystemPrompt: () => systemPrompt ?? agentState().systemPrompt ?? "",
  });
}

function compact({ customInstructions, onComplete, onError }: any = {}): void {
  act("compact", { options: { customInstructions } }).then(
    (result) => onComplete?.(result),
    (error) => {
      if (onError === undefined) throw error;
      onError(error);
    });
}

/** Adds methods and `{get}` accessors, each of which asks the guard first. */
function addMembers(ctx: any, guard: () => void, values: Record<string, any>): any {
  for (const [name, value] of Object.entries(values)) {
    const guarded = (body: (...args: any[]) => unknown) => (...args: any[]) => {
      guard();
      return body(...args);
    };
    Object.defineProperty(ctx, name, typeof value === "function"
      ? { value: guarded(value), enumerable: true, configurable: true, writable: true }
      : { get: guarded(value.get), enumerable: true, configurable: true });
  }
  return ctx;
}

/** What `execute` gets: it can call other tools, with all checks of a call from outside. */
export function createToolContext(request: Request, callId: string): any {
  const ctx = contextFor(request, { signal: request.signal, guard: assertCurrent });
  let calls = 0;
  define(ctx, "tools", () => callableTools(), false);
  return Object.defineProperty(ctx, "executeTool", {
    value: (name: string, args: unknown) => {
      const id = `${callId}/${++calls}`;
      return executeTool({ name, args, callId: id, parent: callId }, request);
    },
    enumerable: false, configurable: true, writable: true,
  });
}

function callableTools(): any[] {
  const state = agentStateWithOffers();
  const active = new Set(state.activeTools ?? []);
  return allTools(state)
    .filter((tool) => active.has(tool.name) && tool.exposure !== "model-only")
    .map(({ name, label, description, parameters }) => ({ name, label, description, parameters }));
}

/** Never rejects: what goes wrong is the result of the tool. */
async function executeTool(call: any, request: Request): Promise<any> {
  try {
    return await hostcall("tool.call", call, request.id);
  } catch (error: any) {
    const toolCall = { type: "toolCall", id: call.callId, name: call.name, arguments: call.args };
    return { toolCall, result: errorResult(String(error?.message ?? error)), isError: true };
  }
}

export function createCommandContext(request: Request): any {
  return commandContextFor(request, assertCurrent);
}

function commandContextFor(request: Request, guard: () => void): any {
  return addMembers(contextFor(request, { guard }), guard, {
    getSystemPromptOptions: () => agentState().systemPromptOptions ?? {},
    waitForIdle: () => act("wait_for_idle"),
    newSession: (options?: any) => {
      if (options?.setup !== undefined) throw unsupportedError("ctx.newSession({ setup })");
      return replaceSession("new_session", { options: plainOptions(options) }, options, request);
    },
    fork: (entryId: string, options?: any) =>
      replaceSession("fork", { entryId, options: plainOptions(options) }, options, request),
    navigateTree: (targetId: string, options?: any) =>
      act("navigate_tree", { targetId, options }),
    switchSession: (path: string, options?: any) =>
      replaceSession("switch_session", { path }, options, request),
    reload: async () => {
      await act("reload");
    },
  });
}

const plainOptions = ({ withSession, setup, ...rest }: any = {}) => rest;

/** Afterwards this isolate is the old one; only `withSession` may still speak, to the new session. */
async function replaceSession(
  action: string, args: Record<string, unknown>, options: any, request: Request,
): Promise<{ cancelled: boolean }> {
  const answer = await act(action, args);
  if (!answer.cancelled && typeof options?.withSession === "function") {
    const ctx = commandContextFor(request, () => {});
    await options.withSession(addMembers(ctx, () => {}, {
      sendMessage: (message: unknown, how?: unknown) =>
        act("send_message", { message, options: how }),
      sendUserMessage: (content: unknown, how?: unknown) =>
        act("send_user_message", { content, options: how }),
    }));
  }
  return answer;
}

/** The small context of `project_trust`, which runs before there is a session. */
export function createTrustContext(request: Request): any {
  const { select, confirm, input, notify } = createUi(request.id, info.hasUI);
  return {
    cwd: info.cwd, mode: info.mode, hasUI: info.hasUI, ui: { select, confirm, input, notify },
  };
}
