// SPDX-License-Identifier: MIT
/**
 * The part of `Intl` that text layout in a terminal needs: `Segmenter` for grapheme clusters (the
 * rules of UAX 29) and words (a simplification of its rules, without dictionaries).
 */

// ---- grapheme clusters ----

const kExtend = /^[\p{Grapheme_Extend}\p{Emoji_Modifier}\u200c]$/u;
const kSpacingMark = /^\p{Spacing_Mark}$/u;
const kPrepend = /^[\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\u0d4e\u{110bd}\u{110cd}\u{111c2}\u{111c3}\u{1193f}\u{11941}\u{11a3a}\u{11a84}-\u{11a89}\u{11d46}\u{11f02}]$/u;
const kControl = /^[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]$/u;
const kPictographic = /^\p{Extended_Pictographic}$/u;

type Kind =
  | "other" | "cr" | "lf" | "control" | "extend" | "zwj" | "regional" | "prepend" | "spacing"
  | "l" | "v" | "t" | "lv" | "lvt" | "pictographic";

function kindOf(code: number): Kind {
  if (code === 0x0d) return "cr";
  if (code === 0x0a) return "lf";
  if (code >= 0x20 && code < 0x7f) return "other";
  if (code === 0x200d) return "zwj";
  if (code >= 0x1f1e6 && code <= 0x1f1ff) return "regional";
  if ((code >= 0x1100 && code <= 0x115f) || (code >= 0xa960 && code <= 0xa97c)) return "l";
  if ((code >= 0x1160 && code <= 0x11a7) || (code >= 0xd7b0 && code <= 0xd7c6)) return "v";
  if ((code >= 0x11a8 && code <= 0x11ff) || (code >= 0xd7cb && code <= 0xd7fb)) return "t";
  if (code >= 0xac00 && code <= 0xd7a3) return (code - 0xac00) % 28 === 0 ? "lv" : "lvt";
  const char = String.fromCodePoint(code);
  if (kExtend.test(char)) return "extend";
  if (kPrepend.test(char)) return "prepend";
  if (kSpacingMark.test(char) || code === 0x0e33 || code === 0x0eb3) return "spacing";
  if (kControl.test(char)) return "control";
  return kPictographic.test(char) ? "pictographic" : "other";
}

const isBreaking = (kind: Kind) => kind === "control" || kind === "cr" || kind === "lf";

/** Whether Hangul syllable parts belong together. */
function joinsHangul(before: Kind, after: Kind): boolean {
  if (before === "l") return after === "l" || after === "v" || after === "lv" || after === "lvt";
  if (before === "lv" || before === "v") return after === "v" || after === "t";
  return (before === "lvt" || before === "t") && after === "t";
}

/** What of the text so far decides about the next boundary. */
class ClusterState {
  previous: Kind = "other";
  isEmojiSequence = false;
  regionals = 0;

  isBoundaryBefore(kind: Kind): boolean {
    const { previous } = this;
    if (previous === "cr" && kind === "lf") return false;
    if (isBreaking(previous) || isBreaking(kind)) return true;
    if (joinsHangul(previous, kind)) return false;
    if (kind === "extend" || kind === "zwj" || kind === "spacing") return false;
    if (previous === "prepend") return false;
    if (previous === "zwj" && kind === "pictographic" && this.isEmojiSequence) return false;
    return !(previous === "regional" && kind === "regional" && this.regionals % 2 === 1);
  }

  advance(kind: Kind): void {
    this.regionals = kind === "regional" ? this.regionals + 1 : 0;
    // An emoji goes on behind one joiner, which nothing may follow but the next emoji.
    if (kind === "pictographic") this.isEmojiSequence = true;
    else if ((kind !== "extend" && kind !== "zwj") || this.previous === "zwj") {
      this.isEmojiSequence = false;
    }
    this.previous = kind;
  }
}

/** The end of the cluster that begins at `start`. */
function clusterEnd(text: string, start: number): number {
  const state = new ClusterState();
  let index = start;
  while (index < text.length) {
    const code = text.codePointAt(index)!;
    const kind = kindOf(code);
    if (index > start && state.isBoundaryBefore(kind)) break;
    state.advance(kind);
    index += code > 0xffff ? 2 : 1;
  }
  return index;
}

// ---- words ----

const kIdeograph = /^[\p{Script=Han}\p{Script=Hiragana}]$/u;
const kKatakana = /^[\p{Script=Katakana}\u30fc]$/u;
const kNumeric = /^\p{Nd}$/u;
const kLetter = /^[\p{Alphabetic}\p{M}]$/u;
const kConnector = /^[\p{Pc}\u202f]$/u;
const kSpace = /^\p{Zs}$/u;

type WordKind = "letter" | "number" | "katakana" | "ideograph" | "connector" | "space" | "other";

function wordKindOf(cluster: string): WordKind {
  const char = String.fromCodePoint(cluster.codePointAt(0)!);
  if (kIdeograph.test(char)) return "ideograph";
  if (kKatakana.test(char)) return "katakana";
  if (kNumeric.test(char)) return "number";
  if (kLetter.test(char)) return "letter";
  if (kConnector.test(char)) return "connector";
  return kSpace.test(char) ? "space" : "other";
}

const isWordKind = (kind: WordKind) => kind !== "space" && kind !== "other";

/** Punctuation that stays inside a word when letters, or digits, stand on both sides. */
function isInnerMark(mark: string, before: WordKind, after: WordKind): boolean {
  if (/^['.\u2018\u2019\u2024\ufe52\uff07\uff0e]$/.test(mark)) {
    return (before === "letter" && after === "letter") ||
      (before === "number" && after === "number");
  }
  if (/^[:\u00b7\u0387\u05f4\u2027\ufe13\ufe55\uff1a]$/.test(mark)) {
    return before === "letter" && after === "letter";
  }
  return /^[,;\u037e\u0589\u060c\u060d\u066c\u07f8\u2044\ufe10\ufe14\ufe50\ufe54\uff0c\uff1b]$/
           .test(mark) &&
    before === "number" && after === "number";
}

function joinsWord(before: WordKind, after: WordKind): boolean {
  if (after === "ideograph" || before === "ideograph") return false;
  if (after === "connector" || before === "connector")
    return isWordKind(before) && isWordKind(after);
  if (before === "katakana" || after === "katakana") return before === after;
  return isWordKind(before) && isWordKind(after);
}

function wordEnd(text: string, start: number): { end: number; isWordLike: boolean } {
  let end = clusterEnd(text, start);
  let kind = wordKindOf(text.slice(start, end));
  let isWordLike = isWordKind(kind) && kind !== "connector";
  while (end < text.length) {
    const next = clusterEnd(text, end);
    const nextKind = wordKindOf(text.slice(end, next));
    if ((kind === "space" && nextKind === "space") || joinsWord(kind, nextKind)) {
      if (nextKind !== "connector" && nextKind !== "space") isWordLike = true;
      kind = nextKind;
      end = next;
      continue;
    }
    if (nextKind !== "other" || next >= text.length) break;
    const afterEnd = clusterEnd(text, next);
    const afterKind = wordKindOf(text.slice(next, afterEnd));
    if (!isInnerMark(text.slice(end, next), kind, afterKind)) break;
    kind = afterKind;
    end = afterEnd;
  }
  return { end, isWordLike };
}

// ---- sentences: up to the white space behind their end mark ----

function sentenceEnd(text: string, start: number): number {
  const match = /[.!?。！？]+["')\]]*\s+|\r\n|[\n\r\u2028\u2029]/gu;
  match.lastIndex = start;
  return match.exec(text) === null ? text.length : match.lastIndex;
}

// ---- the interface ----

interface Segment {
  segment: string;
  index: number;
  input: string;
  isWordLike?: boolean;
}

class Segments {
  #text: string;
  #granularity: string;

  constructor(text: string, granularity: string) {
    this.#text = text;
    this.#granularity = granularity;
  }

  #at(index: number): Segment {
    const input = this.#text;
    if (this.#granularity === "word") {
      const { end, isWordLike } = wordEnd(input, index);
      return { segment: input.slice(index, end), index, input, isWordLike };
    }
    const end =
      this.#granularity === "grapheme" ? clusterEnd(input, index) : sentenceEnd(input, index);
    return { segment: input.slice(index, end), index, input };
  }

  containing(position: number = 0): Segment | undefined {
    if (!(position >= 0 && position < this.#text.length)) return undefined;
    for (const segment of this) {
      if (position < segment.index + segment.segment.length) return segment;
    }
    return undefined;
  }

  *[Symbol.iterator](): Generator<Segment> {
    for (let index = 0; index < this.#text.length;) {
      const segment = this.#at(index);
      yield segment;
      index += segment.segment.length;
    }
  }
}

export class Segmenter {
  #granularity: string;

  constructor(_locales?: string | string[], options: { granularity?: string } = {}) {
    this.#granularity = options?.granularity ?? "grapheme";
    if (!["grapheme", "word", "sentence"].includes(this.#granularity)) {
      throw new RangeError(
        `Value ${this.#granularity} out of range for Intl.Segmenter options property granularity`);
    }
  }

  segment(text: string): Segments {
    return new Segments(String(text), this.#granularity);
  }

  resolvedOptions() {
    return { locale: "en", granularity: this.#granularity };
  }

  static supportedLocalesOf(): string[] {
    return ["en"];
  }
}

export const Intl = { Segmenter };
Object.defineProperty(Intl, Symbol.toStringTag, { value: "Intl", configurable: true });
