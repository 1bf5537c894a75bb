// SPDX-License-Identifier: MIT
/** `TextEncoder` and `TextDecoder` for UTF-8, UTF-16LE and windows-1252. */
import { utf8Decode, utf8Encode } from "isopod:native";

export class TextEncoder {
  get encoding(): string { return "utf-8"; }

  encode(text: string = ""): Uint8Array {
    return utf8Encode(String(text));
  }

  encodeInto(text: string, target: Uint8Array): { read: number; written: number } {
    let read = 0;
    let written = 0;
    for (const char of String(text)) {
      const code = char.codePointAt(0)!;
      const size = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
      if (written + size > target.length) break;
      target.set(utf8Encode(char), written);
      read += char.length;
      written += size;
    }
    return { read, written };
  }

  get [Symbol.toStringTag](): string { return "TextEncoder"; }
}

const kLabels: Record<string, string> = { __proto__: null as any };
for (const [encoding, labels] of [
  ["utf-8", "unicode-1-1-utf-8 unicode11utf8 unicode20utf8 utf-8 utf8 x-unicode20utf8"],
  ["utf-16le", "csunicode iso-10646-ucs-2 ucs-2 unicode unicodefeff utf-16 utf-16le"],
  ["windows-1252", "ansi_x3.4-1968 ascii cp1252 cp819 csisolatin1 ibm819 iso-8859-1 iso-ir-100 " +
    "iso8859-1 iso88591 iso_8859-1 iso_8859-1:1987 l1 latin1 us-ascii windows-1252 x-cp1252"],
]) {
  for (const label of labels.split(" ")) kLabels[label] = encoding;
}

/** What windows-1252 has at 0x80..0x9f, where Latin-1 has control characters. */
const kWindows1252 = "€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ";

const kNoBytes = new Uint8Array(0);

function bytesOf(input: any): Uint8Array {
  if (input === undefined) return kNoBytes;
  if (ArrayBuffer.isView(input)) {
    return new Uint8Array(input.buffer as ArrayBuffer, input.byteOffset, input.byteLength);
  }
  if (input instanceof ArrayBuffer || input instanceof SharedArrayBuffer) {
    return new Uint8Array(input as ArrayBuffer);
  }
  const error = new TypeError(
    'The "list" argument must be an instance of SharedArrayBuffer, ArrayBuffer or ArrayBufferView.') as any;
  error.code = "ERR_INVALID_ARG_TYPE";
  throw error;
}

function fail(encoding: string): never {
  const error = new TypeError(`The encoded data was not valid for encoding ${encoding}`) as any;
  error.code = "ERR_ENCODING_INVALID_ENCODED_DATA";
  throw error;
}

/** How many bytes at the end are the beginning of a character that may still be completed. */
function unfinishedUtf8(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const lead = bytes[bytes.length - back];
    if ((lead & 0xc0) === 0x80) continue;
    const size = lead >= 0xc2 && lead < 0xe0 ? 2 : lead >= 0xe0 && lead < 0xf0 ? 3
      : lead >= 0xf0 && lead < 0xf5 ? 4 : 1;
    if (size <= back) return 0;
    if (back === 1) return 1;
    // The second byte decides whether the sequence can be valid at all.
    const second = bytes[bytes.length - back + 1];
    const isPossible = lead === 0xe0 ? second >= 0xa0 : lead === 0xed ? second < 0xa0
      : lead === 0xf0 ? second >= 0x90 : lead === 0xf4 ? second < 0x90 : true;
    return isPossible ? back : 0;
  }
  return 0;
}

function decodeUtf16(bytes: Uint8Array, isFatal: boolean): string {
  let text = "";
  const units: number[] = [];
  for (let i = 0; i + 1 < bytes.length; i += 2) {
    units.push(bytes[i] | (bytes[i + 1] << 8));
    if (units.length === 8192) text += String.fromCharCode(...units.splice(0));
  }
  text += String.fromCharCode(...units);
  const isOdd = bytes.length % 2 === 1;
  if (isFatal && (isOdd || !text.isWellFormed())) fail("utf-16le");
  // Half a pair and half a unit at the end are one error.
  if (isOdd && /[\ud800-\udbff]$/.test(text)) text = text.slice(0, -1);
  return text.toWellFormed() + (isOdd ? "\ufffd" : "");
}

function unfinishedUtf16(bytes: Uint8Array): number {
  const odd = bytes.length % 2;
  const high = bytes[bytes.length - 1 - odd];
  const isHalfPair = bytes.length - odd >= 2 && high >= 0xd8 && high < 0xdc;
  return odd + (isHalfPair ? 2 : 0);
}

function decodeSingleBytes(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) {
    text += byte >= 0x80 && byte < 0xa0 ? kWindows1252[byte - 0x80] : String.fromCharCode(byte);
  }
  return text;
}

export class TextDecoder {
  readonly encoding: string;
  readonly fatal: boolean;
  readonly ignoreBOM: boolean;
  #rest = kNoBytes;
  #isAtStart = true;

  constructor(label: string = "utf-8", options: any = {}) {
    const encoding = kLabels[String(label).trim().toLowerCase()];
    if (encoding === undefined) {
      const error = new RangeError(`The "${label}" encoding is not supported`) as any;
      error.code = "ERR_ENCODING_NOT_SUPPORTED";
      throw error;
    }
    this.encoding = encoding;
    this.fatal = Boolean(options?.fatal);
    this.ignoreBOM = Boolean(options?.ignoreBOM);
  }

  decode(input?: any, options: any = {}): string {
    let bytes = bytesOf(input);
    if (this.#rest.length > 0) {
      const joined = new Uint8Array(this.#rest.length + bytes.length);
      joined.set(this.#rest);
      joined.set(bytes, this.#rest.length);
      bytes = joined;
    }
    this.#rest = kNoBytes;
    const isMore = Boolean(options?.stream);
    if (isMore && this.encoding !== "windows-1252") {
      const size = this.encoding === "utf-8" ? unfinishedUtf8(bytes) : unfinishedUtf16(bytes);
      this.#rest = bytes.slice(bytes.length - size);
      bytes = bytes.subarray(0, bytes.length - size);
    }
    const wasAtStart = this.#isAtStart;
    let text: string;
    try {
      text = this.#decodeAll(bytes);
    } catch (error) {
      this.#rest = kNoBytes;
      this.#isAtStart = true;
      throw error;
    }
    if (text !== "") this.#isAtStart = false;
    if (wasAtStart && !this.ignoreBOM && text[0] === "\ufeff") text = text.slice(1);
    if (!isMore) this.#isAtStart = true;
    return text;
  }

  #decodeAll(bytes: Uint8Array): string {
    if (this.encoding === "windows-1252") return decodeSingleBytes(bytes);
    if (this.encoding === "utf-16le") return decodeUtf16(bytes, this.fatal);
    if (!this.fatal) return utf8Decode(bytes, false);
    try {
      return utf8Decode(bytes, true);
    } catch {
      return fail("utf-8");
    }
  }

  get [Symbol.toStringTag](): string { return "TextDecoder"; }
}
