// SPDX-License-Identifier: MIT
/** `pipeline` and `finished` of streams, with promises. */
import { promises } from "isopod:node/stream";

export const { finished, pipeline } = promises;
export default promises;
