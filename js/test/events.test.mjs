// SPDX-License-Identifier: MIT
// How the handlers of one event meet within one extension; src/registry tests the host's half.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createIsolate } from "../testing/support.mjs";

/** Emits one event at an extension with these handlers and gives its answer. */
async function emit(type, event, handlers, { onCall } = {}) {
  const isolate = createIsolate({
    onCall,
    entry: ({ global }) => (pi) => {
      for (const handler of handlers) pi.on(type, (...args) => handler(...args, global));
    },
  });
  await isolate.load();
  const answer = await isolate.request("event", { type, event });
  isolate.close();
  return answer;
}
const messages = (answer) => answer.errors.map((error) => error.message);
const never = () => assert.fail("this handler must not run");

test("handlers that are only told share one event and their results stay here", async () => {
  const cycle = {};
  cycle.self = cycle;
  const answer = await emit("agent_end", { messages: [] }, [
    (event) => { event.messages.push(1); return cycle; },
    (event) => { event.seen = event.messages.length; return () => {}; },
  ]);
  assert.deepEqual(answer, {
    event: { messages: [1], type: "agent_end", seen: 1 }, results: [null, null], errors: [],
  });
});

test("an error is told with its place and the next handler runs", async () => {
  const answer = await emit("turn_start", {}, [
    () => { throw "text"; },
    (event) => { event.ran = true; },
  ]);
  assert.deepEqual([messages(answer), answer.event.ran], [["text"], true]);
});

test("a handler added or removed while an event runs does not change who is asked", async () => {
  const seen = [];
  const isolate = createIsolate({
    entry: () => (pi) => {
      const off = [];
      pi.on("turn_start", () => {
        seen.push("first");
        pi.on("turn_start", () => seen.push("late"));
        off[0]();
      });
      off.push(pi.on("turn_start", () => seen.push("second")));
    },
  });
  await isolate.load();
  await isolate.request("event", { type: "turn_start", event: {} });
  assert.deepEqual(seen, ["first", "second"]);
});

test("session_before_* stops at cancel; the last truthy result is the host's to find", async () => {
  for (const type of ["session_before_switch", "session_before_fork", "session_before_compact",
    "session_before_tree"]) {
    const answer =
      await emit(type, {}, [() => ({ x: 1 }), () => 0, () => ({ cancel: true }), never]);
    assert.deepEqual(answer.results, [{ x: 1 }, null, { cancel: true }]);
  }
});

test("compaction and tree handlers have a signal that does not travel", async () => {
  for (const type of ["session_before_compact", "session_before_tree"]) {
    const seen = [];
    const answer = await emit(type, {}, [(event) => { seen.push(event.signal.aborted); }]);
    assert.deepEqual([seen, Object.keys(answer.event)], [[false], ["type"]]);
  }
});

test("input is chained by results; edits of the event do not count", async () => {
  const answer = await emit("input", { text: "a", images: [1] }, [
    (event) => { event.text = "ignored"; },
    (event) => ({ action: "transform", text: `${event.text}b` }),
    (event) => ({ action: "transform", text: `${event.text}c`, images: [2] }),
    () => ({ action: "continue", text: "ignored" }),
  ]);
  assert.deepEqual([answer.event.text, answer.event.images], ["abc", [2]]);
  const handled = await emit("input", { text: "a" }, [() => ({ action: "handled" }), never]);
  assert.deepEqual(handled.results, [{ action: "handled" }]);
  const without = await emit("input", { text: "a" }, [() => ({ action: "transform" })]);
  assert.equal("text" in without.event, false);
});

test("a forced system prompt is seen by later handlers, in the event and in ctx", async () => {
  const seen = [];
  const look = (event, ctx) => {
    seen.push([event.systemPrompt, ctx.getSystemPrompt()]);
  };
  const event = { systemPrompt: "s", systemPromptOptions: { sections: {} } };
  const answer = await emit("before_agent_start", event, [
    look,
    () => ({ systemPrompt: "t", message: { customType: "m" } }),
    (event) => { event.systemPromptOptions.sections.x = "1"; event.prompt = "ignored"; },
    look,
    (event) => { event.systemPromptOptions.forceSystemPrompt = "u"; },
    look,
  ]);
  assert.deepEqual(seen, [["s", "s"], ["t", "t"], ["u", "u"]]);
  assert.deepEqual(answer.event, {
    systemPrompt: "u",
    systemPromptOptions: { sections: { x: "1" }, forceSystemPrompt: "u" },
    type: "before_agent_start",
  });
  assert.deepEqual(answer.results[1], { message: { customType: "m" }, systemPrompt: "t" });
});

test("resources_discover hands on the path lists and nothing else", async () => {
  const answer = await emit("resources_discover", { cwd: "/w" }, [
    (event) => { event.cwd = "/ignored"; return { skillPaths: ["/s"], other: () => {} }; },
  ]);
  assert.deepEqual([answer.event.cwd, answer.results], ["/w", [{ skillPaths: ["/s"] }]]);
});

test("context tells a new list from edited messages", async () => {
  const given = { messages: [{ n: 1 }, { n: 2 }] };
  const edited = await emit("context", given, [(event) => { event.messages[0].n = 7; }]);
  assert.deepEqual([edited.event.messages, edited.replaced], [[{ n: 7 }, { n: 2 }], undefined]);
  const same = await emit("context", given, [(event) => ({ messages: [...event.messages] })]);
  assert.equal(same.replaced, undefined);
  const copied =
    await emit("context", given, [({ messages: m }) => ({ messages: m.map((n) => ({ ...n })) })]);
  assert.equal(copied.replaced, true);
  const pushed = await emit("context", given, [
    (event) => { event.messages.push({ n: 3 }); },
    (event) => ({ messages: event.messages.slice(1) }),
  ]);
  assert.deepEqual([pushed.event.messages, pushed.replaced], [[{ n: 2 }, { n: 3 }], true]);
});

test("a context that is no list is an error and changes nothing", async () => {
  for (const type of ["context", "context_with_system"]) {
    const answer = await emit(type, { messages: [1] }, [() => ({ messages: "all" })]);
    assert.deepEqual([answer.event.messages, messages(answer)],
      [[1], ["messages must be an array"]]);
  }
});

test("losing the leading system message is told once and honoured", async () => {
  const answer = await emit("context_with_system", { messages: [{ role: "system" }, { n: 1 }] }, [
    (event) => ({ messages: event.messages.slice(1) }),
    () => {},
  ]);
  assert.deepEqual(answer.event.messages, [{ n: 1 }]);
  assert.equal(answer.errors.length, 1);
  assert.match(answer.errors[0].message, /^Handler removed the leading system message/);
});

test("any value but undefined replaces the payload of a provider request", async () => {
  const answer = await emit("before_provider_request", { payload: { a: 1 } }, [
    (event) => { event.payload.b = 2; event.payload.c = event.type; },
    (event) => [event.payload],
    (event) => { event.payload = "ignored"; },
  ]);
  assert.deepEqual(answer.event.payload, [{ a: 1, b: 2, c: "before_provider_request" }]);
  assert.equal((await emit("before_provider_request", { payload: 1 }, [() => null])).event.payload,
    null);
});

test("headers are edited in place and cannot be replaced", async () => {
  const answer = await emit("before_provider_headers", { headers: { a: "b", c: "d" } }, [
    (event) => { event.headers.a = null; delete event.headers.c; },
    (event) => { event.headers = { ignored: "1" }; return { headers: {} }; },
    (event) => { event.headers.e = "f"; },
  ]);
  assert.deepEqual(answer.event.headers, { a: null, e: "f" });
});

test("message_end keeps the role", async () => {
  const answer = await emit("message_end", { message: { role: "user" } }, [
    () => ({ message: { role: "user", n: 1 } }),
    () => ({ message: { role: "assistant" } }),
    (event) => ({ message: { ...event.message, m: event.message.n } }),
  ]);
  assert.deepEqual(answer.event.message, { role: "user", n: 1, m: 1 });
  assert.deepEqual(messages(answer),
    ["message_end handlers must return a message with the same role"]);
});

test("tool_call stops at a block and at an error", async () => {
  const blocked = await emit("tool_call", { input: { x: 1 } }, [
    (event) => { event.input.x = 2; return { other: 1 }; }, () => ({ block: true }), never,
  ]);
  assert.deepEqual(
    [blocked.event.input, blocked.results], [{ x: 2 }, [{ other: 1 }, { block: true }]]);
  const failed = await emit("tool_call", { input: {} },
    [(_event, _ctx, realm) => { throw new realm.TypeError("boom"); }, never]);
  assert.deepEqual([failed.results, messages(failed)], [[null], ["boom"]]);
});

test("tool_result is patched; new content without structured content deletes it", async () => {
  const given = { content: [1], details: {}, structuredContent: 1, isError: false };
  const answer = await emit("tool_result", given, [
    () => ({ details: null, unknown: 1 }),
    (event) => ({ content: [...event.content, event.details, "structuredContent" in event] }),
    (event) => ({ isError: !("structuredContent" in event), structuredContent: 2 }),
  ]);
  assert.deepEqual(answer.event, {
    type: "tool_result",
    content: [1, null, true], details: null, structuredContent: 2, isError: true,
  });
  assert.deepEqual(answer.results[0], { details: null });
});

test("assigning to the event changes no tool result; editing it in depth does", async () => {
  const answer = await emit("tool_result", { content: [{ text: "a" }], isError: false }, [
    (event) => { event.content[0].text = "b"; event.isError = true; },
    (event) => { assert.equal(event.isError, true); },
  ]);
  assert.deepEqual([answer.event.content, answer.event.isError, answer.results],
    [[{ text: "b" }], false, [null, null]]);
});

test("user_bash takes one valid answer; a function stays in the isolate", async () => {
  const result = { output: "o", exitCode: undefined, cancelled: false, truncated: false };
  const run = (value) => emit("user_bash", { command: "x" }, [() => value, never]);
  assert.equal((await run({ result })).results[0].result.output, "o");
  assert.deepEqual((await run({ operations: { exec() {} }, more: 1 })).results,
    [{ operations: { exec: "[function]" } }]);
  for (const bad of [null, 5, {}, { result: {} }, { operations: {} }, { result: { output: "o" } },
    { result, operations: { exec() {} } }]) {
    const answer = await run(bad);
    assert.match(messages(answer)[0], /^Invalid user_bash handler result/);
    assert.deepEqual(answer.results, [null]);
  }
  const none = await emit("user_bash", {}, [() => undefined]);
  assert.deepEqual([none.results, none.errors], [[null], []]);
});

test("project_trust: nothing returned is an error, the first yes or no wins", async () => {
  const answer = await emit("project_trust", { cwd: "/w" }, [
    () => {}, () => ({ trusted: "undecided" }), () => ({ trusted: "yes", remember: true }), never,
  ]);
  assert.deepEqual(messages(answer), ["Cannot read properties of undefined (reading 'trusted')"]);
  assert.deepEqual(answer.results[2], { trusted: "yes", remember: true });
});

test("cache_warming_decision hands on every action", async () => {
  const answer = await emit("cache_warming_decision", { action: "warm" },
    [() => ({ action: "stop" }), () => {}, () => ({ action: "warm" })]);
  assert.deepEqual(answer.results, [{ action: "stop" }, null, { action: "warm" }]);
});

const kEntries = [
  { id: "1", parentId: null, type: "message", timestamp: "2026-01-01T00:00:00.000Z",
    message: { role: "user", content: "hi" } },
  { id: "2", parentId: "1", type: "custom", timestamp: "2026-01-01T00:00:01.000Z" },
  { id: "3", parentId: "1", type: "message", timestamp: "2026-01-01T00:00:02.000Z",
    message: { role: "user", content: "elsewhere" } },
];
const session = {
  onCall: (operation) => ({
    "session.info": { id: "s", leaf: "2", count: 3 }, "session.get_entries": kEntries,
  })[operation] ?? null,
};

test("a boundary proposal is passed on with the context that it makes", async () => {
  for (const type of ["turn_end", "agent_before_settle"]) {
    const seen = [];
    const answer = await emit(type, { outcome: "completed" }, [
      (event) => {
        seen.push([event.entries, event.continue, event.context.canContinue]);
        return { entries: [{ type: "custom_message", customType: "c", content: "more" }] };
      },
      (event) => {
        seen.push(event.context.llmMessages.map((message) => message.content));
        return { continue: true };
      },
      (event) => {
        seen.push(event.entries.length, event.continue);
        event.entries.push({ type: "custom", customType: "d" });
      },
    ], session);
    assert.deepEqual(JSON.parse(JSON.stringify(seen)),
      [[[], false, true], ["hi", [{ type: "text", text: "more" }]], 1, true]);
    assert.deepEqual([answer.event.entries.length, answer.event.continue, answer.errors],
      [2, true, []]);
  }
});

test("invalid boundary entries are told each time they change", async () => {
  const edit = (targetId, replacement) => ({ type: "context_edit", targetId, replacement });
  const cases = [
    [[edit("9", null)], "Entry 9 not found"],
    [[edit("3", null)], "Entry 3 is not on the active branch"],
    [[edit("2", null)], "Entry 2 does not contribute editable model content"],
    [[edit("1", 5)], "Context edit replacement must be null or contain string/array content"],
    [5, "entries must be a list"],
    [[null], "entry 0 must be an object"],
    [[{ type: "message" }],
      "entry 0 must be custom, custom_message, context_edit or compaction"],
  ];
  for (const [entries, message] of cases) {
    const answer = await emit("turn_end", {}, [() => ({ entries })], session);
    assert.deepEqual(messages(answer), [`Invalid boundary entries: ${message}`]);
  }
});

test("a boundary event without proposals does not read the session", async () => {
  const calls = [];
  const onCall = (operation) => { calls.push(operation); return null; };
  await emit("turn_end", {}, [() => {}, () => ({ continue: true })], { onCall });
  assert.deepEqual(calls.filter((operation) => operation.startsWith("session.")), []);
});
