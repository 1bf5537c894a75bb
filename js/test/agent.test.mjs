// SPDX-License-Identifier: MIT
import assert from "node:assert/strict";
import { test } from "node:test";
import { createIsolate } from "../testing/support.mjs";

const kState = {
  idle: false,
  pendingMessages: true,
  projectTrusted: true,
  model: { provider: "p", id: "m" },
  scopedModels: [{ model: { id: "m" } }],
  thinkingLevel: "low",
  activeTools: ["read", "t"],
  tools: [{ name: "read", description: "reads", parameters: {} }],
  commands: [{ name: "fix", source: "prompt" }],
  contextUsage: { tokens: 5 },
  systemPrompt: "be kind",
  systemPromptOptions: { cwd: "/w" },
  settings: { theme: "dark" },
};
const kOffers = {
  extensionTools: [{ name: "t", description: "d", parameters: {}, sourceInfo: { path: "/e.ts" } }],
  extensionCommands: [{ name: "c", source: "extension" }],
};

/** An isolate with an agent; `actions` answers `agent.act` by action. */
async function loaded(factory, actions = {}) {
  const acts = [];
  const isolate = createIsolate({
    entry: () => (pi) => {
      isolate.pi = pi;
      return factory(pi);
    },
    onCall(operation, args) {
      if (operation === "agent.state") return args.offers ? { ...kState, ...kOffers } : kState;
      if (operation === "agent.act") {
        acts.push([args.action, args.arguments]);
        return actions[args.action]?.(args.arguments) ?? null;
      }
      if (operation === "tool.call") return actions.tool(args);
      return null;
    },
  });
  isolate.acts = acts;
  await isolate.load();
  return isolate;
}
const command = (handler) => (pi) => pi.registerCommand("c", { handler });
const run = (isolate) => isolate.request("command", { name: "c" });

test("ctx shows what the agent does", async () => {
  let seen;
  const isolate = await loaded(command((_args, ctx) => {
    seen = [
      ctx.isIdle(), ctx.hasPendingMessages(), ctx.isProjectTrusted(), ctx.model, ctx.scopedModels,
      ctx.thinkingLevel, ctx.getContextUsage(), ctx.getSystemPrompt(), ctx.getSystemPromptOptions(),
      ctx.signal,
    ];
  }));
  await run(isolate);
  assert.deepEqual(seen.map((value) => value === undefined ? undefined : JSON.parse(JSON.stringify(value))), [
    false, true, true, kState.model, kState.scopedModels, "low", { tokens: 5 }, "be kind",
    { cwd: "/w" }, undefined,
  ]);
});

test("pi lists tools and commands of the agent and of extensions", async () => {
  const isolate = await loaded(() => {});
  const { pi } = isolate;
  assert.deepEqual(JSON.parse(JSON.stringify(pi.getAllTools())), [
    { name: "read", description: "reads", parameters: {}, exposure: "direct" },
    { name: "t", description: "d", parameters: {}, exposure: "direct", sourceInfo: { path: "/e.ts" } },
  ]);
  assert.deepEqual(pi.getCommands().map(({ name }) => name).join(), "c,fix");
  assert.equal(pi.getActiveTools().join(), "read,t");
  assert.equal(pi.getSettings().theme, "dark");
  assert.equal(pi.getThinkingLevel(), "low");
});

test("a tool registered just now is known before the next question", async () => {
  const isolate = await loaded(() => {});
  isolate.pi.registerTool({ name: "late", parameters: {} });
  isolate.pi.getActiveTools();
  const operations = isolate.calls.map(({ operation }) => operation);
  assert.ok(operations.indexOf("registry.update") < operations.lastIndexOf("agent.state"));
  await null;
  assert.equal(isolate.calls.filter(({ operation }) => operation === "registry.update").length, 1);
});

test("actions reach the agent with their arguments", async () => {
  const isolate = await loaded(() => {}, { set_model: () => true });
  const { pi } = isolate;
  assert.equal(pi.sendMessage({ customType: "a", content: "x" }, { triggerTurn: true }), undefined);
  assert.equal(pi.sendUserMessage("hi", { deliverAs: "steer" }), undefined);
  pi.setActiveTools(["t"]);
  pi.setThinkingLevel("high");
  assert.equal(await pi.setModel({ id: "m" }), true);
  assert.deepEqual(isolate.acts, [
    ["send_message", { message: { customType: "a", content: "x" }, options: { triggerTurn: true } }],
    ["send_user_message", { content: "hi", options: { deliverAs: "steer" } }],
    ["set_active_tools", { names: ["t"] }],
    ["set_thinking_level", { level: "high" }],
    ["set_model", { model: { id: "m" } }],
  ]);
});

test("compaction tells its callbacks how it ended", async () => {
  let fails = false;
  const seen = [];
  const isolate = await loaded(command(async (_args, ctx) => {
    ctx.compact({
      customInstructions: "short",
      onComplete: (result) => seen.push(["done", result.summary]),
      onError: (error) => seen.push(["failed", error.message]),
    });
    await new Promise((resolve) => setTimeout(resolve, 5));
  }), {
    compact() {
      if (fails) throw { status: "error", code: "unsupported", message: "no model" };
      return { summary: "s" };
    },
  });
  await run(isolate);
  fails = true;
  await run(isolate);
  assert.deepEqual(seen, [["done", "s"], ["failed", "no model"]]);
  assert.deepEqual(isolate.acts[0], ["compact", { options: { customInstructions: "short" } }]);
});

test("once the host replaced the isolate, what was captured is stale", async () => {
  let ctx;
  const isolate = await loaded(command((_args, given) => { ctx = given; }));
  const heard = [];
  isolate.pi.events.on("x", (data) => heard.push(data));
  await run(isolate);
  await isolate.request("bus", { channel: "x", data: 1 });
  await isolate.request("stale", null);
  await isolate.request("bus", { channel: "x", data: 2 });
  const isStale = { message: /^This extension ctx is stale after session replacement or reload\./ };
  assert.throws(() => ctx.cwd, isStale);
  assert.throws(() => ctx.isIdle(), isStale);
  assert.throws(() => ctx.signal, isStale);
  assert.throws(() => isolate.pi.getThinkingLevel(), isStale);
  assert.throws(() => isolate.pi.on("x", () => {}), isStale);
  assert.deepEqual(heard, [1]);
});

test("a new session is given to withSession, unless it was cancelled", async () => {
  let cancelled = false;
  const seen = [];
  const isolate = await loaded(command(async (_args, ctx) => {
    const withSession = async (fresh) => {
      await fresh.sendMessage({ customType: "z" });
      seen.push(fresh.cwd);
    };
    seen.push((await ctx.newSession({ parentSession: "/p", withSession })).cancelled);
    await ctx.fork("e1", { position: "at" });
    await ctx.reload();
    assert.throws(() => ctx.newSession({ setup() {} }), /newSession\(\{ setup \}\) is not supported/);
  }), { new_session: () => ({ cancelled }), fork: () => ({ cancelled: true }) });
  await run(isolate);
  cancelled = true;
  await run(isolate);
  assert.deepEqual(seen, ["/work/project", false, true]);
  assert.deepEqual(isolate.acts.slice(0, 4), [
    ["new_session", { options: { parentSession: "/p" } }],
    ["send_message", { message: { customType: "z" } }],
    ["fork", { entryId: "e1", options: { position: "at" } }],
    ["reload", {}],
  ]);
});

test("a tool calls other tools through the host", async () => {
  const outcomes = [];
  const isolate = await loaded((pi) => pi.registerTool({
    name: "t",
    parameters: { type: "object" },
    async execute(_id, _params, _signal, _update, ctx) {
      outcomes.push(await ctx.executeTool("x", { a: 1 }), await ctx.executeTool("y", {}));
      return { content: [{ type: "text", text: ctx.tools.map(({ name }) => name).join() }] };
    },
  }), {
    tool({ name, callId, parent, args }) {
      if (name === "y") throw { status: "denied", code: "denied", message: "not granted" };
      return { toolCall: { id: callId, parent, arguments: args }, result: "r", isError: false };
    },
  });
  const result = await isolate.request("tool", { name: "t", callId: "c1", args: {} });
  assert.equal(result.content[0].text, "read,t");
  assert.deepEqual(JSON.parse(JSON.stringify(outcomes)), [
    { toolCall: { id: "c1/1", parent: "c1", arguments: { a: 1 } }, result: "r", isError: false },
    {
      toolCall: { type: "toolCall", id: "c1/2", name: "y", arguments: {} },
      result: { content: [{ type: "text", text: "not granted" }], details: {}, isError: true },
      isError: true,
    },
  ]);
});
