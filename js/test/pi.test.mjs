// SPDX-License-Identifier: MIT
import assert from "node:assert/strict";
import { test } from "node:test";
import { createIsolate, kInfo } from "../testing/support.mjs";

const kApiMembers = "on,registerTool,registerCommand,registerShortcut,registerFlag,registerMessageRenderer,registerMarkdownTransformer," +
  "registerEntryRenderer,registerToolRenderer,getFlag,sendMessage,sendUserMessage,appendEntry,setSessionName,getSessionName,setLabel,exec," +
  "getActiveTools,getAllTools,getSettings,setActiveTools,getCommands,setModel,getThinkingLevel,setThinkingLevel,registerProvider," +
  "unregisterProvider,registerMcpServer,unregisterMcpServer,getMcpServers,registerVirtualModel,unregisterVirtualModel,events";
const kContextMembers = [
  "ui", "mode", "hasUI", "cwd", "sessionManager", "modelRegistry", "model", "scopedModels",
  "thinkingLevel", "isIdle", "isProjectTrusted", "signal", "abort", "hasPendingMessages",
  "shutdown", "getContextUsage", "compact", "getSystemPrompt"
];
const kUiMembers = [
  "select", "confirm", "input", "notify", "onTerminalInput", "setStatus", "setWorkingMessage",
  "setWorkingVisible", "setWorkingIndicator", "setHiddenThinkingLabel", "setWidget", "setFooter",
  "setHeader", "setTitle", "custom", "pasteToEditor", "setEditorText", "getEditorText", "editor",
  "addAutocompleteProvider", "setEditorComponent", "getEditorComponent", "theme", "getAllThemes",
  "getTheme", "setTheme", "getToolsExpanded", "setToolsExpanded"
];
const kNotInitialized =
  "Extension runtime not initialized. Action methods cannot be called during extension loading.";
const kEmpty = {
  tools: [],
  commands: [],
  flags: [],
  shortcuts: [],
  handlers: {},
  messageRenderers: [],
  entryRenderers: [],
  toolRenderers: 0,
  markdownTransformers: [],
  providers: [],
  nativeProviders: [],
  virtualModels: [],
  mcpServers: []
};

/** An isolate whose extension is `factory`; the api it was given is `pi`. */
async function loaded(factory, options = {}) {
  const isolate = createIsolate({
    ...options,
    entry: () => (pi) => {
      isolate.pi = pi;
      return factory(pi, isolate);
    },
  });
  isolate.registrations = await isolate.load(options.flags);
  return isolate;
}
const tool = (name, execute, more = {}) => ({
  name,
  label: name,
  description: `The tool ${name}`,
  parameters: { type: "object", properties: { x: { type: "string" } } },
  execute,
  ...more,
});
const callTool = (isolate, name, args = {}, more = {}) =>
  isolate.request("tool", { name, callId: "c1", args, ...more });
const textOf = (result) => result.content[0].text;

// ---- loading ----

test("the api has pi's members in pi's order and is not frozen", async () => {
  const { pi } = await loaded(() => {});
  assert.equal(Object.keys(pi).join(), kApiMembers);
  assert.equal(Object.isFrozen(pi), false);
});

test("an extension that registers nothing has empty registrations", async () => {
  const isolate = await loaded(() => {});
  assert.deepEqual(isolate.registrations, kEmpty);
  assert.deepEqual(await isolate.request("describe", {}), kEmpty);
});

test("registrations are described in pi's form", async () => {
  const isolate = await loaded((pi) => {
    pi.registerTool(tool("t", async () => ({}), {
      promptSnippet: "s",
      promptGuidelines: ["g"],
      executionMode: "sequential",
      renderCall() {}
    }));
    pi.registerCommand("c", { description: "d", handler() {}, getArgumentCompletions: () => [] });
    pi.registerCommand("e", { handler() {} });
    pi.registerFlag("f", { type: "boolean", default: false, description: "flag" });
    pi.registerShortcut("ctrl+x", { description: "cut", handler() {} });
    pi.on("turn_end", () => {});
    pi.on("turn_end", () => {});
    pi.on("no_such_event", () => {});
    pi.registerMessageRenderer("m", () => {});
    pi.registerEntryRenderer("n", () => {});
    pi.registerToolRenderer(() => {});
    pi.registerMarkdownTransformer((text) => text);
    pi.registerProvider("p", { baseUrl: "u", login: () => {} });
    pi.registerVirtualModel({ provider: "v", id: "i", route() {} });
  });
  assert.deepEqual(isolate.registrations, {
    ...kEmpty,
    tools: [{
      name: "t",
      label: "t",
      description: "The tool t",
      parameters: { type: "object", properties: { x: { type: "string" } } },
      fields: [
        "description", "execute", "executionMode", "label", "name", "parameters",
        "promptGuidelines", "promptSnippet", "renderCall"
      ],
      promptSnippet: "s",
      promptGuidelines: ["g"],
      executionMode: "sequential"
    }],
    commands:
      [{ name: "c", description: "d", hasCompletions: true }, { name: "e", hasCompletions: false }],
    flags: [{ name: "f", type: "boolean", default: false, description: "flag" }],
    shortcuts: [{ key: "ctrl+x", description: "cut" }],
    handlers: { turn_end: 2, no_such_event: 1 },
    messageRenderers: ["m"],
    entryRenderers: ["n"],
    toolRenderers: 1,
    markdownTransformers: [["user", "assistant", "assistant-thinking"]],
    providers: [{ name: "p", config: { baseUrl: "u", login: "[function]" } }],
    virtualModels: [{ provider: "v", id: "i", route: "[function]" }],
  });
});

test("of the same name the last registration wins, in its first place", async () => {
  const { registrations } = await loaded((pi) => {
    pi.registerTool(tool("a", () => {}, { label: "first" }));
    pi.registerTool(tool("b", () => {}));
    pi.registerTool(tool("a", () => {}, { label: "second" }));
  });
  assert.deepEqual(
    registrations.tools.map(({ name, label }) => [name, label]), [["a", "second"], ["b", "b"]]);
});

test("what a factory may not register is refused in pi's words", async () => {
  const cases = [
    [
      (pi) => pi.registerTool({ name: "t" }),
      'Tool "t" registered by extension "/ext/probe.ts" must define an object parameter schema.'
    ],
    [
      (pi) => pi.registerTool({ name: "t", parameters: [] }),
      'Tool "t" registered by extension "/ext/probe.ts" must define an object parameter schema.'
    ],
    [
      (pi) => pi.registerCommand("t", {}),
      'Command "/t" registered by extension "/ext/probe.ts" must define handler().'
    ],
    [
      (pi) => pi.registerCommand("", { handler() {} }),
      'Command registered by extension "/ext/probe.ts" must have a non-empty string name. Use pi.registerCommand("name", { description, handler }).'
    ],
    [
      (pi) => pi.registerFlag("f", { type: "boolean", default: "x" }),
      'Invalid default for flag "f": expected boolean, got string'
    ],
  ];
  for (const [factory, message] of cases) await assert.rejects(loaded(factory), { message });
});

test("a default export that is no function is no factory", async () => {
  for (const entry of [undefined, {}, "text", null]) {
    const isolate = createIsolate({ entry: () => entry });
    await assert.rejects(isolate.load(),
      { message: "Extension does not export a valid factory function: /ext/probe.ts" });
  }
  const isolate = createIsolate({ entry: ({ global }) => global.eval("(class A {})") });
  await assert.rejects(
    isolate.load(), { message: "Class constructor A cannot be invoked without 'new'" });
});

test("what the factory throws reaches the host as it is, and the api is dead from then on",
  async () => {
    let pi;
    const isolate = createIsolate({
      entry: () => async (api) => {
        pi = api;
        api.registerCommand("x", { handler() {} });
        api.on("turn_end", () => {});
        await null;
        throw "a string";
      },
    });
    await assert.rejects(isolate.load(), (error) => error === "a string");
    assert.deepEqual(await isolate.request("describe", {}), kEmpty);
    const message = 'Extension "/ext/probe.ts" failed to load and its API is no longer active.';
    for (const body
           of [() => pi.on("x", () => {}), () => pi.registerTool(tool("t")),
              () => pi.appendEntry("x"), () => pi.getFlag("f"), () => pi.events.emit("c")]) {
      assert.throws(body, { message });
    }
  });

test("actions are refused while the factory runs, registration is not", async () => {
  const seen = [];
  const isolate = await loaded(async (pi) => {
    for (const body
           of [() => pi.sendMessage({}), () => pi.getActiveTools(), () => pi.appendEntry("x"),
              () => pi.getSettings(), () => pi.getCommands(), () => pi.getSessionName()]) {
      assert.throws(body, { message: kNotInitialized });
    }
    await assert.rejects(pi.setModel({}), { message: kNotInitialized });
    await pi.exec("true", []).catch(() => {});
    await assert.rejects(pi.exec("true", [], { maxBuffer: -1 }), {
      name: "RangeError",
      message: "maxBuffer must be an integer between 0 and 536870888 bytes"
    });
    assert.equal(pi.getMcpServers().length, 0);
    pi.events.on("c", (data) => seen.push(data));
    pi.events.emit("c", 1);
  });
  assert.deepEqual(seen, [1]);
});

test("a flag has its default in the factory and the host's value afterwards", async () => {
  const seen = [];
  const { pi } = await loaded((api) => {
    api.registerFlag("f", { type: "string", default: "d" });
    api.registerFlag("g", { type: "boolean" });
    seen.push(api.getFlag("f"), api.getFlag("g"), api.getFlag("nope"));
  }, { flags: { f: "cli", other: 1 } });
  assert.deepEqual(seen, ["d", undefined, undefined]);
  assert.deepEqual(
    [pi.getFlag("f"), pi.getFlag("g"), pi.getFlag("other")], ["cli", undefined, undefined]);
});

test("an isolate loads one extension, once", async () => {
  const isolate = await loaded(() => {});
  await assert.rejects(
    isolate.load(), { message: "this isolate has loaded its extension already" });
  await assert.rejects(
    createIsolate().request("describe", {}), { message: "no extension is loaded in this isolate" });
  await assert.rejects(
    isolate.request("no-such-kind", {}), { message: "unknown request kind no-such-kind" });
  await assert.rejects(
    isolate.request("constructor", {}), { message: "unknown request kind constructor" });
});

test("registering later tells the host once per turn", async () => {
  const isolate = await loaded((pi) => {
    pi.registerCommand("add", {
      handler() {
        pi.registerTool(tool("late", () => {}));
        pi.on("turn_end", () => {});
      },
    });
  });
  assert.deepEqual(isolate.calls, []);
  await isolate.request("command", { name: "add" });
  assert.deepEqual(isolate.calls.map((call) => call.operation), ["registry.update"]);
  const { registrations } = isolate.calls[0].args;
  assert.deepEqual(
    [registrations.tools[0].name, registrations.handlers], ["late", { turn_end: 1 }]);
});

// ---- tools ----

test("a tool gets coerced arguments, a signal, progress and a context", async () => {
  const seen = {};
  const isolate =
    await loaded((pi) => pi.registerTool(tool("t", async (id, params, signal, onUpdate, ctx) => {
      Object.assign(seen, {
        id,
        params,
        aborted: signal.aborted,
        keys: Object.keys(ctx),
        names: Object.getOwnPropertyNames(ctx),
        mode: ctx.mode,
        cwd: ctx.cwd
      });
      onUpdate({ content: [], details: 1 });
      seen.onUpdate = onUpdate;
      return { content: [{ type: "text", text: "done" }], details: { a: 1 } };
    })));
  assert.deepEqual(await callTool(isolate, "t", { x: 5 }),
    { content: [{ type: "text", text: "done" }], details: { a: 1 } });
  assert.deepEqual([seen.id, seen.params.x, seen.aborted, seen.mode, seen.cwd],
    ["c1", "5", false, "print", kInfo.cwd]);
  assert.deepEqual(seen.keys, kContextMembers);
  assert.deepEqual(seen.names, [...kContextMembers, "tools", "executeTool"]);
  seen.onUpdate({ late: true });
  assert.deepEqual(isolate.calls, [{
    operation: "tool.progress",
    args: { callId: "c1", partial: { content: [], details: 1 } },
    cause: 2
  }]);
});

test("results that are wrong become the errors they are in pi", async () => {
  const isolate = await loaded((pi, { global }) => {
    const results = {
      undefined: undefined,
      null: null,
      string: "hi",
      none: { details: {} },
      text: { content: "text", details: {} },
      error: { content: [{ type: "text", text: "e" }], details: { d: 1 }, isError: true }
    };
    for (const [name, value] of Object.entries(results))
      pi.registerTool(tool(name, async () => value));
    pi.registerTool(
      tool("sync", () => ({ content: [{ type: "text", text: "sync" }], details: {} })));
    pi.registerTool(tool("throws", async () => { throw new global.Error("bad thing"); }));
    pi.registerTool(tool("throws_string", async () => { throw "str"; }));
  });
  const failed = (text) => ({ content: [{ type: "text", text }], details: {}, isError: true });
  assert.deepEqual(await callTool(isolate, "undefined"),
    failed("Cannot read properties of undefined (reading 'isError')"));
  assert.deepEqual(
    await callTool(isolate, "null"), failed("Cannot read properties of null (reading 'isError')"));
  assert.deepEqual(await callTool(isolate, "string"), "hi");
  assert.deepEqual(await callTool(isolate, "none"), { details: {} });
  assert.deepEqual(await callTool(isolate, "text"), failed("content.some is not a function"));
  assert.deepEqual(await callTool(isolate, "error"),
    { content: [{ type: "text", text: "e" }], details: { d: 1 }, isError: true });
  assert.deepEqual(textOf(await callTool(isolate, "sync")), "sync");
  assert.deepEqual(await callTool(isolate, "throws"), failed("bad thing"));
  assert.deepEqual(await callTool(isolate, "throws_string"), failed("str"));
  await assert.rejects(callTool(isolate, "nope"), { message: "Tool nope not found" });
});

test("arguments are prepared, then validated, and a failure lists everything", async () => {
  const isolate = await loaded(
    (pi) => pi.registerTool(tool(
      "t", async (_id, params) => ({ content: [{ type: "text", text: JSON.stringify(params) }] }), {
        parameters: {
          type: "object",
          required: ["a", "b"],
          properties: { a: { type: "number" }, b: { type: "array", items: { type: "integer" } } }
        },
        prepareArguments: (raw) => ({...raw, prepared: true }),
      })));
  assert.equal(textOf(await callTool(isolate, "t", { a: "1", b: ["2", 3.9] })),
    '{"a":1,"b":[2,3],"prepared":true}');
  const result = await callTool(isolate, "t", { b: ["x"] });
  assert.equal(result.isError, true);
  assert.equal(textOf(result), 'Validation failed for tool "t":\n  - a: missing\n  - b.0: expected integer, got string\n\nReceived arguments:\n' +
    '{\n  "b": [\n    "x"\n  ],\n  "prepared": true\n}');
});

test("a host can prepare arguments first and run the call without validation", async () => {
  const isolate = await loaded(
    (pi) => pi.registerTool(
      tool("t", async (_id, params) => ({ content: [{ type: "text", text: typeof params.x }] }))));
  assert.deepEqual(
    await isolate.request("prepare_tool", { name: "t", args: { x: 5 } }), { args: { x: "5" } });
  assert.match((await isolate.request("prepare_tool", { name: "t", args: { x: {} } })).error,
    /x: expected string, got object/);
  assert.equal(textOf(await callTool(isolate, "t", { x: 5 }, { prepared: true })), "number");
});

test("cancelling a request aborts its signal and no other", async () => {
  const isolate = await loaded(
    (pi) => pi.registerTool(tool("wait", (id, params, signal) => new Promise((resolve) => {
      signal.addEventListener("abort",
        () => resolve({ content: [{ type: "text", text: `${params.x} ${signal.reason.name}` }] }));
      setTimeout(() => resolve({ content: [{ type: "text", text: `${params.x} ran` }] }), 20);
    }))));
  const calls = ["a", "b"].map(
    (x, i) => isolate.request("tool", { name: "wait", callId: x, args: { x } }, 100 + i));
  isolate.cancel(100);
  isolate.cancel(999);
  assert.deepEqual((await Promise.all(calls)).map(textOf), ["a AbortError", "b ran"]);
});

test("a request cancelled before its signal is looked at is aborted all the same", async () => {
  const isolate = await loaded((pi) => pi.registerTool(tool("t", async (_id, _p, _s, _u, ctx) => {
    await new Promise((resolve) => setTimeout(resolve, 5));
    return { content: [{ type: "text", text: String(ctx.signal.aborted) }] };
  })));
  const call = isolate.request("tool", { name: "t", callId: "c1", args: {} }, 50);
  isolate.cancel(50);
  assert.equal(textOf(await call), "true");
});

// ---- commands, shortcuts, events ----

test("commands run with their text and pi's context, and answer nothing", async () => {
  const seen = [];
  const isolate = await loaded((pi) => {
    pi.registerCommand("c", {
      handler: async (args, ctx) => {
        seen.push(args, Object.keys(ctx));
        await ctx.waitForIdle();
        return 5;
      },
      getArgumentCompletions: async (prefix) => [{ value: `${prefix}x`, label: "l" }]
    });
    pi.registerCommand("d", { handler() { throw new Error("no"); } });
    pi.registerShortcut("ctrl+k", { handler: (ctx) => seen.push(ctx.mode) });
  });
  assert.equal(await isolate.request("command", { name: "c", args: "a  b " }), null);
  assert.equal(await isolate.request("shortcut", { key: "ctrl+k" }), null);
  assert.deepEqual(seen, [
    "a  b ",
    [
      ...kContextMembers, "getSystemPromptOptions", "waitForIdle", "newSession", "fork",
      "navigateTree", "switchSession", "reload"
    ],
    "print"
  ]);
  assert.deepEqual(
    await isolate.request("complete", { name: "c", prefix: "p" }), [{ value: "px", label: "l" }]);
  assert.equal(await isolate.request("complete", { name: "d", prefix: "" }), null);
  await assert.rejects(isolate.request("command", { name: "d" }), { message: "no" });
  await assert.rejects(
    isolate.request("command", { name: "zz" }), { message: "Command zz not found" });
  await assert.rejects(
    isolate.request("shortcut", { key: "zz" }), { message: "Shortcut zz not found" });
});

test("handlers run in order, see each other's changes, and errors do not stop them", async () => {
  const seen = [];
  const isolate = await loaded((pi, { global }) => {
    pi.on("tool_result", (event) => { seen.push("1"); event.details.seen = true; });
    pi.on("tool_result", () => {
      seen.push("2");
      const stack = "    at gate (/home/x/gate.ts:3:9)\n    at dispatch (isopod:pi:9:1)";
      throw Object.assign(new global.Error("res boom"), { stack });
    });
    pi.on("tool_result", async () => ({ content: [{ type: "text", text: "patched" }] }));
    const off = pi.on("tool_result", () => seen.push("never"));
    off();
    off();
    pi.on("tool_result", (event) => {
      seen.push(event.content[0].text, "structuredContent" in event);
    });
  });
  const answer = await isolate.request("event", {
    type: "tool_result",
    event: {
      toolName: "t",
      content: [{ type: "text", text: "old" }],
      details: {},
      structuredContent: 1,
      isError: false
    }
  });
  assert.deepEqual(seen, ["1", "2", "patched", false]);
  assert.deepEqual(answer.event, {
    toolName: "t",
    content: [{ type: "text", text: "patched" }],
    details: { seen: true },
    isError: false,
    type: "tool_result"
  });
  assert.deepEqual(
    answer.results, [null, null, { content: [{ type: "text", text: "patched" }] }, null]);
  assert.deepEqual(
    answer.errors, [{ message: "res boom", stack: "    at gate (/home/x/gate.ts:3:9)\n" }]);
});

test("tool_call stops at the first block and at the first error", async () => {
  const isolate = await loaded((pi, { global: { Error } }) => {
    pi.on("tool_call", (event) => {
      if (event.input.x === "mutate") event.input.x = 42;
      if (event.input.x === "block") return { block: true, reason: "R" };
      if (event.input.x === "throw") throw new Error("handler boom");
    });
    pi.on("tool_call", () => ({ second: true }));
  });
  const emit = (x) =>
    isolate.request("event", { type: "tool_call", event: { toolName: "t", input: { x } } });
  assert.deepEqual((await emit("block")).results, [{ block: true, reason: "R" }]);
  const failed = await emit("throw");
  assert.deepEqual([failed.results, failed.errors[0].message], [[null], "handler boom"]);
  const passed = await emit("mutate");
  assert.deepEqual([passed.event.input, passed.results], [{ x: 42 }, [null, { second: true }]]);
});

test("each kind of event composes inside the extension as in pi", async () => {
  const handlers = [];
  const isolate = await loaded((pi) => {
    for (const type of ["input", "context", "before_agent_start", "before_provider_request",
           "message_end", "session_before_switch", "user_bash", "project_trust", "turn_end"]) {
      pi.on(type, (event, ctx) => handlers[0](event, ctx));
      pi.on(type, (event, ctx) => handlers[1](event, ctx));
    }
  });
  const emit = async (type, event, first, second) => {
    handlers.splice(0, 2, first, second ?? (() => {}));
    return isolate.request("event", { type, event });
  };
  let answer = await emit("input", { text: "a" }, () => ({ action: "transform", text: "b" }),
    (event) => ({ action: "transform", text: `${event.text}c` }));
  assert.equal(answer.event.text, "bc");
  answer =
    await emit("input", { text: "a" }, () => ({ action: "handled" }), () => assert.fail("ran"));
  assert.deepEqual(answer.results, [{ action: "handled" }]);
  answer = await emit("context", { messages: [1] }, (event) => {
    event.messages.push(2);
  }, (event) => ({ messages: [...event.messages, 3] }));
  assert.deepEqual(answer.event.messages, [1, 2, 3]);
  answer = await emit("before_agent_start", { systemPrompt: "s" }, () => ({ systemPrompt: "t" }),
    (event, ctx) => ({ message: event.systemPrompt + ctx.getSystemPrompt() }));
  assert.deepEqual([answer.event.systemPrompt, answer.results[1]], ["t", { message: "tt" }]);
  answer = await emit("before_provider_request", { payload: 1 }, () => null, (event) => {
    assert.equal(event.payload, null);
  });
  assert.equal(answer.event.payload, null);
  answer = await emit("message_end", { message: { role: "user" } },
    () => ({ message: { role: "user", n: 1 } }), () => ({ message: { role: "assistant" } }));
  assert.deepEqual(answer.event.message, { role: "user", n: 1 });
  answer =
    await emit("session_before_switch", {}, () => ({ cancel: true }), () => assert.fail("ran"));
  assert.deepEqual(answer.results, [{ cancel: true }]);
  answer = await emit("user_bash", { command: "x" }, () => null);
  assert.match(answer.errors[0].message, /^Invalid user_bash handler result/);
  answer = await emit("user_bash", { command: "x" },
    () => ({ result: { output: "o", exitCode: 0, cancelled: false, truncated: false } }),
    () => assert.fail("ran"));
  assert.equal(answer.results[0].result.output, "o");
  answer = await emit(
    "project_trust", {}, () => {}, (_event, ctx) => ({ trusted: Object.keys(ctx).join() }));
  assert.equal(answer.errors[0].message, "Cannot read properties of undefined (reading 'trusted')");
  assert.equal(answer.results[1].trusted, "cwd,mode,hasUI,ui");
  answer = await emit("turn_end", { entries: [] }, () => ({ entries: [1] }),
    (event) => ({ continue: event.entries.length === 1 }));
  assert.deepEqual([answer.event.entries, answer.event.continue], [[1], true]);
});

test("the bus delivers in order, logs what handlers throw and forgets who left", async () => {
  const isolate = await loaded((pi) => {
    const seen = [];
    const off = pi.events.on("c", (data) => seen.push(data));
    pi.events.on("c", () => { throw new Error("bus boom"); });
    pi.events.on("c", async () => { throw "async boom"; });
    pi.events.emit("c", 1);
    off();
    pi.events.emit("c", 2);
    pi.events.emit("nobody", 3);
    assert.deepEqual(seen, [1]);
  });
  await new Promise((resolve) => setTimeout(resolve, 1));
  const texts = isolate.logged().map((entry) => entry.text.split("\n")[0]);
  assert.equal(texts.filter((text) => text.includes("bus boom")).length, 2);
  assert.equal(texts.filter((text) => text.includes("async boom")).length, 2);
});

// ---- session and ui ----

test("session calls go to the host with their arguments", async () => {
  const entries = [
    { id: "1", parentId: null, type: "message" },
    { id: "2", parentId: "1", type: "message" },
    { id: "3", parentId: "1", type: "custom" },
    { id: "4", parentId: "3", type: "label", targetId: "2", label: "mark" },
  ];
  const answers = { "session.get_name": () => "n", "session.get_entries": () => entries };
  const isolate = await loaded((pi) => pi.registerCommand("c", {
    handler(_args, { sessionManager }) {
      pi.appendEntry("kind", { a: 1 });
      pi.setSessionName("new");
      pi.setLabel("1", "l");
      assert.equal(pi.getSessionName(), "n");
      assert.deepEqual(sessionManager.getBranch().map((entry) => entry.id).join(), "1,3,4");
      assert.deepEqual(sessionManager.getBranch("2").map((entry) => entry.id).join(), "1,2");
      assert.equal(sessionManager.getLeafId(), "4");
      assert.equal(sessionManager.getLabel("2"), "mark");
      assert.equal(sessionManager.getEntry("3").type, "custom");
      assert.equal(sessionManager.getTree()[0].children.length, 2);
      assert.equal(sessionManager.getSessionFile(), undefined);
      assert.equal(sessionManager.getHeader(), null);
    },
  }), { onCall: (operation) => answers[operation]?.() });
  await isolate.request("command", { name: "c" });
  assert.deepEqual(isolate.calls.slice(0, 3).map(({ operation, args }) => [operation, args]), [
    ["session.append_entry", { customType: "kind", data: { a: 1 } }],
    ["session.set_name", { name: "new" }],
    ["session.set_label", { entryId: "1", label: "l" }],
  ]);
});

test("without a person the ui answers at once and tells the host nothing", async () => {
  const isolate = await loaded((pi) => pi.registerCommand("c", {
    async handler(_args, { ui, hasUI }) {
      assert.deepEqual(Object.keys(ui), kUiMembers);
      assert.equal(hasUI, false);
      assert.deepEqual(
        [
          await ui.select("t", ["a"]), await ui.confirm("t", "m"), await ui.input("t"),
          await ui.editor("t"), await ui.custom(() => assert.fail("called"))
        ],
        [undefined, false, undefined, undefined, undefined]);
      ui.notify("m");
      ui.setStatus("k", "v");
      ui.setWidget("k", ["a"]);
      assert.deepEqual({ ...ui.setTheme("dark") }, { success: false, error: "UI not available" });
      assert.deepEqual(
        [
          ui.getEditorText(), ui.getAllThemes().length, ui.getTheme("x"), ui.getToolsExpanded(),
          typeof ui.onTerminalInput(() => {})
        ],
        ["", 0, undefined, false, "function"]);
      assert.deepEqual([ui.theme.fg("accent", "x"), ui.theme.name, ui.theme.bold("b")],
        ["\x1b[38;5;5mx\x1b[39m", "system", "\x1b[1mb\x1b[22m"]);
    },
  }));
  await isolate.request("command", { name: "c" });
  assert.deepEqual(isolate.calls, []);
});

test("with a person dialogs and notices go to the host", async () => {
  const answers = { "ui.select": "b", "ui.confirm": true, "ui.input": "typed", "ui.editor": null };
  const isolate = await loaded((pi) => pi.registerCommand("c", {
    async handler(_args, { ui }) {
      assert.deepEqual(
        [
          await ui.select("t", ["a", "b"]), await ui.confirm("t", "m"), await ui.input("t", "p"),
          await ui.editor("t", "pre")
        ],
        ["b", true, "typed", undefined]);
      ui.notify("careful", "warning");
      ui.notify("plain");
      ui.setStatus("k", "v");
      ui.setTitle("T");
      ui.setEditorText("E");
      ui.setWidget("w", ["l"], { placement: "belowEditor" });
      ui.setWidget("w", () => {});
      ui.setWidget("w", undefined);
      assert.equal(ui.setTheme("x").error, "Theme switching not supported in RPC mode");
    },
  }),
    { info: { hasUI: true }, onCall: (operation) => answers[operation] });
  await isolate.request("command", { name: "c" }, 77);
  assert.deepEqual(isolate.calls.map(({ operation, args }) => [operation, args]), [
    ["ui.select", { title: "t", options: ["a", "b"] }],
    ["ui.confirm", { title: "t", message: "m" }],
    ["ui.input", { title: "t", placeholder: "p" }],
    ["ui.editor", { title: "t", prefill: "pre" }],
    ["ui.notify", { message: "careful", type: "warning" }],
    ["ui.notify", { message: "plain", type: "info" }],
    ["ui.set", { what: "status", key: "k", text: "v" }],
    ["ui.set", { what: "title", title: "T" }],
    ["ui.set", { what: "editor_text", text: "E" }],
    ["ui.set", { what: "widget", key: "w", lines: ["l"], placement: "belowEditor" }],
    ["ui.set", { what: "widget", key: "w" }],
  ]);
  assert.ok(isolate.calls.every((call) => call.cause === 77));
});

test("a dialog ends without an answer when its time is up or its signal fires", async () => {
  const isolate = await loaded((pi, { global }) => pi.registerCommand("c", {
    async handler(_args, { ui }) {
      const never = isolate.loadBuiltin("isopod:native");
      never.hostcall = () => new global.Promise(() => {});
      const controller = new global.AbortController();
      const answers = [
        ui.select("t", ["a"], { timeout: 1 }), ui.confirm("t", "m", { signal: controller.signal }),
        ui.input("t", "p", { signal: global.AbortSignal.abort() })
      ];
      controller.abort();
      assert.deepEqual(await Promise.all(answers), [undefined, false, undefined]);
    },
  }), { info: { hasUI: true } });
  await isolate.request("command", { name: "c" });
});

test("hostcalls are attributed to a request only when it is certain", async () => {
  const isolate = await loaded((pi) => pi.registerCommand("c", {
    async handler(args) {
      console_.log("at once");
      await new Promise((resolve) => setTimeout(resolve, Number(args)));
      console_.log("later");
    },
  }));
  const console_ = isolate.global.console;
  await isolate.request("command", { name: "c", args: "1" }, 60);
  assert.deepEqual(isolate.calls.map((call) => call.cause), [60, 60]);
  isolate.calls.length = 0;
  await Promise.all([
    isolate.request("command", { name: "c", args: "1" }, 61),
    isolate.request("command", { name: "c", args: "20" }, 62)
  ]);
  assert.deepEqual(isolate.calls.map((call) => call.cause), [61, 62, undefined, 62]);
});

test("an extension that breaks the language's own objects still gets its answers", async () => {
  const isolate = createIsolate({
    info: { hasUI: true },
    onCall: () => true,
    entry: ({ global, loadBuiltin }) => {
      // This test's CommonJS form of a module cannot be evaluated below a polluted prototype.
      for (const name of ["isopod:pi/schema", "isopod:web/abort"]) loadBuiltin(name);
      global.eval(`
        Promise.prototype.then = Promise.prototype.catch = Promise.prototype.finally = () => { throw new Error("then"); };
        JSON.stringify = () => "broken";
        Object.prototype.polluted = "yes";
        queueMicrotask = setTimeout = () => { throw new Error("timer"); };
        AbortController = undefined;
      `);
      // Awaiting in the isolate's own realm does not call the broken `then`.
      return global.eval(`(pi) => {
        pi.registerTool({ name: "t", parameters: { type: "object", properties: { x: { type: "string" } } },
          async execute(_id, params, signal, _onUpdate, ctx) {
            pi.registerCommand("late", { handler() {} });
            const sure = await ctx.ui.confirm("sure?", "");
            return { content: [{ type: "text", text: params.x + " " + sure + " " + signal.aborted }] };
          },
        });
      }`);
    },
  });
  assert.deepEqual((await isolate.load()).tools.map(({ name }) => name), ["t"]);
  assert.equal(textOf(await callTool(isolate, "t", { x: 5 })), "5 true false");
  assert.deepEqual(isolate.calls.map((call) => call.operation), ["ui.confirm", "registry.update"]);
});
