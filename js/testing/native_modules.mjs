// SPDX-License-Identifier: MIT
// The module isopod:native/modules: `require` finds built-in modules and notes where it was made.
// `nameOf` gives the canonical name of what a guest may import.
export function createNativeModules(loadBuiltin, nameOf) {
  return {
    requireFrom(path) {
      const require = (name) => {
        const canonical = nameOf(name);
        if (canonical === undefined) {
          const error = new Error(`Cannot find module '${name}'`);
          throw Object.assign(error, { code: "MODULE_NOT_FOUND" });
        }
        const exports = loadBuiltin(name);
        return canonical.startsWith("node:") ? exports.default : exports;
      };
      return Object.assign(require, {
        from: path, cache: {}, main: undefined, extensions: {},
        resolve: Object.assign(
          (name) => (nameOf(name) === undefined ? `${path} ${name}` : name), { paths: (name) => [path, name] }),
      });
    },
  };
}
