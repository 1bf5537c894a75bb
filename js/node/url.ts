// SPDX-License-Identifier: MIT
/** `node:url`: the URL classes and the way between file paths and file URLs. */
import { info } from "isopod:native";
import { unsupportedFunction } from "isopod:core";
import { domainToASCII, URL, URLSearchParams } from "isopod:web/url";
import path from "node:path";
import { invalidType } from "./node_errors";
import { domainToUnicode, formatUrl, parse, resolve, Url } from "./url_legacy";

export { domainToASCII, URL, URLSearchParams };

function fail(Type: any, code: string, message: string): never {
  const error = new Type(message);
  error.code = code;
  throw error;
}

export function fileURLToPath(input: string | URL, options: { windows?: boolean } = {}): string {
  const isWindows = options?.windows ?? info.platform === "win32";
  const url: any = typeof input === "string" ? new URL(input) : input;
  if (typeof url?.href !== "string" || typeof url.protocol !== "string") {
    throw invalidType("path", "of type string or an instance of URL", input);
  }
  if (url.protocol !== "file:")
    fail(TypeError, "ERR_INVALID_URL_SCHEME", "The URL must be of scheme file");
  if (/%2f/i.test(url.pathname) || (isWindows && /%5c/i.test(url.pathname))) {
    fail(TypeError, "ERR_INVALID_FILE_URL_PATH",
         `File URL path must not include encoded ${isWindows ? "\\ or " : ""}/ characters`);
  }
  const decoded = decodeURIComponent(url.pathname);
  if (!isWindows) {
    if (url.hostname !== "") {
      fail(TypeError, "ERR_INVALID_FILE_URL_HOST",
           `File URL host must be "localhost" or empty on ${info.platform}`);
    }
    return decoded;
  }
  const windowsPath = decoded.replaceAll("/", "\\");
  if (url.hostname !== "") return `\\\\${url.hostname}${windowsPath}`;
  if (!/^\\[a-zA-Z]:/.test(windowsPath)) {
    fail(TypeError, "ERR_INVALID_FILE_URL_PATH", "File URL path must be absolute");
  }
  return windowsPath.slice(1);
}

export function pathToFileURL(file: string, options: { windows?: boolean } = {}): URL {
  if (typeof file !== "string") throw invalidType("path", "of type string", file);
  const isWindows = options?.windows ?? info.platform === "win32";
  const flavor = isWindows ? path.win32 : path.posix;
  let full = flavor.resolve(file);
  if (/[\\/]$/.test(file) && !full.endsWith(flavor.sep) && (isWindows || file.endsWith("/")))
    full += flavor.sep;
  const escape = (text: string) => text.replaceAll("%", "%25").replaceAll("\n", "%0A")
    .replaceAll("\r", "%0D").replaceAll("\t", "%09").replaceAll("?", "%3F").replaceAll("#", "%23");
  if (isWindows) {
    const share = /^\\\\([^\\]+)(\\.*)$/.exec(full);
    if (share !== null)
      return new URL(`file://${share[1]}${escape(share[2]).replaceAll("\\", "/")}`);
    return new URL(`file:///${escape(full).replaceAll("\\", "/")}`);
  }
  return new URL(`file://${escape(full).replaceAll("\\", "%5C")}`);
}

export function urlToHttpOptions(url: any): any {
  const hostname = url.hostname.startsWith("[") ? url.hostname.slice(1, -1) : url.hostname;
  const options: any = {
    protocol: url.protocol, hostname, hash: url.hash, search: url.search, pathname: url.pathname,
    path: `${url.pathname}${url.search}`, href: url.href,
  };
  if (url.port !== "") options.port = Number(url.port);
  if (url.username || url.password) {
    options.auth = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  }
  return options;
}

export function format(url: any, options: any = {}): string {
  if (!(url instanceof URL)) return formatUrl(url);
  const copy = new URL(url.href);
  if (options.fragment === false) copy.hash = "";
  if (options.search === false) copy.search = "";
  if (options.auth === false) copy.username = copy.password = "";
  return copy.href;
}

const missing = (name: string) => unsupportedFunction(`node:url.${name}`);
export const resolveObject = missing("resolveObject");
export { domainToUnicode, parse, resolve, Url };

export default {
  URL, URLSearchParams, domainToASCII, domainToUnicode, fileURLToPath, pathToFileURL,
  urlToHttpOptions, format, parse, resolve, resolveObject, Url,
};
