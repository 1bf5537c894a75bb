// SPDX-License-Identifier: MIT
/** What pi-tui exports in pi 1.5.2 beyond the published package bundled here. */
import { unsupportedFunction } from "isopod:core";
import { info } from "isopod:native";

export {
  backgroundAnsi, colorToHex, colorToOklch, colorToRgb, foregroundAnsi, getTerminalColorMode,
  indexedColor, mixColors, oklabToOkhslLightness, oklchColor, parseColor, rgbColor, styleText,
} from "./tui_colors";

const missing = (name: string) => unsupportedFunction(`@earendil-works/pi-tui.${name}`);

/** The character under a cursor that the terminal does not draw. */
export const renderFakeCursor = (text: string): string => `\x1b[7m${text}\x1b[27m`;

export const isAppleTerminalSession = (): boolean =>
  info.platform === "darwin" && process.env.TERM_PROGRAM === "Apple_Terminal";

/** One space for each run of control characters: text for one line. */
export const replaceControlCharacters = (text: string): string =>
  text.replace(/[\u0000-\u001f\u007f-\u009f]+/g, " ");

/** Images are not converted here; those the terminal cannot show have a text in their place. */
export const setImageTranscoder = (_transcode: unknown): void => {};

export const colorToOkhsl = missing("colorToOkhsl");
export const formatProgramStatus = missing("formatProgramStatus");
export const getSelectPageIndex = missing("getSelectPageIndex");
export const okhslColor = missing("okhslColor");
export const styleTextWithAnsi = missing("styleTextWithAnsi");
