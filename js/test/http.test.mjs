// SPDX-License-Identifier: MIT
// `node:http` as a client. Each case runs on the bundle and on this Node's own module.
import assert from "node:assert/strict";
import * as nodeHttp from "node:http";
import { after, before, test } from "node:test";
import { createHttpHost, startServer } from "../testing/http_host.mjs";
import { createIsolate } from "../testing/support.mjs";

const host = createHttpHost();
const isolate = createIsolate({ onCall: host.onCall });
const http = isolate.loadBuiltin("node:http");
const https = isolate.loadBuiltin("node:https");
let server;
let closed;

before(async () => {
  server = await startServer({
    "/echo": (request, response, body) => {
      response.setHeader("Set-Cookie", ["a=1", "b=2"]);
      response.setHeader("X-Two", ["one", "two"]);
      response.writeHead(201, "Made It", { connection: "close", "content-length": 40 + body.length });
      response.end(`${request.method} ${request.url} ${request.headers["x-mine"]} ${
        request.headers.authorization} `.padEnd(40, ".").slice(0, 40) + body);
    },
    "/to": (request, response) => response.writeHead(302, { location: "/echo", connection: "close" }).end("moved"),
    "/silent": () => {},
    "/broken": (request, response) => {
      response.writeHead(200, { "content-length": "10", connection: "close" });
      response.write("abc");
      setTimeout(() => response.destroy(), 10);
    },
  });
  const other = await startServer({});
  closed = other.url("/");
  await other.close();
});
after(async () => {
  isolate.close();
  await server.close();
});

/** What happens to a request, as plain data. */
function observe(module, work) {
  return new Promise((resolve) => {
    const seen = [];
    const request = work(module);
    request.on("response", (response) => {
      const { "keep-alive": _, date: __, ...headers } = response.headers;
      seen.push(["response", response.statusCode, response.statusMessage, headers, response.httpVersion]);
      let body = "";
      response.setEncoding("utf8");
      response.on("data", (chunk) => { body += chunk; });
      response.on("end", () => seen.push(["end", body, response.complete]));
      response.on("error", (error) => seen.push(["response error", error.code]));
    });
    request.on("error", (error) => seen.push(["error", error.name, error.code]));
    request.on("close", () => setTimeout(() => resolve(seen), 20));
  });
}

const cases = {
  "a get of a URL": (module) => module.get(server.url("/echo?x=1")),
  "a get of options": (module) => {
    const { hostname, port } = new URL(server.url("/"));
    return module.get({ hostname, port, path: "/echo", auth: "u:p", headers: { "X-Mine": ["1", "2"] } });
  },
  "a URL with options": (module) => module.get(new URL(server.url("/echo")), { headers: { "x-mine": 5 } }),
  "a post in pieces": (module) => {
    const request = module.request(server.url("/echo"), { method: "post" });
    request.setHeader("X-Mine", "yes");
    request.write("a");
    request.write(Buffer.from("b"));
    request.end("c");
    return request;
  },
  "a redirect is not followed": (module) => module.get(server.url("/to")),
  "nobody listens": (module) => module.get(closed),
  "a body that ends too soon": (module) => module.get(server.url("/broken")),
  "destroyed before the response": (module) => {
    const request = module.get(server.url("/silent"));
    setTimeout(() => request.destroy(), 20);
    return request;
  },
  "destroyed with an error": (module) => {
    const request = module.get(server.url("/silent"));
    setTimeout(() => request.destroy(Object.assign(new Error("mine"), { code: "EMINE" })), 20);
    return request;
  },
  "aborted by a signal": (module) => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 20);
    return module.get(server.url("/silent"), { signal: controller.signal });
  },
  "destroyed on timeout": (module) => {
    const request = module.get(server.url("/silent"), { timeout: 20 });
    request.on("timeout", () => request.destroy(Object.assign(new Error("late"), { code: "ELATE" })));
    return request;
  },
};

for (const [name, work] of Object.entries(cases)) {
  test(`http: ${name}`, async () => {
    const mine = await observe(http, work);
    assert.deepEqual(JSON.parse(JSON.stringify(mine)), await observe(nodeHttp, work));
    assert.ok(mine.length > 0);
    assert.equal(host.open.size, 0);
  });
}

test("http: what is no request is refused as in Node", () => {
  const wrong = [
    ["http://a.b/", { method: "A B" }], ["http://a.b/", { path: "/a b" }], ["https://a.b/", {}],
    ["http://a.b/", { headers: { "a b": "c" } }], ["http://a.b/", { headers: { a: "b\r\nc: d" } }],
  ];
  for (const [url, options] of wrong) {
    let code;
    try {
      nodeHttp.request(url, options);
    } catch (error) {
      code = error.code;
    }
    assert.ok(code);
    assert.throws(() => http.request(url, options), { code });
  }
});

test("http: the host neither decodes nor redirects, and writes what frames the message", async () => {
  isolate.calls.length = 0;
  await observe(http, (module) => module.get(server.url("/echo"), { headers: { Connection: "close", Host: "x" } }));
  const { args } = isolate.calls.find((call) => call.operation === "http.request");
  assert.deepEqual([args.decompress, args.redirect, args.headers], [false, "manual", []]);
});

test("https: asks for the other scheme", async () => {
  isolate.calls.length = 0;
  const request = https.get({ hostname: "127.0.0.1", port: 1, path: "/x" });
  await new Promise((resolve) => request.on("error", resolve));
  assert.equal(isolate.calls.find((call) => call.operation === "http.request").args.url, "https://127.0.0.1:1/x");
  assert.throws(() => https.get("http://a.b/"), { code: "ERR_INVALID_PROTOCOL" });
});

test("http: names, agents, and what is not there", () => {
  assert.deepEqual({ ...http.STATUS_CODES }, nodeHttp.STATUS_CODES);
  assert.deepEqual([...http.METHODS], nodeHttp.METHODS);
  assert.equal(new http.Agent({ keepAlive: true }).options.keepAlive, true);
  new https.Agent().destroy();
  assert.throws(() => http.createServer(),
    { message: "node:http.createServer is not supported by this version of isopod" });
});
