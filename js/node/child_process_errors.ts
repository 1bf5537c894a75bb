// SPDX-License-Identifier: MIT
/** How a child that could not be started is told, in Node's words. */
import { kErrors } from "./errno";
import { nodeError } from "./node_errors";

/** `spawn git ENOENT`, with everything Node hangs on it. */
export function processError(
  code: string, syscall: string, file?: string, args?: readonly string[],
): any {
  const error: any = new Error(`${syscall} ${code}`);
  error.errno = -(kErrors[code]?.[0] ?? 0);
  error.code = code;
  error.syscall = syscall;
  if (file !== undefined) error.path = file;
  if (args !== undefined) error.spawnargs = [...args];
  return error;
}

/** The errors Node tells by an event; it throws the others. */
const kTold = new Set(["EACCES", "EAGAIN", "EMFILE", "ENFILE", "ENOENT"]);

/** What became of a start that failed, and whether it is told by an event. */
export function startFailure(
  hostError: any, call: string, file: string, args: readonly string[],
): { error: any; isTold: boolean } {
  const syscall = `${call} ${file}`;
  if (hostError?.status === "denied") {
    const error = processError(
      hostError.code === "denied" ? "EACCES" : "EAGAIN", syscall, file, args);
    // Node's words would hide that it was policy, and what would allow it.
    error.message = hostError.message;
    error.status = "denied";
    error.cause = hostError;
    return { error, isTold: true };
  }
  if (hostError?.code === "invalid_argument")
    return { error: nodeError(TypeError, "ERR_INVALID_ARG_VALUE", hostError.message), isTold: false };
  const name = /^[A-Z0-9]+(?=: )/.exec(hostError?.message ?? "")?.[0];
  if (name === undefined) return { error: hostError, isTold: false };
  if (!kTold.has(name)) return { error: processError(name, call), isTold: false };
  return { error: processError(name, syscall, file, args), isTold: true };
}
