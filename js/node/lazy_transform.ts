// SPDX-License-Identifier: MIT
/**
 * Hashes and ciphers are streams as well, which few use: the stream is made, and `node:stream`
 * loaded, when one of its members is first touched.
 */
import { loadBuiltin } from "isopod:native";

interface Members {
  transform(chunk: any, encoding: any, callback: (error?: any, data?: any) => void): void;
  flush(callback: (error?: any, data?: any) => void): void;
}

const kMethods = [
  "addListener", "cork", "destroy", "emit", "end", "eventNames", "getMaxListeners", "isPaused",
  "listenerCount", "listeners", "off", "on", "once", "pause", "pipe", "prependListener",
  "prependOnceListener", "push", "rawListeners", "read", "removeAllListeners", "removeListener",
  "resume", "setDefaultEncoding", "setEncoding", "setMaxListeners", "uncork", "unpipe", "unshift",
  "write", Symbol.asyncIterator,
] as const;
const kProperties = [
  "_readableState", "_writableState", "closed", "destroyed", "errored", "readable",
  "readableAborted", "readableDidRead", "readableEncoding", "readableEnded", "readableFlowing",
  "readableHighWaterMark", "readableLength", "readableObjectMode", "writable", "writableAborted",
  "writableCorked", "writableEnded", "writableFinished", "writableHighWaterMark",
  "writableLength", "writableNeedDrain", "writableObjectMode",
] as const;

export class LazyTransform {
  #stream: any;
  readonly #members: Members;
  readonly #options: object | undefined;

  constructor(members: Members, options: object | undefined) {
    this.#members = members;
    this.#options = options;
  }

  static streamOf(lazy: LazyTransform): any {
    if (lazy.#stream === undefined) {
      const { Transform } = loadBuiltin("node:stream");
      lazy.#stream = new Transform({ ...lazy.#options, ...lazy.#members });
    }
    return lazy.#stream;
  }
}

const hidden = { configurable: true, enumerable: false };
for (const name of kMethods) {
  Object.defineProperty(LazyTransform.prototype, name, {
    ...hidden,
    writable: true,
    value(this: LazyTransform, ...args: any[]): any {
      const stream = LazyTransform.streamOf(this);
      const result = stream[name](...args);
      return result === stream ? this : result;
    },
  });
}
for (const name of kProperties) {
  Object.defineProperty(LazyTransform.prototype, name, {
    ...hidden,
    get(this: LazyTransform): any {
      return LazyTransform.streamOf(this)[name];
    },
  });
}
