// SPDX-License-Identifier: MIT
// The exec.* hostcalls of docs/hostcalls.md, carried out by Node's own child processes.
import { spawn, spawnSync } from "node:child_process";

const kWords = { ENOENT: "no such file or directory", EACCES: "permission denied",
  E2BIG: "argument list too long" };

function failure(code, command) {
  return {
    status: "error", code: code === "ENOENT" ? "not_found" : "io",
    message: `${code}: ${kWords[code] ?? "failed"}, spawn ${command}`,
  };
}

class FakeChild {
  #events = [];
  #waiting;
  #open;
  #isExited = false;

  constructor(args, ended) {
    const { command, args: list, stdio, cwd, env, argv0, detached } = args;
    this.process = spawn(command, list, { cwd, env, argv0, stdio, detached });
    this.process.on("error", () => {});
    this.#open = stdio.slice(1).filter((kind) => kind === "pipe").length;
    this.process.stdin?.on("error", () => {});
    for (const stream of [1, 2]) {
      this.process.stdio[stream]?.on("data", (bytes) =>
        this.#tell({ stream, data: bytes.toString("base64") }));
      this.process.stdio[stream]?.on("end", () => {
        --this.#open;
        this.#tell({ end: stream });
      });
    }
    this.process.on("exit", (code, signal) => {
      this.#isExited = true;
      this.#tell({ exit: { code, signal } });
    });
    this.ended = ended;
  }

  #tell(event) {
    this.#events.push(event);
    if (this.#waiting !== undefined) setImmediate(() => this.#deliver());
  }

  #deliver() {
    if (this.#waiting === undefined || this.#events.length === 0) return;
    const deliver = this.#waiting;
    this.#waiting = undefined;
    if (this.#isExited && this.#open === 0) this.ended();
    deliver({ events: this.#events.splice(0) });
  }

  next() {
    return new Promise((resolve) => {
      this.#waiting = resolve;
      this.#deliver();
    });
  }

  write({ data, encoding }) {
    return new Promise((resolve, reject) => {
      const bytes = Buffer.from(data, encoding);
      this.process.stdin.write(bytes, (error) => error
        ? reject({ status: "error", code: "io", message: "EPIPE: broken pipe, write" })
        : resolve({ bytes: bytes.length }));
    });
  }
}

function run(args) {
  const done = spawnSync(args.command, args.args, {
    cwd: args.cwd, env: args.env, argv0: args.argv0, timeout: args.timeout_ms,
    killSignal: args.kill_signal, maxBuffer: args.output_max,
    input: args.input === undefined ? undefined : Buffer.from(args.input, args.input_encoding),
    stdio: [args.input === undefined ? "ignore" : "pipe", "pipe", "pipe"],
  });
  if (done.pid === 0) throw failure(done.error.code, args.command);
  return {
    pid: done.pid, code: done.status, signal: done.signal,
    stdout: done.stdout.toString(args.encoding), stderr: done.stderr.toString(args.encoding),
    timed_out: done.error?.code === "ETIMEDOUT", signalled: false,
    truncated: done.error?.code === "ENOBUFS",
  };
}

/** An `onCall` for createIsolate. `deny(args)` may give the sentence of a denial. */
export function createExecHost({ deny = () => undefined } = {}) {
  const children = new Map();
  const started = (args) => {
    const sentence = deny(args);
    if (sentence !== undefined) throw { status: "denied", code: "denied", message: sentence };
    if (children.has(args.id)) throw { status: "error", code: "invalid_argument", message: "id" };
    let child;
    try {
      child = new FakeChild(args, () => children.delete(args.id));
    } catch (error) {
      throw failure(error.code, args.command);
    }
    if (child.process.pid === undefined) {
      throw failure(spawnSync(args.command, args.args).error.code, args.command);
    }
    children.set(args.id, child);
    return { pid: child.process.pid };
  };
  const childOf = ({ id }) => {
    if (children.has(id)) return children.get(id);
    throw { status: "error", code: "invalid_argument", message: `there is no child ${id}` };
  };
  const operations = {
    "exec.run": (args) => {
      const sentence = deny(args);
      if (sentence !== undefined) throw { status: "denied", code: "denied", message: sentence };
      return run(args);
    },
    "exec.spawn": started,
    "exec.next": (args) => childOf(args).next(),
    "exec.write": (args) => childOf(args).write(args),
    "exec.end_input": (args) => void childOf(args).process.stdin?.end(),
    "exec.signal": ({ id, signal }) =>
      children.get(id)?.process.kill(signal === "" ? 0 : signal) ?? false,
  };
  const onCall = (operation, args) => operations[operation]?.(args) ?? null;
  return { onCall, children };
}
