// SPDX-License-Identifier: MIT
/** Lines, with promises. */
import { Readline } from "./readline_cursor";
import { PromisesInterface as Interface } from "./readline_interface";

export const createInterface = (input: any, output?: any, completer?: any, terminal?: any): any =>
  new Interface(input, output, completer, terminal);

export { Interface, Readline };
export default { createInterface, Interface, Readline };
