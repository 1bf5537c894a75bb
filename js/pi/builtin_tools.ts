// SPDX-License-Identifier: MIT
/**
 * pi's built-in tools as extensions create them: names, texts, schemas. What a tool does is in
 * `isopod:pi/builtin_run`, how it looks in `isopod:pi/builtin_render`; each loads at first use.
 */
import { outputSchemaOf, parametersOf } from "./builtin_schemas";
import { loadBuiltin } from "./platform";
import { toolTexts } from "./recorded_strings";

const kConstrained = new Set(["read", "bash", "powershell", "edit", "write"]);
const kShells = new Set(["bash", "powershell"]);

function run(name: string, cwd: string, options: any) {
  let execute: Function | undefined;
  return async (...call: any[]) => {
    execute ??= loadBuiltin("isopod:pi/builtin_run").createExecute(name, cwd, options ?? {});
    return execute!(...call);
  };
}

const render = (name: string, which: "renderCall" | "renderResult") => (...args: any[]) =>
  loadBuiltin("isopod:pi/builtin_render")[which](name, ...args);

/** The definition an extension registers; absent members are absent, as in pi. */
export function createDefinition(name: string, cwd: string, options?: any): any {
  const { description, snippet, guidelines } = toolTexts[name];
  const outputSchema = outputSchemaOf(name);
  return {
    name,
    label: name,
    description,
    promptSnippet: snippet,
    ...(guidelines && { promptGuidelines: [...guidelines] }),
    parameters: parametersOf(name),
    ...(outputSchema && { outputSchema }),
    ...(kConstrained.has(name) && {
      constrainedSampling: { type: "json_schema", strict: "prefer" },
    }),
    ...(name === "edit" && { renderShell: "self", prepareArguments: prepareEdit }),
    execute: run(name, cwd, options),
    renderCall: render(name, "renderCall"),
    renderResult: render(name, "renderResult"),
  };
}

/** The tool an agent runs: without its looks, and with all of an agent tool's members. */
export function createTool(name: string, cwd: string, options?: any): any {
  const definition = createDefinition(name, cwd, options);
  const tool: any = {
    name, label: name, description: definition.description, parameters: definition.parameters,
    outputSchema: definition.outputSchema, constrainedSampling: definition.constrainedSampling,
    prepareArguments: definition.prepareArguments, executionMode: undefined,
    execute: (toolCallId: string, params: any, signal?: AbortSignal, onUpdate?: Function) =>
      definition.execute(toolCallId, params, signal, onUpdate, undefined),
  };
  if (kShells.has(name)) {
    tool.promptSnippet = definition.promptSnippet;
    tool.promptGuidelines = definition.promptGuidelines;
  }
  return tool;
}

const toolsNamed = (names: string[]) => (cwd: string, options: any = {}) =>
  names.map((name) => createTool(name, cwd, options?.[name]));

export const createCodingTools = toolsNamed(["read", "bash", "edit", "write"]);
export const createReadOnlyTools = toolsNamed(["read", "grep", "find", "ls"]);

const isRecord = (value: unknown): value is Record<string, any> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function editsOf(value: unknown): unknown {
  if (typeof value === "string") {
    try {
      const parsed: unknown = JSON.parse(value);
      if (typeof parsed === "object" && parsed !== null) value = parsed;
    } catch {
      return value;
    }
  }
  return isRecord(value) && typeof value.oldText === "string" ? [value] : value;
}

/** Models write `edits` as text, as one edit, or its members beside `path`; all are understood. */
function prepareEdit(args: unknown): unknown {
  if (!isRecord(args)) return args;
  const { oldText, newText, ...prepared } = args;
  if ("edits" in prepared) prepared.edits = editsOf(prepared.edits);
  if (typeof oldText !== "string" || typeof newText !== "string") {
    if ("oldText" in args) prepared.oldText = oldText;
    if ("newText" in args) prepared.newText = newText;
    return prepared;
  }
  const edits = Array.isArray(prepared.edits) ? prepared.edits : [];
  prepared.edits = [...edits, { oldText, newText }];
  return prepared;
}
