// SPDX-License-Identifier: MIT
/** What pi-tui exports in pi 1.5.2 beyond the published package bundled here. */
import { unsupportedFunction } from "isopod:core";
import { info } from "isopod:native";

const missing = (name: string) => unsupportedFunction(`@earendil-works/pi-tui.${name}`);

/** The character under a cursor that the terminal does not draw. */
export const renderFakeCursor = (text: string): string => `\x1b[7m${text}\x1b[27m`;

export const isAppleTerminalSession = (): boolean =>
  info.platform === "darwin" && process.env.TERM_PROGRAM === "Apple_Terminal";

export const backgroundAnsi = missing("backgroundAnsi");
export const colorToHex = missing("colorToHex");
export const colorToOkhsl = missing("colorToOkhsl");
export const colorToOklch = missing("colorToOklch");
export const colorToRgb = missing("colorToRgb");
export const foregroundAnsi = missing("foregroundAnsi");
export const formatProgramStatus = missing("formatProgramStatus");
export const getSelectPageIndex = missing("getSelectPageIndex");
export const getTerminalColorMode = missing("getTerminalColorMode");
export const indexedColor = missing("indexedColor");
export const mixColors = missing("mixColors");
export const okhslColor = missing("okhslColor");
export const oklabToOkhslLightness = missing("oklabToOkhslLightness");
export const oklchColor = missing("oklchColor");
export const parseColor = missing("parseColor");
export const replaceControlCharacters = missing("replaceControlCharacters");
export const rgbColor = missing("rgbColor");
export const setImageTranscoder = missing("setImageTranscoder");
export const styleText = missing("styleText");
export const styleTextWithAnsi = missing("styleTextWithAnsi");
