// SPDX-License-Identifier: MIT
/** Percent-encoding, and which characters each part of a URL encodes. */
import { utf8Decode, utf8Encode } from "isopod:native";

type EncodeSet = (code: number) => boolean;

const setOf = (base: EncodeSet, chars: string): EncodeSet => {
  const extra = new Set(Array.from(chars, (char) => char.charCodeAt(0)));
  return (code) => base(code) || extra.has(code);
};

export const isInC0: EncodeSet = (code) => code < 0x20 || code > 0x7e;
export const isInFragment = setOf(isInC0, ' "<>`');
export const isInQuery = setOf(isInC0, ' "#<>');
export const isInSpecialQuery = setOf(isInQuery, "'");
export const isInPath = setOf(isInQuery, "?^`{}");
export const isInUserinfo = setOf(isInPath, "/:;=@[\\]|");
const isInForm: EncodeSet = (code) => !((code >= 0x30 && code <= 0x39) ||
  (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a) || code === 0x2a ||
  code === 0x2d || code === 0x2e || code === 0x5f);

const hexOf = (byte: number) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;

export function percentEncode(text: string, isEncoded: EncodeSet): string {
  let result = "";
  for (const char of text) {
    const code = char.codePointAt(0)!;
    if (!isEncoded(code)) result += char;
    else if (code < 0x80) result += hexOf(code);
    else for (const byte of utf8Encode(char.toWellFormed())) result += hexOf(byte);
  }
  return result;
}

/** The text of a string whose escapes stand for UTF-8 bytes. */
export function percentDecode(text: string): string {
  if (!text.includes("%")) return text;
  const input = utf8Encode(text.toWellFormed());
  const output = new Uint8Array(input.length);
  let length = 0;
  for (let i = 0; i < input.length; i++) {
    const digits =
      input[i] === 0x25 ? String.fromCharCode(input[i + 1] ?? 0, input[i + 2] ?? 0) : "";
    if (/^[0-9a-f]{2}$/i.test(digits)) {
      output[length++] = parseInt(digits, 16);
      i += 2;
    } else {
      output[length++] = input[i];
    }
  }
  return utf8Decode(output.subarray(0, length), false);
}

export const encodeForm = (text: string): string =>
  percentEncode(text, (code) => code !== 0x20 && isInForm(code)).replaceAll(" ", "+");
export const decodeForm = (text: string): string => percentDecode(text.replaceAll("+", " "));
