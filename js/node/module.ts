// SPDX-License-Identifier: MIT
/** `createRequire` finds built-in modules; files are the loader's business. */
import { loadBuiltin } from "isopod:native";
import { unsupportedFunction } from "isopod:core";

const missing = (name: string) => unsupportedFunction(`node:module.${name}`);

/** Every name an extension may use for a built-in module; filled in by the bundler. */
declare const kGuestModules: string[];

const guestModules = new Set(kGuestModules);

export const builtinModules = kGuestModules.filter((name) => name.startsWith("node:"))
  .map((name) => name.slice("node:".length));

export const isBuiltin = (name: string): boolean =>
  builtinModules.includes(name.replace(/^node:/, ""));

function notFound(name: string): never {
  const error = new Error(`Cannot find module '${name}'`) as any;
  error.code = "MODULE_NOT_FOUND";
  throw error;
}

export function createRequire(_from: string | URL): any {
  const require: any = (name: string) => {
    if (!guestModules.has(name)) return notFound(name);
    const namespace = loadBuiltin(name);
    return isBuiltin(name) ? namespace.default : namespace;
  };
  require.resolve = (name: string) => (guestModules.has(name) ? name : notFound(name));
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
