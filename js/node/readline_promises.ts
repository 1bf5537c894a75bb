// SPDX-License-Identifier: MIT
/**
 * Line input, with promises. Importable, so that an extension loads; whatever is called says by its name that it is
 * not there.
 */
import { unsupportedFunction } from "isopod:core";

const missing = (name: string) => unsupportedFunction(`node:readline/promises.${name}`);

export const Interface = missing("Interface");
export const Readline = missing("Readline");
export const createInterface = missing("createInterface");

export default {
  Interface, Readline, createInterface,
};
