// SPDX-License-Identifier: MIT
/** The numbers of zlib, and the options that are made of them. */
import { outputMax } from "isopod:native/zlib";
import { binaryBytes } from "./crypto_bytes";
import { invalidType, outOfRange } from "./node_errors";

const kStatus = {
  Z_OK: 0, Z_STREAM_END: 1, Z_NEED_DICT: 2, Z_ERRNO: -1, Z_STREAM_ERROR: -2, Z_DATA_ERROR: -3,
  Z_MEM_ERROR: -4, Z_BUF_ERROR: -5, Z_VERSION_ERROR: -6,
};

export const constants = Object.freeze({
  Z_NO_FLUSH: 0, Z_PARTIAL_FLUSH: 1, Z_SYNC_FLUSH: 2, Z_FULL_FLUSH: 3, Z_FINISH: 4, Z_BLOCK: 5,
  ...kStatus,
  Z_NO_COMPRESSION: 0, Z_BEST_SPEED: 1, Z_BEST_COMPRESSION: 9, Z_DEFAULT_COMPRESSION: -1,
  Z_FILTERED: 1, Z_HUFFMAN_ONLY: 2, Z_RLE: 3, Z_FIXED: 4, Z_DEFAULT_STRATEGY: 0,
  ZLIB_VERNUM: 4864, DEFLATE: 1, INFLATE: 2, GZIP: 3, GUNZIP: 4, DEFLATERAW: 5, INFLATERAW: 6,
  UNZIP: 7, BROTLI_DECODE: 8, BROTLI_ENCODE: 9,
  Z_MIN_WINDOWBITS: 8, Z_MAX_WINDOWBITS: 15, Z_DEFAULT_WINDOWBITS: 15, Z_MIN_CHUNK: 64,
  Z_MAX_CHUNK: Infinity, Z_DEFAULT_CHUNK: 16384, Z_MIN_MEMLEVEL: 1, Z_MAX_MEMLEVEL: 9,
  Z_DEFAULT_MEMLEVEL: 8, Z_MIN_LEVEL: -1, Z_MAX_LEVEL: 9, Z_DEFAULT_LEVEL: -1,
  BROTLI_OPERATION_PROCESS: 0, BROTLI_OPERATION_FLUSH: 1, BROTLI_OPERATION_FINISH: 2,
  BROTLI_PARAM_MODE: 0, BROTLI_MODE_GENERIC: 0, BROTLI_MODE_TEXT: 1, BROTLI_MODE_FONT: 2,
  BROTLI_PARAM_QUALITY: 1, BROTLI_MIN_QUALITY: 0, BROTLI_MAX_QUALITY: 11,
  BROTLI_DEFAULT_QUALITY: 11, BROTLI_PARAM_LGWIN: 2, BROTLI_PARAM_SIZE_HINT: 5,
});

/** Names of the statuses, and their numbers, each by the other. */
export const codes: Record<string, string | number> = Object.freeze({
  ...Object.fromEntries(Object.entries(kStatus).map(([name, value]) => [value, name])), ...kStatus,
});

export type Kind =
  "deflate" | "gzip" | "deflateRaw" | "inflate" | "gunzip" | "inflateRaw" | "unzip";
export const compresses = (kind: Kind): boolean =>
  kind === "deflate" || kind === "gzip" || kind === "deflateRaw";

export interface Settings {
  level: number;
  windowBits: number;
  memLevel: number;
  strategy: number;
  dictionary: Uint8Array | undefined;
  flush: number;
  finishFlush: number;
  outputMax: number;
}

function numberOf(options: any, name: string, low: number, high: number, usual: number): number {
  const value = options?.[name];
  if (value === undefined || Number.isNaN(value)) return usual;
  if (typeof value !== "number") throw invalidType(`options.${name}`, "of type number", value);
  if (!Number.isFinite(value) || value < low || value > high) {
    const range = high === Infinity ? `>= ${low}` : `>= ${low} and <= ${high}`;
    throw outOfRange(`options.${name}`, Number.isFinite(value) ? range : "a finite number", value);
  }
  return value;
}

export function settingsOf(kind: Kind, options: any): Settings {
  numberOf(options, "chunkSize", 64, Infinity, 16384);
  const flush = numberOf(options, "flush", 0, 5, 0);
  const finishFlush = numberOf(options, "finishFlush", 0, 5, 4);
  const asked = numberOf(options, "maxOutputLength", 1, 2 ** 32, 2 ** 32);
  // Zero means "as the data says" to those that read it.
  const readsHeader = !compresses(kind) && kind !== "inflateRaw" && options?.windowBits === 0;
  const lowest = kind === "gzip" ? 9 : 8;
  const windowBits = readsHeader ? 0 : numberOf(options, "windowBits", lowest, 15, 15);
  const level = numberOf(options, "level", -1, 9, -1);
  const memLevel = numberOf(options, "memLevel", 1, 9, 8);
  const strategy = numberOf(options, "strategy", 0, 4, 0);
  const dictionary =
    options?.dictionary === undefined ? undefined : binaryBytes(options.dictionary);
  if (options?.dictionary !== undefined && dictionary === undefined) {
    throw invalidType("options.dictionary",
      "an instance of Buffer, TypedArray, DataView, or ArrayBuffer", options.dictionary);
  }
  return {
    level, windowBits, memLevel, strategy, dictionary, flush, finishFlush,
    outputMax: Math.min(asked, outputMax()),
  };
}
