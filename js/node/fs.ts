// SPDX-License-Identifier: MIT
/**
 * Files. Importable, so that an extension loads; whatever is called says by its name that it is
 * not there.
 */
import { unsupportedFunction } from "isopod:core";

const missing = (name: string) => unsupportedFunction(`node:fs.${name}`);

export const Dir = missing("Dir");
export const Dirent = missing("Dirent");
export const FileReadStream = missing("FileReadStream");
export const FileWriteStream = missing("FileWriteStream");
export const ReadStream = missing("ReadStream");
export const Stats = missing("Stats");
export const WriteStream = missing("WriteStream");
export const _toUnixTimestamp = missing("_toUnixTimestamp");
export const access = missing("access");
export const accessSync = missing("accessSync");
export const appendFile = missing("appendFile");
export const appendFileSync = missing("appendFileSync");
export const chmod = missing("chmod");
export const chmodSync = missing("chmodSync");
export const chown = missing("chown");
export const chownSync = missing("chownSync");
export const close = missing("close");
export const closeSync = missing("closeSync");
export const copyFile = missing("copyFile");
export const copyFileSync = missing("copyFileSync");
export const cp = missing("cp");
export const cpSync = missing("cpSync");
export const createReadStream = missing("createReadStream");
export const createWriteStream = missing("createWriteStream");
export const exists = missing("exists");
export const existsSync = missing("existsSync");
export const fchmod = missing("fchmod");
export const fchmodSync = missing("fchmodSync");
export const fchown = missing("fchown");
export const fchownSync = missing("fchownSync");
export const fdatasync = missing("fdatasync");
export const fdatasyncSync = missing("fdatasyncSync");
export const fstat = missing("fstat");
export const fstatSync = missing("fstatSync");
export const fsync = missing("fsync");
export const fsyncSync = missing("fsyncSync");
export const ftruncate = missing("ftruncate");
export const ftruncateSync = missing("ftruncateSync");
export const futimes = missing("futimes");
export const futimesSync = missing("futimesSync");
export const lchmod = missing("lchmod");
export const lchmodSync = missing("lchmodSync");
export const lchown = missing("lchown");
export const lchownSync = missing("lchownSync");
export const link = missing("link");
export const linkSync = missing("linkSync");
export const lstat = missing("lstat");
export const lstatSync = missing("lstatSync");
export const lutimes = missing("lutimes");
export const lutimesSync = missing("lutimesSync");
export const mkdir = missing("mkdir");
export const mkdirSync = missing("mkdirSync");
export const mkdtemp = missing("mkdtemp");
export const mkdtempSync = missing("mkdtempSync");
export const open = missing("open");
export const openAsBlob = missing("openAsBlob");
export const openSync = missing("openSync");
export const opendir = missing("opendir");
export const opendirSync = missing("opendirSync");
export const read = missing("read");
export const readFile = missing("readFile");
export const readFileSync = missing("readFileSync");
export const readSync = missing("readSync");
export const readdir = missing("readdir");
export const readdirSync = missing("readdirSync");
export const readlink = missing("readlink");
export const readlinkSync = missing("readlinkSync");
export const readv = missing("readv");
export const readvSync = missing("readvSync");
export const realpath = missing("realpath");
export const realpathSync = missing("realpathSync");
export const rename = missing("rename");
export const renameSync = missing("renameSync");
export const rm = missing("rm");
export const rmSync = missing("rmSync");
export const rmdir = missing("rmdir");
export const rmdirSync = missing("rmdirSync");
export const stat = missing("stat");
export const statSync = missing("statSync");
export const statfs = missing("statfs");
export const statfsSync = missing("statfsSync");
export const symlink = missing("symlink");
export const symlinkSync = missing("symlinkSync");
export const truncate = missing("truncate");
export const truncateSync = missing("truncateSync");
export const unlink = missing("unlink");
export const unlinkSync = missing("unlinkSync");
export const unwatchFile = missing("unwatchFile");
export const utimes = missing("utimes");
export const utimesSync = missing("utimesSync");
export const watch = missing("watch");
export const watchFile = missing("watchFile");
export const write = missing("write");
export const writeFile = missing("writeFile");
export const writeFileSync = missing("writeFileSync");
export const writeSync = missing("writeSync");
export const writev = missing("writev");
export const writevSync = missing("writevSync");
export const constants = {
  F_OK: 0, R_OK: 4, W_OK: 2, X_OK: 1, O_RDONLY: 0, O_WRONLY: 1, O_RDWR: 2,
  COPYFILE_EXCL: 1, COPYFILE_FICLONE: 2, COPYFILE_FICLONE_FORCE: 4,
};
export const { F_OK, R_OK, W_OK, X_OK } = constants;
export { default as promises } from "node:fs/promises";
import promises from "node:fs/promises";

export default {
  Dir, Dirent, FileReadStream, FileWriteStream, ReadStream, Stats, WriteStream, _toUnixTimestamp,
  access, accessSync, appendFile, appendFileSync, chmod, chmodSync, chown, chownSync, close,
  closeSync, copyFile, copyFileSync, cp, cpSync, createReadStream, createWriteStream, exists,
  existsSync, fchmod, fchmodSync, fchown, fchownSync, fdatasync, fdatasyncSync, fstat, fstatSync,
  fsync, fsyncSync, ftruncate, ftruncateSync, futimes, futimesSync, lchmod, lchmodSync, lchown,
  lchownSync, link, linkSync, lstat, lstatSync, lutimes, lutimesSync, mkdir, mkdirSync, mkdtemp,
  mkdtempSync, open, openAsBlob, openSync, opendir, opendirSync, read, readFile, readFileSync,
  readSync, readdir, readdirSync, readlink, readlinkSync, readv, readvSync, realpath,
  realpathSync, rename, renameSync, rm, rmSync, rmdir, rmdirSync, stat, statSync, statfs,
  statfsSync, symlink, symlinkSync, truncate, truncateSync, unlink, unlinkSync, unwatchFile,
  utimes, utimesSync, watch, watchFile, write, writeFile, writeFileSync, writeSync, writev,
  writevSync, constants, promises, F_OK, R_OK, W_OK, X_OK,
};
