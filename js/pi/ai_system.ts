// SPDX-License-Identifier: MIT
/** System messages: a transcript's prompt and tools are what its system messages add up to. */
import { messageTexts as say } from "./recorded_strings";

type Tool = { name: string; [member: string]: any };

const isSystem = (message: any): boolean => message.role === "system";
const systemMessages = (messages: any[]): any[] => messages.filter(isSystem);

const contentOf = (content: any): string =>
  Array.isArray(content)
    ? content.filter((block) => block.type === "text").map((block) => block.text).join("\n")
    : content ?? "";

const paragraphs = (texts: string[]): string => texts.filter((text) => text !== "").join("\n\n");

/** What a model is told about a tool. */
export function toToolDeclaration(tool: Tool): Tool {
  const { name, description, parameters, constrainedSampling, namespace } = tool;
  return {
    name, description, parameters,
    ...(constrainedSampling !== undefined && { constrainedSampling }),
    ...(namespace !== undefined && { namespace }),
  };
}

export const declarationsEqual = (a: Tool, b: Tool): boolean =>
  JSON.stringify(toToolDeclaration(a)) === JSON.stringify(toToolDeclaration(b));

export function getCurrentTools(messages: any[]): Tool[] {
  const tools = new Map<string, Tool>();
  for (const { toolsAdded, toolsRemoved } of systemMessages(messages)) {
    for (const { name } of toolsRemoved ?? []) tools.delete(name);
    for (const tool of toolsAdded ?? []) tools.set(tool.name, tool);
  }
  return [...tools.values()];
}

/** All tools that were ever declared, in their last form. */
export function getDeclaredTools(messages: any[]): Tool[] {
  const added = systemMessages(messages).flatMap((message) => message.toolsAdded ?? []);
  return [...new Map<string, Tool>(added.map((tool: Tool) => [tool.name, tool])).values()];
}

function currentSections(messages: any[]): Record<string, string> {
  const sections: Record<string, string> = {};
  for (const message of messages) {
    for (const [name, text] of Object.entries<string | null>(message.sections ?? {})) {
      if (text === null) delete sections[name];
      else sections[name] = text;
    }
  }
  return sections;
}

/** One system message that says what all of them say. */
export function getCurrentSystemMessage(messages: any[]): any {
  const all = systemMessages(messages);
  if (all.length === 0) return undefined;
  const sections = currentSections(all);
  const tools = getCurrentTools(messages);
  return {
    role: "system",
    content: paragraphs(all.map(({ content }) => contentOf(content))),
    ...(Object.keys(sections).length > 0 && { sections }),
    ...(tools.length > 0 && { toolsAdded: tools }),
    timestamp: all[0].timestamp,
  };
}

export function getSystemMessageText(message: any): string {
  const sections = Object.values<string | null>(message.sections ?? {});
  return paragraphs([contentOf(message.content), ...sections.filter((text) => text !== null)]);
}

export function getCurrentSystemPrompt(messages: any[]): string {
  const current = getCurrentSystemMessage(messages);
  return current === undefined ? "" : getSystemMessageText(current);
}

/** For providers that know one system prompt: all system messages as the first message. */
export function collapseSystemMessages({ messages }: { messages: any[] }): { messages: any[] } {
  const current = getCurrentSystemMessage(messages);
  if (current === undefined) return { messages };
  return { messages: [current, ...messages.filter((message) => !isSystem(message))] };
}

export const resolveTranscript = collapseSystemMessages;

export const getInitialSystemMessage = (messages: any[]): any =>
  messages[0] !== undefined && isSystem(messages[0]) ? messages[0] : undefined;

export const withoutInitialSystemMessage = (messages: any[]): any[] =>
  getInitialSystemMessage(messages) === undefined ? messages : messages.slice(1);

export function createInitialSystemMessage(prompt: any, tools?: Tool[]): any {
  if (!prompt && !tools?.length) return undefined;
  return {
    role: "system", content: prompt ?? "",
    ...(tools?.length && { toolsAdded: tools.map(toToolDeclaration) }), timestamp: 0,
  };
}

/** A context with `systemPrompt` and `tools` beside the messages, as messages only. */
export function normalizeContext(context: any): { messages: any[] } {
  const { messages, systemPrompt, tools } = context;
  const initial = createInitialSystemMessage(systemPrompt, tools);
  return { messages: initial === undefined ? messages : [initial, ...messages] };
}

export function getToolStateChanges(before: Tool[], after: Tool[]): any {
  const [old, wanted] = [before, after].map((tools) =>
    new Map(tools.map((tool) => [tool.name, tool])));
  const isSame = (tool: Tool, other: Tool | undefined) =>
    other !== undefined && declarationsEqual(tool, other);
  return {
    toolsAdded: after.filter((tool) => !isSame(tool, old.get(tool.name))).map(toToolDeclaration),
    toolsRemoved: before.filter((tool) => !isSame(tool, wanted.get(tool.name)))
      .map(({ name }) => ({ name })),
  };
}

/** Whether a name was declared again with another declaration. */
export function hasToolRedefinitions(messages: any[]): boolean {
  const known = new Map<string, Tool>();
  for (const { toolsAdded } of systemMessages(messages)) {
    for (const tool of toolsAdded ?? []) {
      const before = known.get(tool.name);
      if (before !== undefined && !declarationsEqual(before, tool)) return true;
      known.set(tool.name, tool);
    }
  }
  return false;
}

export const hasNonAdditiveToolChanges = (messages: any[]): boolean =>
  hasToolRedefinitions(messages) ||
  systemMessages(messages).some(({ toolsRemoved }) => toolsRemoved?.length > 0);

/** A later system message as text, for models that take only one prompt. */
export function renderSystemMessageUpdate(message: any): string {
  const sections = Object.entries<string | null>(message.sections ?? {}).map(([name, text]) =>
    text === null ? say.sectionRemoved(name) : say.sectionUpdated(name, text));
  return paragraphs([contentOf(message.content), ...sections]);
}
