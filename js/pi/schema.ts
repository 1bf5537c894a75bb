// SPDX-License-Identifier: MIT
/**
 * Checks tool arguments against a JSON schema and coerces what models get wrong.
 *
 * Coercion is two passes over a copy. The first turns scalars into the type the schema names
 * ("5" into 5, 5 into "5", "x" into ["x"]). A constant is turned into only when the result equals
 * it, so a value can come out of the first pass with the wrong type; the second pass, stricter
 * about text, gives it the type the schema names, so that the failure speaks of the value.
 * `null` for an optional property counts as the property being absent. Defaults are not filled in.
 */
import { check, matches, type Failure, type Root } from "./schema_check";
import { strings } from "./strings";

export type { Failure } from "./schema_check";
export { check, matches } from "./schema_check";

type Schema = any;

const kNothing = Symbol("no conversion");
const kLargest = BigInt(Number.MAX_SAFE_INTEGER);
const hasOwn = Object.hasOwn;

const isObject = (value: unknown): value is Record<string, any> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

// ---- scalars, first pass: each returns the converted value or kNothing ----

function toText(value: unknown): unknown {
  switch (typeof value) {
    case "string": return value;
    case "number": return Number.isFinite(value) ? String(value) : kNothing;
    case "bigint": case "boolean": return String(value);
    default: return value === null ? "null" : kNothing;
  }
}

function toNumber(value: unknown): unknown {
  switch (typeof value) {
    case "number": return value;
    case "boolean": return value ? 1 : 0;
    case "bigint": return value <= kLargest && value >= -kLargest ? Number(value) : kNothing;
    case "string": {
      const number = Number(value);
      if (Number.isFinite(number)) return number;
      const word = value.toLowerCase();
      return word === "true" ? 1 : word === "false" ? 0 : kNothing;
    }
    default: return value === null ? 0 : kNothing;
  }
}

function toInteger(value: unknown): unknown {
  const number = toNumber(value);
  return typeof number === "number" ? Math.trunc(number) : number;
}

function toBigInt(value: unknown): unknown {
  switch (typeof value) {
    case "bigint": return value;
    case "boolean": return value ? 1n : 0n;
    case "number": return Number.isFinite(value) ? BigInt(Math.trunc(value)) : kNothing;
    case "string": {
      if (/^-?(0|[1-9]\d*)n?$/.test(value)) return BigInt(value.replace("n", ""));
      if (/^-?(0|[1-9]\d*)\.\d+$/.test(value)) return BigInt(value.slice(0, value.indexOf(".")));
      const word = value.toLowerCase();
      return word === "true" ? 1n : word === "false" ? 0n : kNothing;
    }
    default: return value === null ? 0n : kNothing;
  }
}

function toBoolean(value: unknown): unknown {
  if (typeof value === "boolean") return value;
  const word = typeof value === "string" ? value.toLowerCase() : value;
  if (word === "true" || word === "1" || word === 1 || word === 1n) return true;
  if (word === "false" || word === "0" || word === 0 || word === 0n || word === null) return false;
  return kNothing;
}

function isNothingLike(value: unknown): boolean {
  if (typeof value === "string") return /^(|0|null|undefined)$/i.test(value);
  return value === null || value === undefined || value === false || value === 0 || value === 0n;
}

function convertScalar(type: string, value: unknown): unknown {
  switch (type) {
    case "string": return toText(value);
    case "number": return toNumber(value);
    case "integer": return toInteger(value);
    case "bigint": return toBigInt(value);
    case "boolean": return toBoolean(value);
    case "null": return isNothingLike(value) ? null : kNothing;
    case "undefined": return isNothingLike(value) ? undefined : kNothing;
    default: return kNothing;
  }
}

/** The constant, when `value` can be read as it; otherwise `value`. */
function convertToConstant(constant: unknown, value: unknown): unknown {
  const type = constant === null ? "null" : typeof constant;
  return convertScalar(type, value) === constant ? constant : value;
}

// ---- scalars, second pass ----

function coerceScalar(type: string, value: unknown): unknown {
  switch (type) {
    case "number": case "integer":
      if (typeof value === "string" && value.trim() !== "") {
        const number = Number(value);
        const fits = type === "number" ? Number.isFinite(number) : Number.isInteger(number);
        return fits ? number : value;
      }
      return typeof value === "boolean" || value === null ? Number(value) : value;
    case "string":
      if (value === null) return "";
      return typeof value === "number" || typeof value === "boolean" ? String(value) : value;
    default: return value;
  }
}

// ---- both passes over a whole value ----

type ScalarRule = (schema: Schema, type: string, value: unknown) => unknown;

const firstPass: ScalarRule = (_schema, type, value) => {
  const converted = convertScalar(type, value);
  return converted === kNothing ? value : converted;
};
const secondPass: ScalarRule = (_schema, type, value) => coerceScalar(type, value);

class Pass {
  constructor(readonly root: Root, readonly rule: ScalarRule, readonly isFirst: boolean) {}

  apply(schema: Schema, value: unknown): unknown {
    schema = this.root.resolve(schema);
    if (!isObject(schema)) return value;
    for (const part of Array.isArray(schema.allOf) ? schema.allOf : []) {
      value = this.apply(part, value);
    }
    const branches = schema.anyOf ?? schema.oneOf;
    if (Array.isArray(branches)) return this.applyBranches(branches, value);
    if (this.isFirst && hasOwn(schema, "const")) return convertToConstant(schema.const, value);
    if (Array.isArray(schema.type)) {
      return this.applyBranches(schema.type.map((type: string) => ({ ...schema, type })), value);
    }
    if (this.isFirst && schema.type === undefined && Array.isArray(schema.enum)) {
      return this.applyBranches(schema.enum.map((item: unknown) => ({ const: item })), value);
    }
    return this.applyType(schema, value);
  }

  /** The first branch that already holds, else the first that holds after conversion. */
  applyBranches(branches: Schema[], value: unknown): unknown {
    if (branches.some((branch) => matches(this.root, branch, value))) return value;
    for (const branch of branches) {
      const converted = this.apply(branch, copyOf(value));
      if (matches(this.root, branch, converted)) return converted;
    }
    return value;
  }

  applyType(schema: Schema, value: unknown): unknown {
    const type = schema.type ?? impliedType(schema, value);
    if (type === "array") return this.applyArray(schema, value);
    if (type === "object") return isObject(value) ? this.applyObject(schema, value) : value;
    if (type === undefined) return value;
    return this.rule(schema, type, value);
  }

  applyArray(schema: Schema, value: unknown): unknown {
    if (!Array.isArray(value) && !this.isFirst) return value;
    const items = Array.isArray(value) ? value : [value];
    const leading = Array.isArray(schema.items) ? schema.items : schema.prefixItems ?? [];
    const rest = Array.isArray(schema.items) ? schema.additionalItems : schema.items;
    for (let i = 0; i < items.length; i++) {
      const itemSchema = i < leading.length ? leading[i] : rest;
      if (itemSchema !== undefined) items[i] = this.apply(itemSchema, items[i]);
    }
    return items;
  }

  applyObject(schema: Schema, value: Record<string, any>): unknown {
    const properties = isObject(schema.properties) ? schema.properties : {};
    const required = Array.isArray(schema.required) ? schema.required : [];
    const patterns = Object.entries(schema.patternProperties ?? {});
    for (const name of Object.keys(value)) {
      if (hasOwn(properties, name)) {
        const subschema = properties[name];
        const isAbsence = value[name] === null && !required.includes(name) &&
          !matches(this.root, subschema, null);
        if (isAbsence) delete value[name];
        else setOwn(value, name, this.apply(subschema, value[name]));
        continue;
      }
      const found = patterns.find(([pattern]) => new RegExp(pattern, "u").test(name));
      const subschema = found === undefined ? schema.additionalProperties : found[1];
      if (isObject(subschema)) setOwn(value, name, this.apply(subschema, value[name]));
    }
    return value;
  }
}

/** Assigns also when the name is `__proto__`. */
function setOwn(target: Record<string, any>, name: string, value: unknown): void {
  Object.defineProperty(target, name, {
    value, writable: true, configurable: true, enumerable: true,
  });
}

/** The type of a schema that names none but has keywords for one. */
function impliedType(schema: Schema, value: unknown): string | undefined {
  if (isObject(value) && (schema.properties || schema.patternProperties)) return "object";
  if (Array.isArray(value) && (schema.items || schema.prefixItems)) return "array";
  return undefined;
}

function copyOf(value: any): any {
  if (Array.isArray(value)) return value.map(copyOf);
  if (!isObject(value)) return value;
  const copy = {};
  for (const name of Object.keys(value)) setOwn(copy, name, copyOf(value[name]));
  return copy;
}

/** A coerced copy of `value`. It may still not match the schema. */
export function coerce(root: Root, value: unknown): unknown {
  const first = new Pass(root, firstPass, true).apply(root.schema, copyOf(value));
  if (matches(root, root.schema, first)) return first;
  return new Pass(root, secondPass, false).apply(root.schema, first);
}

/** The coerced arguments of a tool call. Throws an error that lists everything that is wrong. */
export function validateArguments(tool: string, schema: Schema, args: unknown): unknown {
  const root = rootOf(schema);
  const value = coerce(root, args);
  const found: Failure[] = check(root, schema, value);
  if (found.length === 0) return value;
  const lines = found.map(({ path, message }) => `  - ${path || "root"}: ${message}`);
  throw new Error(
    strings.validationFailed(tool, lines.join("\n"), JSON.stringify(args, null, 2)),
  );
}

/** The schema as the base of its local references. */
export function rootOf(schema: Schema): Root {
  const resolve = (part: Schema, depth = 0): Schema => {
    if (!isObject(part) || typeof part.$ref !== "string" || depth > 32) return part;
    let target: any = part.$ref.startsWith("#") ? schema : schema.$defs?.[part.$ref];
    for (const step of part.$ref.startsWith("#") ? part.$ref.split("/").slice(1) : []) {
      const name = decodeURIComponent(step).replace(/~1/g, "/").replace(/~0/g, "~");
      target = isObject(target) || Array.isArray(target) ? (target as any)[name] : undefined;
    }
    return target === undefined ? part : resolve(target, depth + 1);
  };
  return { schema, resolve };
}
