// SPDX-License-Identifier: MIT
// Decorators of the old kind: what they get, what their results do and in which order they run.
const out: unknown[] = [];
const kind = (x: any) => (x === undefined ? "undefined" : typeof x === "function" ? "class " + x.name : Object.keys(x).join());
function log(label: string): any {
  return (target: any, key: any, descriptor: any) => {
    out.push([label, typeof target, String(key), typeof descriptor === "object" ? Object.keys(descriptor).sort().join() : String(descriptor)]);
  };
}
function wrap(target: any, key: string, descriptor: PropertyDescriptor): PropertyDescriptor {
  const inner = descriptor.value;
  return { ...descriptor, value(this: unknown, ...all: unknown[]) { return ["wrapped", inner.apply(this, all)]; } };
}
const holder = { same(x: any) { return x; } };
function tag(name: string) { return (target: any) => { target.tags = [...(target.tags ?? []), name]; }; }
function replace<T extends new (...all: any[]) => any>(target: T) { return class extends target { replaced = true; } as any; }
function sealed(target: any, key: string, descriptor: PropertyDescriptor) { descriptor.enumerable = true; return descriptor; }

@tag("outer")
@tag("inner")
class Tagged { static tags: string[]; }
out.push((Tagged as any).tags, Tagged.name);

class Methods {
  value = 1;
  @wrap plain(n: number) { return n + this.value; }
  @wrap @log("second") both(): string { return "b"; }
  @log("getter") get accessor() { return this.value; }
  set accessor(v) { this.value = v; }
  @sealed async later() { return 1; }
  @log("generator") *each() { yield 1; }
  @log("computed") ["comp" + "uted"]() { return "c"; }
  @log("text") "a-b"() { return 1; }
  @log("number") 12() { return 1; }
  @log("private-ts") private hidden() { return 2; }
  @log("static") static make() { return new Methods(); }
  @wrap static wrapped() { return this === Methods; }
}
const made = Methods.make();
out.push(made.plain(4), made.both(), made.accessor, Methods.wrapped(), Object.keys(Methods.prototype), [...made.each()]);

class Properties {
  @log("field") field = 1;
  @log("typed") typed!: string;
  @log("static field") static counter: number = 2;
}
out.push(new Properties().field, Properties.counter);

@replace
class Replaced { constructor(public name_: string) {} hello() { return this.name_; } }
out.push(new Replaced("r"), new Replaced("r").hello());

const param = (label: string): any => (target: any, key: any, index: number) => { out.push([label, typeof target, String(key), index]); };
@log("class")
class Injected {
  constructor(@param("c0") private first: number, @param("c1") @param("c1b") second = 2) { out.push([first, second]); }
  method(@param("m0") a: string, b: number, @param("m2") c?: boolean) { return a; }
  @log("with method") other(@param("o0") a: unknown) { return a; }
  static helper(@param("s0") x: number) { return x; }
}
out.push(new Injected(1), new Injected(1).method("a", 1));

@tag("exported")
export class Exported { @log("member") run() { return 1; } }
out.push((Exported as any).tags, new Exported().run());
function factory() {
  @tag("local")
  class Local { @wrap m() { return "local"; } }
  return new Local().m();
}
out.push(factory(), factory());
namespace Space {
  @tag("space")
  export class Inside { @wrap m() { return limit; } }
  export const limit = 3;
}
out.push((Space.Inside as any).tags, new Space.Inside().m());
@tag(
  "several " +
  "lines",
)
@(holder.same)
abstract class Lines {
  @log(
    "lines"
  )
  // a comment
  public method() {}
}
out.push((Lines as any).tags);
console.log(JSON.stringify(out));
