// SPDX-License-Identifier: MIT
/** `Dir`: the entries of a folder, one after the other. */
import { checkFunction, nextTick, nodeError } from "./node_errors";

const closedError = () =>
  nodeError(Error, "ERR_DIR_CLOSED", "Directory handle was closed");

export class Dir {
  readonly path: string;
  #entries: any[] | undefined;
  #next = 0;

  constructor({ path, entries }: { path: string; entries: any[] }) {
    this.path = path;
    this.#entries = entries;
  }

  #take(): any {
    if (this.#entries === undefined) throw closedError();
    return this.#entries[this.#next++] ?? null;
  }

  #finish(): void {
    if (this.#entries === undefined) throw closedError();
    this.#entries = undefined;
  }

  readSync(): any { return this.#take(); }
  closeSync(): void { this.#finish(); }

  read(callback?: (error: any, entry?: any) => void): Promise<any> | void {
    return later(() => this.#take(), callback);
  }

  close(callback?: (error: any) => void): Promise<void> | void {
    return later(() => this.#finish(), callback);
  }

  async *entries(): AsyncGenerator<any> {
    try {
      for (let entry; (entry = this.#take()) !== null;) yield entry;
    } finally {
      this.#entries = undefined;
    }
  }

  [Symbol.asyncIterator](): AsyncGenerator<any> { return this.entries(); }
  async [Symbol.asyncDispose ?? Symbol.for("Symbol.asyncDispose")](): Promise<void> {
    this.#entries = undefined;
  }
  [Symbol.dispose ?? Symbol.for("Symbol.dispose")](): void { this.#entries = undefined; }
}

function later(work: () => any, callback?: (error: any, value?: any) => void): any {
  if (callback === undefined) return (async () => work())();
  checkFunction(callback, "callback");
  try {
    nextTick(callback, null, work());
  } catch (error) {
    nextTick(callback, error);
  }
}
