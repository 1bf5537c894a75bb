// SPDX-License-Identifier: MIT
/** `process.env`: the host is asked when a variable is first read, and never about a write. */
import { callSync } from "isopod:core";

/** The value of a hostcall, or nothing when it was refused: what may not be seen is not there. */
function ask(operation: string, args: object): any {
  try {
    return callSync(operation, args);
  } catch {
    return null;
  }
}

class Environment {
  // Nothing: the variable is not there, as the host says or because it was deleted.
  #known = new Map<string, string | undefined>();
  #isListed = false;

  read(name: string): string | undefined {
    if (!this.#known.has(name) && !this.#isListed) {
      const value = ask("env.get", { name });
      this.#known.set(name, typeof value === "string" ? value : undefined);
    }
    return this.#known.get(name);
  }

  write(name: string, value: string | undefined): void {
    this.#known.set(name, value);
  }

  names(): string[] {
    if (!this.#isListed) {
      this.#isListed = true;
      for (const [name, value] of Object.entries(ask("env.list", {}) ?? {}))
        if (!this.#known.has(name)) this.#known.set(name, String(value));
    }
    return [...this.#known].filter(([, value]) => value !== undefined).map(([name]) => name);
  }
}

export function createEnvironment(): any {
  const environment = new Environment();
  const isVariable = (name: string | symbol): name is string =>
    typeof name === "string" && !(name in Object.prototype);
  const write = (name: string | symbol, value: unknown): boolean => {
    if (typeof name === "symbol" || typeof value === "symbol")
      throw new TypeError("Cannot convert a Symbol value to a string");
    environment.write(name, String(value));
    return true;
  };
  return new Proxy({}, {
    get: (target, name) =>
      (isVariable(name) ? environment.read(name) : Reflect.get(target, name)),
    has: (target, name) =>
      (isVariable(name) ? environment.read(name) !== undefined : Reflect.has(target, name)),
    set: (_, name, value) => write(name, value),
    deleteProperty(_, name) {
      if (isVariable(name)) environment.write(name, undefined);
      return true;
    },
    ownKeys: () => environment.names(),
    getOwnPropertyDescriptor(_, name) {
      const value = isVariable(name) ? environment.read(name) : undefined;
      if (value === undefined) return undefined;
      return { value, writable: true, enumerable: true, configurable: true };
    },
    defineProperty: (_, name, { value }) => write(name, value),
    preventExtensions: () => false,
  });
}
