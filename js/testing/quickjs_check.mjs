// SPDX-License-Identifier: MIT
// Evaluates every bundled module in a QuickJS shell, then loads a small extension there.
// Usage: node quickjs_check.mjs PATH_TO_QJS BUNDLE_DIR
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

const [qjs, bundles] = process.argv.slice(2);
if (!qjs || !bundles) {
  console.error("usage: node quickjs_check.mjs PATH_TO_QJS BUNDLE_DIR");
  process.exit(2);
}
const modules = JSON.parse(fs.readFileSync(path.join(bundles, "manifest.json"), "utf8"));
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "isopod-quickjs-"));
process.on("exit", () => fs.rmSync(folder, { recursive: true, force: true }));

const natives = ["isopod:native", "isopod:native/crypto", "isopod:native/modules", "isopod:native/zlib"];
const files = new Map(natives.map((name) => [name, name.replace(/^isopod:/, "").replace("/", "_") + ".mjs"]));
for (const { name, file } of modules) files.set(name, file.replace(/\.js$/, ".mjs"));

for (const { name, file } of modules) {
  const text = fs.readFileSync(path.join(bundles, file), "utf8")
    .replace(/(\bfrom |^import )"([^"]+)";/gm, (all, keyword, specifier) =>
      files.has(specifier) ? `${keyword}"./${files.get(specifier)}";` : all);
  fs.writeFileSync(path.join(folder, files.get(name)), text);
}

fs.writeFileSync(path.join(folder, "native.mjs"), `
import * as os from "qjs:os";
export const state = { namespaces: new Map(), calls: [], request: null };
export async function hostcall(operation, args) { state.calls.push([operation, args]); return null; }
export function hostcallSync(operation, args) { state.calls.push([operation, args]); return null; }
export function setErrorFactory() {}
export function onRequest(handler) { state.request = handler; }
export function onCancel() {}
export function startTimer(callback, milliseconds) { os.setTimeout(callback, milliseconds); return 1; }
export function stopTimer() {}
export const now = () => performance.now();
export const importEntry = async () => state.entry;
export function loadBuiltin(name) {
  const found = state.namespaces.get(name);
  if (found === undefined) throw new Error("not loaded yet: " + name);
  return found;
}
export const utf8Encode = (text) => Uint8Array.from(unescape(encodeURIComponent(text.toWellFormed())), (c) => c.charCodeAt(0));
export const utf8Decode = (bytes) => decodeURIComponent(escape(String.fromCharCode(...bytes)));
export function randomFill(bytes) { for (let i = 0; i < bytes.length; i++) bytes[i] = Math.random() * 256; }
export const promiseState = () => ["pending", undefined];
export const info = { cwd: "/w", home: "/h", tempDir: "/tmp", agentDir: "/h/.pi/agent", platform: "linux",
  arch: "x64", hostname: "box", version: "0", mode: "print", hasUI: false, pid: 1 };
`);

// What the check never calls; the isolate's tests have the real ones.
const uncalled = (...names) => names
  .map((name) => `export function ${name}() { throw new Error("${name} of the check was called"); }\n`).join("");
fs.writeFileSync(path.join(folder, "native_crypto.mjs"),
  `export const digestNames = () => ["md5", "sha1", "sha256"];\n` +
    uncalled("digest", "newDigest", "newHmac", "newPbkdf2", "scrypt"));
fs.writeFileSync(path.join(folder, "native_modules.mjs"),
  uncalled("require").replace("export ", "") + "export const requireFrom = () => require;\n");
fs.writeFileSync(path.join(folder, "native_zlib.mjs"),
  "export const outputMax = () => 1 << 22;\n" + uncalled("crc32", "newStream"));

const rank =
  (name) => ["isopod:core", "isopod:web", "node:"].findIndex((start) => name.startsWith(start)) +
    1 ||
  9;
const ordered = [...modules].sort((a, b) => rank(a.name) - rank(b.name));
fs.writeFileSync(path.join(folder, "main.mjs"),
  `
import { state } from "./native.mjs";
const print = globalThis.print;
const failures = [];
const times = [];
for (const [name, file] of ${JSON.stringify(ordered.map(({ name }) => [name, files.get(name)]))}) {
  const start = performance.now();
  try {
    state.namespaces.set(name, await import("./" + file));
  } catch (error) {
    failures.push(name + ": " + error + "\\n" + error.stack);
  }
  times.push([performance.now() - start, name]);
}
print("slowest to parse and evaluate: " + times.sort((a, b) => b[0] - a[0]).slice(0, 5)
  .map(([time, name]) => name + " " + time.toFixed(1) + " ms").join(", "));
try {
  const { Type } = state.namespaces.get("typebox");
  const { visibleWidth, Text } = state.namespaces.get("@earendil-works/pi-tui");
  state.entry = (pi) => {
    pi.registerTool({
      name: "greet", label: "Greet", description: "d", parameters: Type.Object({ times: Type.Number() }),
      async execute(id, { times }, signal) {
        console.log("running", { times, aborted: signal.aborted }, new URL("../x", "http://a/b/c").href);
        return { content: [{ type: "text", text: "hi ".repeat(times) + visibleWidth("日本") + new Text("é", 0, 0).render(3).length }], details: {} };
      },
    });
  };
  const registrations = await state.request("load", { path: "/e.ts", flags: {} }, 1);
  const result = await state.request("tool", { name: "greet", callId: "c", args: { times: "2" } }, 2);
  const text = JSON.stringify([registrations.tools.length, result, state.calls]);
  const wanted = JSON.stringify([1, { content: [{ type: "text", text: "hi hi 41" }], details: {} },
    [["log.write", { level: "info", text: "running { times: 2, aborted: false } http://a/x" }]]]);
  if (text !== wanted) failures.push("unexpected result: " + text);
} catch (error) {
  failures.push(String(error) + "\\n" + error.stack);
}
for (const failure of failures) print("FAILED " + failure);
print(failures.length === 0 ? "all ${
    ordered.length} modules evaluate" : failures.length + " failures");
`);
const output = execFileSync(qjs, ["--module", path.join(folder, "main.mjs")], { encoding: "utf8" });
process.stdout.write(output);
process.exit(/^all \d+ modules evaluate$/m.test(output) ? 0 : 1);
