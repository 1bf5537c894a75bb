// SPDX-License-Identifier: MIT
/** What the host tells an isolate about the machine; what it does not tell is not supported. */
import { info } from "isopod:native";
import { unsupportedFunction } from "isopod:core";
import { kErrors } from "./errno";

const missing = (name: string) => unsupportedFunction(`node:os.${name}`);
const kTypes: Record<string, string> = { linux: "Linux", darwin: "Darwin", win32: "Windows_NT" };

export const EOL = info.platform === "win32" ? "\r\n" : "\n";
export const devNull = info.platform === "win32" ? "\\\\.\\nul" : "/dev/null";
export const homedir = (): string => info.home;
export const tmpdir = (): string => info.tempDir;
export const hostname = (): string => info.hostname;
export const platform = (): string => info.platform;
export const arch = (): string => info.arch;
export const machine = (): string =>
  ({ x64: "x86_64", arm64: "aarch64" } as Record<string, string>)[info.arch] ?? info.arch;
export const type = (): string => kTypes[info.platform] ?? info.platform;
export const endianness = (): "LE" | "BE" =>
  new Uint8Array(new Uint16Array([1]).buffer)[0] === 1 ? "LE" : "BE";
export const availableParallelism = (): number => 1;
export const userInfo = () => ({
  uid: -1, gid: -1, username: info.home.split(/[\\/]/).pop() ?? "", homedir: info.home, shell: null,
});

export const constants = {
  signals: {
    SIGHUP: 1, SIGINT: 2, SIGQUIT: 3, SIGILL: 4, SIGTRAP: 5, SIGABRT: 6, SIGIOT: 6, SIGBUS: 7,
    SIGFPE: 8, SIGKILL: 9, SIGUSR1: 10, SIGSEGV: 11, SIGUSR2: 12, SIGPIPE: 13, SIGALRM: 14,
    SIGTERM: 15, SIGCHLD: 17, SIGSTKFLT: 16, SIGCONT: 18, SIGSTOP: 19, SIGTSTP: 20, SIGTTIN: 21,
    SIGTTOU: 22, SIGURG: 23, SIGXCPU: 24, SIGXFSZ: 25, SIGVTALRM: 26, SIGPROF: 27, SIGWINCH: 28,
    SIGIO: 29, SIGPOLL: 29, SIGPWR: 30, SIGSYS: 31,
  },
  errno: Object.fromEntries(Object.entries(kErrors).map(([name, [number]]) => [name, number])),
  priority: {
    PRIORITY_LOW: 19, PRIORITY_BELOW_NORMAL: 10, PRIORITY_NORMAL: 0, PRIORITY_ABOVE_NORMAL: -7,
    PRIORITY_HIGH: -14, PRIORITY_HIGHEST: -20,
  },
  dlopen: { RTLD_LAZY: 1, RTLD_NOW: 2, RTLD_GLOBAL: 256, RTLD_LOCAL: 0, RTLD_DEEPBIND: 8 },
  UV_UDP_REUSEADDR: 4,
};

export const cpus = missing("cpus");
export const freemem = missing("freemem");
export const getPriority = missing("getPriority");
export const loadavg = missing("loadavg");
export const networkInterfaces = missing("networkInterfaces");
export const release = missing("release");
export const setPriority = missing("setPriority");
export const totalmem = missing("totalmem");
export const uptime = missing("uptime");
export const version = missing("version");

export default {
  EOL, devNull, homedir, tmpdir, hostname, platform, arch, machine, type, endianness,
  availableParallelism, userInfo, constants, cpus, freemem, getPriority, loadavg,
  networkInterfaces, release, setPriority, totalmem, uptime, version,
};
