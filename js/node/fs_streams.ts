// SPDX-License-Identifier: MIT
/** Streams of files. */
import { loadBuiltin } from "isopod:native";
import * as core from "isopod:node/fs";
import Stream from "isopod:node/stream";
import { checkInteger, invalidType, outOfRange } from "./node_errors";

type Done = (error?: any, value?: any) => void;
const { Readable, Writable } = Stream;

const kReadSize = 64 * 1024;
const kIdle = Symbol("idle");
const run = (steps: any, done: Done): void => core.runCallback(steps, done);

/** Options of which nothing can fail later; a stream that exists cannot throw any more. */
function checkOptions(path: any, given: any): any {
  const options = core.optionsOf(given, {});
  const descriptor = options.fd?.fd ?? options.fd;
  if (descriptor === undefined || descriptor === null) core.checkPath(path);
  else if (typeof descriptor !== "number") throw invalidType("fd", "of type number", options.fd);
  core.flagsOf(options.flags, "options.flags");
  const { start, end } = options;
  if (start !== undefined) checkInteger(start, "start", 0);
  if (end !== undefined && end !== Infinity) {
    checkInteger(end, "end", 0);
    if (start !== undefined && start > end)
      throw outOfRange("start", `<= "end" (here: ${end})`, start);
  }
  return options;
}

/** What both kinds do with their file: open it, unless it is given, and close it at the end. */
function setUp(stream: any, path: any, options: any, flags: string): void {
  const { fd } = options;
  stream._file = typeof fd === "object" && fd !== null ? fd : undefined;
  stream.fd = stream._file === undefined ? (fd ?? null) : fd.fd;
  stream.path = stream.fd === null ? path : undefined;
  stream.flags = options.flags ?? flags;
  stream.mode = options.mode ?? 0o666;
  stream.autoClose = options.autoClose ?? true;
  stream.start = options.start;
  stream.pos = options.start;
}

function openFile(this: any, done: Done): void {
  if (typeof this.fd === "number") {
    done();
    return;
  }
  run(core.open(this.path, this.flags, this.mode), (error, descriptor) => {
    if (error) return done(error);
    this.fd = descriptor;
    done();
    this.emit("open", descriptor);
    this.emit("ready");
  });
}

function closeFile(stream: any, error: any, done: Done): void {
  const { fd, _file: file } = stream;
  stream.fd = null;
  if (typeof fd !== "number") return done(error);
  const finish = (failure?: any) => done(error ?? failure);
  if (file !== undefined) file.close().then(() => finish(), finish);
  else run(core.close(fd), finish);
}

/** Waits for the read or write under way: its descriptor must stay what it is. */
function whenIdle(stream: any, work: () => void): void {
  if (stream._isBusy) stream.once(kIdle, work);
  else work();
}

function track(stream: any, steps: any, done: Done): void {
  stream._isBusy = true;
  run(steps, (error, value) => {
    stream._isBusy = false;
    if (stream.destroyed) {
      stream.emit(kIdle);
      done(error);
      return;
    }
    done(error, value);
  });
}

const members = {
  _construct: openFile,
  _destroy(this: any, error: any, done: Done): void {
    whenIdle(this, () => closeFile(this, error, done));
  },
  close(this: any, done?: Done): void {
    if (typeof done === "function") {
      if (this.closed) {
        queueMicrotask(() => done());
        return;
      }
      this.on("close", done);
    }
    if (!this.autoClose) this.on("finish", this.destroy);
    if (typeof this.end === "function") this.end();
    else this.destroy();
  },
};

export class ReadStream extends Readable {
  constructor(path: any, given?: any) {
    const options = checkOptions(path, given);
    super({
      highWaterMark: kReadSize, ...options, autoDestroy: options.autoClose ?? true,
      emitClose: options.emitClose ?? true, objectMode: false, read: undefined,
      construct: undefined, destroy: undefined,
    });
    const stream: any = this;
    setUp(stream, path, options, "r");
    stream.end = options.end ?? Infinity;
    stream.bytesRead = 0;
  }

  get pending(): boolean { return (this as any).fd === null; }

  _read(size: number): void {
    const stream: any = this;
    const at = stream.pos ?? stream.bytesRead;
    const wanted = Math.min(stream.end - at + 1, size);
    if (wanted <= 0) {
      stream.push(null);
      return;
    }
    const chunk = loadBuiltin("node:buffer").Buffer.alloc(wanted);
    track(stream, core.read(stream.fd, chunk, 0, wanted, stream.pos ?? null),
      (error, count) => {
        if (stream.destroyed) return;
        if (error) {
          stream.destroy(error);
          return;
        }
        stream.bytesRead += count;
        if (stream.pos !== undefined) stream.pos += count;
        stream.push(count === 0 ? null : chunk.subarray(0, count));
      });
  }
}

export class WriteStream extends Writable {
  constructor(path: any, given?: any) {
    const options = checkOptions(path, given);
    super({
      highWaterMark: options.highWaterMark, signal: options.signal, decodeStrings: true,
      autoDestroy: options.autoClose ?? true, emitClose: options.emitClose ?? true,
    });
    const stream: any = this;
    setUp(stream, path, options, options.start === undefined ? "w" : "r+");
    stream.flush = options.flush ?? false;
    stream.bytesWritten = 0;
    if (options.encoding) stream.setDefaultEncoding(options.encoding);
  }

  get pending(): boolean { return (this as any).fd === null; }

  _write(bytes: any, _encoding: any, done: Done): void {
    const stream: any = this;
    track(stream, core.write(stream.fd, bytes, 0, bytes.length, stream.pos ?? null),
      (error, count) => {
        if (error) return done(error);
        stream.bytesWritten += count ?? 0;
        if (stream.pos !== undefined) stream.pos += count;
        done();
      });
  }

  _writev(chunks: any, done: Done): void {
    const { Buffer } = loadBuiltin("node:buffer");
    (this as any)._write(Buffer.concat(chunks.map(({ chunk }: any) => chunk)), "buffer", done);
  }

  _final(done: Done): void {
    const stream: any = this;
    if (stream.flush) run(core.fsync(stream.fd), (error) => done(error));
    else done();
  }
}

for (const Type of [ReadStream, WriteStream]) {
  for (const [name, value] of Object.entries(members)) {
    Object.defineProperty(Type.prototype, name, { value, writable: true, configurable: true });
  }
}
