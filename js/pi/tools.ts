// SPDX-License-Identifier: MIT
/** Calls of the extension's tools: arguments in, a result that looks like pi's out. */
import { notify } from "isopod:core";
import { loadBuiltin } from "isopod:native";
import { createToolContext, type Request } from "./context";
import type { Extension } from "./extension";
import { strings } from "./strings";

/** As pi says it; a denial behind the error is named too, or nobody could tell what to grant. */
function messageOf(thrown: any): string {
  if (!(thrown instanceof Error)) return String(thrown);
  const cause: any = thrown.cause;
  if (cause?.status !== "denied" || thrown.message.includes(cause.message)) return thrown.message;
  return `${thrown.message}: ${cause.message}`;
}

export const errorResult = (message: string) => ({
  content: [{ type: "text", text: message }], details: {}, isError: true,
});

function find(extension: Extension, name: string): any {
  const tool = extension.tools.get(name);
  if (tool === undefined) throw new Error(strings.toolNotFound(name));
  return tool;
}

function prepare(tool: any, args: unknown): unknown {
  const prepared = tool.prepareArguments ? tool.prepareArguments(args) : args;
  return loadBuiltin("isopod:pi/schema").validateArguments(tool.name, tool.parameters, prepared);
}

/** The first half of a call, for a host that shows the arguments to others before running it. */
export function prepareCall(extension: Extension, name: string, args: unknown): any {
  const tool = find(extension, name);
  try {
    return { args: prepare(tool, args) };
  } catch (error) {
    return { error: messageOf(error) };
  }
}

export async function callTool(
  extension: Extension, payload: any, request: Request,
): Promise<unknown> {
  const tool = find(extension, payload.name);
  let isRunning = true;
  const onUpdate = (partial: unknown) => {
    if (!isRunning) return;
    notify("tool.progress", { callId: payload.callId, partial }, request.id);
  };
  try {
    const params = payload.prepared ? payload.args : prepare(tool, payload.args);
    const ctx = createToolContext(request, payload.callId);
    const result = await tool.execute(payload.callId, params, request.signal, onUpdate, ctx);
    return checkResult(result);
  } catch (error) {
    return errorResult(messageOf(error));
  } finally {
    isRunning = false;
  }
}

/** Results are not checked by a schema, but these mistakes are errors in pi. */
function checkResult(result: any): unknown {
  if (result === undefined || result === null) {
    throw new TypeError(strings.readingOf(result, "isError"));
  }
  const content = result.content;
  if (content !== undefined && content !== null && typeof content.some !== "function") {
    throw new TypeError(strings.contentNotArray);
  }
  return result;
}

