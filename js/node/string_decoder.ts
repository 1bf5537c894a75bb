// SPDX-License-Identifier: MIT
/** Text from bytes that arrive in pieces. */
import { Buffer } from "node:buffer";
import { invalidType, nodeError } from "./node_errors";

const kNames: Record<string, string> = {
  __proto__: null as any,
  "utf-8": "utf8", "utf-16le": "utf16le", ucs2: "utf16le", "ucs-2": "utf16le", binary: "latin1",
};

function nameOf(encoding: unknown): string {
  if (encoding === undefined || encoding === null || encoding === "") return "utf8";
  const name = String(encoding).toLowerCase();
  if (!Buffer.isEncoding(name))
    throw nodeError(TypeError, "ERR_UNKNOWN_ENCODING", `Unknown encoding: ${encoding}`);
  return kNames[name] ?? name;
}

/** How many bytes at the end belong to a character, or group, that is not complete. */
function unfinished(bytes: Uint8Array, encoding: string): number {
  if (encoding === "base64" || encoding === "base64url") return bytes.length % 3;
  if (encoding !== "utf16le") return 0;
  const odd = bytes.length % 2;
  const last = bytes.length - odd - 1;
  const isLead = last > 0 && (bytes[last] & 0xfc) === 0xd8;
  return odd + (isLead ? 2 : 0);
}

const isBytes = (value: any): value is Uint8Array => ArrayBuffer.isView(value);

export class StringDecoder {
  readonly encoding: string;
  #utf8: TextDecoder | undefined;
  #rest: any = Buffer.alloc(0);

  constructor(encoding?: string) {
    this.encoding = nameOf(encoding);
    if (this.encoding === "utf8") this.#utf8 = new TextDecoder("utf-8", { ignoreBOM: true });
  }

  write(bytes: Uint8Array | string): string {
    if (typeof bytes === "string") return bytes;
    if (!isBytes(bytes))
      throw invalidType("buf", "an instance of Buffer, TypedArray, or DataView", bytes);
    if (this.#utf8 !== undefined) return this.#utf8.decode(bytes, { stream: true });
    const given = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const all = this.#rest.length > 0 ? Buffer.concat([this.#rest, given]) : given;
    const size = all.length - unfinished(all, this.encoding);
    this.#rest = Buffer.from(all.subarray(size));
    return all.toString(this.encoding, 0, size);
  }

  end(bytes?: Uint8Array | string): string {
    const text = bytes === undefined ? "" : this.write(bytes);
    if (this.#utf8 !== undefined) return text + this.#utf8.decode();
    const rest = this.#rest.toString(this.encoding);
    this.#rest = Buffer.alloc(0);
    return text + rest;
  }
}

export default { StringDecoder };
