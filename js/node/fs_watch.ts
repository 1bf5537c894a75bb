// SPDX-License-Identifier: MIT
/** Watching files: by the host's news, or by looking again and again. */
import { call, callSync, notify } from "isopod:core";
import * as core from "isopod:node/fs";
import EventEmitter from "node:events";
import { nodeErrorOf } from "./fs_errors";
import { abortError, checkFunction, checkInteger, nextTick } from "./node_errors";

const Emitter = EventEmitter as any;

function start(path: any, options: any): any {
  const place = core.placeOf(path, "watch", "filename");
  const request = {
    operation: "fs.watch", args: { path: place.absolute, recursive: Boolean(options.recursive) },
    syscall: "watch", path: place.given,
  };
  try {
    return callSync(request.operation, request.args).watch;
  } catch (failure) {
    const error: any = nodeErrorOf(failure, request);
    if (error?.path !== undefined) error.filename = error.path;
    throw error;
  }
}

export class FSWatcher extends Emitter {
  #watch: any;
  #encoding: any;

  constructor(path: any, options: any) {
    super();
    this.#encoding = options.encoding;
    this.#watch = start(path, options);
    this.#follow(this.#watch);
  }

  async #follow(watch: any): Promise<void> {
    while (this.#watch === watch) {
      let news: any;
      try {
        news = await call("fs.watch_next", { watch });
      } catch (error: any) {
        // The watch was closed, or the host ends.
        if (this.#watch !== watch || error?.status === "cancelled") return;
        nextTick(() => (this as any).emit("error", error));
        return;
      }
      // A listener that throws must not end the watch.
      for (const { type, name } of news.events) nextTick(() => this.#tell(watch, type, name));
    }
  }

  #tell(watch: any, type: string, name: string | null): void {
    if (this.#watch !== watch) return;
    const shown = name === null || name === undefined ? null
      : core.inEncoding(name, this.#encoding);
    (this as any).emit("change", type, shown);
  }

  close(): void {
    if (this.#watch === undefined) return;
    notify("fs.unwatch", { watch: this.#watch });
    this.#watch = undefined;
    nextTick(() => (this as any).emit("close"));
  }

  ref(): this { return this; }
  unref(): this { return this; }
}

export function watch(path: any, given?: any, listener?: any): FSWatcher {
  if (typeof given === "function") [given, listener] = [undefined, given];
  const options = core.optionsOf(given, {});
  const watcher = new FSWatcher(path, options);
  if (listener !== undefined) {
    checkFunction(listener, "listener");
    (watcher as any).on("change", listener);
  }
  const { signal } = options;
  if (signal?.aborted) nextTick(() => watcher.close());
  else signal?.addEventListener("abort", () => watcher.close(), { once: true });
  return watcher;
}

/** The events of a path as `{ eventType, filename }`. */
export async function* iterate(path: any, given?: any): AsyncGenerator<any> {
  const options = core.optionsOf(given, {});
  const { signal } = options;
  if (signal?.aborted) throw abortError(signal);
  const waiting: any[] = [];
  let failure: { error: unknown } | undefined;
  let wake = () => {};
  const watcher: any = new FSWatcher(path, options);
  watcher.on("change", (eventType: string, filename: any) => {
    waiting.push({ eventType, filename });
    wake();
  });
  const fail = (error: unknown) => {
    failure = { error };
    wake();
  };
  const onAbort = () => fail(abortError(signal));
  watcher.on("error", fail);
  signal?.addEventListener("abort", onAbort, { once: true });
  try {
    for (;;) {
      while (waiting.length > 0) yield waiting.shift();
      if (failure !== undefined) throw failure.error;
      await new Promise<void>((resolve) => { wake = resolve; });
    }
  } finally {
    signal?.removeEventListener("abort", onAbort);
    watcher.close();
  }
}

// ---- polling ----

const kNothing = {
  dev: 0, ino: 0, mode: 0, nlink: 0, uid: 0, gid: 0, rdev: 0, size: 0, blksize: 0, blocks: 0,
  atime_ns: "0", mtime_ns: "0", ctime_ns: "0", birthtime_ns: "0",
};
const kCompared = ["dev", "ino", "mode", "nlink", "uid", "gid", "size", "mtimeMs", "ctimeMs"];

class StatWatcher extends Emitter {
  #path: any;
  #options: any;
  #timer: any;
  #last: any;
  #isStopped = false;

  constructor(path: any, options: any) {
    super();
    this.#path = path;
    this.#options = options;
    this.#look();
  }

  async #look(): Promise<void> {
    const { bigint, interval } = this.#options;
    const missing = core.statsOf(kNothing, Boolean(bigint));
    let now: any;
    try {
      now = await core.runAsync(core.stat(this.#path, { bigint }));
    } catch {
      now = missing;
    }
    if (this.#isStopped) return;
    const before = this.#last ?? (now === missing ? missing : undefined);
    const isFirst = this.#last === undefined;
    this.#last = now;
    const isNews = isFirst ? before !== undefined
      : kCompared.some((name) => now[name] !== before[name]);
    const tell = () => { if (!this.#isStopped) (this as any).emit("change", now, before); };
    if (isNews) nextTick(tell);
    this.#timer = setTimeout(() => this.#look(), interval);
    if (!this.#options.persistent) this.#timer.unref();
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    nextTick(() => (this as any).emit("stop"));
  }

  ref(): this { return this; }
  unref(): this { return this; }
}

const polled = new Map<string, StatWatcher>();
const kInterval = 5007;

export function watchFile(path: any, given?: any, listener?: any): StatWatcher {
  if (given === null || typeof given !== "object") [given, listener] = [{}, given];
  checkFunction(listener, "listener");
  const { absolute } = core.placeOf(path, "stat", "filename");
  const options = { interval: kInterval, persistent: true, ...given };
  checkInteger(options.interval, "interval", 0);
  let watcher: any = polled.get(absolute);
  if (watcher === undefined) polled.set(absolute, (watcher = new StatWatcher(absolute, options)));
  watcher.addListener("change", listener);
  return watcher;
}

export function unwatchFile(path: any, listener?: any): void {
  const { absolute } = core.placeOf(path, "stat", "filename");
  const watcher: any = polled.get(absolute);
  if (watcher === undefined) return;
  if (typeof listener === "function") watcher.removeListener("change", listener);
  else watcher.removeAllListeners("change");
  if (watcher.listenerCount("change") > 0) return;
  watcher.stop();
  polled.delete(absolute);
}
