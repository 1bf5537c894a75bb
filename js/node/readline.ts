// SPDX-License-Identifier: MIT
/**
 * Line input. Importable, so that an extension loads; whatever is called says by its name that it is
 * not there.
 */
import { unsupportedFunction } from "isopod:core";

const missing = (name: string) => unsupportedFunction(`node:readline.${name}`);

export const Interface = missing("Interface");
export const clearLine = missing("clearLine");
export const clearScreenDown = missing("clearScreenDown");
export const createInterface = missing("createInterface");
export const cursorTo = missing("cursorTo");
export const emitKeypressEvents = missing("emitKeypressEvents");
export const moveCursor = missing("moveCursor");
export { default as promises } from "node:readline/promises";
import promises from "node:readline/promises";

export default {
  Interface, clearLine, clearScreenDown, createInterface, cursorTo, emitKeypressEvents,
  moveCursor, promises,
};
