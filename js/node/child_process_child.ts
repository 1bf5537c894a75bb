// SPDX-License-Identifier: MIT
/** `ChildProcess`: a child and its streams, fed by `exec.next`. */
import { call, callSync, currentRequest, notify } from "isopod:core";
import { Buffer } from "node:buffer";
import EventEmitter from "node:events";
import { Readable, Writable } from "node:stream";
import { startFailure } from "./child_process_errors";
import { nextId, signalName, type Start, type Stdio } from "./child_process_options";
import { abortError, nextTick } from "./node_errors";

/** How much may wait unread in both streams before the child's output is left where it is. */
const kUnreadBytesMax = 1024 * 1024;

/** What Node gives a stream between a program and its parent. */
const kHighWaterMark = 64 * 1024;

/** Turns what a child writes to inherited output into lines of the log. */
export class LineLog {
  #rest = "";
  readonly #decoder = new TextDecoder();

  constructor(readonly write: (line: string) => void) {}

  add(bytes: Uint8Array): void {
    const lines = (this.#rest + this.#decoder.decode(bytes, { stream: true })).split("\n");
    this.#rest = lines.pop()!;
    for (const line of lines) this.write(line);
  }

  end(): void {
    const rest = this.#rest + this.#decoder.decode();
    this.#rest = "";
    if (rest !== "") this.write(rest);
  }
}

export const lineLog = (stream: number): LineLog =>
  new LineLog((line) => stream === 1 ? console.log(line) : console.error(line));

function createInput(id: number, child: any): any {
  return new (Writable as any)({
    highWaterMark: kHighWaterMark,
    decodeStrings: true,
    write(chunk: any, _encoding: string, done: (error?: unknown) => void) {
      call("exec.write", { id, data: Buffer.from(chunk).toString("base64"), encoding: "base64" })
        .then(() => done(), (hostError: any) => {
          // A child that is over takes no more, which is no news after its exit.
          if (child.exitCode !== null || child.signalCode !== null) return done();
          const error: any = new Error("write EPIPE");
          done(Object.assign(error, { errno: -32, code: "EPIPE", syscall: "write", cause: hostError }));
        });
    },
    final(done: () => void) {
      call("exec.end_input", { id }).then(() => done(), () => done());
    },
    destroy(error: unknown, done: (error: unknown) => void) {
      notify("exec.end_input", { id });
      done(error);
    },
  });
}

/** A stream of the child's output, or the log in its place. */
class Output {
  readonly stream: any = null;
  readonly #log: LineLog | undefined;
  isOpen = false;

  constructor(kind: Stdio, index: number, readonly wake: () => void, closed: () => void) {
    if (kind === "log") this.#log = lineLog(index);
    if (kind !== "pipe") return;
    this.stream = new (Readable as any)({ highWaterMark: kHighWaterMark, read: () => this.wake() });
    this.stream.on("close", closed);
  }

  get unread(): number {
    return this.stream === null || this.stream.destroyed ? 0 : this.stream.readableLength;
  }

  take(bytes: Uint8Array): void {
    this.#log?.add(bytes);
    if (this.stream !== null && !this.stream.destroyed) this.stream.push(bytes);
  }

  end(): void {
    this.isOpen = false;
    this.#log?.end();
    if (this.stream !== null && !this.stream.destroyed) this.stream.push(null);
  }
}

export class ChildProcess extends (EventEmitter as any) {
  [member: string]: any;
  pid: number | undefined = undefined;
  exitCode: number | null = null;
  signalCode: string | null = null;
  killed = false;
  connected = false;
  stdin: any = null;
  stdout: any = null;
  stderr: any = null;
  #id = 0;
  #outputs: [Output, Output] | undefined;
  #wake: (() => void) | undefined;
  #closesNeeded = 1;
  #stopWaiting: () => void = () => {};

  constructor() {
    super();
    for (const name of ["pid", "killed", "connected", "exitCode", "signalCode"])
      Object.defineProperty(this, name, { enumerable: true });
  }

  /** Starts the program. What makes it fail is told by an event, as in Node, or thrown. */
  spawn(start: Start): this {
    this.spawnfile = start.file;
    this.spawnargs = start.args;
    this.#id = nextId();
    this.#createStreams(start.stdio);
    const words = start.stdio.map((kind) => kind === "ignore" ? "ignore" : "pipe");
    try {
      const { pid } = callSync("exec.spawn", {
        ...start.common, id: this.#id, stdio: words, detached: Boolean(start.options.detached),
      });
      this.pid = pid;
    } catch (hostError) {
      const { error, isTold } =
        startFailure(hostError, "spawn", start.file, start.args.slice(1));
      if (!isTold) throw error;
      this.#failed(error);
      return this;
    }
    nextTick(() => this.emit("spawn"));
    // Its news belong to the request that started it, whichever is open when they come.
    this.#pump(currentRequest() ?? 0);
    this.#limit(start.options);
    return this;
  }

  #createStreams(stdio: [Stdio, Stdio, Stdio]): void {
    const wake = () => this.#wake?.();
    const closed = () => this.#maybeClose();
    this.#outputs = [new Output(stdio[1], 1, wake, closed), new Output(stdio[2], 2, wake, closed)];
    for (const [index, output] of this.#outputs.entries()) {
      output.isOpen = stdio[index + 1] !== "ignore";
      if (output.stream !== null) ++this.#closesNeeded;
    }
    if (stdio[0] === "pipe") this.stdin = createInput(this.#id, this);
    this.stdout = this.#outputs[0].stream;
    this.stderr = this.#outputs[1].stream;
    this.stdio = [this.stdin, this.stdout, this.stderr];
  }

  #failed(error: any): void {
    nextTick(() => {
      this.exitCode = error.errno;
      this.stdin?.destroy();
      this.emit("error", error);
      for (const output of this.#outputs!) output.end();
      this.#flush();
      this.#maybeClose();
    });
  }

  /** Takes events until the last. */
  async #pump(cause: number): Promise<void> {
    const outputs = this.#outputs!;
    let isExited = false;
    try {
      while (!isExited || outputs.some((output) => output.isOpen)) {
        while (outputs[0].unread + outputs[1].unread > kUnreadBytesMax) {
          await new Promise<void>((resolve) => { this.#wake = resolve; });
        }
        const { events } = await call("exec.next", { id: this.#id }, cause);
        for (const event of events) {
          if (event.stream !== undefined)
            outputs[event.stream - 1].take(Buffer.from(event.data, "base64"));
          if (event.end !== undefined) outputs[event.end - 1].end();
          if (event.exit === undefined) continue;
          isExited = true;
          // In Node, whoever waits for output and then for the exit hears both.
          if (event !== events[0]) await new Promise((resolve) => setTimeout(resolve, 0));
          this.#exited(event.exit);
        }
      }
    } catch (error) {
      // Only the end of the host or of the extension comes here.
      for (const output of outputs) output.end();
      if (!isExited) this.#exited({ code: null, signal: "SIGKILL" });
    }
  }

  #exited(exit: { code: number | null; signal: string | null }): void {
    this.#stopWaiting();
    this.exitCode = exit.code;
    this.signalCode = exit.signal;
    this.stdin?.destroy();
    this.emit("exit", exit.code, exit.signal);
    // Output that nobody listens to must not keep the end from being told.
    nextTick(() => this.#flush());
    this.#maybeClose();
  }

  #flush(): void {
    for (const stream of [this.stdout, this.stderr]) {
      if (stream?.readable) stream.resume();
    }
  }

  #maybeClose(): void {
    if (--this.#closesNeeded === 0) this.emit("close", this.exitCode, this.signalCode);
  }

  #limit({ timeout, killSignal, signal }: any): void {
    const end = (reason?: unknown) => {
      try {
        if (this.kill(killSignal) && reason !== undefined) this.emit("error", reason);
      } catch (error) {
        this.emit("error", error);
      }
    };
    const timer = timeout > 0 ? setTimeout(() => end(), timeout) : undefined;
    const aborted = () => end(abortError(signal));
    if (signal?.aborted) nextTick(aborted);
    else signal?.addEventListener("abort", aborted, { once: true });
    this.#stopWaiting = () => {
      clearTimeout(timer as any);
      signal?.removeEventListener("abort", aborted);
    };
  }

  kill(signal?: unknown): boolean {
    const name = signalName(signal);
    if (this.pid === undefined || this.exitCode !== null || this.signalCode !== null) return false;
    if (callSync("exec.signal", { id: this.#id, signal: name }) !== true) return false;
    this.killed = true;
    return true;
  }

  ref(): void {}
  unref(): void {}
  disconnect(): void {}

  [Symbol.dispose ?? Symbol.for("Symbol.dispose")](): void {
    if (!this.killed) this.kill();
  }
}
