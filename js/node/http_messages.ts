// SPDX-License-Identifier: MIT
/** Both ends of a request that `node:http` makes: what is sent, and what comes back. */
import { call, notify, unsupportedError } from "isopod:core";
import Stream from "isopod:node/stream";
import { Buffer } from "node:buffer";
import { fromBase64, kHostHeaders, networkError, nextRequestId } from "isopod:web/fetch_host";
import { abortError, invalidType, nodeError } from "./node_errors";

const { Readable, Writable } = Stream as any;

/** Of headers that come twice, these count once; `set-cookie` is a list; the others are joined. */
const kSingle = new Set([
  "age", "authorization", "content-length", "content-type", "etag", "expires", "from", "host",
  "if-modified-since", "if-unmodified-since", "last-modified", "location", "max-forwards",
  "proxy-authorization", "referer", "retry-after", "server", "user-agent",
]);

function joinHeaders(pairs: [string, string][]): Record<string, any> {
  const headers: Record<string, any> = {};
  for (const [rawName, value] of pairs) {
    const name = rawName.toLowerCase();
    if (name === "set-cookie") (headers[name] ??= []).push(value);
    else if (!Object.hasOwn(headers, name)) headers[name] = value;
    else if (!kSingle.has(name)) headers[name] += (name === "cookie" ? "; " : ", ") + value;
  }
  return headers;
}

/** There are no sockets here; what is asked of one is answered as by one that does nothing. */
const createSocket = (isEncrypted: boolean): any => ({
  encrypted: isEncrypted, destroyed: false,
  setTimeout() { return this; }, setNoDelay() { return this; }, setKeepAlive() { return this; },
  ref() { return this; }, unref() { return this; }, on() { return this; }, once() { return this; },
  off() { return this; }, removeListener() { return this; },
});

export class IncomingMessage extends Readable {
  #id: number;
  #isAsking = false;
  #heard: () => void;

  /** `heard` is called when more of the body has come. */
  constructor(head: any, id: number, isEncrypted: boolean, heard: () => void) {
    super({ autoDestroy: true });
    this.#id = id;
    this.#heard = heard;
    this.statusCode = head.status;
    this.statusMessage = head.status_text;
    this.headers = joinHeaders(head.headers);
    this.rawHeaders = head.headers.flat();
    Object.assign(this, {
      httpVersion: "1.1", httpVersionMajor: 1, httpVersionMinor: 1, complete: false,
      aborted: false, url: "", method: null, trailers: {}, rawTrailers: [],
      socket: createSocket(isEncrypted),
    });
    this.connection = this.socket;
  }

  get headersDistinct(): Record<string, string[]> {
    const lists: Record<string, string[]> = {};
    for (let i = 0; i < this.rawHeaders.length; i += 2)
      (lists[this.rawHeaders[i].toLowerCase()] ??= []).push(this.rawHeaders[i + 1]);
    return lists;
  }

  _read(): void {
    if (this.#isAsking || this.complete) return;
    this.#isAsking = true;
    call("http.next", { id: this.#id }).then(({ data, end }) => {
      this.#isAsking = false;
      this.#heard();
      const bytes = data === "" ? undefined : fromBase64(data);
      if (end) this.complete = true;
      if (bytes !== undefined)
        this.push(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
      if (end) this.push(null);
      else if (bytes === undefined) this._read();
    }, () => {
      this.aborted = true;
      this.emit("aborted");
      this.destroy(nodeError(Error, "ECONNRESET", "aborted"));
    });
  }

  _destroy(error: any, done: (error?: any) => void): void {
    if (!this.complete) notify("http.cancel", { id: this.#id });
    done(error);
  }

  setTimeout(): this { return this; }
}

export function validateHeaderName(name: any, label = "Header name"): void {
  if (typeof name !== "string" || !/^[!#$%&'*+\-.^_`|~0-9a-zA-Z]+$/.test(name)) {
    throw nodeError(TypeError, "ERR_INVALID_HTTP_TOKEN",
      `${label} must be a valid HTTP token ["${name}"]`);
  }
}

export function validateHeaderValue(name: string, value: any): void {
  if (value === undefined) {
    throw nodeError(TypeError, "ERR_HTTP_INVALID_HEADER_VALUE",
      `Invalid value "${value}" for header "${name}"`);
  }
  if (/[^\t\x20-\x7e\x80-\xff]/.test(String(value))) {
    throw nodeError(TypeError, "ERR_INVALID_CHAR", `Invalid character in header content ["${name}"]`);
  }
}

/** The options of `request`, from a URL, options, or both. */
export function readOptions(input: any, options: any): any {
  let given = options ?? {};
  const isUrl = typeof input?.href === "string" && "searchParams" in input;
  if (typeof input === "string" || isUrl) {
    const url = new URL(isUrl ? input.href : input);
    const auth = url.username === "" && url.password === "" ? {}
      : { auth: `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}` };
    given = {
      protocol: url.protocol, hostname: url.hostname, port: url.port,
      path: `${url.pathname}${url.search}`, ...auth, ...given,
    };
  } else if (typeof input === "object" && input !== null) {
    given = { ...input, ...given };
  } else {
    throw invalidType("url", "of type string or an instance of URL or Object", input);
  }
  return given;
}

function urlOf(options: any): string {
  const protocol = options.protocol ?? options.defaultProtocol;
  if (protocol !== options.defaultProtocol) {
    throw nodeError(TypeError, "ERR_INVALID_PROTOCOL",
      `Protocol "${protocol}" not supported. Expected "${options.defaultProtocol}"`);
  }
  if (options.socketPath) throw unsupportedError("node:http.request over a socket file");
  let host = String(options.hostname || options.host || "localhost");
  if (host.includes(":") && !host.startsWith("[")) host = `[${host}]`;
  const path = String(options.path ?? "/");
  if (/[^\x21-\xff]/.test(path)) {
    throw nodeError(TypeError, "ERR_UNESCAPED_CHARACTERS",
      "Request path contains unescaped characters");
  }
  const port = options.port || options.defaultPort;
  return `${protocol}//${host}${port ? `:${port}` : ""}${path.startsWith("/") ? "" : "/"}${path}`;
}

export class ClientRequest extends Writable {
  #headers = new Map<string, [name: string, value: any]>();
  #pieces: Uint8Array[] = [];
  #url: string;
  #id = 0;
  #timer: any;
  #timeout = 0;

  constructor(input: any, options: any, callback?: any) {
    super({ autoDestroy: false });
    const given = readOptions(input, typeof options === "function" ? undefined : options);
    this.#url = urlOf({ defaultProtocol: "http:", ...given });
    const { protocol, hostname, pathname, search } = new URL(this.#url);
    const method = String(given.method ?? "GET").toUpperCase();
    validateHeaderName(method, "Method");
    Object.assign(this, {
      method, protocol, host: hostname, path: `${pathname}${search}`, aborted: false, res: null,
      reusedSocket: false, maxHeadersCount: null, headersSent: false, agent: given.agent ?? null,
    });
    this.#addHeaders(given.headers);
    if (given.auth && !this.hasHeader("authorization"))
      this.setHeader("Authorization", `Basic ${Buffer.from(String(given.auth)).toString("base64")}`);
    const listener = typeof options === "function" ? options : callback;
    if (listener !== undefined) this.once("response", listener);
    if (given.timeout !== undefined) this.setTimeout(given.timeout);
    this.#follow(given.signal);
  }

  #addHeaders(headers: any): void {
    if (Array.isArray(headers)) {
      const pairs = Array.isArray(headers[0]) ? headers
        : headers.flatMap((name, i) => (i % 2 === 0 ? [[name, headers[i + 1]]] : []));
      for (const [name, value] of pairs) this.setHeader(name, value);
    } else {
      for (const [name, value] of Object.entries(headers ?? {}))
        if (value !== undefined) this.setHeader(name, value);
    }
  }

  #follow(signal: AbortSignal | undefined): void {
    if (signal === undefined) return;
    const stop = () => this.destroy(abortError(signal));
    if (signal.aborted) queueMicrotask(stop);
    else {
      signal.addEventListener("abort", stop, { once: true });
      this.once("close", () => signal.removeEventListener("abort", stop));
    }
  }

  setHeader(name: string, value: any): this {
    validateHeaderName(name);
    for (const one of Array.isArray(value) ? value : [value]) validateHeaderValue(name, one);
    this.#headers.set(name.toLowerCase(), [name, value]);
    return this;
  }
  appendHeader(name: string, value: any): this {
    const before = this.getHeader(name);
    return this.setHeader(name, before === undefined ? value : [before, value].flat());
  }
  getHeader(name: string): any { return this.#headers.get(String(name).toLowerCase())?.[1]; }
  hasHeader(name: string): boolean { return this.#headers.has(String(name).toLowerCase()); }
  removeHeader(name: string): void { this.#headers.delete(String(name).toLowerCase()); }
  getHeaderNames(): string[] { return [...this.#headers.keys()]; }
  getRawHeaderNames(): string[] { return [...this.#headers.values()].map(([name]) => name); }
  getHeaders(): Record<string, any> {
    return Object.fromEntries([...this.#headers].map(([name, [, value]]) => [name, value]));
  }
  flushHeaders(): void {}
  setNoDelay(): this { return this; }
  setSocketKeepAlive(): this { return this; }

  /** The event comes when nothing was heard for so long; as in Node it ends nothing by itself. */
  setTimeout(milliseconds: number, callback?: () => void): this {
    this.#timeout = Number(milliseconds) || 0;
    if (callback !== undefined) this.once("timeout", callback);
    this.#heard();
    return this;
  }
  #heard(): void {
    clearTimeout(this.#timer);
    if (this.#timeout > 0 && !this.destroyed)
      this.#timer = setTimeout(() => this.emit("timeout"), this.#timeout);
  }

  _write(chunk: any, encoding: any, done: () => void): void {
    this.#pieces.push(typeof chunk === "string" ? Buffer.from(chunk, encoding) : chunk);
    done();
  }

  _final(done: () => void): void {
    this.#id = nextRequestId();
    this.headersSent = true;
    const body = this.#pieces.length === 0 ? {}
      : { body: Buffer.concat(this.#pieces).toString("base64"), body_encoding: "base64" };
    const headers = [...this.#headers].filter(([name]) => !kHostHeaders.test(name))
      .flatMap(([, [name, value]]) => [value].flat().map((one: any) => [name, String(one)]));
    call("http.request", {
      id: this.#id, method: this.method, url: this.#url, headers, ...body, redirect: "manual",
      decompress: false,
    }).then((head) => this.#respond(head), (error) => {
      this.#id = 0;
      if (!this.destroyed) this.destroy(networkError(error, this.#url));
    });
    done();
  }

  #respond(head: any): void {
    if (this.destroyed) return;
    this.#heard();
    const response: any = new IncomingMessage(head, this.#id, this.protocol === "https:",
      () => this.#heard());
    this.res = response;
    response.req = this;
    response.once("close", () => {
      this.#id = 0;
      this.destroy();
    });
    // Nobody wants it, so nobody would ever read it to its end.
    if (!this.emit("response", response)) response.resume();
  }

  abort(): void {
    this.aborted = true;
    this.destroy();
  }

  _destroy(error: any, done: (error?: any) => void): void {
    clearTimeout(this.#timer);
    if (this.res === null && error === null) error = nodeError(Error, "ECONNRESET", "socket hang up");
    if (this.res !== null && !this.res.complete && !this.res.destroyed)
      this.res.destroy(error ?? nodeError(Error, "ECONNRESET", "aborted"));
    else if (this.#id !== 0) notify("http.cancel", { id: this.#id });
    this.#id = 0;
    done(this.res === null ? error : null);
  }
}
