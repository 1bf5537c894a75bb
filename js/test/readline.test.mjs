// SPDX-License-Identifier: MIT
// Lines: the same scenarios over Node's readline and over ours.
import assert from "node:assert/strict";
import * as nodeReadline from "node:readline";
import * as nodeStream from "node:stream";
import { test } from "node:test";
import { createIsolate } from "../testing/support.mjs";

const isolate = createIsolate();
const theirs = { readline: nodeReadline, ...nodeStream, Buffer, AbortController };
const ours = {
  readline: isolate.loadBuiltin("node:readline"), ...isolate.loadBuiltin("node:stream"),
  Buffer: isolate.global.Buffer, AbortController: isolate.global.AbortController,
};

async function run(api, scenario) {
  const entries = [];
  await scenario({ ...api, log: (...values) => entries.push(JSON.stringify(values)) });
  for (let i = 0; i < 3; i++) await new Promise((resolve) => setTimeout(resolve, 3));
  return entries;
}

function compare(name, scenario) {
  test(name, async () => {
    const wanted = await run(theirs, scenario);
    assert.ok(wanted.length > 0);
    assert.deepEqual(await run(ours, scenario), wanted);
  });
}

const watch = (lines, log) => {
  for (const type of ["line", "close", "pause", "resume"])
    lines.on(type, (...values) => log(type, ...values));
  return lines;
};

compare("lines end in any of the usual ways, also between chunks", async (api) => {
  const { readline, PassThrough, Buffer, log } = api;
  const input = new PassThrough();
  const lines = watch(readline.createInterface({ input, crlfDelay: Infinity }), log);
  for (const piece of ["a\nb\r", "\nc\r\nd", "d\r", "e\n\n", "日".slice(0, 1)]) input.write(piece);
  const bytes = Buffer.from("é\u2028f");
  for (const byte of bytes) input.write(Buffer.from([byte]));
  input.end("last");
  await new Promise((resolve) => lines.on("close", resolve));
  log(lines.closed, lines.terminal);
});

compare("lines are iterated", async ({ readline, Readable, log }) => {
  const input = Readable.from(["a\nb\n", "c"]);
  for await (const line of readline.createInterface({ input })) log(line);
  const lines = readline.createInterface(Readable.from(["1\n2\n3\n"]));
  for await (const line of lines) {
    log(line);
    break;
  }
  log(lines.closed);
});

compare("questions", async ({ readline, PassThrough, AbortController, log }) => {
  const [input, output] = [new PassThrough(), new PassThrough()];
  output.on("data", (text) => log("output", String(text)));
  const lines = watch(readline.createInterface({ input, output, prompt: "$ " }), log);
  lines.prompt();
  const first = new Promise((resolve) => lines.once("line", resolve));
  input.write("first\n");
  await first;
  const answer = new Promise((resolve) => lines.question("name? ", resolve));
  input.write("me\nmore\n");
  log(await answer, lines.getPrompt());
  lines.setPrompt("# ");
  lines.prompt();
  lines.pause();
  lines.resume();
  const controller = new AbortController();
  lines.question("never? ", { signal: controller.signal }, () => log("answered"));
  controller.abort();
  lines.write("typed\n");
  lines.close();
  try {
    lines.question("closed? ", () => {});
  } catch (error) {
    log(error.code, error.message);
  }
});

compare("questions with promises", async ({ readline, PassThrough, AbortController, log }) => {
  const input = new PassThrough();
  const lines = readline.promises.createInterface({ input, output: new PassThrough() });
  const answer = lines.question("? ");
  input.write("yes\n");
  log(await answer);
  const controller = new AbortController();
  const waiting = lines.question("? ", { signal: controller.signal });
  controller.abort();
  await waiting.catch((error) => log(error.name, error.code));
  lines.close();
  await lines.question("? ").catch((error) => log(error.code));
});

compare("a signal closes", async ({ readline, PassThrough, AbortController, log }) => {
  const controller = new AbortController();
  const lines = watch(readline.createInterface(
    { input: new PassThrough(), signal: controller.signal }), log);
  controller.abort();
  log(lines.closed);
});

compare("escape sequences", async ({ readline, PassThrough, log }) => {
  const output = new PassThrough({ encoding: "utf8" });
  const { cursorTo, moveCursor, clearLine, clearScreenDown } = readline;
  cursorTo(output, 4);
  cursorTo(output, 1, 2);
  moveCursor(output, -3, 2);
  moveCursor(output, 1, -1);
  for (const direction of [-1, 0, 1]) clearLine(output, direction);
  await new Promise((resolve) => clearScreenDown(output, resolve));
  log(output.read(), cursorTo(null, 1), moveCursor(output, 0, 0));
  const collected = new readline.promises.Readline(output);
  await collected.cursorTo(0, 0).moveCursor(1, 1).clearLine(1).clearScreenDown().commit();
  log(output.read());
});

compare("keys", async ({ readline, PassThrough, log }) => {
  const input = new PassThrough();
  readline.emitKeypressEvents(input);
  input.on("keypress", (text, { name, ctrl, meta, shift, sequence }) =>
    log(text ?? null, name ?? null, ctrl, meta, shift, sequence));
  for (const keys of ["a", "Z", "\x03", "\r", "\x1b[A", "\x1b[3~", "ß"]) {
    input.write(keys);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
});
