// SPDX-License-Identifier: MIT
/** `@earendil-works/pi-tui`: the published package, and what its later versions also export. */
export * from "npm:@earendil-works/pi-tui";
export * from "./tui_more";
