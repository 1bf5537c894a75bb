// SPDX-License-Identifier: MIT
/** The shells commands run in, and how one command runs. */
import { filesSync, processes } from "./builtin_shared";
import { toolMessages as say } from "./recorded_strings";

/** How long output is waited for after the shell is gone; its children may keep the pipes. */
const kDrainMilliseconds = 100;
const kTimerMillisecondsMax = 2 ** 31 - 1;

/** Where there is none, `sh` runs the command. */
const kShell = "bash";

const kSignals: Record<string, number> = {
  SIGHUP: 1, SIGINT: 2, SIGQUIT: 3, SIGILL: 4, SIGTRAP: 5, SIGABRT: 6, SIGBUS: 7, SIGFPE: 8,
  SIGKILL: 9, SIGUSR1: 10, SIGSEGV: 11, SIGUSR2: 12, SIGPIPE: 13, SIGALRM: 14, SIGTERM: 15,
};

export interface ShellConfig {
  shell: string;
  args: string[];
}

export function getShellConfig(customPath?: string): ShellConfig {
  const exists = (path: string) => filesSync().existsSync(path);
  if (customPath) {
    if (!exists(customPath)) throw new Error(say.noShell(customPath));
    return { shell: customPath, args: ["-c"] };
  }
  // By name: whether a shell may run is a question of exec, not of reading /bin.
  return { shell: kShell, args: ["-c"] };
}

export function getPowerShellConfig(): ShellConfig {
  throw new Error(say.notWindows);
}

/** Ends the command and what it started. */
function kill(child: any): void {
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch {
    child.kill("SIGKILL");
  }
}

export interface ExecOptions {
  onData(data: Uint8Array): void;
  signal?: AbortSignal;
  timeout?: number;
  env?: Record<string, string | undefined>;
}

function timeoutOf(seconds: number | undefined): number | undefined {
  if (seconds === undefined) return undefined;
  if (!Number.isFinite(seconds) || seconds <= 0) throw new Error(say.badTimeout);
  return Math.min(seconds * 1000, kTimerMillisecondsMax);
}

/** Resolves with the exit code; rejects with "aborted" or "timeout:SECONDS" when cut short. */
function runShell(config: ShellConfig, command: string, cwd: string, options: ExecOptions) {
  const milliseconds = timeoutOf(options.timeout);
  return new Promise<{ exitCode: number | null }>((resolve, reject) => {
    const child = processes().spawn(config.shell, [...config.args, command], {
      cwd, env: options.env ?? process.env, stdio: ["ignore", "pipe", "pipe"],
    });
    let cutShort: string | undefined;
    let drain: unknown;
    const cut = (reason: string) => {
      cutShort ??= reason;
      kill(child);
    };
    const onAbort = () => cut("aborted");
    const timer = milliseconds === undefined
      ? undefined : setTimeout(() => cut(`timeout:${options.timeout}`), milliseconds);
    const clean = () => {
      clearTimeout(timer as any);
      clearTimeout(drain as any);
      options.signal?.removeEventListener("abort", onAbort);
      child.stdout?.removeListener("data", options.onData);
      child.stderr?.removeListener("data", options.onData);
    };
    const finish = (code: number | null, signal: string | null) => {
      clean();
      if (cutShort !== undefined) reject(new Error(cutShort));
      else resolve({ exitCode: signal ? 128 + (kSignals[signal] ?? 0) : code });
    };
    child.stdout?.on("data", options.onData);
    child.stderr?.on("data", options.onData);
    child.on("error", (error: any) => {
      clean();
      const hasNoBash = error?.code === "ENOENT" && config.shell === kShell;
      if (hasNoBash) resolve(runShell({ ...config, shell: "sh" }, command, cwd, options));
      else reject(error);
    });
    child.on("close", finish);
    child.on("exit", (code: number | null, signal: string | null) => {
      drain = setTimeout(() => {
        child.stdout?.destroy();
        child.stderr?.destroy();
        finish(code, signal);
      }, kDrainMilliseconds);
    });
    options.signal?.addEventListener("abort", onAbort, { once: true });
  });
}

/** Operations that run a command in a shell of this machine. */
export function shellOperations(name: string, resolveConfig: () => ShellConfig) {
  return {
    async exec(command: string, cwd: string, options: ExecOptions) {
      const config = resolveConfig();
      if (!filesSync().existsSync(cwd)) throw new Error(say.noWorkingDirectory(cwd, name));
      if (options.signal?.aborted) throw new Error("aborted");
      return runShell(config, command, cwd, options);
    },
  };
}
