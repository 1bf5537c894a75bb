// SPDX-License-Identifier: MIT
/** What the built-in tools have in common: the platform's modules, paths, cancellation. */
import { isAbsolute, resolve } from "node:path";
import { info, utf8Decode } from "isopod:native";
import { loadBuiltin } from "./platform";
import { toolMessages } from "./recorded_strings";

export const files = () => loadBuiltin("node:fs/promises");
export const filesSync = () => loadBuiltin("node:fs");
export const processes = () => loadBuiltin("node:child_process");
export const buffers = () => loadBuiltin("node:buffer").Buffer;

/** Unicode's other spaces; models write them for the space of a file name. */
const kSpaces = /[\u00a0\u2000-\u200a\u202f\u205f\u3000]/g;

/** The absolute path a tool's argument means: `@` in front is dropped, `~` and file URLs work. */
export function resolvePath(path: string, cwd: string): string {
  let plain = path.replace(kSpaces, " ");
  if (plain.startsWith("@")) plain = plain.slice(1);
  if (plain.startsWith("file://")) plain = loadBuiltin("node:url").fileURLToPath(plain);
  if (plain === "~") return info.home;
  if (plain.startsWith("~/")) return resolve(info.home, plain.slice(2));
  return isAbsolute(plain) ? resolve(plain) : resolve(cwd, plain);
}

export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new Error(toolMessages.aborted);
}

/** Waits for the work, but not beyond an abort. */
export async function orAbort<T>(signal: AbortSignal | undefined, work: () => Promise<T>) {
  throwIfAborted(signal);
  if (signal === undefined) return work();
  let onAbort: (() => void) | undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    onAbort = () => reject(new Error(toolMessages.aborted));
    signal.addEventListener("abort", onAbort, { once: true });
  });
  try {
    return await Promise.race([work(), aborted]);
  } finally {
    signal.removeEventListener("abort", onAbort!);
  }
}

export const decode = (bytes: Uint8Array): string => utf8Decode(bytes, false);

/** Bytes of a view of any realm or kind, or of text. */
export function bytesOf(data: any): Uint8Array {
  return typeof data === "string" ? buffers().from(data, "utf8") : data;
}

export function textResult(text: string, details?: unknown): any {
  return { content: [{ type: "text", text }], details };
}

/** A count from a model: whole and at least one, or the default. */
export function limitOf(value: number | undefined | null, standard: number): number {
  return Math.max(1, Math.floor(value ?? standard) || 1);
}
