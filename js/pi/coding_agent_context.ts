// SPDX-License-Identifier: MIT
/** What of a session's entries a model sees: the branch, compactions, edits, summaries. */
import { estimateTokens } from "./coding_agent_messages";

export type Entry = { type: string; id: string; parentId: string | null; [member: string]: any };
type Index = Map<string, Entry>;

export const indexOf = (entries: Entry[]): Index =>
  new Map(entries.map((entry) => [entry.id, entry]));

/** The entries from the root to `leafId`. A damaged file may have a circle; it ends the way. */
export function pathTo(leafId: string | null | undefined, byId: Index): Entry[] {
  const path: Entry[] = [];
  const seen = new Set<string>();
  let entry = leafId == null ? undefined : byId.get(leafId);
  while (entry !== undefined && !seen.has(entry.id)) {
    seen.add(entry.id);
    path.push(entry);
    entry = entry.parentId === null ? undefined : byId.get(entry.parentId);
  }
  return path.reverse();
}

export const getLatestCompactionEntry = (entries: Entry[]): Entry | null =>
  entries.findLast((entry) => entry.type === "compaction") ?? null;

const isSystem = (entry: Entry) => entry.type === "message" && entry.message.role === "system";

function withoutCompacted(path: Entry[]): Entry[] {
  const compaction = getLatestCompactionEntry(path);
  if (compaction === null) return path;
  const at = path.indexOf(compaction);
  const first = path.findIndex((entry) => entry.id === compaction.firstKeptEntryId);
  const kept = first < 0 ? [] : path.slice(first, at).filter((entry) => !isSystem(entry));
  return [compaction, ...kept, ...path.slice(at + 1)];
}

function pathOf(entries: Entry[], leafId?: string | null, byId = indexOf(entries)): Entry[] {
  if (leafId === null) return [];
  return pathTo(leafId ?? entries.at(-1)?.id, byId);
}

export const buildContextEntries = (entries: Entry[], leafId?: string | null, byId?: Index) =>
  withoutCompacted(pathOf(entries, leafId, byId));

const timeOf = (entry: Entry) => new Date(entry.timestamp).getTime();

/** The messages an entry adds to the context; most kinds add none. */
export function sessionEntryToContextMessages(entry: Entry): any[] {
  switch (entry.type) {
    case "message": return [entry.message];
    case "custom_message": {
      const { customType, content, display, details } = entry;
      return [{ role: "custom", customType, content, display, details, timestamp: timeOf(entry) }];
    }
    case "branch_summary": {
      const { summary, fromId } = entry;
      return summary ? [{ role: "branchSummary", summary, fromId, timestamp: timeOf(entry) }] : [];
    }
    case "compaction": {
      const { summary, tokensBefore, systemMessage } = entry;
      const timestamp = timeOf(entry);
      const message = { role: "compactionSummary", summary, tokensBefore, timestamp };
      return systemMessage ? [systemMessage, message] : [message];
    }
    default: return [];
  }
}

const kBlockRoles = new Set(["assistant", "toolResult"]);

function applyEdit(messages: any[], replacement: any): any[] {
  if (replacement === null) return [];
  return messages.map((message) => {
    const { content } = replacement;
    const needsBlocks = typeof content === "string" && kBlockRoles.has(message.role);
    return { ...message, content: needsBlocks ? [{ type: "text", text: content }] : content };
  });
}

/** The messages of the context, each with the entry it comes from. */
export function buildSessionProjection(
  entries: Entry[], leafId?: string | null, byId?: Index,
): any {
  const path = pathOf(entries, leafId, byId);
  const edits = new Map<string, Entry>();
  let thinkingLevel = "off";
  let model: any = null;
  for (const entry of path) {
    if (entry.type === "context_edit") edits.set(entry.targetId, entry);
    else if (entry.type === "thinking_level_change") thinkingLevel = entry.thinkingLevel;
    else if (entry.type === "model_change") {
      model = { provider: entry.provider, modelId: entry.modelId };
    }
  }
  const projected = withoutCompacted(path).map((sourceEntry) => {
    const messages = sessionEntryToContextMessages(sourceEntry);
    const edit = edits.get(sourceEntry.id);
    return {
      sourceEntry, messages: edit === undefined ? messages : applyEdit(messages, edit.replacement),
    };
  });
  return {
    entries: projected, messages: projected.flatMap(({ messages }) => messages), thinkingLevel,
    model,
  };
}

export function buildSessionContext(entries: Entry[], leafId?: string | null, byId?: Index): any {
  const { messages, thinkingLevel, model } = buildSessionProjection(entries, leafId, byId);
  return { messages, thinkingLevel, model };
}

/** The usage of the last answer that came to its end. */
export function getLastAssistantUsage(entries: Entry[]): any {
  return entries.findLast((entry) => entry.type === "message" &&
    entry.message.role === "assistant" && entry.message.usage &&
    entry.message.stopReason !== "error" && entry.message.stopReason !== "aborted")?.message.usage;
}

const kTurnStarts = new Set(["user", "bashExecution", "custom"]);
const startsTurn = (entry: Entry) =>
  entry.type === "branch_summary" || entry.type === "custom_message" ||
  (entry.type === "message" && kTurnStarts.has(entry.message.role));

/** The entry that began the turn of the entry at `index`, or -1. */
export function findTurnStartIndex(entries: Entry[], index: number, start: number): number {
  for (let i = index; i >= start; i--) if (startsTurn(entries[i])) return i;
  return -1;
}

const tokensOf = (entry: Entry): number => sessionEntryToContextMessages(entry)
  .reduce((sum, message) => sum + estimateTokens(message), 0);

/** A conversation can be cut before anything but a tool's result. */
const canCutBefore = (entry: Entry): boolean =>
  startsTurn(entry) || (entry.type === "message" && entry.message.role === "assistant");

/** Where to cut so that about `keepRecentTokens` of the newest entries are kept. */
export function findCutPoint(
  entries: Entry[], start: number, end: number, keepRecentTokens: number,
): any {
  const points: number[] = [];
  for (let i = start; i < end; i++) if (canCutBefore(entries[i])) points.push(i);
  if (points.length === 0) {
    return { firstKeptEntryIndex: start, turnStartIndex: -1, isSplitTurn: false };
  }
  let cut = points[0];
  let tokens = 0;
  for (let i = end - 1; i >= start; i--) {
    tokens += tokensOf(entries[i]);
    if (tokens < keepRecentTokens) continue;
    cut = points.find((point) => point >= i) ?? points.at(-1)!;
    break;
  }
  const isTurnStart = startsTurn(entries[cut]);
  const turnStartIndex = isTurnStart ? -1 : findTurnStartIndex(entries, cut, start);
  return {
    firstKeptEntryIndex: cut, turnStartIndex, isSplitTurn: !isTurnStart && turnStartIndex !== -1,
  };
}

/** What leaving one leaf for another abandons: the entries after the last common one. */
export function collectEntriesForBranchSummary(
  session: any, oldLeafId: string | null, targetId: string,
): { entries: Entry[]; commonAncestorId: string | null } {
  if (!oldLeafId) return { entries: [], commonAncestorId: null };
  const shared = new Set(session.getBranch(targetId).map((entry: Entry) => entry.id));
  const old: Entry[] = session.getBranch(oldLeafId);
  const common = old.findLastIndex((entry) => shared.has(entry.id));
  return { entries: old.slice(common + 1), commonAncestorId: old[common]?.id ?? null };
}
