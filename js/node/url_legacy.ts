// SPDX-License-Identifier: MIT
/** The URL objects of Node's first interface: `url.parse`, `url.format`, `url.resolve`. */
import { domainToASCII } from "isopod:web/url";
import { decodeLabel } from "../web/punycode";
import { invalidType } from "./node_errors";

const kForm = /^([a-zA-Z][a-zA-Z0-9+.-]*:)?(\/\/)?([\s\S]*)$/;
const kSlashed = new Set(["http:", "https:", "ftp:", "gopher:", "file:", "ws:", "wss:"]);
const kWithoutHost = new Set(["javascript:"]);

export class Url {
  protocol: string | null = null;
  slashes: boolean | null = null;
  auth: string | null = null;
  host: string | null = null;
  port: string | null = null;
  hostname: string | null = null;
  hash: string | null = null;
  search: string | null = null;
  query: any = null;
  pathname: string | null = null;
  path: string | null = null;
  href = "";

  format(): string { return formatUrl(this); }
  resolve(relative: string): string { return resolve(this.href, relative); }
}

const escapeOne = (character: string): string =>
  `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`;
const escapeRest = (text: string): string => text.replace(/[\s"<>\\^`{|}']/g, (character) =>
  (character === "\\" ? "/" : escapeOne(character)));

function setHost(url: Url, authority: string): void {
  const at = authority.lastIndexOf("@");
  if (at >= 0) url.auth = decodeURIComponent(authority.slice(0, at));
  const host = authority.slice(at + 1);
  const port = /:(\d*)$/.exec(host);
  const name = port === null ? host : host.slice(0, port.index);
  if (port !== null && port[1] !== "") [, url.port] = port;
  const lower = name.toLowerCase();
  const isAddress = /^\[.*\]$/.test(lower);
  url.hostname = isAddress ? lower.slice(1, -1) : domainToASCII(lower) || lower;
  const ending = url.port === null ? "" : `:${url.port}`;
  url.host = (isAddress ? `[${url.hostname}]` : url.hostname) + ending;
}

export function parse(given: any, parseQuery = false, slashesDenoteHost = false): Url {
  if (given instanceof Url) return given;
  if (typeof given !== "string") throw invalidType("url", "of type string", given);
  const url = new Url();
  const trimmed = given.trim();
  const cut = trimmed.search(/[?#]/);
  const front = (cut < 0 ? trimmed : trimmed.slice(0, cut)).replaceAll("\\", "/");
  const [, protocol, slashes, rest] = kForm.exec(front + (cut < 0 ? "" : trimmed.slice(cut)))!;
  if (protocol !== undefined) url.protocol = protocol.toLowerCase();
  let left = rest;
  const isMarked = slashes !== undefined && !kWithoutHost.has(url.protocol ?? "") &&
    (protocol !== undefined || slashesDenoteHost || /^[^/]+@/.test(rest));
  // A protocol nobody knows has a host at once, as in "mailto:a@b.c".
  const isUnknown = url.protocol !== null && slashes === undefined &&
    !kSlashed.has(url.protocol) && !kWithoutHost.has(url.protocol);
  if (isMarked) url.slashes = true;
  if (isMarked || isUnknown) {
    const [authority] = /^[^/?#]*/.exec(rest)!;
    setHost(url, authority);
    left = rest.slice(authority.length);
  } else if (slashes !== undefined) {
    left = slashes + rest;
  }
  const [, pathname, search, hash] = /^([^?#]*)(\?[^#]*)?(#[\s\S]*)?$/.exec(escapeRest(left))!;
  if (hash !== undefined) url.hash = hash;
  if (search !== undefined) url.search = search;
  if (search !== undefined || parseQuery) {
    const query = (search ?? "?").slice(1);
    url.query = parseQuery ? queryOf(query) : query;
  }
  url.pathname = pathname !== "" ? pathname
    : kSlashed.has(url.protocol ?? "") && url.hostname ? "/" : null;
  if (url.pathname !== null || url.search) url.path = (url.pathname ?? "") + (url.search ?? "");
  url.href = formatUrl(url);
  return url;
}

function queryOf(text: string): any {
  const query = Object.create(null);
  for (const [name, value] of new URLSearchParams(text)) {
    if (query[name] === undefined) query[name] = value;
    else query[name] = [query[name], value].flat();
  }
  return query;
}

function queryText(query: any): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query))
    for (const one of [value].flat()) parameters.append(name, String(one ?? ""));
  return parameters.toString();
}

export function formatUrl(given: any): string {
  if (typeof given === "string") return parse(given).href;
  if (typeof given !== "object" || given === null)
    throw invalidType("urlObject", "one of type object or string", given);
  let protocol: string = given.protocol ?? "";
  if (protocol !== "" && !protocol.endsWith(":")) protocol += ":";
  const auth = given.auth ? `${encodeURIComponent(given.auth).replace(/%3A/i, ":")}@` : "";
  let host: string | undefined;
  if (given.host) {
    host = auth + given.host;
  } else if (given.hostname) {
    const name = given.hostname.includes(":") ? `[${given.hostname}]` : given.hostname;
    host = auth + name + (given.port ? `:${given.port}` : "");
  }
  let pathname: string = (given.pathname ?? "").replace(/[?#]/g, encodeURIComponent);
  const isQuery = given.query !== null && typeof given.query === "object";
  const query = isQuery ? queryText(given.query) : "";
  let search: string = given.search ?? (query === "" ? "" : `?${query}`);
  let hash: string = given.hash ?? "";
  if (given.slashes || (protocol === "" || kSlashed.has(protocol)) && host !== undefined) {
    host = `//${host ?? ""}`;
    if (pathname !== "" && !pathname.startsWith("/")) pathname = `/${pathname}`;
  }
  if (hash !== "" && !hash.startsWith("#")) hash = `#${hash}`;
  if (search !== "" && !search.startsWith("?")) search = `?${search}`;
  return `${protocol}${host ?? ""}${pathname}${search.replaceAll("#", "%23")}${hash}`;
}

/** As a browser follows a link on the page `from`, which may be a path only. */
export function resolve(from: string, to: string): string {
  if (URL.canParse?.(from) ?? canParse(from)) return new URL(to, from).href;
  if (canParse(to)) return new URL(to).href;
  const kBase = "resolve://base/";
  const full = new URL(to, new URL(from, kBase)).href;
  const text = full.slice(kBase.length - 1);
  return from.startsWith("/") || to.startsWith("/") ? text : text.slice(1);
}

function canParse(text: string): boolean {
  try {
    return Boolean(new URL(text));
  } catch {
    return false;
  }
}

export function domainToUnicode(domain: any): string {
  return domainToASCII(String(domain)).split(".").map((label) =>
    (label.startsWith("xn--") ? decodeLabel(label.slice(4)) ?? label : label)).join(".");
}
