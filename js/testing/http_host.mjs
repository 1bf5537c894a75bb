// SPDX-License-Identifier: MIT
// The `http` hostcalls as the host carries them out, made of Node's own client, and a server to
// talk to.
import * as http from "node:http";

const kFollowed = new Set([301, 302, 303, 307, 308]);

/** Plain outcomes of failures, worded as the host does. */
function outcomeOf(error) {
  const code = error.code ?? "ECONNRESET";
  return {
    status: "error", code: code === "ENOTFOUND" ? "not_found" : "io", message: `${code}: ${error.message}`,
  };
}
const cancelled = { status: "cancelled", code: "cancelled", message: "the request was cancelled" };

function send(args, signal) {
  return new Promise((resolve, reject) => {
    const body = args.body === undefined ? undefined
      : Buffer.from(args.body, args.body_encoding ?? "utf8");
    const headers = {};
    for (const [name, value] of args.headers ?? []) (headers[name] ??= []).push(value);
    if (body !== undefined) headers["content-length"] = [String(body.length)];
    const flat = Object.fromEntries(Object.entries(headers).map(
      ([name, values]) => [name, values.length === 1 ? values[0] : values]));
    const request = http.request(args.url, { method: args.method, headers: flat, agent: false, signal },
                                 resolve);
    request.on("error", reject);
    request.end(body);
  });
}

/** `onCall` for `http.*`; `open` has the requests that are not over. */
export function createHttpHost() {
  const open = new Map();
  const start = async (args) => {
    if (open.has(args.id)) throw { status: "error", code: "invalid_argument", message: "in use" };
    const controller = new AbortController();
    const entry = { controller, pieces: undefined };
    open.set(args.id, entry);
    try {
      let redirects = 0;
      let next = args;
      for (;;) {
        const response = await send(next, controller.signal);
        const { location } = response.headers;
        if (args.redirect !== "manual" && kFollowed.has(response.statusCode) && location) {
          response.resume();
          if (args.redirect === "error")
            throw { status: "error", code: "io", message: "unexpected redirect" };
          if (++redirects > 20)
            throw { status: "error", code: "io", message: "redirect count exceeded" };
          const isGet = response.statusCode < 304 && next.method === "POST";
          const headers = next.headers.filter(([name]) => !isGet || name !== "content-type");
          next = { ...next, url: new URL(location, next.url).href, headers,
            ...(isGet ? { method: "GET", body: undefined } : {}) };
          continue;
        }
        entry.pieces = response[Symbol.asyncIterator]();
        const headers = [];
        for (let i = 0; i < response.rawHeaders.length; i += 2)
          headers.push([response.rawHeaders[i], response.rawHeaders[i + 1]]);
        return { status: response.statusCode, status_text: response.statusMessage,
          url: next.url.replace(/#.*/, ""), redirected: redirects > 0, headers };
      }
    } catch (error) {
      open.delete(args.id);
      if (controller.signal.aborted) throw cancelled;
      throw error.status === undefined ? outcomeOf(error) : error;
    }
  };
  const next = async ({ id }) => {
    const entry = open.get(id);
    if (entry === undefined) throw { status: "error", code: "invalid_argument", message: "over" };
    try {
      const { value, done } = await entry.pieces.next();
      if (done) open.delete(id);
      return { data: done ? "" : value.toString("base64"), end: Boolean(done) };
    } catch (error) {
      open.delete(id);
      throw entry.controller.signal.aborted ? cancelled : outcomeOf(error);
    }
  };
  const cancel = ({ id }) => {
    open.get(id)?.controller.abort();
    open.delete(id);
    return null;
  };
  const operations = { "http.request": start, "http.next": next, "http.cancel": cancel };
  return { open, onCall: (operation, args) => operations[operation]?.(args) ?? null };
}

/** Serves `routes` by path; a route gets request, response and the request's body. */
export async function startServer(routes) {
  const server = http.createServer(async (request, response) => {
    const pieces = [];
    for await (const piece of request) pieces.push(piece);
    const route = routes[request.url.split("?")[0]] ?? routes.default;
    route(request, response, Buffer.concat(pieces));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: (path) => `http://127.0.0.1:${server.address().port}${path}`,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}
