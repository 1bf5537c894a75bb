// SPDX-License-Identifier: MIT
/**
 * Runs this extension's handlers of one event. The host composes extensions; what one handler does
 * must be visible to the next one of the same extension already here, so the rules that need
 * JavaScript (identity of objects, functions, `undefined`) are here and the rest is the host's
 * (src/registry/composition.h).
 */
import { assertCurrent } from "./agent";
import { createContext, createTrustContext, type Request } from "./context";
import type { Extension } from "./extension";
import { createRun, type EventRun } from "./event_rules";

const messageOf = (thrown: any) => (thrown instanceof Error ? thrown.message : String(thrown));

/** Events whose failing handler ends the dispatch: nothing may happen that it did not see. */
const kStopsAtError = new Set(["tool_call", "user_bash"]);
const kHasSignal = new Set(["session_before_compact", "session_before_tree"]);

/** The frames in the extension's files: those of built-ins have names, not paths. */
function ownFrames(stack: unknown): string | undefined {
  if (typeof stack !== "string") return undefined;
  const own = stack.split("\n").filter((line) => /(?:\(|at )\//.test(line));
  return own.length > 0 ? `${own.join("\n")}\n` : undefined;
}

function contextFor(type: string, request: Request, run: EventRun): any {
  if (type === "project_trust") return createTrustContext(request);
  const ctx = createContext(request);
  if (type === "before_agent_start") {
    ctx.getSystemPrompt = () => {
      assertCurrent();
      return run.state.systemPrompt;
    };
  }
  return ctx;
}

/** What the host is sent; `replaced` tells a new list of messages from an edited one. */
interface Answer {
  event: any;
  results: unknown[];
  errors: { message: string; stack?: string }[];
  replaced?: boolean;
}

export async function dispatch(
  extension: Extension, type: string, payload: any, request: Request,
): Promise<Answer> {
  const results: unknown[] = [];
  const errors: Answer["errors"] = [];
  const run = createRun(type, { ...payload, type }, (message) => errors.push({ message }));
  if (kHasSignal.has(type)) {
    Object.defineProperty(run.state, "signal", { value: request.signal, enumerable: false });
  }
  for (const handler of extension.handlers.get(type) ?? []) {
    let stops = false;
    let shown: unknown;
    try {
      const result = await handler(run.next(), contextFor(type, request, run));
      stops = run.take(result) === "stop";
      shown = run.shown(result);
    } catch (error: any) {
      errors.push({ message: messageOf(error), stack: ownFrames(error?.stack) });
      stops = kStopsAtError.has(type);
    }
    run.settle();
    results.push(shown ?? null);
    if (stops) break;
  }
  return { event: run.end(), results, errors, ...(run.replaced ? { replaced: true } : {}) };
}
