// SPDX-License-Identifier: MIT
/** The URL Standard's parser, part by part instead of character by character. */
import {
  isInC0, isInFragment, isInPath, isInQuery, isInSpecialQuery, isInUserinfo, percentEncode,
} from "./url_encoding";
import { ParseFailure, parseHost } from "./url_host";

export interface UrlRecord {
  scheme: string;
  username: string;
  password: string;
  /** null: none; "": the empty host of file URLs. */
  host: string | null;
  port: number | null;
  /** A string for opaque paths such as that of "mailto:x". */
  path: string | string[];
  query: string | null;
  fragment: string | null;
}

export const kDefaultPorts: Record<string, number | null> = {
  __proto__: null as any, "http": 80, "https": 443, "ws": 80, "wss": 443, "ftp": 21, "file": null,
};
export const isSpecial = (scheme: string): boolean => scheme in kDefaultPorts;

const fail = (): never => {
  throw new ParseFailure();
};

const isDriveLetter = (part: string) => /^[a-zA-Z][:|]$/.test(part);
const startsWithDriveLetter = (text: string) => /^[a-zA-Z][:|]([/\\?#]|$)/.test(text);
const isSingleDot = (part: string) => /^(\.|%2e)$/i.test(part);
const isDoubleDot = (part: string) => /^(\.|%2e){2}$/i.test(part);

function shorten(scheme: string, path: string[]): void {
  const isDriveOnly = scheme === "file" && path.length === 1 && /^[a-zA-Z]:$/.test(path[0]);
  if (!isDriveOnly) path.pop();
}

/** Adds the segments of `text` to `path`. */
export function parsePath(scheme: string, text: string, path: string[]): string[] {
  const separator = isSpecial(scheme) ? /[/\\]/ : /\//;
  const parts = text.split(separator);
  parts.forEach((raw, i) => {
    const isLast = i === parts.length - 1;
    if (isDoubleDot(raw)) {
      shorten(scheme, path);
      if (isLast) path.push("");
    } else if (isSingleDot(raw)) {
      if (isLast) path.push("");
    } else {
      let part = percentEncode(raw, isInPath);
      if (scheme === "file" && path.length === 0 && isDriveLetter(part)) part = `${part[0]}:`;
      path.push(part);
    }
  });
  return path;
}

export function parsePort(text: string, scheme: string): number | null {
  if (text === "") return null;
  if (!/^[0-9]+$/.test(text) || Number(text) > 65535) return fail();
  return Number(text) === kDefaultPorts[scheme] ? null : Number(text);
}

function parseAuthority(text: string, url: UrlRecord): void {
  const at = text.lastIndexOf("@");
  if (at >= 0) {
    const credentials = text.slice(0, at);
    const colon = credentials.indexOf(":");
    url.username =
      percentEncode(colon < 0 ? credentials : credentials.slice(0, colon), isInUserinfo);
    url.password = colon < 0 ? "" : percentEncode(credentials.slice(colon + 1), isInUserinfo);
  }
  const hostAndPort = text.slice(at + 1);
  if (at >= 0 && hostAndPort === "") fail();
  const { host, port } = splitPort(hostAndPort);
  if (host === "" && (isSpecial(url.scheme) || at >= 0 || port !== undefined)) fail();
  url.host = host === "" ? "" : parseHost(host, !isSpecial(url.scheme));
  url.port = port === undefined ? null : parsePort(port, url.scheme);
}

/** A colon inside the brackets of an IPv6 address does not start the port. */
export function splitPort(text: string): { host: string; port?: string } {
  let isInBrackets = false;
  for (let i = 0; i < text.length; i++) {
    if (text[i] === "[") isInBrackets = true;
    else if (text[i] === "]") isInBrackets = false;
    else if (text[i] === ":" && !isInBrackets) {
      return { host: text.slice(0, i), port: text.slice(i + 1) };
    }
  }
  return { host: text };
}

export const encodeQuery = (text: string, scheme: string): string =>
  percentEncode(text, isSpecial(scheme) ? isInSpecialQuery : isInQuery);
export const encodeFragment = (text: string): string => percentEncode(text, isInFragment);

/** The part before query and fragment, with both stored in the URL. */
function takeQueryAndFragment(text: string, url: UrlRecord): string {
  const hash = text.indexOf("#");
  if (hash >= 0) {
    url.fragment = encodeFragment(text.slice(hash + 1));
    text = text.slice(0, hash);
  }
  const mark = text.indexOf("?");
  if (mark >= 0) {
    url.query = encodeQuery(text.slice(mark + 1), url.scheme);
    text = text.slice(0, mark);
  }
  return text;
}

export const emptyRecord = (scheme: string): UrlRecord => ({
  scheme, username: "", password: "", host: null, port: null, path: [], query: null, fragment: null,
});

const copyPath = (path: string | string[]): string | string[] =>
  typeof path === "string" ? path : [...path];

function inherit(url: UrlRecord, base: UrlRecord): void {
  const { username, password, host, port } = base;
  Object.assign(url, { username, password, host, port });
}

/** Authority and path of a URL whose rest begins with two slashes that are cut off already. */
function parseHierarchy(rest: string, url: UrlRecord): UrlRecord {
  const end = rest.search(isSpecial(url.scheme) ? /[/\\]/ : /\//);
  parseAuthority(end < 0 ? rest : rest.slice(0, end), url);
  if (end >= 0) url.path = parsePath(url.scheme, rest.slice(end + 1), []);
  else if (isSpecial(url.scheme)) url.path = [""];
  return url;
}

function parseFile(text: string, base: UrlRecord | undefined): UrlRecord {
  const url = emptyRecord("file");
  url.host = "";
  const rest = takeQueryAndFragment(text, url);
  const isFileBase = base?.scheme === "file" && Array.isArray(base.path);
  if (/^[/\\]{2}/.test(rest)) return parseFileHost(rest.slice(2), url);
  if (/^[/\\]/.test(rest)) {
    const path: string[] = [];
    if (isFileBase) {
      url.host = base.host;
      if (!startsWithDriveLetter(rest.slice(1)) && /^[a-zA-Z]:$/.test(base.path[0] ?? "")) {
        path.push(base.path[0]);
      }
    }
    url.path = parsePath("file", rest.slice(1), path);
    return url;
  }
  if (!isFileBase) {
    url.path = parsePath("file", rest, []);
    return url;
  }
  url.host = base.host;
  if (rest === "") {
    url.path = copyPath(base.path);
    if (url.query === null && !text.startsWith("?")) url.query = base.query;
    return url;
  }
  const path = [...base.path];
  if (startsWithDriveLetter(rest)) path.length = 0;
  else shorten("file", path);
  url.path = parsePath("file", rest, path);
  return url;
}

function parseFileHost(rest: string, url: UrlRecord): UrlRecord {
  const end = rest.search(/[/\\]/);
  const host = end < 0 ? rest : rest.slice(0, end);
  if (isDriveLetter(host)) {
    url.path = parsePath("file", rest, []);
    return url;
  }
  if (host !== "") {
    const parsed = parseHost(host, false);
    url.host = parsed === "localhost" ? "" : parsed;
  }
  url.path = end < 0 ? [""] : parsePath("file", rest.slice(end + 1), []);
  return url;
}

function parseRelative(text: string, base: UrlRecord): UrlRecord {
  if (typeof base.path === "string") {
    if (!text.startsWith("#")) return fail();
    return { ...base, fragment: encodeFragment(text.slice(1)) };
  }
  if (base.scheme === "file") return parseFile(text, base);
  const url = emptyRecord(base.scheme);
  const rest = takeQueryAndFragment(text, url);
  const slash = isSpecial(url.scheme) ? /^[/\\]/ : /^\//;
  if ((isSpecial(url.scheme) ? /^[/\\]{2}/ : /^\/\//).test(rest)) {
    // Special URLs take any number of slashes before the authority.
    return parseHierarchy(isSpecial(url.scheme) ? rest.replace(/^[/\\]+/, "") : rest.slice(2), url);
  }
  inherit(url, base);
  if (slash.test(rest)) {
    url.path = parsePath(url.scheme, rest.slice(1), []);
  } else if (rest === "") {
    url.path = copyPath(base.path);
    if (url.query === null) url.query = base.query;
  } else {
    const path = [...base.path];
    shorten(url.scheme, path);
    url.path = parsePath(url.scheme, rest, path);
  }
  return url;
}

function parseAbsolute(scheme: string, text: string, base: UrlRecord | undefined): UrlRecord {
  if (scheme === "file") return parseFile(text, base);
  if (isSpecial(scheme)) {
    if (base?.scheme === scheme && !/^[/\\]{2}/.test(text) && !/^\/\//.test(text)) {
      // "http:foo" against an http base is relative, an oddity the standard keeps.
      return parseRelative(text, base);
    }
    const url = emptyRecord(scheme);
    return parseHierarchy(takeQueryAndFragment(text, url).replace(/^[/\\]+/, ""), url);
  }
  const url = emptyRecord(scheme);
  const rest = takeQueryAndFragment(text, url);
  if (rest.startsWith("//")) return parseHierarchy(rest.slice(2), url);
  if (rest.startsWith("/")) url.path = parsePath(scheme, rest.slice(1), []);
  else url.path = percentEncode(rest, isInC0);
  return url;
}

export function parseUrl(input: string, base?: UrlRecord): UrlRecord {
  const text =
    input.toWellFormed().replace(/^[\0-\x20]+|[\0-\x20]+$/g, "").replace(/[\t\n\r]/g, "");
  const scheme = /^([a-zA-Z][a-zA-Z0-9+.-]*):/.exec(text);
  if (scheme !== null) {
    return parseAbsolute(scheme[1].toLowerCase(), text.slice(scheme[0].length), base);
  }
  return base === undefined ? fail() : parseRelative(text, base);
}

export function serializePath(url: UrlRecord): string {
  if (typeof url.path === "string") return url.path;
  return url.path.map((part) => `/${part}`).join("");
}

export function serializeUrl(url: UrlRecord, withFragment = true): string {
  let text = `${url.scheme}:`;
  if (url.host !== null) {
    text += "//";
    if (url.username !== "" || url.password !== "") {
      text += `${url.username}${url.password === "" ? "" : `:${url.password}`}@`;
    }
    text += `${url.host}${url.port === null ? "" : `:${url.port}`}`;
  } else if (Array.isArray(url.path) && url.path.length > 1 && url.path[0] === "") {
    text += "/.";
  }
  text += serializePath(url);
  if (url.query !== null) text += `?${url.query}`;
  if (withFragment && url.fragment !== null) text += `#${url.fragment}`;
  return text;
}
