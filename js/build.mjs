// SPDX-License-Identifier: MIT
// Bundles every built-in module of modules.json to OUTDIR and writes OUTDIR/manifest.json.
// Usage: node build.mjs OUTDIR
import * as fs from "node:fs";
import * as path from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";

const here = path.dirname(fileURLToPath(import.meta.url));
const outdir = process.argv[2];
if (!outdir) {
  console.error("usage: node build.mjs OUTDIR");
  process.exit(2);
}

const modules = JSON.parse(fs.readFileSync(path.join(here, "modules.json"), "utf8"));
const canonical = new Map();
for (const module of modules) {
  for (const name of [module.name, ...module.aliases]) {
    if (canonical.has(name)) throw new Error(`modules.json names ${name} twice`);
    canonical.set(name, module.name);
  }
}

// Built-ins see one another by canonical name only, and typebox and pi-tui proper are bundled from
// npm by the one module that wraps each, which asks for them with the prefix "npm:".
const builtins = {
  name: "builtins",
  setup(build) {
    build.onResolve({ filter: /^npm:/ }, ({ path: name, resolveDir, kind }) =>
      build.resolve(name.slice("npm:".length), {
        resolveDir, kind, pluginData: { fromNpm: true },
      }));
    build.onResolve({ filter: /^[^./]/ }, ({ path: name, pluginData, kind }) => {
      if (pluginData?.fromNpm || kind === "entry-point") return undefined;
      if (/^isopod:native(\/|$)/.test(name)) return { path: name, external: true };
      const target = canonical.get(name);
      return target === undefined ? undefined : { path: target, external: true };
    });
  },
};

const guestModules = [...canonical.keys()].filter((name) => !name.startsWith("isopod:"));
const fileOf = (module) => module.source.replace(/\//g, "-").replace(/\.ts$/, "");
fs.mkdirSync(outdir, { recursive: true });
const result = await esbuild.build({
  absWorkingDir: here,
  entryPoints: modules.map((module) => ({ in: module.source, out: fileOf(module) })),
  outdir: path.resolve(outdir),
  bundle: true,
  format: "esm",
  target: "es2023",
  platform: "neutral",
  mainFields: ["module", "main"],
  conditions: ["import"],
  // A built-in module has no place; the packages from npm ask for one when they are evaluated.
  define: {
    kGuestModules: JSON.stringify(guestModules), "import.meta.url": '"file:///builtin.js"',
  },
  legalComments: "none",
  charset: "utf8",
  logLevel: "warning",
  logOverride: { "empty-import-meta": "silent" },
  plugins: [builtins],
  metafile: true,
});
if (result.warnings.length > 0) process.exit(1);

const exportsOf = new Map();
for (const [file, output] of Object.entries(result.metafile.outputs)) {
  exportsOf.set(path.basename(file), output.exports);
}
const manifest = modules.map((module) => ({
  name: module.name,
  aliases: module.aliases,
  file: `${fileOf(module)}.js`,
  exports: exportsOf.get(`${fileOf(module)}.js`),
}));
fs.writeFileSync(path.join(outdir, "manifest.json"), `${JSON.stringify(manifest, null, 1)}\n`);
