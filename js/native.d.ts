// SPDX-License-Identifier: MIT
/** What the engine gives the prelude. Importable by built-in modules only. */
declare module "isopod:native" {
  /** How a hostcall that did not end in `ok` ended. */
  export interface Outcome {
    status: "error" | "denied" | "timeout" | "cancelled";
    code: string;
    message: string;
  }

  /** Plain data about the isolate, given at boot. */
  export interface Info {
    cwd: string;
    home: string;
    tempDir: string;
    agentDir: string;
    platform: string;
    arch: string;
    hostname: string;
    version: string;
    mode: "print";
    hasUI: boolean;
    pid: number;
  }

  /** Resolves with the value; rejects with what the error factory made of the outcome. */
  export function hostcall(operation: string, args: unknown, cause?: number): Promise<unknown>;
  /** As `hostcall`, but blocks until the outcome is there. */
  export function hostcallSync(operation: string, args: unknown, cause?: number): unknown;
  export function setErrorFactory(make: (outcome: Outcome) => unknown): void;
  /** Work from the host. The returned value (or promise of one) becomes the answer, as JSON. */
  export function onRequest(handler: (kind: string, payload: any, id: number) => unknown): void;
  export function onCancel(handler: (id: number) => void): void;

  export function startTimer(callback: () => void, milliseconds: number, repeat: boolean): number;
  export function stopTimer(id: number): void;
  /** Monotonic milliseconds, with fraction, since the isolate started. */
  export function now(): number;

  /** Loads the entry file; resolves with its factory candidate, rejects with the load error. */
  export function importEntry(path: string): Promise<unknown>;
  /** The namespace of a built-in module, by canonical name or alias. */
  export function loadBuiltin(name: string): any;

  export function utf8Encode(text: string): Uint8Array;
  export function utf8Decode(bytes: Uint8Array, fatal: boolean): string;
  export function randomFill(bytes: Uint8Array): void;
  export function promiseState(
    promise: Promise<unknown>,
  ): ["pending" | "fulfilled" | "rejected", unknown];

  export const info: Info;
}

/** Hashes and keys over bytes. Each call is short; errors have `code` "not_found" for a digest that
 * does not exist. */
declare module "isopod:native/crypto" {
  export interface RunningHmac {
    update(bytes: Uint8Array): void;
    /** Once. */
    finish(): Uint8Array;
  }
  export interface RunningDigest extends RunningHmac {
    copy(): RunningDigest;
  }

  export function digestNames(): string[];
  export function newDigest(name: string): RunningDigest;
  export function newHmac(name: string, key: Uint8Array): RunningHmac;
  export function digest(name: string, bytes: Uint8Array): Uint8Array;
  /** A function to be called until it gives the key. */
  export function newPbkdf2(
    digest: string, password: Uint8Array, salt: Uint8Array, iterations: number, size: number,
  ): () => Uint8Array | undefined;
  /** Errors: "invalid_argument" for parameters that are none, cost too much time (a turn is short)
   * or more memory than `memoryMax` or the isolate's heap limit. */
  export function scrypt(
    password: Uint8Array, salt: Uint8Array, cost: number, blockSize: number, lanes: number,
    size: number, memoryMax: number,
  ): Uint8Array;
}

/** The module loader, for `node:module`. */
declare module "isopod:native/modules" {
  /** `require` as a file of this absolute path has it; a folder ends with a slash. */
  export function requireFrom(path: string): any;
}

/** Compression in portions: a call gives at most 64 KiB. */
declare module "isopod:native/zlib" {
  export interface CompressionStream {
    /** What came out, how much of the input is dealt with, zlib's status, what is wrong. */
    work(input: Uint8Array, flush: number): [Uint8Array, number, number, string];
    close(): void;
  }
  /** `level` is one more than zlib's. Errors: "quota" when the open streams use too much memory. */
  export function newStream(
    kind: string, level: number, windowBits: number, memLevel: number, strategy: number,
    dictionary: Uint8Array | undefined,
  ): CompressionStream;
  export function crc32(bytes: Uint8Array, start: number): number;
  /** The most bytes that a result should have, so that it fits in the heap. */
  export function outputMax(): number;
}
