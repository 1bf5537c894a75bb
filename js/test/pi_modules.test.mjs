// SPDX-License-Identifier: MIT
import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { test } from "node:test";
import { createIsolate, kInfo } from "../testing/support.mjs";

const isolate = createIsolate();
const { global, loadBuiltin } = isolate;
const agent = loadBuiltin("@earendil-works/pi-coding-agent");
const ai = loadBuiltin("@earendil-works/pi-ai");
const typebox = loadBuiltin("typebox");
const plain = (value) => JSON.parse(JSON.stringify(value));

// ---- identity ----

test(
  "all names of a host module are one instance, and Type is one object under all of them", () => {
    for (const [name, ...others] of [["typebox", "@sinclair/typebox"],
           ["typebox/value", "@sinclair/typebox/value"],
           ["typebox/compile", "@sinclair/typebox/compile"],
           [
             "@earendil-works/pi-ai", "@earendil-works/pi-ai/compat", "@mariozechner/pi-ai",
             "@mariozechner/pi-ai/compat"
           ],
           ["@earendil-works/pi-tui", "@mariozechner/pi-tui"],
           ["@earendil-works/pi-coding-agent", "@mariozechner/pi-coding-agent"],
           ["@earendil-works/pi-ai/models", "@mariozechner/pi-ai/models"],
           ["@earendil-works/pi-agent-core", "@mariozechner/pi-agent-core"],
    ]) {
      for (const other of others) assert.equal(loadBuiltin(other), loadBuiltin(name), other);
    }
    assert.equal(ai.Type, typebox.Type);
    assert.equal(loadBuiltin("@earendil-works/pi-ai/models").calculateCost, ai.calculateCost);
  });

test("schemas carry TypeBox's marks invisibly", () => {
  const { Type } = typebox;
  assert.equal(JSON.stringify(
                 Type.Object({ a: Type.Optional(Type.String()), b: Type.Number({ minimum: 1 }) })),
    '{"type":"object","required":["b"],"properties":{"a":{"type":"string"},"b":{"type":"number","minimum":1}}}');
  assert.equal(
    Object.getOwnPropertyNames(Type.Optional(Type.String())).join(), "type,~kind,~optional");
  assert.equal(loadBuiltin("typebox/value").Check(Type.Number(), 5), true);
  assert.equal(loadBuiltin("typebox/compile").Compile(Type.Number()).Check("5"), false);
});

test("loading pi's coding agent module does not load the terminal library", () => {
  const fresh = createIsolate();
  const { truncateHead, CustomEditor } = fresh.loadBuiltin("@earendil-works/pi-coding-agent");
  assert.equal(truncateHead("a\nb", { maxLines: 1 }).content, "a");
  assert.equal(CustomEditor.name, "CustomEditor");
  assert.equal(fresh.isLoaded("@earendil-works/pi-tui"), false);
});

// ---- pi-ai ----

test("StringEnum has the keys pi's has, in its order", () => {
  assert.equal(JSON.stringify(ai.StringEnum(["a"], { description: "d", default: "a" })),
    '{"type":"string","enum":["a"],"description":"d","default":"a"}');
  assert.equal(JSON.stringify(ai.StringEnum(["a", "b"])), '{"type":"string","enum":["a","b"]}');
});

test("version 7 UUIDs have their form and their time", () => {
  const before = Date.now();
  const id = ai.uuidv7();
  assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  const time = parseInt(id.replaceAll("-", "").slice(0, 12), 16);
  assert.ok(time >= before && time <= Date.now());
  assert.notEqual(id, ai.uuidv7());
});

test("costs are prices per million tokens", () => {
  const usage = { input: 1000, output: 2000, cacheRead: 500, cacheWrite: 0 };
  const cost =
    ai.calculateCost({ cost: { input: 3, output: 15, cacheRead: 0.3, cacheWrite: 4 } }, usage);
  assert.equal(cost, usage.cost);
  assert.ok(Math.abs(cost.total - (0.003 + 0.03 + 0.00015)) < 1e-12);
});

test(
  "an event stream gives its events and its result to whoever comes, early or late", async () => {
    const stream = ai.createAssistantMessageEventStream();
    const early = (async () => {
      const seen = [];
      for await (const event of stream) seen.push(event.type);
      return seen;
    })();
    stream.push({ type: "start" });
    await null;
    stream.push({ type: "done", message: "m" });
    stream.push({ type: "ignored" });
    assert.deepEqual(await early, ["start", "done"]);
    assert.equal(await stream.result(), "m");
  });

test("what is not done yet can be imported and says its name when called", () => {
  for (const [name, member] of [["@earendil-works/pi-coding-agent", "createAgentSession"],
         ["@earendil-works/pi-ai", "createModels"],
         ["@earendil-works/pi-tui", "okhslColor"],
         ["@earendil-works/pi-agent-core", "runToolCall"],
         ["@earendil-works/pi-ai/providers/all", "builtinModels"],
  ]) {
    assert.throws(() => loadBuiltin(name)[member](), {
      message: `${name}.${member} is not supported by this version of isopod`,
      code: "unsupported"
    });
  }
  const Session = loadBuiltin("@earendil-works/pi-coding-agent").AgentSession;
  const Child = isolate.run("((Base) => class extends Base {})")(Session);
  assert.throws(() => new Child(), /AgentSession is not supported/);
});

// ---- pi-coding-agent ----

test("constants and the simplest functions", () => {
  assert.deepEqual(
    [
      agent.CONFIG_DIR_NAME, agent.getAgentDir(), agent.DEFAULT_MAX_LINES, agent.DEFAULT_MAX_BYTES,
      agent.VERSION
    ],
    [".pi", kInfo.agentDir, 2000, 51200, "1.5.2"]);
  const definition = {};
  assert.equal(agent.defineTool(definition), definition);
  assert.deepEqual([0, 1023, 1024, 1536, 1048576].map(agent.formatSize),
    ["0B", "1023B", "1.0KB", "1.5KB", "1.0MB"]);
  assert.deepEqual([[undefined, undefined], [5, undefined], [5, 10], [null, 3], ["x", 1]].map(
                     ([offset, limit]) => agent.formatReadLineRange(offset, limit)),
    ["", ":5", ":5-14", ":1-3", ""]);
  assert.deepEqual(["a.ts", "b/c.py", "x.unknown"].map(agent.getLanguageFromPath),
    ["typescript", "python", undefined]);
  assert.equal(agent.isBashToolResult({ toolName: "bash" }), true);
  assert.equal(agent.isToolCallEventType("read", { toolName: "bash" }), false);
});

test("truncation keeps whole lines within both limits", () => {
  const text = "one\ntwo\nthree\n";
  assert.deepEqual(plain(agent.truncateHead(text)), {
    content: text,
    truncated: false,
    truncatedBy: null,
    totalLines: 3,
    totalBytes: 14,
    outputLines: 3,
    outputBytes: 14,
    lastLinePartial: false,
    firstLineExceedsLimit: false,
    maxLines: 2000,
    maxBytes: 51200
  });
  const pick = ({ content,
    truncatedBy,
    outputLines,
    outputBytes }) => [content, truncatedBy, outputLines, outputBytes];
  assert.deepEqual(pick(agent.truncateHead(text, { maxLines: 2 })), ["one\ntwo", "lines", 2, 7]);
  assert.deepEqual(pick(agent.truncateHead(text, { maxBytes: 8 })), ["one\ntwo", "bytes", 2, 7]);
  assert.deepEqual(pick(agent.truncateTail(text, { maxLines: 1 })), ["three", "lines", 1, 5]);
  assert.deepEqual(pick(agent.truncateTail(text, { maxBytes: 9 })), ["two\nthree", "bytes", 2, 9]);
  const wide = agent.truncateHead("日本語\nx", { maxBytes: 4 });
  assert.deepEqual(
    [wide.content, wide.firstLineExceedsLimit, wide.truncatedBy], ["", true, "bytes"]);
  const tail = agent.truncateTail("日本語", { maxBytes: 4 });
  assert.deepEqual([tail.content, tail.lastLinePartial, tail.outputBytes], ["語", true, 3]);
  assert.deepEqual(
    plain(agent.truncateLine("abcdef", 3)), { text: "abc... [truncated]", wasTruncated: true });
  assert.deepEqual(
    plain(agent.truncateLine("a😀b", 2)), { text: "a... [truncated]", wasTruncated: true });
  assert.deepEqual(plain(agent.truncateLine("abc", 3)), { text: "abc", wasTruncated: false });
});

test("frontmatter is read and cut off", () => {
  const text = '\uFEFF---\r\nname: my-skill\r\ntitle: "a: b" # comment\ncount: 3\nlist:\n  - one\n  - key: v\n    more: [1, {x: y}]\nsame:\n- a\n- b\ntext: |\n  line 1\n    line 2\n\nfolded: >-\n  a\n  b\n\n  c\nempty:\nquote: \'it\'\'s\'\nurl: http://x/y:z\nyes: true\n---\n\nBody\n---\nrest\n';
  const { frontmatter, body } = agent.parseFrontmatter(text);
  assert.deepEqual(plain(frontmatter), {
    name: "my-skill",
    title: "a: b",
    count: 3,
    list: ["one", { key: "v", more: [1, { x: "y" }] }],
    same: ["a", "b"],
    text: "line 1\n  line 2\n",
    folded: "a b\nc",
    empty: null,
    quote: "it's",
    url: "http://x/y:z",
    yes: true
  });
  assert.equal(body, "Body\n---\nrest");
  assert.deepEqual(plain(agent.parseFrontmatter("no front\r\nmatter")),
    { frontmatter: {}, body: "no front\nmatter" });
  assert.equal(agent.stripFrontmatter("---\na: 1\n---\nx"), "x");
  assert.throws(() => agent.parseFrontmatter("---\na: 1\n  b: 2\n---\nx"), /invalid YAML/);
  assert.throws(() => agent.parseFrontmatter("---\na: [1, 2\n---\nx"), /invalid YAML/);
});

test("changes of one file happen one after the other, of several at once", async () => {
  const seen = [];
  const change = (path, name, milliseconds) => agent.withFileMutationQueue(path, async () => {
    seen.push(`+${name}`);
    await new Promise((resolve) => setTimeout(resolve, milliseconds));
    seen.push(`-${name}`);
    return name;
  });
  const failing = agent.withFileMutationQueue("a", async () => { throw "failed"; });
  const results = Promise.all([change("a", 1, 20), change("./x/../a", 2, 1), change("b", 3, 1)]);
  await assert.rejects(failing, (error) => error === "failed");
  assert.deepEqual(await results, [1, 2, 3]);
  assert.ok(seen.indexOf("+2") > seen.indexOf("-1"), seen.join());
  assert.ok(seen.indexOf("-3") < seen.indexOf("-1"), seen.join());
});

// ---- pi-tui ----

test("terminal components render", () => {
  const tui = loadBuiltin("@earendil-works/pi-tui");
  assert.deepEqual(
    [
      tui.visibleWidth("日本"), tui.visibleWidth("\x1b[31mred\x1b[0m"),
      tui.visibleWidth("👨‍👩‍👧")
    ],
    [4, 3, 2]);
  assert.equal(tui.stripTerminalSequences?.("\x1b[1mx\x1b[22m") ?? "x", "x");
  const lines = new tui.Text("hello wide world", 0, 0).render(8).map((line) => line.trimEnd());
  assert.deepEqual([...lines], ["hello", "wide", "world"]);
  assert.equal(tui.matchesKey("\x1b", "escape"), true);
  assert.equal(tui.renderFakeCursor("x"), "\x1b[7mx\x1b[27m");
  const markdown = new tui.Markdown("# T\n\n- **b**", 0, 0, agent.getMarkdownTheme());
  assert.ok(markdown.render(20).join("\n").includes("T"));
});

test("components of the coding agent can be built and extended", () => {
  const tui = loadBuiltin("@earendil-works/pi-tui");
  const border = new agent.DynamicBorder((text) => `<${text}>`);
  assert.deepEqual([...border.render(3)], ["<───>"]);
  assert.ok(border instanceof agent.DynamicBorder);
  const handled = isolate.run(`((CustomEditor, Editor) => {
    class Mine extends CustomEditor {
      handleInput(data) { if (data === "!") this.seen = true; else super.handleInput(data); }
    }
    const editor = new Mine({ requestRender() {}, terminal: { rows: 20, columns: 80 } }, { borderColor: (text) => text, selectList: {} }, { matches: (data, action) => action === "app.exit" && data === "q" });
    let exits = 0;
    editor.onCtrlD = () => exits++;
    editor.handleInput("!");
    editor.handleInput("q");
    editor.handleInput("a");
    return [editor.seen, exits, editor.getText(), editor instanceof Editor, editor instanceof CustomEditor, editor instanceof Mine].join();
  })`)(agent.CustomEditor, tui.Editor);
  assert.equal(handled, "true,1,a,true,true,true");
  assert.match(agent.keyHint("tui.select.cancel", "cancel"), /esc.*cancel/s);
  assert.equal(
    agent.rawKeyHint("ctrl+x", "cut"), "\x1b[39m\x1b[2mctrl+x\x1b[22;39m\x1b[38;5;8m cut\x1b[39m");
});

// ---- pi-ai: transcripts, JSON, models ----

const declared = (name, description = "d") =>
  ({ name, description, parameters: { type: "object", properties: {} } });
const system = (content, more = {}) => ({ role: "system", content, timestamp: 1, ...more });
const user = (content) => ({ role: "user", content, timestamp: 2 });
const model = {
  id: "m", provider: "p", api: "my-api", reasoning: true, input: ["text"],
  cost: { input: 1, output: 2, cacheRead: 0, cacheWrite: 0 }, contextWindow: 1000, maxTokens: 100,
};
const usage = {
  input: 1, output: 2, cacheRead: 0, cacheWrite: 0, totalTokens: 3,
  cost: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, total: 0 },
};
const answer = (content, more = {}) => ({
  role: "assistant", content, api: "a", provider: "p", model: "m", usage: { ...usage },
  stopReason: "stop", timestamp: 3, ...more,
});

test("system messages add up to one prompt and one set of tools", () => {
  const messages = [
    system("P", { toolsAdded: [declared("a"), declared("b")], sections: { x: "X", y: "Y" } }),
    user("u"),
    system("Q", {
      toolsAdded: [declared("b", "new")], toolsRemoved: [{ name: "a" }],
      sections: { x: null, z: "Z" },
    }),
  ];
  assert.equal(ai.getCurrentSystemPrompt(messages), "P\n\nQ\n\nY\n\nZ");
  assert.deepEqual(plain(ai.getCurrentTools(messages)), [declared("b", "new")]);
  assert.deepEqual(plain(ai.collapseSystemMessages({ messages })), {
    messages: [
      {
        role: "system", content: "P\n\nQ", sections: { y: "Y", z: "Z" },
        toolsAdded: [declared("b", "new")], timestamp: 1,
      },
      user("u"),
    ],
  });
  assert.deepEqual([ai.hasToolRedefinitions(messages), ai.hasNonAdditiveToolChanges(messages)],
    [true, true]);
  assert.equal(ai.renderSystemMessageUpdate(messages[2]),
    'Q\n\nRemoved system prompt section "x".\n\nUpdated system prompt section "z":\n\nZ');
  assert.deepEqual(
    plain(ai.normalizeContext({ messages: [user("u")], systemPrompt: "S", tools: [declared("t")] })),
    {
      messages: [
        { role: "system", content: "S", toolsAdded: [declared("t")], timestamp: 0 }, user("u"),
      ],
    });
  const blocks = system([{ type: "text", text: "one" }, { type: "text", text: "two" }]);
  assert.equal(ai.getCurrentSystemPrompt([blocks]), "one\ntwo");
  assert.equal(ai.getCurrentSystemPrompt([user("u")]), "");
  assert.deepEqual(plain(ai.getToolStateChanges([declared("a"), declared("b")],
    [declared("a", "new"), declared("c")])),
  { toolsAdded: [declared("a", "new"), declared("c")], toolsRemoved: [{ name: "a" }, { name: "b" }] });
});

test("JSON that is cut off gives what is known of it", () => {
  for (const [text, value] of [
    ['{"a":', {}], ['{"a": "x', { a: "x" }], ['{"a": tr', { a: true }], ["[1,2", [1, 2]], ["", {}],
    ['{"a": "x\\', { a: "x" }], ['{"a": 1.', {}], ['{"a', {}], ["nul", {}], ['"abc', "abc"],
    ['{"a":1,}', { a: 1 }], ["{'a':1}", {}], ['{"a":"l1\nl2"}', { a: "l1\nl2" }],
    ['{"a":"\\x"}', { a: "\\x" }], ["garbage", {}], ['{"a":1} more', { a: 1 }],
    ['{"a":[{"b":"c"},{"d', { a: [{ b: "c" }, {}] }],
  ]) assert.deepEqual(plain(ai.parseStreamingJson(text)), value, text);
  assert.equal(ai.repairJson('{"a":"l1\nl2\\x"}'), '{"a":"l1\\nl2\\\\x"}');
  assert.deepEqual(plain(ai.parseToolCallArguments("")), { arguments: {} });
  assert.match(ai.parseToolCallArguments("{x").argumentsError, /\n\nReceived arguments:\n\{x$/);
});

test("tool call arguments arrive in pieces of any size", () => {
  const value = {
    path: "a\n\u{1F600}", list: [1, -2.5e3, { x: true, y: null }, []], text: 'q"\\', __proto__x: {},
  };
  const json = JSON.stringify(value);
  for (const size of [1, 2, 3, 7, json.length]) {
    const stream = new ai.ToolCallArgumentsStream();
    let last;
    for (let at = 0; at < json.length; at += size) last = stream.append(json.slice(at, at + size));
    assert.deepEqual(plain(last), value);
    assert.deepEqual(plain(stream.finish()), { arguments: value });
    assert.equal(stream.text, json);
  }
  const stream = new ai.ToolCallArgumentsStream();
  const first = stream.append('{"l":[1');
  stream.append(",2");
  assert.deepEqual(plain(first), { l: [1] });
  assert.equal(new ai.ToolCallArgumentsStream().append('{"__proto__":1}').polluted, undefined);
});

test("thinking levels are those of the model", () => {
  const mapped = { ...model, thinkingLevelMap: { off: null, high: null, max: "max" } };
  assert.equal(ai.getSupportedThinkingLevels(model).join(), "off,minimal,low,medium,high");
  assert.equal(ai.getSupportedThinkingLevels(mapped).join(), "minimal,low,medium,max");
  assert.deepEqual(["off", "high", "xhigh", "low"].map((level) =>
    ai.clampThinkingLevel(mapped, level)), ["minimal", "max", "max", "low"]);
  assert.equal(ai.clampThinkingLevel({ ...model, reasoning: false }, "high"), "off");
});

test("failed answers are told apart", () => {
  const failed = (errorMessage) => answer([], { stopReason: "error", errorMessage });
  for (const [text, isOverflow, isRetryable] of [
    ["prompt is too long: 213462 tokens > 200000 maximum", true, false],
    ["context_length_exceeded", true, false], ["429 Too Many Requests", false, true],
    ["overloaded_error", false, true], ["fetch failed", false, true],
    ["invalid api key", false, false], ["insufficient_quota", false, false],
  ]) {
    assert.equal(ai.isContextOverflow(failed(text), 1000), isOverflow, text);
    assert.equal(ai.isRetryableAssistantError(failed(text)), isRetryable, text);
  }
  const silent = answer([], { usage: { ...usage, input: 2000 } });
  assert.equal(ai.isContextOverflow(silent, 1000), true);
});

test("no model runs here: built-in APIs answer with an error, an extension's own work", async () => {
  const events = [];
  const stream = ai.anthropicMessagesApi().streamSimple({ ...model, api: "anthropic-messages" }, {});
  for await (const event of stream) events.push(event);
  assert.equal(events.length, 1);
  assert.deepEqual([events[0].type, events[0].reason, events[0].error.stopReason],
    ["error", "error", "error"]);
  assert.match((await stream.result()).errorMessage, /runs no models.*p\/m/);
  const viaRegistry = await ai.completeSimple({ ...model, api: "openai-responses" }, {});
  assert.equal(viaRegistry.stopReason, "error");
  await assert.rejects(ai.complete(model, {}), /^Error: No API provider registered for api: my-api$/);
  ai.registerApiProvider({
    api: "my-api",
    stream: () => {
      const own = ai.createAssistantMessageEventStream();
      own.push({ type: "done", reason: "stop", message: answer([{ type: "text", text: "mine" }]) });
      return own;
    },
  }, "probe");
  assert.equal((await ai.complete(model, {})).content[0].text, "mine");
  ai.unregisterApiProviders("probe");
  assert.equal(ai.getApiProvider("my-api"), undefined);
  assert.deepEqual(plain([ai.getModels("anthropic"), ai.getProviders()]), [[], []]);
});

// ---- pi-agent-core ----

const { Agent } = loadBuiltin("@earendil-works/pi-agent-core");

/** An agent whose model gives these answers, and the types of the events it emitted. */
function scripted(answers, tools = [], more = {}) {
  const requests = [];
  const streamFn = (_model, context) => {
    requests.push(plain(context));
    const stream = ai.createAssistantMessageEventStream();
    const message = answers.shift();
    queueMicrotask(() => {
      if (message === undefined) {
        const error = answer([], { stopReason: "error", errorMessage: "no more" });
        stream.push({ type: "error", reason: "error", error });
      } else {
        stream.push({ type: "start", partial: message });
        stream.push({ type: "done", reason: message.stopReason, message });
      }
      stream.end();
    });
    return stream;
  };
  const made = new Agent({ initialState: { systemPrompt: "SP", model, tools }, streamFn, ...more });
  const events = [];
  made.subscribe((event) => { events.push(plain(event)); });
  return { made, events, requests };
}

const text = (value) => [{ type: "text", text: value }];

test("an agent runs tools until the model is done", async () => {
  const tool = {
    name: "t", label: "T", description: "d",
    parameters: typebox.Type.Object({ n: typebox.Type.Number() }),
    execute: async (_id, { n }, _signal, onUpdate) => {
      onUpdate({ content: text("part"), details: {} });
      if (n === 9) throw new Error("boom");
      return { content: text(`r${n}`), details: { n } };
    },
  };
  const call = (id, args, name = "t") => ({ type: "toolCall", id, name, arguments: args });
  const { made, events, requests } = scripted([
    answer([call("1", { n: 1 }), call("2", { n: 9 }), call("3", { n: "x" }), call("4", {}, "u")],
      { stopReason: "toolUse" }),
    answer(text("end")),
  ], [tool]);
  await made.prompt("go");
  const names = events.map(({ type, toolCallId = "", message }) =>
    type.replace("tool_execution", "tool") + toolCallId + (message ? ` ${message.role}` : ""));
  assert.equal(names.join(), [
    "agent_start,turn_start,message_start user,message_end user,message_start assistant",
    "message_end assistant,tool_start1,tool_start2,tool_start3,tool_end3,tool_start4,tool_end4",
    "tool_update1,tool_update2,tool_end1,tool_end2",
    ...Array(4).fill("message_start toolResult,message_end toolResult"),
    "turn_end assistant,turn_start,message_start assistant,message_end assistant",
    "turn_end assistant,agent_end",
  ].join());
  const results = made.state.messages.filter(({ role }) => role === "toolResult");
  assert.deepEqual(
    plain(results).map(({ isError, content }) => [isError, content[0].text.split("\n")[0]]),
    [[false, "r1"], [true, "boom"], [true, 'Validation failed for tool "t":'],
      [true, "Tool u not found"]]);
  assert.deepEqual(requests[0].messages.map(({ role }) => role), ["system", "user"]);
  assert.equal(requests[1].messages.length, 7);
  assert.equal(made.state.isStreaming, false);
});

test("an agent takes queued messages, hooks and one prompt at a time", async () => {
  const { made } = scripted([answer(text("1")), answer(text("2"))]);
  made.followUp(user("later"));
  made.steer(user("now"));
  const running = made.prompt("q");
  await assert.rejects(made.prompt("second"), /already processing a prompt/);
  await assert.rejects(made.continue(), /already processing/);
  await running;
  assert.deepEqual(plain(made.state.messages).slice(1).map(({ role }) => role),
    ["user", "user", "assistant", "user", "assistant"]);
  await assert.rejects(made.continue(), /Cannot continue from message role: assistant/);

  const tool = {
    ...declared("t"), label: "T", execute: async () => ({ content: text("raw"), details: {} }),
  };
  const calls = ["1", "2"].map((id) => ({ type: "toolCall", id, name: "t", arguments: {} }));
  const hooked = scripted([answer(calls, { stopReason: "toolUse" }), answer(text("x"))], [tool], {
    beforeToolCall: async ({ toolCall }) => toolCall.id === "1" ? { block: true } : undefined,
    afterToolCall: async () => ({ content: text("patched") }),
  }).made;
  await hooked.prompt("q");
  assert.deepEqual(plain(hooked.state.messages).filter(({ role }) => role === "toolResult")
    .map(({ content, isError }) => [content[0].text, isError]),
  [["Tool execution was blocked", true], ["patched", false]]);
});

test("an agent whose model fails or breaks says so and is idle again", async () => {
  const { made, events } = scripted([]);
  await made.prompt("x");
  assert.equal(made.state.errorMessage, "no more");
  assert.equal(events.at(-1).type, "agent_end");
  const broken = new Agent({ initialState: { model }, streamFn: () => { throw new Error("bad"); } });
  await broken.prompt("x");
  assert.deepEqual([broken.state.errorMessage, broken.state.isStreaming], ["bad", false]);
  const without = new Agent({ initialState: { model: { ...model, api: "google-vertex" } } });
  await without.prompt("x");
  assert.match(without.state.errorMessage, /runs no models/);
});

// ---- pi-coding-agent: messages, sessions, skills ----

test("messages of a coding agent are put for a model and for a summary", () => {
  const messages = [
    user("hello"),
    answer([{ type: "thinking", thinking: "hm" }, ...text("hi"),
      { type: "toolCall", id: "c", name: "read", arguments: { path: "a", n: 1 } }]),
    { role: "bashExecution", command: "false", output: "", exitCode: 1, timestamp: 5 },
    { role: "bashExecution", command: "x", output: "", excludeFromContext: true, timestamp: 5 },
    { role: "custom", customType: "c", content: "note", display: true, timestamp: 6 },
    { role: "compactionSummary", summary: "S", tokensBefore: 1, timestamp: 7 },
    { role: "unknown" },
  ];
  const converted = plain(agent.convertToLlm(messages));
  assert.deepEqual(converted.map(({ role }) => role), ["user", "assistant", "user", "user", "user"]);
  assert.equal(converted[2].content[0].text,
    "Ran `false`\n(no output)\n\nCommand exited with code 1");
  assert.equal(agent.serializeConversation(converted.slice(0, 2)),
    '[User]: hello\n\n[Assistant]: hi\n\n[Assistant tool calls]: read(path="a", n=1)');
  assert.deepEqual(messages.map(agent.estimateTokens), [2, 7, 2, 1, 1, 1, 0]);
  assert.equal(agent.shouldCompact(83617, 100000, agent.DEFAULT_COMPACTION_SETTINGS), true);
  assert.equal(agent.shouldCompact(83616, 100000, agent.DEFAULT_COMPACTION_SETTINGS), false);
});

test("a session is a tree whose leaf moves", () => {
  const session = agent.SessionManager.inMemory("/w");
  const first = session.appendMessage(user("one"));
  const second = session.appendMessage(answer(text("two")));
  session.appendThinkingLevelChange("high");
  session.appendLabelChange(first, "mark");
  session.appendSessionInfo(" My\nname ");
  assert.deepEqual([session.getSessionName(), session.getLabel(first), session.getEntryCount()],
    ["My name", "mark", 5]);
  session.branch(first);
  const other = session.appendMessage(user("other"));
  assert.deepEqual(plain(session.getBranch().map(({ id }) => id)), [first, other]);
  const [root] = session.getTree();
  assert.deepEqual([root.label, root.children.length, root.children[0].entry.id],
    ["mark", 2, second]);
  session.branchWithSummary(first, "gone");
  const summary = session.getLeafEntry();
  assert.deepEqual([summary.type, summary.parentId, summary.fromId],
    ["branch_summary", first, other]);
  assert.throws(() => session.branch("none"), /Entry none not found/);
  assert.throws(() => session.appendContextEdit("none", null), /Entry none not found/);
  session.resetLeaf();
  assert.deepEqual(plain(session.buildSessionContext()),
    { messages: [], thinkingLevel: "off", model: null });
});

test("the context of a session honours compaction and edits", () => {
  const session = agent.SessionManager.inMemory("/w");
  session.appendMessage(user("old"));
  session.appendModelChange("p", "m");
  const kept = session.appendMessage(user("kept"));
  session.appendCompaction("SUM", kept, 10);
  session.appendMessage(user("new"));
  const contents = () => plain(session.buildSessionContext().messages)
    .map(({ content, summary }) => content ?? summary);
  assert.deepEqual(contents(), ["SUM", "kept", "new"]);
  session.appendContextEdit(kept, { content: "edited" });
  assert.deepEqual(contents(), ["SUM", "edited", "new"]);
  session.appendContextEdit(kept, null);
  assert.deepEqual(contents(), ["SUM", "new"]);
  assert.deepEqual(plain(session.buildSessionContext().model), { provider: "p", modelId: "m" });
});

/** An isolate over Node's own files, with an agent folder of its own. */
function withFiles(t) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "isopod-sessions-"));
  t.after(() => fs.rmSync(folder, { recursive: true, force: true }));
  const { loadBuiltin: load } = createIsolate({
    info: { cwd: folder, agentDir: path.join(folder, "agent") }, builtins: { "node:fs": fs },
  });
  return { folder, pi: load("@earendil-works/pi-coding-agent") };
}

test("sessions are kept in files of JSON lines", async (t) => {
  const { folder, pi } = withFiles(t);
  const { SessionManager } = pi;
  const session = SessionManager.create(folder);
  const file = session.getSessionFile();
  session.appendThinkingLevelChange("low");
  assert.equal(fs.existsSync(file), false);
  session.appendMessage(user("hey"));
  session.appendMessage(answer(text("yo")));
  const lines = fs.readFileSync(file, "utf8").trim().split("\n").map((line) => JSON.parse(line));
  assert.deepEqual(lines.map(({ type }) => type),
    ["session", "thinking_level_change", "message", "message"]);
  const opened = SessionManager.open(file);
  assert.deepEqual(plain(opened.getEntries()), plain(session.getEntries()));
  opened.appendMessage(user("more"));
  const [listed] = await SessionManager.list(folder);
  assert.deepEqual([listed.id, listed.messageCount, listed.allMessagesText],
    [session.getSessionId(), 3, "hey yo more"]);
  assert.equal(SessionManager.continueRecent(folder).getSessionId(), session.getSessionId());
  assert.equal(SessionManager.findById(folder, session.getSessionId()), file);
  const forked = SessionManager.forkFrom(file, folder);
  assert.equal(forked.getHeader().parentSession, file);
  assert.equal(forked.getEntries().length, 4);
  fs.writeFileSync(path.join(folder, "bad.jsonl"), "not json\n{}\n");
  assert.throws(() => SessionManager.open(path.join(folder, "bad.jsonl")),
    /not a valid pi session/);
});

test("sessions of the first version become trees", () => {
  const records = agent.parseSessionEntries([
    { type: "session", id: "s" }, { type: "message", message: { role: "hookMessage" } },
    { type: "compaction", firstKeptEntryIndex: 1 },
  ].map((record) => JSON.stringify(record)).join("\nnoise\n"));
  agent.migrateSessionEntries(records);
  const [header, message, compaction] = records;
  assert.equal(header.version, agent.CURRENT_SESSION_VERSION);
  assert.equal(message.message.role, "custom");
  assert.deepEqual([message.parentId, compaction.parentId], [null, message.id]);
  assert.equal(compaction.firstKeptEntryId, message.id);
});

test("skills are found, checked and put in the prompt", (t) => {
  const { folder, pi } = withFiles(t);
  const put = (name, content) => {
    const file = path.join(folder, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, content);
  };
  put("sk/one/SKILL.md", "---\nname: one\ndescription: d <1>\n---\nbody");
  put("sk/two.md", "---\nname: two\ndescription: d2\ndisable-model-invocation: true\n---\n");
  put("sk/bad/SKILL.md", "---\nname: Bad_Name\n---\n");
  const { skills, diagnostics } =
    pi.loadSkillsFromDir({ dir: path.join(folder, "sk"), source: "user" });
  assert.deepEqual(plain(skills).map(({ name, sourceInfo }) => [name, sourceInfo.scope]).sort(),
    [["one", "user"], ["two", "user"]]);
  assert.deepEqual(plain(diagnostics).map(({ message }) => message), ["description is required",
    "name contains invalid characters (must be lowercase a-z, 0-9, hyphens only)"]);
  const prompt = pi.formatSkillsForPrompt(skills);
  assert.ok(prompt.includes("<description>d &lt;1&gt;</description>"));
  assert.equal(prompt.includes("two"), false);
  assert.deepEqual(plain(pi.parseSkillBlock(
    '<skill name="a" location="/x">\nbody\n</skill>\n\nuser text')),
  { name: "a", location: "/x", content: "body", userMessage: "user text" });
  put("AGENTS.md", "rules");
  assert.deepEqual(plain(pi.loadProjectContextFiles({ cwd: folder })).at(-1),
    { path: path.join(folder, "AGENTS.md"), content: "rules" });
  assert.equal(pi.hasTrustRequiringProjectResources(folder), false);
  put(".pi/settings.json", "{}");
  assert.equal(pi.hasTrustRequiringProjectResources(folder), true);
});

// ---- colours ----

test("code and differences have the theme's colours, line by line", () => {
  const theme = loadBuiltin("isopod:pi/theme").theme;
  assert.deepEqual(plain(agent.highlightCode('const x = 1; // c\n"s"', "typescript")), [
    `${theme.fg("syntaxKeyword", "const")} x = ${theme.fg("syntaxNumber", "1")}; ` +
      theme.fg("syntaxComment", "// c"),
    theme.fg("syntaxString", '"s"'),
  ]);
  assert.deepEqual(plain(agent.highlightCode("a\nb")),
    ["a", "b"].map((line) => theme.fg("mdCodeBlock", line)));
  assert.equal(agent.highlightCode('x = "open\nif', "python")[1], theme.fg("syntaxKeyword", "if"));
  const tui = loadBuiltin("@earendil-works/pi-tui");
  let seed = Number(process.env.ISOPOD_SEED ?? 5);
  const random = (limit) => (seed = (seed * 1103515245 + 12345) % 2 ** 31) % limit;
  const kParts = ['"', "'", "`", "//", "/*", "*/", "#", "\\", "\n", "if", " ", "é", "1e5", "--", "{"];
  for (let round = 0; round < 200; round++) {
    const code = Array.from({ length: random(15) }, () => kParts[random(kParts.length)]).join("");
    for (const language of ["typescript", "python", "sql", "css", "json"]) {
      const bare = agent.highlightCode(code, language).map(tui.stripTerminalSequences);
      assert.equal(bare.join("\n"), code);
    }
  }
  assert.equal(agent.renderDiff("-1 a\n+1 b"),
    `${theme.fg("toolDiffRemoved", "-1 a")}\n${theme.fg("toolDiffAdded", "+1 b")}`);
});

test("colours are parsed, converted and written as ANSI", () => {
  const tui = loadBuiltin("@earendil-works/pi-tui");
  const pink = tui.parseColor("#ff0080");
  assert.deepEqual(plain(pink), { kind: "rgb", r: 255, g: 0, b: 128 });
  assert.equal(tui.foregroundAnsi(pink, "truecolor"), "\x1b[38;2;255;0;128m");
  assert.equal(tui.backgroundAnsi(pink, "256color"), "\x1b[48;5;198m");
  assert.equal(tui.colorToHex(tui.parseColor("oklch(0.7 0.1 200)")), "#40b1b7");
  assert.equal(tui.colorToHex(tui.indexedColor(240)), "#585858");
  const mixed = tui.mixColors(tui.rgbColor(255, 0, 0), tui.rgbColor(0, 0, 255), 0.5);
  assert.deepEqual([mixed.l, mixed.c, mixed.h].map((part) => part.toFixed(2)),
    ["0.54", "0.29", "326.64"]);
  for (const bad of ["red", "", "#12345", 300]) {
    assert.throws(() => tui.parseColor(bad), { name: "Error" });
  }
  assert.equal(tui.styleText("x", { bg: tui.indexedColor(3), bold: true }),
    "\x1b[48;5;3m\x1b[1mx\x1b[22m\x1b[49m");
  assert.equal(tui.replaceControlCharacters("a\x00\x1b[1m\n\tb"), "a [1m b");
});
