// SPDX-License-Identifier: MIT
/** pi's agent over a stream function of the extension's own; loaded with the first use. */
import { unsupportedFunction } from "isopod:core";
import { lazyClass } from "./lazy_class";
import { loadBuiltin } from "./platform";

const missing = (name: string) => unsupportedFunction(`@earendil-works/pi-agent-core.${name}`);
const module = () => loadBuiltin("isopod:pi/agent");
const lazy = (name: string) => (...args: any[]): any => module()[name](...args);

export const DEFAULT_AGENT_IDENTITY = {
  attribution: { name: "pi", url: "https://pi.dev", categories: ["cli-agent"] },
};
export const Agent: any = lazyClass("Agent", () => module().Agent);
export const agentLoop = lazy("agentLoop");
export const agentLoopContinue = lazy("agentLoopContinue");
export const runAgentLoop = lazy("runAgentLoop");
export const runAgentLoopContinue = lazy("runAgentLoopContinue");
export const setDefaultStreamFn = lazy("setDefaultStreamFn");
export const runToolCall = missing("runToolCall");
export const streamProxy = missing("streamProxy");
