// SPDX-License-Identifier: MIT
/** A class that is loaded when it is first constructed, extended or looked into. */
export function lazyClass(name: string, load: () => any): any {
  const stand = function () {};
  Object.defineProperty(stand, "name", { value: name });
  const proxy: any = new Proxy(stand, {
    get: (_stand, key) => (key === "name" ? name : Reflect.get(load(), key)),
    set: (_stand, key, value) => Reflect.set(load(), key, value),
    has: (_stand, key) => Reflect.has(load(), key),
    construct(_stand, args, newTarget) {
      const type = load();
      return Reflect.construct(type, args, newTarget === proxy ? type : newTarget);
    },
    apply() {
      throw new TypeError(`Class constructor ${name} cannot be invoked without 'new'`);
    },
  });
  return proxy;
}
