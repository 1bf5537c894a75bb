// SPDX-License-Identifier: MIT
// Streams, blobs, headers, requests and responses: each case runs in an isolate and in this Node.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createIsolate } from "../testing/support.mjs";

const isolate = createIsolate();

async function both(work) {
  const wrapped = `(async () => {
    try { return { value: await (${work})() }; }
    catch (error) { return { error: [error.name, error.constructor.name] }; }
  })`;
  const plain = (value) => JSON.parse(JSON.stringify(value));
  return [plain(await isolate.run(wrapped)()), plain(await (0, eval)(wrapped)())];
}

const cases = {
  "a stream: order of start, pull and read": async () => {
    const log = [];
    let count = 0;
    const stream = new ReadableStream({
      start() { log.push("start"); },
      pull(controller) {
        log.push(`pull ${controller.desiredSize}`);
        controller.enqueue(count++);
        if (count === 3) controller.close();
      },
      cancel(reason) { log.push(`cancel ${reason}`); },
    });
    log.push("made");
    const reader = stream.getReader();
    log.push(await reader.read(), await reader.read(), await reader.read(), await reader.read());
    await reader.closed;
    return log;
  },
  "a stream: high water mark": async () => {
    let pulls = 0;
    const stream = new ReadableStream({ pull(controller) { controller.enqueue(++pulls); } },
      { highWaterMark: 3 });
    await new Promise((resolve) => setTimeout(resolve, 5));
    const before = pulls;
    await stream.getReader().read();
    await new Promise((resolve) => setTimeout(resolve, 5));
    return [before, pulls];
  },
  "a stream: sizes": async () => {
    const seen = [];
    new ReadableStream({ start(controller) {
      seen.push(controller.desiredSize);
      controller.enqueue("abc");
      seen.push(controller.desiredSize);
      controller.close();
      seen.push(controller.desiredSize);
    } }, { highWaterMark: 10, size: (chunk) => chunk.length });
    return [seen, new CountQueuingStrategy({ highWaterMark: 4 }).size(),
      new ByteLengthQueuingStrategy({ highWaterMark: 4 }).size(new Uint8Array(9))];
  },
  "a stream: enqueue after close": () => new ReadableStream({ start(controller) {
    controller.close();
    controller.enqueue(1);
  } }),
  "a stream: an error in pull": async () => {
    const reader = new ReadableStream({ pull() { throw new RangeError("x"); } }).getReader();
    await reader.read();
  },
  "a stream: an error after chunks drops them": async () => {
    const stream = new ReadableStream({ start(controller) {
      controller.enqueue(1);
      controller.error(new RangeError("x"));
    } });
    await stream.getReader().read();
  },
  "a stream: cancel": async () => {
    const log = [];
    const stream = new ReadableStream({ cancel(reason) { log.push(reason); } });
    await stream.cancel("why");
    return [log, await stream.getReader().read()];
  },
  "a stream: cancel while locked": async () => {
    const stream = new ReadableStream();
    stream.getReader();
    await stream.cancel();
  },
  "a stream: two readers": () => {
    const stream = new ReadableStream();
    stream.getReader();
    stream.getReader();
  },
  "a stream: release": async () => {
    const stream = new ReadableStream({ start(controller) { controller.enqueue(1); } });
    const first = stream.getReader();
    first.releaseLock();
    const second = stream.getReader();
    const chunk = await second.read();
    const pending = second.read();
    second.releaseLock();
    return [chunk, stream.locked, await pending.catch((error) => error.name),
      await second.read().catch((error) => error.name), await second.closed.catch((error) => error.name)];
  },
  "a stream: tee": async () => {
    const [a, b] = new ReadableStream({ start(controller) {
      controller.enqueue(1);
      controller.enqueue(2);
      controller.close();
    } }).tee();
    const all = async (stream) => {
      const chunks = [];
      for await (const chunk of stream) chunks.push(chunk);
      return chunks;
    };
    return [await all(a), await all(b)];
  },
  "a stream: tee and cancel": async () => {
    const log = [];
    const [a, b] = new ReadableStream({ cancel(reason) { log.push(reason); } }).tee();
    const first = a.cancel("a");
    await b.cancel("b");
    await first;
    return log;
  },
  "a stream: a break cancels": async () => {
    const log = [];
    const stream = new ReadableStream({
      pull(controller) { controller.enqueue(1); },
      cancel(reason) { log.push(["cancel", reason]); },
    });
    for await (const chunk of stream) {
      log.push(chunk);
      break;
    }
    return [log, stream.locked];
  },
  "a stream: values without cancel": async () => {
    const stream = new ReadableStream({ start(controller) {
      controller.enqueue(1);
      controller.enqueue(2);
    } });
    for await (const chunk of stream.values({ preventCancel: true })) if (chunk === 1) break;
    return (await stream.getReader().read()).value;
  },
  "a stream: from an iterable": async () => {
    const chunks = [];
    for await (const chunk of ReadableStream.from([1, Promise.resolve(2), 3])) chunks.push(chunk);
    return chunks;
  },
  "a stream: a source that is none": () => new ReadableStream({ pull: 1 }),
  "a sink: writes one at a time": async () => {
    const log = [];
    const stream = new WritableStream({
      start() { log.push("start"); },
      async write(chunk) {
        log.push(`write ${chunk}`);
        await new Promise((resolve) => setTimeout(resolve, 1));
        log.push(`wrote ${chunk}`);
      },
      close() { log.push("close"); },
    }, { highWaterMark: 2 });
    const writer = stream.getWriter();
    log.push(writer.desiredSize);
    const first = writer.write(1);
    const second = writer.write(2);
    log.push(writer.desiredSize);
    await Promise.all([first, second]);
    await writer.ready;
    log.push(writer.desiredSize);
    await writer.close();
    await writer.closed;
    return log;
  },
  "a sink: a failed write": async () => {
    const writer = new WritableStream({ write() { throw new RangeError("x"); } }).getWriter();
    const names = [];
    for (const promise of [writer.write(1), writer.closed, writer.write(2)])
      await promise.catch((error) => names.push(error.name));
    return names;
  },
  "a sink: abort": async () => {
    const log = [];
    const stream = new WritableStream({ abort(reason) { log.push(reason); } });
    const writer = stream.getWriter();
    await writer.abort("why");
    await writer.write(1).catch((error) => log.push(["write", error]));
    return log;
  },
  "a sink: write after close": async () => {
    const writer = new WritableStream().getWriter();
    writer.close();
    await writer.write(1);
  },
  "a pipe": async () => {
    const log = [];
    await ReadableStream.from(["a", "b"]).pipeTo(new WritableStream({
      write(chunk) { log.push(chunk); }, close() { log.push("close"); },
    }));
    return log;
  },
  "a pipe: the source fails": async () => {
    const log = [];
    await new ReadableStream({ start(controller) { controller.error("bad"); } })
      .pipeTo(new WritableStream({ abort(reason) { log.push(reason); } }))
      .catch((error) => log.push(["caught", error]));
    return log;
  },
  "a pipe: the sink fails": async () => {
    const log = [];
    await new ReadableStream({
      pull(controller) { controller.enqueue(1); }, cancel(reason) { log.push(["cancel", reason]); },
    }).pipeTo(new WritableStream({ write() { throw "bad"; } }))
      .catch((error) => log.push(["caught", error]));
    return log;
  },
  "a pipe: aborted": async () => {
    const log = [];
    const controller = new AbortController();
    const piped = new ReadableStream({ cancel(reason) { log.push(["cancel", reason]); } })
      .pipeTo(new WritableStream({ abort(reason) { log.push(["abort", reason]); } }),
        { signal: controller.signal }).catch((error) => log.push(["caught", error]));
    controller.abort("stop");
    await piped;
    return log.sort();
  },
  "a transform": async () => {
    const chunks = [];
    const upper = new TransformStream({
      transform(chunk, controller) { controller.enqueue(chunk.toUpperCase()); },
      flush(controller) { controller.enqueue("end"); },
    });
    for await (const chunk of ReadableStream.from(["a", "b"]).pipeThrough(upper)) chunks.push(chunk);
    return chunks;
  },
  "a transform that copies": async () => {
    const chunks = [];
    for await (const chunk of ReadableStream.from([1, 2]).pipeThrough(new TransformStream())) chunks.push(chunk);
    return chunks;
  },
  "a transform that fails": async () => {
    const bad = new TransformStream({ transform() { throw new RangeError("x"); } });
    for await (const chunk of ReadableStream.from([1]).pipeThrough(bad)) return chunk;
  },
  "a transform that ends early": async () => {
    const chunks = [];
    const first = new TransformStream({ transform(chunk, controller) {
      controller.enqueue(chunk);
      controller.terminate();
    } });
    for await (const chunk of ReadableStream.from([1, 2, 3]).pipeThrough(first)) chunks.push(chunk);
    return chunks;
  },
  "text in pieces": async () => {
    const bytes = new TextEncoder().encode("h\u00e9 \ud83d\ude00");
    const pieces = [...bytes].map((byte) => new Uint8Array([byte]));
    let text = "";
    for await (const piece of ReadableStream.from(pieces).pipeThrough(new TextDecoderStream())) text += piece;
    const out = [];
    for await (const piece of ReadableStream.from(["a\ud83d", "\ude00b"]).pipeThrough(new TextEncoderStream()))
      out.push(...piece);
    return [text, out];
  },
  "a blob": async () => {
    const blob = new Blob(["ab", new Uint8Array([99, 100]).subarray(1), new Blob(["e"]), 5], { type: "A/B" });
    const part = blob.slice(1, -1, "x");
    return [blob.size, blob.type, await blob.text(), part.size, part.type, await part.text(),
      (await blob.arrayBuffer()).byteLength, String(blob), blob.slice(-2, 1).size, blob.slice(9).size];
  },
  "a blob: bad parts": () => new Blob("ab"),
  "a file": async () => {
    const file = new File(["x"], "a.txt", { type: "text/plain", lastModified: 5 });
    return [file.name, file.lastModified, file.size, file instanceof Blob, String(file), await file.text()];
  },
  "a file without a name": () => new File([]),
  "headers": () => {
    const headers = new Headers({ b: "2", A: " 1 \t", "Set-Cookie": "x" });
    headers.append("B", "3");
    headers.append("set-cookie", "y");
    headers.append("cookie", "1");
    headers.append("cookie", "2");
    headers.set("c", 5);
    headers.delete("a");
    const seen = [];
    headers.forEach((value, name) => seen.push([name, value]));
    return [[...headers], seen, headers.get("b"), headers.has("C"), headers.getSetCookie(),
      headers.get("set-cookie"), headers.get("cookie"), [...headers.keys()], [...new Headers([...headers])]];
  },
  "headers of null": () => new Headers(null),
  "headers of a bad pair": () => new Headers([["a"]]),
  "headers with a bad name": () => new Headers({ "a b": "1" }),
  "headers with a wide value": () => new Headers({ a: "\u20ac" }),
  "headers with a NUL": () => new Headers({ a: "b\0c" }),
  "form data": async () => {
    const form = new FormData();
    form.append("a", 1);
    form.append("a", "2");
    form.append("b", new Blob(["x"]));
    form.set("a", "3");
    form.append("c", "4");
    form.delete("c");
    return [[...form.keys()], form.getAll("a"), form.get("b").name, form.has("c"), form.get("c")];
  },
  "a response": async () => {
    const response = new Response("x", { status: 404, statusText: "Gone", headers: { a: "b" } });
    return [response.status, response.statusText, response.ok, response.type, response.url,
      [...response.headers], await response.text(), response.bodyUsed];
  },
  "a response: defaults": async () => {
    const response = new Response();
    return [response.status, response.statusText, response.ok, response.body, await response.text(), response.bodyUsed];
  },
  "a response: its bytes": async () =>
    [await new Response(new Uint8Array([1, 2])).blob().then((blob) => blob.size),
      [...new Uint8Array(await new Response("\ufeffa").arrayBuffer())], await new Response("\ufeffa").text()],
  "a response: the body stream": async () => {
    const response = new Response("abc");
    const { value } = await response.body.getReader().read();
    return [[...value], response.bodyUsed];
  },
  "a response: a status out of range": () => new Response("", { status: 199 }),
  "a response: a body with 204": () => new Response("x", { status: 204 }),
  "a response: json": async () => {
    const response = Response.json({ a: 1 }, { status: 201 });
    return [response.status, response.headers.get("content-type"), await response.json()];
  },
  "a response: json of nothing": () => Response.json(undefined),
  "a response: error": () => {
    const response = Response.error();
    return [response.status, response.type, response.ok, response.body];
  },
  "a response: redirect": () => {
    const response = Response.redirect("http://a.b/c", 301);
    return [response.status, response.headers.get("location")];
  },
  "a response: redirect elsewhere": () => Response.redirect("http://a.b/", 200),
  "a response: clone after reading": async () => {
    const response = new Response("x");
    await response.text();
    response.clone();
  },
  "a response: not json": () => new Response("{").json(),
  "a request": async () => {
    const request = new Request("http://a.b/c#d", { method: "post", body: "x", headers: { a: "b" } });
    const copy = request.clone();
    return [request.url, request.method, [...request.headers], request.redirect, request.cache,
      request.credentials, request.mode, request.destination, request.referrer, request.keepalive,
      request.duplex, await request.text(), await copy.text(), request.signal.aborted];
  },
  "a request of a request": async () => {
    const first = new Request("http://a.b/", { method: "POST", body: "x", headers: { a: "b" } });
    const second = new Request(first, { headers: { c: "d" }, redirect: "manual" });
    return [second.method, [...second.headers].map(([name]) => name), second.redirect, await second.text(), first.bodyUsed];
  },
  "a request: its signal follows": () => {
    const controller = new AbortController();
    const request = new Request("http://a.b/", { signal: controller.signal });
    controller.abort("why");
    return [request.signal.aborted, request.signal.reason];
  },
  "a request: a bad redirect": () => new Request("http://a.b/", { redirect: "sometimes" }),
  "a request: a stream needs duplex": () =>
    new Request("http://a.b/", { method: "POST", body: new ReadableStream() }),
};

for (const [name, work] of Object.entries(cases)) {
  test(name, async () => {
    const [mine, nodes] = await both(work);
    assert.deepEqual(mine, nodes);
  });
}
