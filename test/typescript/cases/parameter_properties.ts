// SPDX-License-Identifier: MIT
// Parameters of a constructor that are properties.
const out: unknown[] = [];
class Plain {
  constructor(public a: number, private readonly b = a + 1, protected c?: string, d = 4, readonly e: number[] = []) {
    out.push([this.a, this.b, this.c, d, this.e, Object.keys(this)]);
  }
}
new Plain(1);
new Plain(1, 5, "c", 6, [7]);
class Fields {
  first = "field";
  before: unknown = (this as any).x;
  constructor(public x: number) { this.first += x; }
}
out.push(new Fields(3));
class Directive { constructor(public x: number) { "use strict"; 'other'; out.push(this.x, (function (this: unknown) { return this; })() === undefined); } }
new Directive(1);
class Base { constructor(public base: string) {} }
class Derived extends Base {
  own = this.base + "!";
  constructor(public extra: number, private more: string = "m") {
    const local = "l" + extra;
    super(local);
    out.push([this.extra, this.more, this.base, local]);
  }
}
out.push(new Derived(2));
class Nested extends Base {
  constructor(private flag: boolean) {
    if (flag) super("yes")
    else super("no");
    out.push(this.flag, this.base);
  }
}
new Nested(true);
new Nested(false);
class Used extends Base {
  constructor(public value: number) {
    const self = super("used");
    out.push(self === this, (self as any).value);
  }
}
new Used(9);
class Arrow extends Base {
  constructor(public value: number) {
    const start = () => super("arrow");
    start();
    out.push(this.value);
  }
}
new Arrow(8);
class Empty extends Base { constructor(public only: string) { super(only) } }
out.push(new Empty("o"));
class Overloaded { constructor(a: string); constructor(a: number); constructor(public a: any) {} }
out.push(new Overloaded(1));
const Expression = class<T> { constructor(private readonly t: T) {} get() { return this.t; } };
out.push(new Expression("t").get());
abstract class Abstract { constructor(protected override_: number, public override = 1) {} }
class Concrete extends Abstract { constructor() { super(5); } }
out.push(new Concrete());
class Lines {
  constructor(
    public readonly one: number, // a comment
    /* another */ private two: { a: number } = { a: 1 },
  ) {}
}
out.push(new Lines(1));
class Inner { constructor(public x: number) { class Local extends Base { constructor(public y: number) { super("local"); out.push(this.y); } } new Local(x + 1); } }
out.push(new Inner(1));
// The order of keys differs: pi's loader initializes fields first, esbuild the parameters.
console.log(JSON.stringify(out, (_, value) => (value === null || typeof value !== "object" || Array.isArray(value) ? value : Object.fromEntries(Object.entries(value).sort()))));
