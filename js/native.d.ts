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
