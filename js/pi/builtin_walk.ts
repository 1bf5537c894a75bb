// SPDX-License-Identifier: MIT
/** Walks a folder in the order of names, without what ignore files leave out. */
import { dirname, join, relative } from "node:path";
import { IgnoreRules } from "./builtin_glob";
import { decode, files, throwIfAborted } from "./builtin_shared";

const kIgnoreFiles = [".gitignore", ".ignore"];
const kDepthMax = 100;

export interface Found {
  /** Relative to the folder that is walked, with "/". */
  path: string;
  kind: "file" | "folder" | "link";
}

/** The rules of an ignore file and the folder they are relative to. */
interface Layer {
  folder: string;
  rules: IgnoreRules;
}

interface Options {
  signal?: AbortSignal;
  /** Whether .gitignore counts outside of a git repository. */
  gitignore: "always" | "in_repository";
  /** What is wanted although it is ignored. */
  isWanted?(path: string): boolean;
}

async function exists(path: string): Promise<boolean> {
  try {
    await files().access(path);
    return true;
  } catch {
    return false;
  }
}

async function layersOf(folder: string, names: string[], useGit: boolean): Promise<Layer[]> {
  const layers: Layer[] = [];
  for (const name of kIgnoreFiles) {
    if (!names.includes(name) || (name === ".gitignore" && !useGit)) continue;
    try {
      const text = decode(await files().readFile(join(folder, name)));
      layers.push({ folder, rules: new IgnoreRules(text) });
    } catch {
      continue;  // An ignore file that cannot be read has no rules.
    }
  }
  return layers;
}

/** The folders from the repository's root to the one above `folder`; empty outside of one. */
async function repositoryAbove(folder: string): Promise<string[] | undefined> {
  const above: string[] = [];
  for (let at = folder; ; at = dirname(at)) {
    if (await exists(join(at, ".git"))) return above;
    if (dirname(at) === at) return undefined;
    above.unshift(dirname(at));
  }
}

function isIgnored(layers: Layer[], path: string, kind: "file" | "folder"): boolean {
  for (let i = layers.length - 1; i >= 0; i--) {
    const decision = layers[i].rules.decide(relative(layers[i].folder, path), kind);
    if (decision !== undefined) return decision === "ignore";
  }
  return false;
}

const compareNames = (a: { name: string }, b: { name: string }) =>
  a.name < b.name ? -1 : a.name > b.name ? 1 : 0;

/** Folders come before what is in them. Links are found but not followed. */
export async function* walk(root: string, options: Options): AsyncGenerator<Found> {
  const above = await repositoryAbove(root);
  const useGit = options.gitignore === "always" || above !== undefined;
  const layers: Layer[] = [];
  for (const folder of above ?? []) layers.push(...await layersOf(folder, kIgnoreFiles, useGit));
  yield* walkFolder(root, "", layers, useGit, options, 0);
}

async function* walkFolder(
  folder: string, prefix: string, outer: Layer[], useGit: boolean, options: Options, depth: number,
): AsyncGenerator<Found> {
  throwIfAborted(options.signal);
  let entries: any[];
  try {
    entries = await files().readdir(folder, { withFileTypes: true });
  } catch (error) {
    if (depth === 0) throw error;
    return;
  }
  const names = entries.map(({ name }) => name);
  const layers = [...outer, ...await layersOf(folder, names, useGit)];
  for (const entry of entries.sort(compareNames)) {
    const path = prefix + entry.name;
    const isFolder = entry.isDirectory();
    const absolute = join(folder, entry.name);
    if (isIgnored(layers, absolute, isFolder ? "folder" : "file") && !options.isWanted?.(path)) {
      continue;
    }
    const kind = isFolder ? "folder" : entry.isSymbolicLink() ? "link" : "file";
    yield { path, kind };
    if (isFolder && depth < kDepthMax) {
      yield* walkFolder(absolute, `${path}/`, layers, useGit, options, depth + 1);
    }
  }
}
