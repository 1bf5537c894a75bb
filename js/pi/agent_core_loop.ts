// SPDX-License-Identifier: MIT
/** The loop of an agent over a given stream function: ask the model, run its tool calls, repeat. */
import { EventStream, createInitialSystemMessage, streamSimple } from "@earendil-works/pi-ai";
import { validateArguments } from "isopod:pi/schema";
import { messageTexts } from "./recorded_strings";
import { strings } from "./strings";

type Emit = (event: any) => unknown;
type StreamFunction = (model: any, context: any, options: any) => any;

/** What one run works on; `messages` of the context grow as it goes. */
interface Run {
  context: any;
  config: any;
  emit: Emit;
  signal: AbortSignal | undefined;
  streamFunction: StreamFunction;
  /** What the run added. */
  added: any[];
}

let defaultStreamFunction: StreamFunction = streamSimple;

export function setDefaultStreamFn(streamFunction: StreamFunction): void {
  defaultStreamFunction = streamFunction;
}

async function add(run: Run, message: any): Promise<void> {
  run.context.messages.push(message);
  run.added.push(message);
  await run.emit({ type: "message_start", message });
  await run.emit({ type: "message_end", message });
}

/** The transcript for the model; prompt and tools are its first message when none is there. */
async function contextOf({ context, config, signal }: Run): Promise<any> {
  let messages = [...context.messages];
  if (config.transformContext) messages = await config.transformContext(messages, signal);
  messages = config.convertToLlm ? await config.convertToLlm(messages) : messages;
  const hasSystem = messages.some(({ role }) => role === "system");
  const initial =
    hasSystem ? undefined : createInitialSystemMessage(context.systemPrompt, context.tools);
  return { messages: initial === undefined ? messages : [initial, ...messages] };
}

async function ask(run: Run): Promise<any> {
  const { config, signal, emit, context } = run;
  const request = await contextOf(run);
  const apiKey = await config.getApiKey?.(config.model.provider) ?? config.apiKey;
  const stream = await run.streamFunction(config.model, request, { ...config, apiKey, signal });
  let isStarted = false;
  for await (const event of stream) {
    if (event.type === "start") {
      isStarted = true;
      await emit({ type: "message_start", message: { ...event.partial } });
    } else if (isStarted && event.type !== "done" && event.type !== "error") {
      const message = { ...event.partial };
      await emit({ type: "message_update", assistantMessageEvent: event, message });
    }
  }
  const message = await stream.result();
  message.thinkingLevel = config.reasoning ?? "off";
  context.messages.push(message);
  run.added.push(message);
  if (!isStarted) await emit({ type: "message_start", message: { ...message } });
  await emit({ type: "message_end", message });
  return message;
}

const textResult = (text: string) => ({ content: [{ type: "text", text }], details: {} });
const messageOf = (thrown: any): string =>
  typeof thrown?.message === "string" ? thrown.message : String(thrown);

interface Call {
  toolCall: any;
  tool: any;
  args: any;
  result?: any;
  isError: boolean;
  durationMs?: number;
}

const findTool = (run: Run, name: string) =>
  (run.context.tools ?? []).find((tool: any) => tool.name === name);

/** Checks a call before any runs; one that cannot run has its result already. */
async function prepare(run: Run, assistantMessage: any, toolCall: any): Promise<Call> {
  const tool = findTool(run, toolCall.name);
  const call: Call = { toolCall, tool, args: toolCall.arguments, isError: false };
  const fail = (text: string) => Object.assign(call, { result: textResult(text), isError: true });
  if (tool === undefined) return fail(strings.toolNotFound(toolCall.name));
  try {
    const prepared = tool.prepareArguments?.(toolCall.arguments) ?? toolCall.arguments;
    call.args = validateArguments(tool.name, tool.parameters, prepared);
    const answer = await run.config.beforeToolCall?.(
      { assistantMessage, toolCall, args: call.args, context: run.context }, run.signal);
    return answer?.block ? fail(answer.reason ?? messageTexts.blocked) : call;
  } catch (error) {
    return fail(messageOf(error));
  }
}

async function execute(run: Run, call: Call): Promise<void> {
  const { toolCall: { id: toolCallId, name: toolName, arguments: args } } = call;
  let isRunning = true;
  const start = Date.now();
  const onUpdate = (partialResult: any) => {
    if (!isRunning) return;
    void run.emit({ type: "tool_execution_update", toolCallId, toolName, args, partialResult });
  };
  try {
    call.result = await call.tool.execute(toolCallId, call.args, run.signal, onUpdate);
    call.isError = Boolean(call.result.isError);
  } catch (error) {
    call.result = textResult(messageOf(error));
    call.isError = true;
  }
  isRunning = false;
  call.durationMs = Date.now() - start;
}

async function afterwards(run: Run, assistantMessage: any, call: Call): Promise<void> {
  const { toolCall, args, result, isError } = call;
  try {
    const patch = await run.config.afterToolCall?.(
      { assistantMessage, toolCall, args, result, isError, context: run.context }, run.signal);
    if (!patch) return;
    const { isError: patchedError, ...members } = patch;
    call.result = { ...result, ...members };
    call.isError = patchedError ?? isError;
  } catch (error) {
    call.result = textResult(messageOf(error));
    call.isError = true;
  }
}

const endOf = ({ toolCall, result, isError, durationMs }: Call) => ({
  type: "tool_execution_end", toolCallId: toolCall.id, toolName: toolCall.name, result, isError,
  ...(durationMs !== undefined && { durationMs }),
});

const resultMessage = ({ toolCall, result, isError, durationMs }: Call) => ({
  role: "toolResult", toolCallId: toolCall.id, toolName: toolCall.name, content: result.content,
  details: result.details,
  ...(result.structuredContent !== undefined && { structuredContent: result.structuredContent }),
  isError, timestamp: Date.now(), ...(durationMs !== undefined && { durationMs }),
});

/** Runs the calls of one answer; their results come in the order of the calls. */
async function runCalls(run: Run, message: any, toolCalls: any[]): Promise<any> {
  const calls: Call[] = [];
  for (const toolCall of toolCalls) {
    const { id, name, arguments: args } = toolCall;
    await run.emit({ type: "tool_execution_start", toolCallId: id, toolName: name, args });
    const call = await prepare(run, message, toolCall);
    if (call.result !== undefined) await run.emit(endOf(call));
    calls.push(call);
  }
  const runOne = async (call: Call) => {
    await execute(run, call);
    await afterwards(run, message, call);
    await run.emit(endOf(call));
  };
  const ready = calls.filter(({ result }) => result === undefined);
  const isSequential = run.config.toolExecution === "sequential" ||
    ready.some(({ tool }) => tool.executionMode === "sequential");
  if (isSequential) for (const call of ready) await runOne(call);
  else await Promise.all(ready.map(runOne));

  const results = calls.map(resultMessage);
  for (const result of results) await add(run, result);
  return { results, terminate: calls.every(({ result }) => result.terminate === true) };
}

const hasFailed = ({ stopReason }: any) => stopReason === "error" || stopReason === "aborted";

async function loop(run: Run): Promise<any[]> {
  const { config, emit } = run;
  let pending: any[] = await config.getSteeringMessages?.() ?? [];
  for (let turn = 0; ; turn++) {
    if (turn > 0) await emit({ type: "turn_start" });
    for (const message of pending) await add(run, message);
    const message = await ask(run);
    const toolCalls = message.content.filter((block: any) => block.type === "toolCall");
    const runsTools = !hasFailed(message) && toolCalls.length > 0;
    const { results, terminate } =
      runsTools ? await runCalls(run, message, toolCalls) : { results: [], terminate: false };
    await emit({ type: "turn_end", message, toolResults: results });
    if (hasFailed(message)) break;
    pending = await config.getSteeringMessages?.() ?? [];
    if (pending.length > 0 || (runsTools && !terminate)) continue;
    pending = await config.getFollowUpMessages?.() ?? [];
    if (pending.length === 0) break;
  }
  await emit({ type: "agent_end", messages: run.added });
  return run.added;
}

function createRun(context: any, config: any, emit: Emit, signal: any, streamFunction: any): Run {
  return {
    context: { ...context, messages: [...context.messages] }, config, emit, signal,
    streamFunction: streamFunction ?? defaultStreamFunction, added: [],
  };
}

export async function runAgentLoop(prompts: any[], ...rest: any[]): Promise<any[]> {
  const [context, config, emit, signal, streamFunction] = rest;
  const run = createRun(context, config, emit, signal, streamFunction);
  await emit({ type: "agent_start" });
  await emit({ type: "turn_start" });
  for (const prompt of prompts) await add(run, prompt);
  return loop(run);
}

/** Throws when the last message is one the model cannot answer. */
export function checkCanContinue(messages: any[]): void {
  const last = messages.at(-1);
  if (last === undefined) throw new Error(messageTexts.nothingToContinue);
  if (last.role === "assistant") throw new Error(messageTexts.cannotContinue(last.role));
}

export async function runAgentLoopContinue(...args: any[]): Promise<any[]> {
  const [context, config, emit, signal, streamFunction] = args;
  checkCanContinue(context.messages);
  const run = createRun(context, config, emit, signal, streamFunction);
  await emit({ type: "agent_start" });
  await emit({ type: "turn_start" });
  return loop(run);
}

/** A run as a stream of its events; the result is what the run added. */
function asStream(start: (emit: Emit) => Promise<any[]>): any {
  const stream = new EventStream(
    (event: any) => event.type === "agent_end", (event: any) => event.messages ?? []);
  start((event) => stream.push(event)).then(
    (messages) => stream.end(messages),
    () => stream.end([]));
  return stream;
}

export const agentLoop = (...args: any[]) => {
  const [prompts, context, config, signal, streamFunction] = args;
  return asStream((emit) => runAgentLoop(prompts, context, config, emit, signal, streamFunction));
};

export const agentLoopContinue = (...args: any[]) => {
  const [context, config, signal, streamFunction] = args;
  checkCanContinue(context.messages);
  return asStream((emit) => runAgentLoopContinue(context, config, emit, signal, streamFunction));
};
