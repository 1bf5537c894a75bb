// SPDX-License-Identifier: MIT
/**
 * Streams, with promises. Importable, so that an extension loads; whatever is called says by its name that it is
 * not there.
 */
import { unsupportedFunction } from "isopod:core";

const missing = (name: string) => unsupportedFunction(`node:stream/promises.${name}`);

export const finished = missing("finished");
export const pipeline = missing("pipeline");

export default {
  finished, pipeline,
};
