// SPDX-License-Identifier: MIT
/**
 * Streams. Importable, so that an extension loads; whatever is called says by its name that it is
 * not there.
 */
import { unsupportedFunction } from "isopod:core";

const missing = (name: string) => unsupportedFunction(`node:stream.${name}`);

export const Duplex = missing("Duplex");
export const PassThrough = missing("PassThrough");
export const Readable = missing("Readable");
export const Stream = missing("Stream");
export const Transform = missing("Transform");
export const Writable = missing("Writable");
export const _isArrayBufferView = missing("_isArrayBufferView");
export const _isUint8Array = missing("_isUint8Array");
export const _uint8ArrayToBuffer = missing("_uint8ArrayToBuffer");
export const addAbortSignal = missing("addAbortSignal");
export const compose = missing("compose");
export const destroy = missing("destroy");
export const duplexPair = missing("duplexPair");
export const finished = missing("finished");
export const getDefaultHighWaterMark = missing("getDefaultHighWaterMark");
export const isDestroyed = missing("isDestroyed");
export const isDisturbed = missing("isDisturbed");
export const isErrored = missing("isErrored");
export const isReadable = missing("isReadable");
export const isWritable = missing("isWritable");
export const pipeline = missing("pipeline");
export const setDefaultHighWaterMark = missing("setDefaultHighWaterMark");
export { default as promises } from "node:stream/promises";
import promises from "node:stream/promises";

export default {
  Duplex, PassThrough, Readable, Stream, Transform, Writable, _isArrayBufferView, _isUint8Array,
  _uint8ArrayToBuffer, addAbortSignal, compose, destroy, duplexPair, finished,
  getDefaultHighWaterMark, isDestroyed, isDisturbed, isErrored, isReadable, isWritable, pipeline,
  setDefaultHighWaterMark, promises,
};
