// SPDX-License-Identifier: MIT
/** Colours for source code and differences; a scanner of tokens, not a parser of languages. */
import { theme } from "isopod:pi/theme";

const words = (text: string) => new Set(text.split(" "));

const kCommon = "break case catch class const continue default do else enum export extends false " +
  "finally for if import in interface new null return static super switch this throw true try " +
  "var void while";
const kScript = words(`${kCommon} abstract as async await declare delete from function get ` +
  "implements instanceof keyof let namespace of private protected public readonly satisfies set " +
  "type typeof undefined yield");
const kC = words(`${kCommon} abstract auto bool boolean byte char constexpr double explicit ` +
  "extern fallthrough float fn func go goto impl inline int interface let long map match mod " +
  "module mut namespace nil nullptr operator override package private protected pub public " +
  "range ref self short signed sizeof string struct template trait type typedef typename " +
  "union unsafe unsigned use using virtual volatile where defer chan select final throws val " +
  "fun object");
const kPython = words("and as assert async await break class continue def del elif else except " +
  "False finally for from global if import in is lambda None nonlocal not or pass raise return " +
  "True try while with yield match case self");
const kShell = words("if then else elif fi for while until do done case esac in function select " +
  "return exit export local readonly declare set unset echo source true false end def begin");
const kSql = words("select from where insert into values update set delete create table drop " +
  "alter join left right inner outer on and or not null group by order having limit as " +
  "distinct union");
const kData = words("true false null yes no");

interface Language {
  keywords: Set<string>;
  /** What starts a comment up to the end of the line. */
  line?: string;
  block?: [string, string];
}

const cLike = (keywords: Set<string>): Language => ({ keywords, line: "//", block: ["/*", "*/"] });
const hashed = (keywords: Set<string>): Language => ({ keywords, line: "#" });
const kLanguages: Record<string, Language> = {
  __proto__: null as any,
  typescript: cLike(kScript), javascript: cLike(kScript),
  c: cLike(kC), cpp: cLike(kC), csharp: cLike(kC), java: cLike(kC), kotlin: cLike(kC),
  swift: cLike(kC), rust: cLike(kC), go: cLike(kC), scala: cLike(kC), php: cLike(kC),
  protobuf: cLike(kC), css: { keywords: kData, block: ["/*", "*/"] }, scss: cLike(kData),
  less: cLike(kData), json: { keywords: kData },
  python: hashed(kPython), ruby: hashed(kShell), bash: hashed(kShell), fish: hashed(kShell),
  powershell: hashed(kShell), perl: hashed(kShell), r: hashed(kShell), makefile: hashed(kShell),
  dockerfile: hashed(kShell), cmake: hashed(kShell), yaml: hashed(kData), toml: hashed(kData),
  hcl: hashed(kData), elixir: hashed(kShell), graphql: hashed(kScript),
  sql: { keywords: kSql, line: "--" }, lua: { keywords: kShell, line: "--" },
};

const kWord = /[A-Za-z_$][\w$]*/y;
const kNumber = /\d[\w.]*/y;
const kOther = /[^\w$"'`]/y;

function matchAt(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

/** The end of a text in quotes; only those in backticks go on over lines. */
function endOfString(code: string, at: number): number {
  const quote = code[at];
  let i = at + 1;
  while (i < code.length && code[i] !== quote) {
    if (code[i] === "\n" && quote !== "`") return i;
    i += code[i] === "\\" ? 2 : 1;
  }
  return Math.min(i + 1, code.length);
}

function endOfComment(code: string, at: number, language: Language): number {
  if (language.line !== undefined && code.startsWith(language.line, at)) {
    const end = code.indexOf("\n", at);
    return end < 0 ? code.length : end;
  }
  const [open, close] = language.block ?? [];
  if (open === undefined || !code.startsWith(open, at)) return at;
  const end = code.indexOf(close!, at + open.length);
  return end < 0 ? code.length : end + close!.length;
}

/** Each line keeps its own colours, so that lines can be shown on their own. */
const paint = (token: string, text: string): string =>
  text.split("\n").map((line) => (line === "" ? "" : theme.fg(token, line))).join("\n");

function wordToken(word: string, next: string, language: Language): string | undefined {
  if (language.keywords.has(word) || language.keywords.has(word.toLowerCase()) &&
    language.keywords === kSql) return "syntaxKeyword";
  if (next === "(") return "syntaxFunction";
  return /^[A-Z]\w*[a-z]/.test(word) ? "syntaxType" : undefined;
}

function highlight(code: string, language: Language): string {
  let output = "";
  for (let at = 0; at < code.length;) {
    const commentEnd = endOfComment(code, at, language);
    if (commentEnd > at) {
      output += paint("syntaxComment", code.slice(at, commentEnd));
      at = commentEnd;
      continue;
    }
    if (code[at] === '"' || code[at] === "'" || code[at] === "`") {
      const end = endOfString(code, at);
      output += paint("syntaxString", code.slice(at, end));
      at = end;
      continue;
    }
    const word = matchAt(kWord, code, at);
    const digits = word === undefined ? matchAt(kNumber, code, at) : undefined;
    const text = word ?? digits ?? matchAt(kOther, code, at) ?? code[at];
    at += text.length;
    const token = digits !== undefined
      ? "syntaxNumber" : word === undefined ? undefined : wordToken(word, code[at] ?? "", language);
    output += token === undefined ? text : theme.fg(token, text);
  }
  return output;
}

/** The lines of the code with colours; without a known language they all have one. */
export function highlightCode(code: string, language?: string): string[] {
  const known = language === undefined ? undefined : kLanguages[language.toLowerCase()];
  if (known !== undefined) return highlight(code, known).split("\n");
  return code.split("\n").map((line) => theme.fg("mdCodeBlock", line));
}

/** A difference as the `edit` tool gives it, with colours. */
export function renderDiff(diff: string): string {
  return diff.split("\n").map((line) => {
    const token = line.startsWith("+") ? "toolDiffAdded"
      : line.startsWith("-") ? "toolDiffRemoved" : "toolDiffContext";
    return theme.fg(token, line.replace(/\t/g, "   "));
  }).join("\n");
}
