// SPDX-License-Identifier: MIT
/** `createRequire` finds built-in modules; files are the loader's business. */
import { loadBuiltin } from "isopod:native";
import { unsupportedFunction } from "isopod:core";

const missing = (name: string) => unsupportedFunction(`node:module.${name}`);

export const builtinModules = [
  "assert", "assert/strict", "buffer", "crypto", "events", "fs", "fs/promises", "module", "os",
  "path", "path/posix", "path/win32", "perf_hooks", "process", "string_decoder", "timers",
  "timers/promises", "url", "util", "util/types",
];

export const isBuiltin = (name: string): boolean =>
  builtinModules.includes(name.replace(/^node:/, ""));

function notFound(name: string): never {
  const error = new Error(`Cannot find module '${name}'`) as any;
  error.code = "MODULE_NOT_FOUND";
  throw error;
}

export function createRequire(_from: string | URL): any {
  const require: any = (name: string) => {
    if (!isBuiltin(name)) return notFound(name);
    const namespace = loadBuiltin(`node:${name.replace(/^node:/, "")}`);
    return namespace.default ?? namespace;
  };
  require.resolve = (name: string) => (isBuiltin(name) ? name : notFound(name));
  require.cache = Object.create(null);
  require.main = undefined;
  return require;
}

export const Module = missing("Module");
export const findPackageJSON = missing("findPackageJSON");
export const register = missing("register");
export const stripTypeScriptTypes = missing("stripTypeScriptTypes");
export const syncBuiltinESMExports = missing("syncBuiltinESMExports");

export default {
  builtinModules, isBuiltin, createRequire, Module, findPackageJSON, register,
  stripTypeScriptTypes, syncBuiltinESMExports,
};
