// SPDX-License-Identifier: MIT
/** The `ls` tool: the names in a folder, folders with a slash. */
import { join } from "node:path";
import { sortNames } from "./builtin_collate";
import { files, limitOf, orAbort, resolvePath, textResult, throwIfAborted } from "./builtin_shared";
import { toolMessages as say } from "./recorded_strings";
import { DEFAULT_MAX_BYTES, formatSize, truncateHead } from "./truncate";

const kEntriesMax = 500;

const localOperations = () => ({
  exists: async (path: string) => {
    try {
      await files().access(path);
      return true;
    } catch {
      return false;
    }
  },
  stat: (path: string) => files().stat(path),
  readdir: (path: string) => files().readdir(path),
});

async function nameOf(operations: any, folder: string, name: string): Promise<string | undefined> {
  try {
    return (await operations.stat(join(folder, name))).isDirectory() ? `${name}/` : name;
  } catch {
    return undefined;  // A link to nothing, or gone since.
  }
}

export function createLs(cwd: string, options: any) {
  const operations = options.operations ?? localOperations();
  return (_id: string, params: any, signal?: AbortSignal) =>
    orAbort(signal, async () => {
      const folder = resolvePath(params.path || ".", cwd);
      if (!await operations.exists(folder)) throw new Error(say.pathNotFound(folder));
      if (!(await operations.stat(folder)).isDirectory()) {
        throw new Error(say.notADirectory(folder));
      }
      const limit = limitOf(params.limit, kEntriesMax);
      const names = sortNames(await operations.readdir(folder));
      const shown: string[] = [];
      let isLimited = false;
      for (const name of names) {
        throwIfAborted(signal);
        if (isLimited = shown.length >= limit) break;
        const entry = await nameOf(operations, folder, name);
        if (entry !== undefined) shown.push(entry);
      }
      return listing(shown, isLimited ? limit : undefined);
    });
}

function listing(shown: string[], limit: number | undefined): any {
  if (shown.length === 0) return textResult(say.emptyDirectory);
  const truncation = truncateHead(shown.join("\n"), { maxLines: Number.MAX_SAFE_INTEGER });
  const notices: string[] = [];
  const details: any = {};
  if (limit !== undefined) {
    notices.push(say.entryLimit(limit));
    details.entryLimitReached = limit;
  }
  if (truncation.truncated) {
    notices.push(say.outputLimit(formatSize(DEFAULT_MAX_BYTES)));
    details.truncation = truncation;
  }
  if (notices.length === 0) return textResult(truncation.content);
  return textResult(`${truncation.content}\n\n[${notices.join(". ")}]`, details);
}
