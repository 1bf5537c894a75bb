// SPDX-License-Identifier: MIT
/**
 * Compression. Importable, so that an extension loads; whatever is called says by its name that it is
 * not there.
 */
import { unsupportedFunction } from "isopod:core";

const missing = (name: string) => unsupportedFunction(`node:zlib.${name}`);

export const BrotliCompress = missing("BrotliCompress");
export const BrotliDecompress = missing("BrotliDecompress");
export const Deflate = missing("Deflate");
export const DeflateRaw = missing("DeflateRaw");
export const Gunzip = missing("Gunzip");
export const Gzip = missing("Gzip");
export const Inflate = missing("Inflate");
export const InflateRaw = missing("InflateRaw");
export const Unzip = missing("Unzip");
export const brotliCompress = missing("brotliCompress");
export const brotliCompressSync = missing("brotliCompressSync");
export const brotliDecompress = missing("brotliDecompress");
export const brotliDecompressSync = missing("brotliDecompressSync");
export const codes = missing("codes");
export const constants = missing("constants");
export const crc32 = missing("crc32");
export const createBrotliCompress = missing("createBrotliCompress");
export const createBrotliDecompress = missing("createBrotliDecompress");
export const createDeflate = missing("createDeflate");
export const createDeflateRaw = missing("createDeflateRaw");
export const createGunzip = missing("createGunzip");
export const createGzip = missing("createGzip");
export const createInflate = missing("createInflate");
export const createInflateRaw = missing("createInflateRaw");
export const createUnzip = missing("createUnzip");
export const deflate = missing("deflate");
export const deflateRaw = missing("deflateRaw");
export const deflateRawSync = missing("deflateRawSync");
export const deflateSync = missing("deflateSync");
export const gunzip = missing("gunzip");
export const gunzipSync = missing("gunzipSync");
export const gzip = missing("gzip");
export const gzipSync = missing("gzipSync");
export const inflate = missing("inflate");
export const inflateRaw = missing("inflateRaw");
export const inflateRawSync = missing("inflateRawSync");
export const inflateSync = missing("inflateSync");
export const unzip = missing("unzip");
export const unzipSync = missing("unzipSync");

export default {
  BrotliCompress, BrotliDecompress, Deflate, DeflateRaw, Gunzip, Gzip, Inflate, InflateRaw,
  Unzip, brotliCompress, brotliCompressSync, brotliDecompress, brotliDecompressSync, codes,
  constants, crc32, createBrotliCompress, createBrotliDecompress, createDeflate,
  createDeflateRaw, createGunzip, createGzip, createInflate, createInflateRaw, createUnzip,
  deflate, deflateRaw, deflateRawSync, deflateSync, gunzip, gunzipSync, gzip, gzipSync, inflate,
  inflateRaw, inflateRawSync, inflateSync, unzip, unzipSync,
};
