// SPDX-License-Identifier: MIT
/** What the host tells an isolate about the machine; what it does not tell is not supported. */
import { info } from "isopod:native";
import { unsupportedFunction } from "isopod:core";

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
    SIGHUP: 1, SIGINT: 2, SIGQUIT: 3, SIGKILL: 9, SIGUSR1: 10, SIGUSR2: 12, SIGPIPE: 13,
    SIGALRM: 14, SIGTERM: 15,
  },
  errno: {}, priority: {}, dlopen: {},
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
