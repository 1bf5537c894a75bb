// SPDX-License-Identifier: MIT
/** `Interface`: lines out of a stream. There is no terminal here, so nothing is edited. */
import { loadBuiltin } from "isopod:native";
import EventEmitter from "node:events";
import { abortError, checkFunction, checkSignal, nextTick, nodeError } from "./node_errors";

const kLineEnd = /\r\n|\n|\r(?!\n)/g;
const kLeastDelay = 100;
// So many lines wait for an iterator before the input is paused.
const kWaitingMax = 1024;

const closedError = () => nodeError(Error, "ERR_USE_AFTER_CLOSE", "readline was closed");

export class Interface extends (EventEmitter as any) {
  input: any;
  output: any;
  terminal: boolean;
  crlfDelay: number;
  closed = false;
  paused = false;
  line = "";
  cursor = 0;
  history: string[] = [];
  #prompt: string;
  #decoder: any;
  #rest = "";
  #returnAt = 0;
  #answer: ((line: string) => void) | undefined;
  #promptBefore = "";
  #detach = () => {};

  constructor(input: any, output?: any, _completer?: any, terminal?: boolean) {
    super();
    const isOptions = typeof input?.on !== "function" && input?.input !== undefined;
    const options = isOptions ? input : { input, output, terminal };
    checkSignal(options.signal);
    this.input = options.input;
    this.output = options.output;
    this.terminal = Boolean(options.terminal ?? options.output?.isTTY);
    this.crlfDelay = Math.max(kLeastDelay, options.crlfDelay ?? kLeastDelay);
    this.#prompt = options.prompt === undefined ? "> " : `${options.prompt}`;
    this.#listen(options.signal);
  }

  #listen(signal: AbortSignal | undefined): void {
    const { input } = this;
    const { StringDecoder } = loadBuiltin("node:string_decoder");
    this.#decoder = new StringDecoder("utf8");
    const onData = (chunk: any) => this.#take(chunk);
    const onEnd = () => {
      this.#rest += this.#decoder.end();
      if (this.#rest !== "") {
        const rest = this.#rest;
        this.#rest = "";
        this.#onLine(rest);
      }
      this.close();
    };
    const onError = (error: unknown) => (this as any).emit("error", error);
    const onAbort = () => this.close();
    input.on("data", onData);
    input.on("end", onEnd);
    input.on("error", onError);
    if (signal?.aborted) nextTick(onAbort);
    else signal?.addEventListener("abort", onAbort, { once: true });
    this.#detach = () => {
      input.removeListener("data", onData);
      input.removeListener("end", onEnd);
      input.removeListener("error", onError);
      signal?.removeEventListener("abort", onAbort);
    };
    input.resume();
  }

  #take(chunk: any): void {
    let text: string = this.#decoder.write(chunk);
    if (this.#returnAt !== 0 && Date.now() - this.#returnAt <= this.crlfDelay) {
      if (text.startsWith("\n")) text = text.slice(1);
      if (text !== "") this.#returnAt = 0;
    }
    const lines = (this.#rest + text).split(kLineEnd);
    if (lines.length > 1) this.#returnAt = text.endsWith("\r") ? Date.now() : 0;
    this.#rest = lines.pop()!;
    for (const line of lines) this.#onLine(line);
  }

  #onLine(line: string): void {
    if (this.#answer === undefined) {
      (this as any).emit("line", line);
      return;
    }
    const answer = this.#answer;
    this.#answer = undefined;
    this.setPrompt(this.#promptBefore);
    answer(line);
  }

  getPrompt(): string { return this.#prompt; }
  setPrompt(prompt: string): void { this.#prompt = `${prompt}`; }

  prompt(_preserveCursor?: boolean): void {
    if (this.closed) throw closedError();
    if (this.paused) this.resume();
    this.output?.write(this.#prompt);
  }

  question(query: string, options: any, callback?: any): void {
    if (this.closed) throw closedError();
    const done = typeof options === "function" ? options : callback;
    checkFunction(done, "cb");
    const { signal } = typeof options === "function" ? {} as any : (options ?? {});
    checkSignal(signal);
    if (signal?.aborted) return;
    if (this.#answer !== undefined) {
      this.prompt();
      return;
    }
    const onAbort = () => {
      this.#answer = undefined;
      this.setPrompt(this.#promptBefore);
      this.output?.write("\r\n");
    };
    signal?.addEventListener("abort", onAbort, { once: true });
    this.#promptBefore = this.#prompt;
    this.setPrompt(query);
    this.#answer = (line) => {
      signal?.removeEventListener("abort", onAbort);
      done(line);
    };
    this.prompt();
  }

  pause(): this {
    if (this.closed) throw closedError();
    if (this.paused) return this;
    this.input.pause();
    this.paused = true;
    (this as any).emit("pause");
    return this;
  }

  resume(): this {
    if (this.closed) throw closedError();
    if (!this.paused) return this;
    this.input.resume();
    this.paused = false;
    (this as any).emit("resume");
    return this;
  }

  write(data: any, _key?: any): void {
    if (this.closed) throw closedError();
    if (this.paused) this.resume();
    if (data !== undefined && data !== null) this.#take(data);
  }

  close(): void {
    if (this.closed) return;
    this.pause();
    this.#detach();
    this.closed = true;
    (this as any).emit("close");
  }

  getCursorPos(): { rows: number; cols: number } { return { rows: 0, cols: 0 }; }

  [Symbol.asyncIterator](): AsyncGenerator<string> {
    const waiting: string[] = [];
    let wake = () => {};
    let isOver = this.closed;
    let failure: { error: unknown } | undefined;
    const onLine = (line: string) => {
      waiting.push(line);
      if (waiting.length > kWaitingMax && !this.closed) this.pause();
      wake();
    };
    const onClose = () => {
      isOver = true;
      wake();
    };
    const onError = (error: unknown) => {
      failure = { error };
      wake();
    };
    const self = this as any;
    self.on("line", onLine);
    self.on("close", onClose);
    self.on("error", onError);
    return (async function* () {
      try {
        for (;;) {
          while (waiting.length > 0) yield waiting.shift()!;
          if (failure !== undefined) throw failure.error;
          if (isOver) return;
          if (self.paused) self.resume();
          await new Promise<void>((resolve) => { wake = resolve; });
        }
      } finally {
        self.removeListener("line", onLine);
        self.removeListener("close", onClose);
        self.removeListener("error", onError);
        self.close();
      }
    })();
  }

  [Symbol.dispose ?? Symbol.for("Symbol.dispose")](): void { this.close(); }
}

/** With `question` as a promise. */
export class PromisesInterface extends Interface {
  question(query: string, options: any = {}): any {
    return new Promise((resolve, reject) => {
      const signal = options?.signal;
      checkSignal(signal);
      if (signal?.aborted) return reject(abortError(signal));
      const onAbort = () => reject(abortError(signal));
      signal?.addEventListener("abort", onAbort, { once: true });
      super.question(query, options ?? {}, (line: string) => {
        signal?.removeEventListener("abort", onAbort);
        resolve(line);
      });
    });
  }
}
