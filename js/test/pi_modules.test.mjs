// SPDX-License-Identifier: MIT
import assert from "node:assert/strict";
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
  for (const [name, member] of [["@earendil-works/pi-coding-agent", "createBashTool"],
         ["@earendil-works/pi-ai", "complete"],
         ["@earendil-works/pi-tui", "styleText"],
         ["@earendil-works/pi-agent-core", "agentLoop"],
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
    agent.rawKeyHint("ctrl+x", "cut"), "\x1b[38;5;8mctrl+x\x1b[39m\x1b[38;5;8m cut\x1b[39m");
});
