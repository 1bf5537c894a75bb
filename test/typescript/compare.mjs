// SPDX-License-Identifier: MIT
// Compares what isopod_strip makes of TypeScript files with what esbuild makes of them. Called by
// run.py: reads {"esbuild", "strip", "scratch", "run", "normalize"} from stdin, writes one JSON line
// {"file", "problem"} for each file. Files to `run` are run both ways and must print the same; the
// others must be the same program once esbuild has printed both.
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync, mkdirSync } from "node:fs";
import { basename, join } from "node:path";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const input = JSON.parse(readFileSync(0, "utf8"));
const require = createRequire(pathToFileURL(join(input.esbuild, "package.json")));
const esbuild = require(input.esbuild);
const tsconfigRaw = {
  compilerOptions: { experimentalDecorators: true, useDefineForClassFields: true, target: "esnext" },
};

function strip(file) {
  const done = spawnSync(input.strip, [file], { encoding: "utf8", maxBuffer: 1 << 28 });
  if (done.status !== 0) throw new Error(done.stderr.trim());
  return done.stdout;
}

function transform(code, options) {
  return esbuild.transformSync(code, { target: "es2024", logLevel: "silent", ...options }).code;
}

// The module system of isopod gives every file these; in Node they are made here.
function runnable(code) {
  const names = ["module", "require"].filter((name) => new RegExp(`\\b${name}\\b`).test(code));
  const lines = { module: "var module={exports:{}};", require: "var require=cjs(import.meta.url);" };
  const made = names.map((name) => lines[name]).join("");
  return (made && 'import{createRequire as cjs}from"node:module";' + made) + code;
}

function run(name, code) {
  const path = join(input.scratch, name);
  writeFileSync(path, runnable(code));
  const done = spawnSync(process.execPath, [path], { encoding: "utf8", timeout: 30_000 });
  return done.status === 0 ? done.stdout : `exit ${done.status}: ${done.stderr}`;
}

function compareRuns(file) {
  const source = readFileSync(file, "utf8");
  const name = basename(file, ".ts");
  const code = strip(file);
  if (code.split("\n").length !== source.split("\n").length) return "the lines differ";
  // esbuild prints what Node itself cannot read yet, such as `using`.
  const ours = run(`${name}.ours.mjs`, code);
  const reference = transform(source, { loader: "ts", tsconfigRaw, sourcefile: file, sourcemap: "inline" });
  const theirs = run(`${name}.esbuild.mjs`, reference.replace(/^export default require_\w+\(\);$/m, ""));
  const expected = /^\/\/ prints (.*)$/m.exec(source)?.[1];
  if (ours.startsWith("exit")) return ours;
  if (expected !== undefined) return ours.trim() === expected ? null : `printed ${ours}`;
  return ours === theirs ? null : `\n  ours    ${ours.trim()}\n  esbuild ${theirs.trim()}`;
}

function compareSyntax(file) {
  const source = readFileSync(file, "utf8");
  // Without `minifySyntax`, the empty statements that erased text leaves would count.
  const printed = { minifyWhitespace: true, minifySyntax: true };
  let theirs;
  try {
    theirs = transform(source, { loader: "ts", tsconfigRaw, ...printed });
  } catch (error) {
    return `esbuild: ${error.message}`;
  }
  const ours = transform(strip(file), { loader: "js", ...printed });
  if (ours === theirs) return null;
  let at = 0;
  while (ours[at] === theirs[at]) ++at;
  const near = (text) => JSON.stringify(text.slice(Math.max(0, at - 40), at + 60));
  return `\n  ours    ${near(ours)}\n  esbuild ${near(theirs)}`;
}

mkdirSync(input.scratch, { recursive: true });
for (const [files, compare] of [[input.run, compareRuns], [input.normalize, compareSyntax]]) {
  for (const file of files) {
    let problem;
    try {
      problem = compare(file);
    } catch (error) {
      problem = String(error.message);
    }
    console.log(JSON.stringify({ file, problem }));
  }
}
