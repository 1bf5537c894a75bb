// SPDX-License-Identifier: MIT
/**
 * Texts that are part of the interface: models, people and tests see pi say exactly these, so the
 * same situation must say the same here. Each is a recorded fact about pi 1.5.2, kept in one place.
 */
export const strings = {
  noFactory: (path: string) => `Extension does not export a valid factory function: ${path}`,
  notInitialized:
    "Extension runtime not initialized. Action methods cannot be called during extension loading.",
  failedToLoad: (path: string) =>
    `Extension "${path}" failed to load and its API is no longer active.`,
  stale:
    "This extension ctx is stale after session replacement or reload. Do not use a captured pi or " +
    "command ctx after ctx.newSession(), ctx.fork(), ctx.switchSession(), or ctx.reload(). For " +
    "newSession, fork, and switchSession, move post-replacement work into withSession and use the " +
    "ctx passed to withSession. For reload, do not use the old ctx after await ctx.reload().",
  classFactory: (name: string) => `Class constructor ${name} cannot be invoked without 'new'`,

  commandName: (path: string) =>
    `Command registered by extension "${path}" must have a non-empty string name. ` +
    `Use pi.registerCommand("name", { description, handler }).`,
  commandHandler: (name: string, path: string) =>
    `Command "/${name}" registered by extension "${path}" must define handler().`,
  toolParameters: (name: string, path: string) =>
    `Tool "${name}" registered by extension "${path}" must define an object parameter schema.`,
  flagDefault: (name: string, expected: string, got: string) =>
    `Invalid default for flag "${name}": expected ${expected}, got ${got}`,

  toolNotFound: (name: string) => `Tool ${name} not found`,
  readingOf: (value: undefined | null, member: string) =>
    `Cannot read properties of ${value} (reading '${member}')`,
  contentNotArray: "content.some is not a function",
  validationFailed: (tool: string, failures: string, received: string) =>
    `Validation failed for tool "${tool}":\n${failures}\n\nReceived arguments:\n${received}`,

  userBashResult:
    "Invalid user_bash handler result: return undefined for local execution or exactly one valid " +
    "{ operations } or { result } object",

  maxBuffer: "maxBuffer must be an integer between 0 and 536870888 bytes",
  noUi: "UI not available",
  noThemeSwitch: "Theme switching not supported in RPC mode",
};

/** What a schema check says about one value. */
export const failures = {
  missing: "missing",
  type: (expected: string, got: string) => `expected ${expected}, got ${got}`,
  oneOf: (values: string) => `expected one of [${values}]`,
  constant: (value: string) => `expected ${value}`,
  minimum: (bound: number) => `expected >= ${bound}`,
  maximum: (bound: number) => `expected <= ${bound}`,
  exclusiveMinimum: (bound: number) => `expected > ${bound}`,
  exclusiveMaximum: (bound: number) => `expected < ${bound}`,
  multipleOf: (step: number) => `expected a multiple of ${step}`,
  minLength: (length: number) => `expected at least ${length} characters`,
  maxLength: (length: number) => `expected at most ${length} characters`,
  pattern: (pattern: string) => `expected to match ${pattern}`,
  format: (format: string) => `expected format ${format}`,
  minItems: (count: number) => `expected at least ${count} items`,
  maxItems: (count: number) => `expected at most ${count} items`,
  uniqueItems: "expected unique items",
  minProperties: (count: number) => `expected at least ${count} properties`,
  maxProperties: (count: number) => `expected at most ${count} properties`,
  unknownField: "unknown field",
  not: "must not match the schema in not",
};
