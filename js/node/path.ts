// SPDX-License-Identifier: MIT
import { info } from "isopod:native";
import { posix as posixPath, win32 as windowsPath } from "./path_core";

const path = info.platform === "win32" ? windowsPath : posixPath;

export default path;
export const {
  resolve, normalize, isAbsolute, join, relative, toNamespacedPath, dirname, basename, extname,
  format, parse, matchesGlob, sep, delimiter, win32, posix, _makeLong,
} = path;
