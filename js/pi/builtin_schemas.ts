// SPDX-License-Identifier: MIT
/**
 * Parameter schemas of the built-in tools. They carry TypeBox's marks, as pi's do, but are made
 * without TypeBox, which would be most of the cost of creating a tool.
 */
import { parameterTexts as text } from "./recorded_strings";

type Schema = Record<string, any>;

function mark(schema: Schema, name: string, value: unknown): Schema {
  return Object.defineProperty(schema, name, { value, configurable: true, writable: true });
}

const scalar = (type: string, kind: string) => (description?: string): Schema =>
  mark(description === undefined ? { type } : { type, description }, "~kind", kind);
const string = scalar("string", "String");
const number = scalar("number", "Number");
const boolean = scalar("boolean", "Boolean");
const optional = (schema: Schema) => mark(schema, "~optional", true);
const array = (items: Schema, description: string) =>
  mark({ type: "array", items, description }, "~kind", "Array");

function object(properties: Record<string, Schema>): Schema {
  const required = Object.keys(properties).filter((name) => !("~optional" in properties[name]));
  const schema = required.length === 0
    ? { type: "object", properties }
    : { type: "object", required, properties };
  return mark(schema, "~kind", "Object");
}

const shell = () => object({
  command: string(text.command), timeout: optional(number(text.timeout)),
});

const kParameters: Record<string, () => Schema> = {
  read: () => object({
    path: string(text.readPath), offset: optional(number(text.readOffset)),
    limit: optional(number(text.readLimit)),
  }),
  bash: shell,
  powershell: shell,
  edit: () => object({
    path: string(text.editPath),
    edits: array(object({ oldText: string(text.oldText), newText: string(text.newText) }),
      text.edits),
  }),
  write: () => object({ path: string(text.writePath), content: string(text.writeContent) }),
  grep: () => object({
    pattern: string(text.grepPattern), path: optional(string(text.grepPath)),
    glob: optional(string(text.grepGlob)), ignoreCase: optional(boolean(text.grepIgnoreCase)),
    literal: optional(boolean(text.grepLiteral)), context: optional(number(text.grepContext)),
    limit: optional(number(text.grepLimit)),
  }),
  find: () => object({
    pattern: string(text.findPattern), path: optional(string(text.findPath)),
    limit: optional(number(text.findLimit)),
  }),
  ls: () => object({
    path: optional(string(text.lsPath)), limit: optional(number(text.lsLimit)),
  }),
};

function readOutput(): Schema {
  const type = mark({ type: "string", const: "image" }, "~kind", "Literal");
  const image = object({ type, data: string(), mimeType: string(), note: string() });
  return mark({ anyOf: [string(), image] }, "~kind", "Union");
}

const shellOutput = () => object({
  output: string(text.output), truncated: boolean(),
  full_output_path: optional(string(text.fullOutputPath)), exit_code: number(),
  wall_time_seconds: number(),
});

const kOutputs: Record<string, () => Schema> = {
  read: readOutput, bash: shellOutput, powershell: shellOutput,
};

export const parametersOf = (name: string): Schema => kParameters[name]();
export const outputSchemaOf = (name: string): Schema | undefined => kOutputs[name]?.();
