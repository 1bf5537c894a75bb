// SPDX-License-Identifier: MIT
/** The platform as pi's code uses it, under one import. */
export {
  call, callSync, clearTimeout, notify, setTimeout, unsupportedError, unsupportedFunction,
} from "isopod:core";
export { loadBuiltin } from "isopod:native";
