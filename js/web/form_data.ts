// SPDX-License-Identifier: MIT
/** `FormData`, and its form on the wire: multipart/form-data. */
import { Blob, blobBytes, concatBytes, File } from "isopod:web/blob";

type Value = string | File;

function valueOf(value: any, fileName: string | undefined, isNamed: boolean): Value {
  if (!(value instanceof Blob)) {
    if (isNamed) throw new TypeError("A file name goes with a Blob only");
    return String(value).toWellFormed();
  }
  if (value instanceof File && fileName === undefined) return value;
  const name = fileName ?? (value instanceof File ? value.name : "blob");
  return new File([value], name, { type: value.type });
}

export class FormData {
  #entries: [string, Value][] = [];

  constructor(form?: unknown) {
    if (form !== undefined) throw new TypeError("FormData takes no form here: there is no document");
  }

  append(name: string, value: any, fileName?: string): void {
    this.#entries.push([String(name).toWellFormed(), valueOf(value, fileName, arguments.length > 2)]);
  }

  set(name: string, value: any, fileName?: string): void {
    const key = String(name).toWellFormed();
    const entry: [string, Value] = [key, valueOf(value, fileName, arguments.length > 2)];
    const index = this.#entries.findIndex(([other]) => other === key);
    if (index < 0) this.#entries.push(entry);
    else {
      this.#entries[index] = entry;
      this.#entries = this.#entries.filter(([other], at) => at <= index || other !== key);
    }
  }

  delete(name: string): void {
    this.#entries = this.#entries.filter(([other]) => other !== String(name));
  }
  get(name: string): Value | null {
    return this.#entries.find(([other]) => other === String(name))?.[1] ?? null;
  }
  getAll(name: string): Value[] {
    return this.#entries.filter(([other]) => other === String(name)).map(([, value]) => value);
  }
  has(name: string): boolean { return this.#entries.some(([other]) => other === String(name)); }
  forEach(callback: any, self?: any): void {
    for (const [name, value] of this) Reflect.apply(callback, self, [value, name, this]);
  }
  *entries(): IterableIterator<[string, Value]> {
    for (const [name, value] of this.#entries) yield [name, value];
  }
  *keys(): IterableIterator<string> { for (const [name] of this.#entries) yield name; }
  *values(): IterableIterator<Value> { for (const [, value] of this.#entries) yield value; }
  [Symbol.iterator](): IterableIterator<[string, Value]> { return this.entries(); }
  get [Symbol.toStringTag](): string { return "FormData"; }
}

const quoted = (text: string): string =>
  text.replace(/\r\n|\r|\n/g, "%0D%0A").replace(/"/g, "%22");

export function encodeMultipart(form: FormData, boundary: string): Uint8Array {
  const encoder = new TextEncoder();
  const pieces: Uint8Array[] = [];
  for (const [name, value] of form) {
    let head = `--${boundary}\r\nContent-Disposition: form-data; name="${quoted(name)}"`;
    if (typeof value === "string") {
      pieces.push(encoder.encode(`${head}\r\n\r\n${value.replace(/\r\n|\r|\n/g, "\r\n")}\r\n`));
      continue;
    }
    head += `; filename="${quoted(value.name)}"\r\n` +
      `Content-Type: ${value.type || "application/octet-stream"}\r\n\r\n`;
    pieces.push(encoder.encode(head), blobBytes(value), encoder.encode("\r\n"));
  }
  pieces.push(encoder.encode(`--${boundary}--\r\n`));
  return concatBytes(pieces);
}

function find(bytes: Uint8Array, wanted: Uint8Array, from: number): number {
  for (let at = bytes.indexOf(wanted[0], from); at >= 0; at = bytes.indexOf(wanted[0], at + 1)) {
    let length = 1;
    while (length < wanted.length && bytes[at + length] === wanted[length]) length++;
    if (length === wanted.length) return at;
  }
  return -1;
}

const parameter = (head: string, name: string): string | undefined =>
  new RegExp(`[;\\s]${name}="([^"]*)"`, "i").exec(head)?.[1]
    .replace(/%22/g, '"').replace(/%0D/gi, "\r").replace(/%0A/gi, "\n");

/** Throws a TypeError for bytes that are no such form. */
export function parseMultipart(bytes: Uint8Array, boundary: string): FormData {
  const form = new FormData();
  const encoder = new TextEncoder();
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  const malformed = () => new TypeError("Failed to parse body as FormData.");
  const start = encoder.encode(`--${boundary}`);
  const separator = encoder.encode(`\r\n--${boundary}`);
  let at = find(bytes, start, 0);
  if (at < 0) throw malformed();
  at += start.length;
  for (;;) {
    if (bytes[at] === 0x2d && bytes[at + 1] === 0x2d) return form;
    if (bytes[at] !== 0x0d || bytes[at + 1] !== 0x0a) throw malformed();
    const headEnd = find(bytes, encoder.encode("\r\n\r\n"), at);
    const end = headEnd < 0 ? -1 : find(bytes, separator, headEnd + 2);
    if (end < 0) throw malformed();
    const head = decoder.decode(bytes.subarray(at, headEnd));
    const content = bytes.subarray(headEnd + 4, end);
    const disposition = /^content-disposition:.*$/im.exec(head)?.[0] ?? "";
    const name = parameter(disposition, "name");
    if (name === undefined) throw malformed();
    const fileName = parameter(disposition, "filename");
    if (fileName === undefined) form.append(name, decoder.decode(content));
    else {
      const type = /^content-type:[ \t]*(.*)$/im.exec(head)?.[1].trim() ?? "text/plain";
      form.append(name, new File([content], fileName, { type }));
    }
    at = end + separator.length;
  }
}
