// SPDX-License-Identifier: MIT
/** Differences of two texts by line: for people, with line numbers, and as a unified patch. */

const kContextLines = 4;
/** Above this many changed lines the search for the least difference is given up. */
const kEditsMax = 1000;
const kNoNewline = "\\ No newline at end of file";

/** Lines `oldStart..oldEnd` of one text stand for `newStart..newEnd` of the other. */
interface Change {
  oldStart: number;
  oldEnd: number;
  newStart: number;
  newEnd: number;
}

/** Each line with its line break. */
const linesOf = (text: string): string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];

/**
 * The furthest point on each diagonal after each number of edits (Myers' greedy search), or
 * undefined when the texts differ too much.
 */
function search(from: string[], to: string[]): Int32Array[] | undefined {
  const trace: Int32Array[] = [];
  let previous = new Int32Array(3);
  for (let edits = 0; edits <= Math.min(kEditsMax, from.length + to.length); edits++) {
    const reached = new Int32Array(2 * edits + 3);
    const at = (diagonal: number) => previous[diagonal + edits];
    for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
      const isInsert = diagonal === -edits ||
        (diagonal !== edits && at(diagonal - 1) < at(diagonal + 1));
      let x = edits === 0 ? 0 : isInsert ? at(diagonal + 1) : at(diagonal - 1) + 1;
      while (x < from.length && x - diagonal < to.length && from[x] === to[x - diagonal]) x++;
      reached[diagonal + edits + 1] = x;
      if (x >= from.length && x - diagonal >= to.length) {
        trace.push(reached);
        return trace;
      }
    }
    trace.push(reached);
    previous = reached;
  }
  return undefined;
}

/** The lines that differ, in order; the search is walked back from the end. */
function walkBack(trace: Int32Array[], from: string[], to: string[]): Change[] {
  const changes: Change[] = [];
  let [x, y] = [from.length, to.length];
  for (let edits = trace.length - 1; edits > 0; edits--) {
    const before = trace[edits - 1];
    const at = (diagonal: number) => before[diagonal + edits];
    const diagonal = x - y;
    const isInsert = diagonal === -edits ||
      (diagonal !== edits && at(diagonal - 1) < at(diagonal + 1));
    const oldX = isInsert ? at(diagonal + 1) : at(diagonal - 1);
    const oldY = oldX - (isInsert ? diagonal + 1 : diagonal - 1);
    const change = {
      oldStart: oldX, oldEnd: oldX + (isInsert ? 0 : 1),
      newStart: oldY, newEnd: oldY + (isInsert ? 1 : 0),
    };
    const next = changes[0];
    if (next !== undefined && next.oldStart === change.oldEnd && next.newStart === change.newEnd) {
      next.oldStart = change.oldStart;
      next.newStart = change.newStart;
    } else {
      changes.unshift(change);
    }
    [x, y] = [oldX, oldY];
  }
  return changes;
}

function oneChange(from: string[], to: string[]): Change[] {
  let start = 0;
  while (start < from.length && start < to.length && from[start] === to[start]) start++;
  let [oldEnd, newEnd] = [from.length, to.length];
  while (oldEnd > start && newEnd > start && from[oldEnd - 1] === to[newEnd - 1]) {
    oldEnd--;
    newEnd--;
  }
  return [{ oldStart: start, oldEnd, newStart: start, newEnd }];
}

function compare(from: string[], to: string[]): Change[] {
  const trace = search(from, to);
  return trace === undefined ? oneChange(from, to) : walkBack(trace, from, to);
}

/** Changes that share context are shown together. */
function groups(changes: Change[], contextLines: number): Change[][] {
  const result: Change[][] = [];
  for (const change of changes) {
    const group = result.at(-1);
    if (group !== undefined && change.oldStart - group.at(-1)!.oldEnd <= 2 * contextLines) {
      group.push(change);
    } else {
      result.push([change]);
    }
  }
  return result;
}

const withoutBreak = (line: string) => (line.endsWith("\n") ? line.slice(0, -1) : line);

/** The difference as pi shows it: sign, line number, text; "..." where lines are left out. */
export function generateDiffString(
  oldContent: string, newContent: string, contextLines = kContextLines,
): { diff: string; firstChangedLine: number | undefined } {
  const [from, to] = [linesOf(oldContent), linesOf(newContent)];
  const changes = compare(from, to);
  const most = Math.max(oldContent.split("\n").length, newContent.split("\n").length);
  const width = String(most).length;
  const output: string[] = [];
  const show = (sign: string, index: number, line: string) =>
    output.push(`${sign}${String(index + 1).padStart(width)} ${withoutBreak(line)}`);
  const leaveOut = () => output.push(` ${" ".repeat(width)} ...`);

  let shown = 0;
  for (const group of groups(changes, contextLines)) {
    const start = Math.max(0, group[0].oldStart - contextLines);
    if (start > shown) leaveOut();
    let at = start;
    for (const change of group) {
      for (; at < change.oldStart; at++) show(" ", at, from[at]);
      for (; at < change.oldEnd; at++) show("-", at, from[at]);
      for (let i = change.newStart; i < change.newEnd; i++) show("+", i, to[i]);
    }
    shown = Math.min(from.length, at + contextLines);
    for (; at < shown; at++) show(" ", at, from[at]);
  }
  if (changes.length > 0 && shown < from.length) leaveOut();
  const first = changes[0];
  return {
    diff: output.join("\n"),
    firstChangedLine: first === undefined ? undefined : first.newStart + 1,
  };
}

function patchLines(sign: string, lines: string[]): string[] {
  return lines.flatMap((line) =>
    line.endsWith("\n") ? [sign + withoutBreak(line)] : [sign + line, kNoNewline]);
}

/** An empty range is named by the line before it. */
const rangeOf = (start: number, count: number) => `${count === 0 ? start : start + 1},${count}`;

export function generateUnifiedPatch(
  path: string, oldContent: string, newContent: string, contextLines = kContextLines,
): string {
  const [from, to] = [linesOf(oldContent), linesOf(newContent)];
  const output = [`--- ${path}`, `+++ ${path}`];
  for (const group of groups(compare(from, to), contextLines)) {
    const [first, last] = [group[0], group.at(-1)!];
    const start = Math.max(0, first.oldStart - contextLines);
    const end = Math.min(from.length, last.oldEnd + contextLines);
    const newStart = first.newStart - (first.oldStart - start);
    const newEnd = last.newEnd + (end - last.oldEnd);
    output.push(`@@ -${rangeOf(start, end - start)} +${rangeOf(newStart, newEnd - newStart)} @@`);
    let at = start;
    for (const change of group) {
      output.push(...patchLines(" ", from.slice(at, change.oldStart)));
      output.push(...patchLines("-", from.slice(change.oldStart, change.oldEnd)));
      output.push(...patchLines("+", to.slice(change.newStart, change.newEnd)));
      at = change.oldEnd;
    }
    output.push(...patchLines(" ", from.slice(at, end)));
  }
  return `${output.join("\n")}\n`;
}
