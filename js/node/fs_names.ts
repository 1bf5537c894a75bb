// SPDX-License-Identifier: MIT
/** Names of files: folders, links, removing, renaming, and what is known of a file. */
import { loadBuiltin } from "isopod:native";
import {
  bitsOf, checkDescriptor, checkPath, inEncoding, modeOf, optionsOf, placeOf, timeOf,
} from "./fs_arguments";
import { handleOf } from "./fs_content";
import { Dirent, statsOf, typeOfMode } from "./fs_entries";
import { systemError } from "./fs_errors";
import type { Steps } from "./fs_run";
import { checkInteger, invalidType, nodeError } from "./node_errors";

const join = (...parts: string[]): string => loadBuiltin("node:path").join(...parts);

// ---- facts ----

export function* access(path: any, mode: any = 0): Steps<void> {
  const bits = bitsOf(mode);
  const place = placeOf(path, "access");
  yield {
    operation: "fs.access", args: { path: place.absolute, mode: bits }, syscall: "access",
    path: place.given,
  };
}

export function* exists(path: any): Steps<boolean> {
  try {
    yield* access(path);
    return true;
  } catch {
    return false;
  }
}

const stating = (syscall: "stat" | "lstat") =>
  function* (path: any, options: any = {}): Steps<any> {
  const given = options ?? {};
  const isOptional = given.throwIfNoEntry === false;
  checkPath(path);
  if (isOptional && path === "") return undefined;
  const place = placeOf(path, syscall);
  const value = yield {
    operation: "fs.stat",
    args: { path: place.absolute, follow: syscall === "stat", optional: isOptional },
    syscall, path: place.given,
  };
  return value === null ? undefined : statsOf(value, Boolean(given.bigint));
};
export const stat = stating("stat");
export const lstat = stating("lstat");

export function* fstat(descriptor: any, options: any = {}): Steps<any> {
  checkDescriptor(descriptor);
  const value = yield {
    operation: "fs.stat", args: { handle: handleOf(descriptor, "fstat") }, syscall: "fstat",
  };
  return statsOf(value, Boolean(options?.bigint));
}

export function* chmod(path: any, mode: any): Steps<void> {
  checkPath(path);
  const bits = modeOf(mode, "mode");
  const place = placeOf(path, "chmod");
  yield {
    operation: "fs.change", args: { path: place.absolute, mode: bits }, syscall: "chmod",
    path: place.given,
  };
}

export function* fchmod(descriptor: any, mode: any): Steps<void> {
  checkDescriptor(descriptor);
  const bits = modeOf(mode, "mode");
  yield {
    operation: "fs.change", args: { handle: handleOf(descriptor, "fchmod"), mode: bits },
    syscall: "fchmod",
  };
}

const timing = (syscall: "utime" | "lutime") =>
  function* (path: any, atime: any, mtime: any): Steps<void> {
    checkPath(path);
    const times = { atime_ms: timeOf(atime), mtime_ms: timeOf(mtime) };
    const place = placeOf(path, syscall);
    yield {
      operation: "fs.change", args: { path: place.absolute, ...times, follow: syscall === "utime" },
      syscall, path: place.given,
    };
  };
export const utimes = timing("utime");
export const lutimes = timing("lutime");

export function* futimes(descriptor: any, atime: any, mtime: any): Steps<void> {
  checkDescriptor(descriptor);
  const times = { atime_ms: timeOf(atime, "atime"), mtime_ms: timeOf(mtime, "mtime") };
  yield {
    operation: "fs.change", args: { handle: handleOf(descriptor, "futime"), ...times },
    syscall: "futime",
  };
}

// ---- folders ----

export function* mkdir(path: any, given?: any): Steps<string | undefined> {
  const isMode = typeof given === "number" || typeof given === "string";
  const options = isMode ? { mode: given } : (given ?? {});
  checkPath(path);
  const recursive = options.recursive ?? false;
  if (typeof recursive !== "boolean")
    throw invalidType("options.recursive", "of type boolean", recursive);
  const mode = modeOf(options.mode, isMode ? "mode" : "options.mode", 0o777);
  const place = placeOf(path, "mkdir");
  const first = yield {
    operation: "fs.make_directory", args: { path: place.absolute, recursive, mode },
    syscall: "mkdir", path: place.given,
  };
  return recursive && first !== null ? asGiven(first, place) : undefined;
}

/** The folder above `place` in the form in which the place was given, absolute or not. */
function asGiven(folder: string, place: { absolute: string; given: string }): string {
  if (place.given.startsWith("/")) return folder;
  const levels = place.absolute.slice(folder.length).split("/").length - 1;
  const parts = join(place.given).split("/").filter((part) => part !== "");
  return parts.slice(0, parts.length - levels).join("/");
}

export function* mkdtemp(prefix: any, given?: any): Steps<any> {
  const options = optionsOf(given);
  const text = checkPath(prefix, "prefix");
  const absolute = text.endsWith("/") ? `${placeOf(text, "mkdtemp").absolute}/`
    : placeOf(text, "mkdtemp").absolute;
  const made: string = yield {
    operation: "fs.make_temporary", args: { prefix: absolute }, syscall: "mkdtemp",
    path: `${text}XXXXXX`,
  };
  return inEncoding(text + made.slice(absolute.length), options.encoding);
}

interface Entry {
  name: string;
  type: string;
}

const byName = (a: Entry, b: Entry): number => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);

function* list(
  absolute: string, given: string, recursive: boolean, syscall: string): Steps<Entry[]> {
  return yield {
    operation: "fs.list", args: { path: absolute, recursive }, syscall, path: given,
  };
}

/** Folder by folder, for a tree that does not fit into one message. */
function* walk(absolute: string, given: string): Steps<Entry[]> {
  const all: Entry[] = [];
  const waiting = [""];
  for (let folder; (folder = waiting.shift()) !== undefined;) {
    const prefix = folder === "" ? "" : `${folder}/`;
    for (const { name, type } of yield* list(
      join(absolute, folder), join(given, folder), false, "scandir")) {
      all.push({ name: prefix + name, type });
      if (type === "directory") waiting.push(prefix + name);
    }
  }
  return all;
}

/** Folder after folder from the top, each in the order of its names. */
function inOrder(entries: Entry[], recursive: boolean): Entry[] {
  if (!recursive) return entries.sort(byName);
  const children = new Map<string, Entry[]>();
  for (const entry of entries) {
    const folder = entry.name.slice(0, Math.max(0, entry.name.lastIndexOf("/")));
    const siblings = children.get(folder);
    if (siblings === undefined) children.set(folder, [entry]);
    else siblings.push(entry);
  }
  const ordered: Entry[] = [];
  const waiting = [""];
  for (let next = 0; next < waiting.length; next++) {
    for (const entry of (children.get(waiting[next]) ?? []).sort(byName)) {
      ordered.push(entry);
      if (entry.type === "directory") waiting.push(entry.name);
    }
  }
  return ordered;
}

function* entriesOf(place: { absolute: string; given: string }, recursive: boolean,
  syscall: string): Steps<Entry[]> {
  try {
    return yield* list(place.absolute, place.given, recursive, syscall);
  } catch (error: any) {
    if (!recursive || error?.code !== "payload_too_large") throw error;
    return yield* walk(place.absolute, place.given);
  }
}

/** The entry as Node's; the host may not know its type. */
function* direntOf(entry: Entry, place: { absolute: string; given: string },
  encoding: any): Steps<Dirent> {
  const cut = entry.name.lastIndexOf("/");
  const parent = cut < 0 ? place.given : join(place.given, entry.name.slice(0, cut));
  let { type } = entry;
  if (type === "unknown") {
    const path = join(place.absolute, entry.name);
    const status = yield {
      operation: "fs.stat", args: { path, follow: false, optional: true }, syscall: "lstat", path,
    };
    if (status !== null) type = typeOfMode(status.mode);
  }
  return new Dirent(inEncoding(entry.name.slice(cut + 1), encoding), parent, type);
}

export function* readdir(path: any, given?: any): Steps<any[]> {
  const { encoding, withFileTypes, recursive } = optionsOf(given);
  checkPath(path);
  if (recursive !== undefined && recursive !== null && typeof recursive !== "boolean")
    throw invalidType("options.recursive", "of type boolean", recursive);
  const place = placeOf(path, "scandir");
  const all = inOrder(yield* entriesOf(place, Boolean(recursive), "scandir"), Boolean(recursive));
  if (!withFileTypes) return all.map(({ name }) => inEncoding(name, encoding));
  const result = [];
  for (const entry of all) result.push(yield* direntOf(entry, place, encoding));
  return result;
}

/** What `opendir` reads; the folder is listed when it is opened. */
export function* openFolder(path: any, given?: any): Steps<{ path: string; entries: Dirent[] }> {
  const { encoding, recursive, bufferSize } = optionsOf(given, { encoding: "utf8" });
  checkPath(path);
  if (bufferSize !== undefined) checkInteger(bufferSize, "options.bufferSize", 1, 4294967295);
  const place = placeOf(path, "opendir");
  const entries = [];
  for (const entry of yield* entriesOf(place, Boolean(recursive), "opendir"))
    entries.push(yield* direntOf(entry, place, encoding));
  return { path: place.given, entries };
}

// ---- removing ----

export function* unlink(path: any): Steps<void> {
  const place = placeOf(path, "unlink");
  yield {
    operation: "fs.remove", args: { path: place.absolute, kind: "file" }, syscall: "unlink",
    path: place.given,
  };
}

export function* rmdir(path: any, options?: any): Steps<void> {
  const place = placeOf(path, "rmdir");
  yield {
    operation: "fs.remove",
    args: { path: place.absolute, kind: "directory", recursive: Boolean(options?.recursive) },
    syscall: "rmdir", path: place.given,
  };
}

/** An error that is Node's own rather than the system's. */
export function ownError(code: string, words: string,
  place: { syscall: string; path: string; number: [string, number, string] }): Error {
  const { syscall, path, number: [name, errno, text] } = place;
  const error: any = nodeError(Error, code,
    `${words}: ${syscall} returned ${name} (${text}) ${path}`);
  error.name = "SystemError";
  const info = { code: name, message: text, path, syscall, errno };
  return Object.assign(error, { info, errno, syscall, path });
}

export function* rm(path: any, given?: any): Steps<void> {
  const options = given ?? {};
  if (typeof options !== "object") throw invalidType("options", "of type object", given);
  for (const name of ["force", "recursive"]) {
    if (options[name] !== undefined && typeof options[name] !== "boolean")
      throw invalidType(`options.${name}`, "of type boolean", options[name]);
  }
  checkPath(path);
  const { force = false, recursive = false } = options;
  const place = placeOf(path, "lstat");
  try {
    yield {
      operation: "fs.remove", args: { path: place.absolute, kind: "any", recursive, force },
      syscall: "rm", path: place.given,
    };
  } catch (error: any) {
    if (error?.code === "ENOENT" && error.path === place.given)
      throw systemError("ENOENT", { syscall: "lstat", path: place.given });
    if (recursive || (error?.code !== "EISDIR" && error?.code !== "ENOTEMPTY")) throw error;
    throw ownError("ERR_FS_EISDIR", "Path is a directory", {
      syscall: "rm", path: place.given, number: ["EISDIR", 21, "is a directory"],
    });
  }
}

// ---- links and moves ----

const pairing = (operation: string, syscall: string, names: [string, string]) =>
  function* (from: any, to: any): Steps<void> {
    checkPath(from, names[0]);
    checkPath(to, names[1]);
    const source = placeOf(from, syscall, names[0]);
    const target = placeOf(to, syscall, names[1]);
    yield {
      operation, args: { from: source.absolute, to: target.absolute }, syscall,
      path: source.given, dest: target.given,
    };
  };
export const rename = pairing("fs.rename", "rename", ["oldPath", "newPath"]);
export const link = pairing("fs.link", "link", ["existingPath", "newPath"]);

export function* symlink(target: any, path: any, _type?: any): Steps<void> {
  const text = checkPath(target, "target");
  checkPath(path);
  const place = placeOf(path, "symlink");
  yield {
    operation: "fs.symlink", args: { target: text, path: place.absolute }, syscall: "symlink",
    path: text, dest: place.given,
  };
}

export function* readlink(path: any, given?: any): Steps<any> {
  const { encoding } = optionsOf(given);
  const place = placeOf(path, "readlink", "oldPath");
  return inEncoding(yield {
    operation: "fs.read_link", args: { path: place.absolute }, syscall: "readlink",
    path: place.given,
  }, encoding);
}

const resolving = (syscall: string, isNative: boolean) =>
  function* (path: any, given?: any): Steps<any> {
    const { encoding } = optionsOf(given);
    // Only the native form does not take the empty path for the current folder.
    const text = checkPath(path) || (isNative ? "" : ".");
    const place = placeOf(text, syscall);
    return inEncoding(yield {
      operation: "fs.real_path", args: { path: place.absolute }, syscall,
      path: isNative ? place.given : place.absolute,
    }, encoding);
  };
export const realpath = resolving("lstat", false);
export const realpathNative = resolving("realpath", true);

export function* copyFile(from: any, to: any, mode: any = 0): Steps<void> {
  checkPath(from, "src");
  checkPath(to, "dest");
  const bits = bitsOf(mode);
  const source = placeOf(from, "copyfile", "src");
  const target = placeOf(to, "copyfile", "dest");
  yield {
    operation: "fs.copy",
    args: { from: source.absolute, to: target.absolute, exclusive: (bits & 1) !== 0 },
    syscall: "copyfile", path: source.given, dest: target.given,
  };
}

