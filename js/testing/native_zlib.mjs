// SPDX-License-Identifier: MIT
// The module isopod:native/zlib over Node's own, which does everything when the data has ended.
import * as zlib from "node:zlib";

const { Z_NO_FLUSH, Z_BUF_ERROR, Z_OK, Z_STREAM_END } = zlib.constants;
const kPortion = 64 * 1024;

function createStream(Uint8Array, kind, options) {
  const input = [];
  let output;
  const none = new Uint8Array(0);
  const page = (consumed) => {
    const part = new Uint8Array(output.subarray(0, kPortion));
    output = output.subarray(kPortion);
    return [part, consumed, output.length === 0 ? Z_STREAM_END : Z_OK, ""];
  };
  return {
    work(bytes, flush) {
      input.push(Buffer.from(bytes));
      if (flush === Z_NO_FLUSH && output === undefined) return [none, bytes.length, Z_OK, ""];
      if (output !== undefined) return page(bytes.length);
      try {
        output = zlib[`${kind}Sync`](Buffer.concat(input), { ...options, finishFlush: flush });
      } catch (error) {
        const status = error.errno;
        return [none, status === Z_BUF_ERROR ? 0 : bytes.length, status,
          status === Z_BUF_ERROR ? "" : error.message];
      }
      return page(bytes.length);
    },
    close() {},
  };
}

export const createNativeZlib = ({ Uint8Array }) => ({
  newStream: (kind, level, windowBits, memLevel, strategy, dictionary) =>
    createStream(Uint8Array, kind, { level: level - 1, windowBits, memLevel, strategy, dictionary }),
  crc32: (bytes, start) => zlib.crc32(bytes, start),
  outputMax: () => 1 << 22,
});
