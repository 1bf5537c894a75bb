// SPDX-License-Identifier: MIT
/** How the handlers of one event meet within this extension: one class for each kind of event. */
import { previewBoundary } from "./session_projection";
import { readSession } from "./session_view";
import { strings } from "./strings";

/** Whether the handlers after this one are skipped. */
export type Step = "continue" | "stop";
type Tell = (message: string) => void;

const isObject = (value: unknown): value is Record<string, any> =>
  typeof value === "object" && value !== null;

function pick(from: any, names: readonly string[]): Record<string, any> {
  const picked: Record<string, any> = {};
  for (const name of names) {
    if (from[name] !== undefined) picked[name] = from[name];
  }
  return picked;
}

/** Handlers are only told: all get one object, and what they return does not matter. */
export class EventRun {
  /** Whether a handler put a new list in place of the old one. */
  replaced = false;

  constructor(readonly state: any, protected readonly tell: Tell) {}

  /** What the next handler is called with. */
  next(): any {
    return this.state;
  }

  /** Takes what a handler returned. May throw, as if the handler had. */
  take(_result: any): Step {
    return "continue";
  }

  /** What the host is shown of a result: plain data, and only what counts. */
  shown(_result: any): unknown {
    return null;
  }

  /** After each handler, also one that threw. */
  settle(): void {}

  /** The event as it is now, for the host. */
  end(): any {
    return this.state;
  }
}

class SessionBefore extends EventRun {
  override take(result: any): Step {
    return result?.cancel ? "stop" : "continue";
  }

  override shown(result: any): unknown {
    return result || null;
  }
}

class ToolCall extends EventRun {
  override take(result: any): Step {
    return result?.block ? "stop" : "continue";
  }

  override shown(result: any): unknown {
    return result || null;
  }
}

class ProjectTrust extends EventRun {
  override take(result: any): Step {
    if (result === undefined || result === null) {
      throw new TypeError(strings.readingOf(result, "trusted"));
    }
    return result.trusted === "yes" || result.trusted === "no" ? "stop" : "continue";
  }

  override shown(result: any): unknown {
    return pick(result, ["trusted", "remember"]);
  }
}

/** Each handler gets a copy; only what is returned counts. */
class Input extends EventRun {
  override next(): any {
    return { ...this.state };
  }

  override take(result: any): Step {
    if (result?.action === "handled") return "stop";
    if (result?.action === "transform") {
      this.state.text = result.text;
      this.state.images = result.images ?? this.state.images;
    }
    return "continue";
  }

  override shown(result: any): unknown {
    return isObject(result) ? pick(result, ["action", "text", "images"]) : null;
  }
}

/** The options are one object for all handlers; a forced prompt is part of them. */
class BeforeAgentStart extends EventRun {
  readonly #given: string;

  constructor(state: any, tell: Tell) {
    super(state, tell);
    const options = (state.systemPromptOptions ??= {});
    this.#given = state.systemPrompt ?? "";
    Object.defineProperty(state, "systemPrompt", {
      get: () => options.forceSystemPrompt ?? this.#given, enumerable: true, configurable: true,
    });
  }

  override next(): any {
    const event = { ...this.state };
    return Object.defineProperty(event, "systemPrompt", {
      get: () => this.state.systemPrompt, enumerable: true, configurable: true,
    });
  }

  override take(result: any): Step {
    if (result && result.systemPrompt !== undefined) {
      this.state.systemPromptOptions.forceSystemPrompt = result.systemPrompt;
    }
    return "continue";
  }

  override shown(result: any): unknown {
    return isObject(result) ? pick(result, ["message", "systemPrompt"]) : null;
  }
}

class ResourcesDiscover extends EventRun {
  override next(): any {
    return { ...this.state };
  }

  override shown(result: any): unknown {
    return isObject(result) ? pick(result, ["skillPaths", "promptPaths", "themePaths"]) : null;
  }
}

class CacheWarming extends EventRun {
  override shown(result: any): unknown {
    return isObject(result) ? pick(result, ["action"]) : null;
  }
}

/** The proposal goes from handler to handler, each with the context that it would make. */
class Boundary extends EventRun {
  readonly #givenContext: any;
  #contextOf: string;
  #context: any;

  constructor(state: any, tell: Tell) {
    super(state, tell);
    state.entries ??= [];
    state.continue ??= false;
    this.#givenContext = this.#context = state.context;
    this.#contextOf = JSON.stringify(state.entries);
  }

  override next(): any {
    const event = { ...this.state };
    Object.defineProperty(event, "context", {
      get: () => this.#currentContext(), enumerable: true, configurable: true,
    });
    return event;
  }

  override take(result: any): Step {
    if (result?.entries !== undefined) this.state.entries = result.entries;
    if (result?.continue !== undefined) this.state.continue = result.continue;
    return "continue";
  }

  override settle(): void {
    try {
      // Nothing was proposed or it is what was checked before: nothing to look up in the session.
      if (JSON.stringify(this.state.entries) === this.#contextOf) return;
      this.#rebuild();
    } catch (error: any) {
      this.tell(`Invalid boundary entries: ${error?.message ?? error}`);
    }
  }

  #currentContext(): any {
    if (this.#context === undefined) {
      try {
        this.#rebuild();
      } catch {
        // Without the session there is no context to show.
      }
    }
    return this.#context;
  }

  #rebuild(): void {
    const session = readSession();
    this.#context = previewBoundary(session, this.state.entries, this.#givenContext);
    this.#contextOf = JSON.stringify(this.state.entries);
  }

  override end(): any {
    const { context, ...event } = this.state;
    return context === undefined ? event : { ...event, context };
  }
}

const kMessagesNotArray = "messages must be an array";
const kHeadLost =
  "Handler removed the leading system message; the request has no prompt or initial tool " +
  "declarations. Keep it at index 0 or replace a dropped prefix with getCurrentSystemMessage().";

class Context extends EventRun {
  #before: any[] = [];
  #visible: any[] = [];

  override next(): any {
    this.#visible = [...this.state.messages ?? []];
    this.#before = [...this.#visible];
    return { type: "context", messages: this.#visible };
  }

  override take(result: any): Step {
    const given = result?.messages ?? this.#visible;
    if (!Array.isArray(given)) throw new TypeError(kMessagesNotArray);
    const same = given.length === this.#before.length &&
      given.every((message, index) => message === this.#before[index]);
    if (!same) {
      this.state.messages = given;
      this.replaced = true;
    }
    return "continue";
  }
}

class ContextWithSystem extends EventRun {
  override next(): any {
    return { type: "context_with_system", messages: (this.state.messages ??= []) };
  }

  override take(result: any): Step {
    const given = result?.messages ?? this.state.messages;
    if (!Array.isArray(given)) throw new TypeError(kMessagesNotArray);
    this.state.messages = given;
    return "continue";
  }

  #hadHead = this.state.messages?.[0]?.role === "system";

  override settle(): void {
    const hasHead = this.state.messages?.[0]?.role === "system";
    if (this.#hadHead && !hasHead) this.tell(kHeadLost);
    this.#hadHead = hasHead;
  }
}

class ProviderRequest extends EventRun {
  override next(): any {
    return { type: "before_provider_request", payload: this.state.payload };
  }

  override take(result: any): Step {
    if (result !== undefined) this.state.payload = result;
    return "continue";
  }
}

/** Headers are edited in place; another object in their place does not count. */
class ProviderHeaders extends EventRun {
  override next(): any {
    return { type: "before_provider_headers", headers: (this.state.headers ??= {}) };
  }
}

class MessageEnd extends EventRun {
  override next(): any {
    return { ...this.state };
  }

  override take(result: any): Step {
    if (!result?.message) return "continue";
    if (result.message.role === this.state.message?.role) this.state.message = result.message;
    else this.tell("message_end handlers must return a message with the same role");
    return "continue";
  }
}

const kPatchable = ["content", "details", "structuredContent", "isError", "usage"] as const;

/**
 * A middleware: results patch the event that the next handler gets. What a handler put into the
 * event itself is seen by the next, but counts only where something was returned.
 */
class ToolResult extends EventRun {
  readonly #given = pick(this.state, kPatchable);
  #isPatched = false;

  override take(result: any): Step {
    if (!result) return "continue";
    if (result.content !== undefined && result.structuredContent === undefined) {
      delete this.state.structuredContent;
    }
    const patch = pick(result, kPatchable);
    if (Object.keys(patch).length > 0) this.#isPatched = true;
    Object.assign(this.state, patch);
    return "continue";
  }

  override shown(result: any): unknown {
    return isObject(result) ? pick(result, kPatchable) : null;
  }

  override end(): any {
    if (this.#isPatched) return this.state;
    const event = { ...this.state };
    for (const name of kPatchable) delete event[name];
    return Object.assign(event, this.#given);
  }
}

function isShellResult(value: any): boolean {
  return isObject(value) && typeof value.output === "string" && "exitCode" in value &&
    (value.exitCode === undefined || typeof value.exitCode === "number") &&
    typeof value.cancelled === "boolean" && typeof value.truncated === "boolean" &&
    (value.fullOutputPath === undefined || typeof value.fullOutputPath === "string");
}

function isUserBashResult(value: any): boolean {
  if (!isObject(value) || (value.operations === undefined) === (value.result === undefined)) {
    return false;
  }
  return value.operations === undefined
    ? isShellResult(value.result)
    : isObject(value.operations) && typeof value.operations.exec === "function";
}

let lastOperations: any;

/** The operations that a `user_bash` handler of this extension answered last. */
export function userBashOperations(): any {
  return lastOperations;
}

class UserBash extends EventRun {
  override take(result: any): Step {
    if (result === undefined) return "continue";
    if (!isUserBashResult(result)) throw new Error(strings.userBashResult);
    if (result.operations !== undefined) lastOperations = result.operations;
    return "stop";
  }

  /** A function stays here; the host is told that there is one. */
  override shown(result: any): unknown {
    if (result === undefined) return null;
    return result.operations === undefined
      ? { result: result.result } : { operations: { exec: "[function]" } };
  }
}

const kRules: Record<string, new (state: any, tell: Tell) => EventRun> = {
  __proto__: null as any,
  project_trust: ProjectTrust,
  resources_discover: ResourcesDiscover,
  session_before_switch: SessionBefore,
  session_before_fork: SessionBefore,
  session_before_compact: SessionBefore,
  session_before_tree: SessionBefore,
  input: Input,
  before_agent_start: BeforeAgentStart,
  turn_end: Boundary,
  agent_before_settle: Boundary,
  context: Context,
  context_with_system: ContextWithSystem,
  before_provider_request: ProviderRequest,
  before_provider_headers: ProviderHeaders,
  message_end: MessageEnd,
  tool_call: ToolCall,
  tool_result: ToolResult,
  user_bash: UserBash,
  cache_warming_decision: CacheWarming,
};

export function createRun(type: string, state: any, tell: Tell): EventRun {
  return new (kRules[type] ?? EventRun)(state, tell);
}
