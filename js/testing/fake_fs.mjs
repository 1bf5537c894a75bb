// SPDX-License-Identifier: MIT
// The `fs.*` hostcalls over Node's own files, as docs/hostcalls.md says them.
import * as fs from "node:fs";
import * as path from "node:path";

const kTypes = [
  ["isFile", "file"], ["isDirectory", "directory"], ["isSymbolicLink", "link"], ["isFIFO", "fifo"],
  ["isSocket", "socket"], ["isBlockDevice", "block"], ["isCharacterDevice", "character"],
];
const typeOf = (entry) => kTypes.find(([check]) => entry[check]())?.[1] ?? "unknown";
const kNumbers =
  ["dev", "ino", "mode", "nlink", "uid", "gid", "rdev", "size", "blksize", "blocks"];
const bytesOf = ({ data, encoding }) => Buffer.from(data, encoding);

const failed = (code, message, status = "error") => ({ status, code, message });
const invalid = (message) => failed("invalid_argument", message);

function statusOf(stats) {
  const value = { ...stats };
  for (const name of kNumbers) value[name] = Number(stats[name]);
  for (const name of ["atime", "mtime", "ctime", "birthtime"]) {
    value[`${name}_ns`] = String(stats[`${name}Ns`]);
    delete value[name];
    delete value[`${name}Ns`];
    delete value[`${name}Ms`];
  }
  return value;
}

function readBytes(descriptor, offset, length) {
  const pieces = [];
  let left = length ?? Infinity;
  let at = offset ?? null;
  while (left > 0) {
    const piece = Buffer.alloc(Math.min(left, 65536));
    const count = fs.readSync(descriptor, piece, 0, piece.length, at);
    if (count === 0) break;
    pieces.push(piece.subarray(0, count));
    left -= count;
    if (at !== null) at += count;
  }
  return Buffer.concat(pieces);
}

/** What needs no memory of earlier calls. */
const kPathOperations = {
  access: ({ path, mode = 0 }) => { fs.accessSync(path, mode); },
  copy: ({ from, to, exclusive }) => { fs.copyFileSync(from, to, exclusive ? 1 : 0); },
  link: ({ from, to }) => { fs.linkSync(from, to); },
  list({ path: folder, recursive }) {
    const all = fs.readdirSync(folder, { withFileTypes: true, recursive: Boolean(recursive) });
    const entries = all.map((entry) => ({
      name: path.relative(folder, path.join(entry.parentPath, entry.name)), type: typeOf(entry),
    }));
    return entries.reverse();
  },
  make_directory({ path: folder, recursive, mode }) {
    const first = fs.mkdirSync(folder, { recursive: Boolean(recursive), mode });
    return recursive ? first ?? null : folder;
  },
  make_temporary: ({ prefix }) => fs.mkdtempSync(prefix),
  read_link: ({ path }) => fs.readlinkSync(path),
  real_path: ({ path }) => fs.realpathSync.native(path),
  remove({ path, kind, recursive, force }) {
    if (kind === "file") return void fs.unlinkSync(path);
    if (kind === "directory" && !recursive) return void fs.rmdirSync(path);
    const stats = fs.lstatSync(path, { throwIfNoEntry: false });
    if (stats?.isDirectory() && !recursive)
      throw failed("io", `EISDIR: illegal operation on a directory, rm '${path}'`);
    fs.rmSync(path, { recursive: Boolean(recursive), force: Boolean(force) });
  },
  rename: ({ from, to }) => { fs.renameSync(from, to); },
  symlink: ({ target, path }) => { fs.symlinkSync(target, path); },
};

/** The watches of one extension. */
function createWatches(newNumber) {
  const watches = new Map();
  const operations = {
    watch({ path, recursive }) {
      const watch = { events: [], wake: undefined, isOver: false };
      watch.watcher = fs.watch(path, { recursive: Boolean(recursive) }, (type, name) => {
        watch.events.push({ type, name });
        watch.wake?.();
      });
      const number = newNumber();
      watches.set(number, watch);
      return { watch: number };
    },
    async watch_next({ watch: number }) {
      const watch = watches.get(number);
      if (watch === undefined) throw invalid(`there is no watch ${number}`);
      while (watch.events.length === 0 && !watch.isOver)
        await new Promise((resolve) => { watch.wake = resolve; });
      if (watch.isOver) throw failed("cancelled", "the watch was closed", "cancelled");
      return { events: watch.events.splice(0) };
    },
    unwatch({ watch: number }) {
      const watch = watches.get(number);
      if (watch === undefined) throw invalid(`there is no watch ${number}`);
      watches.delete(number);
      watch.isOver = true;
      watch.watcher.close();
      watch.wake?.();
    },
  };
  return { watches, operations };
}

/** One extension's files. `denied(operation, path)` gives the sentence of a policy that says no. */
export function createFakeFs({ denied = () => undefined, payloadMax = 16 * 1024 * 1024 } = {}) {
  const handles = new Map();
  let last = 100;
  const watching = createWatches(() => ++last);

  const handleOf = ({ handle }) => handles.get(handle) ?? (() => {
    throw invalid(`there is no handle ${handle}`);
  })();

  function withFile(args, flags, work) {
    if (args.handle !== undefined) return work(handleOf(args));
    const descriptor = fs.openSync(args.path, flags, args.mode ?? 0o666);
    try {
      return work(descriptor);
    } finally {
      fs.closeSync(descriptor);
    }
  }

  const operations = {
    ...kPathOperations,
    change({ path, handle, mode, atime_ms: atime, mtime_ms: mtime, follow = true }) {
      const target = handle === undefined ? path : handleOf({ handle });
      if (mode !== undefined) (handle === undefined ? fs.chmodSync : fs.fchmodSync)(target, mode);
      if (atime === undefined) return;
      const byPath = follow ? fs.utimesSync : fs.lutimesSync;
      const change = handle === undefined ? byPath : fs.futimesSync;
      change(target, atime / 1000, mtime / 1000);
    },
    close(args) {
      fs.closeSync(handleOf(args));
      handles.delete(args.handle);
    },
    open({ path, flags, mode }) {
      handles.set(++last, fs.openSync(path, flags, mode ?? 0o666));
      return { handle: last };
    },
    read(args) {
      return withFile(args, "r", (descriptor) => {
        const size = fs.fstatSync(descriptor).size;
        const isTooLarge = Math.min(size, args.length ?? Infinity) > payloadMax;
        if (isTooLarge)
          throw failed("payload_too_large", "reading gives more than a message holds");
        const bytes = readBytes(descriptor, args.offset ?? null, args.length);
        return { data: bytes.toString(args.encoding), bytes: bytes.length };
      });
    },
    stat({ path, handle, follow = true, optional }) {
      const options = { bigint: true, throwIfNoEntry: !optional };
      if (handle !== undefined) return statusOf(fs.fstatSync(handleOf({ handle }), options));
      const stats = (follow ? fs.statSync : fs.lstatSync)(path, options);
      return stats === undefined ? null : statusOf(stats);
    },
    sync: (args) => { fs.fsyncSync(handleOf(args)); },
    truncate(args) {
      withFile(args, "r+", (descriptor) => fs.ftruncateSync(descriptor, args.length));
    },
    write(args) {
      if (args.data.length > payloadMax)
        throw failed("payload_too_large", "the arguments are more than a message holds");
      const { O_WRONLY, O_CREAT, O_TRUNC } = fs.constants;
      const flags = args.flags ?? (O_WRONLY | O_CREAT | O_TRUNC);
      const bytes = bytesOf(args);
      withFile(args, flags, (descriptor) => {
        for (let done = 0; done < bytes.length;) {
          const at = args.offset === undefined ? null : args.offset + done;
          done += fs.writeSync(descriptor, bytes, done, bytes.length - done, at);
        }
      });
      return { bytes: bytes.length };
    },
    ...watching.operations,
  };

  /** For `onCall` of an isolate. */
  function onCall(operation, args) {
    const [room, name] = operation.split(".");
    if (room !== "fs") return null;
    const given = args.path ?? args.from ?? args.prefix;
    if (given !== undefined && !path.isAbsolute(given)) throw invalid(`'${given}' is not absolute`);
    const sentence = denied(name, given);
    if (sentence !== undefined) throw failed("denied", sentence, "denied");
    const convert = (error) => (typeof error?.syscall !== "string" ? error
      : failed(error.code === "ENOENT" ? "not_found" : "io", error.message));
    try {
      const value = operations[name](args);
      return value instanceof Promise ? value.catch((error) => { throw convert(error); }) : value;
    } catch (error) {
      throw convert(error);
    }
  }

  return {
    onCall,
    openCount: () => handles.size + watching.watches.size,
    close() {
      for (const descriptor of handles.values()) fs.closeSync(descriptor);
      for (const number of [...watching.watches.keys()]) operations.unwatch({ watch: number });
    },
  };
}
