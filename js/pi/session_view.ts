// SPDX-License-Identifier: MIT
/**
 * `ctx.sessionManager`: reads the session the host keeps. What was read stays as long as the host
 * says that nothing was appended and the leaf has not moved; the rest is derived here.
 */
import { callSync, unsupportedFunction } from "isopod:core";
import {
  contextEntries, type Entry, pathTo, project, type SessionState,
} from "./session_projection";

interface Info {
  id?: string;
  file?: string | null;
  directory?: string;
  leaf?: string | null;
  header?: any;
  count?: number;
}

interface Label {
  label: string;
  timestamp: string;
}

class Session implements SessionState {
  readonly byId: ReadonlyMap<string, Entry>;
  #labels: Map<string, Label> | undefined;

  constructor(readonly entries: readonly Entry[], readonly leafId: string | null) {
    this.byId = new Map(entries.map((entry) => [entry.id, entry]));
  }

  get labels(): ReadonlyMap<string, Label> {
    if (this.#labels !== undefined) return this.#labels;
    this.#labels = new Map();
    for (const { type, targetId, label, timestamp } of this.entries as any[]) {
      if (type !== "label") continue;
      if (label) this.#labels.set(targetId, { label, timestamp });
      else this.#labels.delete(targetId);
    }
    return this.#labels;
  }
}

const readInfo = (): Info => callSync("session.info", {}) ?? {};

/** Reads the session once and again only when it has changed. */
class Reader {
  #session: Session | undefined;
  #version: string | undefined;

  read(): Session {
    const { id, count, leaf } = readInfo();
    const version = count === undefined ? undefined : JSON.stringify([id, count, leaf]);
    if (this.#session === undefined || version === undefined || version !== this.#version) {
      const entries: Entry[] = callSync("session.get_entries", {}) ?? [];
      this.#session = new Session(entries, leaf === undefined ? entries.at(-1)?.id ?? null : leaf);
      this.#version = version;
    }
    return this.#session;
  }
}

export const readSession = (): SessionState => new Reader().read();

function treeOf({ entries, labels }: Session): any[] {
  const nodes = entries.map((entry) => {
    const label = labels.get(entry.id);
    return {
      entry, children: [] as any[], label: label?.label, labelTimestamp: label?.timestamp,
    };
  });
  const byId = new Map(nodes.map((node) => [node.entry.id, node]));
  const roots: any[] = [];
  for (const node of nodes) {
    const { id, parentId } = node.entry;
    const parent = parentId === null || parentId === id ? undefined : byId.get(parentId);
    (parent?.children ?? roots).push(node);
  }
  const time = (node: any) => new Date(node.entry.timestamp).getTime();
  for (const { children } of nodes) children.sort((a, b) => time(a) - time(b));
  return roots;
}

const kWriters = [
  "appendMessage", "appendThinkingLevelChange", "appendModelChange", "appendUsage",
  "appendCompaction", "appendCustomMessageEntry", "appendContextEdit", "branch", "resetLeaf",
  "branchWithSummary", "createBranchedSession", "newSession", "setSessionFile",
];

/** Extensions are promised a view; pi hands out the whole manager, so its writers are here too. */
function writers(): Record<string, unknown> {
  const members: Record<string, unknown> = {
    appendCustomEntry: (customType: string, data?: unknown) =>
      callSync("session.append_entry", { customType, data }),
    appendSessionInfo: (name: string) => callSync("session.set_name", { name }),
    appendLabelChange: (entryId: string, label?: string) =>
      callSync("session.set_label", { entryId, label }),
  };
  for (const name of kWriters) members[name] = unsupportedFunction(`ctx.sessionManager.${name}`);
  return members;
}

export function createSessionView(cwd: string): any {
  const reader = new Reader();
  const branch = (fromId?: string) => {
    const { byId, leafId } = reader.read();
    return pathTo(byId, fromId ?? leafId);
  };
  const projection = () => project(branch());
  return {
    isPersisted: () => typeof readInfo().file === "string",
    getCwd: () => cwd,
    getSessionDir: () => readInfo().directory ?? "",
    getSessionId: () => readInfo().id ?? "",
    getSessionFile: () => readInfo().file ?? undefined,
    getSessionName: () => callSync("session.get_name", {}) ?? undefined,
    getHeader: () => readInfo().header ?? null,
    getEntries: () => [...reader.read().entries],
    getEntryCount: () => reader.read().byId.size,
    getEntry: (id: string) => reader.read().byId.get(id),
    getChildren: (parentId: string) =>
      reader.read().entries.filter((entry) => entry.parentId === parentId),
    getBranch: branch,
    getTree: () => treeOf(reader.read()),
    getLeafId: () => reader.read().leafId,
    getLeafEntry: () => {
      const { byId, leafId } = reader.read();
      return leafId === null ? undefined : byId.get(leafId);
    },
    getLabel: (id: string) => reader.read().labels.get(id)?.label,
    buildContextEntries: () => contextEntries(branch()),
    buildSessionProjection: projection,
    buildSessionContext: () => {
      const { messages, thinkingLevel, model } = projection();
      return { messages, thinkingLevel, model };
    },
    ...writers(),
  };
}
