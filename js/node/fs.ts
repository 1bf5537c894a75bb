// SPDX-License-Identifier: MIT
/** `node:fs`: files, at once or with callbacks. Streams and watches are loaded when needed. */
import { loadBuiltin } from "isopod:native";
import { unsupportedFunction } from "isopod:core";
import * as core from "isopod:node/fs";
import promises from "node:fs/promises";
import { checkFunction } from "./node_errors";

const { callbackOf, syncOf, constants, Dir, Dirent, Stats } = core;
const missing = (name: string) => unsupportedFunction(`node:fs.${name}`);
const kCustomPromisify = Symbol.for("nodejs.util.promisify.custom");

/** The operation with a callback, of which `promisify` makes the given promise. */
function promisifiedAs(fn: any, promised: any): any {
  Object.defineProperty(fn, kCustomPromisify, { value: promised, enumerable: false });
  return fn;
}

// ---- operations that are the same in every form ----

export const access = callbackOf("access", core.access);
export const accessSync = syncOf("accessSync", core.access);
export const appendFile = callbackOf("appendFile", core.appendFile);
export const appendFileSync = syncOf("appendFileSync", core.appendFile);
export const chmod = callbackOf("chmod", core.chmod);
export const chmodSync = syncOf("chmodSync", core.chmod);
export const close = callbackOf("close", core.close);
export const closeSync = syncOf("closeSync", core.close);
export const copyFile = callbackOf("copyFile", core.copyFile);
export const copyFileSync = syncOf("copyFileSync", core.copyFile);
export const cp = callbackOf("cp", core.cp);
export const cpSync = syncOf("cpSync", core.cp);
export const fchmod = callbackOf("fchmod", core.fchmod);
export const fchmodSync = syncOf("fchmodSync", core.fchmod);
export const fdatasync = callbackOf("fdatasync", core.fdatasync);
export const fdatasyncSync = syncOf("fdatasyncSync", core.fdatasync);
export const fstat = callbackOf("fstat", core.fstat);
export const fstatSync = syncOf("fstatSync", core.fstat);
export const fsync = callbackOf("fsync", core.fsync);
export const fsyncSync = syncOf("fsyncSync", core.fsync);
export const ftruncate = callbackOf("ftruncate", core.ftruncate);
export const ftruncateSync = syncOf("ftruncateSync", core.ftruncate);
export const futimes = callbackOf("futimes", core.futimes);
export const futimesSync = syncOf("futimesSync", core.futimes);
export const link = callbackOf("link", core.link);
export const linkSync = syncOf("linkSync", core.link);
export const lstat = callbackOf("lstat", core.lstat);
export const lstatSync = syncOf("lstatSync", core.lstat);
export const lutimes = callbackOf("lutimes", core.lutimes);
export const lutimesSync = syncOf("lutimesSync", core.lutimes);
export const mkdir = callbackOf("mkdir", core.mkdir);
export const mkdirSync = syncOf("mkdirSync", core.mkdir);
export const mkdtemp = callbackOf("mkdtemp", core.mkdtemp);
export const mkdtempSync = syncOf("mkdtempSync", core.mkdtemp);
export const open = callbackOf("open", core.open);
export const openSync = syncOf("openSync", core.open);
export const readFile = callbackOf("readFile", core.readFile);
export const readFileSync = syncOf("readFileSync", core.readFile);
export const readdir = callbackOf("readdir", core.readdir);
export const readdirSync = syncOf("readdirSync", core.readdir);
export const readlink = callbackOf("readlink", core.readlink);
export const readlinkSync = syncOf("readlinkSync", core.readlink);
export const rename = callbackOf("rename", core.rename);
export const renameSync = syncOf("renameSync", core.rename);
export const rm = callbackOf("rm", core.rm);
export const rmSync = syncOf("rmSync", core.rm);
export const rmdir = callbackOf("rmdir", core.rmdir);
export const rmdirSync = syncOf("rmdirSync", core.rmdir);
export const stat = callbackOf("stat", core.stat);
export const statSync = syncOf("statSync", core.stat);
export const symlink = callbackOf("symlink", core.symlink);
export const symlinkSync = syncOf("symlinkSync", core.symlink);
export const truncate = callbackOf("truncate", core.truncate);
export const truncateSync = syncOf("truncateSync", core.truncate);
export const unlink = callbackOf("unlink", core.unlink);
export const unlinkSync = syncOf("unlinkSync", core.unlink);
export const utimes = callbackOf("utimes", core.utimes);
export const utimesSync = syncOf("utimesSync", core.utimes);
export const writeFile = callbackOf("writeFile", core.writeFile);
export const writeFileSync = syncOf("writeFileSync", core.writeFile);

// ---- operations with forms of their own ----

export const existsSync = syncOf("existsSync", core.exists);
export const exists = promisifiedAs(function exists(path: any, callback: any): void {
  checkFunction(callback, "cb");
  core.runAsync(core.exists(path)).then((value) => callback(value));
}, (path: any) => core.runAsync(core.exists(path)));

export const realpath: any = callbackOf("realpath", core.realpath);
realpath.native = callbackOf("native", core.realpathNative);
export const realpathSync: any = syncOf("realpathSync", core.realpath);
realpathSync.native = syncOf("native", core.realpathNative);

export const opendirSync = (path: any, options?: any): any =>
  new Dir(core.runSync(core.openFolder(path, options)));
export const opendir =
  callbackOf("opendir", core.openFolder, (folder) => [new Dir(folder)]);

const countAnd = (name: string, operation: any, dataName: string): any => promisifiedAs(
  function (...args: any[]): void {
    const callback = args.pop();
    checkFunction(typeof callback === "function" ? callback : undefined, "cb");
    const [descriptor, given, rest] = argumentsOf(args, dataName);
    core.runCallback(operation(descriptor, given, ...rest), callback, (count) => [count, given],
      [0, given]);
  },
  async (...args: any[]) => {
    const [descriptor, given, rest] = argumentsOf(args, dataName);
    const count = await core.runAsync(operation(descriptor, given, ...rest));
    const counted = name.startsWith("read") ? "bytesRead" : "bytesWritten";
    return { [counted]: count, [dataName]: given };
  });

/** `read` may be called with options that name the buffer, or without a buffer. */
function argumentsOf([descriptor, given, ...rest]: any[], dataName: string): [any, any, any[]] {
  const isOptions = dataName === "buffer" && !ArrayBuffer.isView(given) &&
    (given === undefined || (typeof given === "object" && given !== null));
  if (!isOptions) return [descriptor, given, rest];
  const options = given ?? {};
  return [descriptor, options.buffer ?? (globalThis as any).Buffer.alloc(16384), [options]];
}

export const read = countAnd("read", core.read, "buffer");
export const write = countAnd("write", core.write, "buffer");
export const readv = countAnd("readv", core.readv, "buffers");
export const writev = countAnd("writev", core.writev, "buffers");
export const readSync = syncOf("readSync", core.read);
export const writeSync = syncOf("writeSync", core.write);
export const readvSync = syncOf("readvSync", core.readv);
export const writevSync = syncOf("writevSync", core.writev);

// ---- streams and watches ----

const streams = () => loadBuiltin("isopod:node/fs_streams");
const watches = () => loadBuiltin("isopod:node/fs_watch");

export const createReadStream = (path: any, options?: any): any =>
  new (streams().ReadStream)(path, options);
export const createWriteStream = (path: any, options?: any): any =>
  new (streams().WriteStream)(path, options);

/** A class that is loaded with its module, when somebody makes or asks for one. */
function lazyClass(name: string): any {
  const load = () => streams()[name];
  const proxy: any = new Proxy(function () {}, {
    get: (_stand, key) => (key === "name" ? name : Reflect.get(load(), key)),
    construct: (_stand, args, target) =>
      Reflect.construct(load(), args, target === proxy ? load() : target),
    apply: (_stand, _this, args) => Reflect.construct(load(), args),
  });
  return proxy;
}
export const ReadStream = lazyClass("ReadStream");
export const WriteStream = lazyClass("WriteStream");
export const FileReadStream = ReadStream;
export const FileWriteStream = WriteStream;

export const watch = (...args: any[]): any => watches().watch(...args);
export const watchFile = (...args: any[]): any => watches().watchFile(...args);
export const unwatchFile = (...args: any[]): any => watches().unwatchFile(...args);

// ---- what is not here ----

export const _toUnixTimestamp = missing("_toUnixTimestamp");
export const chown = missing("chown");
export const chownSync = missing("chownSync");
export const fchown = missing("fchown");
export const fchownSync = missing("fchownSync");
export const lchmod = missing("lchmod");
export const lchmodSync = missing("lchmodSync");
export const lchown = missing("lchown");
export const lchownSync = missing("lchownSync");
export const openAsBlob = missing("openAsBlob");
export const statfs = missing("statfs");
export const statfsSync = missing("statfsSync");

export const { F_OK, R_OK, W_OK, X_OK } = constants;
export { constants, Dir, Dirent, promises, Stats };

export default {
  _toUnixTimestamp, access, accessSync, appendFile, appendFileSync, chmod, chmodSync, chown,
  chownSync, close, closeSync, constants, copyFile, copyFileSync, cp, cpSync, createReadStream,
  createWriteStream, Dir, Dirent, exists, existsSync, F_OK, fchmod, fchmodSync, fchown, fchownSync,
  fdatasync, fdatasyncSync, FileReadStream, FileWriteStream, fstat, fstatSync, fsync, fsyncSync,
  ftruncate, ftruncateSync, futimes, futimesSync, lchmod, lchmodSync, lchown, lchownSync, link,
  linkSync, lstat, lstatSync, lutimes, lutimesSync, mkdir, mkdirSync, mkdtemp, mkdtempSync, open,
  openAsBlob, opendir, opendirSync, openSync, promises, R_OK, read, readdir, readdirSync, readFile,
  readFileSync, readlink, readlinkSync, ReadStream, readSync, readv, readvSync, realpath,
  realpathSync, rename, renameSync, rm, rmdir, rmdirSync, rmSync, stat, statfs, statfsSync, Stats,
  statSync, symlink, symlinkSync, truncate, truncateSync, unlink, unlinkSync, unwatchFile, utimes,
  utimesSync, W_OK, watch, watchFile, write, writeFile, writeFileSync, WriteStream, writeSync,
  writev, writevSync, X_OK,
};
