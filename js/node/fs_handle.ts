// SPDX-License-Identifier: MIT
/** `FileHandle`: an open file, with promises. */
import { loadBuiltin } from "isopod:native";
import * as core from "isopod:node/fs";
import { unsupportedError } from "isopod:core";
import { invalidType, nodeError } from "./node_errors";

const buffers = () => loadBuiltin("node:buffer").Buffer;

export class FileHandle {
  #descriptor: number;
  #closing: Promise<void> | undefined;

  constructor(descriptor: number) { this.#descriptor = descriptor; }

  get fd(): number { return this.#closing === undefined ? this.#descriptor : -1; }

  /** Runs the operation on the open file. */
  #run(syscall: string, operation: (...args: any[]) => any, ...args: any[]): Promise<any> {
    if (this.#closing !== undefined) {
      const error: any = nodeError(Error, "EBADF", "file closed");
      error.syscall = syscall;
      return Promise.reject(error);
    }
    return core.runAsync(operation(this.#descriptor, ...args));
  }

  async read(given?: any, ...rest: any[]): Promise<{ bytesRead: number; buffer: any }> {
    const isGiven = ArrayBuffer.isView(given);
    if (!isGiven && given !== undefined && given !== null && typeof given !== "object")
      throw invalidType("buffer", "an instance of Buffer, TypedArray, or DataView", given);
    const options = isGiven ? undefined : (given ?? {});
    const buffer = isGiven ? given : (options.buffer ?? buffers().alloc(16384));
    const args = isGiven ? rest : [options];
    return { bytesRead: await this.#run("read", core.read, buffer, ...args), buffer };
  }

  async write(buffer: any, ...rest: any[]): Promise<{ bytesWritten: number; buffer: any }> {
    return { bytesWritten: await this.#run("write", core.write, buffer, ...rest), buffer };
  }

  async readv(buffers: any[], position?: any): Promise<any> {
    return { bytesRead: await this.#run("read", core.readv, buffers, position), buffers };
  }

  async writev(buffers: any[], position?: any): Promise<any> {
    return { bytesWritten: await this.#run("write", core.writev, buffers, position), buffers };
  }

  readFile(options?: any): Promise<any> { return this.#run("read", core.readFile, options); }
  writeFile(data: any, options?: any): Promise<void> {
    return this.#run("write", core.writeFile, data, options);
  }
  appendFile(data: any, options?: any): Promise<void> {
    return this.#run("write", core.writeFile, data, options);
  }
  stat(options?: any): Promise<any> { return this.#run("fstat", core.fstat, options); }
  truncate(length?: any): Promise<void> { return this.#run("ftruncate", core.ftruncate, length); }
  sync(): Promise<void> { return this.#run("fsync", core.fsync); }
  datasync(): Promise<void> { return this.#run("fdatasync", core.fdatasync); }
  chmod(mode: any): Promise<void> { return this.#run("fchmod", core.fchmod, mode); }
  utimes(atime: any, mtime: any): Promise<void> {
    return this.#run("futime", core.futimes, atime, mtime);
  }
  chown(): Promise<void> {
    return Promise.reject(unsupportedError("node:fs/promises.FileHandle.chown"));
  }

  close(): Promise<void> {
    this.#closing ??= core.runAsync(core.close(this.#descriptor));
    return this.#closing;
  }

  createReadStream(options?: any): any {
    const { ReadStream } = loadBuiltin("isopod:node/fs_streams");
    return new ReadStream(undefined, { ...core.optionsOf(options), fd: this });
  }

  createWriteStream(options?: any): any {
    const { WriteStream } = loadBuiltin("isopod:node/fs_streams");
    return new WriteStream(undefined, { ...core.optionsOf(options), fd: this });
  }

  readLines(options?: any): any {
    const { createInterface } = loadBuiltin("node:readline");
    return createInterface({ input: this.createReadStream(options), crlfDelay: Infinity });
  }

  readableWebStream(): never {
    throw unsupportedError("node:fs/promises.FileHandle.readableWebStream");
  }

  get [Symbol.toStringTag](): string { return "FileHandle"; }
  [Symbol.asyncDispose ?? Symbol.for("Symbol.asyncDispose")](): Promise<void> {
    return this.close();
  }
}
