// SPDX-License-Identifier: MIT
/** `@earendil-works/pi-ai` and its `/compat`: what needs no model behind it. */
import { randomFill } from "isopod:native";
import { Type } from "typebox";
import { strings } from "./strings";
import { validateArguments } from "isopod:pi/schema";

export * from "./ai_lazy";
export * from "./ai_missing";
export { AssistantMessageEventStream, EventStream } from "./event_stream";
export { Type };

export const PI_AI_VERSION = "1.5.2";

/** A string that is one of `values`, in the form all providers understand. */
export function StringEnum(values: readonly string[], options: any = {}): any {
  const schema: Record<string, unknown> = { type: "string", enum: [...values] };
  if (options.description) schema.description = options.description;
  if (options.default) schema.default = options.default;
  return Type.Unsafe(schema);
}

/** A UUID that sorts by the time it was made (RFC 9562, version 7). */
export function uuidv7(): string {
  const bytes = new Uint8Array(16);
  randomFill(bytes);
  new DataView(bytes.buffer)
    .setBigUint64(0, BigInt(Date.now()) << 16n | BigInt(bytes[6] << 8 | bytes[7]));
  bytes[6] = (bytes[6] & 0x0f) | 0x70;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [
    hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)
  ].join("-");
}

const kTokensPerPrice = 1_000_000;

/** Fills in `usage.cost` from the model's prices per million tokens, and returns it. */
export function calculateCost(model: any, usage: any): any {
  const cost = (usage.cost ??= {});
  cost.total = 0;
  for (const kind of ["input", "output", "cacheRead", "cacheWrite"]) {
    cost[kind] = ((model.cost?.[kind] ?? 0) / kTokensPerPrice) * (usage[kind] ?? 0);
    cost.total += cost[kind];
  }
  return cost;
}

export function modelsAreEqual(a: any, b: any): boolean {
  return Boolean(a) && Boolean(b) && a.id === b.id && a.provider === b.provider;
}

/** The text blocks of a message's content as one string. */
export function contentText(content: any): string {
  if (typeof content === "string") return content;
  return content.filter((block: any) => block.type === "text")
    .map((block: any) => block.text)
    .join("\n");
}

export function validateToolArguments(tool: any, toolCall: any): any {
  return validateArguments(tool.name, tool.parameters, toolCall.arguments);
}

export function validateToolCall(tools: any[], toolCall: any): any {
  const tool = tools.find((candidate) => candidate.name === toolCall.name);
  if (tool === undefined) throw new Error(strings.toolNotFound(toolCall.name));
  return validateToolArguments(tool, toolCall);
}

export { createAssistantMessageEventStream } from "./event_stream";
