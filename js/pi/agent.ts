// SPDX-License-Identifier: MIT
/** The agent behind the host: what it is doing, and what it is asked to do. */
import { call, callSync } from "isopod:core";
import { info, loadBuiltin } from "isopod:native";
import { strings } from "./strings";

// Set for good when the host has put a fresh isolate in this one's place.
let replaced = false;

export function markReplaced(): void {
  replaced = true;
}

/** Throws once this isolate was replaced: what the author captured speaks for a session that is gone. */
export function assertCurrent(): void {
  if (replaced) throw new Error(strings.stale);
}

export interface AgentState {
  [member: string]: any;
}

/** What the agent says of itself now. */
export function agentState(): AgentState {
  return callSync("agent.state", {});
}

/** The same, with what all extensions offer: `extensionTools` and `extensionCommands`. */
export function agentStateWithOffers(): AgentState {
  return callSync("agent.state", { offers: true });
}

export function act(action: string, args: Record<string, unknown> = {}): Promise<any> {
  return call("agent.act", { action, arguments: args });
}

/** For actions that return nothing: a failure is reported as any rejection nobody handles. */
export function tell(action: string, args: Record<string, unknown> = {}): void {
  void act(action, args);
}

export function actSync(action: string, args: Record<string, unknown> = {}): any {
  return callSync("agent.act", { action, arguments: args });
}

const kOwnTools = ["read", "bash", "edit", "write", "grep", "find", "ls"];

function ownTools(): any[] {
  const { createDefinition } = loadBuiltin("isopod:pi/builtin_tools");
  return kOwnTools.map((name) => {
    const { label, description, parameters, promptGuidelines } = createDefinition(name, info.cwd);
    const path = `<builtin:${name}>`;
    const sourceInfo = { path, source: "builtin", scope: "temporary", origin: "top-level" };
    return { name, label, description, parameters, promptGuidelines, sourceInfo };
  });
}

/**
 * The agent's own tools and those of extensions, each name once. Where the agent does not list its
 * own, they are those of pi.
 */
export function allTools(state: AgentState): any[] {
  const own: any[] = state.tools ?? ownTools();
  const offered: any[] = state.extensionTools;
  const replacements = new Map(offered.map((tool) => [tool.name, tool]));
  const names = new Set(own.map((tool) => tool.name));
  return [
    ...own.map((tool) => replacements.get(tool.name) ?? tool),
    ...offered.filter((tool) => !names.has(tool.name)),
  ];
}
