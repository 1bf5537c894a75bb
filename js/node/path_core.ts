// SPDX-License-Identifier: MIT
/** `node:path` for both kinds of path, from one description of how a root looks. */
import { unsupportedError } from "isopod:core";
import { info } from "isopod:native";

interface Root {
  /** Drive ("C:") or share ("\\\\host\\share"); empty on POSIX. */
  device: string;
  isAbsolute: boolean;
  /** How many characters of the path device and leading separator take. */
  length: number;
}

interface Flavor {
  separator: string;
  isSeparator: (char: string | undefined) => boolean;
  rootOf: (path: string) => Root;
}

function check(value: unknown, name: string): asserts value is string {
  if (typeof value === "string") return;
  const error = new TypeError(
    `The "${name}" argument must be of type string. Received ${describe(value)}`) as any;
  error.code = "ERR_INVALID_ARG_TYPE";
  throw error;
}

function describe(value: any): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value === "function") return `function ${value.name}`;
  if (typeof value === "object") return `an instance of ${value.constructor?.name ?? "Object"}`;
  return `type ${typeof value} (${String(value)})`;
}

const posixFlavor: Flavor = {
  separator: "/",
  isSeparator: (char) => char === "/",
  rootOf: (path) => ({ device: "", isAbsolute: path[0] === "/", length: path[0] === "/" ? 1 : 0 }),
};

const isWindowsSeparator = (char: string | undefined) => char === "/" || char === "\\";

const windowsFlavor: Flavor = {
  separator: "\\",
  isSeparator: isWindowsSeparator,
  rootOf(path) {
    const share = /^[\\/]{2}([^\\/]+)[\\/]+([^\\/]+)([\\/]?)/.exec(path);
    if (share !== null) {
      return { device: `\\\\${share[1]}\\${share[2]}`, isAbsolute: true, length: share[0].length };
    }
    if (isWindowsSeparator(path[0])) return { device: "", isAbsolute: true, length: 1 };
    if (!/^[a-zA-Z]:/.test(path)) return { device: "", isAbsolute: false, length: 0 };
    const isAbsolute = isWindowsSeparator(path[2]);
    return { device: path.slice(0, 2), isAbsolute, length: isAbsolute ? 3 : 2 };
  },
};

/** The parts without "." and with ".." resolved as far as `isAbsolute` and the parts allow. */
function normalizeParts(path: string, flavor: Flavor, isAbsolute: boolean): string[] {
  const parts: string[] = [];
  let part = "";
  for (let i = 0; i <= path.length; i++) {
    if (i < path.length && !flavor.isSeparator(path[i])) {
      part += path[i];
      continue;
    }
    if (part === "..") {
      if (parts.length > 0 && parts[parts.length - 1] !== "..") parts.pop();
      else if (!isAbsolute) parts.push("..");
    } else if (part !== "" && part !== ".") {
      parts.push(part);
    }
    part = "";
  }
  return parts;
}

/** The functions of one flavor. Each behaves as Node's of the same name. */
class PathFunctions {
  readonly separator: string;
  readonly isSeparator: Flavor["isSeparator"];
  readonly rootOf: Flavor["rootOf"];
  readonly isWindows: boolean;

  constructor(readonly flavor: Flavor) {
    this.separator = flavor.separator;
    this.isSeparator = flavor.isSeparator;
    this.rootOf = flavor.rootOf;
    this.isWindows = flavor.separator === "\\";
  }

  normalize(path: string): string {
    check(path, "path");
    if (path === "") return ".";
    const root = this.rootOf(path);
    const tail = path.slice(root.length);
    let text = normalizeParts(tail, this.flavor, root.isAbsolute).join(this.separator);
    if (text === "" && !root.isAbsolute) text = ".";
    const isFolder = tail !== "" && this.isSeparator(path[path.length - 1]);
    if (text !== "" && isFolder) text += this.separator;
    // A relative path must not become one on a drive or device when its parts move to the front.
    const isRisky = this.isWindows && root.device === "" && !root.isAbsolute &&
      (/^[a-zA-Z]:/.test(text) || /:(?=[\\/]|$)/.test(path));
    if (isRisky) text = `.\\${text}`;
    return root.device + (root.isAbsolute ? this.separator : "") + text;
  }

  join(...parts: string[]): string {
    for (const part of parts) check(part, "path");
    const given = parts.filter((part) => part !== "");
    if (given.length === 0) return ".";
    let joined = given.join(this.separator);
    if (this.isWindows) {
      // Leading separators name a share only where the first part itself does.
      const leading = /^[\\/]+/.exec(joined)?.[0].length ?? 0;
      const isShare = /^[\\/]{2}[^\\/]/.test(given[0]);
      if (leading >= 2 && !isShare) joined = `\\${joined.slice(leading)}`;
    }
    return this.normalize(joined);
  }

  resolve(...parts: string[]): string {
    for (const [i, part] of parts.entries()) check(part, `paths[${i}]`);
    let device = "";
    let tail = "";
    let isAbsolute = false;
    const isDone = () => isAbsolute && (device !== "" || !this.isWindows);
    for (let i = parts.length - 1; i >= -1 && !isDone(); i--) {
      const path = i >= 0 ? parts[i] : info.cwd;
      if (path === "") continue;
      const root = this.rootOf(path);
      if (root.device !== "") {
        if (device === "") device = root.device;
        else if (root.device.toLowerCase() !== device.toLowerCase()) continue;
      }
      if (isAbsolute) continue;
      tail = `${path.slice(root.length)}${this.separator}${tail}`;
      isAbsolute = root.isAbsolute;
    }
    const text = normalizeParts(tail, this.flavor, isAbsolute).join(this.separator);
    return device + (isAbsolute ? this.separator : "") + text || ".";
  }

  isAbsolute(path: string): boolean {
    check(path, "path");
    return this.rootOf(path).isAbsolute;
  }

  relative(from: string, to: string): string {
    check(from, "from");
    check(to, "to");
    if (from === to) return "";
    const [start, target] = [this.resolve(from), this.resolve(to)];
    const fold = (text: string) => (this.isWindows ? text.toLowerCase() : text);
    if (fold(start) === fold(target)) return "";
    const devices = [start, target].map((path) => fold(this.rootOf(path).device));
    if (devices[0] !== devices[1]) return target;
    const split = (path: string) =>
      path.slice(this.rootOf(path).length).split(this.separator).filter(Boolean);
    const [a, b] = [split(start), split(target)];
    let shared = 0;
    while (shared < a.length && shared < b.length && fold(a[shared]) === fold(b[shared])) shared++;
    return [...a.slice(shared).map(() => ".."), ...b.slice(shared)].join(this.separator);
  }

  /** Where the last part begins and ends, trailing separators left out. */
  lastPart(path: string, from: number): { start: number; end: number } {
    let end = path.length;
    while (end > from && this.isSeparator(path[end - 1])) end--;
    let start = end;
    while (start > from && !this.isSeparator(path[start - 1])) start--;
    return { start, end };
  }

  dirname(path: string): string {
    check(path, "path");
    if (path === "") return ".";
    const root = this.rootOf(path);
    if (this.isWindows && root.device.startsWith("\\\\") && root.length === path.length) return path;
    const { start } = this.lastPart(path, root.length);
    let end = start;
    // One this.separator belongs to the boundary; more of them stay, as in Node.
    if (end > root.length) {
      end--;
      // POSIX gives two leading separators a meaning of their own.
      if (!this.isWindows && end === 1 && root.isAbsolute) return "//";
    }
    else if (end === root.length) return root.length > 0 ? path.slice(0, root.length) : ".";
    return path.slice(0, end) || ".";
  }

  basename(path: string, suffix?: string): string {
    check(path, "path");
    if (suffix !== undefined) check(suffix, "suffix");
    const from = this.isWindows && /^[a-zA-Z]:/.test(path) ? 2 : 0;
    const { start, end } = this.lastPart(path, from);
    const base = path.slice(start, end);
    if (path === suffix) return "";
    if (suffix === undefined || suffix === "" || suffix.length > path.length) return base;
    // A suffix that goes on where the base begins: Node then keeps the separators behind it.
    if (suffix.length > base.length && suffix.endsWith(base)) return path.slice(start);
    return base === suffix || !base.endsWith(suffix) ? base : base.slice(0, -suffix.length);
  }

  extname(path: string): string {
    check(path, "path");
    const base = this.basename(path);
    const dot = base.lastIndexOf(".");
    return dot <= 0 || base === ".." ? "" : base.slice(dot);
  }

  parse(path: string) {
    check(path, "path");
    const root = path.slice(0, this.rootOf(path).length);
    const { start, end } = this.lastPart(path, root.length);
    const base = path.slice(start, end);
    const dot = base.lastIndexOf(".");
    // Node takes the ".." of "/.." for a name with an extension, and only there.
    const isName = base !== ".." || (!this.isWindows && path.startsWith("/..") && start === 1);
    const hasExtension = dot > 0 && isName;
    return {
      root,
      dir: start > root.length ? path.slice(0, start - 1) : root,
      base,
      ext: hasExtension ? base.slice(dot) : "",
      name: hasExtension ? base.slice(0, dot) : base,
    };
  }

  format(parts: any): string {
    if (typeof parts !== "object" || parts === null) {
      const error = new TypeError(
        `The "pathObject" argument must be of type object. Received ${describe(parts)}`) as any;
      error.code = "ERR_INVALID_ARG_TYPE";
      throw error;
    }
    const extension = parts.ext ? (parts.ext[0] === "." ? parts.ext : `.${parts.ext}`) : "";
    const base = parts.base || `${parts.name || ""}${extension}`;
    const folder = parts.dir || parts.root;
    if (!folder) return base;
    return folder === parts.root ? `${folder}${base}` : `${folder}${this.separator}${base}`;
  }

  toNamespacedPath(path: any): any {
    if (!this.isWindows || typeof path !== "string" || path === "") return path;
    const full = this.resolve(path);
    if (/^\\\\[^?.]/.test(full)) return `\\\\?\\UNC\\${full.slice(2)}`;
    return /^[a-zA-Z]:\\/.test(full) ? `\\\\?\\${full}` : path;
  }

  matchesGlob(): never {
    throw unsupportedError("node:path.matchesGlob");
  }
}

/** The functions work when they are taken off the object, as everybody does. */
function createPath(flavor: Flavor) {
  const functions: any = new PathFunctions(flavor);
  const path: any = {};
  for (const name of [
    "resolve", "normalize", "isAbsolute", "join", "relative", "toNamespacedPath", "dirname",
    "basename", "extname", "format", "parse", "matchesGlob",
  ]) {
    const method = functions[name].bind(functions);
    path[name] = Object.defineProperty(method, "name", { value: name });
  }
  return Object.assign(path, {
    sep: flavor.separator, delimiter: functions.isWindows ? ";" : ":", win32: null, posix: null,
    _makeLong: path.toNamespacedPath,
  });
}

export const posix = createPath(posixFlavor);
export const win32 = createPath(windowsFlavor);
posix.posix = win32.posix = posix;
posix.win32 = win32.win32 = win32;
