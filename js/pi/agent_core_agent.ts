// SPDX-License-Identifier: MIT
/** `Agent`: the state of a conversation, its queues and one run at a time. */
import { createInitialSystemMessage } from "@earendil-works/pi-ai";
import { runAgentLoop, runAgentLoopContinue } from "./agent_core_loop";
import { messageTexts } from "./recorded_strings";

export {
  agentLoop, agentLoopContinue, runAgentLoop, runAgentLoopContinue, setDefaultStreamFn,
} from "./agent_core_loop";

type QueueMode = "one-at-a-time" | "all";

const unknownModel = () => ({
  id: "unknown", name: "unknown", api: "unknown", provider: "unknown", baseUrl: "",
  reasoning: false, input: [], cost: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 },
  contextWindow: 0, maxTokens: 0,
});

const emptyUsage = () => ({
  input: 0, output: 0, cacheRead: 0, cacheWrite: 0, totalTokens: 0,
  cost: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, total: 0 },
});

function createState(initial: any = {}): any {
  return {
    systemPrompt: initial.systemPrompt ?? "", model: initial.model ?? unknownModel(),
    thinkingLevel: initial.thinkingLevel ?? "off", tools: [...initial.tools ?? []],
    messages: [...initial.messages ?? []], isStreaming: false, streamingMessage: undefined,
    pendingToolCalls: new Set<string>(), errorMessage: undefined,
  };
}

function takeFrom(queue: any[], mode: QueueMode): any[] {
  return queue.splice(0, mode === "all" ? queue.length : 1);
}

function messagesOf(input: any, images: any[] = []): any[] {
  if (Array.isArray(input)) return input;
  if (typeof input !== "string") return [input];
  const content = [{ type: "text", text: input }, ...images];
  return [{ role: "user", content, timestamp: Date.now() }];
}

/** What an agent takes from its options as they are. */
const kPlainOptions = [
  "convertToLlm", "transformContext", "getApiKey", "onPayload", "onResponse",
  "onProviderStreamEvent", "beforeToolCall", "afterToolCall", "sessionId", "thinkingBudgets",
  "maxRetryDelayMs",
];
const kLoopMembers = [...kPlainOptions, "toolExecution", "transport"];

export class Agent {
  [member: string]: any;
  state: any;
  steeringMode: QueueMode;
  followUpMode: QueueMode;
  streamFunction: any;
  toolExecution: "parallel" | "sequential";
  transport: string;
  #listeners = new Set<(event: any, signal: AbortSignal) => unknown>();
  #steering: any[] = [];
  #followUp: any[] = [];
  #run: { controller: AbortController; done: Promise<void> } | undefined;

  constructor(options: any = {}) {
    this.state = createState(options.initialState);
    this.steeringMode = options.steeringMode ?? "one-at-a-time";
    this.followUpMode = options.followUpMode ?? "one-at-a-time";
    this.streamFunction = options.streamFn;
    this.toolExecution = options.toolExecution ?? "parallel";
    this.transport = options.transport ?? "auto";
    for (const name of kPlainOptions) this[name] = options[name];
  }

  /** The listener is awaited for each event; a run is over when all listeners are. */
  subscribe(listener: (event: any, signal: AbortSignal) => unknown): () => void {
    this.#listeners.add(listener);
    return () => { this.#listeners.delete(listener); };
  }

  steer(message: any): void { this.#steering.push(message); }
  followUp(message: any): void { this.#followUp.push(message); }
  clearSteeringQueue(): void { this.#steering.length = 0; }
  clearFollowUpQueue(): void { this.#followUp.length = 0; }
  clearAllQueues(): void {
    this.clearSteeringQueue();
    this.clearFollowUpQueue();
  }
  hasQueuedMessages(): boolean { return this.#steering.length + this.#followUp.length > 0; }
  peekQueuedMessages(): any[] { return [...this.#steering, ...this.#followUp]; }

  get signal(): AbortSignal | undefined { return this.#run?.controller.signal; }
  abort(): void { this.#run?.controller.abort(); }
  async waitForIdle(): Promise<void> { await this.#run?.done; }

  reset(): void {
    Object.assign(this.state, {
      messages: [], isStreaming: false, streamingMessage: undefined, errorMessage: undefined,
      pendingToolCalls: new Set(),
    });
    this.clearAllQueues();
  }

  async prompt(input: any, images?: any[]): Promise<void> {
    if (this.#run !== undefined) throw new Error(messageTexts.agentBusy);
    const prompts = messagesOf(input, images);
    await this.#start((context, config, emit, signal) =>
      runAgentLoop(prompts, context, config, emit, signal, this.streamFunction));
  }

  async continue(): Promise<void> {
    if (this.#run !== undefined) throw new Error(messageTexts.agentBusyToContinue);
    const last = this.state.messages.at(-1);
    if (last === undefined) throw new Error(messageTexts.nothingToContinue);
    if (last.role === "assistant") {
      let queued = takeFrom(this.#steering, this.steeringMode);
      if (queued.length === 0) queued = takeFrom(this.#followUp, this.followUpMode);
      if (queued.length === 0) throw new Error(messageTexts.cannotContinue(last.role));
      return this.prompt(queued);
    }
    await this.#start((context, config, emit, signal) =>
      runAgentLoopContinue(context, config, emit, signal, this.streamFunction));
  }

  /** The first message is prompt and tools as they are now. */
  #updateSystemMessage(): void {
    const { state } = this;
    const rest = state.messages[0]?.role === "system" ? state.messages.slice(1) : state.messages;
    const initial = createInitialSystemMessage(state.systemPrompt, state.tools);
    state.messages = initial === undefined ? rest : [initial, ...rest];
  }

  #configuration(): any {
    const config: any = Object.fromEntries(kLoopMembers.map((name) => [name, this[name]]));
    const { model, thinkingLevel } = this.state;
    return {
      ...config, model, reasoning: thinkingLevel === "off" ? undefined : thinkingLevel,
      getSteeringMessages: async () => takeFrom(this.#steering, this.steeringMode),
      getFollowUpMessages: async () => takeFrom(this.#followUp, this.followUpMode),
    };
  }

  async #start(run: (...args: any[]) => Promise<unknown>): Promise<void> {
    const controller = new AbortController();
    let finish = () => {};
    const done = new Promise<void>((resolve) => { finish = resolve; });
    this.#run = { controller, done };
    const { signal } = controller;
    const { state } = this;
    Object.assign(state, { isStreaming: true, errorMessage: undefined });
    const emit = (event: any) => this.#process(event, signal);
    try {
      this.#updateSystemMessage();
      const context = { systemPrompt: "", messages: state.messages, tools: state.tools };
      await run(context, this.#configuration(), emit, signal);
    } catch (error: any) {
      await this.#fail(error, signal);
    } finally {
      Object.assign(state, { isStreaming: false, streamingMessage: undefined });
      state.pendingToolCalls = new Set();
      this.#run = undefined;
      finish();
    }
  }

  /** A run that breaks ends like one whose model answered with an error. */
  async #fail(error: any, signal: AbortSignal): Promise<void> {
    const { model } = this.state;
    const message = {
      role: "assistant", content: [{ type: "text", text: "" }], api: model.api,
      provider: model.provider, model: model.id, usage: emptyUsage(),
      stopReason: signal.aborted ? "aborted" : "error",
      errorMessage: typeof error?.message === "string" ? error.message : String(error),
      timestamp: Date.now(),
    };
    await this.#process({ type: "message_start", message }, signal);
    await this.#process({ type: "message_end", message }, signal);
    await this.#process({ type: "turn_end", message, toolResults: [] }, signal);
    await this.#process({ type: "agent_end", messages: [message] }, signal);
  }

  async #process(event: any, signal: AbortSignal): Promise<void> {
    const { state } = this;
    switch (event.type) {
      case "message_start": case "message_update":
        if (event.message.role === "assistant") state.streamingMessage = event.message;
        break;
      case "message_end":
        state.streamingMessage = undefined;
        state.messages.push(event.message);
        break;
      case "tool_execution_start":
        state.pendingToolCalls = new Set([...state.pendingToolCalls, event.toolCallId]);
        break;
      case "tool_execution_end":
        state.pendingToolCalls = new Set(
          [...state.pendingToolCalls].filter((id) => id !== event.toolCallId));
        break;
      case "turn_end":
        if (event.message.errorMessage) state.errorMessage = event.message.errorMessage;
        break;
    }
    for (const listener of [...this.#listeners]) await listener(event, signal);
  }
}
