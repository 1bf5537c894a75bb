// SPDX-License-Identifier: MIT
/** What the built-in tools do when they are called; loaded with the first call. */
import { createBash } from "./builtin_bash";
import { createEdit } from "./builtin_edit";
import { createFind } from "./builtin_find";
import { createGrep } from "./builtin_grep";
import { createLs } from "./builtin_ls";
import { createRead } from "./builtin_read";
import { createWrite } from "./builtin_write";

export { createLocalBashOperations, createLocalPowerShellOperations } from "./builtin_bash";
export { generateDiffString, generateUnifiedPatch } from "./builtin_diff";
export { detectImageMimeType, imageSize } from "./builtin_images";
export { getPowerShellConfig, getShellConfig } from "./builtin_shell";

/** The `execute` of a tool: (toolCallId, params, signal, onUpdate, ctx) => Promise of a result. */
type Execute = (...call: any[]) => Promise<any>;

const kTools: Record<string, (cwd: string, options: any) => Execute> = {
  read: createRead, write: createWrite, edit: createEdit, ls: createLs, grep: createGrep,
  find: createFind,
  bash: (cwd, options) => createBash("bash", cwd, options),
  powershell: (cwd, options) => createBash("powershell", cwd, options),
};

export const createExecute = (name: string, cwd: string, options: any): Execute =>
  kTools[name](cwd, options);
