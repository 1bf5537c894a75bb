// SPDX-License-Identifier: MIT
/**
 * `SessionManager`: a conversation as a tree of entries, in memory or in a file of JSON lines.
 * It is an extension's own; the session of the host is `ctx.sessionManager`.
 */
import { dirname, join, resolve } from "node:path";
import { info, randomFill } from "isopod:native";
import { uuidv7 } from "@earendil-works/pi-ai";
import {
  buildContextEntries, buildSessionContext, buildSessionProjection, pathTo, type Entry,
} from "./coding_agent_context";
import {
  appendLine, defaultFolder, findFile, listAllSessions, listSessions, loadFile, newestFile,
  sessionFileName, writeLines,
} from "./coding_agent_session_files";

export const CURRENT_SESSION_VERSION = 3;

interface NewSession {
  id?: string;
  parentSession?: string;
}

const kConversationRoles = new Set(["user", "assistant"]);
const kIdAttempts = 100;

const now = () => new Date().toISOString();

function shortId(): string {
  const bytes = new Uint8Array(4);
  randomFill(bytes);
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function checkSessionId(id: string): void {
  if (typeof id !== "string" || !/^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?$/.test(id)) {
    throw new Error(`Invalid session id: ${id}`);
  }
}

export class SessionManager {
  #cwd: string;
  #folder: string;
  #file: string | undefined;
  #isPersisted: boolean;
  #isWritten = false;
  #header: any;
  #entries: Entry[] = [];
  #byId = new Map<string, Entry>();
  #labels = new Map<string, { label: string; timestamp: string }>();
  #leafId: string | null = null;

  /** Made by the static functions. */
  constructor(cwd: string, folder: string, isPersisted: boolean, options: NewSession = {}) {
    this.#cwd = cwd;
    this.#folder = folder;
    this.#isPersisted = isPersisted;
    this.newSession(options);
  }

  static create(cwd: string, folder?: string, options?: NewSession): SessionManager {
    return new SessionManager(cwd, folder ?? defaultFolder(cwd), true, options);
  }

  static inMemory(cwd = info.cwd, options?: NewSession, entries?: any[]): SessionManager {
    const session = new SessionManager(cwd, "", false, options);
    if (entries !== undefined) session.#adopt(entries);
    return session;
  }

  static open(path: string, folder?: string, cwdOverride?: string): SessionManager {
    const file = resolve(path);
    const session = new SessionManager(cwdOverride ?? info.cwd, folder ?? dirname(file), true);
    session.setSessionFile(file);
    session.#cwd = cwdOverride ?? session.#header.cwd ?? info.cwd;
    return session;
  }

  static continueRecent(cwd: string, folder?: string): SessionManager {
    const place = folder ?? defaultFolder(cwd);
    const newest = newestFile(place, folder === undefined ? undefined : cwd);
    return newest === undefined
      ? SessionManager.create(cwd, folder) : SessionManager.open(newest, place, cwd);
  }

  static forkFrom(
    source: string, cwd: string, folder?: string, options: NewSession = {},
  ): SessionManager {
    const path = resolve(source);
    const records = loadFile(path);
    if (records.length === 0) {
      throw new Error(`Cannot fork: source session file is empty or invalid: ${path}`);
    }
    const session = SessionManager.create(cwd, folder, { ...options, parentSession: path });
    session.#setEntries(records.slice(1));
    session.#rewrite();
    return session;
  }

  static findById(cwd: string, id: string, folder?: string): string | undefined {
    return findFile(folder ?? defaultFolder(cwd), id);
  }

  static list(cwd: string, folder?: string, onProgress?: any, signal?: AbortSignal) {
    return listSessions(folder ?? defaultFolder(cwd), onProgress, signal);
  }

  static listAll(...args: any[]) {
    const folder = typeof args[0] === "string" ? args[0] : undefined;
    const [onProgress, signal] = folder === undefined && typeof args[0] === "function"
      ? args : args.slice(1);
    return listAllSessions(folder, onProgress, signal);
  }

  newSession(options: NewSession = {}): string | undefined {
    if (options?.id !== undefined) checkSessionId(options.id);
    this.#header = {
      type: "session", version: CURRENT_SESSION_VERSION, id: options?.id ?? uuidv7(),
      timestamp: now(), cwd: this.#cwd,
      ...(options?.parentSession && { parentSession: options.parentSession }),
    };
    this.#setEntries([]);
    this.#isWritten = false;
    this.#file = this.#isPersisted
      ? join(this.#folder, sessionFileName(this.#header)) : undefined;
    return this.#file;
  }

  /** Goes on with another file; one that does not exist is made with the first message. */
  setSessionFile(path: string): void {
    const file = resolve(path);
    const records = loadFile(file);
    if (records.length === 0) {
      this.newSession();
    } else {
      this.#adopt(records);
      this.#isWritten = true;
    }
    this.#file = file;
  }

  #adopt(records: any[]): void {
    const header = records.find((record) => record.type === "session");
    if (header !== undefined) this.#header = header;
    this.#setEntries(records.filter((record) => record.type !== "session"));
  }

  #setEntries(entries: Entry[]): void {
    this.#entries = [...entries];
    this.#byId.clear();
    this.#labels.clear();
    for (const entry of entries) this.#index(entry);
    this.#leafId = entries.at(-1)?.id ?? null;
  }

  #index(entry: Entry): void {
    this.#byId.set(entry.id, entry);
    if (entry.type !== "label") return;
    const { targetId, label, timestamp } = entry;
    if (label) this.#labels.set(targetId, { label, timestamp });
    else this.#labels.delete(targetId);
  }

  #rewrite(): void {
    if (this.#file === undefined) return;
    writeLines(this.#file, [this.#header, ...this.#entries]);
    this.#isWritten = true;
  }

  /** A file is made only for a conversation; until then the entries wait in memory. */
  #persist(entry: Entry): void {
    if (this.#file === undefined) return;
    if (this.#isWritten) {
      appendLine(this.#file, entry);
    } else if (this.#entries.some(({ type, message }) =>
      type === "message" && kConversationRoles.has(message.role))) {
      this.#rewrite();
    }
  }

  #newId(): string {
    for (let i = 0; i < kIdAttempts; i++) {
      const id = shortId();
      if (!this.#byId.has(id)) return id;
    }
    return uuidv7();
  }

  #append(type: string, members: object, style: "base first" | "base last" = "base first"): Entry {
    const base = { id: this.#newId(), parentId: this.#leafId, timestamp: now() };
    const entry: Entry = style === "base first"
      ? { type, ...base, ...members } : { type, ...members, ...base };
    this.#entries.push(entry);
    this.#index(entry);
    this.#leafId = entry.id;
    this.#persist(entry);
    return entry;
  }

  #require(id: string): void {
    if (!this.#byId.has(id)) throw new Error(`Entry ${id} not found`);
  }

  appendMessage(message: any): string { return this.#append("message", { message }).id; }
  appendThinkingLevelChange(thinkingLevel: string): string {
    return this.#append("thinking_level_change", { thinkingLevel }).id;
  }
  appendModelChange(provider: string, modelId: string): string {
    return this.#append("model_change", { provider, modelId }).id;
  }
  appendUsage(kind: string, provider: string, model: string, usage: any, note?: string): Entry {
    return this.#append("usage", { kind, provider, model, usage, ...(note && { note }) });
  }
  appendCompaction(...args: any[]): string {
    const [summary, firstKeptEntryId, tokensBefore, details, fromHook, usage] = args;
    return this.#append("compaction", {
      summary, firstKeptEntryId, tokensBefore, details, usage, fromHook,
    }).id;
  }
  appendCustomEntry(customType: string, data?: unknown): string {
    return this.#append("custom", { customType, data }, "base last").id;
  }
  appendSessionInfo(name: string): string {
    return this.#append("session_info", { name: name.replace(/[\r\n]+/g, " ").trim() }).id;
  }
  appendCustomMessageEntry(
    customType: string, content: unknown, display: boolean, details?: unknown,
  ): string {
    return this.#append(
      "custom_message", { customType, content, display, details }, "base last").id;
  }
  appendContextEdit(targetId: string, replacement: unknown): string {
    this.#require(targetId);
    return this.#append("context_edit", { targetId, replacement }).id;
  }
  appendLabelChange(targetId: string, label: string | undefined): string {
    this.#require(targetId);
    return this.#append("label", { targetId, label: label || undefined }).id;
  }

  isPersisted(): boolean { return this.#isPersisted; }
  getCwd(): string { return this.#cwd; }
  getSessionDir(): string { return this.#folder; }
  usesDefaultSessionDir(): boolean { return this.#folder === defaultFolder(this.#cwd); }
  getSessionId(): string { return this.#header.id; }
  getSessionFile(): string | undefined { return this.#file; }
  getHeader(): any { return this.#header; }
  getSessionName(): string | undefined {
    return this.#entries.findLast(({ type }) => type === "session_info")?.name || undefined;
  }

  getLeafId(): string | null { return this.#leafId; }
  getLeafEntry(): Entry | undefined {
    return this.#leafId === null ? undefined : this.#byId.get(this.#leafId);
  }
  getEntry(id: string): Entry | undefined { return this.#byId.get(id); }
  getEntryCount(): number { return this.#entries.length; }
  getEntries(): Entry[] { return [...this.#entries]; }
  getChildren(id: string): Entry[] {
    return this.#entries.filter(({ parentId }) => parentId === id);
  }
  getLabel(id: string): string | undefined { return this.#labels.get(id)?.label; }
  getBranch(fromId?: string): Entry[] { return pathTo(fromId ?? this.#leafId, this.#byId); }

  getTree(): any[] {
    const nodes = this.#entries.map((entry) => {
      const mark = this.#labels.get(entry.id);
      return { entry, children: [] as any[], label: mark?.label, labelTimestamp: mark?.timestamp };
    });
    const byId = new Map(nodes.map((node) => [node.entry.id, node]));
    const parentOf = ({ entry }: any) =>
      entry.parentId === entry.id ? undefined : byId.get(entry.parentId ?? "");
    for (const node of nodes) parentOf(node)?.children.push(node);
    return nodes.filter((node) => parentOf(node) === undefined);
  }

  buildContextEntries() { return buildContextEntries(this.#entries, this.#leafId, this.#byId); }
  buildSessionProjection() {
    return buildSessionProjection(this.#entries, this.#leafId, this.#byId);
  }
  buildSessionContext() { return buildSessionContext(this.#entries, this.#leafId, this.#byId); }

  branch(fromId: string): void {
    this.#require(fromId);
    this.#leafId = fromId;
  }
  resetLeaf(): void { this.#leafId = null; }

  branchWithSummary(
    fromId: string | null, summary: string, details?: unknown, fromHook?: boolean, usage?: unknown,
  ): string {
    if (fromId !== null) this.#require(fromId);
    const oldLeafId = this.#leafId;
    this.#leafId = fromId;
    return this.#append("branch_summary", {
      fromId: oldLeafId, summary, details, usage, fromHook,
    }).id;
  }

  /** Goes on in a new file with only the way to `leafId`; labels of its entries are kept. */
  createBranchedSession(leafId: string): string | undefined {
    const path = this.getBranch(leafId);
    if (path.length === 0) throw new Error(`Entry ${leafId} not found`);
    const marks = path.map(({ id }) => [id, this.#labels.get(id)] as const);
    const parentSession = this.#file;
    this.newSession(parentSession === undefined ? {} : { parentSession });
    this.#setEntries(path.filter(({ type }) => type !== "label"));
    for (const [id, mark] of marks) if (mark !== undefined) this.appendLabelChange(id, mark.label);
    this.#rewrite();
    return this.#file;
  }
}
