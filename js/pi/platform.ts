// SPDX-License-Identifier: MIT
/** The platform as pi's code uses it, under one import. */
export { call, callSync, notify, unsupportedError, unsupportedFunction } from "isopod:core";
export { loadBuiltin } from "isopod:native";
