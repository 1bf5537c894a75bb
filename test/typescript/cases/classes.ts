// SPDX-License-Identifier: MIT
// Parts of classes that are erased, and what stays.
const out: unknown[] = [];
class Base { inherited = "base"; declared = "base"; optional = "base"; static count = 0; m() { return "base"; } }
class Fields extends Base {
  declare inherited: string;
  optional?: any;
  definite!: number;
  readonly r = 1;
  private static override count = 5;
  static { out.push("static block", this.count); }
  public override m(): string { return "derived " + super.m(); }
  [key: string]: any;
}
out.push({ ...new Fields() }, "definite" in new Fields(), new Fields().m(), new Fields().inherited, new Fields().optional === undefined);
abstract class Abstract {
  abstract x: number;
  abstract get y(): number;
  abstract m(): void;
  protected abstract readonly z: string;
  concrete(): this { return this; }
  over(a: string): string;
  over(a: number): number;
  over(a: any): any { return a; }
}
class Concrete extends Abstract { x = 1; get y() { return 2; } m() {} protected readonly z = "z"; }
out.push({ ...new Concrete() }, new Concrete().over(3), "x" in Abstract.prototype);
class Implements implements Iterable<number>, Disposable_ { *[Symbol.iterator]() { yield 1; } close() {} }
interface Disposable_ { close(): void }
out.push([...new Implements()]);
class Generic<in out T, const U = T> extends Map<T, U> { at<V>(this: Generic<T, U>, v: V): V { return v; } }
out.push(new Generic<string>([["a", "b"]]).at<number>(1));
class Accessors { accessor value = 1; accessor text: string | undefined; static accessor shared = [1]; accessor "quoted" = 2; }
const a = new Accessors();
a.value += 1;
Accessors.shared.push(2);
out.push(a.value, a.text, Accessors.shared, a.quoted, Object.keys(a), Object.getOwnPropertyNames(Accessors.prototype).sort());
class Private<T> { #x: T; #y?: number = 2; static #z = 3; constructor(x: T) { this.#x = x; } get all() { return [this.#x, this.#y!, Private.#z] as const; } has(o: object): o is Private<T> { return #x in o; } }
out.push(new Private(1).all, new Private(1).has({}));
console.log(JSON.stringify(out));
