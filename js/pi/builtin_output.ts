// SPDX-License-Identifier: MIT
/** Collects the output of a command in bounded memory: its ends here, all of it in a file. */
import { join } from "node:path";
import { info, randomFill } from "isopod:native";
import { buffers, decode, filesSync } from "./builtin_shared";
import { toolMessages as say } from "./recorded_strings";
import { DEFAULT_MAX_BYTES, DEFAULT_MAX_LINES, truncateTail } from "./truncate";

/** Programs get this much of the output: its beginning and its end. */
const kFullBytesMax = 1024 * 1024;
const kEndBytes = kFullBytesMax / 2;
/** More than what is shown, so that the truncation can tell what it cut. */
const kShownBytes = 2 * DEFAULT_MAX_BYTES;
const kNewline = 10;
const kContinuationMask = 0xc0;
const kContinuation = 0x80;

function countNewlines(bytes: Uint8Array): number {
  let count = 0;
  for (let at = bytes.indexOf(kNewline); at >= 0; at = bytes.indexOf(kNewline, at + 1)) count++;
  return count;
}

export class Output {
  #head: Uint8Array[] = [];
  #headBytes = 0;
  #tail: Uint8Array[] = [];
  #tailBytes = 0;
  #totalBytes = 0;
  #newlines = 0;
  #lastLineBytes = 0;
  #path: string | undefined;
  #isWritten = true;

  constructor(private filePrefix: string) {}

  append(data: Uint8Array): void {
    if (data.length === 0) return;
    const bytes: Uint8Array = Uint8Array.from(data);
    this.#totalBytes += bytes.length;
    this.#newlines += countNewlines(bytes);
    const lastNewline = bytes.lastIndexOf(kNewline);
    this.#lastLineBytes = lastNewline < 0
      ? this.#lastLineBytes + bytes.length : bytes.length - lastNewline - 1;
    this.#write(bytes);
    const room = Math.max(0, Math.min(kEndBytes - this.#headBytes, bytes.length));
    if (room > 0) this.#head.push(bytes.subarray(0, room));
    this.#headBytes += room;
    if (room < bytes.length) this.#appendTail(bytes.subarray(room));
  }

  #appendTail(bytes: Uint8Array): void {
    this.#tail.push(bytes);
    this.#tailBytes += bytes.length;
    while (this.#tailBytes - this.#tail[0].length >= kEndBytes) {
      this.#tailBytes -= this.#tail.shift()!.length;
    }
  }

  /** The file is made when the output gets longer than what is shown. */
  #write(bytes: Uint8Array): void {
    if (!this.#isWritten) return;
    const isLong = this.#totalBytes > DEFAULT_MAX_BYTES || this.#totalLines() > DEFAULT_MAX_LINES;
    if (!isLong) return;
    try {
      if (this.#path === undefined) {
        const name = new Uint8Array(8);
        randomFill(name);
        const hex = Array.from(name, (byte) => byte.toString(16).padStart(2, "0")).join("");
        const path = join(info.tempDir, `${this.filePrefix}-${hex}.log`);
        filesSync().writeFileSync(path, buffers().concat([...this.#head, bytes]));
        this.#path = path;
      } else {
        filesSync().appendFileSync(this.#path, bytes);
      }
    } catch {
      this.#isWritten = false;  // The result then names no file; the command goes on.
    }
  }

  #totalLines(): number {
    return this.#newlines + (this.#lastLineBytes > 0 ? 1 : 0);
  }

  /** The last bytes, from the start of a character. */
  #last(count: number): Uint8Array {
    const bytes: Uint8Array = buffers().concat([...this.#head, ...this.#tail]);
    if (bytes.length <= count) return bytes;
    let start = bytes.length - count;
    while (start < bytes.length && (bytes[start] & kContinuationMask) === kContinuation) start++;
    return bytes.subarray(start);
  }

  get lastLineBytes(): number {
    return this.#lastLineBytes;
  }

  /** What is shown now; the counts are those of the whole output. */
  snapshot(): { content: string; truncation: any; fullOutputPath: string | undefined } {
    const text = decode(this.#last(kShownBytes));
    const truncation: any = truncateTail(text);
    if (this.#totalBytes > kShownBytes || this.#totalLines() !== truncation.totalLines) {
      truncation.totalLines = this.#totalLines();
      truncation.totalBytes = this.#totalBytes;
    }
    return { content: truncation.content, truncation, fullOutputPath: this.#path };
  }

  /** All of the output, or its ends around a note how much is left out. */
  full(): { content: string; truncated: boolean } {
    if (this.#totalBytes <= kFullBytesMax) {
      const content = decode(buffers().concat([...this.#head, ...this.#tail]));
      return { content, truncated: false };
    }
    const tail: Uint8Array = buffers().concat(this.#tail);
    const omitted = say.bytesOmitted(this.#totalBytes - kFullBytesMax);
    return {
      content: decode(buffers().concat(this.#head)) + omitted +
        decode(tail.subarray(tail.length - kEndBytes)),
      truncated: true,
    };
  }
}
