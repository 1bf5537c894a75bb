// SPDX-License-Identifier: MIT
// Types in expressions and signatures; other syntax that only passes through.
const out: unknown[] = [];
const cast = <any>{ a: 1 };
const arrow = <T,>(x: T): T => x;
const bounded = <T extends { n: number }>(x: T) => <number>x.n;
const generic = async <T>(x: T): Promise<T> => x as unknown as T;
let definite!: string;
definite = "d";
function assertString(x: unknown): asserts x is string { if (typeof x !== "string") throw new TypeError("no"); }
function assertTrue(x: unknown): asserts x {}
const config = { mode: "fast", sizes: [1, 2] } satisfies { mode: string; sizes: number[] };
const tuple = [1, "a"] as const;
let value: unknown = "v";
assertString(value);
assertTrue(value);
out.push(cast.a, arrow<string>("x"), bounded({ n: 2 }), definite, config, tuple, value.length);
out.push((value as string)!.length, cast!.a!, cast?.b?.c!, [...<number[]>[1]], <T>(y: T) => y);
function overload(a: string): string;
function overload(a: number, b?: boolean): number;
function overload(a: any) { return a; }
out.push(overload(1, true), overload("s"));
const object = { method<T>(this: unknown, x: T): T { return x; }, get g(): number { return 1; }, async *h<U>(): AsyncGenerator<U> {} };
out.push(object.method(1), object.g);
type Recursive<T> = T extends (infer U)[] ? Recursive<U> : T;
interface Callable { (x: number): string; new (y: string): Callable; readonly [k: string]: any }
const f: (x: number) => string = (x) => `${x as any}`;
out.push(f(1), ((x: number, ...rest: string[]): number => rest.length)(1, "a", "b"));
label: for (const [k, v] of Object.entries<number>({ a: 1 })) { out.push(k, v); continue label; }
try { throw new Error("e"); } catch (error: unknown) { out.push((error as Error).message); }
const conditional = out.length > 3 ? (x: number): number => x : (y: string): string => y;
out.push((conditional as any)(1), out.length < 100 && 1 > (0 as number));
abstract class Shape<T = unknown> { static make<U>(this: new () => U): U { return new this(); } }
class Square extends Shape<string> { side = 1 }
out.push(Square.make().side, new (class<T> { constructor(readonly x: T) {} })(5).x);
console.log(JSON.stringify(out));
