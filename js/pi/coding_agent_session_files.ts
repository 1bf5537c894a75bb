// SPDX-License-Identifier: MIT
/** Session files: where they are, how they are read, written, brought up to date and listed. */
import { dirname, join, resolve } from "node:path";
import { info, randomFill } from "isopod:native";
import { loadBuiltin } from "./platform";

const fs = () => loadBuiltin("node:fs");

const kVersion = 3;
const kFileEnding = ".jsonl";

const sessionsFolder = () => join(info.agentDir, "sessions");

/** Each working folder has its own folder of sessions, named by its path. */
export function defaultFolder(cwd: string): string {
  const name = resolve(cwd).replace(/^[/\\]/, "").replace(/[/\\:]/g, "-");
  return join(sessionsFolder(), `--${name}--`);
}

export const sessionFileName = ({ timestamp, id }: { timestamp: string; id: string }): string =>
  `${timestamp.replace(/[:.]/g, "-")}_${id}${kFileEnding}`;

/** The records of the lines that are JSON. */
export function parseSessionEntries(content: string): any[] {
  return content.split("\n").flatMap((line) => {
    try {
      return line.trim() === "" ? [] : [JSON.parse(line)];
    } catch {
      return [];  // A line that was cut off when its writer ended.
    }
  });
}

function newId(taken: Set<string>): string {
  for (;;) {
    const bytes = new Uint8Array(4);
    randomFill(bytes);
    const id = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    if (!taken.has(id)) return id;
  }
}

/** Version 1 had a list of entries instead of a tree. */
function addTree(records: any[]): void {
  const taken = new Set<string>();
  let parentId: string | null = null;
  for (const record of records) {
    if (record.type === "session") continue;
    record.id = newId(taken);
    taken.add(record.id);
    record.parentId = parentId;
    parentId = record.id;
  }
  for (const record of records) {
    if (record.type !== "compaction" || typeof record.firstKeptEntryIndex !== "number") continue;
    const kept = records[record.firstKeptEntryIndex];
    if (kept !== undefined && kept.type !== "session") record.firstKeptEntryId = kept.id;
    delete record.firstKeptEntryIndex;
  }
}

/** Brings records of older versions up to date, in place. */
export function migrateSessionEntries(records: any[]): void {
  const header = records.find((record) => record.type === "session");
  const version = header?.version ?? 1;
  if (version >= kVersion) return;
  if (version < 2) addTree(records);
  for (const { type, message } of records) {
    if (type === "message" && message?.role === "hookMessage") message.role = "custom";
  }
  if (header !== undefined) header.version = kVersion;
}

/** The records of a file, header first; none when there is no file. Throws for other files. */
export function loadFile(path: string): any[] {
  if (!fs().existsSync(path)) return [];
  const content = fs().readFileSync(path, "utf8");
  if (content.trim() === "") return [];
  const records = parseSessionEntries(content);
  if (records[0]?.type !== "session" || typeof records[0].id !== "string") {
    throw new Error(`Session file is not a valid pi session: ${path}`);
  }
  migrateSessionEntries(records);
  return records;
}

const lineOf = (record: unknown) => `${JSON.stringify(record)}\n`;

export function writeLines(path: string, records: unknown[]): void {
  fs().mkdirSync(dirname(path), { recursive: true });
  fs().writeFileSync(path, records.map(lineOf).join(""));
}

export const appendLine = (path: string, record: unknown): void =>
  fs().appendFileSync(path, lineOf(record));

function filesIn(folder: string): string[] {
  if (!fs().existsSync(folder)) return [];
  return fs().readdirSync(folder)
    .filter((name: string) => name.endsWith(kFileEnding)).map((name: string) => join(folder, name));
}

function tryLoad(path: string): any[] {
  try {
    return loadFile(path);
  } catch {
    return [];
  }
}

/** The file that was written last, of sessions of `cwd` when that is given. */
export function newestFile(folder: string, cwd?: string): string | undefined {
  const changed = (path: string): number => fs().statSync(path).mtimeMs;
  return filesIn(folder).map((path) => ({ path, time: changed(path) }))
    .sort((a, b) => b.time - a.time)
    .find(({ path }) => {
      const header = tryLoad(path)[0];
      return header !== undefined && (cwd === undefined || header.cwd === cwd);
    })?.path;
}

export const findFile = (folder: string, id: string): string | undefined =>
  filesIn(folder).find((path) =>
    path.endsWith(`_${id}${kFileEnding}`) && tryLoad(path)[0]?.id === id);

const textOf = (content: any): string =>
  typeof content === "string" ? content : (content ?? [])
    .filter((block: any) => block.type === "text").map((block: any) => block.text).join(" ");

function infoOf(path: string): any {
  const [header, ...entries] = tryLoad(path);
  if (header === undefined) return undefined;
  const messages = entries
    .filter(({ type, message }) =>
      type === "message" && (message.role === "user" || message.role === "assistant"));
  const texts = messages.map(({ message }) => textOf(message.content))
    .filter((text) => text !== "");
  const first = messages.find(({ message }) => message.role === "user");
  const last = messages.at(-1)?.message.timestamp;
  return {
    path, id: header.id, cwd: header.cwd ?? "",
    name: entries.findLast(({ type }) => type === "session_info")?.name || undefined,
    parentSessionPath: header.parentSession,
    created: new Date(header.timestamp),
    modified: typeof last === "number" ? new Date(last) : new Date(fs().statSync(path).mtimeMs),
    messageCount: messages.length,
    firstMessage: first === undefined ? "(no messages)" : textOf(first.message.content),
    allMessagesText: texts.join(" "),
  };
}

async function listFiles(paths: string[], onProgress?: any, signal?: AbortSignal): Promise<any[]> {
  const sessions: any[] = [];
  for (const [index, path] of paths.entries()) {
    signal?.throwIfAborted();
    const session = infoOf(path);
    if (session !== undefined) sessions.push(session);
    onProgress?.(index + 1, paths.length);
    await undefined;
  }
  return sessions.sort((a, b) => b.modified.getTime() - a.modified.getTime());
}

export const listSessions = async (folder: string, onProgress?: any, signal?: AbortSignal) =>
  listFiles(filesIn(folder), onProgress, signal);

/** Of one folder, or of all working folders. */
export async function listAllSessions(
  folder: string | undefined, onProgress?: any, signal?: AbortSignal,
) {
  if (folder !== undefined) return listSessions(folder, onProgress, signal);
  const root = sessionsFolder();
  const folders: string[] = fs().existsSync(root) ? fs().readdirSync(root) : [];
  return listFiles(folders.flatMap((name) => filesIn(join(root, name))), onProgress, signal);
}
