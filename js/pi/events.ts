// SPDX-License-Identifier: MIT
/**
 * Runs this extension's handlers of one event. The host composes extensions; what one handler does
 * to the event must be visible to the next one of the same extension already here.
 */
import { createContext, createTrustContext, type Request } from "./context";
import type { Extension } from "./extension";
import { strings } from "./strings";

const messageOf = (thrown: any) => (thrown instanceof Error ? thrown.message : String(thrown));

/** Whether the handlers after this one are skipped. */
type Step = "continue" | "stop";
type Rule = (event: any, result: any) => Step;

function copyDefined(event: any, result: any, names: string[]): void {
  for (const name of names) {
    if (result?.[name] !== undefined) event[name] = result[name];
  }
}

const copying = (...names: string[]): Rule => (event, result) => {
  copyDefined(event, result, names);
  return "continue";
};
const stoppingAtCancel: Rule = (_event, result) => (result?.cancel ? "stop" : "continue");

const kRules: Record<string, Rule> = {
  __proto__: null as any,
  project_trust: (_event, result) => {
    if (result === undefined || result === null) {
      throw new TypeError(strings.readingOf(result, "trusted"));
    }
    return result.trusted === "yes" || result.trusted === "no" ? "stop" : "continue";
  },
  session_before_switch: stoppingAtCancel,
  session_before_fork: stoppingAtCancel,
  session_before_compact: stoppingAtCancel,
  session_before_tree: stoppingAtCancel,
  input: (event, result) => {
    if (result?.action === "handled") return "stop";
    if (result?.action === "transform") copyDefined(event, result, ["text", "images"]);
    return "continue";
  },
  before_agent_start: copying("systemPrompt"),
  turn_end: copying("entries", "continue"),
  agent_before_settle: copying("entries", "continue"),
  context: copying("messages"),
  context_with_system: copying("messages"),
  before_provider_request: (event, result) => {
    if (result !== undefined) event.payload = result;
    return "continue";
  },
  message_end: (event, result) => {
    if (result?.message && result.message.role === event.message?.role) {
      event.message = result.message;
    }
    return "continue";
  },
  tool_call: (_event, result) => (result?.block ? "stop" : "continue"),
  tool_result: (event, result) => {
    if (result?.content !== undefined && result.structuredContent === undefined) {
      delete event.structuredContent;
    }
    copyDefined(event, result, ["content", "details", "structuredContent", "isError", "usage"]);
    return "continue";
  },
  user_bash: (_event, result) => {
    if (result === undefined) return "continue";
    if (!isUserBashResult(result)) throw new Error(strings.userBashResult);
    return "stop";
  },
};

function isUserBashResult(value: any): boolean {
  if (typeof value !== "object" || value === null) return false;
  if ((value.operations === undefined) === (value.result === undefined)) return false;
  if (value.operations !== undefined) return typeof value.operations?.exec === "function";
  return typeof value.result === "object" && value.result !== null &&
    typeof value.result.output === "string";
}

/** Events whose failing handler ends the dispatch: nothing may happen that it did not see. */
const kStopsAtError = new Set(["tool_call", "user_bash"]);
const kHasSignal = new Set(["session_before_compact", "session_before_tree"]);

/** The frames of a stack that are in the extension's files: those of built-ins have names, not paths. */
function ownFrames(stack: unknown): string | undefined {
  if (typeof stack !== "string") return undefined;
  const own = stack.split("\n").filter((line) => /(?:\(|at )\//.test(line));
  return own.length > 0 ? `${own.join("\n")}\n` : undefined;
}

export async function dispatch(
  extension: Extension, type: string, event: any, request: Request,
): Promise<any> {
  const results: unknown[] = [];
  const errors: { message: string; stack?: string }[] = [];
  event = { ...event, type };
  if (kHasSignal.has(type)) {
    Object.defineProperty(event, "signal", { value: request.signal, enumerable: false });
  }
  for (const handler of extension.handlers.get(type) ?? []) {
    let result: unknown;
    let step: Step = "continue";
    try {
      const ctx = type === "project_trust"
        ? createTrustContext(request) : createContext(request, event.systemPrompt);
      result = await handler(event, ctx);
      step = kRules[type]?.(event, result) ?? "continue";
    } catch (error: any) {
      result = undefined;
      errors.push({ message: messageOf(error), stack: ownFrames(error?.stack) });
      if (kStopsAtError.has(type)) step = "stop";
    }
    results.push(result ?? null);
    if (step === "stop") break;
  }
  return { event, results, errors };
}
