// SPDX-License-Identifier: MIT
/** The larger part of `@earendil-works/pi-ai`; loaded with the first use of a value of it. */
export * from "./ai_errors";
export * from "./ai_json";
export * from "./ai_stream";
export * from "./ai_system";

const kLevels = ["off", "minimal", "low", "medium", "high", "xhigh", "max"];
/** Levels a model has only when it says so. */
const kSpecialLevels = new Set(["xhigh", "max"]);

export function getSupportedThinkingLevels(model: any): string[] {
  if (!model.reasoning) return ["off"];
  return kLevels.filter((level) => {
    const mapped = model.thinkingLevelMap?.[level];
    return mapped !== null && (mapped !== undefined || !kSpecialLevels.has(level));
  });
}

/** The level itself, else the next higher one the model has, else the next lower one. */
export function clampThinkingLevel(model: any, level: string): string {
  const supported = getSupportedThinkingLevels(model);
  if (supported.includes(level)) return level;
  const at = kLevels.indexOf(level);
  const isSupported = (candidate: string) => supported.includes(candidate);
  return kLevels.slice(at + 1).find(isSupported) ??
    kLevels.slice(0, Math.max(0, at)).findLast(isSupported) ?? "off";
}

export class ModelsError extends Error {
  constructor(public code: string, message: string, options?: any) {
    super(message, options);
    this.name = "ModelsError";
  }
}

/** Credentials in memory; changes of one key happen one after the other. */
export class InMemoryCredentialStore {
  #values = new Map<string, any>();
  #last: Promise<unknown> = Promise.resolve();

  enqueue<T>(change: () => T | Promise<T>): Promise<T> {
    const run = this.#last.then(change);
    this.#last = run.catch(() => {});
    return run;
  }

  async read(id: string): Promise<any> { return this.#values.get(id); }
  async list(): Promise<any[]> {
    return [...this.#values].map(([providerId, { type }]) => ({ providerId, type }));
  }
  modify(id: string, change: (current: any) => any): Promise<any> {
    return this.enqueue(async () => {
      const value = await change(this.#values.get(id));
      if (value !== undefined) this.#values.set(id, value);
      return this.#values.get(id);
    });
  }
  delete(id: string): Promise<void> {
    return this.enqueue(() => { this.#values.delete(id); });
  }
}

export class InMemoryModelsStore {
  #values = new Map<string, any>();

  async read(id: string): Promise<any> { return this.#values.get(id); }
  async write(id: string, value: any): Promise<void> { this.#values.set(id, value); }
  async delete(id: string): Promise<void> { this.#values.delete(id); }
}

export function formatThrownValue(thrown: unknown): string {
  if (thrown instanceof Error) return thrown.message || thrown.name;
  return typeof thrown === "string" ? thrown : JSON.stringify(thrown) ?? String(thrown);
}

export function extractDiagnosticError(thrown: any): any {
  if (!(thrown instanceof Error)) {
    return { name: "ThrownValue", message: formatThrownValue(thrown) };
  }
  const { name, message, stack, code } = thrown as any;
  return { name, message, stack, ...(code !== undefined && { code }) };
}

export const createAssistantMessageDiagnostic = (type: string, error: unknown, details?: any) => ({
  type, timestamp: Date.now(), error: extractDiagnosticError(error), ...(details && { details }),
});

export function appendAssistantMessageDiagnostic(message: any, diagnostic: any): void {
  message.diagnostics = [...message.diagnostics ?? [], diagnostic];
}

export const fauxText = (text: string) => ({ type: "text", text });
export const fauxThinking = (thinking: string) => ({ type: "thinking", thinking });
export const fauxToolCall = (name: string, args: any, options: any = {}) => ({
  type: "toolCall", id: options.id ?? `tool:${Date.now()}:${Math.random().toString(36).slice(2)}`,
  name, arguments: args,
});

/** An assistant's message for tests. */
export function fauxAssistantMessage(content: any, options: any = {}): any {
  const blocks = typeof content === "string" ? [fauxText(content)]
    : Array.isArray(content) ? content : [content];
  return {
    role: "assistant", content: blocks, api: "faux", provider: "faux", model: "faux-1",
    usage: {
      input: 0, output: 0, cacheRead: 0, cacheWrite: 0, totalTokens: 0,
      cost: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, total: 0 },
    },
    stopReason: "stop", timestamp: Date.now(), ...options,
  };
}
