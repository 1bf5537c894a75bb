// SPDX-License-Identifier: MIT
// Namespaces with values: exports are members, also of later declarations and for later changes.
const out: unknown[] = [];
namespace Simple {
  export const one = 1;
  export let changes = one + 1;
  const hidden = 10;
  export function grow(by: number = hidden): number { changes += by; return changes; }
  export class Point { constructor(public x = one, public y = changes) {} sum() { return this.x + this.y + hidden; } }
  export enum Color { Red = 1, Green }
  export type Alias = string;
  export interface Shape { color: Color }
  function local() { return changes; }
  out.push(local(), { one, changes }, `${changes}`);
}
out.push(Simple.changes, Simple.grow(), Simple.changes, new Simple.Point().sum(), Simple.Color);
Simple.changes = 100;
out.push(Simple.grow(1));
namespace Simple {
  export const two = one + one;
  out.push(grow(2), changes, new Point(1, 2).sum(), Color.Green, two);
  {
    const changes = "shadowed";
    out.push(changes, [1].map((one) => one * 5), ((two) => two)("p"));
  }
}
namespace Deep.Er.Down {
  export const value = 4;
  export namespace Most { export const bottom = value + 1; }
}
namespace Deep.Er { export const sum = Down.value + Down.Most.bottom; }
namespace Deep { out.push(Er.sum); }
out.push(Deep);
namespace Patterns {
  export const { a, b: { c = 5, ...rest }, ["d" + 1]: computed } = { a: 1, b: { x: 1, y: 2 } as any, d1: "d" } as any;
  export const [first, , third = a, ...others] = [1, 2, undefined, 4, 5];
  export let later: number, initialized = 3;
  later = initialized;
  [later, initialized] = [initialized * 2, later];
  ({ a: later, c: initialized = 8 } = { a: later + 1 } as any);
  for (later of [7, 8]) void 0;
  later++;
  --initialized;
  const object = { later, method() { return initialized; }, later2: later };
  out.push(object.later, object.method(), object.later2, delete (rest as any).x);
}
out.push(Patterns);
function Merged() { return Merged.extra; }
namespace Merged { export const extra = "function"; }
class Base { static create() { return new Base(); } }
namespace Base { export const options = { deep: [Base.name] }; }
enum Level { Low, High }
namespace Level { export function parse(text: string) { return text === "high" ? Level.High : Level.Low; } }
out.push(Merged(), Base.options, Level.parse("high"), Level.parse("x"));
namespace TypesOnly { export interface A {} export type B = A; namespace C { type D = 1 } }
declare namespace Ambient { const x: number; }
export namespace Exported { export const yes = true; export async function later() { return yes; } }
export namespace Exported { export function* count() { yield yes; } }
out.push(Exported.yes, [...Exported.count()], Object.keys(Exported));
module Old { export const kept = 1; }
out.push(Old);
namespace Hoisted {
  out.push(typeof f, f());
  export function f() { return v; }
  export var v = "set";
  out.push(f());
  if (true) { var inBlock = v; }
  export const object = { v, w: v, ...{ v }, [v]: f };
  label: for (const v of [1]) { out.push(v); continue label; }
}
out.push(inBlockOf());
function inBlockOf() { return Object.keys(Hoisted); }
namespace Outer {
  export const shared = "outer";
  export namespace Inner { export const shared = "inner"; export const both = [shared, Outer.shared]; }
  namespace Private { export const secret = shared; }
  export abstract class Shape { abstract area(): number; static of = shared; }
  export const result = [Inner.both, Private.secret, Shape.of];
  export import Short = Outer.Inner;
  import Local = Inner.both;
  export const viaAlias = [Short.shared, Local];
}
out.push(Outer.result, Outer.viaAlias, Object.keys(Outer));
console.log(JSON.stringify(out));
