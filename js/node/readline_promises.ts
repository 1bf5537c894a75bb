// SPDX-License-Identifier: MIT
/** Line input, with promises. Importable, so that an extension loads; a function says that it is not there when called. */
import { unsupportedFunction } from "isopod:core";

const missing = (name: string) => unsupportedFunction(`node:readline/promises.${name}`);

export const Interface = missing("Interface");
export const Readline = missing("Readline");
export const createInterface = missing("createInterface");

export default {
  Interface, Readline, createInterface,
};
