// SPDX-License-Identifier: MIT
/** All of streams, for `node:stream` and for the other modules that are made of streams. */
import { unsupportedFunction } from "isopod:core";
import { Buffer } from "node:buffer";
import { getDefaultHighWaterMark, setDefaultHighWaterMark, Stream } from "./stream_base";
import { Duplex, duplexPair, PassThrough, Transform } from "./stream_duplex";
import {
  addAbortSignal, destroy, finished, isDestroyed, isDisturbed, isErrored, isReadable, isWritable,
} from "./stream_finished";
import "./stream_operators";
import { pipeline, runPipeline } from "./stream_pipeline";
import { Readable } from "./stream_readable";
import { Writable } from "./stream_writable";

const missing = (name: string) => unsupportedFunction(`node:stream.${name}`);

/** The last argument may be options: an object that is neither a stream nor iterable. */
function isOptions(value: any): boolean {
  return typeof value === "object" && value !== null && typeof value.on !== "function" &&
    value[Symbol.iterator] === undefined && value[Symbol.asyncIterator] === undefined;
}

/** What `node:stream/promises` exports. */
export const promises = {
  pipeline(...parts: any[]): Promise<any> {
    return new Promise((resolve, reject) => {
      const options = parts.length > 1 && isOptions(parts[parts.length - 1]) ? parts.pop() : {};
      runPipeline(parts, (error: any, value: any) => {
        if (error) reject(error);
        else resolve(value);
      }, options);
    });
  },
  finished(stream: any, options: any = {}): Promise<void> {
    return new Promise((resolve, reject) => {
      const stop = finished(stream, options, (error: any) => {
        if (options?.cleanup) stop();
        if (error) reject(error);
        else resolve();
      });
    });
  },
};

const kCustomPromisify = Symbol.for("nodejs.util.promisify.custom");
for (const [fn, promised] of [[pipeline, promises.pipeline], [finished, promises.finished]])
  Object.defineProperty(fn, kCustomPromisify, { value: promised, enumerable: true });

const compose = missing("compose");
Object.assign(Writable, { toWeb: missing("Writable.toWeb"), fromWeb: missing("Writable.fromWeb") });
Object.assign(Duplex, { toWeb: missing("Duplex.toWeb"), fromWeb: missing("Duplex.fromWeb") });
Object.assign(Stream, {
  Stream, Readable, Writable, Duplex, Transform, PassThrough, duplexPair, pipeline, finished,
  addAbortSignal, compose, destroy, isDestroyed, isDisturbed, isErrored, isReadable, isWritable,
  getDefaultHighWaterMark, setDefaultHighWaterMark, promises,
  _isArrayBufferView: (value: unknown): boolean => ArrayBuffer.isView(value),
  _isUint8Array: (value: unknown): boolean => value instanceof Uint8Array,
  _uint8ArrayToBuffer: (bytes: Uint8Array): any =>
    Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength),
});

export default Stream as any;
