// SPDX-License-Identifier: MIT
/**
 * Terminals. Importable, so that an extension loads; whatever is called says by its name that it is
 * not there.
 */
import { unsupportedFunction } from "isopod:core";

const missing = (name: string) => unsupportedFunction(`node:tty.${name}`);

export const ReadStream = missing("ReadStream");
export const WriteStream = missing("WriteStream");
export const isatty = (): boolean => false;

export default {
  ReadStream, WriteStream, isatty,
};
