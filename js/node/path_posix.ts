// SPDX-License-Identifier: MIT
import path from "node:path";

const chosen = path.posix;

export default chosen;
export const {
  resolve, normalize, isAbsolute, join, relative, toNamespacedPath, dirname, basename, extname,
  format, parse, matchesGlob, sep, delimiter, win32, posix, _makeLong,
} = chosen;
