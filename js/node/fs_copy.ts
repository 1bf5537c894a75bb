// SPDX-License-Identifier: MIT
/** `cp`: copying files and whole folders, made of the simple operations. */
import { loadBuiltin } from "isopod:native";
import { checkPath, placeOf } from "./fs_arguments";
import {
  chmod, copyFile, lstat, mkdir, ownError, readdir, readlink, stat, symlink, unlink, utimes,
} from "./fs_names";
import type { Steps } from "./fs_run";
import { checkFunction, checkInteger, invalidType } from "./node_errors";

interface Options {
  recursive: boolean;
  force: boolean;
  errorOnExist: boolean;
  dereference: boolean;
  preserveTimestamps: boolean;
  verbatimSymlinks: boolean;
  mode: number;
  filter: ((source: string, target: string) => any) | undefined;
}

function optionsOf(given: any): Options {
  const options = given ?? {};
  if (typeof options !== "object") throw invalidType("options", "of type object", given);
  const all: any = {
    recursive: false, force: true, errorOnExist: false, dereference: false,
    preserveTimestamps: false, verbatimSymlinks: false, mode: 0, filter: undefined, ...options,
  };
  for (const [name, value] of Object.entries(all)) {
    if (name === "mode" || name === "filter") continue;
    if (typeof value !== "boolean") throw invalidType(`options.${name}`, "of type boolean", value);
  }
  checkInteger(all.mode, "mode", 0, 7);
  if (all.filter !== undefined) checkFunction(all.filter, "options.filter");
  return all;
}

/** What is at the two paths; nothing may be at the second. */
interface Pair {
  source: any;
  target: any;
}

function checkPair({ source, target }: Pair, from: string, to: string, options: Options): void {
  const say = (code: string, words: string, number: [string, number, string]): never => {
    throw ownError(code, words, { syscall: "cp", path: to, number });
  };
  if (source.isDirectory() && !options.recursive) {
    throw ownError("ERR_FS_EISDIR", "Recursive option not enabled, cannot copy a directory", {
      syscall: "cp", path: from, number: ["EISDIR", 21, `${from} is a directory (not copied)`],
    });
  }
  if (target !== undefined) {
    if (source.ino === target.ino && source.dev === target.dev)
      say("ERR_FS_CP_EINVAL", "Invalid src or dest",
        ["EINVAL", 22, "src and dest cannot be the same"]);
    if (source.isDirectory() && !target.isDirectory()) {
      say("ERR_FS_CP_DIR_TO_NON_DIR", "Cannot overwrite non-directory with directory",
        ["EISDIR", 21, `cannot overwrite non-directory ${to} with directory ${from}`]);
    }
    if (!source.isDirectory() && target.isDirectory()) {
      say("ERR_FS_CP_NON_DIR_TO_DIR", "Cannot overwrite directory with non-directory",
        ["ENOTDIR", 20, `cannot overwrite directory ${to} with non-directory ${from}`]);
    }
  }
  const [outer, inner] = [placeOf(from, "cp").absolute, placeOf(to, "cp").absolute];
  if (source.isDirectory() && inner.startsWith(`${outer}/`)) {
    say("ERR_FS_CP_EINVAL", "Invalid src or dest",
      ["EINVAL", 22, `cannot copy ${from} to a subdirectory of self ${to}`]);
  }
}

function* copyOneFile(from: string, to: string, { source, target }: Pair,
  options: Options): Steps<void> {
  if (target !== undefined) {
    if (!options.force) {
      if (!options.errorOnExist) return;
      throw ownError("ERR_FS_CP_EEXIST", "Target already exists", {
        syscall: "cp", path: to, number: ["EEXIST", 17, `${to} already exists`],
      });
    }
    yield* unlink(to);
  }
  yield* copyFile(from, to, options.mode);
  if (options.preserveTimestamps)
    yield* utimes(to, source.atimeMs / 1000, source.mtimeMs / 1000);
}

function* copyLink(from: string, to: string, target: any, options: Options): Steps<void> {
  const path = loadBuiltin("node:path");
  let leadsTo = yield* readlink(from);
  if (!options.verbatimSymlinks && !path.isAbsolute(leadsTo))
    leadsTo = path.resolve(path.dirname(placeOf(from, "cp").absolute), leadsTo);
  if (target !== undefined) yield* unlink(to);
  yield* symlink(leadsTo, to);
}

function* copyFolder(from: string, to: string, { source, target }: Pair,
  options: Options): Steps<void> {
  const { join } = loadBuiltin("node:path");
  if (target === undefined) yield* mkdir(to, { recursive: true });
  for (const name of yield* readdir(from))
    yield* copyAny(join(from, name), join(to, name), options);
  if (target === undefined) yield* chmod(to, source.mode & 0o7777);
}

function* copyAny(from: string, to: string, options: Options): Steps<void> {
  if (options.filter !== undefined && !(yield { wait: options.filter(from, to) })) return;
  const look = options.dereference ? stat : lstat;
  const source = yield* look(from);
  const target = yield* look(to, { throwIfNoEntry: false });
  const pair = { source, target };
  checkPair(pair, from, to, options);
  if (source.isDirectory()) yield* copyFolder(from, to, pair, options);
  else if (source.isSymbolicLink()) yield* copyLink(from, to, target, options);
  else yield* copyOneFile(from, to, pair, options);
}

export function* cp(from: any, to: any, given?: any): Steps<void> {
  const options = optionsOf(given);
  const source = checkPath(from, "src");
  const target = checkPath(to, "dest");
  const { dirname } = loadBuiltin("node:path");
  if (options.filter !== undefined && !(yield { wait: options.filter(source, target) })) return;
  // The source is looked at before folders are made for the target.
  yield* (options.dereference ? stat : lstat)(source);
  const parent = dirname(target);
  if ((yield* stat(parent, { throwIfNoEntry: false })) === undefined)
    yield* mkdir(parent, { recursive: true });
  const once = { ...options };
  if (options.filter !== undefined) {
    let isFirst = true;
    once.filter = (a, b) => {
      const result = isFirst || options.filter!(a, b);
      isFirst = false;
      return result;
    };
  }
  yield* copyAny(source, target, once);
}
