// SPDX-License-Identifier: MIT
// node:child_process and pi.exec; the oracle is Node's own module, run with the same calls.
import assert from "node:assert/strict";
import * as nodeModule from "node:child_process";
import { test } from "node:test";
import { promisify } from "node:util";
import { createExecHost } from "../testing/exec_host.mjs";
import { createIsolate } from "../testing/support.mjs";

const kInfo = { cwd: process.cwd() };

function open(options) {
  const host = createExecHost(options);
  const isolate = createIsolate({ info: kInfo, onCall: host.onCall });
  return { host, isolate, module: isolate.loadBuiltin("node:child_process") };
}

const text = (value) => value === null || value === undefined ? value : String(value);
const kErrorFields = ["message", "name", "code", "errno", "syscall", "path", "killed", "signal",
  "cmd", "status"];

/** What can be compared of an error, whichever realm made it. */
function fields(error) {
  if (!error) return error;
  const picked = {};
  for (const name of kErrorFields) if (error[name] !== undefined) picked[name] = error[name];
  if (error.spawnargs) picked.spawnargs = [...error.spawnargs];
  for (const name of ["stdout", "stderr"]) if (name in error) picked[name] = text(error[name]);
  return picked;
}

function caught(body) {
  try {
    return body();
  } catch (error) {
    return fields(error);
  }
}

/** Runs the same on both modules and compares what it gives. */
function same(name, body) {
  test(name, async () => {
    const { isolate, module } = open();
    try {
      assert.deepEqual(await body(module), await body(nodeModule));
    } finally {
      isolate.close();
    }
  });
}

/** Everything a child tells, in order where the order is promised. */
function story(child) {
  return new Promise((resolve) => {
    const told = { events: [], stdout: "", stderr: "" };
    for (const name of ["stdout", "stderr"]) {
      child[name]?.on("data", (chunk) => { told[name] += chunk; });
    }
    child.on("spawn", () => told.events.push("spawn"));
    child.on("error", (error) => told.events.push(["error", fields(error)]));
    child.on("exit", (...args) => told.events.push(["exit", ...args]));
    child.on("close", (...args) => {
      told.events.push(["close", ...args]);
      resolve({ ...told, exitCode: child.exitCode, signalCode: child.signalCode,
        killed: child.killed, spawnargs: [...child.spawnargs], spawnfile: child.spawnfile });
    });
  });
}

same("spawn tells output, exit and close", (cp) =>
  story(cp.spawn("sh", ["-c", "echo out; echo err >&2; exit 3"])));
same("spawn tells a signal", (cp) => story(cp.spawn("sh", ["-c", "kill -9 $$"])));
same("spawn of a missing program", (cp) => story(cp.spawn("no-such-program", ["a", "b"])));
same("spawn of what cannot be executed", (cp) => story(cp.spawn("/etc/passwd")));
same("spawn with a shell", (cp) => story(cp.spawn("echo $0 a | tr a b", { shell: true })));
same("spawn with a shell of choice and arguments", (cp) =>
  story(cp.spawn("echo", ["a", "$X"], { shell: "/bin/sh", env: { X: "y", PATH: "/usr/bin:/bin" } })));
same("spawn with argv0, cwd and env", (cp) =>
  story(cp.spawn("sh", ["-c", "echo $0 $A $B; pwd"],
    { argv0: "other", cwd: "/usr", env: { A: 1, B: undefined, PATH: process.env.PATH } })));
same("spawn with ignored streams", async (cp) => {
  const child = cp.spawn("sh", ["-c", "echo x; cat"], { stdio: "ignore" });
  return [child.stdin, child.stdout, child.stderr, await story(child)];
});
same("streams are missing where they are not pipes", (cp) => {
  const child = cp.spawn("cat", { stdio: ["pipe", "ignore", "pipe"] });
  child.stdin.end();
  return [child.stdin === null, child.stdout === null, child.stderr === null, child.stdio.length];
});

for (const signal of [undefined, "SIGKILL", 2, "sigterm"]) {
  same(`kill(${signal})`, async (cp) => {
    const child = cp.spawn("sleep", ["100"]);
    const told = story(child);
    const was = child.kill(signal);
    const end = await told;
    return [was, end, child.kill(), child.killed];
  });
}
same("kill with a signal that is none", (cp) => {
  const child = cp.spawn("sleep", ["100"]);
  const failed = caught(() => child.kill("SIGNOPE"));
  child.kill("SIGKILL");
  return failed;
});
same("a time limit of spawn", (cp) =>
  story(cp.spawn("sleep", ["100"], { timeout: 50, killSignal: "SIGINT" })));

same("input and output of 2 MB", async (cp) => {
  const child = cp.spawn("cat");
  const told = story(child);
  child.stdout.setEncoding("latin1");
  child.stdin.write("a".repeat(1_000_000));
  child.stdin.end(Buffer.alloc(1_000_000, 255));
  const { stdout, events } = await told;
  return [stdout.length, stdout.slice(0, 3), stdout.slice(-3), events];
});
same("a stream that is not read waits, and the rest goes on", async (cp) => {
  const child = cp.spawn("sh", ["-c", "head -c 60000 /dev/zero >&2; echo out"]);
  const seen = new Promise((resolve) => child.stdout.once("data", resolve));
  const exit = new Promise((resolve) => child.once("exit", resolve));
  return [text(await seen), await exit];
});
same("for await over stdout", async (cp) => {
  const child = cp.spawn("seq", ["1", "20000"]);
  let size = 0;
  for await (const chunk of child.stdout) size += chunk.length;
  return size;
});

const called = (run) => new Promise((resolve) => {
  run((error, stdout, stderr) => resolve([fields(error), text(stdout), text(stderr)]));
});
same("exec that succeeds", (cp) => called((done) => cp.exec("echo a; echo b >&2", done)));
same("exec that fails", (cp) => called((done) => cp.exec("echo a; echo b >&2; exit 3", done)));
same("exec that a signal ends", (cp) => called((done) => cp.exec("kill -TERM $$", done)));
same("exec with a time limit", (cp) =>
  called((done) => cp.exec("exec sleep 100", { timeout: 50 }, done)));
same("exec with too much output", (cp) =>
  called((done) => cp.exec("head -c 5000 /dev/zero | tr '\\0' x", { maxBuffer: 100 }, done)));
same("exec with buffers", (cp) =>
  called((done) => cp.exec("printf '\\377'", { encoding: "buffer" }, (error, stdout, stderr) =>
    done(error, stdout.toString("hex"), stderr.length))));
same("execFile of a missing program", (cp) =>
  called((done) => cp.execFile("no-such-program", ["x"], done)));
same("execFile without arguments", (cp) => called((done) => cp.execFile("true", done)));
same("execFile with arguments and options", (cp) =>
  called((done) => cp.execFile("pwd", ["-P"], { cwd: "/usr" }, done)));
same("an aborted execFile", (cp) => {
  const controller = new AbortController();
  const ended = called((done) =>
    cp.execFile("sleep", ["100"], { signal: controller.signal }, done));
  controller.abort();
  return ended;
});
same("promisified", async (cp) => {
  const run = cp === nodeModule ? promisify : (fn) => fn[Symbol.for("nodejs.util.promisify.custom")];
  const done = await run(cp.exec)("echo a");
  const failed = await run(cp.execFile)("sh", ["-c", "echo b; exit 2"]).catch(fields);
  const pending = run(cp.execFile)("true");
  const pid = typeof pending.child.pid;
  await pending;
  return [{ ...done }, failed, pid];
});

const plain = (result) => ({
  status: result.status, signal: result.signal, stdout: text(result.stdout),
  stderr: text(result.stderr), output: result.output && Array.from(result.output, text),
  error: fields(result.error), pid: typeof result.pid,
});
same("spawnSync", (cp) => plain(cp.spawnSync("sh", ["-c", "cat; echo err >&2; exit 4"], { input: "in" })));
same("spawnSync with an encoding", (cp) => plain(cp.spawnSync("echo", ["é"], { encoding: "utf8" })));
same("spawnSync of a missing program", (cp) => plain(cp.spawnSync("no-such-program", ["x"])));
same("spawnSync with a time limit", (cp) => plain(cp.spawnSync("sleep", ["100"], { timeout: 50 })));
same("spawnSync with too much output", (cp) => {
  const { status, signal, stdout, error } = cp.spawnSync("sh", ["-c", "yes"], { maxBuffer: 1000 });
  // Node keeps what came with the byte that was too much.
  return [status, signal, text(stdout).slice(0, 1000), fields(error)];
});
same("spawnSync with ignored output", (cp) =>
  plain(cp.spawnSync("echo", ["a"], { stdio: ["ignore", "ignore", "pipe"] })));
same("execSync", (cp) => text(cp.execSync("echo a | tr a b")));
same("execSync with an encoding and input", (cp) =>
  cp.execSync("cat", { encoding: "utf8", input: Buffer.from("in") }));
same("execSync that fails", (cp) =>
  caught(() => cp.execSync("echo a; echo b >&2; exit 5", { stdio: "pipe" })));
same("execFileSync that fails", (cp) =>
  caught(() => cp.execFileSync("sh", ["-c", "exit 5"], { encoding: "utf8" })));
same("execFileSync of a missing program", (cp) => caught(() => cp.execFileSync("no-such-program")));
same("wrong arguments", (cp) => [
  caught(() => cp.spawn()), caught(() => cp.spawn("")), caught(() => cp.spawn(5)),
  caught(() => cp.spawn("a\0b")), caught(() => cp.spawn("a", 5)),
  caught(() => cp.spawn("a", [], { shell: 5 })), caught(() => cp.spawn("a", [], { cwd: 5 })),
  caught(() => cp.spawn("a", [], { timeout: "x" })),
  caught(() => cp.spawn("a", [], { timeout: 1.5 })), caught(() => cp.spawnSync("a", { maxBuffer: -1 })),
  caught(() => cp.execFile("a", [], {}, 5)),
  caught(() => cp.spawnSync("a", [], { killSignal: "SIGNOPE" })),
].map((error) => error.code));
same("the members", (cp) => Object.keys(cp).filter((name) => name !== "default").sort());

test("a denial says so with Node's code and the sentence of policy", async () => {
  const { isolate, module } = open({ deny: () => "exec of git is not granted; --allow exec:git" });
  const error = await new Promise((resolve) => module.spawn("git").on("error", resolve));
  assert.equal(error.code, "EACCES");
  assert.equal(error.message, "exec of git is not granted; --allow exec:git");
  assert.equal(error.status, "denied");
  assert.equal(error.cause.status, "denied");
  assert.equal(module.spawnSync("git").error.code, "EACCES");
  assert.throws(() => module.execSync("git"), { code: "EACCES", status: "denied" });
  isolate.close();
});

test("what a child inherits of the terminal is the log", async () => {
  const { isolate, module } = open();
  const child = module.spawn("sh", ["-c", "printf 'a\\nb'; echo c >&2"], { stdio: "inherit" });
  assert.equal(child.stdout, null);
  await new Promise((resolve) => child.on("close", resolve));
  module.execSync("echo d", { stdio: "inherit" });
  assert.deepEqual(isolate.logged().map(({ text: line }) => line).sort(), ["a", "b", "c", "d"]);
  isolate.close();
});

test("what is not there says so by its name", () => {
  const { isolate, module } = open();
  assert.throws(() => module.fork("x.js"), /node:child_process.fork/);
  assert.throws(() => module.spawn("a", { stdio: ["pipe", "pipe", "pipe", "ipc"] }), /three/);
  assert.throws(() => module.spawn("a", { uid: 1 }), /another user/);
  isolate.close();
});

test("the hostcalls are those of the contract", async () => {
  const { isolate, module } = open();
  module.execFileSync("sh", ["-c", "cat"], { input: "x", timeout: 501 });
  const { operation, args } = isolate.calls.at(-1);
  assert.equal(operation, "exec.run");
  assert.deepEqual({ ...args, id: 0 }, {
    id: 0, command: "sh", args: ["-c", "cat"], encoding: "base64", input: "eA==",
    input_encoding: "base64", timeout_ms: 501, kill_signal: "SIGTERM", output_max: 2097154,
  });
  isolate.close();
});

// ---- pi.exec ----

async function withPi(body, options) {
  const { isolate, host } = open(options);
  let pi;
  const kept = createIsolate({
    info: kInfo, onCall: host.onCall, entry: () => (api) => { pi = api; },
  });
  try {
    await kept.load();
    await body(pi, host, kept);
  } finally {
    kept.close();
    isolate.close();
  }
}
const result = (value) => JSON.parse(JSON.stringify(value));

test("pi.exec gives output and code", () => withPi(async (pi) => {
  assert.deepEqual(result(await pi.exec("sh", ["-c", "echo a; echo b >&2; exit 3"])),
    { stdout: "a\n", stderr: "b\n", code: 3, killed: false, truncated: false });
  assert.equal((await pi.exec("pwd", [], { cwd: "/usr" })).stdout, "/usr\n");
  assert.equal((await pi.exec("cat", [])).stdout, "");
}));

test("pi.exec resolves when the program is missing", () => withPi(async (pi) => {
  assert.deepEqual(result(await pi.exec("no-such-program", [])), {
    stdout: "", stderr: "spawn no-such-program ENOENT", code: 1, killed: false, truncated: false,
  });
}));

test("pi.exec ended by a signal has code 0", () => withPi(async (pi) => {
  const own = await pi.exec("sh", ["-c", "kill -9 $$"]);
  assert.deepEqual([own.code, own.killed], [0, false]);
  const late = await pi.exec("sleep", ["100"], { timeout: 50 });
  assert.deepEqual([late.code, late.killed, late.truncated], [0, true, false]);
  const controller = new AbortController();
  const pending = pi.exec("sleep", ["100"], { signal: controller.signal });
  controller.abort();
  const aborted = await pending;
  assert.deepEqual([aborted.code, aborted.killed], [0, true]);
  const before = await pi.exec("sleep", ["100"], { signal: controller.signal });
  assert.deepEqual([before.code, before.killed], [0, true]);
}));

test("pi.exec cuts output at maxBuffer, both streams together", () => withPi(async (pi) => {
  const cut = await pi.exec("sh", ["-c", "printf 12345; sleep 0.1; printf 67890 >&2; exec sleep 100"],
    { maxBuffer: 7 });
  assert.deepEqual([cut.stdout, cut.stderr, cut.truncated, cut.killed], ["12345", "67", true, true]);
  assert.notEqual(cut.code, 0);
  for (const maxBuffer of [-1, 1.5, "5", NaN, 536870889]) {
    await assert.rejects(pi.exec("true", [], { maxBuffer }),
      { name: "RangeError", message: /maxBuffer must be an integer/ });
  }
}));

test("pi.exec decodes characters that are split between chunks", () => withPi(async (pi) => {
  const split = await pi.exec("sh", ["-c", "printf '\\303'; sleep 0.1; printf '\\251\\377'"]);
  assert.equal(split.stdout, "\u00e9\ufffd");
}));

test("pi.exec rejects what policy does not allow", () => withPi(async (pi) => {
  await assert.rejects(pi.exec("git", []), { status: "denied", message: "not granted" });
}, { deny: () => "not granted" }));

test("many at once have ids of their own", () => withPi(async (pi, host, isolate) => {
  const { spawnSync } = isolate.loadBuiltin("node:child_process");
  const runs = Array.from({ length: 20 }, (_, index) => pi.exec("echo", [String(index)]));
  assert.equal(String(spawnSync("echo", ["x"]).stdout), "x\n");
  const outputs = (await Promise.all(runs)).map(({ stdout }) => stdout);
  assert.deepEqual(outputs, runs.map((_, index) => `${index}\n`));
  assert.equal(host.children.size, 0);
}));
