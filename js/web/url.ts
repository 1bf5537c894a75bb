// SPDX-License-Identifier: MIT
/** `URL` and `URLSearchParams`. */
import { decodeForm, encodeForm, isInUserinfo, percentEncode } from "./url_encoding";
import { ParseFailure, parseHost } from "./url_host";
import {
  encodeFragment, encodeQuery, isSpecial, kDefaultPorts, parsePath, parsePort,
  parseUrl, serializePath, serializeUrl, splitPort, type UrlRecord,
} from "./url_parser";

export function domainToASCII(domain: string): string {
  try {
    return parseHost(String(domain), false);
  } catch {
    return "";
  }
}

const kCustomInspect = Symbol.for("nodejs.util.inspect.custom");

// Set by URL, so that the query of a URL and its parameters stay the same.
let onChange: WeakMap<URLSearchParams, () => void> | undefined;
let replaceList: (params: URLSearchParams, query: string) => void;

function parseQuery(query: string): [string, string][] {
  return query.split("&").filter((part) => part !== "").map((part) => {
    const equals = part.indexOf("=");
    return equals < 0 ? [decodeForm(part), ""]
      : [decodeForm(part.slice(0, equals)), decodeForm(part.slice(equals + 1))];
  });
}

const textOf = (value: unknown): string => String(value).toWellFormed();

export class URLSearchParams {
  #list: [string, string][] = [];

  static {
    replaceList = (params, query) => { params.#list = parseQuery(query); };
  }

  constructor(init: any = "") {
    if (init === null || init === undefined) return;
    if (typeof init !== "object" && typeof init !== "function") {
      this.#list = parseQuery(textOf(init).replace(/^\?/, ""));
    } else if (typeof init[Symbol.iterator] === "function") {
      for (const pair of init) {
        const items = typeof pair === "object" && pair !== null ? [...pair] : [];
        if (items.length !== 2) {
          const error =
            new TypeError("Each query pair must be an iterable [name, value] tuple") as any;
          error.code = "ERR_INVALID_TUPLE";
          throw error;
        }
        this.#list.push([textOf(items[0]), textOf(items[1])]);
      }
    } else {
      for (const name of Object.keys(init)) this.#list.push([textOf(name), textOf(init[name])]);
    }
  }

  #changed(): void {
    onChange?.get(this)?.();
  }

  get size(): number { return this.#list.length; }

  append(name: string, value: string): void {
    this.#list.push([textOf(name), textOf(value)]);
    this.#changed();
  }

  delete(name: string, value?: string): void {
    const [wanted, wantedValue] = [textOf(name), value === undefined ? undefined : textOf(value)];
    this.#list = this.#list.filter(([key, item]) =>
      key !== wanted || (wantedValue !== undefined && item !== wantedValue));
    this.#changed();
  }

  get(name: string): string | null {
    const wanted = textOf(name);
    return this.#list.find(([key]) => key === wanted)?.[1] ?? null;
  }

  getAll(name: string): string[] {
    const wanted = textOf(name);
    return this.#list.filter(([key]) => key === wanted).map(([, value]) => value);
  }

  has(name: string, value?: string): boolean {
    const [wanted, wantedValue] = [textOf(name), value === undefined ? undefined : textOf(value)];
    return this.#list.some(([key, item]) =>
      key === wanted && (wantedValue === undefined || item === wantedValue));
  }

  set(name: string, value: string): void {
    const [key, text] = [textOf(name), textOf(value)];
    const index = this.#list.findIndex(([other]) => other === key);
    if (index < 0) {
      this.#list.push([key, text]);
    } else {
      this.#list = this.#list.filter(([other], i) => other !== key || i === index);
      this.#list[index] = [key, text];
    }
    this.#changed();
  }

  sort(): void {
    this.#list.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
    this.#changed();
  }

  forEach(callback: (value: string, key: string, params: this) => void, self?: unknown): void {
    if (typeof callback !== "function") {
      throw new TypeError('The "callback" argument must be of type function.');
    }
    for (const [key, value] of this) callback.call(self, value, key, this);
  }

  *entries(): Generator<[string, string]> {
    for (let i = 0; i < this.#list.length; i++) yield [...this.#list[i]];
  }
  *keys(): Generator<string> { for (const [key] of this.entries()) yield key; }
  *values(): Generator<string> { for (const [, value] of this.entries()) yield value; }
  [Symbol.iterator](): Generator<[string, string]> { return this.entries(); }

  toString(): string {
    return this.#list.map(([key, value]) => `${encodeForm(key)}=${encodeForm(value)}`).join("&");
  }

  get [Symbol.toStringTag](): string { return "URLSearchParams"; }
  [kCustomInspect](_depth: number, _options: object, inspect: (value: unknown) => string): string {
    const items = this.#list.map(([key, value]) => `${inspect(key)} => ${inspect(value)}`);
    return items.length === 0 ? "URLSearchParams {}" : `URLSearchParams { ${items.join(", ")} }`;
  }
}

function invalidUrl(input: string, base?: string): never {
  const error = new TypeError("Invalid URL") as any;
  error.code = "ERR_INVALID_URL";
  error.input = input;
  if (base !== undefined) error.base = base;
  throw error;
}

function parse(input: string, base?: string): UrlRecord | undefined {
  try {
    return parseUrl(input, base === undefined ? undefined : parseUrl(base));
  } catch (error) {
    if (error instanceof ParseFailure) return undefined;
    throw error;
  }
}

/** Runs a setter's parse; an invalid value leaves the URL as it was. */
function attempt(change: () => void): void {
  try {
    change();
  } catch (error) {
    if (!(error instanceof ParseFailure)) throw error;
  }
}

const withoutTabs = (text: string) => textOf(text).replace(/[\t\n\r]/g, "");

export class URL {
  #url: UrlRecord;
  #params: URLSearchParams | undefined;

  constructor(input: string | URL, base?: string | URL) {
    if (arguments.length === 0) {
      const error = new TypeError('The "url" argument must be specified') as any;
      error.code = "ERR_MISSING_ARGS";
      throw error;
    }
    const [text, baseText] = [String(input), base === undefined ? undefined : String(base)];
    this.#url = parse(text, baseText) ?? invalidUrl(text, baseText);
  }

  static canParse(input: string | URL, base?: string | URL): boolean {
    return parse(String(input), base === undefined ? undefined : String(base)) !== undefined;
  }

  static parse(input: string | URL, base?: string | URL): URL | null {
    return URL.canParse(input, base) ? new URL(input, base) : null;
  }

  static createObjectURL(): never {
    throw new Error("URL.createObjectURL is not supported by this version of isopod");
  }
  static revokeObjectURL(): void {}

  get href(): string { return serializeUrl(this.#url); }
  set href(value: string) {
    this.#url = parse(String(value)) ?? invalidUrl(String(value));
    if (this.#params !== undefined) replaceList(this.#params, this.#url.query ?? "");
  }

  get origin(): string {
    const { scheme, host, port, path } = this.#url;
    if (scheme === "blob" && typeof path === "string") {
      const inner = parse(path);
      return inner !== undefined && /^https?$/.test(inner.scheme) ? new URL(path).origin : "null";
    }
    if (!isSpecial(scheme) || scheme === "file") return "null";
    return `${scheme}://${host}${port === null ? "" : `:${port}`}`;
  }

  get protocol(): string { return `${this.#url.scheme}:`; }
  set protocol(value: string) {
    const match = /^([a-zA-Z][a-zA-Z0-9+.-]*)(:|$)/.exec(withoutTabs(value));
    const url = this.#url;
    if (match === null) return;
    const scheme = match[1].toLowerCase();
    if (isSpecial(scheme) !== isSpecial(url.scheme)) return;
    if (scheme === "file" && (this.#hasCredentials() || url.port !== null)) return;
    if (url.scheme === "file" && (url.host === "" || url.host === null)) return;
    url.scheme = scheme;
    if (url.port === kDefaultPorts[scheme]) url.port = null;
  }

  #hasCredentials(): boolean { return this.#url.username !== "" || this.#url.password !== ""; }
  #canHaveCredentials(): boolean {
    return this.#url.host !== null && this.#url.host !== "" && this.#url.scheme !== "file";
  }

  get username(): string { return this.#url.username; }
  set username(value: string) {
    if (this.#canHaveCredentials()) this.#url.username = percentEncode(textOf(value), isInUserinfo);
  }

  get password(): string { return this.#url.password; }
  set password(value: string) {
    if (this.#canHaveCredentials()) this.#url.password = percentEncode(textOf(value), isInUserinfo);
  }

  get host(): string {
    const { host, port } = this.#url;
    return host === null ? "" : `${host}${port === null ? "" : `:${port}`}`;
  }
  set host(value: string) { this.#setHost(value, true); }
  get hostname(): string { return this.#url.host ?? ""; }
  set hostname(value: string) { this.#setHost(value, false); }

  #setHost(value: string, mayHavePort: boolean): void {
    const url = this.#url;
    if (typeof url.path === "string") return;
    const end = isSpecial(url.scheme) ? /[/\\?#]/ : /[/?#]/;
    const text = withoutTabs(value).split(end)[0];
    // A file URL has no port, so there a colon is part of the host, and an invalid one.
    const { host, port } =
      url.scheme === "file" ? { host: text, port: undefined } : splitPort(text);
    if (port !== undefined && !mayHavePort) return;
    attempt(() => {
      if (host === "") {
        const isKept = isSpecial(url.scheme) && url.scheme !== "file";
        if (isKept || this.#hasCredentials() || url.port !== null || port !== undefined) return;
        url.host = "";
        return;
      }
      const parsed = parseHost(host, !isSpecial(url.scheme));
      url.host = url.scheme === "file" && parsed === "localhost" ? "" : parsed;
      const digits = /^[0-9]+/.exec(port ?? "");
      if (digits !== null && url.scheme !== "file") url.port = parsePort(digits[0], url.scheme);
    });
  }

  get port(): string { return this.#url.port === null ? "" : String(this.#url.port); }
  set port(value: string) {
    if (!this.#canHaveCredentials()) return;
    const text = withoutTabs(value);
    const digits = /^[0-9]+/.exec(text);
    if (text === "") this.#url.port = null;
    else if (digits !== null) {
      attempt(() => { this.#url.port = parsePort(digits[0], this.#url.scheme); });
    }
  }

  get pathname(): string { return serializePath(this.#url); }
  set pathname(value: string) {
    const url = this.#url;
    if (typeof url.path === "string") return;
    const text = withoutTabs(value);
    const start = (isSpecial(url.scheme) ? /^[/\\]/ : /^\//).test(text) ? 1 : 0;
    // A "?" or "#" here is part of the path.
    url.path = text === "" && !isSpecial(url.scheme) && url.host !== null ? []
      : parsePath(url.scheme, text.slice(start).replaceAll("#", "%23"), []);
  }

  get search(): string { return this.#url.query ? `?${this.#url.query}` : ""; }
  set search(value: string) {
    const text = withoutTabs(value).replace(/^\?/, "");
    this.#url.query = withoutTabs(value) === "" ? null : encodeQuery(text, this.#url.scheme);
    if (this.#params !== undefined) replaceList(this.#params, this.#url.query ?? "");
  }

  get searchParams(): URLSearchParams {
    if (this.#params === undefined) {
      this.#params = new URLSearchParams(this.#url.query ?? "");
      const params = this.#params;
      (onChange ??= new WeakMap()).set(params, () => {
        const text = params.toString();
        this.#url.query = text === "" ? null : text;
      });
    }
    return this.#params;
  }

  get hash(): string { return this.#url.fragment ? `#${this.#url.fragment}` : ""; }
  set hash(value: string) {
    const text = withoutTabs(value);
    this.#url.fragment = text === "" ? null : encodeFragment(text.replace(/^#/, ""));
  }

  toString(): string { return this.href; }
  toJSON(): string { return this.href; }

  get [Symbol.toStringTag](): string { return "URL"; }
  [kCustomInspect](
    depth: number, options: object, inspect: (value: unknown, options: object) => string): string {
    if (depth !== null && depth < 0) return "[URL]";
    const {
      href,
      origin,
      protocol,
      username,
      password,
      host,
      hostname,
      port,
      pathname,
      search,
      searchParams,
      hash
    } = this;
    return `URL ${
      inspect({
        href,
        origin,
        protocol,
        username,
        password,
        host,
        hostname,
        port,
        pathname,
        search,
        searchParams,
        hash
      },
        options)}`;
  }
}

for (const type of [URL, URLSearchParams]) {
  for (const name of Object.getOwnPropertyNames(type.prototype)) {
    if (name !== "constructor") Object.defineProperty(type.prototype, name, { enumerable: true });
  }
}
