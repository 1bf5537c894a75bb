// SPDX-License-Identifier: MIT
// pi's built-in tools over Node's own modules; the expected texts are recorded facts about pi.
import assert from "node:assert/strict";
import * as buffer from "node:buffer";
import * as childProcess from "node:child_process";
import * as fs from "node:fs";
import * as fsPromises from "node:fs/promises";
import * as os from "node:os";
import * as path from "node:path";
import { after, test } from "node:test";
import * as url from "node:url";
import { createIsolate } from "../testing/support.mjs";

const cwd = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "isopod-tools-")));
const tempDir = path.join(cwd, "temp");
fs.mkdirSync(tempDir);
after(() => fs.rmSync(cwd, { recursive: true, force: true }));

const isolate = createIsolate({
  info: { cwd, home: cwd, tempDir },
  builtins: {
    "node:fs": fs, "node:fs/promises": fsPromises, "node:child_process": childProcess,
    "node:buffer": buffer, "node:url": url,
  },
});
isolate.global.process = process;
const pi = isolate.loadBuiltin("@earendil-works/pi-coding-agent");
const plain = (value) => JSON.parse(JSON.stringify(value));
const messageIs = (message) => (error) => {
  assert.equal(error.message, message);
  return true;
};

function put(name, content) {
  const file = path.join(cwd, name);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, content);
}
const content = (name) => fs.readFileSync(path.join(cwd, name), "utf8");
const call = (name, params, options, ...rest) =>
  pi[`create${name}Tool`](cwd, options).execute("call", params, ...rest);
const textOf = async (...args) => (await call(...args)).content[0].text;
const numbered = (count) =>
  Array.from({ length: count }, (_, index) => `line ${index + 1}\n`).join("");
const aborted = AbortSignal.abort();

// ---- definitions ----

test("tools and definitions have the members pi's have", () => {
  const definitionKeys = (name) =>
    Object.keys(pi[`create${name}ToolDefinition`](cwd)).sort().join(" ");
  const common = "description execute label name parameters promptSnippet renderCall renderResult";
  const withMore = (more) => `${common} ${more}`.split(" ").sort().join(" ");
  for (const name of ["Grep", "Find", "Ls"]) assert.equal(definitionKeys(name), common);
  for (const name of ["Read", "Bash"]) {
    assert.equal(definitionKeys(name),
      withMore("constrainedSampling outputSchema promptGuidelines"));
  }
  assert.equal(definitionKeys("Write"), withMore("constrainedSampling promptGuidelines"));
  assert.equal(definitionKeys("Edit"),
    withMore("constrainedSampling prepareArguments promptGuidelines renderShell"));
  const toolKeys = "name,label,description,parameters,outputSchema,constrainedSampling," +
    "prepareArguments,executionMode,execute";
  assert.equal(Object.keys(pi.createReadTool(cwd)).join(), toolKeys);
  assert.equal(Object.keys(pi.createBashTool(cwd)).join(),
    `${toolKeys},promptSnippet,promptGuidelines`);
  assert.deepEqual(plain(pi.createCodingTools(cwd).map(({ name }) => name)),
    ["read", "bash", "edit", "write"]);
  assert.deepEqual(plain(pi.createReadOnlyTools(cwd).map(({ name }) => name)),
    ["read", "grep", "find", "ls"]);
});

test("parameters are TypeBox schemas, made without TypeBox", () => {
  const fresh = createIsolate();
  const tool = fresh.loadBuiltin("@earendil-works/pi-coding-agent").createReadTool(cwd);
  assert.equal(JSON.stringify(tool.parameters),
    '{"type":"object","required":["path"],"properties":{' +
    '"path":{"type":"string","description":"Path to the file to read (relative or absolute)"},' +
    '"offset":{"type":"number","description":"Line number to start reading from (1-indexed)"},' +
    '"limit":{"type":"number","description":"Maximum number of lines to read"}}}');
  assert.equal(fresh.isLoaded("isopod:pi/builtin_run"), false);
  const { Type } = isolate.loadBuiltin("typebox");
  const { IsObject, IsOptional, IsString } = isolate.loadBuiltin("typebox");
  const { parameters } = pi.createReadTool(cwd);
  assert.ok(IsObject(parameters) && IsString(parameters.properties.path));
  assert.ok(IsOptional(parameters.properties.limit) && !IsOptional(parameters.properties.path));
  assert.deepEqual(Object.getOwnPropertyNames(parameters),
    Object.getOwnPropertyNames(Type.Object({ a: Type.String() })));
});

test("edit arguments are understood in the forms models write them", () => {
  const { prepareArguments } = pi.createEditTool(cwd);
  const edit = { oldText: "x", newText: "y" };
  const edits = { path: "a", edits: [edit] };
  for (const args of [
    { path: "a", ...edit }, { path: "a", edits: JSON.stringify([edit]) },
    { path: "a", edits: edit }, { path: "a", edits: JSON.stringify(edit) }, edits,
  ]) assert.deepEqual(plain(prepareArguments(args)), edits);
  assert.deepEqual(plain(prepareArguments({ ...edits, oldText: "1", newText: "2" })),
    { path: "a", edits: [edit, { oldText: "1", newText: "2" }] });
  for (const args of [null, "x", { path: "a", edits: "[" }, { path: "a", oldText: 1 }]) {
    assert.deepEqual(plain(prepareArguments(args)), args);
  }
});

// ---- read ----

test("read gives the lines asked for and says how to go on", async () => {
  put("two.txt", "one\ntwo\n");
  put("many.txt", numbered(2500));
  const read = (params) => textOf("Read", { path: "two.txt", ...params });
  assert.deepEqual(plain(await call("Read", { path: "two.txt" })),
    { content: [{ type: "text", text: "one\ntwo\n" }], structuredContent: "one\ntwo\n" });
  assert.equal(await read({ offset: 2 }), "two\n");
  assert.equal(await read({ offset: 3 }), "");
  assert.equal(await read({ limit: 1 }),
    "one\n\n[2 more lines in file. Use offset=2 to continue.]");
  assert.equal(await read({ limit: 3 }), "one\ntwo\n");
  await assert.rejects(read({ offset: 4 }),
    messageIs("Offset 4 is beyond end of file (3 lines total)"));
  const long = await call("Read", { path: "many.txt" });
  assert.ok(long.content[0].text.endsWith(
    "\nline 2000\n\n[Showing lines 1-2000 of 2501. Use offset=2001 to continue.]"));
  assert.equal(long.details.truncation.totalLines, 2500);
  put("wide.txt", `${"y".repeat(60000)}\nz\n`);
  assert.equal(await textOf("Read", { path: "wide.txt" }),
    "[Line 1 is 58.6KB, exceeds 50.0KB limit. Use bash: sed -n '1p' wide.txt | head -c 51200]");
});

test("read finds a file by every way to write its path", async () => {
  put("my file.txt", "found");
  for (const name of ["my file.txt", "@my file.txt", "./my\u00a0file.txt", "~/my file.txt",
    path.join(cwd, "my file.txt"), url.pathToFileURL(path.join(cwd, "my file.txt")).href,
  ]) assert.equal(await textOf("Read", { path: name }), "found", name);
  await assert.rejects(call("Read", { path: "none" }), { code: "ENOENT" });
  await assert.rejects(call("Read", { path: "my file.txt" }, {}, aborted),
    messageIs("Operation aborted"));
});

const kPng = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwAD" +
  "hgGAWjR9awAAAABJRU5ErkJggg==", "base64");

test("read attaches images by what is in the file", async () => {
  put("picture.txt", kPng);
  put("text.png", "not an image");
  const data = kPng.toString("base64");
  const note = "Read image file [image/png]";
  assert.deepEqual(plain(await call("Read", { path: "picture.txt" })), {
    content: [{ type: "text", text: note }, { type: "image", data, mimeType: "image/png" }],
    structuredContent: { type: "image", data, mimeType: "image/png", note },
  });
  assert.equal(await textOf("Read", { path: "text.png" }), "not an image");
  const large = Buffer.from(kPng);
  large.writeUInt32BE(4000, 16);
  put("large.png", large);
  assert.equal(await textOf("Read", { path: "large.png" }),
    `${note}\n[Image omitted: could not be resized below the inline image size limit.]`);
  put("no-size.jpg", Buffer.from("ffd8ff", "hex"));
  assert.match(await textOf("Read", { path: "no-size.jpg" }), /\[Image omitted: /);
  assert.equal((await call("Read", { path: "large.png" }, { autoResizeImages: false }))
    .content.length, 2);
});

test("image types are told by the first bytes", async () => {
  const cases = [
    ["image/jpeg", Buffer.from("ffd8ff", "hex")], ["image/gif", Buffer.from("GIF89a")],
    ["image/webp", Buffer.from("RIFF\x1a\0\0\0WEBPVP8 ")], [null, Buffer.from("GIF8")],
    ["image/bmp", Buffer.from("424d3a00000000000000360000002800000001", "hex")],
    [null, Buffer.from("BMnothing at all here")], [null, Buffer.from("<svg>")],
  ];
  for (const [type, bytes] of cases) {
    put("image", bytes);
    const detected = await pi.detectSupportedImageMimeTypeFromFile(path.join(cwd, "image"));
    assert.equal(detected, type);
  }
});

test("tools work over operations of an extension", async () => {
  const log = [];
  const note = (name, value) => async (...args) => {
    log.push([name, ...args].join(" "));
    return value;
  };
  const operations = {
    readFile: note("read", Buffer.from("r1\nr2\n")), access: note("access"),
    writeFile: note("write"), mkdir: note("mkdir"),
  };
  assert.equal(await textOf("Read", { path: "r/x", offset: 2 }, { operations }), "r2\n");
  await call("Write", { path: "r/y", content: "c" }, { operations });
  await call("Edit", { path: "r/z", edits: [{ oldText: "r1", newText: "R" }] }, { operations });
  const at = (name) => path.join(cwd, "r", name);
  assert.deepEqual(log, [
    `access ${at("x")}`, `read ${at("x")}`, `mkdir ${path.join(cwd, "r")}`, `write ${at("y")} c`,
    `access ${at("z")}`, `read ${at("z")}`, `write ${at("z")} R\nr2\n`,
  ]);
});

// ---- write and edit ----

test("write makes the folders it needs", async () => {
  assert.deepEqual(plain(await call("Write", { path: "w/d/n.txt", content: "héllo\n" })),
    { content: [{ type: "text", text: "Successfully wrote to w/d/n.txt" }] });
  assert.equal(content("w/d/n.txt"), "héllo\n");
  await assert.rejects(call("Write", { path: "w/d", content: "" }), { code: "EISDIR" });
  await assert.rejects(call("Write", { path: "w/q", content: "" }, {}, aborted),
    messageIs("Operation aborted"));
  assert.equal(fs.existsSync(path.join(cwd, "w/q")), false);
});

async function edit(before, ...pairs) {
  put("e.txt", before);
  const edits = pairs.map(([oldText, newText]) => ({ oldText, newText }));
  const result = await call("Edit", { path: "e.txt", edits });
  return { after: content("e.txt"), ...plain(result) };
}

test("edit replaces texts and shows the difference", async () => {
  const { after: text, content: [{ text: message }], details } =
    await edit(numbered(30), ["line 3\n", "line three\n"], ["line 20", "line twenty\nmore"]);
  assert.ok(text.includes("\nline three\nline 4\n"));
  assert.ok(text.includes("\nline twenty\nmore\nline 21"));
  assert.equal(message, "Successfully replaced 2 block(s) in e.txt.");
  assert.deepEqual(details, {
    diff: "  1 line 1\n  2 line 2\n- 3 line 3\n+ 3 line three\n  4 line 4\n  5 line 5\n" +
      "  6 line 6\n  7 line 7\n    ...\n 16 line 16\n 17 line 17\n 18 line 18\n 19 line 19\n" +
      "-20 line 20\n+20 line twenty\n+21 more\n 21 line 21\n 22 line 22\n 23 line 23\n" +
      " 24 line 24\n    ...",
    patch: "--- e.txt\n+++ e.txt\n@@ -1,7 +1,7 @@\n line 1\n line 2\n-line 3\n+line three\n" +
      " line 4\n line 5\n line 6\n line 7\n@@ -16,9 +16,10 @@\n line 16\n line 17\n line 18\n" +
      " line 19\n-line 20\n+line twenty\n+more\n line 21\n line 22\n line 23\n line 24\n",
    firstChangedLine: 3,
  });
});

test("edit keeps line breaks, a byte order mark and what it did not touch", async () => {
  const cases = [
    ["a\r\nb\r\nc\r\n", ["a\nb", "x\ny\nz"], "x\r\ny\r\nz\r\nc\r\n"],
    ["a\r\nb\nc\r\n", ["b\nc", "x\ny\nz"], "a\r\nx\ny\nz\r\n"],
    ["a\nb\n", ["a\r\nb", "q\r\nr"], "q\nr\n"],
    ["a\r\nb", ["b", "b\nc"], "a\r\nb\r\nc"],
    ["a\rb\rc", ["b", "V"], "a\rV\rc"],
    ["\uFEFFa\nb\n", ["a", "x"], "\uFEFFx\nb\n"],
    ["a\nb", ["b", "b\n"], "a\nb\n"],
    ["aaa\n", ["aa", "b"], "ba\n"],
  ];
  for (const [before, pair, expected] of cases) {
    assert.equal((await edit(before, pair)).after, expected, JSON.stringify(before));
  }
});

test("edit finds texts that differ in look-alikes only", async () => {
  const cases = [
    ["a   \nb\n", [["a\nb", "x\ny"]], "x\ny\n"],
    ["say “hi” – ok\nnext  \n", [['say "hi" - ok', "said"]], "said\nnext  \n"],
    ["say “hi” and “x”   \nnext “y”  \n", [['say "hi"', "said"]], 'said and "x"\nnext “y”  \n'],
    ["“a” one\nmid  \n“b” two\n", [['"a"', "A"], ["two", "2"]], 'A one\nmid  \n"b" 2\n'],
    ["“a” x\nb y\nc\n", [['"a"', "A"], ["x\nb", "Q"], ["y", "Z"]], "A Q Z\nc\n"],
    ["“a” “b” one  \n", [['"a"', "A"], ['"b"', "B"]], "A B one\n"],
    ["“a”  \r\nb\r\n", [['"a"\nb', "x\ny"]], "x\r\ny\r\n"],
    ["ﬁne a\u00a0b\u3000c\u2014d\n", [["fine a b c-d", "b"]], "b\n"],
  ];
  for (const [before, pairs, expected] of cases) {
    assert.equal((await edit(before, ...pairs)).after, expected, before);
  }
});

test("edit refuses what is not clear, and leaves the file alone", async () => {
  const cases = [
    ["a\n", [["z", "y"]], "Could not find the exact text in e.txt. The old text must match " +
      "exactly including all whitespace and newlines."],
    ["a\n", [["a", "y"], ["z", "q"]], "Could not find edits[1] in e.txt. The oldText must match " +
      "exactly including all whitespace and newlines."],
    ["a\na\n", [["a", "b"]], "Found 2 occurrences of the text in e.txt. The text must be unique. " +
      "Please provide more context to make it unique."],
    ['"a"\n“a”\n', [['"a"', "b"]], "Found 2 occurrences of the text in e.txt. The text must be " +
      "unique. Please provide more context to make it unique."],
    ["abcdef\n", [["abc", "1"], ["cde", "2"]], "edits[0] and edits[1] overlap in e.txt. Merge " +
      "them into one edit or target disjoint regions."],
    ["a\n", [["", "x"]], "oldText must not be empty in e.txt."],
    ["a\n", [["a", "b"], ["", "x"]], "edits[1].oldText must not be empty in e.txt."],
    ["a\n", [], "Edit tool input is invalid. edits must contain at least one replacement."],
    ["a\nb\n", [["a", "a"], ["b", "b"]],
      "No changes made to e.txt. The replacements produced identical content."],
  ];
  for (const [before, pairs, message] of cases) {
    await assert.rejects(edit(before, ...pairs), messageIs(message));
    assert.equal(content("e.txt"), before);
  }
  await assert.rejects(call("Edit", { path: "none", edits: [{ oldText: "a", newText: "b" }] }),
    messageIs("Could not edit file: none. Error code: ENOENT."));
});

test("differences are those of the usual tools", () => {
  const diff = (before, later, lines) => pi.generateDiffString(before, later, lines).diff;
  assert.equal(diff("a\nb\nc\nd\ne\nf", "a\nc\nd\nX\nf\ng"),
    " 1 a\n-2 b\n 3 c\n 4 d\n-5 e\n-6 f\n+4 X\n+5 f\n+6 g");
  assert.equal(diff("1\n2\n3\n4\n5\n6\n7\n8\n", "1\n2\n3\nX\n5\n6\n7\n8\n", 1),
    "   ...\n 3 3\n-4 4\n+4 X\n 5 5\n   ...");
  assert.deepEqual(plain(pi.generateDiffString("a\n", "a\n")), { diff: "" });
  const hunks = (later, lines) =>
    pi.generateUnifiedPatch("f", "1\n2\n3\n4\n5\n6\n", later, lines).match(/^@@/gm).length;
  assert.deepEqual([hunks("1\nX\n3\n4\nX\n6\n", 1), hunks("1\nX\n3\n4\n5\nX\n", 1)], [1, 2]);
  assert.equal(pi.generateUnifiedPatch("f", "", "a\nb\n"),
    "--- f\n+++ f\n@@ -0,0 +1,2 @@\n+a\n+b\n");
  assert.equal(pi.generateUnifiedPatch("f", "a\nb", "a\nc"),
    "--- f\n+++ f\n@@ -1,2 +1,2 @@\n a\n-b\n\\ No newline at end of file\n+c\n" +
    "\\ No newline at end of file\n");
});

test("a patch turns the one text into the other, whatever they are", () => {
  let seed = Number(process.env.ISOPOD_SEED ?? 7);
  const random = (limit) => (seed = (seed * 1103515245 + 12345) % 2 ** 31) % limit;
  const text = () => Array.from({ length: random(12) }, () => `${"abc"[random(3)]}\n`).join("") +
    (random(3) === 0 ? "end" : "");
  for (let round = 0; round < 300; round++) {
    const [before, later] = [text(), text()];
    const patch = pi.generateUnifiedPatch("f", before, later, random(4));
    const old = before.match(/[^\n]*\n|[^\n]+$/g) ?? [];
    const result = [];
    let at = 0;
    for (const hunk of patch.split(/^(?=@@ )/m).slice(1)) {
      const [header, ...lines] = hunk.replace(/\n$/, "").split("\n");
      const [, start, count] = /^@@ -(\d+),(\d+)/.exec(header).map(Number);
      const first = count === 0 ? start : start - 1;
      result.push(...old.slice(at, first));
      at = first + count;
      for (const [index, line] of lines.entries()) {
        if (line.startsWith("\\") || line.startsWith("-")) continue;
        result.push(line.slice(1) + (lines[index + 1]?.startsWith("\\") ? "" : "\n"));
      }
    }
    assert.equal([...result, ...old.slice(at)].join(""), later, patch);
  }
});

// ---- ls, grep, find ----

test("ls sorts names as people do and marks folders", async () => {
  for (const name of ["b.txt", "A.txt", ".hidden", "sub/x", "a2.txt", "_u", "Z", "10", "9"]) {
    put(`l/${name}`, "");
  }
  fs.symlinkSync("nowhere", path.join(cwd, "l/dangling"));
  fs.symlinkSync("sub", path.join(cwd, "l/linkdir"));
  fs.mkdirSync(path.join(cwd, "emptydir"));
  assert.equal(await textOf("Ls", { path: "l" }),
    "_u\n.hidden\n10\n9\nA.txt\na2.txt\nb.txt\nlinkdir/\nsub/\nZ");
  assert.deepEqual(plain(await call("Ls", { path: "l", limit: 2 })), {
    content: [{
      type: "text", text: "_u\n.hidden\n\n[2 entries limit reached. Use limit=4 for more]",
    }],
    details: { entryLimitReached: 2 },
  });
  assert.equal(await textOf("Ls", { path: "emptydir" }), "(empty directory)");
  await assert.rejects(call("Ls", { path: "l/Z" }),
    messageIs(`Not a directory: ${path.join(cwd, "l/Z")}`));
  await assert.rejects(call("Ls", { path: "none" }),
    messageIs(`Path not found: ${path.join(cwd, "none")}`));
});

test("the order of names is that of the Unicode collation algorithm", async () => {
  let seed = Number(process.env.ISOPOD_SEED ?? 11);
  const random = (limit) => (seed = (seed * 1103515245 + 12345) % 2 ** 31) % limit;
  const kChars = "abzABZ019_-,;:!?.'()[]{}@&#%`^+<=>~$ éÖñ";
  const names = new Set(Array.from({ length: 400 }, () =>
    Array.from({ length: 1 + random(4) }, () => kChars[random(kChars.length)]).join("")));
  const operations = {
    exists: () => true, readdir: () => [...names],
    stat: (file) => ({ isDirectory: () => file === cwd }),
  };
  const shown = (await textOf("Ls", {}, { operations })).split("\n");
  const lower = (name) => name.toLowerCase();
  for (let i = 1; i < shown.length; i++) {
    const order = lower(shown[i - 1]).localeCompare(lower(shown[i]), "en");
    assert.ok(order <= 0, `${shown[i - 1]} before ${shown[i]}`);
  }
  assert.equal(shown.length, names.size);
});

function repository() {
  for (const [name, text] of Object.entries({
    "src/a.ts": "const foo = 1;\nconst bar = 2;\nfoo();\n", "src/deep/b.ts": "import foo\n",
    "src/[id].ts": "foo\n", "readme.md": "Foo and foo\n", ".gitignore":
      "dist/\n*.log\n!keep.log\n/only-root\n", "dist/x.ts": "foo\n", "out.log": "foo\n",
    "keep.log": "foo\n", ".hid/h.ts": "foo\n", "only-root/f.ts": "foo\n",
    "src/only-root/f.ts": "foo\n", "bin.dat": "foo\0\n", ".git/HEAD": "ref\n",
    "sub/.gitignore": "ig.txt\n!back.log\n", "sub/back.log": "", "sub/ig.txt": "foo\n",
    "sub/ok.txt": "foo\n",
    "ctx.txt": "1\n2\nhit\n4\n5\n6\nhit\n8\n", "crlf.txt": "dos\r\n",
  })) put(`g/${name}`, text);
}
repository();

test("grep finds lines and leaves out what git ignores", async () => {
  const grep = (params) => textOf("Grep", { path: "g", ...params });
  assert.equal(await grep({ pattern: "foo" }),
    ".hid/h.ts:1: foo\nkeep.log:1: foo\nreadme.md:1: Foo and foo\nsrc/[id].ts:1: foo\n" +
    "src/a.ts:1: const foo = 1;\nsrc/a.ts:3: foo();\nsrc/deep/b.ts:1: import foo\n" +
    "src/only-root/f.ts:1: foo\nsub/ok.txt:1: foo");
  assert.equal(await grep({ pattern: "foo()", literal: true }), "src/a.ts:3: foo();");
  assert.equal(await grep({ pattern: "foo", glob: "src/**/b.*" }), "src/deep/b.ts:1: import foo");
  assert.equal(await grep({ pattern: "FOO AND", ignoreCase: true, glob: "*.{md,txt}" }),
    "readme.md:1: Foo and foo");
  assert.equal(await grep({ pattern: "dos$|hit", path: "g/crlf.txt" }), "No matches found");
  assert.equal(await grep({ pattern: "(?i)DOS", path: "g/crlf.txt" }), "crlf.txt:1: dos");
  assert.equal(await grep({ pattern: "hit", context: 2, path: "g/ctx.txt" }),
    "ctx.txt-1- 1\nctx.txt-2- 2\nctx.txt:3: hit\nctx.txt-4- 4\nctx.txt-5- 5\nctx.txt-6- 6\n" +
    "ctx.txt:7: hit\nctx.txt-8- 8");
  assert.equal(await grep({ pattern: "hit", context: 1, limit: 1, path: "g/ctx.txt" }),
    "ctx.txt-2- 2\nctx.txt:3: hit\nctx.txt-4- 4\n\n" +
    "[1 matches limit reached. Use limit=2 for more, or refine pattern]");
  await assert.rejects(grep({ pattern: "x", path: "none" }),
    messageIs(`Path not found: ${path.join(cwd, "none")}`));
  await assert.rejects(grep({ pattern: "foo(" }), { name: "SyntaxError" });
});

test("grep cuts long lines and long output", async () => {
  put("long/a.txt", `foo${"x".repeat(700)}\n`);
  const result = await call("Grep", { pattern: "foo", path: "long/a.txt" });
  assert.equal(result.content[0].text, `a.txt:1: foo${"x".repeat(497)}... [truncated]\n\n` +
    "[Some lines truncated to 500 chars. Use read tool to see full lines]");
  assert.deepEqual(plain(result.details), { linesTruncated: true });
  put("long/b.txt", `needle ${"x".repeat(300)}\n`.repeat(400));
  const large = await call("Grep", { pattern: "needle", path: "long", limit: 1000 });
  assert.match(large.content[0].text, /\n\n\[50\.0KB limit reached\]$/);
  assert.equal(large.details.truncation.totalLines, 400);
});

test("find matches names, or paths when the pattern has a slash", async () => {
  const find = (pattern, more) => textOf("Find", { pattern, path: "g", ...more });
  const sources = "src/[id].ts\nsrc/a.ts\nsrc/deep/b.ts\nsrc/only-root/f.ts";
  assert.equal(await find("*.ts"), `.hid/h.ts\n${sources}`);
  assert.equal(await find("src/**/*.ts"), sources);
  assert.equal(await find("deep/*.ts"), "src/deep/b.ts");
  assert.equal(await find("[ab].ts"), "src/a.ts\nsrc/deep/b.ts");
  assert.equal(await find("\\[id\\].ts"), "src/[id].ts");
  assert.equal(await find("{src,sub}"), "src/\nsub/");
  assert.equal(await find("*.log"), "keep.log\nsub/back.log");
  assert.equal(await find("*.log", { limit: 2 }), "keep.log\nsub/back.log");
  assert.equal(await find("/src/*.ts"), "No files found matching pattern");
  assert.equal(await find("*.ts", { limit: 1 }),
    ".hid/h.ts\n\n[1 results limit reached. Use limit=2 for more, or refine pattern]");
  await assert.rejects(find("["), /unclosed character class/);
  const operations = { exists: () => true, glob: (_pattern, folder) => [`${folder}/one`, "two"] };
  assert.equal(await textOf("Find", { pattern: "*", limit: 1 }, { operations }),
    "one\n\n[1 results limit reached]");
});

// ---- bash ----

test("bash gives output and exit code", async () => {
  const { content: shown, structuredContent } = await call("Bash", { command: "echo hi; pwd" });
  assert.deepEqual(plain(shown), [{ type: "text", text: `hi\n${cwd}\n` }]);
  assert.equal(Object.keys(structuredContent).join(),
    "output,truncated,exit_code,wall_time_seconds");
  assert.deepEqual(plain({ ...structuredContent, wall_time_seconds: 0 }),
    { output: `hi\n${cwd}\n`, truncated: false, exit_code: 0, wall_time_seconds: 0 });
  const failed = await call("Bash", { command: "echo out; exit 3" });
  assert.equal(failed.isError, true);
  assert.equal(failed.content[0].text, "out\n\n\nCommand exited with code 3");
  assert.equal(await textOf("Bash", { command: "true" }), "(no output)");
  assert.equal(await textOf("Bash", { command: "kill -9 $$" }),
    "(no output)\n\nCommand exited with code 137");
  assert.equal(await textOf("Bash", { command: "echo $A" }, { commandPrefix: "A=1" }), "1\n");
});

test("bash reports output while the command runs", async () => {
  const updates = [];
  await call("Bash", { command: "echo a; sleep 0.2; echo b" }, {}, undefined,
    (partial) => updates.push(plain(partial)));
  assert.deepEqual(updates[0], { content: [] });
  assert.deepEqual(updates[1], { content: [{ type: "text", text: "a\n" }], details: {} });
  assert.equal(updates.at(-1).content[0].text, "a\nb\n");
});

test("bash shows the end of long output and keeps all of it in a file", async () => {
  const result = await call("Bash", { command: "seq 1 3000" });
  const file = result.details.fullOutputPath;
  assert.match(file, new RegExp(`^${tempDir}/pi-bash-[0-9a-f]{16}\\.log$`));
  assert.ok(result.content[0].text.startsWith("1001\n1002\n"));
  assert.ok(result.content[0].text.endsWith(
    `\n3000\n\n[Showing lines 1001-3000 of 3000. Full output: ${file}]`));
  assert.equal(fs.readFileSync(file, "utf8"), result.structuredContent.output);
  assert.match(await textOf("Bash", { command: "head -c 60000 /dev/zero | tr '\\0' x" }),
    /^x{51200}\n\n\[Showing last 50\.0KB of line 1 \(line is 58\.6KB\)\. Full output: /);
  const { structuredContent: { output, truncated } } =
    await call("Bash", { command: "head -c 1100000 /dev/zero | tr '\\0' x" });
  assert.equal(output.replace(/x+/g, ""), `\n\n[... ${1100000 - 1048576} bytes omitted ...]\n\n`);
  assert.equal(truncated, true);
});

test("bash ends commands that take too long or are not wanted any more", async () => {
  await assert.rejects(call("Bash", { command: "echo a; sleep 5", timeout: 0.3 }),
    messageIs("a\n\n\nCommand timed out after 0.3 seconds"));
  await assert.rejects(call("Bash", { command: "sleep 1; touch not-killed", timeout: 0.1 }));
  assert.equal(fs.existsSync(path.join(cwd, "not-killed")), false);
  const controller = new AbortController();
  setTimeout(() => controller.abort(), 200);
  await assert.rejects(call("Bash", { command: "echo a; sleep 5" }, {}, controller.signal),
    messageIs("a\n\n\nCommand aborted"));
  await assert.rejects(call("Bash", { command: "echo a" }, {}, aborted),
    messageIs("Command aborted"));
  await assert.rejects(call("Bash", { command: "echo a", timeout: 0 }),
    messageIs("Invalid timeout: must be a finite number of seconds"));
});

test("the spawn hook changes command, folder and environment", async () => {
  let seen;
  const spawnHook = ({ command, cwd: folder, env }) => {
    seen = { command, folder };
    return { command: `echo $HOOKED; ${command}`, cwd: tempDir, env: { ...env, HOOKED: "1" } };
  };
  assert.equal(await textOf("Bash", { command: "pwd" }, { spawnHook }), `1\n${tempDir}\n`);
  assert.deepEqual(seen, { command: "pwd", folder: cwd });
  await assert.rejects(
    call("Bash", { command: "pwd" }, { spawnHook: (context) => ({ ...context, cwd: "/none" }) }),
    messageIs("Working directory does not exist: /none\nCannot execute bash commands."));
});

test("bash runs over operations of an extension", async () => {
  const run = (exec) => textOf("Bash", { command: "x" }, { operations: { exec } });
  assert.equal(await run(async (_command, _cwd, { onData }) => {
    onData(Buffer.from("h\xc3", "latin1"));
    onData(Buffer.from("\xa9\n", "latin1"));
    return { exitCode: 0 };
  }), "hé\n");
  await assert.rejects(run(async () => ({ exitCode: null })),
    messageIs("(no output)\n\nCommand terminated without an exit code"));
  await assert.rejects(run(async () => { throw new Error("timeout:9"); }),
    messageIs("Command timed out after 9 seconds"));
  await assert.rejects(run(async () => { throw new Error("ssh broke"); }), messageIs("ssh broke"));
});

test("commands learn about the session from the context of the call", async () => {
  const ctx = {
    sessionManager: { getSessionId: () => "sid", getSessionFile: () => undefined },
    model: { id: "m1", provider: "p1" }, thinkingLevel: "high",
  };
  const environment = async (options) => (await pi.createBashToolDefinition(cwd, options)
    .execute("call", { command: "env | grep -E '^PI_(M|P|R|S)' | sort" },
      undefined, undefined, ctx))
    .content[0].text;
  assert.equal(await environment(),
    "PI_MODEL=m1\nPI_PROVIDER=p1\nPI_REASONING_LEVEL=high\nPI_SESSION_ID=sid\n");
  assert.doesNotMatch(await environment({ exposeSessionEnvironment: false }), /PI_MODEL/);
});

// ---- looks ----

test("calls and results are drawn with the theme they are given", () => {
  const theme = {
    fg: (token, text) => `<${token}>${text}</>`, bg: (_token, text) => text,
    bold: (text) => text,
  };
  const lines = (component) => [...component.render(200)].map((line) => line.trimEnd());
  const read = pi.createReadToolDefinition(cwd);
  assert.deepEqual(lines(read.renderCall({ path: "a.ts", offset: 2, limit: 3 }, theme, {})),
    ["<toolTitle>read</> <accent>a.ts</><warning>:2-4</>"]);
  const result = { content: [{ type: "text", text: "one\ntwo" }] };
  assert.deepEqual(lines(read.renderResult(result, { expanded: false }, theme, {})), []);
  const ls = pi.createLsToolDefinition(cwd);
  assert.deepEqual(lines(ls.renderResult(result, { expanded: false }, theme, {})),
    ["", "<toolOutput>one</>", "<toolOutput>two</>"]);
  const edited = pi.createEditToolDefinition(cwd).renderResult(
    { ...result, details: { diff: "-1 a\n+1 b" } }, {}, theme, {});
  assert.deepEqual(lines(edited), ["", "<toolDiffRemoved>-1 a</>", "<toolDiffAdded>+1 b</>"]);
  for (const name of ["Read", "Write", "Edit", "Bash", "Ls", "Grep", "Find"]) {
    for (const args of [undefined, {}, { path: 1, command: [], pattern: null }]) {
      const call = pi[`create${name}ToolDefinition`](cwd).renderCall(args, theme, {});
      assert.ok(lines(call).length > 0, name);
    }
  }
});
