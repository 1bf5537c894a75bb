// SPDX-License-Identifier: MIT
/** `node:module`: the loader's `require` for any place, and which modules are built in. */
import { loadBuiltin } from "isopod:native";
import { requireFrom } from "isopod:native/modules";
import { unsupportedFunction } from "isopod:core";
import { invalidValue } from "./node_errors";

const missing = (name: string) => unsupportedFunction(`node:module.${name}`);

/** Every name an extension may use for a built-in module; filled in by the bundler. */
declare const kGuestModules: string[];

export const builtinModules = kGuestModules.filter((name) => name.startsWith("node:"))
  .map((name) => name.slice("node:".length));

export const isBuiltin = (name: unknown): boolean =>
  typeof name === "string" && builtinModules.includes(name.replace(/^node:/, ""));

function pathOf(from: unknown): string {
  const isUrl = typeof from === "object" && from !== null && "href" in from && "protocol" in from;
  const text = isUrl ? String((from as URL).href) : from;
  if (typeof text === "string") {
    if (text.startsWith("/")) return text;
    // The usual case needs no parser of URLs, which is a module to load.
    if (/^file:\/\/\/[^%?#\\]*$/.test(text)) return text.slice("file://".length);
    if (text.startsWith("file:")) return loadBuiltin("node:url").fileURLToPath(text);
  }
  throw invalidValue("filename", from,
    "must be a file URL object, file URL string, or absolute path string");
}

export const createRequire = (from: string | URL): any => requireFrom(pathOf(from));

interface ParentModule {
  filename?: string;
}
const placeOf = (parent?: ParentModule): string => parent?.filename ?? "/";

/** What programs that reach into the loader can still ask; nothing here changes how it works. */
function ModuleConstructor(this: any, id = "", parent?: ParentModule): void {
  Object.assign(this, { id, path: "", exports: {}, filename: null, loaded: false, children: [] });
  this.parent = parent;
}
ModuleConstructor.prototype.require = function (this: ParentModule, name: string): any {
  return createRequire(placeOf(this))(name);
};
Object.defineProperty(ModuleConstructor, "name", { value: "Module" });

export const Module: any = ModuleConstructor;
export const findPackageJSON = missing("findPackageJSON");
export const register = missing("register");
export const registerHooks = missing("registerHooks");
export const stripTypeScriptTypes = missing("stripTypeScriptTypes");
export const enableCompileCache = (): { status: number } => ({ status: 3 });
export const findSourceMap = (): undefined => undefined;
export const syncBuiltinESMExports = (): void => {};

Object.assign(Module, {
  Module, builtinModules, createRequire, enableCompileCache, findPackageJSON, findSourceMap,
  isBuiltin, register, registerHooks, stripTypeScriptTypes, syncBuiltinESMExports,
  globalPaths: [],
  _extensions: { __proto__: null },
  _load: (name: string, parent?: ParentModule) => createRequire(placeOf(parent))(name),
  _resolveFilename: (name: string, parent?: ParentModule) =>
    createRequire(placeOf(parent)).resolve(name),
  _nodeModulePaths: (folder: string) => createRequire(`${folder}/`).resolve.paths("x"),
});
Object.defineProperty(Module, "_cache", { get: () => createRequire("/").cache, enumerable: true });

export default Module;
