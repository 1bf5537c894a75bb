// SPDX-License-Identifier: MIT
export * from "npm:typebox/value";
export { default } from "npm:typebox/value";
