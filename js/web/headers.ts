// SPDX-License-Identifier: MIT
/** `Headers` of the Fetch standard. */

const kToken = /^[!#$%&'*+\-.^_`|~0-9a-zA-Z]+$/;
const kSetCookie = "set-cookie";

function nameOf(name: unknown, method: string): string {
  const text = String(name);
  if (!kToken.test(text)) throw new TypeError(`Headers.${method}: ${text} is an invalid header name.`);
  return text.toLowerCase();
}

function valueOf(value: unknown, method: string): string {
  const text = String(value).replace(/^[\t\n\r ]+|[\t\n\r ]+$/g, "");
  for (let i = 0; i < text.length; i++) {
    if (text.charCodeAt(i) <= 255) continue;
    throw new TypeError(`Headers.${method}: the value holds a character above U+00FF at ${i}.`);
  }
  if (/[\0\r\n]/.test(text))
    throw new TypeError(`Headers.${method}: ${text} is an invalid header value.`);
  return text;
}

let freezeHeaders: (headers: Headers) => void;
/** From now on the headers refuse to be changed. */
export const freeze = (headers: Headers): void => freezeHeaders(headers);

export class Headers {
  #values = new Map<string, string[]>();
  #isImmutable = false;

  static {
    freezeHeaders = (headers) => { headers.#isImmutable = true; };
  }

  constructor(init?: any) {
    if (init === undefined) return;
    if (init === null || (typeof init !== "object" && typeof init !== "function"))
      throw new TypeError("Headers constructor: the value is neither a list of pairs nor a record.");
    if (init instanceof Headers) {
      for (const [name, values] of init.#values) this.#values.set(name, [...values]);
    } else if (typeof init[Symbol.iterator] === "function") {
      for (const pair of init) {
        const both = [...pair];
        if (both.length !== 2)
          throw new TypeError("Headers constructor: expected name/value pair to be length 2.");
        this.append(both[0], both[1]);
      }
    } else {
      for (const name of Reflect.ownKeys(init)) {
        if (!Object.getOwnPropertyDescriptor(init, name)?.enumerable) continue;
        this.append(name as string, init[name]);
      }
    }
  }

  #change(): void {
    if (this.#isImmutable) throw new TypeError("immutable");
  }

  append(name: string, value: string): void {
    const key = nameOf(name, "append");
    const text = valueOf(value, "append");
    this.#change();
    const values = this.#values.get(key);
    if (values === undefined) this.#values.set(key, [text]);
    else values.push(text);
  }
  set(name: string, value: string): void {
    const key = nameOf(name, "set");
    const text = valueOf(value, "set");
    this.#change();
    this.#values.set(key, [text]);
  }
  delete(name: string): void {
    const key = nameOf(name, "delete");
    this.#change();
    this.#values.delete(key);
  }
  get(name: string): string | null {
    const key = nameOf(name, "get");
    return this.#values.get(key)?.join(key === "cookie" ? "; " : ", ") ?? null;
  }
  has(name: string): boolean { return this.#values.has(nameOf(name, "has")); }
  getSetCookie(): string[] { return [...(this.#values.get(kSetCookie) ?? [])]; }

  *entries(): IterableIterator<[string, string]> {
    for (const name of [...this.#values.keys()].sort()) {
      if (name !== kSetCookie) yield [name, this.get(name)!];
      else for (const value of this.#values.get(name)!) yield [name, value];
    }
  }
  *keys(): IterableIterator<string> { for (const [name] of this.entries()) yield name; }
  *values(): IterableIterator<string> { for (const [, value] of this.entries()) yield value; }
  forEach(callback: any, self?: any): void {
    for (const [name, value] of this) Reflect.apply(callback, self, [value, name, this]);
  }
  [Symbol.iterator](): IterableIterator<[string, string]> { return this.entries(); }
  get [Symbol.toStringTag](): string { return "Headers"; }
  [Symbol.for("nodejs.util.inspect.custom")](_depth: number, options: any, inspect: any): string {
    return `Headers ${inspect(Object.fromEntries(this), options)}`;
  }
}
