// SPDX-License-Identifier: MIT
// ctx.sessionManager: what it derives from the entries the host keeps.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createIsolate } from "../testing/support.mjs";

const at = (second) => `2026-01-01T00:00:0${second}.000Z`;
const ms = (second) => Date.parse(at(second));
const entry = (id, parentId, type, more = {}) =>
  ({ type, id, parentId, timestamp: at(Number(id) % 10), ...more });
const said = (id, parentId, role, content) =>
  entry(id, parentId, "message", { message: { role, content } });

/** Runs `look(view, pi)` in a command, over a session that a host would keep. */
async function looking(state, look) {
  const calls = [];
  const header = { type: "session", version: 3, id: "s-1" };
  const answers = {
    "session.info": () => ({
      id: "s-1", file: state.file ?? null, directory: state.directory ?? "", header,
      leaf: state.leaf ?? null, count: state.entries.length,
    }),
    "session.get_entries": () => state.entries,
    "session.get_name": () => state.name ?? null,
    "session.append_entry": ({ customType }) => {
      const id = String(state.entries.length + 1);
      state.entries.push(entry(id, state.leaf ?? null, "custom", { customType }));
      state.leaf = id;
      return id;
    },
  };
  let result;
  const isolate = createIsolate({
    onCall(operation, args) {
      calls.push(operation);
      return answers[operation]?.(args) ?? null;
    },
    entry: () => (pi) => pi.registerCommand("c", {
      handler(_args, ctx) { result = look(ctx.sessionManager, pi, ctx); },
    }),
  });
  await isolate.load();
  await isolate.request("command", { name: "c" });
  isolate.close();
  return { result: JSON.parse(JSON.stringify(result ?? null)), calls };
}
const ids = (list) => list.map(({ id }) => id).join();

const kTree = {
  leaf: "5",
  entries: [
    said("1", null, "user", "hi"), said("2", "1", "assistant", []), entry("3", "1", "custom"),
    entry("4", "3", "label", { targetId: "2", label: "mark" }), said("5", "4", "user", "again"),
  ],
};

test("an empty session in memory", async () => {
  const { result } = await looking({ entries: [] }, (view) => [
    view.getCwd(), view.getSessionDir(), view.getSessionId(), view.getSessionFile() ?? "none",
    view.getSessionName() ?? "none", view.getHeader().id, view.getEntries(), view.getLeafId(),
    view.getLeafEntry() ?? "none", view.getBranch(), view.getTree(), view.isPersisted(),
    view.buildContextEntries(), view.buildSessionProjection(),
  ]);
  assert.deepEqual(result, [
    "/work/project", "", "s-1", "none", "none", "s-1", [], null, "none", [], [], false, [],
    { entries: [], messages: [], thinkingLevel: "off", model: null },
  ]);
});

test("a session in a file says where it is", async () => {
  const state = { entries: [], file: "/d/s.jsonl", directory: "/d", name: "n" };
  const { result } = await looking(state, (view) =>
    [view.getSessionFile(), view.getSessionDir(), view.getSessionName(), view.isPersisted()]);
  assert.deepEqual(result, ["/d/s.jsonl", "/d", "n", true]);
});

test("branches, children and entries", async () => {
  const { result } = await looking(kTree, (view) => [
    ids(view.getBranch()), ids(view.getBranch("2")), ids(view.getBranch("nobody")),
    ids(view.getChildren("1")), view.getEntry("3").type, view.getEntry("nobody") ?? "none",
    view.getEntryCount(), view.getLeafEntry().id,
  ]);
  assert.deepEqual(result, ["1,3,4,5", "1,2", "", "2,3", "custom", "none", 5, "5"]);
});

test("the leaf is the host's, not the last entry", async () => {
  const { result } = await looking({ ...kTree, leaf: "2" }, (view) =>
    [view.getLeafId(), ids(view.getBranch())]);
  assert.deepEqual(result, ["2", "1,2"]);
});

test("the tree has labels, orphans as roots and children by time", async () => {
  const entries = [
    entry("9", null, "custom"), entry("3", "9", "custom"), entry("2", "9", "custom"),
    entry("4", "gone", "custom"), entry("5", "5", "custom"),
    entry("6", "2", "label", { targetId: "3", label: "mark" }),
    entry("7", "6", "label", { targetId: "2", label: "off" }),
    entry("8", "7", "label", { targetId: "2" }),
  ];
  const { result } = await looking({ entries, leaf: "8" }, (view) => {
    const tree = view.getTree();
    return [
      tree.map((node) => node.entry.id), tree[0].children.map((node) => node.entry.id),
      tree[0].children[1].label, tree[0].children[1].labelTimestamp,
      view.getLabel("3"), view.getLabel("2") ?? "none",
    ];
  });
  assert.deepEqual(result, [["9", "4", "5"], ["2", "3"], "mark", at(6), "mark", "none"]);
});

test("a cycle ends a branch", async () => {
  const entries = [entry("1", "2", "custom"), entry("2", "1", "custom")];
  const { result } = await looking({ entries, leaf: "2" }, (view) => ids(view.getBranch()));
  assert.equal(result, "1,2");
});

test("entries are read once until something is appended", async () => {
  const state = { entries: [...kTree.entries], leaf: "5" };
  const { result, calls } = await looking(state, (view, pi) => {
    view.getEntries();
    view.getBranch();
    view.getEntry("1");
    const before = view.getEntries().length;
    pi.appendEntry("mine");
    return [before, view.getEntries().length, view.getLeafEntry().customType];
  });
  assert.deepEqual(result, [5, 6, "mine"]);
  assert.equal(calls.filter((operation) => operation === "session.get_entries").length, 2);
});

test("a list that was given out can be changed without harm", async () => {
  const { result } = await looking(kTree, (view) => {
    view.getEntries().length = 0;
    view.getBranch().pop();
    return [view.getEntries().length, view.getBranch().length];
  });
  assert.deepEqual(result, [5, 4]);
});

test("a compaction stands for what it replaced", async () => {
  const entries = [
    said("1", null, "system", "p"), said("2", "1", "user", "old"), said("3", "2", "user", "kept"),
    said("4", "3", "system", "q"),
    entry("5", "4", "compaction", {
      summary: "sum", firstKeptEntryId: "3", tokensBefore: 7,
      systemMessage: { role: "system", n: 1 },
    }),
    said("6", "5", "user", "new"),
  ];
  const { result } = await looking({ entries, leaf: "6" }, (view) =>
    [ids(view.buildContextEntries()), view.buildSessionProjection().messages]);
  assert.deepEqual(result, ["5,3,6", [
    { role: "system", n: 1 },
    { role: "compactionSummary", summary: "sum", tokensBefore: 7, timestamp: ms(5) },
    { role: "user", content: "kept" }, { role: "user", content: "new" },
  ]]);
});

test("a compaction that keeps nothing keeps nothing", async () => {
  const entries = [
    said("1", null, "user", "old"),
    entry("2", "1", "compaction", { summary: "s", firstKeptEntryId: "2", tokensBefore: 1 }),
  ];
  const { result } =
    await looking({ entries, leaf: "2" }, (view) => ids(view.buildContextEntries()));
  assert.equal(result, "2");
});

test("the projection applies the last edit and knows model and thinking level", async () => {
  const entries = [
    entry("1", null, "model_change", { provider: "p", modelId: "m" }),
    entry("2", "1", "thinking_level_change", { thinkingLevel: "high" }),
    said("3", "2", "user", "a"),
    entry("4", "3", "message",
      { message: { role: "assistant", content: [], provider: "q", model: "n" } }),
    entry("5", "4", "custom_message", { customType: "c", content: "x", display: true }),
    entry("6", "5", "context_edit", { targetId: "4", replacement: { content: "short" } }),
    entry("7", "6", "context_edit", { targetId: "3", replacement: { content: "b" } }),
    entry("8", "7", "context_edit", { targetId: "3", replacement: null }),
  ];
  const { result } = await looking({ entries, leaf: "8" }, (view) => view.buildSessionContext());
  assert.deepEqual(result, {
    messages: [
      { role: "assistant", content: [{ type: "text", text: "short" }], provider: "q", model: "n" },
      { role: "custom", customType: "c", content: "x", display: true, timestamp: ms(5) },
    ],
    thinkingLevel: "high",
    model: { provider: "q", modelId: "n" },
  });
});

test("messages that lack something are no danger", async () => {
  const entries = [
    entry("1", null, "message"), said("2", "1", "user", null), said("3", "2", "system"),
    said("4", "3", "bashExecution"),
    entry("5", "4", "branch_summary", { summary: "b", fromId: "1" }),
    entry("6", "5", "branch_summary"),
  ];
  const { result } =
    await looking({ entries, leaf: "6" }, (view) => view.buildSessionProjection().messages);
  assert.deepEqual(result, [
    { role: "user", content: [] }, { role: "system", content: "" }, { role: "bashExecution" },
    { role: "branchSummary", summary: "b", fromId: "1", timestamp: ms(5) },
  ]);
});

test("what the manager writes goes to the host or says that it is not there", async () => {
  const { result, calls } = await looking({ entries: [] }, (view) => {
    const id = view.appendCustomEntry("t", 1);
    let refused = "";
    try { view.branch("1"); } catch (error) { refused = error.message; }
    return [id, refused];
  });
  assert.deepEqual(result,
    ["1", "ctx.sessionManager.branch is not supported by this version of isopod"]);
  assert.equal(calls[0], "session.append_entry");
});
