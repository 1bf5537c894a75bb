// SPDX-License-Identifier: MIT
/** Does a value match a JSON schema, and if not, where and why not. */
import { holdsFormat } from "./formats";
import { failures } from "./strings";

type Schema = any;

export interface Root {
  schema: Schema;
  /** Follows a local `$ref`; any other schema is returned as it is. */
  resolve(schema: Schema): Schema;
}

export interface Failure {
  /** Property names and indexes from the root, joined by dots; empty at the root. */
  path: string;
  message: string;
}

const hasOwn = Object.hasOwn;
const isObject = (value: unknown): value is Record<string, any> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Equality of JSON values. */
export function isEqual(a: any, b: any): boolean {
  if (a === b) return true;
  if (Array.isArray(a) || Array.isArray(b)) {
    return Array.isArray(a) && Array.isArray(b) && a.length === b.length &&
      a.every((item, i) => isEqual(item, b[i]));
  }
  if (!isObject(a) || !isObject(b)) return false;
  const names = Object.keys(a);
  return names.length === Object.keys(b).length &&
    names.every((name) => hasOwn(b, name) && isEqual(a[name], b[name]));
}

function typeOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  if (typeof value === "number") return Number.isInteger(value) ? "integer" : "number";
  return typeof value;
}

function isOfType(type: string, value: unknown): boolean {
  const actual = typeOf(value);
  if (type === "number")
    return actual === "integer" || (actual === "number" && isFinite(value as number));
  return actual === type;
}

const join = (path: string, step: string|number) =>
  (path === "" ? String(step) : `${path}.${step}`);
const show = (value: unknown) =>
  (typeof value === "bigint" ? String(value) : JSON.stringify(value));

class Checker {
  readonly found: Failure[] = [];

  constructor(readonly root: Root) {}

  add(path: string, message: string): void {
    this.found.push({ path, message });
  }

  walk(schema: Schema, value: unknown, path: string): void {
    schema = this.root.resolve(schema);
    if (schema === false) return this.add(path, failures.unknownField);
    if (!isObject(schema)) return;
    const types = schema.type === undefined ? [] : [schema.type].flat();
    if (types.length > 0 && !types.some((type) => isOfType(type, value))) {
      return this.add(path, failures.type(types.join(" or "), typeOf(value)));
    }
    this.checkValues(schema, value, path);
    if (typeof value === "string") this.checkText(schema, value, path);
    if (typeof value === "number") this.checkNumber(schema, value, path);
    if (Array.isArray(value)) this.checkArray(schema, value, path);
    if (isObject(value)) this.checkObject(schema, value, path);
    this.checkCombinations(schema, value, path);
  }

  checkValues(schema: Schema, value: unknown, path: string): void {
    if (Array.isArray(schema.enum) && !schema.enum.some((item: unknown) => isEqual(item, value))) {
      this.add(path, failures.oneOf(schema.enum.map(show).join(",")));
    }
    if (hasOwn(schema, "const") && !isEqual(schema.const, value)) {
      this.add(path, failures.constant(show(schema.const)));
    }
  }

  checkText(schema: Schema, value: string, path: string): void {
    const length = schema.minLength === undefined && schema.maxLength === undefined
      ? 0 : Array.from(value).length;
    if (length < schema.minLength) this.add(path, failures.minLength(schema.minLength));
    if (length > schema.maxLength) this.add(path, failures.maxLength(schema.maxLength));
    if (typeof schema.pattern === "string" && !new RegExp(schema.pattern, "u").test(value)) {
      this.add(path, failures.pattern(schema.pattern));
    }
    if (typeof schema.format === "string" && !holdsFormat(schema.format, value)) {
      this.add(path, failures.format(schema.format));
    }
  }

  checkNumber(schema: Schema, value: number, path: string): void {
    if (value < schema.minimum) this.add(path, failures.minimum(schema.minimum));
    if (value > schema.maximum) this.add(path, failures.maximum(schema.maximum));
    if (value <= schema.exclusiveMinimum) {
      this.add(path, failures.exclusiveMinimum(schema.exclusiveMinimum));
    }
    if (value >= schema.exclusiveMaximum) {
      this.add(path, failures.exclusiveMaximum(schema.exclusiveMaximum));
    }
    if (schema.multipleOf > 0) {
      const quotient = value / schema.multipleOf;
      const isMultiple = Math.abs(quotient - Math.round(quotient)) <= 1e-9 * Math.abs(quotient);
      if (!isMultiple) this.add(path, failures.multipleOf(schema.multipleOf));
    }
  }

  checkArray(schema: Schema, value: unknown[], path: string): void {
    const leading = Array.isArray(schema.items) ? schema.items : schema.prefixItems ?? [];
    const rest = Array.isArray(schema.items) ? schema.additionalItems : schema.items;
    value.forEach((item, i) => {
      const itemSchema = i < leading.length ? leading[i] : rest;
      if (itemSchema !== undefined) this.walk(itemSchema, item, join(path, i));
    });
    if (value.length < schema.minItems) this.add(path, failures.minItems(schema.minItems));
    if (value.length > schema.maxItems) this.add(path, failures.maxItems(schema.maxItems));
    if (schema.uniqueItems === true &&
        value.some((item, i) => value.slice(i + 1).some((other) => isEqual(item, other)))) {
      this.add(path, failures.uniqueItems);
    }
  }

  checkObject(schema: Schema, value: Record<string, any>, path: string): void {
    const properties = isObject(schema.properties) ? schema.properties : {};
    for (const name of Array.isArray(schema.required) ? schema.required : []) {
      if (hasOwn(value, name) && value[name] !== undefined) continue;
      const allowsAbsence = hasOwn(properties, name) &&
        matches(this.root, properties[name], undefined);
      if (!allowsAbsence || this.isAny(properties[name])) {
        this.add(join(path, name), failures.missing);
      }
    }
    for (const name of Object.keys(properties)) {
      if (hasOwn(value, name) && value[name] !== undefined) {
        this.walk(properties[name], value[name], join(path, name));
      }
    }
    this.checkOtherProperties(schema, properties, value, path);
    const count = Object.keys(value).length;
    if (count < schema.minProperties) this.add(path, failures.minProperties(schema.minProperties));
    if (count > schema.maxProperties) this.add(path, failures.maxProperties(schema.maxProperties));
  }

  /** Whether a schema says nothing about the value. Such a property is required all the same. */
  isAny(schema: Schema): boolean {
    schema = this.root.resolve(schema);
    return isObject(schema) && schema.type === undefined;
  }

  checkOtherProperties(
    schema: Schema, properties: object, value: Record<string, any>, path: string,
  ): void {
    const patterns = Object.entries(schema.patternProperties ?? {})
      .map(([pattern, subschema]) => ({ expression: new RegExp(pattern, "u"), subschema }));
    for (const name of Object.keys(value)) {
      let isKnown = hasOwn(properties, name);
      for (const { expression, subschema } of patterns) {
        if (!expression.test(name)) continue;
        isKnown = true;
        this.walk(subschema, value[name], join(path, name));
      }
      if (isKnown || schema.additionalProperties === undefined) continue;
      this.walk(schema.additionalProperties, value[name], join(path, name));
    }
  }

  checkCombinations(schema: Schema, value: unknown, path: string): void {
    for (const part of Array.isArray(schema.allOf) ? schema.allOf : []) {
      this.walk(part, value, path);
    }
    for (const branches of [schema.anyOf, schema.oneOf]) {
      if (!Array.isArray(branches) || branches.length === 0) continue;
      // Models repair a call best from one concrete complaint, so only the first branch reports.
      if (!branches.some((branch) => matches(this.root, branch, value))) {
        this.walk(branches[0], value, path);
      }
    }
    if (schema.not !== undefined && matches(this.root, schema.not, value)) {
      this.add(path, failures.not);
    }
    if (schema.if !== undefined) {
      const branch = matches(this.root, schema.if, value) ? schema.then : schema.else;
      if (branch !== undefined) this.walk(branch, value, path);
    }
  }
}

/** Everything that is wrong with the value, in the order of the schema. */
export function check(root: Root, schema: Schema, value: unknown): Failure[] {
  const checker = new Checker(root);
  checker.walk(schema, value, "");
  return checker.found;
}

export function matches(root: Root, schema: Schema, value: unknown): boolean {
  return check(root, schema, value).length === 0;
}
