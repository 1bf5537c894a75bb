// SPDX-License-Identifier: MIT
/** Messages of a coding agent: for a model, for a summarizer, and how many tokens they take. */
import { messageTexts as text, toolMessages } from "./recorded_strings";

const kCharactersPerToken = 4;
/** An image counts as this many characters. */
const kImageCharacters = 4800;
const kToolResultCharactersMax = 2000;

/** How a command that the user ran reads to the model. */
function bashText(message: any): string {
  let result = text.ran(message.command);
  result += message.output ? `\`\`\`\n${message.output}\n\`\`\`` : toolMessages.noOutput;
  if (message.cancelled) {
    result += `\n\n${text.cancelled}`;
  } else if (typeof message.exitCode === "number" && message.exitCode !== 0) {
    result += `\n\n${toolMessages.exited(message.exitCode)}`;
  }
  if (message.truncated && message.fullOutputPath) {
    result += `\n\n${text.outputTruncated(message.fullOutputPath)}`;
  }
  return result;
}

const fromUser = (content: any, timestamp: number) => ({
  role: "user",
  content: typeof content === "string" ? [{ type: "text", text: content }] : content,
  timestamp,
});

function messageForModel(message: any): any {
  const { role, timestamp } = message;
  switch (role) {
    case "user": case "assistant": case "toolResult": case "system": return message;
    case "custom": return fromUser(message.content, timestamp);
    case "bashExecution":
      return message.excludeFromContext ? undefined : fromUser(bashText(message), timestamp);
    case "branchSummary": return fromUser(text.branchSummary(message.summary), timestamp);
    case "compactionSummary": return fromUser(text.compactionSummary(message.summary), timestamp);
    default: return undefined;
  }
}

/** Messages a model understands; what is not for it is left out. */
export const convertToLlm = (messages: any[]): any[] =>
  messages.map(messageForModel).filter((message) => message !== undefined);

const textOf = (content: any, separator = ""): string =>
  typeof content === "string" ? content : (content ?? [])
    .filter((block: any) => block.type === "text").map((block: any) => block.text).join(separator);

function serializeAssistant(message: any): string[] {
  const ofType = (type: string) => message.content.filter((block: any) => block.type === type);
  const parts: string[] = [];
  const add = (title: string, lines: string[], separator: string) => {
    if (lines.length > 0) parts.push(`[${title}]: ${lines.join(separator)}`);
  };
  add("Assistant", ofType("text").map((block: any) => block.text), "\n");
  add("Assistant tool calls", ofType("toolCall").map((call: any) => {
    const args = Object.entries(call.arguments ?? {})
      .map(([name, value]) => `${name}=${JSON.stringify(value)}`);
    return `${call.name}(${args.join(", ")})`;
  }), "; ");
  return parts;
}

function cutToolResult(result: string): string {
  if (result.length <= kToolResultCharactersMax) return result;
  const left = result.length - kToolResultCharactersMax;
  return `${result.slice(0, kToolResultCharactersMax)}\n\n[... ${left} more characters truncated]`;
}

/** A conversation as plain text, for a model that shall summarize and not continue it. */
export function serializeConversation(messages: any[]): string {
  return messages.flatMap((message): string[] => {
    if (message.role === "assistant") return serializeAssistant(message);
    const content = textOf(message.content);
    if (content === "") return [];
    if (message.role === "user") return [`[User]: ${content}`];
    return message.role === "toolResult" ? [`[Tool result]: ${cutToolResult(content)}`] : [];
  }).join("\n\n");
}

function blockCharacters(block: any): number {
  switch (block.type) {
    case "text": return block.text.length;
    case "thinking": return block.thinking.length;
    case "image": return kImageCharacters;
    case "toolCall": return block.name.length + JSON.stringify(block.arguments).length;
    default: return 0;
  }
}

const contentCharacters = (content: any): number =>
  typeof content === "string" ? content.length
    : (content ?? []).reduce((sum: number, block: any) => sum + blockCharacters(block), 0);

/** A guess from the number of characters. */
export function estimateTokens(message: any): number {
  let characters = 0;
  switch (message.role) {
    case "user": case "assistant": case "toolResult": case "custom": case "system":
      characters = contentCharacters(message.content);
      break;
    case "bashExecution":
      characters = message.command.length + message.output.length;
      break;
    case "branchSummary": case "compactionSummary":
      characters = message.summary.length;
      break;
  }
  return Math.ceil(characters / kCharactersPerToken);
}

/** The tokens a request with this usage had in its context. */
export const calculateContextTokens = (usage: any): number =>
  usage.totalTokens || usage.input + usage.output + usage.cacheRead + usage.cacheWrite;

export const shouldCompact = (tokens: number, contextWindow: number, settings: any): boolean =>
  Boolean(settings.enabled) && tokens > contextWindow - settings.reserveTokens;
