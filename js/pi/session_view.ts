// SPDX-License-Identifier: MIT
/**
 * `ctx.sessionManager`: reads the session the host keeps. Each read asks the host once and derives
 * the rest here; the leaf is the last entry, a branch is the way from the root to an entry.
 */
import { callSync, unsupportedFunction } from "isopod:core";

type Entry = { id: string; parentId: string | null; type: string; [member: string]: any };

export function createSessionView(cwd: string): any {
  const getEntries = (): Entry[] => {
    const answer = callSync("session.get_entries", {});
    return Array.isArray(answer) ? answer : answer?.entries ?? [];
  };
  const find = (entries: Entry[], id: string) => entries.find((entry) => entry.id === id);

  const view: Record<string, unknown> = {
    getCwd: () => cwd,
    getSessionFile: () => undefined,
    getSessionName: () => callSync("session.get_name", {}) ?? undefined,
    getEntries,
    getEntry: (id: string) => find(getEntries(), id),
    getBranch(fromId?: string) {
      const entries = getEntries();
      const branch: Entry[] = [];
      let entry = fromId === undefined ? entries.at(-1) : find(entries, fromId);
      while (entry !== undefined && !branch.includes(entry)) {
        branch.unshift(entry);
        entry = entry.parentId === null ? undefined : find(entries, entry.parentId);
      }
      return branch;
    },
    getTree() {
      const entries = getEntries();
      const nodes = entries.map((entry) => ({ entry, children: [] as any[] }));
      const byId = new Map(nodes.map((node) => [node.entry.id, node]));
      const roots = nodes.filter((node) => !byId.has(node.entry.parentId ?? ""));
      for (const node of nodes) byId.get(node.entry.parentId ?? "")?.children.push(node);
      return roots;
    },
    getLeafId: () => getEntries().at(-1)?.id ?? null,
    getLeafEntry: () => getEntries().at(-1),
    getLabel: (id: string) =>
      getEntries().findLast((entry) => entry.type === "label" && entry.targetId === id)?.label,
  };
  for (const name of [
    "getSessionDir", "getSessionId", "getHeader", "buildContextEntries", "buildSessionProjection",
  ]) view[name] = unsupportedFunction(`ctx.sessionManager.${name}`);
  return view;
}
