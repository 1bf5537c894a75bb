// SPDX-License-Identifier: MIT
// Files: the same calls over Node's module and over ours must give the same, errors included.
import assert from "node:assert/strict";
import * as nodeFs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { pathToFileURL } from "node:url";
import { after, test } from "node:test";
import { createFakeFs } from "../testing/fake_fs.mjs";
import { createIsolate } from "../testing/support.mjs";

const root = nodeFs.realpathSync(nodeFs.mkdtempSync(path.join(os.tmpdir(), "isopod-fs-")));
after(() => nodeFs.rmSync(root, { recursive: true, force: true }));

let lastFolder = 0;
const newFolder = () => {
  const folder = path.join(root, `f${String(++lastFolder).padStart(4, "0")}`);
  nodeFs.mkdirSync(folder);
  return folder;
};

function createOurs(folder, options) {
  const fake = createFakeFs(options);
  const isolate = createIsolate({ info: { cwd: folder }, onCall: fake.onCall });
  const fs = isolate.loadBuiltin("node:fs");
  return {
    fs: fs.default, named: fs, promises: isolate.loadBuiltin("node:fs/promises").default,
    Buffer: isolate.global.Buffer, URL: isolate.global.URL, fake, isolate,
    AbortController: isolate.global.AbortController,
    Date: isolate.global.Date, util: isolate.loadBuiltin("node:util"),
    Readable: isolate.loadBuiltin("node:stream").Readable, loadBuiltin: isolate.loadBuiltin,
  };
}

const theirs = {
  fs: nodeFs.default, promises: nodeFs.promises, Buffer, URL, Date, AbortController,
  util: await import("node:util"), Readable: (await import("node:stream")).Readable,
};

const kFields = ["name", "code", "errno", "syscall", "path", "dest", "message"];

function show(value, depth = 0) {
  if (ArrayBuffer.isView(value)) return `<${Buffer.from(value).toString("latin1")}>`;
  if (typeof value === "bigint") return `${value}n`;
  if (value === null || typeof value !== "object") return value;
  if (typeof value.message === "string")
    return Object.fromEntries(
      kFields.filter((key) => value[key] !== undefined).map((key) => [key, value[key]]));
  if (typeof value.isFile === "function") {
    const size = value.size === undefined || value.isDirectory() ? "" : Number(value.size);
    return [value.name, value.parentPath, value.isFile(), value.isDirectory(),
      value.isSymbolicLink(), size];
  }
  if (depth > 3) return "...";
  if (Array.isArray(value)) return Array.from(value, (each) => show(each, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [key, show(each, depth + 1)]));
}

function createLog(folder) {
  const entries = [];
  const clean = (text) => text.replaceAll(folder, "<dir>").replace(/t-[A-Za-z0-9]{6}/g, "t-XXXXXX");
  return {
    entries,
    log: (...values) => entries.push(
      clean(JSON.stringify(values.map((value) => show(value) ?? `${value}`)))),
  };
}

/** Runs the scenario with an interface of files in a fresh folder; gives what it logged. */
async function run(api, scenario, folder) {
  const { entries, log } = createLog(folder);
  const at = (...names) => path.join(folder, ...names);
  nodeFs.writeFileSync(at("text"), "hello wörld\n");
  nodeFs.mkdirSync(at("tree", "inner"), { recursive: true });
  nodeFs.writeFileSync(at("tree", "b"), "b");
  nodeFs.writeFileSync(at("tree", "a"), "aa");
  nodeFs.writeFileSync(at("tree", "inner", "deep"), "deep");
  nodeFs.symlinkSync("text", at("link"));
  nodeFs.symlinkSync("nowhere", at("broken"));
  const sync = (name, ...args) => {
    try {
      const result = api.fs[`${name}Sync`](...args);
      log(`${name}Sync`, result);
      return result;
    } catch (error) {
      log(`${name}Sync`, error);
    }
  };
  const callback = (name, ...args) => new Promise((resolve) => {
    try {
      api.fs[name](...args, (...values) => { log(name, ...values); resolve(values[1]); });
    } catch (error) {
      log(`${name} threw`, error);
      resolve();
    }
  });
  const promised = async (name, ...args) => {
    try {
      log(`promises.${name}`, await api.promises[name](...args));
    } catch (error) {
      log(`promises.${name}`, error);
    }
  };
  /** The call in its three forms, one after the other. */
  const all = async (name, ...args) => {
    sync(name, ...args);
    await callback(name, ...args);
    await promised(name, ...args);
  };
  await scenario({ ...api, log, at, sync, callback, promised, all, folder });
  return entries;
}

function compare(name, scenario) {
  test(name, async () => {
    const [one, two] = [newFolder(), newFolder()];
    const ours = createOurs(two);
    const wanted = await run(theirs, scenario, one);
    const got = await run(ours, scenario, two);
    assert.ok(wanted.length > 0, "the scenario logs something");
    const differences = Array.from({ length: Math.max(got.length, wanted.length) }, (_, index) =>
      ({ got: got[index], wanted: wanted[index] })).filter((pair) => pair.got !== pair.wanted);
    assert.equal(JSON.stringify(differences, null, 1), "[]");
    assert.equal(ours.fake.openCount(), 0, "nothing is left open");
    ours.isolate.close();
  });
}

// ---- whole files ----

compare("readFile in every encoding", async ({ all, at, Buffer, URL }) => {
  for (const encoding of ["utf8", "utf-8", "UTF8", "base64", "base64url", "hex", "latin1", "binary",
    "ascii", "utf16le", "ucs2"]) {
    await all("readFile", at("text"), encoding);
  }
  await all("readFile", at("text"));
  await all("readFile", at("text"), {});
  await all("readFile", at("text"), null);
  await all("readFile", at("text"), { encoding: "utf8", flag: "r+" });
  await all("readFile", Buffer.from(at("text")), "utf8");
  await all("readFile", new URL(pathToFileURL(at("text")).href), "utf8");
});

compare("readFile fails as Node's does", async ({ all, at }) => {
  await all("readFile", at("none"));
  await all("readFile", at("none"), "utf8");
  await all("readFile", at("tree"));
  await all("readFile", at("tree"), "utf8");
  await all("readFile", at("text", "under"), "utf8");
  await all("readFile", "");
  await all("readFile", at("text"), { flag: "wx" });
  for (const path of [undefined, null, {}, [], true, () => {}]) await all("readFile", path, "utf8");
  await all("readFile", at("a\0b"));
  await all("readFile", at("text"), "no-such");
  await all("readFile", at("text"), 5);
  await all("readFile", at("text"), { flag: "zz" });
});

compare("writeFile and appendFile", async ({ all, at, sync, Buffer }) => {
  await all("writeFile", at("new"), "text ü");
  sync("readFile", at("new"), "utf8");
  await all("writeFile", at("new"), "ff00", "hex");
  sync("readFile", at("new"));
  await all("appendFile", at("new"), Buffer.from([1, 2]));
  await all("appendFile", at("new"), "end", { encoding: "latin1", mode: 0o600 });
  sync("readFile", at("new"));
  await all("writeFile", at("lone"), "a\ud800b");
  sync("readFile", at("lone"));
  await all("writeFile", at("view"), new Uint16Array([0x4142, 0x4344]).subarray(1));
  sync("readFile", at("view"));
  await all("writeFile", at("private"), "x", { mode: 0o600, flush: true });
  await all("writeFile", at("text"), "x", { flag: "wx" });
  await all("writeFile", at("tree"), "x");
  await all("writeFile", at("no", "folder"), "x");
  await all("writeFile", at("x"), 5);
  await all("writeFile", at("x"), undefined);
  await all("writeFile", at("x"), "x", { mode: "no" });
  await all("writeFile", at("old"), "x", { mode: "600" });
  await all("appendFile", at("text"), "x", { flag: "a+" });
  sync("readFile", at("text"), "utf8");
});

compare("callbacks are called later and must be functions", async ({ fs, log, at }) => {
  const order = [];
  await new Promise((resolve) => {
    fs.readFile(at("text"), "utf8", function (error, text) {
      order.push(this === undefined, error, text);
      resolve();
    });
    order.push("after");
  });
  log(order.slice(0, 1), order.slice(-1));
  for (const name of ["readFile", "stat", "mkdir", "exists", "unlink"]) {
    try {
      fs[name](at("text"));
    } catch (error) {
      log(error);
    }
  }
});

compare("relative paths start at the current folder", async ({ fs, log, folder }) => {
  const before = process.cwd();
  process.chdir(folder);
  try {
    log(fs.readFileSync("text", "utf8"), fs.existsSync("./tree/../text"), fs.existsSync("none"));
    log(fs.readdirSync(".").length, fs.realpathSync("tree") === fs.realpathSync(`${folder}/tree`));
    try {
      fs.readFileSync("none/such");
    } catch (error) {
      log(error);
    }
    log(fs.mkdirSync("deep/er/est", { recursive: true }));
    log(fs.readdirSync("deep", { recursive: true }));
    log(fs.readdirSync("deep", { recursive: true, withFileTypes: true }));
    log(fs.mkdtempSync("made-").length);
  } finally {
    process.chdir(before);
  }
});

// ---- facts ----

compare("stat, lstat and what they know", async ({ all, at, fs, sync, log }) => {
  for (const name of ["text", "tree", "link", "broken", "none", "text/x"]) {
    await all("stat", at(name));
    await all("lstat", at(name));
  }
  sync("stat", at("none"), { throwIfNoEntry: false });
  sync("stat", at("text", "under"), { throwIfNoEntry: false });
  sync("lstat", at("text"), { throwIfNoEntry: false });
  await all("stat", at("text"), { bigint: true });
  await all("stat", 5);
  fs.utimesSync(at("text"), 1700000000.5, new Date(1600000000123));
  const stats = fs.statSync(at("text"));
  log(stats.atimeMs, stats.mtimeMs, stats.atime.toISOString(), stats.mtime.getTime(), stats.mode,
    stats.size, stats.nlink, Object.keys(stats).filter((key) => !key.endsWith("time")));
  log(stats instanceof fs.Stats, typeof stats.birthtime.getTime(), stats.isFIFO());
  const big = fs.statSync(at("text"), { bigint: true });
  log(big.mtimeNs, big.mtimeMs, big.mtime.getTime(), big.size, big.isFile());
});

compare("access and exists", async ({ all, at, fs, log, util, sync }) => {
  await all("access", at("text"));
  await all("access", at("text"), fs.constants.R_OK | fs.constants.W_OK);
  await all("access", at("none"));
  await all("access", at("none"), fs.constants.W_OK);
  await all("access", at("text"), 8);
  await all("access", at("text"), "x");
  for (const path of [at("text"), at("none"), at("broken"), "", undefined, 5, "a\0"]) {
    sync("exists", path);
    log(await util.promisify(fs.exists)(path));
  }
  await new Promise((resolve) => fs.exists(at("text"), (value) => { log(value); resolve(); }));
  log(fs.F_OK, fs.R_OK, fs.W_OK, fs.X_OK);
});

compare("chmod, utimes", async ({ all, at, fs, log }) => {
  await all("chmod", at("text"), 0o600);
  log(fs.statSync(at("text")).mode);
  await all("chmod", at("text"), "644");
  await all("chmod", at("none"), 0o600);
  await all("chmod", at("text"), "9");
  await all("chmod", at("text"), undefined);
  await all("utimes", at("text"), "1700000000", 1600000000);
  log(fs.statSync(at("text")).atimeMs);
  await all("utimes", at("none"), 1, 1);
  await all("utimes", at("text"), "x", 1);
  await all("lutimes", at("link"), 1000, 2000);
  log(fs.lstatSync(at("link")).mtimeMs);
});

// ---- folders ----

compare("mkdir", async ({ all, at, sync }) => {
  await all("mkdir", at("one"));
  await all("mkdir", at("one"), { recursive: true });
  await all("mkdir", at("x", "y"));
  sync("mkdir", at("p", "q", "r"), { recursive: true });
  sync("mkdir", at("p", "q", "s"), { recursive: true, mode: 0o700 });
  sync("mkdir", at("octal"), "700");
  sync("stat", at("octal"));
  await all("mkdir", at("text"), { recursive: true });
  await all("mkdir", at("text", "in"), { recursive: true });
  await all("mkdir", at("x"), { recursive: "yes" });
  await all("mkdir", 5);
});

compare("mkdtemp", async ({ fs, promises, at, log, all, util }) => {
  for (const name of [fs.mkdtempSync(at("t-")), await promises.mkdtemp(at("t-")),
    await util.promisify(fs.mkdtemp)(at("t-"))]) {
    log(name.length, name.startsWith(at("t-")), fs.statSync(name).isDirectory());
  }
  const inside = fs.mkdtempSync(`${at("tree")}/`);
  log(inside.length, inside.startsWith(`${at("tree")}/`));
  await all("mkdtemp", at("none", "t-"));
  await all("mkdtemp", 5);
});

compare("readdir", async ({ all, at, sync }) => {
  await all("readdir", at("tree"));
  await all("readdir", at("."), { withFileTypes: true });
  await all("readdir", at("."), { recursive: true });
  await all("readdir", at("tree"), { recursive: true, withFileTypes: true });
  await all("readdir", at("tree"), "buffer");
  await all("readdir", at("tree"), "hex");
  await all("readdir", at("none"));
  await all("readdir", at("text"));
  // Node's form with a callback throws the error here, and its promise takes any value.
  sync("readdir", at("text"), { recursive: true });
  sync("readdir", at("tree"), { recursive: "x" });
  await all("readdir", 5);
});

compare("opendir", async ({ fs, promises, at, log, callback, promised }) => {
  const names = [];
  for await (const entry of await promises.opendir(at("tree"))) names.push(entry.name);
  log(names.sort());
  const dir = fs.opendirSync(at("tree"));
  log(dir.path, dir.readSync().name.length > 0, (await dir.read()).isFile !== undefined);
  log((await dir.read()) !== null, await dir.read(), dir.readSync());
  dir.closeSync();
  try {
    dir.readSync();
  } catch (error) {
    log(error);
  }
  for (const name of ["none", "text"]) {
    await callback("opendir", at(name));
    await promised("opendir", at(name));
  }
  const recursive = [];
  for await (const { name, parentPath } of await promises.opendir(at("tree"), { recursive: true }))
    recursive.push(`${parentPath}:${name}`);
  log(recursive.sort());
});

compare("rm, rmdir, unlink", async ({ all, at, sync, promised, callback }) => {
  await all("rm", at("none"));
  await all("rm", at("none"), { force: true });
  await all("rm", at("tree"));
  await all("unlink", at("none"));
  await all("unlink", at("tree"));
  await all("rmdir", at("tree"));
  await all("rmdir", at("none"));
  await all("rmdir", at("text"));
  sync("unlink", at("link"));
  sync("exists", at("text"));
  sync("mkdir", at("e1"));
  sync("mkdir", at("e2"));
  sync("rmdir", at("e1"));
  await promised("rmdir", at("e2"));
  await callback("rm", at("broken"));
  await promised("rm", at("text"));
  await promised("rm", at("tree"), { recursive: true });
  sync("rm", at("tree"), { recursive: true, force: true });
  sync("readdir", at("."));
  await all("rm", at("x"), { force: 1 });
  await all("rm", at("x"), 5);
  await all("rm", 5);
});

compare("rename, link, symlink, readlink, realpath", async (api) => {
  const { all, at, sync, promised, fs, log } = api;
  sync("rename", at("text"), at("moved"));
  await promised("rename", at("moved"), at("text"));
  await all("rename", at("none"), at("x"));
  await all("rename", at("text"), at("no", "folder"));
  await all("rename", at("text"), 5);
  await all("rename", 5, at("text"));
  sync("link", at("text"), at("hard"));
  await all("link", at("text"), at("hard"));
  sync("symlink", "tree", at("s1"));
  sync("symlink", at("tree"), at("s2"), "dir");
  await all("symlink", "tree", at("s1"));
  await all("readlink", at("s1"));
  await all("readlink", at("s1"), "buffer");
  await all("readlink", at("text"));
  await all("readlink", at("none"));
  await all("realpath", at("s1", "inner"));
  log(String(fs.realpathSync(at("link"), "buffer")));
  for (const name of ["none", "broken"]) {
    if (name === "none") sync("realpath", at(name));
    await promised("realpath", at(name));
    try {
      fs.realpathSync.native(at(name));
    } catch (error) {
      log(error);
    }
  }
  log(fs.realpathSync.native(at("link")));
  await new Promise((resolve) => fs.realpath.native(at("link"), (...values) => {
    log(...values);
    resolve();
  }));
});

compare("copyFile and cp", async ({ all, at, sync, promised, promises, fs, log }) => {
  const { COPYFILE_EXCL } = fs.constants;
  await all("copyFile", at("text"), at("copy"));
  await all("copyFile", at("text"), at("copy"), COPYFILE_EXCL);
  await all("copyFile", at("none"), at("copy"));
  await all("copyFile", at("text"), at("copy"), 9);
  sync("copyFile", at("text"));
  sync("readFile", at("copy"), "utf8");
  sync("cp", at("tree"), at("t2"), { recursive: true });
  await promised("cp", at("tree"), at("t3", "below"), { recursive: true });
  sync("readdir", at("t2"), { recursive: true });
  sync("readdir", at("t3"), { recursive: true });
  await promised("cp", at("tree"), at("t4"), {
    recursive: true, filter: async (from) => !from.endsWith("inner"),
  });
  sync("readdir", at("t4"), { recursive: true });
  sync("cp", at("text"), at("t5"));
  fs.writeFileSync(at("t5"), "other");
  sync("cp", at("text"), at("t5"), { force: false });
  sync("readFile", at("t5"), "utf8");
  for (const args of [
    [at("tree"), at("t6")], [at("text"), at("t5"), { force: false, errorOnExist: true }],
    [at("tree"), at("t5"), { recursive: true }], [at("text"), at("t2")],
    [at("tree"), at("tree", "inner", "x"), { recursive: true }], [at("text"), at("text")],
  ]) {
    try {
      await promises.cp(...args);
      log("copied");
    } catch (error) {
      log(error.code, error.name);
    }
  }
  sync("cp", at("link"), at("link2"), { verbatimSymlinks: true });
  sync("readlink", at("link2"));
  sync("cp", at("link"), at("link3"));
  sync("readlink", at("link3"));
  sync("cp", at("link"), at("file3"), { dereference: true });
  sync("lstat", at("file3"));
});

// ---- open files ----

compare("open, read, write, close", async ({ fs, at, log, Buffer, sync }) => {
  const fd = fs.openSync(at("file"), "w+");
  log(typeof fd, fs.writeSync(fd, "hello "), fs.writeSync(fd, Buffer.from("world"), 1, 3));
  log(fs.writeSync(fd, "X", 0), fs.writeSync(fd, "ff", null, "hex"));
  const buffer = Buffer.alloc(8, ".");
  log(fs.readSync(fd, buffer, 0, 4, 0), buffer, fs.readSync(fd, buffer, 2, 3, 2), buffer);
  log(fs.readSync(fd, buffer, { position: 0 }), buffer, fs.readSync(fd, buffer));
  log(fs.fstatSync(fd).size, fs.readFileSync(fd, "utf8"));
  fs.ftruncateSync(fd, 2);
  fs.fsyncSync(fd);
  fs.fdatasyncSync(fd);
  fs.fchmodSync(fd, 0o600);
  fs.futimesSync(fd, 1, 2);
  log(fs.readFileSync(at("file"), "utf8"), fs.fstatSync(fd).mtimeMs);
  log(fs.writevSync(fd, [Buffer.from("ab"), Buffer.from("cd")], 0));
  log(fs.readvSync(fd, [buffer.subarray(0, 1), buffer.subarray(1, 8)], 0), buffer);
  fs.closeSync(fd);
  for (const work of [() => fs.closeSync(fd), () => fs.readSync(fd, buffer), () => fs.fstatSync(fd),
    () => fs.writeSync(fd, "x"), () => fs.readFileSync(fd), () => fs.closeSync("x"),
    () => fs.closeSync(-1), () => fs.readSync(fd, {}), () => fs.openSync(at("x"), "q"),
    () => fs.openSync(at("text"), "wx"), () => fs.openSync(at("no", "x"), "w"),
    () => fs.readSync(1.5, buffer), () => fs.readSync(fd, buffer, 20),
    () => fs.readSync(fd, buffer, 0, 20), () => fs.writeSync(fd, 5)]) {
    try {
      log(work());
    } catch (error) {
      log(error);
    }
  }
  sync("truncate", at("text"), 4);
  sync("readFile", at("text"), "utf8");
  sync("truncate", at("text"));
  sync("truncate", at("none"));
  sync("truncate", at("text"), "x");
});

compare("open files with callbacks and promisify", async (api) => {
  const { fs, at, log, Buffer, util, callback } = api;
  const fd = await new Promise((resolve) =>
    fs.open(at("file"), "w+", (error, given) => resolve(given)));
  log(typeof fd);
  await callback("write", fd, "text");
  await callback("write", fd, Buffer.from("abc"), 1, 1, 0);
  await callback("read", fd, Buffer.alloc(4), 0, 4, 0);
  log(await util.promisify(fs.read)(fd, Buffer.alloc(3), 0, 3, 1));
  log(await util.promisify(fs.write)(fd, "zz"));
  await callback("fstat", fd);
  await callback("read", 999, Buffer.alloc(1), 0, 1, 0);
  await callback("close", 999);
  await callback("close", fd);
});

compare("FileHandle", async ({ promises, at, log, Buffer }) => {
  const file = await promises.open(at("file"), "w+");
  log(typeof file.fd);
  log(await file.write("hello "), await file.write(Buffer.from("world"), 0, 5));
  await file.appendFile("!");
  log(await file.read(Buffer.alloc(5), 0, 5, 0));
  log((await file.read({ buffer: Buffer.alloc(3), position: 6 })).buffer);
  log((await file.stat()).size);
  await file.truncate(5);
  await file.sync();
  await file.datasync();
  await file.chmod(0o600);
  await file.utimes(1, 2);
  await file.close();
  log(file.fd);
  await file.read(Buffer.alloc(1)).catch((error) => log(error));
  const again = await promises.open(at("file"));
  log(await again.readFile("utf8"), await again.readFile("utf8"));
  await again.close();
  const written = await promises.open(at("file"), "w");
  await written.writeFile("a\nb\r\nc");
  await promises.writeFile(written, "\nd");
  await written.close();
  const lines = [];
  const reading = await promises.open(at("file"));
  for await (const line of reading.readLines()) lines.push(line);
  log(lines);
  await promises.open(at("none")).catch((error) => log(error));
  const streamed = await promises.open(at("file"));
  let text = "";
  for await (const chunk of streamed.createReadStream({ encoding: "utf8" })) text += chunk;
  log(text);
});

compare("writeFile takes what can be iterated", async ({ promises, at, log, Readable, fs }) => {
  await promises.writeFile(at("a"), Readable.from(["x", "y"]));
  await promises.writeFile(at("b"), (function* () { yield "1"; yield "2"; })());
  await promises.writeFile(at("c"), (async function* () { yield "é"; })(), "latin1");
  log(["a", "b", "c"].map((name) => fs.readFileSync(at(name))));
  await promises.writeFile(at("d"), [5]).catch((error) => log(error.code));
});

compare("an aborted signal ends reading and writing", async (api) => {
  const { promises, fs, at, log, AbortController } = api;
  const controller = new AbortController();
  controller.abort();
  const { signal } = controller;
  await promises.readFile(at("text"), { signal }).catch((error) => log(error.name, error.code));
  await promises.writeFile(at("x"), "x", { signal }).catch((error) => log(error.name, error.code));
  try {
    await promises.readFile(at("text"), { signal: 5 });
  } catch (error) {
    log(error);
  }
  log(fs.existsSync(at("x")));
});

// ---- streams ----

compare("createReadStream", async ({ fs, at, log }) => {
  const read = (options) => new Promise((resolve) => {
    const stream = fs.createReadStream(at("text"), options);
    const chunks = [];
    for (const type of ["ready", "end", "close"]) stream.on(type, () => chunks.push(type));
    stream.on("open", (fd) => chunks.push(`open ${typeof fd}`));
    stream.on("data", (chunk) => chunks.push(String(chunk)));
    stream.on("close", () => {
      log(chunks, stream.bytesRead, stream.path === at("text"), stream.fd);
      resolve();
    });
  });
  await read();
  await read("utf8");
  await read({ start: 2, end: 7, encoding: "utf8" });
  await read({ highWaterMark: 5 });
  await read({ end: 3 });
  await read({ start: 100 });
  const missing = fs.createReadStream(at("none"));
  await new Promise((resolve) => missing.on("error", (error) => log(error)).on("close", resolve));
  for (const args of [[5], [at("text"), { start: "x" }], [at("text"), { start: 5, end: 2 }],
    [at("text"), { encoding: "no" }]]) {
    try {
      fs.createReadStream(...args);
    } catch (error) {
      log(error.code, error.name);
    }
  }
  const fd = fs.openSync(at("text"));
  const given = fs.createReadStream("ignored", { fd, autoClose: false, start: 1 });
  let text = "";
  for await (const chunk of given) text += chunk;
  log(text, fs.fstatSync(fd).size, given instanceof fs.ReadStream);
  fs.closeSync(fd);
});

compare("createWriteStream", async ({ fs, at, log }) => {
  const write = async (options, ...chunks) => {
    const stream = fs.createWriteStream(at("out"), options);
    for (const chunk of chunks) stream.write(chunk);
    stream.end();
    await new Promise((resolve) => stream.on("close", resolve).on("error", (error) => log(error)));
    if (fs.existsSync(at("out")))
      log(fs.readFileSync(at("out"), "utf8"), stream.bytesWritten, stream.closed, stream.pending);
  };
  await write({ flags: "wx" }, "a", "b");
  await write({ flags: "wx" }, "a");
  await write({ flags: "a" }, "c", "d", "e");
  await write({ start: 1, flags: "r+" }, "XY");
  await write("latin1", "é");
  await write({ flush: true }, "z");
  const piped = fs.createReadStream(at("text")).pipe(fs.createWriteStream(at("piped")));
  await new Promise((resolve) => piped.on("finish", resolve));
  log(fs.readFileSync(at("piped"), "utf8"));
  const failing = fs.createWriteStream(at("no", "out"));
  await new Promise((resolve) => failing.on("error", (error) => { log(error); resolve(); }));
  const closed = fs.createWriteStream(at("closed"));
  closed.write("x");
  await new Promise((resolve) => closed.close(resolve));
  log(closed.destroyed, fs.readFileSync(at("closed"), "utf8"));
});

// ---- watching ----

test("watch tells of changes, until it is closed", async () => {
  const folder = newFolder();
  const { fs, promises, fake, isolate, AbortController } = createOurs(folder);
  const seen = [];
  const watcher = fs.watch(folder, (type, name) => seen.push(`${type} ${name}`));
  const closed = new Promise((resolve) => watcher.on("close", resolve));
  nodeFs.writeFileSync(path.join(folder, "new"), "x");
  while (!seen.includes("rename new")) await new Promise((resolve) => setTimeout(resolve, 5));
  watcher.close();
  watcher.close();
  await closed;
  assert.equal(fake.openCount(), 0);
  assert.throws(() => fs.watch(path.join(folder, "none")),
    { code: "ENOENT", syscall: "watch", filename: path.join(folder, "none") });
  const controller = new AbortController();
  const events = [];
  const following = (async () => {
    for await (const event of promises.watch(folder, { signal: controller.signal })) {
      events.push(event);
      controller.abort();
    }
  })();
  await new Promise((resolve) => setTimeout(resolve, 10));
  nodeFs.writeFileSync(path.join(folder, "other"), "x");
  await assert.rejects(following, { name: "AbortError", code: "ABORT_ERR" });
  assert.equal(events[0].filename, "other");
  assert.equal(fake.openCount(), 0);
  isolate.close();
});

test("watchFile compares what stat says", async () => {
  const folder = newFolder();
  const { fs, isolate } = createOurs(folder);
  const file = path.join(folder, "f");
  const changes = [];
  fs.watchFile(file, { interval: 3 }, (now, before) => changes.push([now.size, before.size]));
  const until = async (count) => {
    while (changes.length < count) await new Promise((resolve) => setTimeout(resolve, 3));
  };
  await until(1);
  nodeFs.writeFileSync(file, "abc");
  await until(2);
  assert.deepEqual([changes[0], changes[1].at(-1), changes.at(-1)[0]], [[0, 0], 0, 3]);
  fs.unwatchFile(file);
  const { length } = changes;
  nodeFs.writeFileSync(file, "more than that");
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.equal(changes.length, length);
  isolate.close();
});

// ---- the way over hostcalls ----

test("a file of text is one hostcall, without base64", () => {
  const folder = newFolder();
  const { fs, isolate } = createOurs(folder);
  const file = path.join(folder, "f");
  fs.writeFileSync(file, "text");
  assert.equal(fs.readFileSync(file, "utf8"), "text");
  assert.deepEqual(
    isolate.calls.map(({ operation, args }) => [operation, args.encoding, args.data]),
    [["fs.write", "utf8", "text"], ["fs.read", "utf8", undefined]]);
});

test("importing fs loads neither streams nor buffers nor events", () => {
  const isolate = createIsolate();
  isolate.loadBuiltin("node:fs");
  for (const name of ["isopod:node/stream", "isopod:node/fs_streams", "isopod:node/fs_watch",
    "node:buffer", "node:events"]) assert.equal(isolate.isLoaded(name), false, name);
});

test("large files travel in pieces", async () => {
  const folder = newFolder();
  const file = path.join(folder, "large");
  const bytes = Buffer.alloc(9 * 1024 * 1024 + 5, "é\u0001");
  const { fs, promises, isolate, fake, Buffer: OurBuffer } = createOurs(folder);
  fs.writeFileSync(file, OurBuffer.from(bytes));
  assert.ok(nodeFs.readFileSync(file).equals(bytes));
  assert.ok(bytes.equals(Buffer.from(await promises.readFile(file))));
  assert.equal(fs.readFileSync(file, "utf8"), bytes.toString());
  assert.ok(isolate.calls.every(({ args }) => (args.data ?? "").length < 16 * 1024 * 1024));
  assert.equal(fake.openCount(), 0);
});

test("a smaller bound of messages is found out", () => {
  const folder = newFolder();
  const file = path.join(folder, "large");
  const { fs, fake } = createOurs(folder, { payloadMax: 100 * 1024 });
  const text = "äbc\n".repeat(100_000);
  fs.writeFileSync(file, text);
  assert.equal(nodeFs.readFileSync(file, "utf8"), text);
  assert.equal(fs.readFileSync(file, "utf8"), text);
  assert.equal(fs.readFileSync(file).length, Buffer.byteLength(text));
  fs.appendFileSync(file, text);
  assert.equal(nodeFs.statSync(file).size, 2 * Buffer.byteLength(text));
  assert.equal(fake.openCount(), 0);
});

test("what policy denies is EACCES with the sentence of the policy", async () => {
  const folder = newFolder();
  const sentence = "reading /secret is not granted";
  const { fs, promises } = createOurs(folder, { denied: () => sentence });
  const check = (error) => {
    assert.equal(error.message, `EACCES: permission denied, open '/secret' (${sentence})`);
    assert.deepEqual([error.code, error.errno, error.syscall, error.path, error.status],
      ["EACCES", -13, "open", "/secret", "denied"]);
    assert.equal(error.cause.code, "denied");
    return true;
  };
  assert.throws(() => fs.readFileSync("/secret", "utf8"), check);
  await assert.rejects(promises.readFile("/secret"), check);
  await new Promise((resolve) => fs.writeFile("/secret", "x", (error) => resolve(check(error))));
  assert.equal(fs.existsSync("/secret"), false);
  assert.throws(() => fs.renameSync("/a", "/b"),
    { message: `EACCES: permission denied, rename '/a' -> '/b' (${sentence})` });
});

test("standard output is the log, standard input is empty, the rest says what it is", () => {
  const { fs, isolate } = createOurs(newFolder());
  fs.writeSync(1, "to the log\n");
  fs.writeFileSync(2, "an error");
  assert.deepEqual(isolate.logged(),
    [{ level: "info", text: "to the log" }, { level: "error", text: "an error" }]);
  assert.equal(fs.readFileSync(0, "utf8"), "");
  for (const name of ["chownSync", "statfsSync", "openAsBlob"])
    assert.throws(() => fs[name]("/x"),
      { message: `node:fs.${name} is not supported by this version of isopod` });
});

test("fs has the names of Node's", () => {
  const { fs, named, promises } = createOurs(newFolder());
  const missing = (ours, node) => Object.keys(node).filter((name) => !(name in ours));
  assert.deepEqual(missing(fs, nodeFs.default), []);
  assert.deepEqual(missing(named, nodeFs).filter((name) => name !== "default"), []);
  assert.deepEqual(missing(promises, nodeFs.promises), []);
  const { EXTENSIONLESS_FORMAT_JAVASCRIPT: _one, EXTENSIONLESS_FORMAT_WASM: _two, ...constants } =
    nodeFs.constants;
  assert.deepEqual({ ...fs.constants }, constants);
  assert.equal(fs.promises, promises);
});
