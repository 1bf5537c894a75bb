// SPDX-License-Identifier: MIT
/**
 * Child processes. Importable, so that an extension loads; whatever is called says by its name that it is
 * not there.
 */
import { unsupportedFunction } from "isopod:core";

const missing = (name: string) => unsupportedFunction(`node:child_process.${name}`);

export const ChildProcess = missing("ChildProcess");
export const _forkChild = missing("_forkChild");
export const exec = missing("exec");
export const execFile = missing("execFile");
export const execFileSync = missing("execFileSync");
export const execSync = missing("execSync");
export const fork = missing("fork");
export const spawn = missing("spawn");
export const spawnSync = missing("spawnSync");

export default {
  ChildProcess, _forkChild, exec, execFile, execFileSync, execSync, fork, spawn, spawnSync,
};
