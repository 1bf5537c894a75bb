// SPDX-License-Identifier: MIT
export * from "npm:typebox/compile";
export { default } from "npm:typebox/compile";
