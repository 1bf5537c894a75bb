// SPDX-License-Identifier: MIT
/** The `find` tool: files and folders by a glob pattern. */
import { isAbsolute, relative } from "node:path";
import { globPattern } from "./builtin_glob";
import { files, limitOf, orAbort, resolvePath, textResult } from "./builtin_shared";
import { walk } from "./builtin_walk";
import { toolMessages as say } from "./recorded_strings";
import { DEFAULT_MAX_BYTES, formatSize, truncateHead } from "./truncate";

const kResultsMax = 1000;
/** What someone else's glob function is asked to leave out. */
const kIgnoredByOperations = ["**/node_modules/**", "**/.git/**"];

const compareText = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/** A pattern without a slash is for names, one with slashes for the end of the path. */
function matcher(pattern: string): (path: string) => boolean {
  const isForPath = pattern.includes("/");
  if (isForPath && isAbsolute(pattern)) return () => false;
  if (pattern === "") return () => true;
  const needsPrefix = isForPath && !pattern.startsWith("**/");
  const expression = globPattern(needsPrefix ? `**/${pattern}` : pattern);
  return (path) => expression.test(isForPath ? path : path.slice(path.lastIndexOf("/") + 1));
}

async function findLocal(folder: string, pattern: string, signal?: AbortSignal) {
  const stat = await files().stat(folder).catch(() => undefined);
  if (stat === undefined) throw new Error(say.pathNotFound(folder));
  if (!stat.isDirectory()) throw new Error(say.notADirectory(folder));
  const matches = matcher(pattern);
  const found: string[] = [];
  for await (const { path, kind } of walk(folder, { signal, gitignore: "always" })) {
    if (matches(path)) found.push(kind === "folder" ? `${path}/` : path);
  }
  return found.sort(compareText);
}

async function findWith(operations: any, folder: string, pattern: string, limit: number) {
  if (!await operations.exists(folder)) throw new Error(say.pathNotFound(folder));
  const found: string[] = await operations.glob(pattern, folder, {
    ignore: kIgnoredByOperations, limit: limit + 1,
  });
  return found.map((path) => {
    if (!isAbsolute(path)) return path;
    const inFolder = relative(folder, path);
    return path.endsWith("/") ? `${inFolder}/` : inFolder;
  });
}

function listing(found: string[], limit: number, limitNotice: string): any {
  if (found.length === 0) return textResult(say.noFiles);
  const shown = found.slice(0, limit).join("\n");
  const truncation = truncateHead(shown, { maxLines: Number.MAX_SAFE_INTEGER });
  const notices: string[] = [];
  const details: any = {};
  if (found.length > limit) {
    notices.push(limitNotice);
    details.resultLimitReached = limit;
  }
  if (truncation.truncated) {
    notices.push(say.outputLimit(formatSize(DEFAULT_MAX_BYTES)));
    details.truncation = truncation;
  }
  if (notices.length === 0) return textResult(truncation.content);
  return textResult(`${truncation.content}\n\n[${notices.join(". ")}]`, details);
}

export function createFind(cwd: string, options: any) {
  return (_id: string, params: any, signal?: AbortSignal) =>
    orAbort(signal, async () => {
      const folder = resolvePath(params.path || ".", cwd);
      const limit = limitOf(params.limit, kResultsMax);
      if (typeof options.operations?.glob === "function") {
        const found = await findWith(options.operations, folder, params.pattern, limit);
        return listing(found, limit, say.resultLimitOfOperations(limit));
      }
      const found = await findLocal(folder, params.pattern, signal);
      return listing(found, limit, say.resultLimit(limit));
    });
}
