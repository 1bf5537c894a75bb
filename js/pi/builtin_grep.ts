// SPDX-License-Identifier: MIT
/** The `grep` tool: lines that match a pattern, in one file or in the files of a folder. */
import { basename, join } from "node:path";
import { globPattern } from "./builtin_glob";
import {
  decode, files, limitOf, orAbort, resolvePath, textResult, throwIfAborted,
} from "./builtin_shared";
import { walk } from "./builtin_walk";
import { toolMessages as say } from "./recorded_strings";
import { DEFAULT_MAX_BYTES, formatSize, truncateHead, truncateLine } from "./truncate";

const kMatchesMax = 100;
/** Larger files in a folder are passed over: reading them would fill the isolate's memory. */
const kFileBytesMax = 32 * 1024 * 1024;

const kSpecial = /[\\^$.*+?()[\]{}|/]/g;

/** The pattern's flags in front and named groups are written as in other engines. */
function expressionOf(pattern: string, params: any): RegExp {
  let flags = params.ignoreCase ? "i" : "";
  if (params.literal) return new RegExp(pattern.replace(kSpecial, "\\$&"), flags);
  const leading = /^\(\?([ims]+)\)/.exec(pattern);
  let source = (leading === null ? pattern : pattern.slice(leading[0].length))
    .replace(/\(\?P</g, "(?<");
  for (const flag of leading?.[1] ?? "") if (!flags.includes(flag)) flags += flag;
  try {
    return new RegExp(source, `${flags}u`);
  } catch {
    return new RegExp(source, flags);
  }
}

/** Which paths a `glob` argument selects; with "!" those it does not name. */
function selection(glob: string | undefined): { matches(path: string): boolean; wants: boolean } {
  if (!glob) return { matches: () => true, wants: false };
  const isNegated = glob.startsWith("!");
  const plain = isNegated ? glob.slice(1) : glob;
  const isForPath = plain.includes("/");
  const expression = globPattern(plain.startsWith("/") ? plain.slice(1) : plain);
  const named = (path: string) =>
    expression.test(isForPath ? path : path.slice(path.lastIndexOf("/") + 1));
  return { matches: (path) => named(path) !== isNegated, wants: !isNegated };
}

class Search {
  readonly output: string[] = [];
  matches = 0;
  isLimited = false;
  hasCutLines = false;

  constructor(
    private expression: RegExp, private context: number, private limit: number,
  ) {}

  /** Adds the matches of one file; `isLimited` is set when there is one more than allowed. */
  add(name: string, text: string): void {
    const lines = text.split("\n");
    if (lines.at(-1) === "") lines.pop();
    const hits: number[] = [];
    for (let i = 0; i < lines.length && !this.isLimited; i++) {
      if (!this.expression.test(lines[i])) continue;
      if (this.matches >= this.limit) {
        this.isLimited = true;
      } else {
        this.matches++;
        hits.push(i);
      }
    }
    this.#show(name, lines, hits);
  }

  #show(name: string, lines: string[], hits: number[]): void {
    const isHit = new Set(hits);
    let next = 0;
    for (const hit of hits) {
      const last = Math.min(lines.length - 1, hit + this.context);
      for (let i = Math.max(next, hit - this.context); i <= last; i++) {
        const { text, wasTruncated } = truncateLine(lines[i].replace(/\r$/, ""));
        this.hasCutLines ||= wasTruncated;
        this.output.push(isHit.has(i)
          ? `${name}:${i + 1}: ${text}` : `${name}-${i + 1}- ${text}`);
      }
      next = Math.max(next, last + 1);
    }
  }
}

async function searchFolder(search: Search, folder: string, params: any, signal?: AbortSignal) {
  const { matches, wants } = selection(params.glob);
  const found = walk(folder, {
    signal, gitignore: "in_repository", isWanted: wants ? matches : undefined,
  });
  for await (const { path, kind } of found) {
    if (kind !== "file" || !matches(path)) continue;
    throwIfAborted(signal);
    const absolute = join(folder, path);
    try {
      if ((await files().stat(absolute)).size > kFileBytesMax) continue;
      const bytes: Uint8Array = await files().readFile(absolute);
      if (bytes.includes(0)) continue;
      search.add(path, decode(bytes));
    } catch {
      continue;  // What cannot be read has no matches.
    }
    if (search.isLimited) return;
  }
}

function resultOf(search: Search, limit: number): any {
  if (search.matches === 0) return textResult(say.noMatches);
  const truncation =
    truncateHead(search.output.join("\n"), { maxLines: Number.MAX_SAFE_INTEGER });
  const notices: string[] = [];
  const details: any = {};
  if (search.isLimited) {
    notices.push(say.matchLimit(limit));
    details.matchLimitReached = limit;
  }
  if (truncation.truncated) {
    notices.push(say.outputLimit(formatSize(DEFAULT_MAX_BYTES)));
    details.truncation = truncation;
  }
  if (search.hasCutLines) {
    notices.push(say.linesTruncated);
    details.linesTruncated = true;
  }
  if (notices.length === 0) return textResult(truncation.content);
  return textResult(`${truncation.content}\n\n[${notices.join(". ")}]`, details);
}

export function createGrep(cwd: string, options: any) {
  const isDirectory = options.operations?.isDirectory ??
    (async (path: string) => (await files().stat(path)).isDirectory());
  return (_id: string, params: any, signal?: AbortSignal) =>
    orAbort(signal, async () => {
      const path = resolvePath(params.path || ".", cwd);
      let isFolder: boolean;
      try {
        isFolder = await isDirectory(path);
      } catch {
        throw new Error(say.pathNotFound(path));
      }
      const limit = limitOf(params.limit, kMatchesMax);
      const context = params.context > 0 ? Math.floor(params.context) : 0;
      const search = new Search(expressionOf(params.pattern, params), context, limit);
      if (isFolder) await searchFolder(search, path, params, signal);
      else search.add(basename(path), decode(await files().readFile(path)));
      return resultOf(search, limit);
    });
}
