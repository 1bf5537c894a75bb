// SPDX-License-Identifier: MIT
/**
 * The part of YAML 1.2 that people write at the top of Markdown files: mappings, sequences, plain
 * and quoted scalars, block scalars, flow collections and comments. No anchors, tags or documents.
 */

class YamlError extends Error {}

interface Line {
  indent: number;
  text: string;
}

const kKey = /^("(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^\s#&*!|>@`"'[\]{},:?-][^#]*?|[-?:](?=\S)[^#]*?)\s*:(?:\s+|$)/;

function scalarOf(text: string): unknown {
  if (/^(|~|null|Null|NULL)$/.test(text)) return null;
  if (/^(true|True|TRUE)$/.test(text)) return true;
  if (/^(false|False|FALSE)$/.test(text)) return false;
  if (/^[-+]?\d+$/.test(text)) return Number(text);
  if (/^0x[0-9a-f]+$/i.test(text) || /^0o[0-7]+$/.test(text)) return Number(text);
  if (/^[-+]?(\.\d+|\d+(\.\d*)?)(e[-+]?\d+)?$/i.test(text)) return Number(text);
  if (/^[-+]?\.inf$/i.test(text)) return text.startsWith("-") ? -Infinity : Infinity;
  if (/^\.nan$/i.test(text)) return NaN;
  return text;
}

/** Flow style: everything that may stand on one line after a key or a dash. */
class Flow {
  position = 0;

  constructor(readonly text: string) {}

  fail(): never {
    throw new YamlError(`invalid YAML near: ${this.text.slice(this.position, this.position + 30)}`);
  }

  skipSpace(): void {
    while (/\s/.test(this.text[this.position] ?? "")) this.position++;
    if (this.text[this.position] === "#" && /^$|\s/.test(this.text[this.position - 1] ?? "")) {
      const end = this.text.indexOf("\n", this.position);
      this.position = end < 0 ? this.text.length : end;
      this.skipSpace();
    }
  }

  value(stops: RegExp): unknown {
    this.skipSpace();
    switch (this.text[this.position]) {
      case "[": return this.sequence();
      case "{": return this.mapping();
      case '"': return this.doubleQuoted();
      case "'": return this.singleQuoted();
      default: return this.plain(stops);
    }
  }

  plain(stops: RegExp): unknown {
    const start = this.position;
    while (this.position < this.text.length) {
      const rest = this.text.slice(this.position, this.position + 2);
      if (stops.test(rest) || /^\s#/.test(rest)) break;
      this.position++;
    }
    return scalarOf(this.text.slice(start, this.position).trim());
  }

  sequence(): unknown[] {
    const items: unknown[] = [];
    this.position++;
    for (this.skipSpace(); this.text[this.position] !== "]"; this.skipSpace()) {
      items.push(this.value(/^[,\]]/));
      this.skipSpace();
      if (this.text[this.position] === ",") this.position++;
      else if (this.text[this.position] !== "]") this.fail();
    }
    this.position++;
    return items;
  }

  mapping(): Record<string, unknown> {
    const entries: Record<string, unknown> = {};
    this.position++;
    for (this.skipSpace(); this.text[this.position] !== "}"; this.skipSpace()) {
      const key = String(this.value(/^([,}]|:(\s|$))/));
      this.skipSpace();
      let value: unknown = null;
      if (this.text[this.position] === ":") {
        this.position++;
        value = this.value(/^[,}]/);
      }
      put(entries, key, value);
      this.skipSpace();
      if (this.text[this.position] === ",") this.position++;
      else if (this.text[this.position] !== "}") this.fail();
    }
    this.position++;
    return entries;
  }

  doubleQuoted(): string {
    const match = /^"((?:[^"\\]|\\[\s\S])*)"/.exec(this.text.slice(this.position));
    if (match === null) this.fail();
    this.position += match[0].length;
    return match[1].replace(/\\(x..|u....|[\s\S])/g, (_all, code: string) => {
      if (/^[xu]./.test(code)) return String.fromCharCode(parseInt(code.slice(1), 16));
      const named: Record<string, string> = { n: "\n", t: "\t", r: "\r", "0": "\0", e: "\x1b" };
      return named[code] ?? code;
    });
  }

  singleQuoted(): string {
    const match = /^'((?:[^']|'')*)'/.exec(this.text.slice(this.position));
    if (match === null) this.fail();
    this.position += match[0].length;
    return match[1].replaceAll("''", "'");
  }
}

function put(target: Record<string, unknown>, key: string, value: unknown): void {
  Object.defineProperty(
    target, key, { value, writable: true, configurable: true, enumerable: true });
}

const isBlank = (line: Line) => line.text === "" || line.text.startsWith("#");

class Parser {
  lines: Line[];
  next = 0;

  constructor(text: string) {
    this.lines = text.split("\n").map((raw) => {
      const indent = raw.length - raw.trimStart().length;
      return { indent, text: raw.trim() };
    });
  }

  peek(): Line | undefined {
    while (this.next < this.lines.length && isBlank(this.lines[this.next])) this.next++;
    return this.lines[this.next];
  }

  block(indent: number): unknown {
    const line = this.peek();
    if (line === undefined || line.indent < indent) return null;
    if (/^-(\s|$)/.test(line.text)) return this.sequence(line.indent);
    if (kKey.test(line.text)) return this.mapping(line.indent);
    this.next++;
    return this.inline(line.text, line.indent - 1);
  }

  sequence(indent: number): unknown[] {
    const items: unknown[] = [];
    for (let line = this.peek(); line?.indent === indent && /^-(\s|$)/.test(line.text);
         line = this.peek()) {
      const rest = line.text.slice(1).trimStart();
      if (rest === "" || rest.startsWith("#")) {
        this.next++;
        items.push(this.block(indent + 1));
      } else if (kKey.test(rest) || /^-(\s|$)/.test(rest)) {
        // "- key: value" opens a block whose first line starts behind the dash.
        this.lines[this.next] = { indent: indent + line.text.length - rest.length, text: rest };
        items.push(this.block(indent + 1));
      } else {
        this.next++;
        items.push(this.inline(rest, indent));
      }
    }
    return items;
  }

  mapping(indent: number): Record<string, unknown> {
    const entries: Record<string, unknown> = {};
    for (let line = this.peek(); line?.indent === indent; line = this.peek()) {
      const match = kKey.exec(line.text);
      if (match === null) throw new YamlError(`invalid YAML near: ${line.text.slice(0, 30)}`);
      const key = String(new Flow(match[1]).value(/^$/));
      const rest = line.text.slice(match[0].length);
      this.next++;
      put(entries, key,
        rest === "" || rest.startsWith("#") ? this.nested(indent) : this.inline(rest, indent));
    }
    const line = this.peek();
    if (line !== undefined && line.indent > indent) {
      throw new YamlError(`invalid YAML indentation near: ${line.text.slice(0, 30)}`);
    }
    return entries;
  }

  /** The block under a key. A sequence may stand at the key's own indentation. */
  nested(indent: number): unknown {
    const line = this.peek();
    if (line?.indent === indent && /^-(\s|$)/.test(line.text)) return this.sequence(indent);
    return this.block(indent + 1);
  }

  inline(text: string, indent: number): unknown {
    const header = /^([|>])([-+]?)\d?([-+]?)(\s+#.*)?$/.exec(text);
    if (header !== null) return this.blockScalar(indent, header[1], header[2] || header[3]);
    // Quoted and flow values may go on over more deeply indented lines; so may plain ones.
    while (this.next < this.lines.length) {
      const line = this.lines[this.next];
      if (line.text === "" || line.indent <= indent) break;
      if (!/^["'[{]/.test(text) && kKey.test(line.text)) {
        throw new YamlError(`invalid YAML indentation near: ${line.text.slice(0, 30)}`);
      }
      text += (/^["'[{]/.test(text) ? "\n" : " ") + line.text;
      this.next++;
    }
    const flow = new Flow(text);
    const value = flow.value(/^$/);
    flow.skipSpace();
    if (flow.position < text.length) flow.fail();
    return typeof value === "string" && value.includes("\n") && /^["']/.test(text)
      ? value.replace(/\n/g, " ") : value;
  }

  blockScalar(indent: number, style: string, chomping: string): string {
    const lines: Line[] = [];
    while (this.next < this.lines.length) {
      const line = this.lines[this.next];
      if (line.text !== "" && line.indent <= indent) break;
      lines.push(line);
      this.next++;
    }
    const margin = lines.find((line) => line.text !== "")?.indent ?? 0;
    const texts =
      lines.map((line) => (line.text === "" ? "" : " ".repeat(line.indent - margin) + line.text));
    let text = texts.join("\n");
    if (style === ">") text = text.replace(/([^\n])\n(?=[^\n\s])/g, "$1 ").replace(/\n\n/g, "\n");
    if (chomping === "+") return `${text}\n`;
    text = text.replace(/\n+$/, "");
    return chomping === "-" || text === "" ? text : `${text}\n`;
  }
}

export function parseYaml(text: string): unknown {
  const parser = new Parser(text);
  const value = parser.block(0);
  const rest = parser.peek();
  if (rest !== undefined) throw new YamlError(`invalid YAML near: ${rest.text.slice(0, 30)}`);
  return value;
}
