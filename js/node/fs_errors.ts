// SPDX-License-Identifier: MIT
/** What became of a hostcall that failed, as Node would say it. */
import { kErrors } from "./errno";

/** One hostcall of a file operation, and how Node names it when it fails. */
export interface Request {
  operation: string;
  args: any;
  syscall: string;
  /** As the extension wrote them; the arguments of the hostcall have them absolute. */
  path?: any;
  dest?: any;
}

const shown = (path: any): string => `'${path}'`;

interface Place {
  syscall: string;
  path?: any;
  dest?: any;
}

function placeText({ syscall, path, dest }: Place): string {
  const from = path === undefined ? "" : ` ${shown(path)}`;
  return `${syscall}${from}${dest === undefined ? "" : ` -> ${shown(dest)}`}`;
}

/** An error of the system, with the fields Node gives it. */
export function systemError(code: string, place: Place, words?: string): Error {
  const [number, text] = kErrors[code] ?? [undefined, "unknown error"];
  const error: any = new Error(`${code}: ${words ?? text}, ${placeText(place)}`);
  if (number !== undefined) error.errno = -number;
  error.code = code;
  error.syscall = place.syscall;
  if (place.path !== undefined) error.path = String(place.path);
  if (place.dest !== undefined) error.dest = String(place.dest);
  return error;
}

function deniedError(failure: any, place: Place): Error {
  const error: any = systemError("EACCES", place);
  error.message += ` (${failure.message})`;
  error.status = "denied";
  error.cause = failure;
  return error;
}

/** "CODE: words, call 'path' -> 'dest'"; the part from the comma on may be missing. */
const kForm = /^(E[A-Z0-9]+): (.*?)(?:, ([a-z]\w*)(?: '(.*?)'(?: -> '(.*)')?)?)?$/s;

/** The path as the extension wrote it, or the one of the message when it is another. */
function pathOf(absolute: any, given: any, reported: string): any {
  return reported === absolute || absolute === undefined ? given : reported;
}

export function nodeErrorOf(failure: any, request: Request): unknown {
  if (failure === null || typeof failure !== "object" || failure.status === undefined)
    return failure;
  const { args, syscall, path, dest } = request;
  if (failure.status === "denied" && failure.code === "denied")
    return deniedError(failure, { syscall, path, dest });
  if (failure.code === "invalid_argument" && args.handle !== undefined)
    return systemError("EBADF", { syscall });
  const form = kForm.exec(failure.message);
  if (form === null)
    return failure.code === "not_found" ? systemError("ENOENT", { syscall, path, dest }) : failure;
  const [, code, words, reportedCall, reportedPath, reportedDest] = form;
  if (reportedPath === undefined)
    return systemError(code, reportedCall === undefined ? { syscall, path, dest }
      : { syscall: reportedCall }, words);
  const isSame = reportedPath === (args.path ?? args.from ?? args.target ?? reportedPath);
  return systemError(code, {
    syscall: isSame ? syscall : reportedCall,
    path: pathOf(args.path ?? args.from, path, reportedPath),
    dest: reportedDest === undefined ? undefined : dest,
  }, words);
}
