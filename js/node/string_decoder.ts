// SPDX-License-Identifier: MIT
/** Text from bytes that arrive in pieces. */
import { unsupportedError } from "isopod:core";

const kEncodings: Record<string, string> = {
  __proto__: null as any,
  utf8: "utf-8", "utf-8": "utf-8", utf16le: "utf-16le", "utf-16le": "utf-16le", ucs2: "utf-16le",
  "ucs-2": "utf-16le", latin1: "windows-1252", binary: "windows-1252", ascii: "windows-1252",
};

export class StringDecoder {
  readonly encoding: string;
  #decoder: TextDecoder;

  constructor(encoding: string = "utf8") {
    this.encoding = encoding;
    const label = kEncodings[encoding.toLowerCase()];
    if (label === undefined) throw unsupportedError(`node:string_decoder encoding ${encoding}`);
    this.#decoder = new TextDecoder(label, { ignoreBOM: true });
  }

  write(bytes: Uint8Array | string): string {
    return typeof bytes === "string" ? bytes : this.#decoder.decode(bytes, { stream: true });
  }

  end(bytes?: Uint8Array | string): string {
    return (bytes === undefined ? "" : this.write(bytes)) + this.#decoder.decode();
  }
}

export default { StringDecoder };
