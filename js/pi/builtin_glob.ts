// SPDX-License-Identifier: MIT
/** Glob patterns and the rules of ignore files, as regular expressions over paths with "/". */

const kSpecial = /[\\^$.*+?()[\]{}|/]/g;
const escape = (text: string) => text.replace(kSpecial, "\\$&");

/** The end of a character class that starts at `at`, or -1. */
function classEnd(glob: string, at: number): number {
  let i = at + 1;
  if (glob[i] === "!" || glob[i] === "^") i++;
  if (glob[i] === "]") i++;
  while (i < glob.length && glob[i] !== "]") i += glob[i] === "\\" ? 2 : 1;
  return i < glob.length ? i : -1;
}

function classSource(glob: string, at: number, end: number): string {
  let body = glob.slice(at + 1, end);
  const isNegated = /^[!^]/.test(body);
  if (isNegated) body = body.slice(1);
  body = body.replace(/\\(.)/gs, "$1").replace(/[\\\]^[&~]/g, "\\$&");
  return `(?!/)[${isNegated ? "^" : ""}${body}]`;
}

/** `**` between slashes is any number of folders; elsewhere it is `*`. */
function starsSource(glob: string, at: number): { source: string; end: number } {
  let end = at;
  while (glob[end] === "*") end++;
  const isSegment = (at === 0 || glob[at - 1] === "/") &&
    (end === glob.length || glob[end] === "/");
  if (end - at < 2 || !isSegment) return { source: "[^/]*", end };
  return end === glob.length ? { source: ".*", end } : { source: "(?:.*/)?", end: end + 1 };
}

/** The source of a regular expression for the whole path. Throws for a class without end. */
export function globSource(glob: string): string {
  let source = "";
  let depth = 0;
  for (let i = 0; i < glob.length;) {
    const char = glob[i];
    if (char === "*") {
      const stars = starsSource(glob, i);
      source += stars.source;
      i = stars.end;
      continue;
    }
    if (char === "[") {
      const end = classEnd(glob, i);
      if (end < 0) throw new Error(`Invalid glob pattern '${glob}': unclosed character class`);
      source += classSource(glob, i, end);
      i = end + 1;
      continue;
    }
    if (char === "?") source += "[^/]";
    else if (char === "{") source += (depth++, "(?:");
    else if (char === "}" && depth > 0) source += (depth--, ")");
    else if (char === "," && depth > 0) source += "|";
    else if (char === "\\" && i + 1 < glob.length) source += escape(glob[++i]);
    else source += escape(char);
    i++;
  }
  if (depth > 0) throw new Error(`Invalid glob pattern '${glob}': unclosed alternation`);
  return source;
}

export const globPattern = (glob: string): RegExp => new RegExp(`^${globSource(glob)}$`, "s");

/** One line of an ignore file; `path` is relative to the file's folder. */
interface Rule {
  pattern: RegExp;
  isNegated: boolean;
  isFoldersOnly: boolean;
}

function ruleOf(line: string): Rule | undefined {
  let glob = line.replace(/\r$/, "").replace(/(?<!\\) +$/, "");
  if (glob === "" || glob.startsWith("#")) return undefined;
  const isNegated = glob.startsWith("!");
  if (isNegated) glob = glob.slice(1);
  const isFoldersOnly = glob.endsWith("/");
  if (isFoldersOnly) glob = glob.slice(0, -1);
  const isAnchored = glob.includes("/");
  if (glob.startsWith("/")) glob = glob.slice(1);
  try {
    const pattern = new RegExp(`^${isAnchored ? "" : "(?:.*/)?"}${globSource(glob)}$`, "s");
    return { pattern, isNegated, isFoldersOnly };
  } catch {
    return undefined;  // As git does: a rule that is no pattern matches nothing.
  }
}

/** The rules of one ignore file. */
export class IgnoreRules {
  #rules: Rule[];

  constructor(text: string) {
    this.#rules = text.split("\n").map(ruleOf).filter((rule) => rule !== undefined);
  }

  /** The last rule that matches decides; undefined when none does. */
  decide(path: string, kind: "file" | "folder"): "ignore" | "keep" | undefined {
    const rule = this.#rules.findLast(({ pattern, isFoldersOnly }) =>
      (!isFoldersOnly || kind === "folder") && pattern.test(path));
    return rule === undefined ? undefined : rule.isNegated ? "keep" : "ignore";
  }
}
