// SPDX-License-Identifier: MIT
// `export =` makes the value the module.
import os = require("node:os");
function main(x: number): string { return "main " + x + typeof os.EOL; }
namespace main { export const version = 2; export interface Options { a: 1 } }
console.log(JSON.stringify([main(1), main.version]));
export = main;
