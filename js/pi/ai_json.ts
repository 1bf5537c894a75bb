// SPDX-License-Identifier: MIT
/** JSON that is not complete yet, or not quite JSON, as models write it. */
import { messageTexts } from "./recorded_strings";

const kEscapes: Record<string, string> = {
  '"': '"', "\\": "\\", "/": "/", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t",
};
const kNumber = /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/;
const kLiterals: [string, unknown][] = [["true", true], ["false", false], ["null", null]];

/** An array or object that is not closed yet. */
interface Frame {
  value: any;
  isArray: boolean;
  key: string;
  expects: "key" | "colon" | "value" | "comma";
}

function put(frame: Frame, value: unknown, target = frame.value): void {
  if (frame.isArray) target.push(value);
  else if (frame.key !== "__proto__") target[frame.key] = value;
  else {
    Object.defineProperty(target, frame.key,
      { value, writable: true, enumerable: true, configurable: true });
  }
}

/**
 * Reads JSON in pieces; each character is read once. Control characters in texts and unknown
 * escapes are taken as they are. What follows a mistake is not read.
 */
export class StreamingJsonParser {
  #stack: Frame[] = [];
  #root: unknown;
  #text: string | undefined;
  #escape = "";
  #token = "";
  #isOver = false;

  append(json: string): void {
    for (let i = 0; i < json.length && !this.#isOver; i++) this.#read(json[i]);
  }

  /** The value as far as it is known; undefined when nothing is. */
  snapshot(): any {
    let pending: { value: unknown } | undefined;
    const top = this.#stack.at(-1);
    const isKey = top !== undefined && !top.isArray && top.expects === "key";
    if (this.#text !== undefined && !isKey) pending = { value: this.#text };
    else if (this.#token !== "") pending = this.#tokenValue("partial");
    for (let i = this.#stack.length - 1; i >= 0; i--) {
      const frame = this.#stack[i];
      const value = frame.isArray ? [...frame.value] : { ...frame.value };
      if (pending !== undefined) put(frame, pending.value, value);
      pending = { value };
    }
    return pending === undefined ? this.#root : pending.value;
  }

  #read(char: string): void {
    if (this.#text !== undefined) return this.#readText(char);
    if (/[\w.+-]/.test(char)) {
      this.#token += char;
      return;
    }
    if (this.#token !== "") {
      const value = this.#tokenValue("complete");
      this.#token = "";
      if (value === undefined) this.#isOver = true;
      else this.#add(value.value);
      if (this.#isOver) return;
    }
    this.#readMark(char);
  }

  #readMark(char: string): void {
    const top = this.#stack.at(-1);
    if (/\s/.test(char)) return;
    if (char === '"') {
      this.#text = "";
    } else if (char === "{" || char === "[") {
      const isArray = char === "[";
      this.#stack.push({
        value: isArray ? [] : {}, isArray, key: "", expects: isArray ? "value" : "key",
      });
    } else if (char === ":" && top?.expects === "colon") {
      top.expects = "value";
    } else if (char === "," && top !== undefined) {
      top.expects = top.isArray ? "value" : "key";
    } else if (char === (top?.isArray ? "]" : "}") && top !== undefined) {
      this.#stack.pop();
      this.#add(top.value);
    } else {
      this.#isOver = true;
    }
  }

  #readText(char: string): void {
    if (this.#escape !== "") return this.#readEscape(char);
    if (char === "\\") {
      this.#escape = char;
    } else if (char !== '"') {
      this.#text += char;
    } else {
      const text = this.#text!;
      this.#text = undefined;
      const top = this.#stack.at(-1);
      if (top !== undefined && top.expects === "key") {
        top.key = text;
        top.expects = "colon";
      } else {
        this.#add(text);
      }
    }
  }

  #readEscape(char: string): void {
    this.#escape += char;
    const isUnicode = this.#escape[1] === "u";
    if (isUnicode && /^\\u[\da-fA-F]{0,3}$/.test(this.#escape)) return;
    if (isUnicode && /^\\u[\da-fA-F]{4}$/.test(this.#escape)) {
      this.#text += String.fromCharCode(Number.parseInt(this.#escape.slice(2), 16));
    } else {
      this.#text += kEscapes[this.#escape.slice(1)] ?? this.#escape;
    }
    this.#escape = "";
  }

  #add(value: unknown): void {
    const top = this.#stack.at(-1);
    if (top === undefined) {
      this.#root = value;
      this.#isOver = true;
    } else if (top.expects !== "value") {
      this.#isOver = true;
    } else {
      put(top, value);
      top.expects = "comma";
    }
  }

  #tokenValue(state: "partial" | "complete"): { value: unknown } | undefined {
    const top = this.#stack.at(-1);
    if (top !== undefined && top.expects !== "value") return undefined;
    if (kNumber.test(this.#token)) return { value: Number(this.#token) };
    const literal = kLiterals.find(([name]) =>
      state === "partial" ? name.startsWith(this.#token) : name === this.#token);
    return literal === undefined ? undefined : { value: literal[1] };
  }
}

export function parseStreamingJson(json: string | undefined): any {
  if (!json || json.trim() === "") return {};
  try {
    return JSON.parse(json) ?? {};
  } catch {
    const parser = new StreamingJsonParser();
    parser.append(json);
    return parser.snapshot() ?? {};
  }
}

const kControlEscapes: Record<string, string> = {
  "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t",
};
const escapeControl = (char: string) =>
  kControlEscapes[char] ?? `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`;

/** Escapes the control characters and lone backslashes inside of texts. */
export function repairJson(json: string): string {
  return json.replace(/"(?:[^"\\]|\\[\s\S])*(?:"|\\?$)/g, (text) =>
    text.replace(/\\(?:["\\/bfnrt]|u[\da-fA-F]{4})|\\|[\u0000-\u001f]/g, (part) =>
      part.length > 1 ? part : part === "\\" ? "\\\\" : escapeControl(part)));
}

export function parseJsonWithRepair(json: string): any {
  try {
    return JSON.parse(json);
  } catch (error) {
    const repaired = repairJson(json);
    if (repaired === json) throw error;
    return JSON.parse(repaired);
  }
}

/** The arguments of a finished tool call; what is wrong with them is said beside them. */
export function parseToolCallArguments(json: string | undefined): any {
  if (!json || json.trim() === "") return { arguments: {} };
  try {
    const value = parseJsonWithRepair(json);
    return { arguments: value };
  } catch (error: any) {
    return { arguments: {}, argumentsError: messageTexts.badArguments(error.message, json) };
  }
}

/** The arguments of a tool call while they arrive. */
export class ToolCallArgumentsStream {
  #text = "";
  #parser = new StreamingJsonParser();

  get text(): string { return this.#text; }

  /** The arguments that can be read so far. */
  append(delta: string): any {
    this.#text += delta;
    this.#parser.append(delta);
    return this.#parser.snapshot() ?? {};
  }

  replace(text: string): any {
    this.#text = "";
    this.#parser = new StreamingJsonParser();
    return this.append(text);
  }

  finish(): any {
    return parseToolCallArguments(this.#text);
  }
}
