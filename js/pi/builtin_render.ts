// SPDX-License-Identifier: MIT
/** How calls and results of the built-in tools look in a terminal. */
import { Box, Container, Text } from "@earendil-works/pi-tui";
import { info } from "isopod:native";
import { keyHint } from "@earendil-works/pi-coding-agent";
import { highlightCode } from "./builtin_highlight";
import { getLanguageFromPath } from "./languages";
import { DEFAULT_MAX_BYTES, formatReadLineRange, formatSize } from "./truncate";

export { highlightCode, renderDiff } from "./builtin_highlight";

const kContentLines = 10;
const kListLines = 20;
const kMatchLines = 15;
const kShellLines = 5;

type Style = (text: string) => string;

const plainText = (text: string) => text.replace(/\r/g, "").replace(/\t/g, "   ");

/** The text of a result, without control sequences that would move the cursor. */
function outputOf(result: any): string {
  return (result?.content ?? [])
    .map((block: any) => (block.type === "image" ? `[Image: ${block.mimeType}]` : block.text ?? ""))
    .join("\n");
}

const shortPath = (path: string): string =>
  path.startsWith(`${info.home}/`) ? `~${path.slice(info.home.length)}` : path;

/** The argument as text: a call is shown while its arguments arrive, and they may be wrong. */
function argument(value: unknown, theme: any, missing: string): string {
  if (value === undefined || value === null || value === "") return missing;
  return typeof value === "string"
    ? theme.fg("accent", shortPath(value)) : theme.fg("error", "[invalid arg]");
}

const title = (name: string, theme: any) => theme.fg("toolTitle", theme.bold(name));
const number = (value: unknown) => (typeof value === "number" ? value : undefined);
const limitText = (args: any, theme: any) => number(args.limit) === undefined
  ? "" : theme.fg("toolOutput", ` (limit ${args.limit})`);
const inFolder = (args: any, theme: any) =>
  theme.fg("toolOutput", ` in ${typeof args.path === "string" ? shortPath(args.path) : "."}`);

const more = (text: string, theme: any): string =>
  `${theme.fg("muted", `... (${text},`)} ${keyHint("app.tools.expand", "to expand")}` +
  theme.fg("muted", ")");

/** The first lines, or all of them when expanded. */
function firstLines(lines: string[], count: number, options: any, style: Style, theme: any) {
  const shown = options.expanded ? lines : lines.slice(0, count);
  const left = lines.length - shown.length;
  const text = shown.map(style).join("\n");
  return left > 0 ? `${text}\n${more(`${left} more lines`, theme)}` : text;
}

const withoutEndOfText = (text: string): string[] =>
  plainText(text).replace(/\n+$/, "").split("\n");

function fileLines(text: string, path: unknown, theme: any): string[] {
  const language = typeof path === "string" ? getLanguageFromPath(path) : undefined;
  const lines = withoutEndOfText(text);
  return language === undefined
    ? lines.map((line) => theme.fg("toolOutput", line)) : highlightCode(lines.join("\n"), language);
}

const kCalls: Record<string, (args: any, theme: any, context: any) => string> = {
  read: (args, theme) => {
    const range = formatReadLineRange(args.offset, args.limit);
    return `${title("read", theme)} ${argument(args.path, theme, theme.fg("toolOutput", "..."))}` +
      (range === "" ? "" : theme.fg("warning", range));
  },
  write: (args, theme, context) => {
    const head =
      `${title("write", theme)} ${argument(args.path, theme, theme.fg("toolOutput", "..."))}`;
    if (typeof args.content !== "string" || args.content === "") return head;
    const lines = fileLines(args.content, args.path, theme);
    const shown = context.expanded ? lines : lines.slice(0, kContentLines);
    const left = lines.length - shown.length;
    const tail = left > 0 ? `\n${more(`${left} more lines, ${lines.length} total`, theme)}` : "";
    return `${head}\n\n${shown.join("\n")}${tail}`;
  },
  edit: (args, theme) =>
    `${title("edit", theme)} ${argument(args.path, theme, theme.fg("toolOutput", "..."))}`,
  ls: (args, theme) => `${title("ls", theme)} ${argument(args.path || ".", theme, "")}` +
    limitText(args, theme),
  grep: (args, theme) => {
    const pattern = typeof args.pattern === "string" ? args.pattern : "";
    return `${title("grep", theme)} ${theme.fg("accent", `/${pattern}/`)}${inFolder(args, theme)}` +
      (typeof args.glob === "string" ? theme.fg("toolOutput", ` (${args.glob})`) : "") +
      (number(args.limit) === undefined ? "" : theme.fg("toolOutput", ` limit ${args.limit}`));
  },
  find: (args, theme) => {
    const pattern = typeof args.pattern === "string" ? args.pattern : "";
    return `${title("find", theme)} ${theme.fg("accent", pattern)}${inFolder(args, theme)}` +
      limitText(args, theme);
  },
  bash: (args, theme) => {
    const isText = typeof args.command === "string" && args.command !== "";
    const command = isText ? args.command : theme.fg("toolOutput", "...");
    const timeout = number(args.timeout);
    return theme.fg("toolTitle", theme.bold(`$ ${command}`)) +
      (timeout === undefined ? "" : theme.fg("muted", ` (timeout ${timeout}s)`));
  },
};
kCalls.powershell = (args, theme, context) => kCalls.bash(args, theme, context);

/** What the details say about lines that were left out. */
function truncationNotes(details: any): string[] {
  const notes: string[] = [];
  if (details?.matchLimitReached) notes.push(`${details.matchLimitReached} matches limit`);
  if (details?.resultLimitReached) notes.push(`${details.resultLimitReached} results limit`);
  if (details?.entryLimitReached) notes.push(`${details.entryLimitReached} entries limit`);
  if (details?.truncation?.truncated) {
    notes.push(`${formatSize(details.truncation.maxBytes ?? DEFAULT_MAX_BYTES)} limit`);
  }
  if (details?.linesTruncated) notes.push("some lines truncated");
  return notes;
}

function listResult(count: number) {
  return (result: any, options: any, theme: any): string => {
    const style: Style = (line) => theme.fg("toolOutput", line);
    const lines = withoutEndOfText(outputOf(result));
    const notes = truncationNotes(result?.details);
    const warning = notes.length === 0
      ? "" : `\n${theme.fg("warning", `[Truncated: ${notes.join(", ")}]`)}`;
    return `\n${firstLines(lines, count, options, style, theme)}${warning}`;
  };
}

function shellResult(result: any, options: any, theme: any, context: any): string {
  const lines = withoutEndOfText(outputOf(result));
  const shown = options.expanded ? lines : lines.slice(-kShellLines);
  const left = lines.length - shown.length;
  const hint = left > 0 ? `${more(`${left} earlier lines`, theme)}\n` : "";
  const text = shown.map((line) => theme.fg("toolOutput", line)).join("\n");
  const milliseconds = number(context.durationMs);
  const took = options.isPartial || milliseconds === undefined
    ? "" : `\n\n${theme.fg("muted", `Took ${durationText(milliseconds)}`)}`;
  return `\n${hint}${text}${took}`;
}

function durationText(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  if (seconds < 60) return `${seconds.toFixed(1)}s`;
  const whole = Math.floor(seconds);
  const [hours, minutes, rest] =
    [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return hours > 0 ? `${hours}h ${minutes}m ${rest}s` : `${minutes}m ${rest}s`;
}

const errorText = (result: any, theme: any, context: any): string =>
  context.isError ? `\n${theme.fg("error", outputOf(result))}` : "";

function readResult(result: any, options: any, theme: any, context: any): string {
  if (context.isError) return listResult(kContentLines)(result, options, theme);
  if (!options.expanded) return "";
  return `\n${fileLines(outputOf(result), context.args?.path, theme).join("\n")}`;
}

function editResult(result: any, _options: any, theme: any, context: any): string {
  const diff = result?.details?.diff;
  if (context.isError || typeof diff !== "string") return errorText(result, theme, context);
  const lines = diff.split("\n").map((line) => theme.fg(diffToken(line), plainText(line)));
  return `\n${lines.join("\n")}`;
}

const diffToken = (line: string): string =>
  line.startsWith("+") ? "toolDiffAdded" : line.startsWith("-") ? "toolDiffRemoved"
    : "toolDiffContext";

const kResults: Record<string, (...args: any[]) => string> = {
  read: readResult,
  write: (result, _options, theme, context) => errorText(result, theme, context),
  edit: editResult,
  ls: listResult(kListLines), find: listResult(kListLines), grep: listResult(kMatchLines),
  bash: shellResult, powershell: shellResult,
};

function textComponent(text: string, context: any): any {
  const last = context?.lastComponent;
  const component = last instanceof Text ? last : new Text("", 0, 0);
  component.setText(text);
  return component;
}

/** The `edit` tool draws its own frame: `renderShell` is "self". */
function framed(text: string, theme: any): any {
  const box = new Box(1, 1, (line: string) => theme.bg("toolPendingBg", line));
  box.addChild(new Text(text, 0, 0));
  return box;
}

export function renderCall(name: string, args: any, theme: any, context: any = {}): any {
  const text = kCalls[name](args ?? {}, theme, context ?? {});
  return name === "edit" ? framed(text, theme) : textComponent(text, context);
}

export function renderResult(name: string, ...args: any[]): any {
  const [result, options, theme, context] = args;
  const text = kResults[name](result, options ?? {}, theme, context ?? {});
  return text === "" ? new Container() : textComponent(text, context);
}

/** The last lines of a text as they appear at a width. */
export function truncateToVisualLines(
  text: string, maxVisualLines: number, width: number, paddingX = 0,
): { visualLines: string[]; skippedCount: number } {
  if (!text) return { visualLines: [], skippedCount: 0 };
  const lines: string[] = new Text(text, paddingX, 0).render(width);
  const skippedCount = Math.max(0, lines.length - maxVisualLines);
  return { visualLines: lines.slice(skippedCount), skippedCount };
}
