// SPDX-License-Identifier: MIT
/** `ctx.ui.theme`: named colours and text attributes as ANSI sequences. */

/** Palette indexes. An absent name has the terminal's own colour. */
const kForeground: Record<string, number> = {
  accent: 5, border: 8, borderAccent: 5, borderMuted: 8, success: 2, error: 1, warning: 3,
  muted: 8, thinkingText: 8, customMessageLabel: 5, toolOutput: 8,
  mdHeading: 3, mdLink: 4, mdLinkUrl: 8, mdCode: 6, mdCodeBlockBorder: 8, mdQuote: 8,
  mdQuoteBorder: 8, mdHr: 8, mdListBullet: 5,
  toolDiffAdded: 2, toolDiffRemoved: 1, toolDiffContext: 8,
  syntaxComment: 8, syntaxKeyword: 4, syntaxFunction: 3, syntaxVariable: 6, syntaxString: 2,
  syntaxNumber: 5, syntaxType: 6,
  thinkingOff: 8, thinkingMinimal: 8, thinkingLow: 4, thinkingMedium: 6, thinkingHigh: 5,
  thinkingXhigh: 5, thinkingMax: 1, bashMode: 2,
};
const kBackground: Record<string, number> = { selectedBg: 8 };

const kReset = "\x1b[39m";
/** The one token that is no colour but a weight. */
const kFaint = "dim";
const kFaintReset = "\x1b[22;39m";
const kResetBackground = "\x1b[49m";
const sequence = (layer: 38 | 48, index: number | undefined) =>
  index === undefined ? `\x1b[${layer + 1}m` : `\x1b[${layer};5;${index}m`;
const wrap = (open: number, close: number) => (text: string) =>
  `\x1b[${open}m${text}\x1b[${close}m`;

interface Style {
  fg?: string;
  bg?: string;
  bold?: boolean;
  italic?: boolean;
  underline?: boolean;
  inverse?: boolean;
  strikethrough?: boolean;
}

export class Theme {
  readonly name = "system";
  readonly appearance = "dark";
  readonly sourcePath = undefined;

  constructor() {
    // Extensions pass these around as plain functions.
    for (const member of ["fg", "bg", "bold", "italic", "underline", "inverse", "strikethrough"]) {
      const method = (this as any)[member].bind(this);
      Object.defineProperty(this, member, { value: method, configurable: true, writable: true });
    }
  }

  get colors(): Record<string, number> {
    return { ...kForeground, ...kBackground };
  }

  fg(token: string, text: string): string {
    const end = token === kFaint ? kFaintReset : kReset;
    return `${this.getFgAnsi(token)}${text}${end}`;
  }
  bg(token: string, text: string): string {
    return `${this.getBgAnsi(token)}${text}${kResetBackground}`;
  }
  bold(text: string): string { return wrap(1, 22)(text); }
  italic(text: string): string { return wrap(3, 23)(text); }
  underline(text: string): string { return wrap(4, 24)(text); }
  inverse(text: string): string { return wrap(7, 27)(text); }
  strikethrough(text: string): string { return wrap(9, 29)(text); }

  style(text: string, style: Style): string {
    if (style.strikethrough) text = this.strikethrough(text);
    if (style.inverse) text = this.inverse(text);
    if (style.underline) text = this.underline(text);
    if (style.italic) text = this.italic(text);
    if (style.bold) text = this.bold(text);
    if (style.fg !== undefined) text = this.fg(style.fg, text);
    if (style.bg !== undefined) text = this.bg(style.bg, text);
    return text;
  }

  getFgAnsi(token: string): string {
    return sequence(38, kForeground[token]) + (token === kFaint ? "\x1b[2m" : "");
  }
  getBgAnsi(token: string): string { return sequence(48, kBackground[token]); }
  getColorMode(): string { return "256color"; }

  getThinkingBorderColor(level: string): (text: string) => string {
    const token = `thinking${level.charAt(0).toUpperCase()}${level.slice(1)}`;
    return (text) => this.fg(token, text);
  }

  getBashModeBorderColor(): (text: string) => string {
    return (text) => this.fg("bashMode", text);
  }
}

export const theme = new Theme();
