// SPDX-License-Identifier: MIT
/** The blocking half of `node:child_process`. */
import { callSync, notify } from "isopod:core";
import { Buffer } from "node:buffer";
import { lineLog } from "./child_process_child";
import { processError, startFailure } from "./child_process_errors";
import {
  nextId, prepare, signalName, splitArguments, type Start,
} from "./child_process_options";
import { invalidType } from "./node_errors";

const kMaxBuffer = 1024 * 1024;
/** What one message carries both ways; beyond that output and input go in pieces. */
const kMessageBytesMax = 8 * 1024 * 1024;
const kPieceBytes = 1024 * 1024;

interface Ended {
  pid: number;
  code: number | null;
  signal: string | null;
  stdout: any;
  stderr: any;
  timedOut: boolean;
}

interface Limits {
  input: any;
  timeout: number | undefined;
  killSignal: string;
  maxBuffer: number;
}

function inputOf(input: any): any {
  if (input === undefined || input === null) return undefined;
  if (typeof input === "string") return Buffer.from(input, "utf8");
  if (ArrayBuffer.isView(input))
    return Buffer.from(input.buffer as ArrayBuffer, input.byteOffset, input.byteLength);
  throw invalidType("options.stdio[0]",
    "of type string or an instance of Buffer, TypedArray, or DataView", input);
}

function runAtOnce(start: Start, limits: Limits): Ended {
  const given = limits.input === undefined ? {}
    : { input: limits.input.toString("base64"), input_encoding: "base64" };
  const done = callSync("exec.run", {
    ...start.common, ...given, id: nextId(), encoding: "base64", timeout_ms: limits.timeout,
    kill_signal: limits.killSignal, output_max: 2 * limits.maxBuffer + 2,
  });
  return {
    ...done, timedOut: done.timed_out,
    stdout: Buffer.from(done.stdout, "base64"), stderr: Buffer.from(done.stderr, "base64"),
  };
}

/** For what is too large for one message: the same, piece by piece. */
function runInPieces(start: Start, limits: Limits): Ended {
  const id = nextId();
  const begun = Date.now();
  const { pid } = callSync("exec.spawn", {
    ...start.common, id, stdio: [limits.input === undefined ? "ignore" : "pipe", "pipe", "pipe"],
    timeout_ms: limits.timeout, kill_signal: limits.killSignal,
  });
  if (limits.input !== undefined) {
    // Written by the host while this waits for output.
    for (let at = 0; at < limits.input.length; at += kPieceBytes) {
      const data = limits.input.subarray(at, at + kPieceBytes).toString("base64");
      notify("exec.write", { id, data, encoding: "base64" });
    }
    notify("exec.end_input", { id });
  }
  const pieces: [any[], any[]] = [[], []];
  const sizes = [0, 0];
  let exit: any;
  for (let open = 2; open > 0 || exit === undefined;) {
    for (const event of callSync("exec.next", { id }).events) {
      if (event.end !== undefined) --open;
      exit ??= event.exit;
      if (event.stream === undefined || sizes[event.stream - 1] > limits.maxBuffer) continue;
      const bytes = Buffer.from(event.data, "base64");
      pieces[event.stream - 1].push(bytes);
      sizes[event.stream - 1] += bytes.length;
      if (sizes[event.stream - 1] > limits.maxBuffer)
        callSync("exec.signal", { id, signal: limits.killSignal });
    }
  }
  const timedOut = limits.timeout !== undefined && exit.signal !== null &&
    Date.now() - begun >= limits.timeout;
  return {
    pid, ...exit, timedOut, stdout: Buffer.concat(pieces[0]), stderr: Buffer.concat(pieces[1]),
  };
}

function run(start: Start, limits: Limits): Ended {
  const isSmall = 2 * limits.maxBuffer + 2 <= kMessageBytesMax &&
    (limits.input?.length ?? 0) <= kMessageBytesMax;
  return (isSmall ? runAtOnce : runInPieces)(start, limits);
}

function limitsOf(start: Start): Limits {
  const { options } = start;
  return {
    input: start.stdio[0] === "pipe" ? inputOf(options.input) : undefined,
    timeout: options.timeout > 0 ? options.timeout : undefined,
    killSignal: signalName(options.killSignal) || "SIGTERM",
    maxBuffer: options.maxBuffer ?? kMaxBuffer,
  };
}

/** Every member of a result that there was no child for. */
const kNothing = { pid: 0, output: null, stdout: null, stderr: null, status: null, signal: null };

export function runSync(start: Start): any {
  const limits = limitsOf(start);
  let ended: Ended;
  const told = (code: string) =>
    processError(code, `spawnSync ${start.file}`, start.file, start.args.slice(1));
  try {
    ended = run(start, limits);
  } catch (hostError) {
    const { error, isTold } =
      startFailure(hostError, "spawnSync", start.file, start.args.slice(1));
    if (!isTold && error.errno === undefined) throw error;
    return { error, ...kNothing };
  }
  const result: any = {};
  const isFlood = ended.stdout.length > limits.maxBuffer || ended.stderr.length > limits.maxBuffer;
  if (isFlood) result.error = told("ENOBUFS");
  else if (ended.timedOut) result.error = told("ETIMEDOUT");
  const outputs = [ended.stdout, ended.stderr].map((bytes, index) => {
    const kind = start.stdio[index + 1];
    if (kind === "pipe") return bytes.subarray(0, limits.maxBuffer);
    if (kind === "log") {
      const log = lineLog(index + 1);
      log.add(bytes);
      log.end();
    }
    return null;
  });
  const { encoding } = start.options;
  const [stdout, stderr] = encoding && encoding !== "buffer"
    ? outputs.map((bytes) => bytes === null ? null : bytes.toString(encoding)) : outputs;
  return Object.assign(result, {
    // A child that the limit ended is told as ended, also when it was faster.
    status: isFlood ? null : ended.code,
    signal: isFlood ? limits.killSignal : ended.signal,
    output: [null, stdout, stderr], pid: ended.pid, stdout, stderr,
  });
}

export function spawnSync(file: string, args?: any, options?: any): any {
  const [list, rest] = splitArguments(args, options);
  return runSync(prepare(file, list, { maxBuffer: kMaxBuffer, ...rest }));
}

function outputOrThrow(result: any, command: string, options: any): any {
  if (options.stdio === undefined && result.stderr?.length > 0) {
    const log = lineLog(2);
    log.add(Buffer.from(result.stderr));
    log.end();
  }
  if (result.error) {
    const { status } = result.error;  // of a denial
    throw Object.assign(result.error, result, status === undefined ? {} : { status });
  }
  if (result.status === 0) return result.stdout;
  const said = result.stderr?.length > 0 ? `\n${result.stderr.toString()}` : "";
  throw Object.assign(new Error(`Command failed: ${command}${said}`), result);
}

export function execFileSync(file: string, args?: any, options?: any): any {
  const [list, rest] = splitArguments(args, options);
  const start = prepare(file, list, { ...rest });
  const called = [rest.argv0 || file, ...list].join(" ");
  return outputOrThrow(runSync(start), called, rest);
}

export function execSync(command: string, options: any = {}): any {
  const shell = typeof options?.shell === "string" ? options.shell : true;
  const start = prepare(command, [], { ...options, shell });
  return outputOrThrow(runSync(start), command, options ?? {});
}
