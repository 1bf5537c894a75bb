// SPDX-License-Identifier: MIT
/**
 * Model calls where no model runs: extensions can register their own APIs and call those; the
 * built-in ones answer with an error message, as an unreachable provider would.
 */
import { AssistantMessageEventStream } from "@earendil-works/pi-ai";
import { messageTexts } from "./recorded_strings";

const kBuiltinApis = [
  "anthropic-messages", "openai-completions", "openai-responses", "openai-codex-responses",
  "azure-openai-responses", "google-generative-ai", "google-vertex", "mistral-conversations",
  "bedrock-converse-stream", "pi-messages",
];

const emptyUsage = () => ({
  input: 0, output: 0, cacheRead: 0, cacheWrite: 0, totalTokens: 0,
  cost: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, total: 0 },
});

/** An answer of the model that is only an error. */
export function errorMessage(model: any, message: string): any {
  return {
    role: "assistant", content: [], api: model?.api, provider: model?.provider, model: model?.id,
    usage: emptyUsage(), stopReason: "error", errorMessage: message, timestamp: Date.now(),
  };
}

/** The stream of every built-in API: one error event. */
export function noModelStream(model: any): AssistantMessageEventStream {
  const stream = new AssistantMessageEventStream();
  const name = `${model?.provider ?? "unknown"}/${model?.id ?? "unknown"}`;
  const error = errorMessage(model, `This host runs no models; ${name} cannot be called from here`);
  stream.push({ type: "error", reason: "error", error });
  stream.end();
  return stream;
}

export const noModelApi = () => ({
  stream: (model: any, _context: any, _options: any) => noModelStream(model),
  streamSimple: (model: any, _context: any, _options: any) => noModelStream(model),
});

interface Registered {
  provider: any;
  sourceId: string | undefined;
}

const registered = new Map<string, Registered>();

export function registerBuiltInApiProviders(): void {
  for (const api of kBuiltinApis) {
    registered.set(api, { provider: { api, ...noModelApi() }, sourceId: undefined });
  }
}

export function resetApiProviders(): void {
  registered.clear();
  registerBuiltInApiProviders();
}

export function registerApiProvider(provider: any, sourceId?: string): void {
  const { api, stream, streamSimple } = provider;
  registered.set(api, { provider: { api, stream, streamSimple }, sourceId });
}

export function unregisterApiProviders(sourceId: string): void {
  for (const [api, entry] of registered) if (entry.sourceId === sourceId) registered.delete(api);
}

export const getApiProvider = (api: string): any => registered.get(api)?.provider;
export const getApiProviders = (): any[] =>
  [...registered.values()].map(({ provider }) => provider);

function providerOf(model: any): any {
  const provider = getApiProvider(model?.api);
  if (provider === undefined) throw new Error(messageTexts.noApiProvider(String(model?.api)));
  return provider;
}

export const stream = (model: any, context: any, options?: any) =>
  providerOf(model).stream(model, context, options);
export const streamSimple = (model: any, context: any, options?: any) =>
  providerOf(model).streamSimple(model, context, options);
export const complete = async (model: any, context: any, options?: any) =>
  stream(model, context, options).result();
export const completeSimple = async (model: any, context: any, options?: any) =>
  streamSimple(model, context, options).result();

registerBuiltInApiProviders();
