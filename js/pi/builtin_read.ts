// SPDX-License-Identifier: MIT
/** The `read` tool: a file's lines within pi's limits, or an image as an attachment. */
import { detectImageMimeType, imageSize } from "./builtin_images";
import {
  buffers, bytesOf, decode, files, orAbort, resolvePath, throwIfAborted,
} from "./builtin_shared";
import { toolMessages as say } from "./recorded_strings";
import { DEFAULT_MAX_BYTES, byteLength, formatSize, truncateHead } from "./truncate";

const kReadable = 4;
/** What providers take: pixels on a side, and bytes of base64. */
const kImageSideMax = 2000;
const kImageBase64BytesMax = 4.5 * 1024 * 1024;

interface Operations {
  readFile(path: string): Promise<Uint8Array>;
  access(path: string): Promise<unknown>;
  detectImageMimeType?(path: string): Promise<string | null | undefined>;
  createReadStream?(path: string, options: { signal?: AbortSignal }): AsyncIterable<Uint8Array>;
}

const localOperations = (): Operations => ({
  readFile: (path) => files().readFile(path),
  access: (path) => files().access(path, kReadable),
});

const result = (text: string, details?: unknown) =>
  ({ content: [{ type: "text", text }], details, structuredContent: text });

async function readAll(operations: Operations, path: string, signal?: AbortSignal) {
  if (operations.createReadStream === undefined) return bytesOf(await operations.readFile(path));
  const chunks: Uint8Array[] = [];
  for await (const chunk of operations.createReadStream(path, { signal })) {
    throwIfAborted(signal);
    chunks.push(bytesOf(chunk));
  }
  return buffers().concat(chunks);
}

function fitsAsIs(bytes: Uint8Array, mimeType: string): boolean {
  const size = imageSize(bytes, mimeType);
  return size !== null && Math.max(size.width, size.height) <= kImageSideMax &&
    Math.ceil(bytes.length / 3) * 4 < kImageBase64BytesMax;
}

/** Images are not re-encoded here: one that is too large is left out and the text says so. */
function imageResult(bytes: Uint8Array, mimeType: string, options: any, ctx: any): any {
  const input = ctx?.model?.input;
  const notes = [say.readImage(mimeType)];
  const isSent = options.autoResizeImages === false || fitsAsIs(bytes, mimeType);
  if (!isSent) notes.push(say.imageTooLarge);
  if (Array.isArray(input) && !input.includes("image")) notes.push(say.noImageSupport);
  const note = notes.join("\n");
  if (!isSent) return result(note);
  const data = buffers().from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");
  return {
    content: [{ type: "text", text: note }, { type: "image", data, mimeType }],
    details: undefined,
    structuredContent: { type: "image", data, mimeType, note },
  };
}

function linesResult(text: string, params: { path: string; offset?: number; limit?: number }) {
  const lines = text.split("\n");
  const start = params.offset ? Math.max(0, params.offset - 1) : 0;
  if (start >= lines.length) throw new Error(say.offsetBeyondEnd(params.offset!, lines.length));
  const limit = params.limit ?? undefined;
  const end = limit === undefined ? lines.length : Math.min(start + limit, lines.length);
  const wanted = lines.slice(start, end).join("\n");
  const truncation = truncateHead(wanted);
  const first = start + 1;

  if (truncation.firstLineExceedsLimit) {
    const size = formatSize(byteLength(lines[Math.floor(start)]));
    const limitSize = formatSize(DEFAULT_MAX_BYTES);
    return result(say.lineTooLong(first, size, limitSize, params.path, DEFAULT_MAX_BYTES),
      { truncation });
  }
  if (truncation.truncated) {
    const last = first + truncation.outputLines - 1;
    const why =
      truncation.truncatedBy === "lines" ? "" : say.sizeLimit(formatSize(DEFAULT_MAX_BYTES));
    const notice = say.showingLines(first, last, lines.length, why, last + 1);
    return result(`${truncation.content}\n\n${notice}`, { truncation });
  }
  if (limit === undefined || end >= lines.length) return result(wanted);
  return result(`${wanted}\n\n${say.moreLines(lines.length - end, end + 1)}`);
}

export function createRead(cwd: string, options: any) {
  const operations: Operations = options.operations ?? localOperations();
  const isLocal = options.operations === undefined;
  return (_id: string, params: any, signal?: AbortSignal, _onUpdate?: unknown, ctx?: any) =>
    orAbort(signal, async () => {
      const path = resolvePath(params.path, cwd);
      await operations.access(path);
      let mimeType = isLocal ? undefined : await operations.detectImageMimeType?.(path);
      const bytes = mimeType
        ? bytesOf(await operations.readFile(path)) : await readAll(operations, path, signal);
      if (isLocal) mimeType = detectImageMimeType(bytes);
      return mimeType
        ? imageResult(bytes, mimeType, options, ctx) : linesResult(decode(bytes), params);
    });
}
