// SPDX-License-Identifier: MIT
/** `fetch`, `Request` and `Response`, as the Fetch standard has them for a server. */
import { info } from "isopod:native";
import { call, HostcallError, notify } from "isopod:core";
import { Buffer } from "node:buffer";
import { freeze, Headers } from "isopod:web/headers";
import { ReadableStream } from "isopod:web/streams";
import { Body, cloneSource, extractBody, hasBody, takeBytes, type BodySource } from "./body";
import { fromBase64, kHostHeaders, networkError, nextRequestId, toBase64 } from "isopod:web/fetch_host";

const kNullBodyStatus = new Set([101, 204, 205, 304]);
const kRedirectStatus = new Set([301, 302, 303, 307, 308]);

// ---- Request ----

function urlOf(input: any): string {
  let url: URL;
  try {
    url = new URL(String(input));
  } catch (cause) {
    throw new TypeError(`Failed to parse URL from ${String(input)}`, { cause });
  }
  if (url.username !== "" || url.password !== "") {
    throw new TypeError(
      `Request cannot be constructed from a URL that includes credentials: ${String(input)}`);
  }
  return url.href;
}

function methodOf(method: unknown): string {
  const text = String(method);
  if (!/^[!#$%&'*+\-.^_`|~0-9a-zA-Z]+$/.test(text) || /^(connect|trace|track)$/i.test(text))
    throw new TypeError(`'${text}' is not a valid HTTP method.`);
  return /^(delete|get|head|options|post|put)$/i.test(text) ? text.toUpperCase() : text;
}

function choice(value: unknown, name: string, words: string[]): string {
  const word = String(value);
  if (words.includes(word)) return word;
  throw new TypeError(`Request constructor: ${word} is not an accepted type of ${name}.`);
}

/** The body of a new request, given or taken over from another one. */
function requestBody(input: any, init: any, method: string): BodySource | null {
  const given = init.body !== undefined && init.body !== null ? extractBody(init.body) : null;
  if (given?.stream !== undefined && init.duplex === undefined)
    throw new TypeError("RequestInit: duplex option is required when sending a body.");
  const inherits = given === null && init.body === undefined && input instanceof Request &&
    hasBody(input);
  if ((given !== null || inherits) && (method === "GET" || method === "HEAD"))
    throw new TypeError("Request with GET/HEAD method cannot have body.");
  if (!inherits) return given;
  if (input.bodyUsed)
    throw new TypeError("Cannot construct a Request with a Request object that has already been used.");
  return { stream: input.body!, type: null };
}

export class Request extends Body {
  readonly #url: string;
  readonly #method: string;
  readonly #headers: Headers;
  readonly #signal: AbortSignal;
  readonly #options: any;

  constructor(input: any, init: any = {}) {
    init ??= {};
    const from = input instanceof Request ? input : undefined;
    const url = from === undefined ? urlOf(input) : from.url;
    const method = init.method === undefined ? from?.method ?? "GET" : methodOf(init.method);
    const source = requestBody(input, init, method);
    super(source);
    this.#url = url;
    this.#method = method;
    this.#headers = new Headers(init.headers ?? from?.headers);
    if (source?.type && !this.#headers.has("content-type"))
      this.#headers.set("content-type", source.type);
    const signal = init.signal === undefined ? from?.signal : init.signal;
    if (signal !== undefined && signal !== null && !(signal instanceof AbortSignal))
      throw new TypeError("RequestInit: the signal is not an AbortSignal.");
    this.#signal = signal ? AbortSignal.any([signal]) : new AbortController().signal;
    this.#options = {
      redirect: init.redirect === undefined ? from?.redirect ?? "follow"
        : choice(init.redirect, "RequestRedirect", ["follow", "error", "manual"]),
      cache: init.cache ?? from?.cache ?? "default",
      credentials: init.credentials ?? from?.credentials ?? "same-origin",
      mode: init.mode ?? from?.mode ?? "cors",
      integrity: init.integrity ?? from?.integrity ?? "",
      keepalive: Boolean(init.keepalive ?? from?.keepalive),
      referrer: init.referrer ?? from?.referrer ?? "about:client",
      referrerPolicy: init.referrerPolicy ?? from?.referrerPolicy ?? "",
    };
  }

  get url(): string { return this.#url; }
  get method(): string { return this.#method; }
  get headers(): Headers { return this.#headers; }
  get signal(): AbortSignal { return this.#signal; }
  get redirect(): string { return this.#options.redirect; }
  get cache(): string { return this.#options.cache; }
  get credentials(): string { return this.#options.credentials; }
  get mode(): string { return this.#options.mode; }
  get integrity(): string { return this.#options.integrity; }
  get keepalive(): boolean { return this.#options.keepalive; }
  get referrer(): string { return this.#options.referrer; }
  get referrerPolicy(): string { return this.#options.referrerPolicy; }
  get destination(): string { return ""; }
  get duplex(): string { return "half"; }

  clone(): Request {
    const source = cloneSource(this);
    const { url, method, headers, signal } = this;
    const body = source === null ? undefined : source.stream ?? source.bytes;
    return new Request(url, { ...this.#options, method, headers, signal, body, duplex: "half" });
  }

  get [Symbol.toStringTag](): string { return "Request"; }
}

// ---- Response ----

interface Facts {
  url: string;
  redirected: boolean;
  type: string;
}
const kInner = Symbol("inner");

/** A response that no constructor of the guest makes: status 0, headers that cannot change. */
function innerResponse(source: BodySource | null, init: any, facts: Facts): Response {
  return new (Response as any)(kInner, { source, init, facts });
}

export class Response extends Body {
  readonly #status: number;
  readonly #statusText: string;
  readonly #headers: Headers;
  readonly #facts: Facts;

  constructor(body: any = null, init: any = {}) {
    init ??= {};
    const inner = body === kInner ? init : undefined;
    const options = inner === undefined ? init : inner.init;
    const status = options.status === undefined ? 200 : Math.trunc(Number(options.status)) || 0;
    if (inner === undefined && (status < 200 || status > 599))
      throw new RangeError('init["status"] must be in the range of 200 to 599, inclusive.');
    const statusText = String(options.statusText ?? "");
    if (/[^\t\x20-\x7e\x80-\xff]/.test(statusText)) throw new TypeError("Invalid statusText");
    const headers = new Headers(options.headers);
    const source = inner === undefined ? extractBody(body) : inner.source;
    if (inner === undefined && source !== null && kNullBodyStatus.has(status))
      throw new TypeError(`Response constructor: Invalid response status code ${status}`);
    super(source);
    if (source?.type && !headers.has("content-type")) headers.set("content-type", source.type);
    this.#status = status;
    this.#statusText = statusText;
    this.#headers = headers;
    this.#facts = inner?.facts ?? { url: "", redirected: false, type: "default" };
  }

  get status(): number { return this.#status; }
  get statusText(): string { return this.#statusText; }
  get ok(): boolean { return this.#status >= 200 && this.#status <= 299; }
  get headers(): Headers { return this.#headers; }
  get url(): string { return this.#facts.url; }
  get redirected(): boolean { return this.#facts.redirected; }
  get type(): string { return this.#facts.type; }

  clone(): Response {
    const source = cloneSource(this);
    const { status, statusText, headers } = this;
    const copy = innerResponse(source, { status, statusText, headers }, this.#facts);
    if (this.#facts.url !== "") freeze(copy.headers);
    return copy;
  }

  static error(): Response {
    const response = innerResponse(null, { status: 0 }, { url: "", redirected: false, type: "error" });
    freeze(response.headers);
    return response;
  }

  static json(data: any, init: any = {}): Response {
    const text = JSON.stringify(data);
    if (text === undefined) throw new TypeError("Value is not JSON serializable");
    const response = new Response(text, init);
    if (!new Headers(init?.headers).has("content-type"))
      response.headers.set("content-type", "application/json");
    return response;
  }

  static redirect(url: string, status: number = 302): Response {
    let target: string;
    try {
      target = new URL(String(url)).href;
    } catch (cause) {
      throw new TypeError(`Failed to parse URL from ${url}`, { cause });
    }
    if (!kRedirectStatus.has(Number(status))) throw new RangeError(`Invalid status code ${status}`);
    const response = new Response(null, { status, headers: { location: target } });
    freeze(response.headers);
    return response;
  }

  get [Symbol.toStringTag](): string { return "Response"; }
}

// ---- fetch ----

/** A body that is not read is fetched this far, so that a short one does not stay open. */
const kAheadBytes = 65536;

const cancelRequest = (id: number) => notify("http.cancel", { id });
const abandoned = new FinalizationRegistry<number>(cancelRequest);

/** The body of a response as it comes. Ends the request at the host, however it ends itself. */
function responseStream(id: number, signal: AbortSignal): ReadableStream {
  let controller!: any;
  const key = {};
  const done = () => {
    abandoned.unregister(key);
    signal.removeEventListener("abort", onAbort);
  };
  const onAbort = () => {
    done();
    cancelRequest(id);
    controller.error(signal.reason);
  };
  const stream = new ReadableStream({
    type: "bytes",
    start(given: any) { controller = given; },
    async pull(given: any) {
      try {
        const { data, end } = await call("http.next", { id });
        if (signal.aborted) return;
        if (data !== "") given.enqueue(fromBase64(data));
        if (!end) return;
        done();
        given.close();
      } catch (error) {
        if (signal.aborted) return;
        done();
        throw new TypeError("terminated", { cause: networkError(error, "") });
      }
    },
    cancel() {
      done();
      cancelRequest(id);
    },
  }, { highWaterMark: kAheadBytes, size: (chunk: Uint8Array) => chunk.byteLength });
  abandoned.register(stream, id, key);
  if (signal.aborted) onAbort();
  else signal.addEventListener("abort", onAbort);
  return stream;
}

async function hostArguments(request: Request, id: number): Promise<any> {
  const headers = [...request.headers].filter(([name]) => !kHostHeaders.test(name));
  if (!request.headers.has("user-agent")) headers.push(["user-agent", `isopod/${info.version}`]);
  const bytes = await takeBytes(request);
  const body = bytes === undefined ? {}
    : { body: toBase64(bytes), body_encoding: "base64" };
  return {
    id, method: request.method, url: request.url, headers, redirect: request.redirect, ...body,
  };
}

function responseOf(head: any, id: number, request: Request): Response {
  const headers = new Headers();
  for (const [name, value] of head.headers) {
    try {
      headers.append(name, value);
    } catch {
      // A server may send what is no header.
    }
  }
  const isEmpty = kNullBodyStatus.has(head.status) || request.method === "HEAD";
  if (isEmpty) cancelRequest(id);
  const response = innerResponse(
    isEmpty ? null : { stream: responseStream(id, request.signal), type: null },
    { status: head.status, statusText: head.status_text, headers },
    { url: head.url, redirected: head.redirected, type: "basic" });
  freeze(response.headers);
  return response;
}

/** `data:` URLs are answered here: nothing leaves the isolate. */
function dataResponse(url: string): Response {
  const match = /^data:([^,]*?)(;base64)?,([^]*)$/i.exec(url.replace(/#.*$/, ""));
  if (match === null) throw new TypeError("fetch failed", { cause: new Error("invalid data: URL") });
  const text = match[3].replace(/%([0-9a-f]{2})/gi, (_, hex) => String.fromCharCode(parseInt(hex, 16)));
  const bytes = Uint8Array.from(Buffer.from(text, match[2] ? "base64" : "latin1"));
  const type = match[1].startsWith(";") ? `text/plain${match[1]}` : match[1];
  return innerResponse({ bytes, type: type || "text/plain;charset=US-ASCII" },
    { status: 200, statusText: "OK" }, { url, redirected: false, type: "basic" });
}

export async function fetch(input: any, init: any = {}): Promise<Response> {
  const request = new Request(input, init ?? {});
  const { signal, url } = request;
  signal.throwIfAborted();
  if (url.startsWith("data:")) return dataResponse(url);
  if (!/^https?:/.test(url)) {
    throw new TypeError("fetch failed", { cause: new Error("unknown scheme") });
  }
  const id = nextRequestId();
  let onAbort!: () => void;
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(signal.reason);
  });
  signal.addEventListener("abort", onAbort);
  let isRequested = false;
  try {
    const args = await Promise.race([hostArguments(request, id), aborted]);
    isRequested = true;
    const head = await Promise.race([call("http.request", args), aborted]);
    return responseOf(head, id, request);
  } catch (error) {
    if (signal.aborted) {
      if (isRequested) cancelRequest(id);
      throw signal.reason;
    }
    if (!(error instanceof HostcallError)) throw error;
    throw new TypeError("fetch failed", { cause: networkError(error, url) });
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}
