// SPDX-License-Identifier: MIT
/** The escape sequences that move a terminal's cursor and clear it, and those that keys send. */
import { loadBuiltin } from "isopod:native";
import { checkFunction, checkInteger, invalidValue, nextTick, nodeError } from "./node_errors";

type Done = (error?: any) => void;

const kEscape = "\x1b[";

export function cursorText(x: any, y?: any): string {
  for (const [value, name] of [[x, "x"], [y, "y"]]) {
    if (Number.isNaN(value))
      throw invalidValue(name as string, NaN);
  }
  if (typeof x !== "number") {
    if (typeof y !== "number") return "";
    throw nodeError(TypeError, "ERR_INVALID_CURSOR_POS",
      "Cannot set cursor row without setting its column");
  }
  return typeof y === "number" ? `${kEscape}${y + 1};${x + 1}H` : `${kEscape}${x + 1}G`;
}

export function moveText(dx: any, dy: any): string {
  const across = dx < 0 ? `${kEscape}${-dx}D` : dx > 0 ? `${kEscape}${dx}C` : "";
  return across + (dy < 0 ? `${kEscape}${-dy}A` : dy > 0 ? `${kEscape}${dy}B` : "");
}

export const lineText = (direction: number): string =>
  `${kEscape}${direction < 0 ? 1 : direction > 0 ? 0 : 2}K`;
export const downText = `${kEscape}0J`;

function send(stream: any, text: string, done?: Done): boolean {
  if (done !== undefined) checkFunction(done, "callback");
  if (stream === null || stream === undefined || text === "") {
    if (done !== undefined) nextTick(done, null);
    return true;
  }
  return stream.write(text, done);
}

export function cursorTo(stream: any, x: any, y?: any, done?: Done): boolean {
  return typeof y === "function" ? send(stream, cursorText(x), y)
    : send(stream, cursorText(x, y), done);
}
export const moveCursor = (stream: any, dx: any, dy: any, done?: Done): boolean =>
  send(stream, moveText(dx, dy), done);
export const clearLine = (stream: any, direction: number, done?: Done): boolean =>
  send(stream, lineText(direction), done);
export const clearScreenDown = (stream: any, done?: Done): boolean => send(stream, downText, done);

/** Collects what to send until `commit`. */
export class Readline {
  #stream: any;
  #texts: string[] = [];
  #autoCommit: boolean;

  constructor(stream: any, options: any = {}) {
    this.#stream = stream;
    this.#autoCommit = Boolean(options?.autoCommit);
  }

  #add(text: string): this {
    if (this.#autoCommit) nextTick(() => this.#stream.write(text));
    else this.#texts.push(text);
    return this;
  }

  cursorTo(x: any, y?: any): this { return this.#add(cursorText(x, y)); }
  moveCursor(dx: any, dy: any): this { return this.#add(moveText(dx, dy)); }
  clearLine(direction: any): this {
    checkInteger(direction, "dir", -1, 1);
    return this.#add(lineText(direction));
  }
  clearScreenDown(): this { return this.#add(downText); }
  commit(): Promise<void> {
    return new Promise((resolve) => this.#stream.write(this.#texts.splice(0).join(""), resolve));
  }
  rollback(): this {
    this.#texts = [];
    return this;
  }
}

// ---- keys ----

const kNames: Record<string, string> = {
  __proto__: null as any,
  "\r": "return", "\n": "enter", "\t": "tab", "\b": "backspace", "\x7f": "backspace",
  "\x1b": "escape", " ": "space", "[A": "up", "[B": "down", "[C": "right", "[D": "left",
  "[H": "home", "[F": "end", "OA": "up", "OB": "down", "OC": "right", "OD": "left", "OH": "home",
  "OF": "end", "[1~": "home", "[2~": "insert", "[3~": "delete", "[4~": "end", "[5~": "pageup",
  "[6~": "pagedown", "OP": "f1", "OQ": "f2", "OR": "f3", "OS": "f4", "[15~": "f5", "[17~": "f6",
  "[18~": "f7", "[19~": "f8", "[20~": "f9", "[21~": "f10", "[23~": "f11", "[24~": "f12",
  "[Z": "tab",
};
const kSequence = /\x1b?\x1b(?:\[[0-9;]*[A-Za-z~]|O[A-Za-z])|\x1b?[\s\S]/gu;

function keyOf(sequence: string): any {
  const key = { sequence, name: undefined as any, ctrl: false, meta: false, shift: false };
  const isMeta = sequence.length > 1 && sequence.startsWith("\x1b");
  const body = isMeta ? sequence.slice(1) : sequence;
  const found = kNames[body];
  if (found !== undefined) {
    key.name = found;
    key.shift = body === "[Z";
    key.meta = isMeta && body.length === 1;
  } else if (body.length === 1 && body <= "\x1a") {
    key.name = String.fromCharCode(body.charCodeAt(0) + 0x60);
    key.ctrl = true;
  } else if (/^[0-9A-Za-z]$/.test(body)) {
    key.name = body.toLowerCase();
    key.shift = /[A-Z]/.test(body);
    key.meta = isMeta;
  }
  return key;
}

const watched = new WeakSet<object>();

/** Makes "keypress" events of the stream's data; simple keys and the usual sequences are known. */
export function emitKeypressEvents(stream: any, _interface?: any): void {
  if (watched.has(stream)) return;
  watched.add(stream);
  const decoder = new (loadBuiltin("node:string_decoder").StringDecoder)("utf8");
  stream.on("data", (chunk: any) => {
    for (const [sequence] of decoder.write(chunk).matchAll(kSequence)) {
      const key = keyOf(sequence);
      const isText = sequence.length === 1 || key.name === undefined;
      stream.emit("keypress", isText ? sequence : undefined, key);
    }
  });
}
