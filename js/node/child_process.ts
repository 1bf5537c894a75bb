// SPDX-License-Identifier: MIT
/**
 * Child processes, through the host: policy decides which programs may run, and all that comes of
 * them ends with the extension. What Node gives to the terminal ("inherit") goes to the log.
 */
import { unsupportedFunction } from "isopod:core";
import { Buffer } from "node:buffer";
import { ChildProcess } from "./child_process_child";
import { prepare, splitArguments } from "./child_process_options";
import { execFileSync, execSync, spawnSync } from "./child_process_sync";
import { checkFunction, nodeError } from "./node_errors";

export { ChildProcess, execFileSync, execSync, spawnSync };

const missing = (name: string) => unsupportedFunction(`node:child_process.${name}`);
export const _forkChild = missing("_forkChild");
export const fork = missing("fork");

const kCustomPromisify = Symbol.for("nodejs.util.promisify.custom");
const kMaxBuffer = 1024 * 1024;

export function spawn(file: string, args?: any, options?: any): any {
  const [list, rest] = splitArguments(args, options);
  return new ChildProcess().spawn(prepare(file, list, rest));
}

/** What one stream gave so far, at most `maxBuffer` bytes. */
class Collected {
  #parts: any[] = [];
  #size = 0;

  constructor(readonly encoding: string | null, readonly maxBuffer: number) {}

  /** Whether there is still room. */
  add(chunk: any): boolean {
    const size = this.encoding === null ? chunk.length : Buffer.byteLength(chunk, this.encoding);
    const room = this.maxBuffer - this.#size;
    this.#size += size;
    this.#parts.push(size > room ? chunk.slice(0, Math.max(room, 0)) : chunk);
    return size <= room;
  }

  value(): any {
    return this.encoding === null ? Buffer.concat(this.#parts) : this.#parts.join("");
  }
}

type Callback = (error: any, stdout: any, stderr: any) => void;

/** Collects the output of a child and calls back once it is over. */
class Execution {
  #error: any = null;
  #isKilled = false;
  #isOver = false;
  readonly #outputs: Record<"stdout" | "stderr", Collected>;

  constructor(readonly child: any, readonly command: string, readonly options: any,
    readonly callback: Callback | undefined) {
    const encoding = options.encoding && options.encoding !== "buffer" &&
      Buffer.isEncoding(options.encoding) ? options.encoding : null;
    const maxBuffer = options.maxBuffer ?? kMaxBuffer;
    this.#outputs = {
      stdout: new Collected(encoding, maxBuffer), stderr: new Collected(encoding, maxBuffer),
    };
    for (const name of ["stdout", "stderr"] as const) {
      if (encoding !== null) child[name]?.setEncoding(encoding);
      child[name]?.on("data", (chunk: any) => this.#take(name, chunk));
    }
    child.on("close", (code: number | null, signal: string | null) => this.#end(code, signal));
    child.on("error", (error: unknown) => this.#fail(error));
    if (options.timeout > 0) this.#timer = setTimeout(() => this.#kill(), options.timeout);
  }

  #timer: any;

  #take(name: "stdout" | "stderr", chunk: any): void {
    if (this.#outputs[name].add(chunk)) return;
    this.#error = nodeError(RangeError, "ERR_CHILD_PROCESS_STDIO_MAXBUFFER",
      `${name} maxBuffer length exceeded`);
    this.#kill();
  }

  #kill(): void {
    this.child.stdout?.destroy();
    this.child.stderr?.destroy();
    this.#isKilled = true;
    this.child.kill(this.options.killSignal);
  }

  #fail(error: unknown): void {
    this.#error = error;
    this.child.stdout?.destroy();
    this.child.stderr?.destroy();
    this.#end(null, null);
  }

  #end(code: number | null, signal: string | null): void {
    if (this.#isOver) return;
    this.#isOver = true;
    clearTimeout(this.#timer);
    if (this.callback === undefined) return;
    const [stdout, stderr] = [this.#outputs.stdout.value(), this.#outputs.stderr.value()];
    if (this.#error === null && code === 0 && signal === null)
      return this.callback(null, stdout, stderr);
    this.#error ??= Object.assign(new Error(`Command failed: ${this.command}\n${stderr}`), {
      code, killed: this.child.killed || this.#isKilled, signal,
    });
    this.#error.cmd = this.command;
    this.callback(this.#error, stdout, stderr);
  }
}

/** Splits `(file, args?, options?, callback?)`. */
function splitExecution(rest: any[]): [string[], any, Callback | undefined] {
  const given = [...rest];
  let callback: Callback | undefined;
  const at = given.findIndex((value) => typeof value === "function");
  if (at >= 0) [callback] = given.splice(at) as [Callback];
  else if (given.length > 2 && given[2] !== undefined && given[2] !== null)
    checkFunction(given[2], "callback");
  const [args, options] = splitArguments(given[0], given[1]);
  return [args, options, callback];
}

export function execFile(file: string, ...rest: any[]): any {
  const [args, given, callback] = splitExecution(rest);
  const options = { encoding: "utf8", maxBuffer: kMaxBuffer, killSignal: "SIGTERM", ...given };
  // The time limit is this function's, because it also closes the streams.
  const start = prepare(file, args, { ...options, stdio: undefined });
  start.options.timeout = undefined;
  const command = args.length > 0 ? `${file} ${args.join(" ")}` : file;
  const child: any = new ChildProcess().spawn(start);
  new Execution(child, command, options, callback);
  return child;
}

export function exec(command: string, options?: any, callback?: any): any {
  if (typeof options === "function") return exec(command, undefined, options);
  const shell = typeof options?.shell === "string" ? options.shell : true;
  return execFile(command, { ...options, shell }, callback);
}

/** The promise has the child, and its error has the output. */
function promised(body: (...args: any[]) => any) {
  return (...args: any[]): any => {
    let child: any;
    const promise: any = new Promise((resolve, reject) => {
      child = body(...args, (error: any, stdout: any, stderr: any) => {
        if (error === null) resolve({ stdout, stderr });
        else reject(Object.assign(error, { stdout, stderr }));
      });
    });
    promise.child = child;
    return promise;
  };
}
Object.defineProperty(exec, kCustomPromisify, { value: promised(exec), enumerable: false });
Object.defineProperty(execFile, kCustomPromisify, { value: promised(execFile), enumerable: false });

export default {
  ChildProcess, _forkChild, exec, execFile, execFileSync, execSync, fork, spawn, spawnSync,
};
