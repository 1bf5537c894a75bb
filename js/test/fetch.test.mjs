// SPDX-License-Identifier: MIT
// `fetch` and its classes. Each case runs in an isolate and in this Node, whose answer counts.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { createHttpHost, startServer } from "../testing/http_host.mjs";
import { createIsolate } from "../testing/support.mjs";

const host = createHttpHost();
const isolate = createIsolate({ onCall: host.onCall });
const { global } = isolate;
let server;
let closed;

const routes = {
  "/echo": (request, response, body) => {
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify({
      method: request.method, url: request.url, body: body.toString("latin1"),
      type: request.headers["content-type"] ?? null, mine: request.headers["x-mine"] ?? null,
    }));
  },
  "/headers": (request, response) => {
    response.setHeader("Set-Cookie", ["a=1; Expires=Wed, 09 Jun 2021 10:18:14 GMT", "b=2"]);
    response.setHeader("X-Two", ["one", "two"]);
    response.removeHeader("Date");
    response.writeHead(201, "Made It", { "X-Caf": "caf\u00e9", connection: "close" });
    response.end("made");
  },
  "/to": (request, response) => {
    const [status, location] = decodeURIComponent(request.url.split("?")[1]).split(",");
    response.writeHead(Number(status), { location });
    response.end("moved");
  },
  "/loop": (request, response) => response.writeHead(302, { location: "/loop" }).end(),
  "/status": (request, response) => {
    response.writeHead(Number(request.url.split("?")[1]));
    response.end();
  },
  "/pieces": async (request, response) => {
    response.write("one");
    await new Promise((resolve) => setTimeout(resolve, 20));
    response.end("two");
  },
  "/large": (request, response) => response.end(Buffer.alloc(1_000_000, "x")),
  "/form": (request, response, body) => {
    response.writeHead(200, { "content-type": request.headers["content-type"] });
    response.end(body);
  },
  "/silent": () => {},
  "/broken": (request, response) => {
    response.writeHead(200, { "content-length": "10" });
    response.write("abc");
    setTimeout(() => response.destroy(), 10);
  },
  default: (request, response) => response.writeHead(404).end("nothing here"),
};

before(async () => {
  server = await startServer(routes);
  const other = await startServer({});
  closed = other.url("/");
  await other.close();
});
after(async () => {
  isolate.close();
  await server.close();
});

/** Runs `work(base)` in both; what comes back is plain data. */
async function both(work) {
  const wrapped = `(async (base, closed) => {
    try { return { value: await (${work})(base, closed) }; }
    catch (error) {
      return { error: [error.name, error.constructor.name, error.message.split(":")[0],
        error.cause?.code ?? null, error.cause?.message ?? null] };
    }
  })`;
  const base = server.url("");
  const mine = JSON.parse(JSON.stringify(await isolate.run(wrapped)(base, closed)));
  const nodes = JSON.parse(JSON.stringify(await (0, eval)(wrapped)(base, closed)));
  return { mine, nodes };
}

const cases = {
  "a get": async (base) => {
    const response = await fetch(`${base}/echo?x=1#part`);
    return [response.status, response.ok, response.url, response.redirected, response.type,
      response.bodyUsed, await response.json(), response.bodyUsed];
  },
  "a post of text": async (base) => (await fetch(`${base}/echo`, {
    method: "post", body: "h\u00e9llo", headers: { "X-Mine": " 1 " },
  })).json(),
  "a post of URLSearchParams": async (base) => (await fetch(`${base}/echo`, {
    method: "POST", body: new URLSearchParams({ a: "1 2" }),
  })).json(),
  "a put of bytes": async (base) => (await fetch(`${base}/echo`, {
    method: "PUT", body: new Uint8Array([0, 255, 10]),
  })).json(),
  "a put of a view": async (base) => (await fetch(`${base}/echo`, {
    method: "PUT", body: new Uint16Array([1, 2, 3]).subarray(1),
  })).json(),
  "a patch of a blob": async (base) => (await fetch(`${base}/echo`, {
    method: "PATCH", body: new Blob(["a", new Uint8Array([98])], { type: "Text/X" }),
  })).json(),
  "a post of a stream": async (base) => (await fetch(`${base}/echo`, {
    method: "POST", duplex: "half", body: new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode("a"));
        controller.enqueue(new TextEncoder().encode("b"));
        controller.close();
      },
    }),
  })).json(),
  "a post of a Request": async (base) => (await fetch(new Request(`${base}/echo`, {
    method: "POST", body: "x", headers: [["x-mine", "1"], ["x-mine", "2"]],
  }))).json(),
  "headers of a response": async (base) => {
    const { headers, status, statusText } = await fetch(`${base}/headers`);
    return [[...headers].filter(([name]) => !/^(date|keep-alive|transfer-encoding)$/.test(name)),
      headers.getSetCookie(), headers.get("x-two"), headers.get("absent"), status, statusText];
  },
  "headers of a response do not change": async (base) => {
    (await fetch(`${base}/headers`)).headers.set("a", "b");
  },
  "a redirect": async (base) => {
    const response = await fetch(`${base}/to?301,/echo`, { method: "POST", body: "x" });
    return [response.url, response.redirected, await response.json()];
  },
  "a redirect that keeps the body": async (base) =>
    (await fetch(`${base}/to?307,/echo`, { method: "POST", body: "x" })).json(),
  "a redirect left alone": async (base) => {
    const response = await fetch(`${base}/to?302,/echo`, { redirect: "manual" });
    return [response.status, response.headers.get("location"), await response.text()];
  },
  "a redirect refused": async (base) => { await fetch(`${base}/to?302,/echo`, { redirect: "error" }); },
  "redirects without end": async (base) => { await fetch(`${base}/loop`); },
  "a response without a body": async (base) => {
    const response = await fetch(`${base}/status?204`);
    return [response.status, response.body, await response.text()];
  },
  "not modified": async (base) => (await fetch(`${base}/status?304`)).status,
  "head": async (base) => {
    const response = await fetch(`${base}/echo`, { method: "HEAD" });
    return [response.status, await response.text()];
  },
  "an error status": async (base) => {
    const response = await fetch(`${base}/absent`);
    return [response.ok, response.status, response.statusText, await response.text()];
  },
  "pieces": async (base) => {
    const { body } = await fetch(`${base}/pieces`);
    const reader = body.getReader();
    const first = await reader.read();
    const isBytes = first.value instanceof Uint8Array;
    const second = await reader.read();
    return [isBytes, new TextDecoder().decode(first.value), new TextDecoder().decode(second.value),
      await reader.read(), body.locked];
  },
  "iteration": async (base) => {
    let size = 0;
    for await (const piece of (await fetch(`${base}/large`)).body) size += piece.length;
    return size;
  },
  "text through a decoder stream": async (base) => {
    let text = "";
    for await (const piece of (await fetch(`${base}/pieces`)).body.pipeThrough(new TextDecoderStream()))
      text += piece;
    return text;
  },
  "a body is read once": async (base) => {
    const response = await fetch(`${base}/echo`);
    await response.text();
    await response.text();
  },
  "a clone": async (base) => {
    const response = await fetch(`${base}/large`);
    const copy = response.clone();
    return [(await response.arrayBuffer()).byteLength, (await copy.blob()).size, copy.url, copy.status];
  },
  "a form": async (base) => {
    const form = new FormData();
    form.append("a", "1\n2");
    form.append("q\"uote", "\u00e9");
    form.append("file", new Blob(["x\r\n--y"], { type: "text/html" }), "na\"me.txt");
    const back = await (await fetch(`${base}/form`, { method: "POST", body: form })).formData();
    const file = back.get("file");
    return [[...back.keys()], back.get("a"), back.get("q\"uote"), file.name, file.type, await file.text()];
  },
  "a form of url-encoded fields": async (base) => {
    const response = await fetch(`${base}/form`, { method: "POST", body: new URLSearchParams("a=1&b=%20&a=2") });
    return [...await response.formData()];
  },
  "nobody listens": async (base, closed) => { await fetch(closed); },
  "no such host": async () => { await fetch("http://nothing.invalid/"); },
  "a relative URL": async () => { await fetch("/x"); },
  "a URL with a password": async () => { await fetch("http://u:p@127.0.0.1/"); },
  "another scheme": async () => { await fetch("ftp://127.0.0.1/"); },
  "a get with a body": async (base) => { await fetch(base, { body: "x" }); },
  "a method that is none": async (base) => { await fetch(base, { method: "A B" }); },
  "the method trace": async (base) => { await fetch(base, { method: "TRACE" }); },
  "a header that is none": async (base) => { await fetch(base, { headers: { "a b": "c" } }); },
  "a header with a line": async (base) => { await fetch(base, { headers: { a: "b\r\nc: d" } }); },
  "aborted before": async (base) => { await fetch(base, { signal: AbortSignal.abort() }); },
  "aborted with a reason": async (base) => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(new RangeError("mine")), 5);
    await fetch(`${base}/silent`, { signal: controller.signal });
  },
  "out of time": async (base) => { await fetch(`${base}/silent`, { signal: AbortSignal.timeout(10) }); },
  "aborted in the body": async (base) => {
    const controller = new AbortController();
    const response = await fetch(`${base}/broken`, { signal: controller.signal });
    controller.abort();
    await response.text();
  },
  "a data URL": async () => {
    const response = await fetch("data:text/x;charset=utf-8;base64,aMOp");
    return [response.status, response.headers.get("content-type"), await response.text()];
  },
  "a plain data URL": async () => {
    const response = await fetch("data:,a%20b#c");
    return [response.headers.get("content-type"), await response.text()];
  },
};

// Node words these in its own way; the class of the error is what counts.
const kOwnWords = new Set([
  "a header that is none", "a header with a line", "a URL with a password", "a method that is none",
  "the method trace", "a relative URL", "another scheme", "a body is read once", "aborted in the body",
]);

for (const [name, work] of Object.entries(cases)) {
  test(`fetch: ${name}`, async () => {
    const { mine, nodes } = await both(work);
    if (kOwnWords.has(name)) {
      assert.deepEqual(mine.error?.slice(0, 2), nodes.error?.slice(0, 2));
      assert.ok(mine.error?.[2], JSON.stringify(mine));
    } else {
      assert.deepEqual(mine, nodes);
    }
  });
}

const run = (code) => isolate.run(`(async (base) => { ${code} })`)(server.url(""));

test("fetch: a body that ends too soon is a TypeError with a cause", async () => {
  await assert.rejects(run("return (await fetch(base + '/broken')).text();"), (error) => {
    assert.equal(error.name, "TypeError");
    assert.equal(error.message, "terminated");
    assert.equal(error.cause.code, "ECONNRESET");
    return true;
  });
});

test("fetch: a denial is the cause, as the host said it", async () => {
  const denied = createIsolate({
    onCall: (operation) => {
      if (operation === "http.request") throw { status: "denied", code: "denied", message: "needs http:a.b" };
      return null;
    },
  });
  await assert.rejects(denied.global.fetch("https://a.b/"), (error) => {
    assert.deepEqual([error.name, error.message], ["TypeError", "fetch failed"]);
    assert.deepEqual([error.cause.name, error.cause.status, error.cause.code, error.cause.message],
      ["HostcallError", "denied", "denied", "needs http:a.b"]);
    return true;
  });
});

test("fetch: abort ends the request at the host", async () => {
  const controller = new global.AbortController();
  const failed = assert.rejects(
    global.fetch(server.url("/silent"), { signal: controller.signal }), { name: "AbortError" });
  await new Promise((resolve) => setTimeout(resolve, 30));
  assert.equal(host.open.size, 1);
  controller.abort();
  await failed;
  assert.equal(host.open.size, 0);
});

test("fetch: a cancelled body ends the request at the host, a short one ends by itself", async () => {
  const response = await global.fetch(server.url("/broken"));
  assert.equal(host.open.size, 1);
  await response.body.cancel();
  assert.equal(host.open.size, 0);
  await global.fetch(server.url("/echo"));
  await new Promise((resolve) => setTimeout(resolve, 50));
  assert.equal(host.open.size, 0);
});

test("fetch: headers of the connection are the host's, and it says who asks", async () => {
  isolate.calls.length = 0;
  await global.fetch(server.url("/echo"), { headers: {
    Connection: "close", Host: "x", "Proxy-X": "1", TE: "x", Authorization: "secret" } });
  const { headers } = isolate.calls.find((call) => call.operation === "http.request").args;
  assert.deepEqual(headers, [["authorization", "secret"], ["user-agent", "isopod/0.0.1"]]);
});

test("fetch costs nothing before it is used", () => {
  const fresh = createIsolate();
  assert.equal(typeof fresh.global.fetch, "function");
  assert.equal(fresh.isLoaded("isopod:web/fetch"), false);
  assert.equal(fresh.global.fetch.name, "fetch");
  assert.equal(typeof fresh.global.Headers, "function");
  assert.equal(fresh.isLoaded("isopod:web/streams"), false);
});
