// SPDX-License-Identifier: MIT
/** `Blob` and `File`: bytes that do not change, with a type. */
import { loadBuiltin } from "isopod:native";

let bytesOf: (blob: Blob) => Uint8Array;

/** The bytes of a blob, which nobody may write to. */
export const blobBytes = (blob: Blob): Uint8Array => bytesOf(blob);

function partBytes(part: any): Uint8Array {
  if (part instanceof Blob) return bytesOf(part);
  if (part instanceof ArrayBuffer || part instanceof SharedArrayBuffer)
    return new Uint8Array((part as ArrayBuffer).slice(0));
  if (ArrayBuffer.isView(part))
    return new Uint8Array(part.buffer as ArrayBuffer, part.byteOffset, part.byteLength).slice();
  return new TextEncoder().encode(String(part).toWellFormed());
}

export function concatBytes(pieces: Uint8Array[]): Uint8Array {
  if (pieces.length === 1) return pieces[0];
  const all = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let offset = 0;
  for (const piece of pieces) {
    all.set(piece, offset);
    offset += piece.length;
  }
  return all;
}

const typeOf = (type: unknown): string => {
  const text = String(type ?? "");
  return /[^\x20-\x7e]/.test(text) ? "" : text.toLowerCase();
};

/** An index as in `slice`: negative ones count from the end. */
function indexOf(index: number | undefined, size: number, fallback: number): number {
  if (index === undefined) return fallback;
  const whole = Math.trunc(Number(index)) || 0;
  return whole < 0 ? Math.max(size + whole, 0) : Math.min(whole, size);
}

export class Blob {
  #bytes: Uint8Array;
  #type: string;

  static {
    bytesOf = (blob) => blob.#bytes;
  }

  constructor(parts: any = [], options: any = {}) {
    if (typeof parts !== "object" || parts === null || typeof parts[Symbol.iterator] !== "function")
      throw new TypeError('The "sources" argument must be an instance of sequence');
    this.#bytes = concatBytes([...parts].map(partBytes));
    this.#type = typeOf(options?.type);
  }

  get size(): number { return this.#bytes.length; }
  get type(): string { return this.#type; }

  slice(start?: number, end?: number, type?: string): Blob {
    const from = indexOf(start, this.size, 0);
    const to = Math.max(from, indexOf(end, this.size, this.size));
    const part = new Blob([], { type });
    part.#bytes = this.#bytes.subarray(from, to);
    return part;
  }

  async arrayBuffer(): Promise<ArrayBuffer> { return this.#bytes.slice().buffer as ArrayBuffer; }
  async bytes(): Promise<Uint8Array> { return this.#bytes.slice(); }
  async text(): Promise<string> { return new TextDecoder().decode(this.#bytes); }

  stream(): any {
    const { ReadableStream } = loadBuiltin("isopod:web/streams");
    const kPiece = 65536;
    let offset = 0;
    return new ReadableStream({
      pull: (controller: any) => {
        if (offset < this.size)
          controller.enqueue(this.#bytes.slice(offset, offset + kPiece));
        offset += kPiece;
        if (offset >= this.size) controller.close();
      },
    }, { highWaterMark: 0 });
  }

  get [Symbol.toStringTag](): string { return "Blob"; }
}

export class File extends Blob {
  readonly #name: string;
  readonly #lastModified: number;

  constructor(parts: any, name: string, options: any = {}) {
    if (arguments.length < 2) throw new TypeError('The "fileName" argument must be specified');
    super(parts, options);
    this.#name = String(name).toWellFormed();
    this.#lastModified = options?.lastModified === undefined ? Date.now()
      : Math.trunc(Number(options.lastModified)) || 0;
  }

  get name(): string { return this.#name; }
  get lastModified(): number { return this.#lastModified; }
  get webkitRelativePath(): string { return ""; }
  get [Symbol.toStringTag](): string { return "File"; }
}
