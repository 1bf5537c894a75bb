// SPDX-License-Identifier: MIT
/** What a session's entries mean: the branch of the leaf, its context, its messages. */

export type Entry = { id: string; parentId: string | null; type: string; [member: string]: any };

/** A session as it was read: its entries in order and where it stands. */
export interface SessionState {
  readonly entries: readonly Entry[];
  readonly byId: ReadonlyMap<string, Entry>;
  readonly leafId: string | null;
}

/** The way from the root to an entry. A circle ends where it would repeat. */
export function pathTo(byId: ReadonlyMap<string, Entry>, id: string | null | undefined): Entry[] {
  const path: Entry[] = [];
  const seen = new Set<Entry>();
  let entry = id ? byId.get(id) : undefined;
  while (entry !== undefined && !seen.has(entry)) {
    seen.add(entry);
    path.push(entry);
    entry = entry.parentId ? byId.get(entry.parentId) : undefined;
  }
  return path.reverse();
}

const isSystem = (entry: Entry) => entry.type === "message" && entry.message?.role === "system";

/** The entries that make the context: with a compaction, it, what it kept and what came after. */
export function contextEntries(path: readonly Entry[]): Entry[] {
  const at = path.findLastIndex((entry) => entry.type === "compaction");
  if (at < 0) return [...path];
  const compaction = path[at];
  const before = path.slice(0, at);
  const kept = before.findIndex((entry) => entry.id === compaction.firstKeptEntryId);
  return [
    compaction,
    ...(kept < 0 ? [] : before.slice(kept).filter((entry) => !isSystem(entry))),
    ...path.slice(at + 1),
  ];
}

const time = (entry: Entry) => new Date(entry.timestamp).getTime();

function messageOf(entry: Entry): any[] {
  const message = entry.message;
  if (typeof message !== "object" || message === null) return [];
  // Files are not checked when they are read: a message may lack its content.
  if (message.content !== undefined && message.content !== null) return [message];
  if (message.role === "system") return [{ ...message, content: "" }];
  const hasContent = ["user", "assistant", "toolResult"].includes(message.role);
  return [hasContent ? { ...message, content: [] } : message];
}

/** What one entry contributes to the context. */
function messagesOf(entry: Entry): any[] {
  switch (entry.type) {
    case "message":
      return messageOf(entry);
    case "custom_message": {
      const { customType, content, display, details } = entry;
      return [{
        role: "custom", customType, content: content ?? [], display, details,
        timestamp: time(entry),
      }];
    }
    case "branch_summary": {
      const { summary, fromId } = entry;
      return summary ? [{ role: "branchSummary", summary, fromId, timestamp: time(entry) }] : [];
    }
    case "compaction": {
      const { summary, tokensBefore, systemMessage } = entry;
      const told = { role: "compactionSummary", summary, tokensBefore, timestamp: time(entry) };
      return systemMessage ? [systemMessage, told] : [told];
    }
    default:
      return [];
  }
}

const kEditableRoles = ["user", "assistant", "toolResult", "custom"];
const kBlockRoles = ["assistant", "toolResult"];

function edited(messages: any[], edit: Entry | undefined): any[] {
  if (edit === undefined) return messages;
  const replacement = edit.replacement;
  if (replacement === null || replacement === undefined) return [];
  return messages.map((message) => {
    if (!kEditableRoles.includes(message.role)) return message;
    const text = replacement.content;
    const content = kBlockRoles.includes(message.role) && typeof text === "string"
      ? [{ type: "text", text }] : text;
    return { ...message, content };
  });
}

function settingsOf(path: readonly Entry[]): { thinkingLevel: string; model: any } {
  let thinkingLevel = "off";
  let model: any = null;
  for (const entry of path) {
    if (entry.type === "thinking_level_change") {
      thinkingLevel = entry.thinkingLevel;
    } else if (entry.type === "model_change") {
      model = { provider: entry.provider, modelId: entry.modelId };
    } else if (entry.type === "message" && entry.message?.role === "assistant") {
      model = { provider: entry.message.provider, modelId: entry.message.model };
    }
  }
  return { thinkingLevel, model };
}

export interface Projection {
  entries: { sourceEntry: Entry; messages: any[] }[];
  messages: any[];
  thinkingLevel: string;
  model: { provider: string; modelId: string } | null;
}

export function project(path: readonly Entry[]): Projection {
  const sources = contextEntries(path);
  const edits = new Map<string, Entry>();
  for (const entry of sources) {
    if (entry.type === "context_edit") edits.set(entry.targetId, entry);
  }
  const entries = sources.map((sourceEntry, index) => ({
    sourceEntry,
    // An older compaction may lie in what the newest one kept; only the newest speaks.
    messages: sourceEntry.type === "compaction" && index > 0
      ? [] : edited(messagesOf(sourceEntry), edits.get(sourceEntry.id)),
  }));
  const messages = entries.flatMap((entry) => entry.messages);
  return { entries, messages, ...settingsOf(path) };
}

const user = (text: string, timestamp: number) =>
  ({ role: "user", content: [{ type: "text", text }], timestamp });

function shellText(message: any): string {
  let text = `Ran \`${message.command}\`\n`;
  text += message.output ? `\`\`\`\n${message.output}\n\`\`\`` : "(no output)";
  if (message.cancelled) text += "\n\n(command cancelled)";
  else if (message.exitCode) text += `\n\nCommand exited with code ${message.exitCode}`;
  if (message.truncated && message.fullOutputPath) {
    text += `\n\n[Output truncated. Full output: ${message.fullOutputPath}]`;
  }
  return text;
}

// What models are told; recorded facts about pi 1.5.2.
const kCompacted =
  "The conversation history before this point was compacted into the following summary:\n\n" +
  "<summary>\n";
const kBranched =
  "The following is a summary of a branch that this conversation came back from:\n\n<summary>\n";

function forModel(message: any): any {
  switch (message.role) {
    case "bashExecution":
      return message.excludeFromContext ? undefined : user(shellText(message), message.timestamp);
    case "custom":
      return typeof message.content === "string"
        ? user(message.content, message.timestamp)
        : { role: "user", content: message.content, timestamp: message.timestamp };
    case "branchSummary":
      return user(`${kBranched}${message.summary}</summary>`, message.timestamp);
    case "compactionSummary":
      return user(`${kCompacted}${message.summary}\n</summary>`, message.timestamp);
    case "system": case "user": case "assistant": case "toolResult":
      return message;
    default:
      return undefined;
  }
}

/** The messages as a model gets them. */
export const convertToLlm = (messages: readonly any[]): any[] =>
  messages.map(forModel).filter((message) => message !== undefined);

function checkEdit(draft: any, path: readonly Entry[], byId: ReadonlyMap<string, Entry>): void {
  const { targetId, replacement } = draft;
  const content = replacement?.content;
  if (replacement !== null && typeof content !== "string" && !Array.isArray(content)) {
    throw new Error("Context edit replacement must be null or contain string/array content");
  }
  const target = byId.get(targetId);
  if (target === undefined) throw new Error(`Entry ${targetId} not found`);
  if (!path.includes(target)) throw new Error(`Entry ${targetId} is not on the active branch`);
  const isEditable = target.type === "custom_message" || (target.type === "message" &&
    ["user", "assistant", "toolResult"].includes(target.message?.role));
  if (!isEditable) throw new Error(`Entry ${targetId} does not contribute editable model content`);
}

/** The path with the drafts as entries of made-up ids. Throws for a draft that cannot be. */
function withDrafts(session: SessionState, drafts: unknown): Entry[] {
  if (!Array.isArray(drafts)) throw new Error("entries must be a list");
  const path = pathTo(session.byId, session.leafId);
  for (const [index, draft] of drafts.entries()) {
    if (typeof draft !== "object" || draft === null) {
      throw new Error(`entry ${index} must be an object`);
    }
    if (!["custom", "custom_message", "context_edit", "compaction"].includes(draft.type)) {
      throw new Error(
        `entry ${index} must be custom, custom_message, context_edit or compaction`);
    }
    if (draft.type === "context_edit") checkEdit(draft, path, session.byId);
    const id = `draft-${index + 1}`;
    path.push({
      ...draft, id, parentId: path.at(-1)?.id ?? null, timestamp: new Date().toISOString(),
      ...(draft.type === "compaction"
        ? { firstKeptEntryId: draft.firstKeptEntryId ?? id, fromHook: true } : {}),
    });
  }
  return path;
}

/** The `context` of a boundary event as the drafts would make it. */
export function previewBoundary(session: SessionState, drafts: unknown, given: any): any {
  const { entries, messages } = project(withDrafts(session, drafts));
  const llmMessages = convertToLlm(messages);
  const pendingMessages = given?.pendingMessages ?? [];
  const canContinue = pendingMessages.length > 0 || (
    llmMessages.some((message) => message.role !== "system") &&
    llmMessages.at(-1).role !== "assistant");
  return {
    contextEntries: entries, contextMessages: messages, llmMessages, pendingMessages, canContinue,
  };
}
