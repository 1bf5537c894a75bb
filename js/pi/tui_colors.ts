// SPDX-License-Identifier: MIT
/** Colours of a terminal: as RGB, as palette index, in the perceptual space OKLCH, as ANSI. */

export interface Rgb {
  r: number;
  g: number;
  b: number;
}
export interface Oklch {
  l: number;
  c: number;
  h: number;
}
type Color =
  | ({ kind: "rgb" } & Rgb) | { kind: "indexed"; index: number } | ({ kind: "oklch" } & Oklch);
type ColorMode = "truecolor" | "256color";

const kPalette = [
  0x000000, 0x800000, 0x008000, 0x808000, 0x000080, 0x800080, 0x008080, 0xc0c0c0,
  0x808080, 0xff0000, 0x00ff00, 0xffff00, 0x0000ff, 0xff00ff, 0x00ffff, 0xffffff,
];
/** The 6 levels of the cube that palette entries 16 to 231 are. */
const kLevels = [0, 95, 135, 175, 215, 255];
const kCubeStart = 16;
const kGrayStart = 232;
const kGrays = 24;
const kAchromatic = 1e-6;

const byte = (value: number) => Math.round(Math.min(255, Math.max(0, value)));
const grayLevel = (step: number) => 8 + 10 * step;

export const rgbColor = (r: number, g: number, b: number): Color =>
  ({ kind: "rgb", r: byte(r), g: byte(g), b: byte(b) });

export function indexedColor(index: number): Color {
  if (!Number.isInteger(index) || index < 0 || index > 255) {
    throw new Error(`ANSI color index must be an integer from 0 to 255: ${index}`);
  }
  return { kind: "indexed", index };
}

export const oklchColor = (l: number, c: number, h: number): Color => ({ kind: "oklch", l, c, h });

const kHex = /^#(?:[\da-f]{3}|[\da-f]{6})$/i;
const kOklch = /^oklch\(\s*([\d.]+)\s+([\d.]+)\s+(-?[\d.]+)\s*\)$/i;

/** A palette index, "#rgb", "#rrggbb" or "oklch(l c h)". */
export function parseColor(value: string | number): Color {
  if (typeof value === "number") return indexedColor(value);
  if (kHex.test(value)) {
    const digits = value.length === 4
      ? [...value.slice(1)].map((digit) => digit + digit).join("") : value.slice(1);
    const number = Number.parseInt(digits, 16);
    return rgbColor(number >> 16, number >> 8 & 255, number & 255);
  }
  const parts = kOklch.exec(value);
  if (parts === null) throw new Error(`Invalid color value: ${value}`);
  return oklchColor(Number(parts[1]), Number(parts[2]), Number(parts[3]));
}

function indexedToRgb(index: number): Rgb {
  if (index < kCubeStart) {
    const color = kPalette[index];
    return { r: color >> 16, g: color >> 8 & 255, b: color & 255 };
  }
  if (index >= kGrayStart) {
    const level = grayLevel(index - kGrayStart);
    return { r: level, g: level, b: level };
  }
  const cube = index - kCubeStart;
  return {
    r: kLevels[Math.floor(cube / 36)], g: kLevels[Math.floor(cube / 6) % 6], b: kLevels[cube % 6],
  };
}

const toLinear = (value: number): number => {
  const part = value / 255;
  return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
};
const fromLinear = (part: number): number =>
  byte(255 * (part <= 0.0031308 ? 12.92 * part : 1.055 * part ** (1 / 2.4) - 0.055));

/** The matrices of the colour space Oklab, as its author gives them. */
function rgbToOklch(color: Rgb): Oklch {
  const [r, g, b] = [toLinear(color.r), toLinear(color.g), toLinear(color.b)];
  const long = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const middle = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const short = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  const l = 0.2104542553 * long + 0.793617785 * middle - 0.0040720468 * short;
  const aAxis = 1.9779984951 * long - 2.428592205 * middle + 0.4505937099 * short;
  const bAxis = 0.0259040371 * long + 0.7827717662 * middle - 0.808675766 * short;
  const h = Math.atan2(bAxis, aAxis) * 180 / Math.PI;
  return { l, c: Math.hypot(aAxis, bAxis), h: (h + 360) % 360 };
}

function oklchToRgb({ l, c, h }: Oklch): Rgb {
  const angle = h * Math.PI / 180;
  const [aAxis, bAxis] = [c * Math.cos(angle), c * Math.sin(angle)];
  const long = (l + 0.3963377774 * aAxis + 0.2158037573 * bAxis) ** 3;
  const middle = (l - 0.1055613458 * aAxis - 0.0638541728 * bAxis) ** 3;
  const short = (l - 0.0894841775 * aAxis - 1.291485548 * bAxis) ** 3;
  return {
    r: fromLinear(4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short),
    g: fromLinear(-1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short),
    b: fromLinear(-0.0041960863 * long - 0.7034186147 * middle + 1.707614701 * short),
  };
}

export function colorToRgb(color: Color): Rgb {
  switch (color.kind) {
    case "rgb": return { r: color.r, g: color.g, b: color.b };
    case "indexed": return indexedToRgb(color.index);
    case "oklch": return oklchToRgb(color);
  }
}

export function colorToHex(color: Color): string {
  const { r, g, b } = colorToRgb(color);
  return `#${[r, g, b].map((part) => part.toString(16).padStart(2, "0")).join("")}`;
}

export function colorToOklch(color: Color): Oklch {
  if (color.kind === "oklch") return { l: color.l, c: color.c, h: color.h };
  return rgbToOklch(colorToRgb(color));
}

/** `amount` of the second colour; the hue takes the shorter way around. */
export function mixColors(first: Color, second: Color, amount: number): Color {
  const [from, to] = [colorToOklch(first), colorToOklch(second)];
  if (from.c < kAchromatic) from.h = to.h;
  else if (to.c < kAchromatic) to.h = from.h;
  const turn = ((to.h - from.h + 540) % 360) - 180;
  const between = (a: number, b: number) => a + (b - a) * amount;
  return oklchColor(
    between(from.l, to.l), between(from.c, to.c), (from.h + turn * amount + 360) % 360);
}

const closest = (levels: number[], value: number): number =>
  levels.reduce((best, level, index) =>
    Math.abs(level - value) < Math.abs(levels[best] - value) ? index : best, 0);

const distance = (a: Rgb, b: Rgb) => (a.r - b.r) ** 2 + (a.g - b.g) ** 2 + (a.b - b.b) ** 2;

function nearestIndex(color: Rgb): number {
  const [r, g, b] = [color.r, color.g, color.b].map((part) => closest(kLevels, part));
  const cube = kCubeStart + 36 * r + 6 * g + b;
  const grays = Array.from({ length: kGrays }, (_, step) => grayLevel(step));
  const gray = kGrayStart + closest(grays, (color.r + color.g + color.b) / 3);
  return distance(indexedToRgb(gray), color) < distance(indexedToRgb(cube), color) ? gray : cube;
}

export const getTerminalColorMode = (): ColorMode =>
  /^(truecolor|24bit)$/.test(process.env.COLORTERM ?? "") ? "truecolor" : "256color";

const ansi = (layer: 38 | 48) => (color: Color, mode: ColorMode = "256color"): string => {
  if (color.kind === "indexed") return `\x1b[${layer};5;${color.index}m`;
  const rgb = colorToRgb(color);
  return mode === "truecolor"
    ? `\x1b[${layer};2;${rgb.r};${rgb.g};${rgb.b}m` : `\x1b[${layer};5;${nearestIndex(rgb)}m`;
};

export const foregroundAnsi = ansi(38);
export const backgroundAnsi = ansi(48);

const kAttributes: [string, number, number][] = [
  ["strikethrough", 9, 29], ["inverse", 7, 27], ["underline", 4, 24], ["italic", 3, 23],
  ["dim", 2, 22], ["bold", 1, 22],
];

export function styleText(text: string, style: any, mode: ColorMode = "256color"): string {
  let styled = text;
  for (const [name, open, close] of kAttributes) {
    if (style[name]) styled = `\x1b[${open}m${styled}\x1b[${close}m`;
  }
  if (style.fg !== undefined) styled = `${foregroundAnsi(style.fg, mode)}${styled}\x1b[39m`;
  if (style.bg !== undefined) styled = `${backgroundAnsi(style.bg, mode)}${styled}\x1b[49m`;
  return styled;
}

/** The lightness of Oklab on the scale of Okhsl, whose middle is a middle gray. */
export function oklabToOkhslLightness(lightness: number): number {
  const [k1, k2] = [0.206, 0.03];
  const k3 = (1 + k1) / (1 + k2);
  const part = k3 * lightness - k1;
  return 0.5 * (part + Math.sqrt(part * part + 4 * k2 * k3 * lightness));
}
