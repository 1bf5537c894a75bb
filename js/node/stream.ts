// SPDX-License-Identifier: MIT
/** `node:stream`: streams of bytes or objects with queues that hold their writers back. */
import Stream from "isopod:node/stream";

export const {
  addAbortSignal, compose, destroy, Duplex, duplexPair, finished, getDefaultHighWaterMark,
  isDestroyed, isDisturbed, isErrored, isReadable, isWritable, PassThrough, pipeline, promises,
  Readable, setDefaultHighWaterMark, Transform, Writable, _isArrayBufferView, _isUint8Array,
  _uint8ArrayToBuffer,
} = Stream;
export { Stream };
export default Stream;
