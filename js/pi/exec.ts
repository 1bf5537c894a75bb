// SPDX-License-Identifier: MIT
/** `pi.exec`: runs a program without a shell and collects what it writes. */
import { loadBuiltin } from "isopod:native";
import { call, currentRequest, notify } from "isopod:core";
import { strings } from "./strings";

export interface ExecResult {
  stdout: string;
  stderr: string;
  code: number;
  killed: boolean;
  truncated: boolean;
}

const kMaxBuffer = 256 * 1024 * 1024;
const kMaxBufferLimit = 536870888;
const kPatienceMilliseconds = 5000;

// Odd numbers; those of node:child_process are even.
let lastId = -1;

/** One child: its output so far, and how it is being ended. */
class Running {
  readonly #texts: [string[], string[]] = [[], []];
  readonly #decoders = [new TextDecoder(), new TextDecoder()];
  #room: number;
  #timer: any;
  killed = false;
  truncated = false;

  constructor(readonly id: number, maxBuffer: number) {
    this.#room = maxBuffer;
  }

  /** Asks it to end, and makes it when it does not. */
  readonly kill = (): void => {
    if (this.killed) return;
    this.killed = true;
    notify("exec.signal", { id: this.id, signal: "SIGTERM" });
    this.#timer = setTimeout(
      () => notify("exec.signal", { id: this.id, signal: "SIGKILL" }), kPatienceMilliseconds);
  };

  take(stream: 1 | 2, bytes: Uint8Array): void {
    const kept = bytes.subarray(0, this.#room);
    this.#room -= kept.length;
    this.#texts[stream - 1].push(this.#decoders[stream - 1].decode(kept, { stream: true }));
    if (kept.length === bytes.length) return;
    this.truncated = true;
    this.kill();
  }

  end(exit: { code: number | null }): ExecResult {
    clearTimeout(this.#timer);
    const [stdout, stderr] = this.#texts.map((texts, index) =>
      texts.join("") + this.#decoders[index].decode());
    // As pi says it: a child that a signal ended has no code, and that counts as 0.
    const code = exit.code ?? 0;
    return {
      stdout, stderr, code: this.truncated && code === 0 ? 1 : code,
      killed: this.killed, truncated: this.truncated,
    };
  }
}

/** Takes all events up to the last, and gives the exit among them. */
async function follow(running: Running, cause: number): Promise<{ code: number | null }> {
  const { Buffer } = loadBuiltin("node:buffer");
  let exit: { code: number | null } | undefined;
  for (let streams = 2; streams > 0 || exit === undefined;) {
    const { events } = await call("exec.next", { id: running.id }, cause);
    for (const event of events) {
      if (event.data !== undefined) running.take(event.stream, Buffer.from(event.data, "base64"));
      if (event.end !== undefined) --streams;
      exit ??= event.exit;
    }
  }
  return exit;
}

/** A program that does not start is a result; that it may not be started is an error. */
function notStarted(command: string, error: any): ExecResult {
  if (error?.status !== "error" || (error.code !== "io" && error.code !== "not_found")) throw error;
  const name = /^[A-Z0-9]+(?=:)/.exec(error.message)?.[0];
  const stderr = name === undefined ? error.message : `spawn ${command} ${name}`;
  return { stdout: "", stderr, code: 1, killed: false, truncated: false };
}

/**
 * Resolves also when the program cannot be started or is ended. Rejects when policy does not allow
 * it: pretending that it ran and failed would hide why.
 */
export async function exec(
  command: string, args: string[] | undefined, options: any, cwd: string,
): Promise<ExecResult> {
  const maxBuffer = options?.maxBuffer ?? kMaxBuffer;
  if (!(Number.isInteger(maxBuffer) && maxBuffer >= 0 && maxBuffer <= kMaxBufferLimit))
    throw new RangeError(strings.maxBuffer);
  const { signal, timeout } = options ?? {};
  const directory = options?.cwd ?? cwd;
  if (signal?.aborted) return { stdout: "", stderr: "", code: 0, killed: true, truncated: false };

  const cause = currentRequest() ?? 0;
  const running = new Running((lastId += 2), maxBuffer);
  // Listened for from the start: what is asked of a child that starts is kept for it.
  signal?.addEventListener("abort", running.kill, { once: true });
  const timer = timeout > 0 ? setTimeout(running.kill, timeout) : undefined;
  try {
    await call("exec.spawn", {
      id: running.id, command, args: args ?? [], stdio: ["ignore", "pipe", "pipe"],
      cwd: String(directory).startsWith("/") ? directory : `${cwd}/${directory}`,
    });
    return running.end(await follow(running, cause));
  } catch (error) {
    return notStarted(command, error);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", running.kill);
  }
}
