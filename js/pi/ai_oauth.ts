// SPDX-License-Identifier: MIT
/** Types only; a module all the same, so that it can be imported. */
export {};
