// SPDX-License-Identifier: MIT
/**
 * Files, with promises. Importable, so that an extension loads; whatever is called says by its name that it is
 * not there.
 */
import { unsupportedFunction } from "isopod:core";

const missing = (name: string) => unsupportedFunction(`node:fs/promises.${name}`);

export const access = missing("access");
export const appendFile = missing("appendFile");
export const chmod = missing("chmod");
export const chown = missing("chown");
export const copyFile = missing("copyFile");
export const cp = missing("cp");
export const lchmod = missing("lchmod");
export const lchown = missing("lchown");
export const link = missing("link");
export const lstat = missing("lstat");
export const lutimes = missing("lutimes");
export const mkdir = missing("mkdir");
export const mkdtemp = missing("mkdtemp");
export const open = missing("open");
export const opendir = missing("opendir");
export const readFile = missing("readFile");
export const readdir = missing("readdir");
export const readlink = missing("readlink");
export const realpath = missing("realpath");
export const rename = missing("rename");
export const rm = missing("rm");
export const rmdir = missing("rmdir");
export const stat = missing("stat");
export const statfs = missing("statfs");
export const symlink = missing("symlink");
export const truncate = missing("truncate");
export const unlink = missing("unlink");
export const utimes = missing("utimes");
export const watch = missing("watch");
export const writeFile = missing("writeFile");
export const constants = { F_OK: 0, R_OK: 4, W_OK: 2, X_OK: 1 };

export default {
  access, appendFile, chmod, chown, copyFile, cp, lchmod, lchown, link, lstat, lutimes, mkdir,
  mkdtemp, open, opendir, readFile, readdir, readlink, realpath, rename, rm, rmdir, stat, statfs,
  symlink, truncate, unlink, utimes, watch, writeFile, constants,
};
