// SPDX-License-Identifier: MIT
/** The `write` tool: a whole file, with the folders above it. */
import { dirname } from "node:path";
import { files, orAbort, resolvePath, textResult, throwIfAborted } from "./builtin_shared";
import { withFileMutationQueue } from "@earendil-works/pi-coding-agent";
import { toolMessages as say } from "./recorded_strings";

const localOperations = () => ({
  writeFile: (path: string, content: string) => files().writeFile(path, content, "utf8"),
  mkdir: (folder: string) => files().mkdir(folder, { recursive: true }),
});

export function createWrite(cwd: string, options: any) {
  const operations = options.operations ?? localOperations();
  return (_id: string, params: any, signal?: AbortSignal) =>
    orAbort(signal, () => {
      const path = resolvePath(params.path, cwd);
      return withFileMutationQueue(path, async () => {
        throwIfAborted(signal);
        await operations.mkdir(dirname(path));
        throwIfAborted(signal);
        await operations.writeFile(path, params.content);
        return textResult(say.wrote(params.path));
      });
    });
}
