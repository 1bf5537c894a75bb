// SPDX-License-Identifier: MIT
/** What is known of a file: `Stats` and `Dirent`. */
import { addMembers } from "./node_errors";

const kTypes: Record<string, number> = {
  __proto__: null as any,
  isFile: 0o100000, isDirectory: 0o040000, isSymbolicLink: 0o120000, isFIFO: 0o010000,
  isSocket: 0o140000, isBlockDevice: 0o060000, isCharacterDevice: 0o020000,
};
const kTypeBits = 0o170000;

/** The two classes differ in the kind of their numbers only. */
class AnyStats {}

for (const [name, bits] of Object.entries(kTypes)) {
  Object.defineProperty(AnyStats.prototype, name, {
    value(this: any) { return (Number(this.mode) & kTypeBits) === bits; },
    writable: true, configurable: true,
  });
}
for (const name of ["atime", "mtime", "ctime", "birthtime"]) {
  Object.defineProperty(AnyStats.prototype, name, {
    get(this: any) { return new Date(Math.round(Number(this[`${name}Ms`]))); },
    set(this: any, value: any) {
      Object.defineProperty(this, name, {
        value, writable: true, configurable: true, enumerable: true,
      });
    },
    enumerable: true, configurable: true,
  });
}

export class Stats extends AnyStats {
  constructor(fields?: object) {
    super();
    if (fields !== undefined) Object.assign(this, fields);
  }
}
export class BigIntStats extends AnyStats {
  constructor(fields?: object) {
    super();
    if (fields !== undefined) Object.assign(this, fields);
  }
}

const kSecond = 1000000000n;

function milliseconds(text: string): number {
  const all = BigInt(text);
  let [seconds, rest] = [all / kSecond, all % kSecond];
  if (rest < 0n) [seconds, rest] = [seconds - 1n, rest + kSecond];
  return Number(seconds) * 1000 + Number(rest) / 1e6;
}

const kNumbers =
  ["dev", "mode", "nlink", "uid", "gid", "rdev", "blksize", "ino", "size", "blocks"];
const kTimes = ["atime", "mtime", "ctime", "birthtime"];

/** The status the host gave, as an object of Node's. */
export function statsOf(value: any, isBig: boolean): any {
  const fields: any = {};
  for (const name of kNumbers) fields[name] = isBig ? BigInt(value[name]) : value[name];
  for (const name of kTimes) {
    const text = value[`${name}_ns`];
    fields[`${name}Ms`] = isBig ? BigInt(text) / 1000000n : milliseconds(text);
  }
  if (!isBig) return new Stats(fields);
  for (const name of kTimes) fields[`${name}Ns`] = BigInt(value[`${name}_ns`]);
  return new BigIntStats(fields);
}

// ---- directory entries ----

const kDirentTypes: Record<string, string> = {
  __proto__: null as any,
  isFile: "file", isDirectory: "directory", isSymbolicLink: "link", isFIFO: "fifo",
  isSocket: "socket", isBlockDevice: "block", isCharacterDevice: "character",
};

export class Dirent {
  declare name: any;
  declare parentPath: string;
  declare path: string;
  #type: string;

  constructor(name: any, parentPath: string, type: string) {
    this.name = name;
    this.parentPath = parentPath;
    this.path = parentPath;
    this.#type = type;
  }

  static is(entry: Dirent, type: string): boolean { return entry.#type === type; }
}
// Not for the extension, which has `isFile` and its like.
const isOfType = Dirent.is;
delete (Dirent as any).is;
for (const [name, type] of Object.entries(kDirentTypes)) {
  addMembers(Dirent.prototype,
    { [name](this: Dirent): boolean { return isOfType(this, type); } });
}

/** The type word of the host for the mode of a status. */
export function typeOfMode(mode: number): string {
  for (const [name, bits] of Object.entries(kTypes))
    if ((mode & kTypeBits) === bits) return kDirentTypes[name];
  return "unknown";
}
