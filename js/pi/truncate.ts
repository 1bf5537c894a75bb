// SPDX-License-Identifier: MIT
/** Shortens tool output to whole lines within a count and a size, as pi's own tools do. */
import { utf8Decode, utf8Encode } from "isopod:native";

export const DEFAULT_MAX_LINES = 2000;
export const DEFAULT_MAX_BYTES = 50 * 1024;
const kGrepLineLength = 500;

interface Limits {
  maxLines?: number;
  maxBytes?: number;
}

/** Without encoding: a surrogate pair is four bytes, a lone surrogate three. */
export function byteLength(text: string): number {
  let bytes = text.length;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) continue;
    bytes += unit < 0x800 ? 1 : 2;
    if (unit >= 0xd800 && unit < 0xdc00) {
      const next = text.charCodeAt(i + 1);
      if (next >= 0xdc00 && next < 0xe000) i++;
    }
  }
  return bytes;
}

function linesOf(content: string): string[] {
  const lines = content.split("\n");
  if (lines[lines.length - 1] === "") lines.pop();
  return lines;
}

/** The longest end of the text that fits, without half a character at its start. */
function endWithin(text: string, maxBytes: number): string {
  const bytes = utf8Encode(text);
  let start = Math.max(0, bytes.length - maxBytes);
  while (start < bytes.length && (bytes[start] & 0xc0) === 0x80) start++;
  return utf8Decode(bytes.subarray(start), false);
}

function truncate(content: string, limits: Limits, keep: "head" | "tail") {
  const { maxLines = DEFAULT_MAX_LINES, maxBytes = DEFAULT_MAX_BYTES } = limits ?? {};
  const lines = linesOf(content);
  const totalBytes = byteLength(content);
  const result = {
    content, truncated: false, truncatedBy: null as "lines" | "bytes" | null,
    totalLines: lines.length, totalBytes, outputLines: lines.length, outputBytes: totalBytes,
    lastLinePartial: false, firstLineExceedsLimit: false, maxLines, maxBytes,
  };
  if (lines.length <= maxLines && totalBytes <= maxBytes) return result;

  const ordered = keep === "head" ? lines : lines.toReversed();
  const kept: string[] = [];
  let size = 0;
  let ranOutOfBytes = false;
  for (const line of ordered) {
    if (kept.length >= maxLines) break;
    const added = byteLength(line) + (kept.length > 0 ? 1 : 0);
    ranOutOfBytes = size + added > maxBytes;
    if (ranOutOfBytes) break;
    kept.push(line);
    size += added;
  }
  result.truncated = true;
  result.truncatedBy = ranOutOfBytes ? "bytes" : "lines";
  if (keep === "head") {
    result.firstLineExceedsLimit = lines.length > 0 && byteLength(lines[0]) > maxBytes;
    if (result.firstLineExceedsLimit) result.truncatedBy = "bytes";
  } else {
    kept.reverse();
    if (ranOutOfBytes && kept.length === 0) {
      kept.push(endWithin(lines[lines.length - 1], maxBytes));
      result.lastLinePartial = true;
    }
  }
  result.content = kept.join("\n");
  result.outputLines = kept.length;
  result.outputBytes = byteLength(result.content);
  return result;
}

/** Keeps the beginning. A first line over the size limit gives no content at all. */
export function truncateHead(content: string, limits: Limits = {}) {
  return truncate(content, limits, "head");
}

/** Keeps the end. A last line over the size limit is cut at its front. */
export function truncateTail(content: string, limits: Limits = {}) {
  return truncate(content, limits, "tail");
}

export function truncateLine(line: string, maxChars = kGrepLineLength) {
  if (line.length <= maxChars) return { text: line, wasTruncated: false };
  let head = line.slice(0, Math.max(0, maxChars));
  if (!line.slice(head.length - 1, head.length).isWellFormed() &&
      line.slice(head.length - 1, head.length + 1).isWellFormed()) {
    head = head.slice(0, -1);
  }
  return { text: `${head}... [truncated]`, wasTruncated: true };
}

export function formatSize(bytes: number): string {
  if (bytes < 1024) return `${bytes}B`;
  const kilobytes = bytes / 1024;
  return kilobytes < 1024 ? `${kilobytes.toFixed(1)}KB` : `${(kilobytes / 1024).toFixed(1)}MB`;
}

const lineNumberOf = (value: unknown): number | undefined => {
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  return typeof number === "number" && Number.isFinite(number) ? number : undefined;
};

/** ":10-19" for offset 10 and limit 10; empty when there is nothing to say. */
export function formatReadLineRange(offset: unknown, limit: unknown): string {
  const isAbsent = (value: unknown) => value === undefined || value === null;
  if (isAbsent(offset) && isAbsent(limit)) return "";
  const start = isAbsent(offset) ? 1 : lineNumberOf(offset);
  if (start === undefined) return "";
  if (isAbsent(limit)) return `:${start}`;
  const count = lineNumberOf(limit);
  if (count === undefined) return "";
  const end = start + count - 1;
  return end === 0 ? `:${start}` : `:${start}-${end}`;
}
