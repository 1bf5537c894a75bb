// SPDX-License-Identifier: MIT
/** `node:fs/promises`: files, with promises. */
import { loadBuiltin } from "isopod:native";
import { unsupportedFunction } from "isopod:core";
import * as core from "isopod:node/fs";
import { FileHandle } from "./fs_handle";
import { abortError } from "./node_errors";

const { constants, promiseOf } = core;
const missing = (name: string) => unsupportedFunction(`node:fs/promises.${name}`);

export const access = promiseOf("access", core.access);
export const chmod = promiseOf("chmod", core.chmod);
export const copyFile = promiseOf("copyFile", core.copyFile);
export const cp = promiseOf("cp", core.cp);
export const link = promiseOf("link", core.link);
export const lstat = promiseOf("lstat", core.lstat);
export const lutimes = promiseOf("lutimes", core.lutimes);
export const mkdir = promiseOf("mkdir", core.mkdir);
export const mkdtemp = promiseOf("mkdtemp", core.mkdtemp);
export const readFile = promiseOf("readFile", core.readFile);
export const readdir = promiseOf("readdir", core.readdir);
export const readlink = promiseOf("readlink", core.readlink);
export const realpath = promiseOf("realpath", core.realpathNative);
export const rename = promiseOf("rename", core.rename);
export const rm = promiseOf("rm", core.rm);
export const rmdir = promiseOf("rmdir", core.rmdir);
export const stat = promiseOf("stat", core.stat);
export const symlink = promiseOf("symlink", core.symlink);
export const truncate = promiseOf("truncate", core.truncate);
export const unlink = promiseOf("unlink", core.unlink);
export const utimes = promiseOf("utimes", core.utimes);

export async function open(path: any, flags?: any, mode?: any): Promise<FileHandle> {
  return new FileHandle(await core.runAsync(core.open(path, flags, mode)));
}

export async function opendir(path: any, options?: any): Promise<any> {
  return new core.Dir(await core.runAsync(core.openFolder(path, options)));
}

const isIterable = (data: any): boolean =>
  typeof data === "object" && data !== null && !ArrayBuffer.isView(data) &&
  (typeof data[Symbol.asyncIterator] === "function" || typeof data[Symbol.iterator] === "function");

/** Chunk after chunk of what comes as a stream or another iterable. */
async function writeChunks(target: any, chunks: any, options: any): Promise<void> {
  const { encoding = "utf8", flag = "w", mode, signal } = core.optionsOf(options);
  const isOpen = target instanceof FileHandle;
  const file = isOpen ? target : await open(target, flag, mode);
  try {
    for await (const chunk of chunks) {
      if (signal?.aborted) throw abortError(signal);
      await core.runAsync(core.writeFile(file.fd, chunk, { encoding }));
    }
  } finally {
    if (!isOpen) await file.close();
  }
}

export async function writeFile(path: any, data: any, options?: any): Promise<void> {
  if (isIterable(data)) return writeChunks(path, data, options);
  return core.runAsync(core.writeFile(path, data, options));
}

export async function appendFile(path: any, data: any, options?: any): Promise<void> {
  if (path instanceof FileHandle) return writeFile(path, data, options);
  return core.runAsync(core.appendFile(path, data, options));
}

export const watch = (path: any, options?: any): any =>
  loadBuiltin("isopod:node/fs_watch").iterate(path, options);

export const chown = missing("chown");
export const lchmod = missing("lchmod");
export const lchown = missing("lchown");
export const statfs = missing("statfs");
export { constants };

export default {
  access, appendFile, chmod, chown, constants, copyFile, cp, lchmod, lchown, link, lstat, lutimes,
  mkdir, mkdtemp, open, opendir, readFile, readdir, readlink, realpath, rename, rm, rmdir, stat,
  statfs, symlink, truncate, unlink, utimes, watch, writeFile,
};
