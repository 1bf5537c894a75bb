// SPDX-License-Identifier: MIT
/** Compression as streams. `node:stream` is loaded by the first of them. */
import { loadBuiltin } from "isopod:native";
import { Buffer } from "node:buffer";
import { Engine, endOfFile } from "./zlib_job";
import { constants, type Kind } from "./zlib_options";

type Done = (error?: any) => void;

let base: any;
const classes = new Map<Kind, any>();
/** What `flush` writes between the data, with the kind of flush that it means. */
const markers = new WeakMap<object, number>();

function makeBase(): any {
  const { Transform } = loadBuiltin("node:stream");
  return class ZlibStream extends Transform {
    #engine: Engine;
    #resume: (() => void) | undefined;

    constructor(kind: Kind, options: any) {
      const engine = new Engine(kind, options);
      super({ ...options, decodeStrings: true, objectMode: false, writableObjectMode: false });
      this.#engine = engine;
    }

    get bytesWritten(): number {
      return this.#engine.bytesWritten;
    }

    _transform(chunk: Uint8Array, _encoding: string, done: Done): void {
      const flush = markers.get(chunk);
      const bytes = flush === undefined ? chunk : new Uint8Array(0);
      this.#pass(bytes, flush ?? this.#engine.settings.flush, done);
    }

    _flush(done: Done): void {
      const { finishFlush } = this.#engine.settings;
      this.#pass(new Uint8Array(0), finishFlush, (error) =>
        done(error ?? (this.#engine.isComplete(finishFlush) ? undefined : endOfFile())));
    }

    /** Stops while nobody reads: little data may decompress to very much. */
    #pass(bytes: Uint8Array, flush: number, done: Done): void {
      const outputs = this.#engine.work(bytes, flush);
      const advance = (): void => {
        for (;;) {
          let step: IteratorResult<Uint8Array, void>;
          try {
            step = outputs.next();
          } catch (error) {
            return done(error);
          }
          if (step.done || this.destroyed) return done();
          const { value } = step;
          if (value.length === 0) continue;
          if (this.push(Buffer.from(value.buffer, value.byteOffset, value.length))) continue;
          this.#resume = advance;
          return;
        }
      };
      advance();
    }

    _read(size: number): void {
      const resume = this.#resume;
      this.#resume = undefined;
      if (resume === undefined) super._read(size);
      else resume();
    }

    flush(kind?: any, callback?: any): void {
      if (typeof kind === "function") [kind, callback] = [undefined, kind];
      const marker = Buffer.alloc(0);
      markers.set(marker, kind ?? constants.Z_FULL_FLUSH);
      this.write(marker, "", callback);
    }

    close(callback?: any): void {
      if (callback) this.once("close", callback);
      this.destroy();
    }

    _destroy(error: any, done: Done): void {
      this.#engine.close();
      done(error);
    }
  };
}

export function classOf(kind: Kind, name: string): any {
  let made = classes.get(kind);
  if (made === undefined) {
    base ??= makeBase();
    made = class extends base {
      constructor(options?: any) {
        super(kind, options);
      }
    };
    Object.defineProperty(made, "name", { value: name });
    classes.set(kind, made);
  }
  return made;
}

/** A constructor that can be named and asked about without the streams being loaded. */
export function lazyClass(kind: Kind, name: string): any {
  const constructor = function (options?: any): any {
    return new (classOf(kind, name))(options);
  };
  Object.defineProperty(constructor, "name", { value: name });
  Object.defineProperty(constructor, Symbol.hasInstance, {
    value: (value: any) => classes.has(kind) && value instanceof classes.get(kind),
  });
  return constructor;
}
