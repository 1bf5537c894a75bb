// SPDX-License-Identifier: MIT
import assert from "node:assert/strict";
import { test } from "node:test";
import * as nodeUtil from "node:util";
import * as vm from "node:vm";
import { createRandom, seed } from "../testing/generate.mjs";
import { createIsolate } from "../testing/support.mjs";

const isolate = createIsolate();
const { inspect, format } = isolate.loadBuiltin("node:util");
const nodeContext = vm.createContext({ URL, Buffer });
const inNode = (code) => vm.runInContext(`(${code})`, nodeContext);
const inIsolate = (code) => isolate.run(`(${code})`);

const kValues = [
  "1",
  "-0",
  "1n",
  "'a'",
  "'it\\'s'",
  '"\\"\\\'"',
  "'\\n\\t\\x00\\u{1f600}'",
  "true",
  "null",
  "undefined",
  "Symbol('s')",
  "Symbol()",
  "[]",
  "[1,2,3]",
  "[1,,3]",
  "[,]",
  "new Array(5)",
  "{}",
  "{a:1}",
  "{'a-b':1, 3:2, [Symbol('q')]:5}",
  "{a:{b:{c:{d:1}}}}",
  "[[[[1]]]]",
  "function f(){}",
  "()=>{}",
  "async function g(){}",
  "function* h(){}",
  "class A{}",
  "class A extends Array{}",
  "class extends Map{}",
  "Object.assign(function f(){}, {x:1})",
  "new Map([[1,{a:2}],['k',[1]]])",
  "new Map()",
  "new Set([1,'a',{b:1}])",
  "new Set()",
  "new Date(0)",
  "new Date(NaN)",
  "/a[/]b/gi",
  "new (class Foo{ constructor(){this.x=1} })()",
  "new (class Bar{})()",
  "Object.create(null)",
  "Object.assign(Object.create(null),{a:1})",
  "new Uint8Array([1,2,3])",
  "new Float64Array(2)",
  "new ArrayBuffer(4)",
  "new DataView(new ArrayBuffer(2))",
  "[1.5,-2,NaN,Infinity]",
  "Array.from({length:120},(_, i)=>i)",
  "Array.from({length:30},(_, i)=>'item'+i)",
  "Array.from({length:7},(_, i)=>'x'.repeat(i*3))",
  "{a:'x'.repeat(90)}",
  "{long1:'aaaaaaaaaaaaaaaaaaaaaaaaa',long2:'bbbbbbbbbbbbbbbbbbbbbbbbbbbbb',long3:'cccccccccccccccc'}",
  "{a:1,b:'two',c:[1,2,{d:3}],e:new Map([['f',1]]),g:null,h:undefined}",
  "[{a:1,b:2},{a:3,b:4}]",
  "[[1,2,[3,4,[5,[6]]]],{a:{b:{c:{}}}}]",
  "{get a(){return 1}, set b(v){}, get c(){return 1}, set c(v){}}",
  "new String('abc')",
  "new Number(3)",
  "new Boolean(false)",
  "Object(1n)",
  "Object(Symbol('x'))",
  "(()=>{const a={n:1};a.self=a;return a})()",
  "(()=>{const a=[];a.push(a,{a});return a})()",
  "(()=>{const m=new Map();m.set('m',m);return m})()",
  "(()=>{const a={},b={a};a.b=b;return {a,b}})()",
  "{f(){}, g:()=>1, h:class{}}",
  "[undefined,null,'']",
  "{a:[]}",
  "{a:{}}",
  "[{}]",
  "[[]]",
  "[function(){}, Math.max]",
  "Object.assign([1,2],{k:3})",
  "globalThis.Math === undefined",
  "new WeakMap()",
  "new WeakSet()",
  "Promise",
  "new Proxy({a:1},{})",
  "{__proto__:{inherited:1},own:2}",
  "'a\\nb'",
  "{text:'line one is long enough\\nline two'}",
  "['short\\ntext']",
  "Object.freeze({a:1})",
  "new (class Q extends Array{})(3)",
  "new (class Q extends Map{})([[1,2]])",
  "{a:{b:1},c:{d:{e:1}}}",
  "[['a',1],['b',2]]",
  "{a:1n,b:Symbol.iterator}",
  "(function(){return arguments})(1,2)",
  "[['x'.repeat(40)],['y'.repeat(40)]]",
  "{level1:{level2:{level3:'deep',arr:[1,2,3]}},other:'v'}",
  "{name:'todo',items:[{id:1,text:'buy milk',done:false},{id:2,text:'write tests',done:true}],count:2}",
];

test("values are shown as Node shows them", () => {
  for (const code of kValues) {
    assert.equal(inspect(inIsolate(code)), nodeUtil.inspect(inNode(code)), code);
  }
});

test("options of inspect change the same things as in Node", () => {
  for (const options of [{ depth: 0 }, { depth: null }, { depth: 4 }, { compact: true },
         { compact: false }, { breakLength: 40 }, { breakLength: Infinity }, { colors: true },
         { sorted: true }, { maxArrayLength: 2 }, { maxStringLength: 5 }]) {
    for (const code of ["{b:{a:[1,2,3,4],z:{y:{x:1}}},a:'abcdefgh',c:new Map([[1,2]]),d:new Date(0),e:/x/,f(){},g:null,h:undefined,i:1n}", "[[[[[1]]]]]", "{a:1}"]) {
      assert.equal(inspect(inIsolate(code), options), nodeUtil.inspect(inNode(code), options),
        `${JSON.stringify(options)} ${code}`);
    }
  }
});

test("generated values are shown as Node shows them", () => {
  const random = createRandom();
  const scalars =
    ["1", "'ab'", "null", "true", "12.5", "'some longer text here'", "undefined", "-7", "''"];
  const build = (depth) => {
    if (depth === 0 || random.below(4) === 0) return random.pick(scalars);
    const count = random.below(9);
    const parts = Array.from({ length: count },
      (_, i) => [`${random.pick(["k", "key", "longName"])}${i}`, build(depth - 1)]);
    switch (random.below(5)) {
      case 0: case 1: return `[${parts.map(([, value]) => value).join(",")}]`;
      case 2: return `new Map([${parts.map(([name, value]) => `['${name}',${value}]`).join(",")}])`;
      default: return `{${parts.map(([name, value]) => `${name}:${value}`).join(",")}}`;
    }
  };
  for (let i = 0; i < 3000; i++) {
    const code = build(4);
    assert.equal(inspect(inIsolate(code)), nodeUtil.inspect(inNode(code)), `${code}, seed ${seed}`);
  }
});

test("format directives work as in Node", () => {
  const cases = [
    ["%s", "a"],
    ["%s", 1],
    ["%s", -0],
    ["%s", 5n],
    ["%s", null],
    ["%s"],
    ["%d", "12"],
    ["%d", "x"],
    ["%d", {}],
    ["%i", "12.7"],
    ["%f", "1.5x"],
    ["%j", { a: 1 }],
    ["%j"],
    ["%o", "x"],
    ["%O", { a: 1 }],
    ["%c styled", "css"],
    ["%%", 1],
    ["%x", 1],
    ["a", "b", 1, null, "c"],
    [1, 2, "x"],
    ["100%", 5],
    ["%s %s", "only"],
    ["%s", Symbol("q")],
    ["%d", 3n],
    [""],
    ["", "x"],
    ["%s", undefined],
    ["%s", [1, "a"]],
    ["%i", 3n],
    ["%d", true],
  ];
  for (const args of cases)
    assert.equal(format(...args), nodeUtil.format(...args), String(args[0]));
  assert.equal(
    format("%s", inIsolate("{a:{b:{c:1}}}")), nodeUtil.format("%s", { a: { b: { c: 1 } } }));
  assert.match(format("%s", inIsolate("new Error('boom')")), /^Error: boom\n    at /);
  assert.equal(format("%s", inIsolate("({toString(){return 'own'}})")), "own");
  assert.equal(format("%j", inIsolate("(()=>{const a={};a.a=a;return a})()")), "[Circular]");
});

test("errors are shown with their stack, properties and cause", () => {
  const shown = inspect(inIsolate("Object.assign(new TypeError('bad'), {code:'E', stack:'TypeError: bad\\n    at f (x.js:1:2)'})"));
  assert.equal(shown, "TypeError: bad\n    at f (x.js:1:2) {\n  code: 'E'\n}");
  // The engine's stacks do not repeat the message.
  const bare = inIsolate("Object.assign(new Error('bare'), {stack:'    at f (x.js:1:2)\\n'})");
  assert.equal(inspect(bare), "Error: bare\n    at f (x.js:1:2)");
  assert.equal(
    inspect(inIsolate("Object.assign(new Error('no stack'), {stack:''})")), "[Error: no stack]");
});

test("custom inspection is asked with depth and options", () => {
  const value = inIsolate("{[Symbol.for('nodejs.util.inspect.custom')](depth, options, inspect) { return `<${depth} ${typeof options.stylize} ${inspect(1)}>`; }}");
  assert.equal(inspect({ a: value }), "{ a: <1 function 1> }");
});

test("the console writes one log entry per call, with its level", () => {
  const { global, logged } = createIsolate();
  global.console.log("plain %d", "not a directive alone".length, { a: 1 });
  global.console.info("i");
  global.console.warn("w", [1]);
  global.console.error("e");
  global.console.debug("d");
  global.console.log();
  assert.deepEqual(logged(), [
    { level: "info", text: "plain 21 { a: 1 }" },
    { level: "info", text: "i" },
    { level: "warn", text: "w [ 1 ]" },
    { level: "error", text: "e" },
    { level: "debug", text: "d" },
    { level: "info", text: "" },
  ]);
});

test("groups, counters, assertions and timers of the console", () => {
  const { global, logged } = createIsolate();
  const { console } = global;
  console.group("G");
  console.log("a\nb");
  console.groupEnd();
  console.log("c");
  console.count();
  console.count();
  console.countReset();
  console.count("x");
  console.assert(true, "never");
  console.assert(false, "said %s", "so");
  console.time("t");
  console.timeEnd("t");
  const texts = logged().map((entry) => entry.text);
  assert.deepEqual(texts.slice(0, 7),
    ["G", "  a\n  b", "c", "default: 1", "default: 2", "x: 1", "Assertion failed: said so"]);
  assert.match(texts[7], /^t: \d+\.\d{3}ms$/);
});

test("console.table draws the columns of its rows", () => {
  const { global, logged } = createIsolate();
  global.console.table([{ a: 1, b: "x" }, { a: 2 }]);
  assert.equal(logged()[0].text, [
    "┌─────────┬───┬─────┐",
    "│ (index) │ a │ b   │",
    "├─────────┼───┼─────┤",
    "│ 0       │ 1 │ 'x' │",
    "│ 1       │ 2 │     │",
    "└─────────┴───┴─────┘",
  ].join("\n"));
});

test("a single text is printed without loading the formatter", () => {
  const fresh = createIsolate();
  fresh.global.console.log("text");
  assert.equal(fresh.isLoaded("isopod:web/inspect"), false);
  fresh.global.console.log({});
  assert.equal(fresh.isLoaded("isopod:web/inspect"), true);
});
