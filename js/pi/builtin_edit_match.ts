// SPDX-License-Identifier: MIT
/**
 * Finds the texts of an edit in a file and replaces them. Line breaks are compared as \n. When a
 * text is not there exactly, the search is repeated with look-alikes made equal (spaces at the end
 * of a line, quotes, dashes, spaces); then whole lines around a match take their plain form.
 */
import { toolMessages as say } from "./recorded_strings";

export interface Edit {
  oldText: string;
  newText: string;
}

interface Replacement {
  start: number;
  end: number;
  text: string;
  edit: number;
}

const kSingleQuotes = /[\u2018-\u201b]/g;
const kDoubleQuotes = /[\u201c-\u201f]/g;
const kDashes = /[\u2010-\u2015\u2212]/g;
const kSpaces = /[\u00a0\u2000-\u200a\u202f\u205f\u3000]/g;

export const withPlainBreaks = (text: string): string => text.replace(/\r\n?/g, "\n");

const plainLine = (line: string): string =>
  line.normalize("NFKC").trimEnd().replace(kSingleQuotes, "'").replace(kDoubleQuotes, '"')
    .replace(kDashes, "-").replace(kSpaces, " ");
const plain = (text: string): string => text.split("\n").map(plainLine).join("\n");

function find(content: string, edits: Edit[], name: (index: number) => string | undefined,
  path: string): Replacement[] {
  const plainContent = plain(content);
  return edits.map(({ oldText, newText }, edit) => {
    const start = content.indexOf(oldText);
    if (start < 0) throw new Error(say.oldTextMissing(name(edit), path));
    const count = plainContent.split(plain(oldText)).length - 1;
    if (count > 1) throw new Error(say.oldTextNotUnique(name(edit), count, path));
    return { start, end: start + oldText.length, text: newText, edit };
  });
}

function sorted(
  replacements: Replacement[], name: (index: number) => string, path: string,
): Replacement[] {
  const result = replacements.toSorted((a, b) => a.start - b.start);
  for (let i = 1; i < result.length; i++) {
    const [before, after] = [result[i - 1], result[i]];
    if (before.end > after.start) {
      throw new Error(say.editsOverlap(name(before.edit), name(after.edit), path));
    }
  }
  return result;
}

/** Where each line starts, and a last entry for the end. */
function lineStarts(content: string): number[] {
  const starts = [0];
  for (let at = content.indexOf("\n"); at >= 0; at = content.indexOf("\n", at + 1)) {
    starts.push(at + 1);
  }
  return starts;
}

function lineAt(starts: number[], index: number): number {
  let [low, high] = [0, starts.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (starts[middle] <= index) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Replacements in the plain form of the content become replacements of whole lines of it. */
function toWholeLines(
  content: string, plainContent: string, replacements: Replacement[],
): Replacement[] {
  const [starts, plainStarts] = [lineStarts(content), lineStarts(plainContent)];
  const endOf = (list: number[], text: string, line: number) =>
    line + 1 < list.length ? list[line + 1] - 1 : text.length;
  const result: (Replacement & { lastLine: number })[] = [];
  let copied = 0;
  for (const { start, end, text, edit } of replacements) {
    const firstLine = lineAt(plainStarts, start);
    const lastLine = lineAt(plainStarts, end);
    const group = result.at(-1);
    if (group !== undefined && firstLine <= group.lastLine) {
      const tail = endOf(plainStarts, plainContent, group.lastLine) - copied;
      group.text = group.text.slice(0, group.text.length - tail) +
        plainContent.slice(copied, start) + text;
      group.lastLine = lastLine;
    } else {
      result.push({
        start: starts[firstLine], end: 0, edit, lastLine,
        text: plainContent.slice(plainStarts[firstLine], start) + text,
      });
    }
    const last = result.at(-1)!;
    last.text += plainContent.slice(end, endOf(plainStarts, plainContent, lastLine));
    last.end = endOf(starts, content, lastLine);
    copied = end;
  }
  return result;
}

/** Text with \n for line breaks and the replacements that apply to it. */
function match(content: string, edits: Edit[], path: string): Replacement[] {
  const nameOf = (index: number) => `edits[${index}]`;
  const name = (index: number) => (edits.length === 1 ? undefined : nameOf(index));
  if (edits.length === 0) throw new Error(say.noEdits);
  edits.forEach(({ oldText }, index) => {
    if (oldText === "") throw new Error(say.emptyOldText(name(index), path));
  });
  if (edits.every(({ oldText }) => content.includes(oldText))) {
    return sorted(find(content, edits, name, path), nameOf, path);
  }
  const plainContent = plain(content);
  const plainEdits = edits.map(({ oldText, newText }) => ({ oldText: plain(oldText), newText }));
  const found = sorted(find(plainContent, plainEdits, name, path), nameOf, path);
  return toWholeLines(content, plainContent, found);
}

function replaceAll(content: string, replacements: Replacement[]): string {
  let [result, at] = ["", 0];
  for (const { start, end, text } of replacements) {
    result += content.slice(at, start) + text;
    at = end;
  }
  return result + content.slice(at);
}

/** The line breaks of the original, by line; the last line has that of the line before it. */
function breaksOf(original: string): string[] {
  const breaks = original.match(/\r\n?|\n/g) ?? [];
  return [...breaks, breaks.at(-1) ?? "\n"];
}

/** Applies the replacements to the original, whose line breaks may be of any kind. */
function replaceInOriginal(original: string, content: string, replacements: Replacement[]) {
  if (!original.includes("\r")) return replaceAll(content, replacements);
  const breaks = breaksOf(original);
  const starts = lineStarts(content);
  let extra = 0;
  const extraBefore = [0];
  for (const lineBreak of breaks) extraBefore.push(extra += lineBreak.length - 1);
  const toOriginal = (index: number) => index + extraBefore[lineAt(starts, index)];
  return replaceAll(original, replacements.map((replacement) => ({
    ...replacement,
    start: toOriginal(replacement.start),
    end: toOriginal(replacement.end),
    text: replacement.text.replace(/\n/g, breaks[lineAt(starts, replacement.start)]),
  })));
}

/**
 * The file's text before and after with \n as line breaks, and the text to write, in which lines
 * that were not touched keep their bytes. Throws what the model should read.
 */
export function applyEdits(original: string, edits: Edit[], path: string) {
  const before = withPlainBreaks(original);
  const plainEdits = edits.map(({ oldText, newText }) =>
    ({ oldText: withPlainBreaks(oldText), newText: withPlainBreaks(newText) }));
  const replacements = match(before, plainEdits, path);
  const after = replaceAll(before, replacements);
  if (after === before) throw new Error(say.noChange(edits.length === 1 ? "one" : "several", path));
  return { before, after, written: replaceInOriginal(original, before, replacements) };
}
