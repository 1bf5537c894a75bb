// SPDX-License-Identifier: MIT
/** Compression: gzip, zlib and raw deflate, whole and as streams. Brotli is missing. */
import { crc32 as checksum } from "isopod:native/zlib";
import { Buffer } from "node:buffer";
import { unsupportedFunction } from "isopod:core";
import { binaryBytes } from "./crypto_bytes";
import { invalidType } from "./node_errors";
import { runLater, runNow } from "./zlib_job";
import { lazyClass } from "./zlib_stream";
import { codes, constants, type Kind } from "./zlib_options";

export { codes, constants };

const sync = (kind: Kind) => (data: any, options?: any): any => runNow(kind, data, options);
const later = (kind: Kind) => (data: any, options?: any, callback?: any): void =>
  runLater(kind, data, options, callback);
const create = (Class: any) => (options?: any): any => new Class(options);

export const Deflate = lazyClass("deflate", "Deflate");
export const DeflateRaw = lazyClass("deflateRaw", "DeflateRaw");
export const Gunzip = lazyClass("gunzip", "Gunzip");
export const Gzip = lazyClass("gzip", "Gzip");
export const Inflate = lazyClass("inflate", "Inflate");
export const InflateRaw = lazyClass("inflateRaw", "InflateRaw");
export const Unzip = lazyClass("unzip", "Unzip");
export const createDeflate = create(Deflate);
export const createDeflateRaw = create(DeflateRaw);
export const createGunzip = create(Gunzip);
export const createGzip = create(Gzip);
export const createInflate = create(Inflate);
export const createInflateRaw = create(InflateRaw);
export const createUnzip = create(Unzip);
export const deflate = later("deflate");
export const deflateRaw = later("deflateRaw");
export const gunzip = later("gunzip");
export const gzip = later("gzip");
export const inflate = later("inflate");
export const inflateRaw = later("inflateRaw");
export const unzip = later("unzip");
export const deflateSync = sync("deflate");
export const deflateRawSync = sync("deflateRaw");
export const gunzipSync = sync("gunzip");
export const gzipSync = sync("gzip");
export const inflateSync = sync("inflate");
export const inflateRawSync = sync("inflateRaw");
export const unzipSync = sync("unzip");

export function crc32(data: any, value = 0): number {
  const bytes = typeof data === "string" ? Buffer.from(data, "utf8") : binaryBytes(data);
  if (bytes === undefined) {
    throw invalidType(
      "data", "of type string or an instance of Buffer, TypedArray, or DataView", data);
  }
  if (typeof value !== "number") throw invalidType("value", "of type number", value);
  return checksum(bytes, value >>> 0);
}

const missing = (name: string) => unsupportedFunction(`node:zlib.${name}`);
export const BrotliCompress = missing("BrotliCompress");
export const BrotliDecompress = missing("BrotliDecompress");
export const brotliCompress = missing("brotliCompress");
export const brotliCompressSync = missing("brotliCompressSync");
export const brotliDecompress = missing("brotliDecompress");
export const brotliDecompressSync = missing("brotliDecompressSync");
export const createBrotliCompress = missing("createBrotliCompress");
export const createBrotliDecompress = missing("createBrotliDecompress");

export default {
  BrotliCompress, BrotliDecompress, Deflate, DeflateRaw, Gunzip, Gzip, Inflate, InflateRaw, Unzip,
  brotliCompress, brotliCompressSync, brotliDecompress, brotliDecompressSync, codes, constants,
  crc32, createBrotliCompress, createBrotliDecompress, createDeflate, createDeflateRaw,
  createGunzip, createGzip, createInflate, createInflateRaw, createUnzip, deflate, deflateRaw,
  deflateRawSync, deflateSync, gunzip, gunzipSync, gzip, gzipSync, inflate, inflateRaw,
  inflateRawSync, inflateSync, unzip, unzipSync,
};
