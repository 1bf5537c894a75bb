// SPDX-License-Identifier: MIT
/** pi's agent loop: importable, not there. */
import { unsupportedFunction } from "isopod:core";

const missing = (name: string) => unsupportedFunction(`@earendil-works/pi-agent-core.${name}`);

export const Agent = missing("Agent");
export const DEFAULT_AGENT_IDENTITY = missing("DEFAULT_AGENT_IDENTITY");
export const agentLoop = missing("agentLoop");
export const agentLoopContinue = missing("agentLoopContinue");
export const runAgentLoop = missing("runAgentLoop");
export const runAgentLoopContinue = missing("runAgentLoopContinue");
export const runToolCall = missing("runToolCall");
export const setDefaultStreamFn = missing("setDefaultStreamFn");
export const streamProxy = missing("streamProxy");
