// SPDX-License-Identifier: MIT
/** Values as text, laid out as Node's `util.inspect` does in the usual cases, and `util.format`. */

export interface InspectOptions {
  depth?: number | null;
  colors?: boolean;
  compact?: number | boolean;
  breakLength?: number;
  maxArrayLength?: number | null;
  maxStringLength?: number | null;
  showHidden?: boolean;
  sorted?: boolean | ((a: string, b: string) => number);
  getters?: boolean;
}

export const custom = Symbol.for("nodejs.util.inspect.custom");

const kDefaults = {
  depth: 2 as number | null, colors: false, compact: 3 as number | boolean, breakLength: 80,
  maxArrayLength: 100 as number | null, maxStringLength: 10000 as number | null,
  showHidden: false, sorted: false as InspectOptions["sorted"], getters: false,
};
type Settings = typeof kDefaults;

export const styles: Record<string, string> = {
  special: "cyan", number: "yellow", bigint: "yellow", boolean: "yellow", undefined: "grey",
  null: "bold", string: "green", symbol: "green", date: "magenta", regexp: "red",
  module: "underline",
};
export const colors: Record<string, [number, number]> = {
  reset: [0, 0], bold: [1, 22], dim: [2, 22], italic: [3, 23], underline: [4, 24],
  inverse: [7, 27], hidden: [8, 28], strikethrough: [9, 29], black: [30, 39], red: [31, 39],
  green: [32, 39], yellow: [33, 39], blue: [34, 39], magenta: [35, 39], cyan: [36, 39],
  white: [37, 39], grey: [90, 39], gray: [90, 39], bgBlack: [40, 49], bgRed: [41, 49],
  bgGreen: [42, 49], bgYellow: [43, 49], bgBlue: [44, 49], bgMagenta: [45, 49], bgCyan: [46, 49],
  bgWhite: [47, 49], redBright: [91, 39], greenBright: [92, 39], yellowBright: [93, 39],
  blueBright: [94, 39], magentaBright: [95, 39], cyanBright: [96, 39], whiteBright: [97, 39],
};

const kIdentifier = /^[a-zA-Z_][a-zA-Z_0-9]*$/;
const kEscapes: Record<string, string> = {
  "\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r", "\\": "\\\\",
};

/** The text in quotes: single ones unless another kind avoids escaping. */
function quote(text: string): string {
  const mark = !text.includes("'") ? "'"
    : !text.includes('"') ? '"' : !text.includes("`") && !text.includes("${") ? "`" : "'";
  let body = "";
  for (const char of text) {
    const code = char.codePointAt(0)!;
    if (kEscapes[char] !== undefined) body += kEscapes[char];
    else if (char === mark) body += `\\${char}`;
    else if (code < 0x20 || (code >= 0x7f && code <= 0x9f)) {
      body += `\\x${code.toString(16).toUpperCase().padStart(2, "0")}`;
    } else if (code >= 0xd800 && code <= 0xdfff) body += `\\u${code.toString(16).toUpperCase()}`;
    else body += char;
  }
  return mark + body + mark;
}

function showKey(key: string | symbol): string {
  if (typeof key === "symbol") return `[${String(key)}]`;
  return kIdentifier.test(key) ? key : quote(key);
}

const tagOf = (value: object): string => Object.prototype.toString.call(value).slice(8, -1);

/** The name of the nearest constructor up the prototype chain, or null without one. */
function constructorName(value: any): string | null {
  for (let object = value; object !== null; object = Object.getPrototypeOf(object)) {
    const descriptor = Object.getOwnPropertyDescriptor(object, "constructor");
    if (typeof descriptor?.value === "function" && descriptor.value.name !== "") {
      return descriptor.value.name;
    }
  }
  return null;
}

class Inspector {
  readonly above: object[] = [];
  readonly circular = new Map<object, number>();
  indentation = 0;
  level = 0;
  /** The level of the object whose members were shown last. */
  lastLevel = 0;

  constructor(readonly settings: Settings) {}

  paint(text: string, style: string): string {
    const color = this.settings.colors ? colors[styles[style] ?? ""] : undefined;
    return color === undefined ? text : `\x1b[${color[0]}m${text}\x1b[${color[1]}m`;
  }

  show(value: any, isTopLevel = false): string {
    if (typeof value !== "object" && typeof value !== "function") {
      return this.showPrimitive(value, isTopLevel);
    }
    if (value === null) return this.paint("null", "null");
    const shown = this.showCustom(value);
    if (shown !== undefined) return shown;
    if (this.above.includes(value)) {
      if (!this.circular.has(value)) this.circular.set(value, this.circular.size + 1);
      return this.paint(`[Circular *${this.circular.get(value)}]`, "special");
    }
    return this.showObject(value);
  }

  showPrimitive(value: any, isTopLevel: boolean): string {
    switch (typeof value) {
      case "string": return this.showString(value, isTopLevel);
      case "number": return this.paint(Object.is(value, -0) ? "-0" : String(value), "number");
      case "bigint": return this.paint(`${value}n`, "bigint");
      case "boolean": return this.paint(String(value), "boolean");
      case "symbol": return this.paint(String(value), "symbol");
      default: return this.paint("undefined", "undefined");
    }
  }

  showString(value: string, isTopLevel: boolean): string {
    const limit = this.settings.maxStringLength ?? Infinity;
    let tail = "";
    if (value.length > limit) {
      const rest = value.length - limit;
      value = value.slice(0, limit);
      tail = `... ${rest} more character${rest > 1 ? "s" : ""}`;
    }
    const isLong =
      value.length > 16 && value.length > this.settings.breakLength - this.indentation - 4;
    if (!isTopLevel && isLong && value.includes("\n")) {
      const indent = `\n${" ".repeat(this.indentation + 2)}`;
      return value.split(/(?<=\n)/).map((line) => this.paint(quote(line), "string"))
        .join(` +${indent}`) + tail;
    }
    return this.paint(quote(value), "string") + tail;
  }

  showCustom(value: any): string | undefined {
    let method: any;
    try {
      method = value[custom];
    } catch {
      return undefined;
    }
    if (typeof method !== "function") return undefined;
    const depth = this.settings.depth === null ? null : this.settings.depth - this.level;
    const result = method.call(value, depth,
      {...this.settings, stylize: (text: string, style: string) => this.paint(text, style) },
      inspect);
    if (result === value) return undefined;
    if (typeof result !== "string") return this.show(result);
    return result.replaceAll("\n", `\n${" ".repeat(this.indentation)}`);
  }

  keysOf(value: object): (string | symbol)[] {
    const names: (string | symbol)[] = this.settings.showHidden
      ? Object.getOwnPropertyNames(value) : Object.keys(value);
    for (const symbol of Object.getOwnPropertySymbols(value)) {
      if (this.settings.showHidden || Object.prototype.propertyIsEnumerable.call(value, symbol)) {
        names.push(symbol);
      }
    }
    return names;
  }

  /** `Name ` in front of the brackets; empty for plain objects and arrays of the usual kind. */
  prefix(value: object, fallback: string, size?: number): string {
    const name = constructorName(value);
    const length = size === undefined ? "" : `(${size})`;
    let tag = (value as any)[Symbol.toStringTag];
    tag = typeof tag === "string" && tag !== "" && tag !== name ? `[${tag}] ` : "";
    return name === null ? `[${fallback}${length}: null prototype] ${tag}` :
                           `${name}${length} ${tag}`;
  }

  showObject(value: any): string {
    const form = describeForm(this, value);
    const keys = this.keysOf(value).filter((key) => !form.skips?.(key));
    const isBare = form.entries === undefined && keys.length === 0;
    if (isBare && form.base !== undefined) return form.base;
    if (isBare) return `${form.prefix}${form.brackets[0]}${form.brackets[1]}`;
    const { depth } = this.settings;
    if (depth !== null && this.level > depth) {
      const name =
        form.brackets[0] === "[" ? "Array" : constructorName(value) ?? "Object: null prototype";
      return this.paint(`[${name}]`, "special");
    }
    this.above.push(value);
    this.lastLevel = this.level++;
    const entries = form.entries?.() ?? [];
    for (const key of keys) entries.push(this.showProperty(value, key));
    this.above.pop();
    this.level--;
    const sorted = this.settings.sorted;
    if (sorted && form.brackets[0] === "{") entries.sort(sorted === true ? undefined : sorted);
    const reference = this.circular.get(value);
    const mark = reference === undefined ? "" : this.paint(`<ref *${reference}> `, "special");
    if (form.base !== undefined)
      return this.layOut(entries, { base: mark + form.base, open: "{", close: "}" });
    const grouped = form.isList && entries.length > 6 && this.settings.compact !== true &&
      this.settings.compact !== false ? this.group(entries, value) : entries;
    return this.layOut(grouped, {
      base: "", open: mark + form.prefix + form.brackets[0], close: form.brackets[1],
      isGrouped: grouped.length !== entries.length,
    });
  }

  showProperty(value: any, key: string | symbol): string {
    const descriptor = Object.getOwnPropertyDescriptor(value, key)!;
    let text: string;
    if (descriptor.value !== undefined || (!descriptor.get && !descriptor.set)) {
      this.indentation += 2;
      text = this.show(descriptor.value);
      this.indentation -= 2;
    } else {
      const kinds = [descriptor.get && "Getter", descriptor.set && "Setter"].filter(Boolean);
      text = this.paint(`[${kinds.join("/")}]`, "special");
    }
    const name = typeof key === "symbol" ? this.paint(showKey(key), "symbol") : showKey(key);
    return `${descriptor.enumerable ? name : `[${String(key)}]`}: ${text}`;
  }

  /** Whether the entries and `start` more characters fit on a line. */
  fits(entries: string[], start: number, base: string): boolean {
    const total = entries.reduce((sum, entry) => sum + plainLength(entry), entries.length + start);
    return total <= this.settings.breakLength &&
      entries.length * 2 + start <= this.settings.breakLength && !base.includes("\n");
  }

  /**
   * Puts entries on one line when they fit and what was shown last inside them is not nested more
   * than `compact` levels deep.
   */
  layOut(
    entries: string[], form: { base: string; open: string; close: string; isGrouped?: boolean },
  ): string {
    const { compact } = this.settings;
    const { base, open, close } = form;
    const indent = `\n${" ".repeat(this.indentation)}`;
    if (compact === true) {
      const head = base === "" ? open : `${open} ${base}`;
      if (this.fits(entries, 0, base)) return `${head} ${entries.join(", ")} ${close}`;
      const gap = base === "" && open.length === 1 ? " " : `\n${indent}  `;
      return `${head}${gap}${entries.join(`,${indent}  `)} ${close}`;
    }
    const head = base === "" ? open : `${base} ${open}`;
    const mayFit = typeof compact === "number" && compact >= 1 && !form.isGrouped &&
      this.lastLevel - this.level < compact;
    if (mayFit) {
      const start = entries.length + this.indentation + open.length + base.length + 10;
      const text = entries.join(", ");
      if (this.fits(entries, start, base) && !text.includes("\n"))
        return `${head} ${text} ${close}`;
    }
    return `${head}${indent}  ${entries.join(`,${indent}  `)}${indent}${close}`;
  }

  /** Aligns the many short entries of an array in columns. */
  group(entries: string[], value: any): string[] {
    const hasMore =
      value.length > entries.length - 1 && / more items?$/.test(entries[entries.length - 1]);
    const count = hasMore ? entries.length - 1 : entries.length;
    const lengths = entries.slice(0, count).map(plainLength);
    const longest = Math.max(...lengths) + 2;
    const total = lengths.reduce((sum, length) => sum + length + 2, 0);
    const isWorthIt = longest * 3 + this.indentation < this.settings.breakLength &&
      (total / longest > 5 || longest <= 8);
    if (!isWorthIt) return entries;
    // About two and a half times as wide as high, less when the lengths differ much.
    const width = Math.max(longest - 3 - Math.sqrt(longest - total / entries.length), 1);
    const columns = Math.min(
      Math.round(Math.sqrt(2.5 * width * count) / width),
      Math.floor((this.settings.breakLength - this.indentation) / longest),
      (this.settings.compact as number) * 4, 15);
    if (columns <= 1) return entries;
    const isNumeric = entries.every((_entry, i) =>
      typeof value[i] === "number" || typeof value[i] === "bigint");
    const widths: number[] = [];
    for (let column = 0; column < columns; column++) {
      let width = 0;
      for (let i = column; i < count; i += columns) width = Math.max(width, lengths[i]);
      widths.push(width + 2);
    }
    const lines: string[] = [];
    for (let row = 0; row < count; row += columns) {
      const end = Math.min(row + columns, count);
      let line = "";
      for (let i = row; i < end; i++) {
        const isLastInRow = i === end - 1;
        const entry = isLastInRow ? entries[i] : `${entries[i]}, `;
        const width = widths[i - row] - (isLastInRow ? 2 : 0);
        const fill = " ".repeat(Math.max(0, width - lengths[i] - (isLastInRow ? 0 : 2)));
        line += isNumeric ? fill + entry : isLastInRow ? entry : entry + fill;
      }
      lines.push(line);
    }
    if (hasMore) lines.push(entries[count]);
    return lines;
  }
}

const plainLength = (text: string) =>
  (text.includes("\x1b") ? text.replace(/\x1b\[\d+m/g, "") : text).length;

/** How a kind of object is shown: its brackets, and what stands between them before its keys. */
interface Form {
  prefix: string;
  brackets: readonly [string, string];
  base?: string;
  /** Entries are items that may be aligned in columns. */
  isList?: boolean;
  entries?: () => string[];
  skips?: (key: string | symbol) => boolean;
}

const isIndex = (key: string | symbol) => typeof key === "string" && /^(0|[1-9]\d*)$/.test(key);
const kCurly = ["{", "}"] as const;
const kSquare = ["[", "]"] as const;

function describeForm(inspector: Inspector, value: any): Form {
  if (Array.isArray(value)) {
    const isUsual = constructorName(value) === "Array" && !(Symbol.toStringTag in value);
    return {
      prefix: isUsual ? "" : inspector.prefix(value, "Array", value.length),
      brackets: kSquare,
      isList: true,
      entries: value.length === 0 ? undefined : () => arrayEntries(inspector, value),
      skips: (key) => isIndex(key) || key === "length",
    };
  }
  if (typeof value === "function") {
    return {
      prefix: "",
      brackets: kCurly,
      base: functionBase(inspector, value),
      skips: isFunctionKey
    };
  }
  if (isError(value)) {
    return {
      prefix: "",
      brackets: kCurly,
      base: errorBase(inspector, value),
      skips: (key) => key === "stack" || key === "message" ||
        (key === "name" && value.stack?.includes(value.name)),
    };
  }
  return describeSpecial(inspector, value) ?? {
    prefix: constructorName(value) === "Object" && !(Symbol.toStringTag in value)
      ? "" : inspector.prefix(value, "Object"),
    brackets: kCurly,
  };
}

function isError(value: any): boolean {
  return value instanceof Error || tagOf(value) === "Error";
}

const isFunctionKey = (key: string|symbol) => key === "length" || key === "name" ||
  key === "prototype" || key === "arguments" || key === "caller";

function functionBase(inspector: Inspector, value: Function): string {
  const source = Function.prototype.toString.call(value);
  if (/^class\b/.test(source)) {
    const parent = Object.getPrototypeOf(value);
    const extending = typeof parent === "function" && parent.name ? ` extends ${parent.name}` : "";
    return inspector.paint(`[class ${value.name || "(anonymous)"}${extending}]`, "special");
  }
  const kind = constructorName(value) ?? "Function";
  return inspector.paint(
    value.name ? `[${kind}: ${value.name}]` : `[${kind} (anonymous)]`, "special");
}

function errorBase(inspector: Inspector, error: any): string {
  const head = errorHead(error);
  let stack = typeof error.stack === "string" ? error.stack.replace(/\n$/, "") : "";
  // The engine's stack has no first line; Node's repeats name and message there.
  if (!stack.startsWith(head)) stack = stack === "" ? `[${head}]` : `${head}\n${stack}`;
  const indent = " ".repeat(inspector.indentation);
  return indent === "" ? stack : stack.replaceAll("\n", `\n${indent}`);
}

function errorHead(error: any): string {
  try {
    return Error.prototype.toString.call(error);
  } catch {
    return "Error";
  }
}

function arrayEntries(inspector: Inspector, array: any[] | ArrayLike<any>): string[] {
  const limit = Math.min(inspector.settings.maxArrayLength ?? Infinity, array.length);
  const entries: string[] = [];
  inspector.indentation += 2;
  let index = 0;
  while (index < array.length && entries.length < limit) {
    if (Object.hasOwn(array, index)) {
      entries.push(inspector.show(array[index++]));
      continue;
    }
    const start = index;
    while (index < array.length && !Object.hasOwn(array, index)) index++;
    const count = index - start;
    entries.push(inspector.paint(`<${count} empty item${count > 1 ? "s" : ""}>`, "undefined"));
  }
  inspector.indentation -= 2;
  const rest = array.length - index;
  if (rest > 0) entries.push(`... ${rest} more item${rest > 1 ? "s" : ""}`);
  return entries;
}

function indented(inspector: Inspector, show: () => string[]): string[] {
  inspector.indentation += 2;
  const entries = show();
  inspector.indentation -= 2;
  return entries;
}

const typedArrayPrototype = Object.getPrototypeOf(Uint8Array.prototype);
const typedArrayName =
  Object.getOwnPropertyDescriptor(typedArrayPrototype, Symbol.toStringTag)!.get!;

/** Whether the value has the internal slot a built-in method needs, whatever its prototype says. */
function hasSlot(probe: () => unknown): boolean {
  try {
    probe();
    return true;
  } catch {
    return false;
  }
}

const mapSize = Object.getOwnPropertyDescriptor(Map.prototype, "size")!.get!;
const setSize = Object.getOwnPropertyDescriptor(Set.prototype, "size")!.get!;
const bufferLength = Object.getOwnPropertyDescriptor(ArrayBuffer.prototype, "byteLength")!.get!;

function describeSpecial(inspector: Inspector, value: any): Form | undefined {
  if (typedArrayName.call(value) !== undefined) {
    return {
      prefix: inspector.prefix(value, typedArrayName.call(value), value.length),
      brackets: kSquare,
      isList: true,
      entries: value.length === 0 ? undefined : () => arrayEntries(inspector, value),
      skips: isIndex,
    };
  }
  if (value instanceof Map && hasSlot(() => mapSize.call(value))) {
    return {
      prefix: inspector.prefix(value, "Map", value.size), brackets: kCurly,
      entries: value.size === 0 ? undefined : () => indented(inspector, () =>
        [...value].map(([key, item]) => `${inspector.show(key)} => ${inspector.show(item)}`)),
    };
  }
  if (value instanceof Set && hasSlot(() => setSize.call(value))) {
    return {
      prefix: inspector.prefix(value, "Set", value.size), brackets: kCurly,
      entries: value.size === 0 ? undefined : () => indented(inspector, () =>
        [...value].map((item) => inspector.show(item))),
    };
  }
  if (tagOf(value) === "Arguments") return { prefix: "[Arguments] ", brackets: kCurly };
  const base = describeScalarObject(inspector, value);
  if (base !== undefined)
    return {
      prefix: "",
      brackets: kCurly,
      base,
      skips: value instanceof String ? isIndex : undefined
    };
  if (value instanceof ArrayBuffer && hasSlot(() => bufferLength.call(value))) {
    const bytes =
      Array.from(new Uint8Array(value.slice(0, 50)), (byte) => byte.toString(16).padStart(2, "0"));
    const more = value.byteLength > 50 ?
      ` ... ${value.byteLength - 50} more byte${value.byteLength > 51 ? "s" : ""}` :
      "";
    return {
      prefix: "ArrayBuffer ", brackets: kCurly,
      entries: () => [
        `[Uint8Contents]: <${bytes.join(" ")}${more}>`,
        `byteLength: ${inspector.paint(String(value.byteLength), "number")}`,
      ],
    };
  }
  if (ArrayBuffer.isView(value)) {
    return {
      prefix: inspector.prefix(value, "DataView"), brackets: kCurly,
      entries: () => indented(inspector, () => ["byteLength", "byteOffset", "buffer"].map((name) =>
        `${name}: ${inspector.show((value as any)[name])}`)),
    };
  }
  if (value instanceof Promise)
    return { prefix: "Promise ", brackets: kCurly, entries: () => [promiseText(inspector, value)] };
  if (value instanceof WeakMap || value instanceof WeakSet) {
    return {
      prefix: inspector.prefix(value, "WeakSet"), brackets: kCurly,
      entries: () => [inspector.paint("<items unknown>", "special")],
    };
  }
  return undefined;
}

function describeScalarObject(inspector: Inspector, value: any): string | undefined {
  if (value instanceof Date && hasSlot(() => Date.prototype.getTime.call(value))) {
    const isValid = !Number.isNaN(value.getTime());
    return inspector.paint(isValid ? value.toISOString() : "Invalid Date", "date");
  }
  if (value instanceof RegExp)
    return inspector.paint(RegExp.prototype.toString.call(value), "regexp");
  for (const [type, style] of [[String, "string"], [Number, "number"], [Boolean, "boolean"],
         [BigInt, "bigint"], [Symbol, "symbol"]] as const) {
    if (!(value instanceof type)) continue;
    const inner = (value as any).valueOf();
    if (typeof inner === "object") continue;
    return inspector.paint(`[${type.name}: ${inspector.showPrimitive(inner, false)}]`, style);
  }
  return undefined;
}

let promiseState: ((promise: Promise<unknown>) => [string, unknown]) | undefined;

/** Lets promises be shown with their state; without it they are shown as pending. */
export function usePromiseState(state: typeof promiseState): void {
  promiseState = state;
}

function promiseText(inspector: Inspector, promise: Promise<unknown>): string {
  const [state, value] = promiseState?.(promise) ?? ["pending", undefined];
  if (state === "pending") return inspector.paint("<pending>", "special");
  const text = indented(inspector, () => [inspector.show(value)])[0];
  return state === "rejected" ? `${inspector.paint("<rejected>", "special")} ${text}` : text;
}

export function inspect(
  value: any, options: InspectOptions|boolean = {}, depth?: number|null): string {
  const given =
    typeof options === "boolean" ? { showHidden: options, depth: depth ?? 2 } : options ?? {};
  const settings: Settings = { ...kDefaults };
  for (const [name, setting] of Object.entries(given)) {
    if (setting !== undefined && name in settings) (settings as any)[name] = setting;
  }
  if (settings.depth === Infinity) settings.depth = null;
  return new Inspector(settings).show(value);
}
inspect.custom = custom;
inspect.colors = colors;
inspect.styles = styles;
inspect.defaultOptions = kDefaults;

// ---- format ----

function formatNumber(value: unknown, parse: (value: any) => number): string {
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "symbol" || typeof value === "object") return "NaN";
  const number = parse(value);
  return Object.is(number, -0) ? "-0" : String(number);
}

const kBuiltInNames = new Set(
  Object.getOwnPropertyNames(globalThis).filter((name) => /^[A-Z][a-zA-Z0-9]+$/.test(name)));

/** Whether `String(value)` would only say what the language says about such objects. */
function hasBuiltInText(value: any): boolean {
  if (typeof value.toString !== "function") return true;
  let owner = value;
  while (owner !== null && !Object.hasOwn(owner, "toString")) owner = Object.getPrototypeOf(owner);
  if (owner === value || owner === null) return owner !== value;
  const type = Object.getOwnPropertyDescriptor(owner, "constructor")?.value;
  return typeof type === "function" && kBuiltInNames.has(type.name);
}

function formatString(value: any, options: InspectOptions): string {
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "number" && Object.is(value, -0)) return "-0";
  if (typeof value !== "object" || value === null) return String(value);
  if (!hasBuiltInText(value)) return String(value);
  return inspect(value, { ...options, depth: 0, colors: false, compact: 3 });
}

function formatJson(value: unknown): string {
  try {
    return JSON.stringify(value) ?? "undefined";
  } catch (error: any) {
    if (/circular/i.test(error.message)) return "[Circular]";
    throw error;
  }
}

function formatOne(code: string, value: any, options: InspectOptions): string {
  switch (code) {
    case "s": return formatString(value, options);
    case "d": return formatNumber(value, Number);
    case "i": return formatNumber(value, (one) => parseInt(one, 10));
    case "f": return typeof value === "symbol" ? "NaN" : String(parseFloat(value));
    case "j": return formatJson(value);
    case "o": return inspect(value, { ...options, showHidden: true, depth: 4 });
    case "O": return inspect(value, options);
    default: return "";
  }
}

export function formatWithOptions(options: InspectOptions, ...args: any[]): string {
  let text = "";
  let next = 0;
  if (typeof args[0] === "string") {
    next = 1;
    text = args.length === 1 ? args[0] : args[0].replace(/%[sdifjoOc%]/g, (match) => {
      if (match === "%%") return "%";
      if (next >= args.length) return match;
      return formatOne(match[1], args[next++], options);
    });
  }
  for (; next < args.length; next++) {
    if (next > 0) text += " ";
    const value = args[next];
    text += typeof value === "string" ? value : inspect(value, options);
  }
  return text;
}

export function format(...args: any[]): string {
  return formatWithOptions({}, ...args);
}
