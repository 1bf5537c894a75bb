// SPDX-License-Identifier: MIT
import assert from "node:assert/strict";
import * as fs from "node:fs";
import { test } from "node:test";
import { createIsolate } from "../testing/support.mjs";

const { loadBuiltin } = createIsolate();
const { validateArguments } = loadBuiltin("isopod:pi/schema");
const { Type } = loadBuiltin("typebox");
const { cases } =
  JSON.parse(fs.readFileSync(new URL("../testing/coercion.json", import.meta.url), "utf8"));

const withBigInts = (_key, value) => (typeof value === "bigint" ? `${value}n` : value);

/** Coerced arguments as JSON, or the list of failures. */
function outcome(schema, args) {
  try {
    return JSON.stringify(validateArguments("t", schema, args), withBigInts);
  } catch (error) {
    const [, list] =
      /^Validation failed for tool "t":\n([^]*)\n\nReceived arguments:\n/.exec(error.message);
    return list.split("\n").map((line) => line.replace(/^ {2}- /, ""));
  }
}

for (const { name, schema, rows } of cases) {
  test(`arguments under "${name}" become what they become in pi`, () => {
    for (const [args, expected] of rows) {
      const wanted = Array.isArray(expected) ? expected : JSON.stringify(expected);
      assert.deepEqual(outcome(schema, args), wanted, JSON.stringify(args));
    }
  });
}

const object = (v, more = {}) => ({ type: "object", properties: { v }, required: ["v"], ...more });

test("the given arguments are never changed", () => {
  const args = { v: ["1"], extra: { deep: "2" } };
  const before = JSON.stringify(args);
  const result = validateArguments("t", object({ type: "array", items: { type: "number" } }), args);
  assert.equal(JSON.stringify(result), '{"v":[1],"extra":{"deep":"2"}}');
  assert.equal(JSON.stringify(args), before);
  result.extra.deep = "changed";
  assert.equal(JSON.stringify(args), before);
});

test("bounds, lengths, counts and combinations are checked", () => {
  const cases = [
    [{ type: "number", exclusiveMinimum: 1 }, 1, ["v: expected > 1"]],
    [{ type: "number", exclusiveMaximum: 1 }, 1, ["v: expected < 1"]],
    [{ type: "number", multipleOf: 0.1 }, 0.3, '{"v":0.3}'],
    [{ type: "number", multipleOf: 2 }, 3, ["v: expected a multiple of 2"]],
    [{ type: "string", maxLength: 1 }, "😀", '{"v":"😀"}'],
    [{ type: "string", maxLength: 1 }, "ab", ["v: expected at most 1 characters"]],
    [{ type: "array", minItems: 1 }, [], ["v: expected at least 1 items"]],
    [{ type: "array", maxItems: 1 }, [1, 2], ["v: expected at most 1 items"]],
    [{ type: "array", uniqueItems: true }, [{ a: 1 }, { a: 1 }], ["v: expected unique items"]],
    [{ type: "object", minProperties: 1 }, {}, ["v: expected at least 1 properties"]],
    [{ type: ["string", "number"] }, [], ["v: expected string or number, got array"]],
    [{ enum: [1, "x", null] }, "1", '{"v":1}'],
    [{ not: { type: "string" } }, "x", ["v: must not match the schema in not"]],
    [{ allOf: [{ type: "number" }, { minimum: 2 }] }, "1", ["v: expected >= 2"]],
    [
      {
        if: { type: "string" }, then: { minLength: 2 }
      },
      "x", ["v: expected at least 2 characters"]
    ],
    [
      { type: "array", prefixItems: [{ type: "number" }, { type: "string" }] }, ["1", 2],
      '{"v":[1,"2"]}'
    ],
    [{ type: "object", additionalProperties: { type: "number" } }, { a: "1" }, '{"v":{"a":1}}'],
    [
      {
        type: "object",
        patternProperties: { "^n": { type: "number" } },
        additionalProperties: false
      },
      { n1: "1", x: 2 }, ["v.x: unknown field"]
    ],
    [{ $ref: "#/$defs/number" }, "4", '{"v":4}'],
    [{ type: "string", format: "uuid" }, "x", ["v: expected format uuid"]],
    [{ type: "string", format: "date" }, "2024-02-30", ["v: expected format date"]],
    [{ type: "string", format: "something-else" }, "x", '{"v":"x"}'],
  ];
  for (const [schema, value, expected] of cases) {
    const root = object(schema, { $defs: { number: { type: "number" } } });
    assert.deepEqual(outcome(root, { v: value }), expected, JSON.stringify([schema, value]));
  }
});

test(
  "every failure is listed: first what is missing, then properties in order, then unknown fields",
  () => {
    const schema = {
      type: "object",
      required: ["b", "a"],
      additionalProperties: false,
      properties: {
        a: { type: "number" },
        b: { type: "string" },
        c: { type: "object", properties: { d: { type: "boolean" } } }
      }
    };
    assert.deepEqual(outcome(schema, { a: "x", c: { d: "maybe" }, e: 1 }), [
      "b: missing", "a: expected number, got string", "c.d: expected boolean, got string",
      "e: unknown field"
    ]);
  });

test("a null that an optional property accepts is kept", () => {
  const schema = {
    type: "object",
    properties: { v: { anyOf: [{ type: "string" }, { type: "null" }] } }
  };
  assert.equal(outcome(schema, { v: null }), '{"v":null}');
});

test("a property named __proto__ is data like any other", () => {
  const args = JSON.parse('{"v":"1","__proto__":{"polluted":true}}');
  const result = validateArguments("t", object({ type: "number" }), args);
  assert.deepEqual(Object.keys(result), ["v", "__proto__"]);
  assert.equal(result.polluted, undefined);
});

test("schemas built with TypeBox behave like the JSON they print", () => {
  const schema = Type.Object({
    n: Type.Number(),
    u: Type.Union([Type.Literal("a"), Type.Literal("b")]),
    o: Type.Optional(Type.Integer()),
    r: Type.Record(Type.String(), Type.Number())
  });
  const json = JSON.parse(JSON.stringify(schema));
  for (const args of [{ n: "1", u: "a", o: null, r: { x: "2" } }, { n: "x", u: "c", r: 1 }, {}]) {
    assert.deepEqual(outcome(schema, args), outcome(json, args));
  }
});

test("deep arguments do not overflow where shallow schemas say nothing about them", () => {
  let deep = {};
  for (let i = 0; i < 500; i++) deep = { deep };
  assert.equal(
    JSON.stringify(validateArguments("t", { type: "object" }, deep)), JSON.stringify(deep));
});
