// SPDX-License-Identifier: MIT
/** The `bash` and `powershell` tools: run a command, report its output while it runs. */
import { Output } from "./builtin_output";
import { bytesOf } from "./builtin_shared";
import {
  getPowerShellConfig, getShellConfig, shellOperations, type ShellConfig,
} from "./builtin_shell";
import { toolMessages as say } from "./recorded_strings";
import { DEFAULT_MAX_BYTES, formatSize } from "./truncate";

const kUpdateMilliseconds = 100;

export const createLocalBashOperations = (options: { shellPath?: string } = {}) =>
  shellOperations("bash", () => getShellConfig(options?.shellPath));
export const createLocalPowerShellOperations = () =>
  shellOperations("powershell", getPowerShellConfig as () => ShellConfig);

/** Reports the output at once when it was quiet, else when the pause is over. */
class Updates {
  #last = -Infinity;
  #timer: unknown;

  constructor(private output: Output, private onUpdate: ((partial: any) => void) | undefined) {
    onUpdate?.({ content: [], details: undefined });
  }

  changed(): void {
    if (this.onUpdate === undefined || this.#timer !== undefined) return;
    const wait = this.#last + kUpdateMilliseconds - Date.now();
    if (wait <= 0) this.#send();
    else this.#timer = setTimeout(() => this.#send(), wait);
  }

  /** What is still due is reported now. */
  finish(): void {
    if (this.#timer !== undefined) this.#send();
  }

  #send(): void {
    clearTimeout(this.#timer as any);
    this.#timer = undefined;
    this.#last = Date.now();
    const { content, truncation, fullOutputPath } = this.output.snapshot();
    this.onUpdate!({
      content: [{ type: "text", text: content }],
      details: truncation.truncated ? { truncation, fullOutputPath } : {},
    });
  }
}

/** What commands learn about the session; nothing of it is there outside of an agent. */
function sessionEnvironment(ctx: any): Record<string, string> {
  const values: Record<string, unknown> = {
    PI_SESSION_ID: read(() => ctx?.sessionManager?.getSessionId()),
    PI_SESSION_FILE: read(() => ctx?.sessionManager?.getSessionFile()),
    PI_PROVIDER: ctx?.model?.provider,
    PI_MODEL: ctx?.model?.id,
    PI_REASONING_LEVEL: ctx?.thinkingLevel,
  };
  return Object.fromEntries(
    Object.entries(values).filter(([, value]) => typeof value === "string")) as any;
}

function read(get: () => unknown): unknown {
  try {
    return get();
  } catch {
    return undefined;  // A host that does not tell.
  }
}

function noticeOf(truncation: any, output: Output, path: string | undefined): string {
  const { totalLines, outputLines, truncatedBy } = truncation;
  const parts: string[] = [];
  if (truncation.lastLinePartial) {
    parts.push(say.shownEndOfLine(
      formatSize(truncation.outputBytes), totalLines, formatSize(output.lastLineBytes)));
  } else {
    const why = truncatedBy === "lines" ? "" : say.sizeLimit(formatSize(DEFAULT_MAX_BYTES));
    parts.push(say.shownLines(totalLines - outputLines + 1, totalLines, totalLines, why));
  }
  if (path !== undefined) parts.push(say.fullOutput(path));
  return `[${parts.join(". ")}]`;
}

function shown(output: Output): { text: string; details: any; fullOutputPath?: string } {
  const { content, truncation, fullOutputPath } = output.snapshot();
  if (!truncation.truncated) return { text: content, details: undefined };
  const notice = noticeOf(truncation, output, fullOutputPath);
  const details = { truncation, fullOutputPath };
  return { text: `${content}\n\n${notice}`, details, fullOutputPath };
}

const withStatus = (text: string, status: string) =>
  (text === "" ? status : `${text}\n\n${status}`);

/** The error of a command that was cut short tells the model what it printed until then. */
function failure(error: any, output: Output): unknown {
  const message = error instanceof Error || typeof error?.message === "string" ? error.message : "";
  const timeout = /^timeout:(.*)$/.exec(message);
  if (message !== "aborted" && timeout === null) return error;
  const status = timeout === null ? say.commandAborted : say.timedOut(timeout[1]);
  return new Error(withStatus(shown(output).text, status));
}

function resultOf(output: Output, exitCode: number | null, seconds: number): any {
  const { text, details, fullOutputPath } = shown(output);
  const body = text === "" ? say.noOutput : text;
  if (exitCode === null) throw new Error(withStatus(body, say.noExitCode));
  const full = output.full();
  const structuredContent: any = { output: full.content, truncated: full.truncated };
  if (full.truncated && fullOutputPath !== undefined) {
    structuredContent.full_output_path = fullOutputPath;
  }
  structuredContent.exit_code = exitCode;
  structuredContent.wall_time_seconds = Math.round(seconds * 10) / 10;
  const isError = exitCode !== 0;
  return {
    content: [{ type: "text", text: isError ? withStatus(body, say.exited(exitCode)) : body }],
    details, structuredContent, ...(isError && { isError: true }),
  };
}

export function createBash(name: "bash" | "powershell", cwd: string, options: any) {
  const local = name === "bash" ? createLocalBashOperations : createLocalPowerShellOperations;
  const operations = options.operations ?? local(options);
  const prefix = options.commandPrefix ? `${options.commandPrefix}\n` : "";
  return async (
    _id: string, { command, timeout }: any, signal?: AbortSignal, onUpdate?: any, ctx?: any,
  ) => {
    const session = options.exposeSessionEnvironment === false ? {} : sessionEnvironment(ctx);
    let context = { command: prefix + command, cwd, env: { ...process.env, ...session } };
    if (options.spawnHook) context = options.spawnHook(context);
    const output = new Output(`pi-${name}`);
    const updates = new Updates(output, onUpdate);
    const start = Date.now();
    try {
      const { exitCode } = await operations.exec(context.command, context.cwd, {
        onData: (data: Uint8Array) => {
          output.append(bytesOf(data));
          updates.changed();
        },
        signal, timeout, env: context.env,
      });
      return resultOf(output, exitCode, (Date.now() - start) / 1000);
    } catch (error) {
      throw failure(error, output);
    } finally {
      updates.finish();
    }
  };
}
