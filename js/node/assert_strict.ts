// SPDX-License-Identifier: MIT
import assert from "node:assert";

const { strict } = assert;

export default strict;
export const {
  AssertionError, ok, equal, notEqual, strictEqual, notStrictEqual, deepEqual, notDeepEqual,
  deepStrictEqual, notDeepStrictEqual, match, doesNotMatch, fail, ifError, throws, rejects,
  doesNotThrow, doesNotReject,
} = strict;
export { strict };
