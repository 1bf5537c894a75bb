// SPDX-License-Identifier: MIT
/** `node:readline`: lines from streams, and escape sequences for terminals. */
import promises from "node:readline/promises";
import {
  clearLine, clearScreenDown, cursorTo, emitKeypressEvents, moveCursor,
} from "./readline_cursor";
import { Interface } from "./readline_interface";
import { abortError } from "./node_errors";

export const createInterface = (input: any, output?: any, completer?: any, terminal?: any): any =>
  new Interface(input, output, completer, terminal);

Object.defineProperty(Interface.prototype.question, Symbol.for("nodejs.util.promisify.custom"), {
  value(this: any, query: string, options: any = {}): Promise<string> {
    return new Promise((resolve, reject) => {
      if (options?.signal?.aborted) return reject(abortError(options.signal));
      options?.signal?.addEventListener(
        "abort", () => reject(abortError(options.signal)), { once: true });
      this.question(query, options ?? {}, resolve);
    });
  },
});

export {
  clearLine, clearScreenDown, cursorTo, emitKeypressEvents, Interface, moveCursor, promises,
};
export default {
  clearLine, clearScreenDown, createInterface, cursorTo, emitKeypressEvents, Interface,
  moveCursor, promises,
};
