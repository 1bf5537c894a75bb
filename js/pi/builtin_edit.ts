// SPDX-License-Identifier: MIT
/** The `edit` tool: replaces texts of a file that occur in it exactly once. */
import { generateDiffString, generateUnifiedPatch } from "./builtin_diff";
import { applyEdits } from "./builtin_edit_match";
import {
  bytesOf, decode, files, orAbort, resolvePath, textResult, throwIfAborted,
} from "./builtin_shared";
import { withFileMutationQueue } from "@earendil-works/pi-coding-agent";
import { toolMessages as say } from "./recorded_strings";

const kReadableAndWritable = 6;
const kByteOrderMark = "\uFEFF";

const localOperations = () => ({
  readFile: (path: string) => files().readFile(path),
  writeFile: (path: string, content: string) => files().writeFile(path, content, "utf8"),
  access: (path: string) => files().access(path, kReadableAndWritable),
});

async function checkAccess(operations: any, absolute: string, path: string): Promise<void> {
  try {
    await operations.access(absolute);
  } catch (error: any) {
    throw new Error(say.cannotEdit(path, error?.code ?? error?.message ?? String(error)));
  }
}

async function edit(operations: any, absolute: string, params: any, signal?: AbortSignal) {
  throwIfAborted(signal);
  await checkAccess(operations, absolute, params.path);
  throwIfAborted(signal);
  const text = decode(bytesOf(await operations.readFile(absolute)));
  throwIfAborted(signal);
  const mark = text.startsWith(kByteOrderMark) ? kByteOrderMark : "";
  const { before, after, written } = applyEdits(text.slice(mark.length), params.edits, params.path);
  await operations.writeFile(absolute, mark + written);
  const { diff, firstChangedLine } = generateDiffString(before, after);
  return textResult(say.replaced(params.edits.length, params.path), {
    diff, patch: generateUnifiedPatch(params.path, before, after), firstChangedLine,
  });
}

export function createEdit(cwd: string, options: any) {
  const operations = options.operations ?? localOperations();
  return (_id: string, params: any, signal?: AbortSignal) =>
    orAbort(signal, async () => {
      if (!Array.isArray(params.edits) || params.edits.length === 0) throw new Error(say.noEdits);
      const absolute = resolvePath(params.path, cwd);
      return withFileMutationQueue(absolute, () => edit(operations, absolute, params, signal));
    });
}
