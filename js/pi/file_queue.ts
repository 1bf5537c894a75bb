// SPDX-License-Identifier: MIT
/** `withFileMutationQueue`: changes of the same file happen one after the other. */
import { resolve } from "node:path";

const lastChange = new Map<string, Promise<unknown>>();

export async function withFileMutationQueue<T>(path: string, change: () => Promise<T>): Promise<T> {
  const key = resolve(path);
  const before = lastChange.get(key);
  const run = async () => {
    await before?.catch(() => {});
    return change();
  };
  const mine = run();
  const settled = mine.then(() => {}, () => {});
  lastChange.set(key, settled);
  try {
    return await mine;
  } finally {
    if (lastChange.get(key) === settled) lastChange.delete(key);
  }
}
