// SPDX-License-Identifier: MIT
export * from "npm:typebox";
export { default } from "npm:typebox";
