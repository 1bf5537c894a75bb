// SPDX-License-Identifier: MIT
// Aliases and imports by assignment. An unused one is not evaluated, which esbuild does not do.
// prints ["a/b",1,1,2,1,"function","t"]
import path = require("node:path");
import unusedModule = require("does-not-exist");
import type TypeOnly = require("also-not-there");
namespace A { export namespace B { export const c = 1; export type T = number; export class K { static s = 2; } } export type Only = string; }
import B = A.B;
import c = A.B.c;
import Unused = A.B;
import OnlyType = A.Only;
import Chain = B.K;
import Dead = Unused.c;
import type Erased = A.B;
export import Again = A.B;
export import fs = require("node:fs");
const typed: OnlyType = "t";
let k: Erased.K;
let t: TypeOnly;
console.log(JSON.stringify([path.posix.join("a", "b"), B.c, c, Chain.s, Again.c, typeof fs.readFileSync, typed]));
