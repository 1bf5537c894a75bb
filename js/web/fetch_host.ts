// SPDX-License-Identifier: MIT
/** What `fetch` and `node:http` share about the host's side of a request. */

import { Buffer } from "node:buffer";

let lastId = 0;

/** Headers that frame a message or speak to the next hop: the host writes them, by lower-case name. */
export const kHostHeaders =
  /^(connection|content-length|expect|host|keep-alive|te|trailer|transfer-encoding|upgrade|proxy-.*)$/;

// The engine's own functions are many times faster; not every engine has them.
const nativeFrom = (Uint8Array as any).fromBase64;
const nativeTo = (Uint8Array.prototype as any).toBase64;

/** Bytes of their own: small buffers of Node's kind would share their memory with others. */
export const fromBase64 = (text: string): Uint8Array =>
  (nativeFrom === undefined ? Uint8Array.from(Buffer.from(text, "base64"))
    : Reflect.apply(nativeFrom, Uint8Array, [text]));

export const toBase64 = (bytes: Uint8Array): string =>
  (nativeTo === undefined
    ? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64")
    : Reflect.apply(nativeTo, bytes, []));

/** Ids of requests are the extension's to choose. All who make requests choose here. */
export const nextRequestId = (): number => ++lastId;

/**
 * The error behind a request that failed. What the network said gets the code and wording of Node;
 * a denial and everything else stays as it is.
 */
export function networkError(error: any, url: string): any {
  const match = /^([A-Z][A-Z0-9_]+): ([^]*)$/.exec(error?.message ?? "");
  if (match === null) return error?.code === "io" ? new Error(error.message) : error;
  const [, code, detail] = match;
  const syscall = code === "ENOTFOUND" ? "getaddrinfo"
    : /^E(CONNREFUSED|HOSTUNREACH|NETUNREACH|ADDRNOTAVAIL)$/.test(code) ? "connect" : undefined;
  const { hostname, host } = url === "" ? { hostname: "", host: "" } : new URL(url);
  const place = syscall === "getaddrinfo" ? hostname : host;
  const made: any = new Error(syscall === undefined ? detail : `${syscall} ${code} ${place}`);
  made.code = code;
  if (syscall !== undefined) made.syscall = syscall;
  if (syscall === "getaddrinfo") made.hostname = hostname;
  return made;
}
