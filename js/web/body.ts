// SPDX-License-Identifier: MIT
/** What requests and responses have in common: a body that can be read once. */
import { randomFill } from "isopod:native";
import { Blob, blobBytes, concatBytes } from "isopod:web/blob";
import { encodeMultipart, FormData, parseMultipart } from "isopod:web/form_data";
import { isDisturbed, ReadableStream } from "isopod:web/streams";

/** Where the bytes are: known, or still to come. */
export interface BodySource {
  bytes?: Uint8Array;
  stream?: ReadableStream;
  type: string | null;
}

function boundary(): string {
  const random = new Uint8Array(12);
  randomFill(random);
  return `----formdata-${[...random].map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}

function bytesOf(data: any): Uint8Array | undefined {
  if (data instanceof ArrayBuffer || data instanceof SharedArrayBuffer)
    return new Uint8Array((data as ArrayBuffer).slice(0));
  if (ArrayBuffer.isView(data))
    return new Uint8Array(data.buffer as ArrayBuffer, data.byteOffset, data.byteLength).slice();
  return undefined;
}

/** A body given to a constructor, and the content type it brings. */
export function extractBody(data: any): BodySource | null {
  if (data === null || data === undefined) return null;
  if (data instanceof ReadableStream) {
    if (data.locked || isDisturbed(data))
      throw new TypeError("Response body object should not be disturbed or locked");
    return { stream: data, type: null };
  }
  const bytes = bytesOf(data);
  if (bytes !== undefined) return { bytes, type: null };
  if (data instanceof Blob) return { bytes: blobBytes(data), type: data.type || null };
  if (data instanceof FormData) {
    const mark = boundary();
    return { bytes: encodeMultipart(data, mark), type: `multipart/form-data; boundary=${mark}` };
  }
  if (data instanceof URLSearchParams) {
    return {
      bytes: new TextEncoder().encode(data.toString()),
      type: "application/x-www-form-urlencoded;charset=UTF-8",
    };
  }
  if (typeof data === "object" && typeof data[Symbol.asyncIterator] === "function")
    return { stream: ReadableStream.from(data), type: null };
  return {
    bytes: new TextEncoder().encode(String(data).toWellFormed()), type: "text/plain;charset=UTF-8",
  };
}

async function collect(stream: ReadableStream): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  const reader = stream.getReader();
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return concatBytes(pieces);
    if (!(value instanceof Uint8Array)) throw new TypeError("Received non-Uint8Array chunk");
    pieces.push(value);
  }
}

let sourceOf: (body: Body) => BodySource | null;
let consume: (body: Body) => Promise<Uint8Array>;

/** A second source with the same bytes, for `clone` and for a request made of another. */
export function cloneSource(body: Body): BodySource | null {
  if (body.bodyUsed || (body.isLocked)) throw new TypeError("Body has already been consumed.");
  const source = sourceOf(body);
  if (source === null || source.stream === undefined) return source && { ...source };
  const [mine, other] = source.stream.tee();
  source.stream = mine;
  return { stream: other, type: source.type };
}

/** All bytes of a body, which is used by that; nothing for no body. */
export async function takeBytes(body: Body): Promise<Uint8Array | undefined> {
  return sourceOf(body) === null ? undefined : consume(body);
}

export const hasBody = (body: Body): boolean => sourceOf(body) !== null;

export abstract class Body {
  #source: BodySource | null;
  #isUsed = false;

  static {
    sourceOf = (body) => body.#source;
    consume = (body) => body.#consume();
  }

  constructor(source: BodySource | null) {
    this.#source = source;
  }

  abstract get headers(): { get(name: string): string | null };

  get body(): ReadableStream | null {
    const source = this.#source;
    if (source === null) return null;
    if (source.stream === undefined) {
      const bytes = source.bytes!;
      source.stream = new ReadableStream({
        type: "bytes",
        pull(controller: any) {
          if (bytes.length > 0) controller.enqueue(bytes.slice());
          controller.close();
        },
      });
      if (this.#isUsed) void source.stream.getReader().cancel();
    }
    return source.stream;
  }

  get bodyUsed(): boolean {
    const stream = this.#source?.stream;
    return this.#source !== null && (this.#isUsed || (stream !== undefined && isDisturbed(stream)));
  }

  get isLocked(): boolean { return this.#source?.stream?.locked ?? false; }

  async #consume(): Promise<Uint8Array> {
    if (this.bodyUsed || this.isLocked)
      throw new TypeError("Body is unusable: Body has already been read");
    const source = this.#source;
    if (source === null) return new Uint8Array(0);
    this.#isUsed = true;
    return source.stream === undefined ? source.bytes! : collect(source.stream);
  }

  async text(): Promise<string> { return new TextDecoder().decode(await this.#consume()); }
  async json(): Promise<any> { return JSON.parse(await this.text()); }
  async bytes(): Promise<Uint8Array> { return (await this.#consume()).slice(); }
  async arrayBuffer(): Promise<ArrayBuffer> {
    return (await this.#consume()).slice().buffer as ArrayBuffer;
  }
  async blob(): Promise<Blob> {
    return new Blob([await this.#consume()], { type: this.headers.get("content-type") ?? "" });
  }

  async formData(): Promise<FormData> {
    const type = this.headers.get("content-type") ?? "";
    const bytes = await this.#consume();
    const mark = /^multipart\/form-data\b.*;\s*boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(type);
    if (mark !== null) return parseMultipart(bytes, mark[1] ?? mark[2]);
    if (!/^application\/x-www-form-urlencoded\b/i.test(type)) {
      throw new TypeError(
        'Content-Type was not one of "multipart/form-data" or "application/x-www-form-urlencoded".');
    }
    const form = new FormData();
    const fields = new URLSearchParams(new TextDecoder().decode(bytes));
    for (const [name, value] of fields) form.append(name, value);
    return form;
  }
}
// Not part of what a guest sees.
Object.defineProperty(Body.prototype, "isLocked", { enumerable: false });
